import { createHash } from 'node:crypto';
import { candidateCodes, KEY_VERSION, MATCH_VERSION } from '#lookalike';
import type { Observation } from '#model';
import { MAX_PIECES, type Brands, type ObservationStore, type StoredLookalike } from '#store';
import { lookalikesOf, type NameWatch } from './name-watch.ts';

export interface MatchSeenOptions {
  /** Ids; by default the brands that the names were not matched against yet. */
  readonly brands?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((names: number, found: number) => void) | undefined;
}

export interface SeenMatches {
  /** Names that were looked at; where few brands are matched, those that are worth it. */
  readonly names: number;
  /** Look-alikes among them, those known before included. */
  readonly found: number;
  /** Ids of the brands that were matched. */
  readonly brands: readonly string[];
  /** The signal fired before all names were looked at; the brands count as not matched. */
  readonly isPartial: boolean;
}

const PAGE = 20_000;
/** A parameter holds some 100 KB. */
const ASKED_AT_ONCE = 400;

/**
 * Matches the names that are stored against brands, and stores the look-alikes among them: what makes a brand that is protected today
 * find what was seen last year. Names that come in meanwhile are matched on their way in. Can be repeated: what is known
 * adds nothing.
 */
export async function matchSeen(
  {
    store,
    brands,
    watch,
  }: { readonly store: ObservationStore; readonly brands: Brands; readonly watch: NameWatch },
  { brands: wanted, signal, onProgress = () => {} }: MatchSeenOptions = {},
): Promise<SeenMatches> {
  const ids = wanted ?? (await brands.unmatched(MATCH_VERSION));
  const matched = (await brands.list()).filter(({ id }) => ids.includes(id));
  let names = 0;
  let found = 0;
  if (matched.length === 0) return { names, found, brands: [], isPartial: false };
  // Batches under way may have been matched against the brands as they were before.
  const index = await watch.index(); // of all brands: what is one's own, or another's very name, is no imitation
  await store.settled();
  const isWanted = new Set<string>(matched.map(({ id }) => id));
  const pieces = candidateCodes(matched, MAX_PIECES);
  let cursor: string | undefined;
  do {
    if (signal?.aborted === true) return { names, found, brands: ids, isPartial: true };
    const page = await store.hosts({ pieces, keyVersion: KEY_VERSION, limit: PAGE, cursor });
    const lookalikes = page.hosts.flatMap((name) =>
      lookalikesOf(index, name).filter(({ target }) => isWanted.has(target)),
    );
    await storeNew(store, lookalikes);
    names += page.hosts.length;
    found += new Set(lookalikes.map(({ source, target }) => `${source} ${target}`)).size;
    onProgress(names, found);
    cursor = page.cursor;
  } while (cursor !== undefined);
  await brands.markMatched([...isWanted], MATCH_VERSION);
  return { names, found, brands: [...isWanted], isPartial: false };
}

/** What is stored in the very form already is left out, so that nothing counts again. */
async function storeNew(store: ObservationStore, lookalikes: readonly Observation[]): Promise<void> {
  const fresh: Observation[] = [];
  for (const [brand, some] of Map.groupBy(lookalikes, ({ target }) => target)) {
    const hosts = [...new Set(some.map(({ source }) => source))];
    const knownOf = new Map<string, StoredLookalike>();
    for (let from = 0; from < hosts.length; from += ASKED_AT_ONCE) {
      const among = hosts.slice(from, from + ASKED_AT_ONCE);
      const { lookalikes: known } = await store.lookalikes({ brand, among, limit: among.length });
      for (const each of known) knownOf.set(each.host, each);
    }
    fresh.push(
      ...some.filter(({ source, label, seenAt, detail }) => {
        const before = knownOf.get(source);
        return (
          before === undefined ||
          before.technique !== label ||
          before.score !== detail['score'] ||
          seenAt < before.firstSeen ||
          seenAt > before.lastSeen
        );
      }),
    );
  }
  if (fresh.length === 0) return;
  const digest = createHash('sha256').update(JSON.stringify(fresh)).digest('hex');
  await store.add({ id: `look-alikes ${digest}`, observations: fresh });
}
