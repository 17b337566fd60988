import type { ChunkSource } from './chunk-source.ts';

const LF = 10;
const NOTHING = new Uint8Array(0);

/** Reads a pulled stream in pieces of the protocol's sizes. Never holds more than was asked for plus one chunk. */
export class ByteReader {
  readonly #source: ChunkSource;
  #buffer: Uint8Array = NOTHING;
  #at = 0;
  #isEnded = false;

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  /** When the bytes taken last had arrived. */
  get at(): number {
    return this.#at;
  }

  /** The next `count` bytes without taking them, or fewer at the end. */
  peek(count: number): Uint8Array {
    this.#fill(count);
    return this.#buffer.subarray(0, count);
  }

  /** Exactly `count` bytes; undefined where the stream ends before, and then nothing is taken. */
  take(count: number): Uint8Array | undefined {
    this.#fill(count);
    if (this.#buffer.length < count) return undefined;
    const bytes = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return bytes;
  }

  /** Between one and `most` bytes, whatever is at hand; undefined at the end. */
  takeSome(most: number): Uint8Array | undefined {
    this.#fill(1);
    if (this.#buffer.length === 0) return undefined;
    const bytes = this.#buffer.subarray(0, most);
    this.#buffer = this.#buffer.subarray(bytes.length);
    return bytes;
  }

  /** Up to and including the next line feed, or undefined where none comes within `most` bytes. */
  takeLine(most: number): Uint8Array | undefined {
    let searched = 0;
    for (;;) {
      const found = this.#buffer.indexOf(LF, searched);
      if (found >= 0 && found < most) return this.take(found + 1);
      searched = this.#buffer.length;
      if (found >= 0 || searched >= most || !this.#pull()) return undefined;
    }
  }

  get isAtEnd(): boolean {
    this.#fill(1);
    return this.#buffer.length === 0;
  }

  #fill(count: number): void {
    while (this.#buffer.length < count && this.#pull());
  }

  #pull(): boolean {
    const chunk = this.#isEnded ? undefined : this.#source.next();
    if (chunk === undefined) {
      this.#isEnded = true;
      return false;
    }
    this.#at = chunk.at;
    this.#buffer = this.#buffer.length === 0 ? chunk.bytes : Buffer.concat([this.#buffer, chunk.bytes]);
    return true;
  }
}
