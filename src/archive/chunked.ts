import { piecesOf } from './byte-source.ts';

/** A size line longer than this, extensions included, is no chunk header (RFC 9112 §7.1). */
const MAX_LINE_BYTES = 8 * 1024;
const MAX_TRAILER_BYTES = 64 * 1024;
const SIZE_LINE = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;.*)?$/is;

/** More parts than this of one piece are copied together: each view of its bytes takes a hundred of its own. */
const MAX_VIEWS = 64;

const LF = 10;
const NOTHING: readonly Uint8Array[] = [];

/** A chunked body with its framing removed. */
export interface DechunkedBody {
  readonly bytes: Uint8Array;
  /** The last chunk was seen. */
  readonly isComplete: boolean;
  /** One phrase; undefined: all is well. */
  readonly fault?: string;
}

/**
 * Removes HTTP/1.1 chunked framing (RFC 9112 §7.1); trailers are dropped. Damaged framing gives what came before it; bytes
 * that never were chunked come back as they are. Both with a fault. Never throws.
 */
export function dechunk(bytes: Uint8Array): DechunkedBody {
  const decoder = new ChunkedDecoder();
  const parts: Uint8Array[] = [];
  for (const piece of piecesOf(bytes)) parts.push(...decoder.push(piece));
  if (decoder.isUnframed) return { bytes, isComplete: false, fault: 'not chunked' };
  const { isComplete, fault } = decoder;
  return { bytes: Buffer.concat(parts), isComplete, ...(fault === undefined ? {} : { fault }) };
}

type State = 'size' | 'data' | 'dataEnd' | 'trailer' | 'done' | 'broken';

/** Removes chunked framing piece by piece: what is given out are views of the piece put in, or one copy where there are many. */
export class ChunkedDecoder {
  #state: State = 'size';
  /** Bytes still missing of the chunk; in `trailer` those seen. */
  #count = 0;
  #line = '';
  #chunks = 0;
  #problem: string | undefined;

  get isComplete(): boolean {
    return this.#state === 'done';
  }

  /** The very first line is no chunk header. */
  get isUnframed(): boolean {
    return this.#state === 'broken' && this.#chunks === 0;
  }

  get fault(): string | undefined {
    return this.#problem ?? (this.#state === 'done' ? undefined : 'chunked: ends early');
  }

  push(piece: Uint8Array): readonly Uint8Array[] {
    if (this.#state === 'broken') return NOTHING;
    const data: Uint8Array[] = [];
    let at = 0;
    while (at < piece.length) {
      if (this.#state === 'data') {
        const end = Math.min(piece.length, at + this.#count);
        data.push(piece.subarray(at, end));
        this.#count -= end - at;
        at = end;
        if (this.#count === 0) this.#state = 'dataEnd';
        continue;
      }
      if (this.#state === 'done') {
        this.#problem ??= `chunked: ${piece.length - at} bytes behind its end`;
        break;
      }
      const end = piece.indexOf(LF, at);
      const stop = end === -1 ? piece.length : end + 1;
      if (!this.#readLine(piece.subarray(at, stop), end !== -1)) break;
      at = stop;
    }
    return data.length > MAX_VIEWS ? [Buffer.concat(data)] : data;
  }

  #readLine(bytes: Uint8Array, isWhole: boolean): boolean {
    if (this.#line.length + bytes.length > MAX_LINE_BYTES) return this.#break('line too long');
    this.#line += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    if (!isWhole) return this.#state !== 'size' || this.#chunks > 0 || this.#couldBeSize();
    const line = this.#line.replace(/\r?\n$/, '');
    this.#line = '';
    if (this.#state === 'dataEnd') {
      if (line !== '') return this.#break('no line end behind a chunk');
      this.#state = 'size';
    } else if (this.#state === 'trailer') {
      this.#count += line.length;
      if (this.#count > MAX_TRAILER_BYTES) return this.#break('trailer too long');
      if (line === '') this.#state = 'done';
    } else {
      return this.#readSize(line);
    }
    return true;
  }

  #readSize(line: string): boolean {
    const digits = SIZE_LINE.exec(line)?.[1];
    if (digits === undefined) return this.#break('no chunk size');
    this.#chunks++;
    this.#count = Number.parseInt(digits, 16);
    this.#state = this.#count === 0 ? 'trailer' : 'data';
    return true;
  }

  /** Without this a body that is not chunked and has no line end would be taken for a size line that is still to end. */
  #couldBeSize(): boolean {
    return /^[ \t]*[0-9a-f]{1,12}[ \t]*(?:;.*|\r)?$/is.test(this.#line) || this.#break('no chunk size');
  }

  #break(problem: string): false {
    this.#state = 'broken';
    this.#problem = `chunked: ${problem}`;
    return false;
  }
}
