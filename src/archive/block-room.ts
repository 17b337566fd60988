const STEP_BYTES = 32 * 1024;
const MIN_BLOCK_BYTES = 8 * 1024;
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
const MAX_FREE_BYTES = 32 * 1024 * 1024;

/**
 * Memory for the blocks of records, and for what reads them, used again once they are read. New memory for every page, or
 * for every file, costs more than its bytes do: the system clears it, page fault by page fault. Whoever gives a block back must be done with all views of it.
 */
export class BlockRoom {
  /** By size, in steps. */
  readonly #free: Uint8Array[][] = [];
  /** Weakly, so that what is never given back goes as other memory does. */
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #freeBytes = 0;

  /** Room for so many bytes, with anything in it. Small and huge blocks are memory of their own. */
  take(size: number): Uint8Array {
    if (size < MIN_BLOCK_BYTES || size > MAX_BLOCK_BYTES) return new Uint8Array(size);
    const steps = Math.ceil(size / STEP_BYTES);
    const kept = this.#free[steps]?.pop();
    const block = kept ?? new Uint8Array(steps * STEP_BYTES);
    if (kept !== undefined) this.#freeBytes -= kept.length;
    this.#lent.add(block.buffer);
    return block.subarray(0, size);
  }

  /** Gives back the block that these bytes are part of; nothing where they are of no block that was lent. */
  giveBack({ buffer }: Uint8Array): void {
    if (!this.#lent.delete(buffer) || this.#freeBytes + buffer.byteLength > MAX_FREE_BYTES) return;
    const block = new Uint8Array(buffer);
    this.#freeBytes += block.length;
    (this.#free[block.length / STEP_BYTES] ??= []).push(block);
  }
}
