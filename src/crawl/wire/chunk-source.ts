import { closeSync, openSync, readSync } from 'node:fs';
import { stampIndex, type Arrivals } from '../egress/arrivals.ts';
import type { SpooledStream } from '../egress/spool.ts';

/** Bytes, and when the last of them arrived (milliseconds since the epoch). */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** A stream that is pulled: the next bytes, never none, or undefined at its end. */
export interface ChunkSource {
  next(): Chunk | undefined;
}

const WINDOW_BYTES = 64 * 1024;

/** Reads one direction of a tunnel again, cut where arrivals were. */
export class SpoolReader implements ChunkSource, Disposable {
  readonly #stream: SpooledStream;
  readonly #arrivals: Arrivals;
  #window: Uint8Array;
  #windowStart = 0;
  #file: number | undefined;
  #offset = 0;
  #stamp = 0;

  constructor(stream: SpooledStream) {
    this.#stream = stream;
    this.#arrivals = stream.arrivals;
    this.#window = stream.bytes instanceof Uint8Array ? stream.bytes : new Uint8Array(0);
  }

  next(): Chunk | undefined {
    if (this.#offset >= this.#windowStart + this.#window.length && !this.#slide()) return undefined;
    const { ends, times } = this.#arrivals;
    if ((ends[this.#stamp] ?? Infinity) <= this.#offset)
      this.#stamp = stampIndex(this.#arrivals, this.#offset);
    const windowEnd = this.#windowStart + this.#window.length;
    const end = Math.min(windowEnd, ends[this.#stamp] ?? windowEnd, this.#offset + WINDOW_BYTES);
    const bytes = this.#window.subarray(this.#offset - this.#windowStart, end - this.#windowStart);
    this.#offset = end;
    return { bytes, at: times[this.#stamp] ?? times.at(-1) ?? 0 };
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Each window is a buffer of its own: chunks handed out before stay valid. */
  #slide(): boolean {
    const { bytes } = this.#stream;
    if (bytes instanceof Uint8Array || this.#offset >= bytes.length) return false;
    this.#file ??= openSync(bytes.path, 'r');
    const window = new Uint8Array(Math.min(WINDOW_BYTES, bytes.length - this.#offset));
    const count = readSync(this.#file, window, 0, window.length, bytes.offset + this.#offset);
    this.#window = window.subarray(0, count);
    this.#windowStart = this.#offset;
    return count > 0;
  }
}

/** The chunks of an array, for streams that are made of what was kept. */
export class ChunkList implements ChunkSource {
  readonly #chunks: Iterator<Chunk>;

  constructor(chunks: Iterable<Chunk>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  next(): Chunk | undefined {
    for (;;) {
      const { done, value } = this.#chunks.next();
      if (done === true) return undefined;
      if (value.bytes.length > 0) return value;
    }
  }
}
