import { closeSync, openSync, writeSync } from 'node:fs';
import type { ByteSource } from '#archive';

/** A body up to this size stays in memory. */
const MEMORY_BYTES = 1024 * 1024;

/** Takes a body as it arrives, up to a limit: small ones in memory, large ones in a file. */
export class BodySink implements Disposable {
  readonly #path: string;
  #maxBytes: number;
  #parts: Uint8Array[] = [];
  #file: number | undefined;
  #size = 0;
  #isFull = false;

  /** The file at `path` is made only when it is needed; its directory's owner removes it. */
  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  get sizeBytes(): number {
    return this.#size;
  }

  /** More came than the limit allows: what is kept is its beginning. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Takes no more than so many bytes in all from now on, if that is less than before. */
  restrict(maxBytes: number): void {
    this.#maxBytes = Math.min(this.#maxBytes, maxBytes);
  }

  push(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, Math.max(0, this.#maxBytes - this.#size));
    if (kept.length < bytes.length) this.#isFull = true;
    this.#size += kept.length;
    if (this.#file === undefined) this.#parts.push(kept);
    else writeSync(this.#file, kept);
    if (this.#file === undefined && this.#size > MEMORY_BYTES) this.#spill();
  }

  /** What was kept. The sink takes no more. */
  finish(): ByteSource {
    if (this.#file === undefined) return Buffer.concat(this.#parts);
    this[Symbol.dispose]();
    return { path: this.#path, offset: 0, length: this.#size };
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #spill(): void {
    this.#file = openSync(this.#path, 'wx', 0o600);
    for (const part of this.#parts) writeSync(this.#file, part);
    this.#parts = [];
  }
}
