import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteSource } from '#archive';
import { ArrivalLog, type Arrivals } from '../egress/arrivals.ts';
import type { LimitLog } from './limit-log.ts';

/** A body stays in memory up to this size, as long as memory lasts. */
const MEMORY_BYTES = 256 * 1024;
const FILE_MODE = 0o600;

/** Keeps the bodies of a capture: small ones in memory, others in files of the spool directory. */
export class BodyStore {
  readonly log: LimitLog;
  readonly #directory: string;
  readonly #prefix: string;
  #count = 0;
  #total = 0;
  #inMemory = 0;

  /** `prefix` keeps the files of several decoders in one directory apart. */
  constructor(directory: string, prefix: string, log: LimitLog) {
    this.#directory = directory;
    this.#prefix = prefix;
    this.log = log;
  }

  open(): BodySink {
    return new BodySink(this, join(this.#directory, `${this.#prefix}-body-${this.#count++}`));
  }

  /** How many of `wanted` bytes may still be kept, of a body that has `sizeBytes` already. */
  grant(wanted: number, sizeBytes: number, at: number): number {
    const { maxBodyBytes, maxTotalBodyBytes } = this.log.limits;
    const granted = Math.max(0, Math.min(wanted, maxBodyBytes - sizeBytes, maxTotalBodyBytes - this.#total));
    if (granted < wanted) {
      const limit = sizeBytes + granted >= maxBodyBytes ? 'maxBodyBytes' : 'maxTotalBodyBytes';
      this.log.reach(limit, at, 'a body was cut');
    }
    this.#total += granted;
    return granted;
  }

  /** Claims memory; false where it is used up. */
  claim(sizeBytes: number): boolean {
    if (this.#inMemory + sizeBytes > this.log.limits.maxMemoryBytes) return false;
    this.#inMemory += sizeBytes;
    return true;
  }

  release(sizeBytes: number): void {
    this.#inMemory -= sizeBytes;
  }
}

/** One body while it is received. */
export class BodySink {
  readonly #store: BodyStore;
  readonly #path: string;
  readonly #arrivals = new ArrivalLog();
  #chunks: Uint8Array[] = [];
  #chunksBytes = 0;
  #fileBytes = 0;
  #isCut = false;
  #received = 0;

  constructor(store: BodyStore, path: string) {
    this.#store = store;
    this.#path = path;
  }

  /** Bytes seen, whether kept or not. */
  get receivedBytes(): number {
    return this.#received;
  }

  /** A limit kept some bytes out. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get arrivals(): Arrivals {
    return this.#arrivals.toArrivals();
  }

  write(bytes: Uint8Array, at: number): void {
    this.#received += bytes.length;
    const size = this.#fileBytes + this.#chunksBytes;
    const granted = this.#isCut ? 0 : this.#store.grant(bytes.length, size, at);
    if (granted < bytes.length) this.#isCut = true;
    if (granted === 0) return;
    // A copy of its own: the chunk may be a window onto a much larger buffer.
    const kept = bytes.slice(0, granted);
    const isClaimed = this.#store.claim(granted);
    this.#chunks.push(kept);
    this.#chunksBytes += granted;
    this.#arrivals.add(size + granted, at);
    if (!isClaimed || this.#chunksBytes > MEMORY_BYTES) this.#spill(isClaimed ? 0 : granted);
  }

  /** What was kept; undefined where that is nothing. */
  finish(): ByteSource | undefined {
    if (this.#fileBytes > 0) {
      if (this.#chunksBytes > 0) this.#spill(0);
      return { path: this.#path, offset: 0, length: this.#fileBytes };
    }
    return this.#chunksBytes === 0 ? undefined : new Uint8Array(Buffer.concat(this.#chunks));
  }

  #spill(unclaimed: number): void {
    appendFileSync(this.#path, Buffer.concat(this.#chunks), { mode: FILE_MODE });
    this.#fileBytes += this.#chunksBytes;
    this.#store.release(this.#chunksBytes - unclaimed);
    this.#chunks = [];
    this.#chunksBytes = 0;
  }
}
