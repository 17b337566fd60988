import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { pivot } from '#investigate';
import { openObservationStore, type EdgeQuery, type ObservationStore } from '#store';
import type { BenchResult } from './run.ts';
import { SqliteStore } from './sqlite-store.ts';
import { SyntheticWeb } from './synthetic-web.ts';

const OBSERVATIONS = Number(process.env['ADIT_BENCH_ROWS'] ?? 10_000_000);
const BATCH = 50_000;
/** Batches under way at once, as an import gives them. */
const PARALLEL = 3;
/** Batches made ahead, while no clock runs. */
const AHEAD = 8;
const QUERIES = 1_000;
const RARE_QUERIES = 200;
const HOT_PAGES = 50;
/** SQLite slows down as it grows; what it has after this long is what it is asked about. */
const SQLITE_SECONDS = 75;
const SETTLE_LIMIT_MS = 120_000;
/** Merges wait this long after the last insert of a bulk. */
const MERGES_BEGIN_MS = 8_000;

interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Writing and pivoting at ten million observations with a power law, and SQLite doing the same. */
export async function benchStore(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'adit-bench-store-'));
  try {
    const own = await measureStore(join(folder, 'store'));
    const sqlite = await measureSqlite(join(folder, 'sqlite.db'));
    const figures = {
      observations: own.observations,
      observationsPerSecond: own.perSecond,
      pivotP50Ms: own.pivot.p50Ms,
      pivotP99Ms: own.pivot.p99Ms,
      pivotWithRarityP50Ms: own.withRarity.p50Ms,
      pivotWithRarityP99Ms: own.withRarity.p99Ms,
      hotPageP50Ms: own.hot.p50Ms,
      hotPageP99Ms: own.hot.p99Ms,
      bytesPerObservation: own.sizeBytes / own.observations,
      sqliteObservations: sqlite.observations,
      sqliteObservationsPerSecond: sqlite.perSecond,
      sqlitePivotP50Ms: sqlite.pivot.p50Ms,
      sqlitePivotP99Ms: sqlite.pivot.p99Ms,
      sqliteBytesPerObservation: sqlite.sizeBytes / sqlite.observations,
      writesToSqlite: own.perSecond / sqlite.perSecond,
      bytesToSqlite: own.sizeBytes / own.observations / (sqlite.sizeBytes / sqlite.observations),
    };
    const text = [
      'observations           written       pivot, 100 edges          on disk',
      row('Adit', own.observations, own.perSecond, own.pivot, figures.bytesPerObservation),
      row(
        'SQLite, both indexes',
        sqlite.observations,
        sqlite.perSecond,
        sqlite.pivot,
        figures.sqliteBytesPerObservation,
      ),
      '',
      `the same with the rarity of each value         ${shown(own.withRarity)}`,
      `a page anywhere in the most popular child      ${shown(own.hot)}`,
      `writes, against SQLite’s (which slows down)    ${figures.writesToSqlite.toFixed(1)} ×`,
      `Adit’s merges settled in ${(own.settledMs / 1_000).toFixed(0)} s; SQLite was stopped after ${SQLITE_SECONDS} s of writing.`,
    ];
    return { figures, text: text.join('\n') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureStore(directory: string) {
  const web = new SyntheticWeb(OBSERVATIONS);
  await using store = await openObservationStore({ directory });
  const written = await write(web, OBSERVATIONS, Number.POSITIVE_INFINITY, (id, observations) =>
    store.add({ id, observations }),
  );
  const settledMs = await settle(store);
  const query = queries(web);
  for (let warm = 0; warm < 20; warm++) await store.edges(query());
  return {
    ...written,
    settledMs,
    sizeBytes: (await store.status()).diskBytes,
    pivot: await latency(QUERIES, () => store.edges(query())),
    withRarity: await latency(RARE_QUERIES, () => pivot(store, query())),
    hot: await measureHotPages(store, web),
  };
}

/** From the first page to the last, with larger strides between, so that pages from everywhere are measured. */
async function measureHotPages(store: ObservationStore, web: SyntheticWeb): Promise<Latency> {
  const query = { dataset: 'host-pairs', direction: 'reverse', value: web.child(0) } as const;
  let cursor: string | undefined;
  return latency(
    HOT_PAGES,
    async () => {
      cursor = (await store.edges({ ...query, limit: 100, cursor })).cursor;
    },
    async () => {
      for (let stride = 0; stride < 3 && cursor !== undefined; stride++)
        cursor = (await store.edges({ ...query, limit: 2_000, cursor })).cursor;
    },
  );
}

async function measureSqlite(path: string) {
  const web = new SyntheticWeb(OBSERVATIONS);
  await using store = new SqliteStore(path);
  const written = await write(web, OBSERVATIONS, SQLITE_SECONDS, async (_id, observations) =>
    store.add(observations),
  );
  const query = queries(web);
  return {
    ...written,
    sizeBytes: store.sizeBytes,
    pivot: await latency(QUERIES, async () => {
      const { direction, value } = query();
      store.page(direction, value);
    }),
  };
}

/** Writes until all is there or the time is over; the clock stands while observations are made, with the garbage that this leaves. */
async function write(
  web: SyntheticWeb,
  observations: number,
  seconds: number,
  add: (id: string, batch: ReturnType<SyntheticWeb['take']>) => Promise<void>,
) {
  const total = Math.ceil(observations / BATCH);
  let [written, elapsedMs] = [0, 0];
  while (written < total && elapsedMs < seconds * 1_000) {
    const batches = Array.from({ length: Math.min(AHEAD, total - written) }, () => web.take(BATCH));
    collectGarbage();
    const startedMs = performance.now();
    await inParallel(batches, (batch, index) => add(`batch ${written + index}`, batch));
    elapsedMs += performance.now() - startedMs;
    written += batches.length;
  }
  return { observations: written * BATCH, perSecond: (written * BATCH) / (elapsedMs / 1_000) };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const [index, item] of rest) await work(item, index);
    }),
  );
}

/** Waits until merges have nothing left to do: the disk they take no longer changes. */
async function settle(store: ObservationStore): Promise<number> {
  await sleep(MERGES_BEGIN_MS);
  const startedMs = performance.now();
  let before = -1;
  for (let now = 0; now !== before && performance.now() - startedMs < SETTLE_LIMIT_MS;) {
    before = now;
    await sleep(10_000);
    now = (await store.status()).diskBytes;
  }
  return performance.now() - startedMs;
}

/** As analysts ask: half for what a page loads, a quarter for who loads something popular, a quarter for anything. */
function queries(web: SyntheticWeb): () => EdgeQuery & { readonly direction: 'forward' | 'reverse' } {
  let asked = 0;
  return () => {
    const kind = asked++ % 4;
    const base = { dataset: 'host-pairs', limit: 100 } as const;
    if (kind < 2) return { ...base, direction: 'forward', value: web.randomParent() };
    const value = kind === 2 ? web.child(web.popularChild()) : web.randomChild();
    return { ...base, direction: 'reverse', value };
  };
}

async function latency(
  count: number,
  work: () => Promise<unknown>,
  between = async () => {},
): Promise<Latency> {
  const times: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
    await between();
  }
  times.sort((a, b) => a - b);
  return { p50Ms: times[Math.floor(count * 0.5)]!, p99Ms: times[Math.floor(count * 0.99)]! };
}

const shown = ({ p50Ms, p99Ms }: Latency): string => `p50 ${p50Ms.toFixed(1)} ms  p99 ${p99Ms.toFixed(1)} ms`;

function row(
  name: string,
  observations: number,
  perSecond: number,
  latencies: Latency,
  bytes: number,
): string {
  return `${name.padEnd(22)} ${Math.round(perSecond).toLocaleString('en')}/s  ${shown(latencies)}  ${bytes.toFixed(0)} B each, ${(observations / 1e6).toFixed(1)} M`;
}
