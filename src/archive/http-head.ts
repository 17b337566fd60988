import { splitMessage } from './http-message.ts';
import type { HeaderList } from './payload.ts';

/** An HTTP message as an archive keeps it, taken apart. */
interface HttpMessage {
  readonly headers: HeaderList;
  /** As stored. */
  readonly body: Uint8Array;
}

export interface HttpResponseMessage extends HttpMessage {
  readonly status: number;
  readonly statusText: string;
}

/** What stands where a response should: its status may be missing, or be none of HTTP's. */
export interface HttpAnswer extends HttpMessage {
  readonly status: number | undefined;
}

export interface HttpRequestMessage extends HttpMessage {
  readonly method: string;
}

const MAX_HEADERS = 2_000;
const STATUS_LINE = /^(?:HTTP|ICY|SHOUTCAST)(?:\/\d+(?:\.\d+)?)?[ \t]+(\d{3})(?:[ \t]+(.*))?$/i;
const ANSWER_LINE = /^(?:HTTP|ICY|SHOUTCAST)(?:\/\d+(?:\.\d+)?)?(?:[ \t]+(\d{1,9})?|$)/i;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40})[ \t]/;

/** A stored response (RFC 9112 §4), as lenient as archives need; undefined where it has no status line. */
export function parseResponse(block: Uint8Array): HttpResponseMessage | undefined {
  const { line, headers, body } = parseMessage(block);
  const match = STATUS_LINE.exec(line);
  if (match === null) return undefined;
  return { status: Number(match[1]), statusText: (match[2] ?? '').trim(), headers, body };
}

/** As `parseResponse`, with any number or none for a status. */
export function parseAnswer(block: Uint8Array): HttpAnswer | undefined {
  const { line, headers, body } = parseMessage(block);
  const match = ANSWER_LINE.exec(line);
  if (match === null) return undefined;
  return { status: match[1] === undefined ? undefined : Number(match[1]), headers, body };
}

/** A stored request (RFC 9112 §3); undefined where it has no request line. */
export function parseRequest(block: Uint8Array): HttpRequestMessage | undefined {
  const { line, headers, body } = parseMessage(block);
  const method = REQUEST_LINE.exec(line)?.[1];
  return method === undefined ? undefined : { method, headers, body };
}

function parseMessage(block: Uint8Array): { line: string; headers: HeaderList; body: Uint8Array } {
  const { head, body } = splitMessage(block);
  const [line, ...rest] = Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString('latin1')
    .split('\n'); // what else ends a line is trimmed off
  const headers: [string, string][] = [];
  for (const text of rest) {
    if (text.startsWith(' ') || text.startsWith('\t')) {
      const last = headers.at(-1);
      if (last !== undefined) last[1] += ` ${text.trim()}`;
      continue;
    }
    const colon = text.indexOf(':');
    if (colon <= 0) continue;
    if (headers.length === MAX_HEADERS) break;
    headers.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim()]);
  }
  return { line: line!.trim(), headers, body };
}
