import type { ImportBatch } from './import-file.ts';

/** Observations that wait for the store before their givers wait too. */
const MAX_WAITING = 40_000;
/** Most batches of one go. */
const MAX_BATCHES = 500;

interface Waiting {
  readonly batch: ImportBatch;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Gives batches to the store: what comes while it is busy goes in together next, so that ten thousand small archives cost
 * what a few large ones do. A fault of the store ends it: every batch that waits rejects with it.
 */
export class BatchCollector {
  readonly #store: (batches: readonly ImportBatch[]) => Promise<void>;
  #waiting: Waiting[] = [];
  #size = 0;
  #working: Promise<void> | undefined;

  constructor(store: (batches: readonly ImportBatch[]) => Promise<void>) {
    this.#store = store;
  }

  /** Resolves when the batch is durable. */
  add(batch: ImportBatch): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ batch, done });
    this.#size += batch.observations.length;
    this.#working ??= this.#work();
    return done.promise;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** So much waits that it is better to wait, too. */
  get isFull(): boolean {
    return this.#size > MAX_WAITING;
  }

  async #work(): Promise<void> {
    await new Promise(setImmediate); // what comes in the same turn goes along
    while (this.#waiting.length > 0) {
      const going = this.#waiting.splice(0, MAX_BATCHES);
      try {
        await this.#store(going.map(({ batch }) => batch));
        for (const { done } of going) done.resolve();
      } catch (error) {
        for (const { done } of going) done.reject(error);
      }
      for (const { batch } of going) this.#size -= batch.observations.length;
    }
    this.#working = undefined;
  }
}
