import { basename } from 'node:path';
import type { WarcBytes } from './archive-bytes.ts';
import { warcsOf } from './archive-file.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import type { WarcRecord } from './archive-record.ts';
import { parseAnswer, parseRequest, type HttpAnswer } from './http-head.ts';
import { toUriCharacters } from './http-message.ts';
import { sha1Base32 } from './record-digest.ts';
import { requestKey } from './request-key.ts';
import { toPywbSurt, toSurt } from './surt.ts';
import { WarcReader } from './warc-reader.ts';

/** A record as a CDX index tells it. What the archive does not say is undefined. */
export interface IndexedRecord {
  /** Sort-friendly URL; of requests other than GET with method and body. */
  readonly urlKey: string;
  /** 14 digits, UTC. */
  readonly timestamp: string;
  readonly url: string;
  readonly mime: string | undefined;
  readonly status: number | undefined;
  /** Of the payload, as the record says it, without its algorithm's name (which pywb keeps where it is not SHA-1); else SHA-1 in base 32. */
  readonly digest: string | undefined;
  /** Bytes of the file; of a member that holds several records, the whole member's place. */
  readonly length: number;
  readonly offset: number;
  readonly filename: string;
  readonly method: string | undefined;
  readonly requestBody: string | undefined;
}

export interface IndexOptions {
  /** Whose rules are followed: `warcio` keeps escapes, slashes at the end and session ids in keys, and parameters of media types. Default `pywb`. */
  readonly rules?: 'pywb' | 'warcio';
  readonly onProblem?: (problem: ArchiveProblem) => void;
}

/** Most characters of a column: what is longer is cut, since readers hold an index line by line. */
const MAX_FIELD = 64 * 1024;
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/**
 * The index of an archive's records in their order, as the common indexers make it: without requests (which lend their method and body
 * to the response next to them), warcinfo, and records of WARC fields. Never throws for what the file holds.
 */
export function* indexArchive(path: string, options: IndexOptions = {}): Generator<IndexedRecord> {
  for (const bytes of warcsOf(path, options)) yield* indexWarc(bytes, options);
}

function* indexWarc(
  bytes: WarcBytes,
  { onProblem = () => {}, rules = 'pywb' }: IndexOptions,
): Generator<IndexedRecord> {
  const filename = basename(bytes.name);
  const reader = new WarcReader(bytes, {
    mode: 'lenient',
    maxRecordBytes: MAX_RECORD_BYTES,
    checksCrc: false,
    onProblem,
  });
  const toRow = (record: WarcRecord, request?: WarcRecord): IndexedRecord => ({
    ...toIndexed(record, request, rules),
    filename,
  });
  let before: WarcRecord | undefined;
  for (const record of reader.records()) {
    const partner = before !== undefined && isExchange(before, record) ? before : undefined;
    if (partner !== undefined) {
      const [response, request] = record.type === 'request' ? [partner, record] : [record, partner];
      yield toRow(response, request);
      before = undefined;
      continue;
    }
    if (before !== undefined && isIndexed(before)) yield toRow(before);
    before = record;
  }
  if (before !== undefined && isIndexed(before)) yield toRow(before);
}

/** Whether two neighbours are a request and its response, in either order. */
function isExchange(first: WarcRecord, second: WarcRecord): boolean {
  if (first.targetUri !== second.targetUri) return false;
  const isAnswer = ({ type }: WarcRecord): boolean => type === 'response' || type === 'revisit';
  return (first.type === 'request' && isAnswer(second)) || (isAnswer(first) && second.type === 'request');
}

function isIndexed(record: WarcRecord): boolean {
  const { type } = record;
  if (type === 'request' || type === 'warcinfo' || record.targetUri === undefined) return false;
  const isFields = record.field('Content-Type') === 'application/warc-fields';
  return !(isFields && (type === 'metadata' || type === 'resource'));
}

function toIndexed(
  record: WarcRecord,
  request: WarcRecord | undefined,
  rules: 'pywb' | 'warcio',
): Omit<IndexedRecord, 'filename'> {
  const url = record.targetUri ?? '';
  const response = isHttp(record) ? parseAnswer(record.block) : undefined;
  const asked = request === undefined ? undefined : parseRequest(request.block);
  const { url: key, ...more } = asked === undefined ? { url } : requestKey(url, asked, asked.body);
  return {
    urlKey: (rules === 'pywb' ? toPywbSurt(key) : toUriCharacters(toSurt(key))).slice(0, MAX_FIELD),
    timestamp: (record.date ?? '').replace(/\D/g, '').slice(0, 14),
    url,
    mime: mimeOf(record, response, rules),
    status: response?.status,
    digest: digestOf(record, response, rules),
    length: record.length,
    offset: record.offset,
    method: 'method' in more ? more.method : undefined,
    requestBody: 'requestBody' in more ? more.requestBody : undefined,
  };
}

/** By its word; a response that does not say is one of HTTP. */
const isHttp = (record: WarcRecord): boolean =>
  /^\s*application\/http\b/i.test(
    record.field('Content-Type') ?? (record.type === 'response' ? 'application/http' : ''),
  );

function mimeOf(
  record: WarcRecord,
  response: HttpAnswer | undefined,
  rules: 'pywb' | 'warcio',
): string | undefined {
  if (record.type === 'revisit') return 'warc/revisit';
  if (!isHttp(record) && rules === 'warcio') return record.field('Content-Type');
  const types = isHttp(record)
    ? (response?.headers ?? []).filter(([name]) => name.toLowerCase() === 'content-type')
    : [['', record.field('Content-Type') ?? ''] as const];
  // of several types the one counts the first, the other all that come before a parameter
  const type =
    rules === 'pywb'
      ? types[0]?.[1].split(/[;\s]/, 1)[0]
      : types
          .map(([, value]) => value)
          .join(', ')
          .split(';', 1)[0];
  return type?.trim() || undefined;
}

function digestOf(
  record: WarcRecord,
  response: HttpAnswer | undefined,
  rules: 'pywb' | 'warcio',
): string | undefined {
  const said = record.field('WARC-Payload-Digest');
  const named = rules === 'pywb' ? /^\s*sha1:/ : /^\s*[\w-]+:/;
  if (said !== undefined) return said.replace(named, '').trim();
  if (record.isCut || record.type === 'revisit') return undefined;
  return sha1Base32(response?.body ?? record.block);
}
