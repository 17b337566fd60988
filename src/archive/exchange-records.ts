import { isIP } from 'node:net';
import type { Body, Capture, Download, Exchange } from '#model';
import { sizeOf, type ByteSource } from './byte-source.ts';
import { requestHead, responseHead, toLine } from './http-message.ts';
import { entityDigest, headerValue, isFramed, payloadOf } from './payload.ts';
import type { NewRecord } from './warc-writer.ts';
import { recordId, targetUri, warcDate, type WarcFields, type WarcType } from './warc-record.ts';

/** A record with what the index says of it. */
export interface ExchangeRecord extends NewRecord {
  readonly uri: string;
  readonly date: string;
  readonly payloadDigest: string;
}

const EMPTY = new Uint8Array(0);

/** Bodies of these media types do not shrink; nor does anything with a content-encoding. */
const COMPRESSED_TYPE =
  /^(?:image\/(?!svg|bmp|x-icon|vnd\.microsoft)|video\/|audio\/(?!wav|x-wav)|font\/woff|application\/(?:font-woff|zip|gzip|x-gzip|x-7z|x-rar|vnd\.rar|x-bzip|x-xz|zstd|vnd\.android|java-archive|x-msdownload|x-dosexec|pdf|vnd\.openxml))/i;

/** The warcinfo record that opens the file (WARC 1.1 §6.2). */
export function warcinfoRecord(capture: Capture, filename: string): NewRecord {
  const info = {
    software: capture.software,
    format: 'WARC File Format 1.1',
    conformsTo: 'http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/',
    isPartOf: capture.id,
    'http-header-user-agent': capture.persona.userAgent,
  };
  const lines = Object.entries(info).map(
    ([name, value]) => `${name}: ${value.replace(/[\r\n\0]/g, ' ')}\r\n`,
  );
  return {
    fields: [
      ...commonFields('warcinfo', recordId(capture.id, 'warcinfo'), warcDate(capture.startedAt, '')),
      ['WARC-Filename', filename],
      ['Content-Type', 'application/warc-fields'],
    ],
    head: Buffer.from(lines.join(''), 'utf8'),
  };
}

/** The response record of an exchange that was answered (WARC 1.1 §6.3). */
export function responseRecord(
  capture: Capture,
  exchange: Exchange,
  body: ByteSource = EMPTY,
): ExchangeRecord {
  const { response } = exchange;
  if (response === undefined) throw new TypeError('exchange without response');
  const { uri, date, fields } = exchangeFields('response', capture, exchange);
  const headers = exchange.source === 'devtools' ? [] : response.headers;
  const payloadDigest = `sha256:${entityDigest(body, headers)}`;
  return {
    uri,
    date,
    payloadDigest,
    fields: [
      ...fields,
      ...truncation(response.body?.truncated ?? absence(response.bodyAbsence)),
      ['WARC-Payload-Digest', payloadDigest],
      ['Content-Type', 'application/http; msgtype=response'],
    ],
    head: responseHead(exchange, isFramed(body, headers)),
    body,
    isCompressed: isCompressed(exchange, body),
  };
}

/** The request record of an exchange (WARC 1.1 §6.4); it names the response record where there is one. */
export function requestRecord(
  capture: Capture,
  exchange: Exchange,
  body: ByteSource = EMPTY,
): ExchangeRecord {
  const { uri, date, fields } = exchangeFields('request', capture, exchange);
  const payloadDigest = `sha256:${entityDigest(body, exchange.request.headers)}`;
  const concurrent: WarcFields =
    exchange.response === undefined
      ? []
      : [['WARC-Concurrent-To', recordId(capture.id, `response ${exchange.id}`)]];
  return {
    uri,
    date,
    payloadDigest,
    fields: [
      ...fields,
      ...concurrent,
      ...truncation(exchange.request.body?.truncated),
      ['WARC-Payload-Digest', payloadDigest],
      ['Content-Type', 'application/http; msgtype=request'],
    ],
    head: requestHead(exchange),
    body,
  };
}

/** The resource record of a file that came without HTTP: a blob: or data: download (WARC 1.1 §6.5). */
export function downloadRecord(
  capture: Capture,
  download: Download,
  body: ByteSource,
): ExchangeRecord & { mediaType: string } {
  const uri = targetUri(download.url, `urn:adit:${capture.id}:download:${download.id}`);
  const date = warcDate(capture.finishedAt, capture.startedAt);
  const mediaType = download.file?.magic ?? 'application/octet-stream';
  const payloadDigest = `sha256:${entityDigest(body, [])}`;
  return {
    uri,
    date,
    payloadDigest,
    mediaType,
    fields: [
      ...commonFields('resource', recordId(capture.id, `download ${download.id}`), date),
      ['WARC-Target-URI', uri],
      ...truncation(download.file?.truncated),
      ['WARC-Payload-Digest', payloadDigest],
      ['Content-Type', mediaType],
    ],
    head: EMPTY,
    body,
    isCompressed: COMPRESSED_TYPE.test(mediaType),
  };
}

/** Content-encodings that web archive players undo. */
const PLAYABLE_CODINGS = /^(?:\s*(?:gzip|x-gzip|deflate|br|identity)?\s*(?:,|$))*$/i;

/**
 * A second, decoded copy of a body whose content-encoding (zstd, above all) players cannot undo: a resource record (WARC
 * 1.1 §6.5) beside the response, which stays as received. The index points players at the copy. Undefined where none
 * is needed or the body cannot be decoded within the limit.
 */
export function readingCopyRecord(
  capture: Capture,
  exchange: Exchange,
  body: ByteSource = EMPTY,
): (ExchangeRecord & { mediaType: string }) | undefined {
  const headers = exchange.response?.headers ?? [];
  const coding = headerValue(headers, 'content-encoding');
  const isNeeded = exchange.source !== 'devtools' && coding !== undefined && !PLAYABLE_CODINGS.test(coding);
  if (!isNeeded || sizeOf(body) === 0 || exchange.response?.body?.decodeFault !== undefined) return undefined;
  const payload = payloadOf(body, headers, exchange.source);
  const uri = targetUri(exchange.url, `urn:adit:${capture.id}:exchange:${exchange.id}`);
  const date = warcDate(exchange.startedAt, capture.startedAt);
  const payloadDigest = `sha256:${entityDigest(payload, [])}`;
  const mediaType = toLine(headerValue(headers, 'content-type') ?? 'application/octet-stream');
  return {
    uri,
    date,
    payloadDigest,
    mediaType,
    fields: [
      ...commonFields('resource', recordId(capture.id, `reading copy ${exchange.id}`), date),
      ['WARC-Target-URI', uri],
      ['WARC-Concurrent-To', recordId(capture.id, `response ${exchange.id}`)],
      ['WARC-Payload-Digest', payloadDigest],
      ['Content-Type', mediaType],
    ],
    head: EMPTY,
    body: payload,
    isCompressed: COMPRESSED_TYPE.test(mediaType),
  };
}

function exchangeFields(
  type: 'request' | 'response',
  capture: Capture,
  exchange: Exchange,
): { uri: string; date: string; fields: WarcFields } {
  const uri = targetUri(exchange.url, `urn:adit:${capture.id}:exchange:${exchange.id}`);
  const date = warcDate(exchange.startedAt, capture.startedAt);
  const fields: WarcFields = [
    ...commonFields(type, recordId(capture.id, `${type} ${exchange.id}`), date),
    ['WARC-Target-URI', uri],
    ...connectionFields(exchange),
  ];
  return { uri, date, fields };
}

function commonFields(type: WarcType, id: string, date: string): WarcFields {
  return [
    ['WARC-Type', type],
    ['WARC-Record-ID', id],
    ['WARC-Date', date],
  ];
}

/** WARC-IP-Address is of the standard; WARC-Protocol (once a layer) and WARC-Cipher-Suite are its settled proposals. */
function connectionFields({ remote, protocol, tls }: Exchange): WarcFields {
  const fields: [string, string][] = [];
  if (remote !== undefined && isIP(remote.address) !== 0) fields.push(['WARC-IP-Address', remote.address]);
  if (protocol !== undefined && protocol !== 'other') fields.push(['WARC-Protocol', protocol]);
  const version = /^TLSv(1\.[0-3])$/.exec(tls?.version ?? '')?.[1];
  if (version !== undefined) fields.push(['WARC-Protocol', `tls/${version}`]);
  if (tls !== undefined && /^TLS_\w+$/.test(tls.cipherSuite))
    fields.push(['WARC-Cipher-Suite', tls.cipherSuite]);
  return fields;
}

function truncation(reason: Body['truncated']): WarcFields {
  return reason === undefined ? [] : [['WARC-Truncated', reason]];
}

type BodyAbsence = NonNullable<Exchange['response']>['bodyAbsence'];

/** A body that there was but that is not kept is a truncated record. */
function absence(why: BodyAbsence): Body['truncated'] {
  switch (why) {
    case 'limit':
      return 'length';
    case 'failed':
      return 'disconnect';
    case 'cached':
    case 'notDecrypted':
      return 'unspecified';
    case 'empty':
    case 'noneByProtocol':
    case undefined:
      return undefined;
  }
}

/** Whether players may be pointed at the response: a body that is only missing would hide a good record of the same URL. */
export function isPlayable({ response }: Exchange): boolean {
  return (
    response !== undefined && (response.body !== undefined || absence(response.bodyAbsence) === undefined)
  );
}

function isCompressed(exchange: Exchange, body: ByteSource): boolean {
  const headers = exchange.response?.headers ?? [];
  if (sizeOf(body) === 0) return false;
  if (exchange.source !== 'devtools' && headerValue(headers, 'content-encoding') !== undefined) return true;
  const magic = exchange.response?.body?.magic;
  return COMPRESSED_TYPE.test(magic ?? headerValue(headers, 'content-type') ?? '');
}
