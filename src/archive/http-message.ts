import type { Exchange } from '#model';
import { isChunked, type HeaderList } from './payload.ts';

const CR = 13;
const LF = 10;

/**
 * The head of an exchange's request as WARC keeps it (WARC 1.1 §6.4): an HTTP/1.x request line and the headers as sent.
 * HTTP/2 requests get an HTTP/1.1 request line and keep their own header names; pseudo-headers are left out.
 */
export function requestHead(exchange: Exchange): Uint8Array {
  const method = exchange.method.replace(/[^!#$%&'*+.^_`|~0-9A-Za-z-]/g, '_') || '_';
  return head(`${method} ${requestTarget(exchange.url)} ${version(exchange)}`, exchange.request.headers);
}

/** The head of an exchange's response, likewise. The status line of HTTP/2 has no reason phrase. */
export function responseHead(exchange: Exchange, isFramed: boolean): Uint8Array {
  const { response } = exchange;
  if (response === undefined) throw new TypeError('exchange without response');
  const status = String(Math.min(999, Math.max(0, Math.trunc(response.status) || 0))).padStart(3, '0');
  return head(
    `${version(exchange)} ${status} ${toLine(response.statusText)}`,
    storedHeaders(exchange, isFramed),
  );
}

/**
 * Headers that no longer are true of the bytes kept get the prefix that archives use for that, so that every reader
 * decodes the record rightly: content-encoding where DevTools told the decoded body, transfer-encoding where
 * the lane's HTTP parser removed the framing.
 */
function storedHeaders(exchange: Exchange, isFramed: boolean): HeaderList {
  const headers = exchange.response?.headers ?? [];
  const isDecoded = exchange.source === 'devtools';
  const isUnframed = isDecoded || (isChunked(headers) && !isFramed);
  if (!isUnframed) return headers;
  return headers.map(([name, value]) => {
    const lower = name.toLowerCase();
    const isUntrue = lower === 'transfer-encoding' || (isDecoded && lower === 'content-encoding');
    return [isUntrue ? `X-Archive-Orig-${name}` : name, value];
  });
}

function version(exchange: Exchange): string {
  return exchange.protocol === 'http/1.0' ? 'HTTP/1.0' : 'HTTP/1.1';
}

function requestTarget(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null || parsed.host === '' ? toUriCharacters(url) : parsed.pathname + parsed.search;
}

function head(startLine: string, headers: HeaderList): Uint8Array {
  const lines = headers.map(([name, value]) => `${toFieldName(name)}: ${toLine(value)}`);
  return toBytes([startLine, ...lines, '', ''].join('\r\n'));
}

/** A header name that cannot end its line or its name early. */
function toFieldName(name: string): string {
  return name.replace(/[\0-\x20\x7f:]/g, '_') || '_';
}

/** A value that cannot end its line: CR, LF and NUL become spaces, as RFC 9110 §5.5 asks of recipients. */
export function toLine(value: string): string {
  return value.replace(/[\r\n\0]/g, ' ');
}

/** Text as it came off the wire is Latin-1; text that cannot be is written as UTF-8. */
function toBytes(text: string): Uint8Array {
  return Buffer.from(text, /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf8');
}

/** Percent-encodes everything that may not stand in a URI on a line of its own, and nothing else. */
export function toUriCharacters(url: string): string {
  return url.replace(/[^!-;=?-~]+/g, (run) =>
    Array.from(
      Buffer.from(run, 'utf8'),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );
}

/** A stored message cut at the empty line that ends its head; all is head where there is none. */
export function splitMessage(message: Uint8Array): { head: Uint8Array; body: Uint8Array } {
  for (let at = message.indexOf(LF); at !== -1; at = message.indexOf(LF, at + 1)) {
    const next = message[at + 1] === CR ? at + 2 : at + 1;
    if (message[next] === LF)
      return { head: message.subarray(0, next + 1), body: message.subarray(next + 1) };
  }
  return { head: message, body: message.subarray(message.length) };
}
