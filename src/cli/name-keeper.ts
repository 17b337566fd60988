import type { Stores } from './stores/open-stores.ts';

/** Names of one request. */
const BATCH = 2_000;
/** Longer texts are no names. */
const MAX_LENGTH = 300;

/** Keeps names of lists and mails as seen, a request for many of them; a name that comes again and again is kept once a request. */
export class NameKeeper {
  readonly #stores: Stores;
  #names = new Set<string>();
  /** Names that were kept so far. */
  kept = 0;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  add(name: string): void {
    if (name.length <= MAX_LENGTH) this.#names.add(name);
  }

  get isFull(): boolean {
    return this.#names.size >= BATCH;
  }

  async flush(): Promise<void> {
    const names = [...this.#names];
    this.#names = new Set();
    for (let from = 0; from < names.length; from += BATCH) {
      const { kept } = await this.#stores.ask('keepNames', {
        body: { names: names.slice(from, from + BATCH) },
      });
      this.kept += kept;
    }
  }
}
