import { createHash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Sha256 } from '#model';

const BUFFER_BYTES = 512 * 1024;

/**
 * A file that appears under its name only when it is whole: written under another name beside it, flushed to
 * the disk, renamed, the folder flushed too. Whoever disposes of it before `commit` leaves nothing behind.
 */
export class FileSink implements AsyncDisposable {
  readonly #path: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #position = 0;
  #isDone = false;

  private constructor(path: string, partial: string, file: FileHandle) {
    this.#path = path;
    this.#partial = partial;
    this.#file = file;
  }

  static async create(path: string): Promise<FileSink> {
    const partial = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.partial`);
    return new FileSink(path, partial, await open(partial, 'wx+'));
  }

  /** Bytes appended so far. */
  get position(): number {
    return this.#position;
  }

  /** Appends bytes; they are written in larger batches. The caller must not change them afterwards. */
  async append(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#position += bytes.length;
    if (this.#pendingBytes >= BUFFER_BYTES) await this.#flush();
  }

  /** Overwrites bytes that were appended before. */
  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#flush();
    await this.#file.write(bytes, 0, bytes.length, offset);
  }

  /** Makes the file appear under its name. Once this returns it survives a crash of the machine. */
  async commit(): Promise<{ sizeBytes: number; sha256: Sha256 }> {
    await this.#flush();
    const sha256 = await this.#digest();
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#partial, this.#path);
    this.#isDone = true;
    const folder = await open(dirname(this.#path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return { sizeBytes: this.#position, sha256 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#file.close().catch(() => {}); // already closed where the rename failed
    await rm(this.#partial, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const batch = Buffer.concat(this.#pending, this.#pendingBytes);
    const offset = this.#position - this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
    for (let done = 0; done < batch.length;) {
      done += (await this.#file.write(batch, done, batch.length - done, offset + done)).bytesWritten;
    }
  }

  /** Read again rather than summed up on the way: headers are patched once their sizes are known. */
  async #digest(): Promise<Sha256> {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
    for (let at = 0; at < this.#position;) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return hash.digest('hex') as Sha256; // hex of 32 bytes
  }
}
