import type { ObservationStore, SavedSearch, SavedSearches } from '#store';
import { AditError } from '#model';
import type { Marked } from './query/plan.ts';
import { searchKeys } from './search.ts';

/** Answers that a monitor may have. */
const MAX_ANSWERS = 10_000;
const TIME_MS = 20_000;
/** What is stored within this time is asked about at once. */
const PAUSE_MS = 2_000;

export interface MonitorOptions {
  readonly store: ObservationStore;
  readonly searches: SavedSearches;
  /** What people say of artifacts, as far as the owner of a search may know it. */
  readonly marked: (owner: string) => Marked;
  /** Told of each search with its new answers. */
  readonly onAlerts?: (search: SavedSearch, keys: readonly string[]) => void;
  readonly onFault?: (error: unknown) => void;
  readonly pauseMs?: number;
}

/** Standing questions at work. */
export interface Monitors extends AsyncDisposable {
  /** Resolves when everything stored before this call was asked about. */
  settled(): Promise<void>;
}

/**
 * Asks every watched search once now (so that nothing stored while no process watched is missed) and again whenever
 * something new is stored. One at a time; what is stored meanwhile is the next round's.
 */
export function startMonitors(options: MonitorOptions): Monitors {
  return new Watch(options);
}

class Watch implements Monitors {
  readonly #options: MonitorOptions;
  readonly #listening: Disposable;
  #isDue = true;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#listening = options.store.onAdded(() => {
      this.#isDue = true;
      this.#timer ??= setTimeout(() => void this.#run(), options.pauseMs ?? PAUSE_MS).unref();
    });
    void this.#run();
  }

  #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#rounds()
      .catch((error: unknown) => this.#options.onFault?.(error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #rounds(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      this.#isDue = false;
      await evaluateAll(this.#options, () => this.#isClosed);
    }
  }

  async settled(): Promise<void> {
    while (this.#isDue || this.#running !== undefined) await this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#listening[Symbol.dispose]();
    await this.#running;
  }
}

async function evaluateAll(options: MonitorOptions, isOver: () => boolean): Promise<void> {
  for (const search of await options.searches.watched()) {
    if (isOver()) return;
    const keys = await evaluateSearch(options, search);
    if (keys.length > 0) options.onAlerts?.(search, keys);
  }
}

/** Asks one watched search now; gives its new answers. What keeps it from being asked stands with it as its problem. */
export async function evaluateSearch(
  { store, searches, marked }: Pick<MonitorOptions, 'store' | 'searches' | 'marked'>,
  search: SavedSearch,
): Promise<readonly string[]> {
  try {
    const { keys, isWhole } = await searchKeys(store, {
      query: search.query,
      limit: MAX_ANSWERS,
      timeMs: TIME_MS,
      marked: marked(search.owner),
      now: Date.now(),
    });
    const problem = isWhole
      ? undefined
      : `It has more than ${keys.length} answers, or takes too long: only the first by name are watched.`;
    return await searches.take(search, keys, problem);
  } catch (error) {
    if (!(error instanceof AditError)) throw error;
    await searches.noteProblem(search.id, error.message);
    return [];
  }
}
