import type { ByteReader } from '../byte-reader.ts';
import type { LimitLog } from '../limit-log.ts';
import type { HeaderList } from '../record.ts';

/** The part of a message before its body. */
export interface Head {
  readonly line: string;
  readonly headers: HeaderList;
  /** When its first and its last byte had arrived. */
  readonly startedAt: number;
  readonly endedAt: number;
}

export type HeadResult = { readonly head: Head } | { readonly fault: 'ended' | 'cut' | 'tooLarge' };

const COLON = 58;
const MAX_LEADING_LINES = 8;

/**
 * Reads start line and header fields, leniently as browsers do (RFC 9112 §2.2, §5): bare line feeds end lines, empty
 * lines before the start line are passed over, folded lines are joined. Bytes become characters one to one (ISO 8859-1).
 */
export function readHead(reader: ByteReader, log: LimitLog): HeadResult {
  const { maxHeaderBytes, maxHeaders } = log.limits;
  let left = maxHeaderBytes;
  const nextLine = (): string | undefined => {
    const bytes = reader.takeLine(left);
    if (bytes === undefined) return undefined;
    left -= bytes.length;
    return lineText(bytes);
  };
  if (reader.isAtEnd) return { fault: 'ended' };
  const startedAt = reader.at;
  const shortage = (): HeadResult => {
    if (reader.peek(left + 1).length <= left) return { fault: 'cut' };
    log.reach('maxHeaderBytes', reader.at, 'a message has larger headers; what follows it is not read');
    return { fault: 'tooLarge' };
  };
  let line = nextLine();
  for (let count = 0; line === '' && count < MAX_LEADING_LINES; count++) {
    if (reader.isAtEnd) return { fault: 'ended' };
    line = nextLine();
  }
  if (line === undefined) return shortage();
  const headers: [string, string][] = [];
  for (;;) {
    const field = nextLine();
    if (field === undefined) return shortage();
    if (field === '') return { head: { line, headers, startedAt, endedAt: reader.at } };
    if (headers.length >= maxHeaders)
      log.reach('maxHeaders', reader.at, 'later headers of a message were dropped');
    else addField(headers, field);
  }
}

function addField(headers: [string, string][], field: string): void {
  const last = headers.at(-1);
  if (/^[ \t]/.test(field)) {
    if (last !== undefined) last[1] = `${last[1]} ${trimmed(field)}`.trimStart();
    return;
  }
  const colon = field.indexOf(':');
  if (colon > 0) headers.push([field.slice(0, colon).trimEnd(), trimmed(field.slice(colon + 1))]);
}

function lineText(bytes: Uint8Array): string {
  let end = bytes.length - 1;
  if (end > 0 && bytes[end - 1] === 13) end--;
  return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('latin1');
}

/** Optional white space is space and tab only: other characters belong to the value. */
function trimmed(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}

/** Whether bytes can be the start of a request: a method, a space, a target. */
export function looksLikeRequest(start: Uint8Array): boolean {
  if (start.includes(COLON) && start.indexOf(COLON) < start.indexOf(32)) return false;
  return /^[A-Z][A-Z-]{0,30} \S/.test(Buffer.from(start).toString('latin1'));
}

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: 'http/1.0' | 'http/1.1';
}

/** `GET /path HTTP/1.1` (RFC 9112 §3); undefined where the line is something else. */
export function parseRequestLine(line: string): RequestLine | undefined {
  const [, method, target, minor] =
    /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}) +(\S+) +HTTP\/1\.([01])$/.exec(line) ?? [];
  if (method === undefined || target === undefined) return undefined;
  return { method, target, version: minor === '0' ? 'http/1.0' : 'http/1.1' };
}

export interface StatusLine {
  readonly status: number;
  readonly statusText: string;
  readonly version: 'http/1.0' | 'http/1.1';
}

/** `HTTP/1.1 200 OK` (RFC 9112 §4); like browsers, takes any HTTP version and a missing reason. */
export function parseStatusLine(line: string): StatusLine | undefined {
  const [, version, status, statusText = ''] =
    /^(?:HTTP|ICY|http)\/?(\d\.\d)? +(\d{3})(?: +(.*))?$/.exec(line) ?? [];
  if (status === undefined) return undefined;
  return { status: Number(status), statusText, version: version === '1.0' ? 'http/1.0' : 'http/1.1' };
}
