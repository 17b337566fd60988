/** A line of chunk size, extension or trailer longer than this is no chunked body. */
const MAX_LINE = 8 * 1024;
const MAX_TRAILER = 64 * 1024;
const LF = 10;

/** Follows chunked framing (RFC 9112 §7.1) just far enough to know where it ends; the bytes stay as they are. */
export class ChunkScan {
  #state: 'size' | 'data' | 'dataEnd' | 'trailer' | 'done' | 'broken' = 'size';
  #line = '';
  #left = 0;
  #trailer = 0;

  get isDone(): boolean {
    return this.#state === 'done';
  }

  get isBroken(): boolean {
    return this.#state === 'broken';
  }

  /** How many bytes of the piece belong to the body. Broken framing makes all the rest belong to it. */
  push(piece: Uint8Array): number {
    let at = 0;
    while (at < piece.length && !this.isDone) {
      if (this.#state === 'broken') return piece.length;
      if (this.#state === 'data') {
        const step = Math.min(this.#left, piece.length - at);
        this.#left -= step;
        at += step;
        if (this.#left === 0) this.#state = 'dataEnd';
        continue;
      }
      const end = piece.indexOf(LF, at);
      const stop = end === -1 ? piece.length : end + 1;
      const maxLine = this.#state === 'dataEnd' ? 2 : MAX_LINE;
      if (this.#line.length + stop - at > maxLine) this.#state = 'broken';
      else this.#line += Buffer.from(piece.buffer, piece.byteOffset + at, stop - at).toString('latin1');
      at = stop;
      if (end !== -1) this.#endLine();
    }
    return at;
  }

  #endLine(): void {
    const line = this.#line.trimEnd();
    this.#line = '';
    if (this.#state === 'dataEnd') {
      this.#state = line === '' ? 'size' : 'broken';
    } else if (this.#state === 'size') {
      const size = /^[ \t]*([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
      this.#left = Number.parseInt(size ?? '', 16);
      this.#state = size === undefined ? 'broken' : this.#left === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'trailer') {
      this.#trailer += line.length;
      if (line === '') this.#state = 'done';
      else if (this.#trailer > MAX_TRAILER) this.#state = 'broken';
    }
  }
}
