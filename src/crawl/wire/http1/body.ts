import type { BodySink } from '../body-store.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { HeaderList } from '../record.ts';

/** How long a body is (RFC 9112 §6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'untilClose' };

const PIECE_BYTES = 64 * 1024;
const MAX_CHUNK_LINE_BYTES = 16 * 1024;
const MAX_TRAILER_LINES = 1_000;

/** Framing of a request's body: without a length there is none. */
export function requestFraming(headers: HeaderList): Framing {
  const framing = announcedFraming(headers);
  return framing.kind === 'untilClose' ? { kind: 'none' } : framing;
}

/** Framing of a final response's body. */
export function responseFraming(method: string, status: number, headers: HeaderList): Framing {
  if (isBodiless(method, status)) return { kind: 'none' };
  return announcedFraming(headers);
}

/** Whether the protocol allows no body (RFC 9110 §6.4.1). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || status < 200;
}

function announcedFraming(headers: HeaderList): Framing {
  const codings = values(headers, 'transfer-encoding').join(',');
  if (/(^|,)\s*chunked\s*$/i.test(codings)) return { kind: 'chunked' };
  const length = values(headers, 'content-length')[0]?.split(',')[0]?.trim();
  // Beyond 15 digits it is no exact number, and no body that anybody receives.
  if (length === undefined || !/^\d{1,15}$/.test(length)) return { kind: 'untilClose' };
  return { kind: 'length', length: Number(length) };
}

/** All values of a header in order; `name` in lower case. */
export function values(headers: HeaderList, name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

/**
 * Copies a body into the sink; true where it is whole by its framing. A body without a length never is: whether the
 * connection was closed in order is for the caller to know. Chunked framing is copied as it is.
 */
export function readBody(reader: ByteReader, framing: Framing, sink: BodySink): boolean {
  if (framing.kind === 'none') return true;
  if (framing.kind === 'length') return copy(reader, framing.length, sink);
  if (framing.kind === 'untilClose') return copy(reader, Infinity, sink);
  return copyChunked(reader, sink);
}

function copy(reader: ByteReader, length: number, sink: BodySink): boolean {
  for (let left = length; left > 0;) {
    const bytes = reader.takeSome(Math.min(left, PIECE_BYTES));
    if (bytes === undefined) return false;
    sink.write(bytes, reader.at);
    left -= bytes.length;
  }
  return true;
}

/** RFC 9112 §7.1. What can't be a chunk ends the body there: the rest of the connection can't be told apart. */
function copyChunked(reader: ByteReader, sink: BodySink): boolean {
  for (;;) {
    const line = copyLine(reader, sink);
    const size = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;.*)?\r?\n$/is.exec(line ?? '')?.[1];
    if (size === undefined) return false;
    const length = Number.parseInt(size, 16);
    if (length === 0) return copyTrailers(reader, sink);
    if (!copy(reader, length, sink)) return false;
    const end = copyLine(reader, sink);
    if (end !== '\r\n' && end !== '\n') return false;
  }
}

function copyTrailers(reader: ByteReader, sink: BodySink): boolean {
  for (let count = 0; count < MAX_TRAILER_LINES; count++) {
    const line = copyLine(reader, sink);
    if (line === undefined) return false;
    if (line === '\r\n' || line === '\n') return true;
  }
  return false;
}

function copyLine(reader: ByteReader, sink: BodySink): string | undefined {
  const line = reader.takeLine(MAX_CHUNK_LINE_BYTES);
  if (line === undefined) return undefined;
  sink.write(line, reader.at);
  return Buffer.from(line).toString('latin1');
}
