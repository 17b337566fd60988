import { openBundle, type Bundle } from '#archive';
import { extractObservations, openContext, type ExtractContext } from '#extract';
import type { Observation } from '#model';

/** Bundles that stay open at a time; each costs its parsed facts, about a megabyte for 150 exchanges. */
const MAX_OPEN = 6;
const IDLE_MS = 60_000;
/** Texts kept in rows for the next page of them. */
const MAX_VALUES = 8;

/** A capture in its bundle, with what was derived from it since it was opened. */
export class OpenedCapture {
  readonly bundle: Bundle;
  readonly #kept = new Map<string, unknown>();
  #context: ExtractContext | undefined;
  #observations: readonly Observation[] | undefined;

  constructor(bundle: Bundle) {
    this.bundle = bundle;
  }

  get context(): ExtractContext {
    return (this.#context ??= openContext(this.bundle));
  }

  get observations(): readonly Observation[] {
    return (this.#observations ??= extractObservations(this.bundle).observations);
  }

  /** What `make` gives, made once as long as it is among the latest few asked for. */
  once<Value>(name: string, make: () => Value): Value {
    const value = this.#kept.has(name) ? (this.#kept.get(name) as Value) : make(); // one name, one type
    this.#kept.delete(name);
    this.#kept.set(name, value);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_VALUES) break;
      this.#kept.delete(oldest);
    }
    return value;
  }
}

interface Entry {
  readonly opening: Promise<OpenedCapture>;
  users: number;
  usedAt: number;
}

/**
 * Bundles opened for one question after another: opening one means reading and checking its facts again, and a screen
 * asks a dozen questions. A bundle never changes, so nothing in here grows old; at most a few stay open, none for long.
 */
export class OpenedCaptures implements AsyncDisposable {
  readonly #entries = new Map<string, Entry>();
  #sweep: NodeJS.Timeout | undefined;

  /** Gives the bundle at that path to `use`, and keeps it open meanwhile. */
  async with<Value>(path: string, use: (opened: OpenedCapture) => Value | Promise<Value>): Promise<Value> {
    const entry = this.#entry(path);
    entry.users++;
    try {
      return await use(await entry.opening);
    } finally {
      entry.users--;
      entry.usedAt = Date.now();
      this.#closeIdle();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#sweep);
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(close));
  }

  #entry(path: string): Entry {
    const known = this.#entries.get(path);
    if (known !== undefined) {
      this.#entries.delete(path);
      this.#entries.set(path, known); // the latest used stands last
      return known;
    }
    const opening = openBundle(path).then((bundle) => new OpenedCapture(bundle));
    const entry: Entry = { opening, users: 0, usedAt: Date.now() };
    opening.catch(() => this.#entries.delete(path)); // the next question tries again
    this.#entries.set(path, entry);
    return entry;
  }

  #closeIdle(): void {
    const now = Date.now();
    for (const [path, entry] of this.#entries) {
      if (entry.users > 0) continue;
      if (this.#entries.size <= MAX_OPEN && now - entry.usedAt < IDLE_MS) continue;
      this.#entries.delete(path);
      void close(entry);
    }
    clearTimeout(this.#sweep);
    if (this.#entries.size > 0) this.#sweep = setTimeout(() => this.#closeIdle(), IDLE_MS).unref();
  }
}

async function close({ opening }: Entry): Promise<void> {
  const opened = await opening.catch(() => undefined);
  await opened?.bundle[Symbol.asyncDispose]();
}
