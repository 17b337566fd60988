import { closeSync, openSync, readSync } from 'node:fs';
import { ArchiveError } from './errors.ts';

/** Bytes in memory, or a range of a spool file. */
export type ByteSource =
  | Uint8Array
  | { readonly path: string; readonly offset: number; readonly length: number };

const PIECE_BYTES = 256 * 1024;

/** How many bytes the source has. */
export function sizeOf(source: ByteSource): number {
  return source.length;
}

/** The bytes in pieces of bounded size, so that a large range never stands in memory as a whole. Faults: `archive-spool-lost`. */
export function* piecesOf(source: ByteSource): Generator<Uint8Array, void, undefined> {
  yield* readPieces(source, (size) => Buffer.allocUnsafe(size));
}

/** As `piecesOf`, for who is done with a piece before asking for the next: all pieces of a file share one buffer. */
export function* viewsOf(source: ByteSource): Generator<Uint8Array, void, undefined> {
  let shared: Buffer | undefined;
  yield* readPieces(source, (size) => (shared ??= Buffer.allocUnsafe(size)).subarray(0, size));
}

function* readPieces(
  source: ByteSource,
  allocate: (size: number) => Uint8Array,
): Generator<Uint8Array, void, undefined> {
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += PIECE_BYTES) yield source.subarray(at, at + PIECE_BYTES);
    return;
  }
  if (source.length === 0) return;
  const file = openSync(source.path, 'r');
  try {
    for (let at = 0; at < source.length; at += PIECE_BYTES) {
      const piece = allocate(Math.min(PIECE_BYTES, source.length - at));
      readFully(file, piece, source.offset + at, source.path);
      yield piece;
    }
  } finally {
    closeSync(file);
  }
}

/** All bytes, or the first `maxBytes`, in one piece. */
export function readSource(source: ByteSource, maxBytes = Infinity): Uint8Array {
  if (source instanceof Uint8Array) return source.subarray(0, maxBytes);
  const { path, offset } = source;
  const length = Math.min(source.length, maxBytes);
  return Buffer.concat([...piecesOf({ path, offset, length })], length);
}

/** Fills `target` from `offset` of an open file. Faults where the file ends before. */
export function readFully(file: number, target: Uint8Array, offset: number, path: string): void {
  let done = 0;
  while (done < target.length) {
    const count = readSync(file, target, done, target.length - done, offset + done);
    if (count === 0) {
      throw new ArchiveError('archive-spool-lost', `ends ${target.length - done} bytes too early`, {
        file: path,
        offset: offset + done,
      });
    }
    done += count;
  }
}
