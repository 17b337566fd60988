import { closeSync, openSync, writevSync } from 'node:fs';
import type { ByteSource } from '#archive';
import { ArrivalLog, type Arrivals } from './arrivals.ts';

/** One direction of a tunnel, recorded. */
export interface SpooledStream {
  readonly bytes: ByteSource;
  readonly sizeBytes: number;
  readonly arrivals: Arrivals;
  /** Why bytes after `sizeBytes` are not recorded, e.g. `ENOSPC`. */
  readonly fault?: string;
}

/** Memory shared by all spools of a guard. */
export class SpoolMemory {
  #free: number;

  constructor(sizeBytes: number) {
    this.#free = sizeBytes;
  }

  take(sizeBytes: number): boolean {
    if (sizeBytes > this.#free) return false;
    this.#free -= sizeBytes;
    return true;
  }

  give(sizeBytes: number): void {
    this.#free += sizeBytes;
  }
}

/** A small stream stays in memory for good; a larger one goes to its file in pieces of this size. */
const MEMORY_BYTES = 256 * 1024;

/**
 * Records a byte stream: in memory while it is small and memory lasts, then in a file of its own (mode 0600).
 * Writing is synchronous, so what has been appended is either counted in memory or in the file: a fast stream can't
 * pile up pending writes.
 */
export class Spool {
  readonly #path: string;
  readonly #memory: SpoolMemory;
  readonly #arrivals = new ArrivalLog();
  #chunks: Uint8Array[] = [];
  #chunksBytes = 0;
  #file: number | undefined;
  #fileBytes = 0;
  #fault: string | undefined;

  constructor(path: string, memory: SpoolMemory) {
    this.#path = path;
    this.#memory = memory;
  }

  get sizeBytes(): number {
    return this.#fileBytes + this.#chunksBytes;
  }

  /** The file that the stream went to, if it did. */
  get path(): string | undefined {
    return this.#fileBytes > 0 || this.#file !== undefined ? this.#path : undefined;
  }

  /** False where the bytes could not be kept; nothing is kept from then on. */
  append(chunk: Uint8Array, at: number): boolean {
    if (this.#fault !== undefined) return false;
    if (!this.#memory.take(chunk.length)) {
      if (!this.#flush([chunk])) return false;
    } else {
      this.#chunks.push(chunk);
      this.#chunksBytes += chunk.length;
      if (this.#chunksBytes > MEMORY_BYTES && !this.#flush([])) return false;
    }
    this.#arrivals.add(this.sizeBytes, at);
    return true;
  }

  /** Closes the file. Call once, when nothing more is appended. */
  seal(): SpooledStream {
    if (this.#file !== undefined && this.#chunksBytes > 0) this.#flush([]);
    if (this.#file !== undefined) closeSync(this.#file);
    const bytes: ByteSource =
      this.#fileBytes > 0
        ? { path: this.#path, offset: 0, length: this.#fileBytes }
        : new Uint8Array(Buffer.concat(this.#chunks));
    const sizeBytes = bytes.length;
    this.#dropChunks();
    const fault = this.#fault === undefined ? {} : { fault: this.#fault };
    return { bytes, sizeBytes, arrivals: this.#arrivals.toArrivals(), ...fault };
  }

  #flush(more: readonly Uint8Array[]): boolean {
    try {
      this.#file ??= openSync(this.#path, 'wx', 0o600);
      let pending = [...this.#chunks, ...more];
      while (pending.length > 0) pending = this.#write(pending);
      return true;
    } catch (error) {
      this.#fault = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      return false;
    } finally {
      this.#dropChunks();
    }
  }

  /** One write, which may be short; answers what is left. */
  #write(chunks: readonly Uint8Array[]): Uint8Array[] {
    // flush() opened it; IOV_MAX is 1024
    const batch = chunks.slice(0, 1_000);
    let written = writevSync(this.#file!, batch);
    this.#fileBytes += written;
    const rest = [...chunks];
    while (rest[0] !== undefined && written >= rest[0].length) {
      written -= rest[0].length;
      rest.shift();
    }
    if (rest[0] !== undefined && written > 0) rest[0] = rest[0].subarray(written);
    return rest;
  }

  #dropChunks(): void {
    this.#memory.give(this.#chunksBytes);
    this.#chunks = [];
    this.#chunksBytes = 0;
  }
}
