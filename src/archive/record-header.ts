import { firstField, type WarcFields } from './warc-record.ts';

/** The header of a record, of whatever format. */
export interface RecordHeader {
  /** `WARC/1.0`, `ARC/1.0`. */
  readonly version: string;
  /** WARC's named fields; of ARC what they would be. */
  readonly fields: WarcFields;
  /** Bytes that the header takes, up to the block. */
  readonly length: number;
  /** Bytes that the block takes by its own word; undefined where it does not say. */
  readonly contentLength: number | undefined;
}

const LF = 10;
const CR = 13;
const VERSION = /^WARC\/\d{1,2}\.\d{1,2}[ \t]{0,4}\r{0,2}(?:\n|$)/;
/** A line that ends so is the start of another record: the header before it has no end. */
const OTHER_VERSION = /WARC\/\d{1,2}\.\d{1,2}[ \t]{0,4}\r{0,2}\n$/;
const VERSION_BYTES = 18;

/** An ARC record's header (ARC 1.0): URL, address, date, type, in later versions more fields, length. URLs with spaces do occur. */
const ARC_LINE = /^([a-z][a-z0-9+.-]{0,20}:.*) (\S{1,45}) (\d{8,18}) (\S+)(?: .*)? (-?\w{1,15})$/i;
const ARC_START = /^[a-z][a-z0-9+.-]{1,20}:/i;
const MAX_ARC_LINE = 16 * 1024;

/** Bytes that suffice for `startsRecord`, but for ARC lines longer than that. */
export const START_BYTES = 2048;

/** Whether a record begins here, WARC of any version or ARC. */
export function startsRecord(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x57 /* W */ && VERSION.test(latin1(bytes, 16))) return true;
  return arcLine(bytes) !== undefined;
}

/**
 * Where the header that begins here ends: `undefined` where none begins, `unfinished` where `bytes` end before it does.
 * A version line, and named fields up to an empty line (WARC 1.1 §4); or one line (ARC 1.0).
 */
export function parseRecordHeader(bytes: Uint8Array): RecordHeader | 'unfinished' | undefined {
  if (VERSION.test(latin1(bytes, 16))) {
    const end = emptyLineEnd(bytes);
    if (end === 'damaged') return undefined;
    return end === undefined ? 'unfinished' : warcHeader(bytes.subarray(0, end));
  }
  if (!ARC_START.test(latin1(bytes, 24))) return undefined;
  const line = arcLine(bytes);
  if (line !== undefined) return arcHeader(line, bytes.indexOf(LF) + 1);
  return bytes.length < MAX_ARC_LINE && !bytes.includes(LF) ? 'unfinished' : undefined;
}

function warcHeader(bytes: Uint8Array): RecordHeader {
  const [version, ...lines] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .split('\n');
  const fields = parseFields(lines);
  const length = firstField(fields, 'content-length') ?? '';
  return {
    version: version!.trim(),
    fields,
    length: bytes.length,
    contentLength: /^\d{1,15}$/.test(length) ? Number(length) : undefined,
  };
}

/** `damaged`: another record begins before. So that headers without end cost no more than their own length. */
function emptyLineEnd(bytes: Uint8Array): number | 'damaged' | undefined {
  const first = bytes.indexOf(LF);
  for (let at = first; at !== -1; at = bytes.indexOf(LF, at + 1)) {
    let next = at + 1;
    while (bytes[next] === CR) next++; // some writers double it
    if (bytes[next] === LF) return next + 1;
    if (at === first) continue;
    const end = bytes.subarray(Math.max(first + 1, at + 1 - VERSION_BYTES), at + 1);
    if (end.includes(0x57 /* W */) && OTHER_VERSION.test(latin1(end, end.length))) return 'damaged';
  }
  return undefined;
}

function arcLine(bytes: Uint8Array): RegExpExecArray | undefined {
  if (!ARC_START.test(latin1(bytes, 24))) return undefined;
  const end = bytes.subarray(0, MAX_ARC_LINE).indexOf(LF);
  if (end === -1) return undefined;
  return ARC_LINE.exec(Buffer.from(bytes.subarray(0, end)).toString('utf8').replace(/\r$/, '')) ?? undefined;
}

function arcHeader(line: RegExpExecArray, length: number): RecordHeader {
  const [, url, address, date, mediaType, size] = line;
  const type = url!.startsWith('filedesc:') ? 'warcinfo' : /^https?:/i.test(url!) ? 'response' : 'resource';
  const contentType = type === 'response' ? 'application/http; msgtype=response' : mediaType!;
  return {
    version: 'ARC/1.0',
    fields: [
      ['WARC-Type', type],
      ['WARC-Target-URI', url!],
      ['WARC-Date', arcDate(date!)],
      ['WARC-IP-Address', address!],
      ['Content-Type', contentType],
      ['Content-Length', size!],
    ],
    length,
    contentLength: /^\d{1,15}$/.test(size!) ? Number(size) : undefined,
  };
}

/** `20140216050221` as WARC writes it; what is missing of the time is zero. Eight digits at least. */
export function arcDate(digits: string): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)?(\d\d)?(\d\d)?/.exec(
    digits,
  )!;
  return `${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`;
}

/** Continuation lines belong to the field before them; lines without a colon are passed over. Ends of lines are trimmed off. */
function parseFields(lines: readonly string[]): WarcFields {
  const fields: [string, string][] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (last !== undefined) last[1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) fields.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return fields;
}

/** The first bytes as text. */
function latin1(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, length)).toString('latin1');
}
