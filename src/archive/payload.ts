import { createHash } from 'node:crypto';
import { fileDigests, sha256, type Body, type Exchange, type FileDigests, type Sha256 } from '#model';
import { piecesOf, readSource, sizeOf, viewsOf, type ByteSource } from './byte-source.ts';
import { ChunkedDecoder } from './chunked.ts';
import { decodeCodings } from './content-coding.ts';
import { magicType, MAGIC_BYTES } from './magic.ts';

export type HeaderList = readonly (readonly [string, string])[];

/** Largest payload that is decoded, and the largest body that is handed out in one piece. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** All values of a header joined as one list (RFC 9110 §5.3); undefined where it is absent. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  let joined: string | undefined;
  for (const [other, value] of headers) {
    if (other.length !== name.length || other.toLowerCase() !== name) continue;
    joined = joined === undefined ? value : `${joined}, ${value}`;
  }
  return joined;
}

/** Whether the headers announce chunked framing. */
export function isChunked(headers: HeaderList): boolean {
  return /(?:^|,)\s*chunked\s*(?:,|$)/i.test(headerValue(headers, 'transfer-encoding') ?? '');
}

/**
 * What is known of a body from its bytes as received and the headers of its message: chunking and content-encoding are
 * undone, digests are of the payload. Give no headers for bytes that already are decoded. A body without
 * content-encoding is read in pieces, however large.
 */
export function describeBody(
  received: ByteSource,
  headers: HeaderList,
  options: { readonly truncated?: Body['truncated']; readonly maxDecodedBytes?: number } = {},
): Body {
  const { truncated, maxDecodedBytes = MAX_PAYLOAD_BYTES } = options;
  const encoded = unframed(received, headers);
  const coding = headerValue(headers, 'content-encoding');
  const isCoded = coding !== undefined && !/^\s*(?:identity)?\s*$/i.test(coding);
  const facts = isCoded ? describeCoded(encoded, coding, maxDecodedBytes) : describePlain(encoded);
  return truncated === undefined ? facts : { ...facts, truncated };
}

function describePlain(pieces: Pieces): Body {
  let size = 0;
  let head: Uint8Array = new Uint8Array(0);
  for (const piece of pieces(viewsOf)) {
    size += piece.length;
    if (head.length < MAGIC_BYTES) head = Buffer.concat([head, piece.subarray(0, MAGIC_BYTES)]);
  }
  const digests = fileDigests(pieces(viewsOf));
  return { sizeBytes: size, encodedSizeBytes: size, ...digests, ...magicOf(head) };
}

/**
 * As `describeBody`, for bytes in memory that are not written down: digests and magic are made when they are asked for, since most
 * pages are only asked for one digest.
 */
export function describeLater(
  received: Uint8Array,
  headers: HeaderList,
  options: { readonly truncated?: Body['truncated']; readonly maxDecodedBytes?: number } = {},
): Body {
  const isPlain = !isChunked(headers) && headerValue(headers, 'content-encoding') === undefined;
  if (!isPlain) return describeBody(received, headers, options);
  return new LateBody(received, options.truncated);
}

/**
 * Accessors stand in a class: each object literal with accessors makes new ones, which V8 keeps among its old objects, and
 * with them all that they see, up to its next full collection.
 */
class LateBody implements Body {
  readonly sizeBytes: number;
  readonly encodedSizeBytes: number;
  readonly truncated: Body['truncated'];
  readonly #received: Uint8Array;
  #digests: FileDigests | undefined;

  constructor(received: Uint8Array, truncated: Body['truncated']) {
    this.sizeBytes = received.length;
    this.encodedSizeBytes = received.length;
    this.truncated = truncated;
    this.#received = received;
  }

  get magic(): string | undefined {
    return magicOf(this.#received).magic;
  }

  get sha256(): Sha256 {
    return this.#digests?.sha256 ?? sha256(this.#received);
  }

  get sha1(): string {
    return this.#all.sha1;
  }

  get md5(): string {
    return this.#all.md5;
  }

  get #all(): FileDigests {
    this.#digests ??= fileDigests([this.#received]);
    return this.#digests;
  }
}

function describeCoded(pieces: Pieces, coding: string, maxBytes: number): Body {
  const encoded = collect(pieces(piecesOf), maxBytes);
  if (encoded === undefined) {
    return { ...describePlain(pieces), decodeFault: `${coding.slice(0, 40)}: is larger than the limit` };
  }
  const decoded = decodeCodings(encoded, coding, maxBytes);
  if (!decoded.isWhole) return { ...describePlain(pieces), decodeFault: decoded.fault ?? 'not decoded' };
  return {
    sizeBytes: decoded.bytes.length,
    encodedSizeBytes: encoded.length,
    ...fileDigests([decoded.bytes]),
    ...magicOf(decoded.bytes),
  };
}

function magicOf(bytes: Uint8Array): { magic?: string } {
  const magic = magicType(bytes.subarray(0, MAGIC_BYTES));
  return magic === undefined ? {} : { magic };
}

/**
 * The payload of a stored message, at most `maxBytes` of it: chunking and content-encoding undone, as far as they can be. Bodies that DevTools told
 * are decoded already.
 */
export function payloadOf(
  received: ByteSource,
  headers: HeaderList,
  source: Exchange['source'],
  maxBytes = MAX_PAYLOAD_BYTES,
): Uint8Array {
  if (source === 'devtools') return readSource(received, maxBytes);
  const isPlain = !isChunked(headers) && headerValue(headers, 'content-encoding') === undefined;
  if (received instanceof Uint8Array && isPlain) return received.subarray(0, maxBytes);
  const encoded = Buffer.concat([...upTo(unframed(received, headers)(piecesOf), maxBytes)]);
  return decodeCodings(encoded, headerValue(headers, 'content-encoding'), maxBytes).bytes;
}

/** SHA-256 of the entity body: framing removed, still content-encoded. What WARC calls the payload digest (WARC 1.1 §6.3.2). */
export function entityDigest(received: ByteSource, headers: HeaderList): Sha256 {
  if (received instanceof Uint8Array && !isChunked(headers)) return sha256(received);
  const hash = createHash('sha256');
  for (const piece of unframed(received, headers)(viewsOf)) hash.update(piece);
  return hash.digest('hex') as Sha256; // hex of 32 bytes
}

/** Reads a body from its start; `read` is `piecesOf` or `viewsOf`. */
type Pieces = (read: typeof piecesOf) => Iterable<Uint8Array>;

/** The bytes without chunked framing. */
function unframed(received: ByteSource, headers: HeaderList): Pieces {
  if (!isFramed(received, headers)) return (read) => read(received);
  return function* (read) {
    const decoder = new ChunkedDecoder();
    for (const piece of read(received)) yield* decoder.push(piece);
  };
}

/** Whether the bytes have chunked framing. The headers may say so wrongly: some HTTP parsers have removed it already. */
export function isFramed(received: ByteSource, headers: HeaderList): boolean {
  if (!isChunked(headers) || sizeOf(received) === 0) return false;
  const decoder = new ChunkedDecoder();
  decoder.push(readSource(received, 64));
  return !decoder.isUnframed;
}

function* upTo(pieces: Iterable<Uint8Array>, maxBytes: number): Generator<Uint8Array> {
  let left = maxBytes;
  for (const piece of pieces) {
    if (left <= 0) return;
    yield piece.subarray(0, left);
    left -= piece.length;
  }
}

function collect(pieces: Iterable<Uint8Array>, maxBytes: number): Buffer | undefined {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    size += piece.length;
    if (size > maxBytes) return undefined;
    parts.push(piece);
  }
  return Buffer.concat(parts, size);
}
