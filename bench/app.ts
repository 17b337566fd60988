import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkbench, type Workbench } from '#pipeline';
import { startServer } from '#server';
import { measureBrowser, type BrowserFigures } from './app/browser.ts';
import { AppWeb, HOT } from './app/web.ts';
import type { BenchResult } from './run.ts';

const OBSERVATIONS = Number(process.env['ADIT_BENCH_ROWS'] ?? 10_000_000);
/** A data directory that is loaded once and asked again and again. */
const KEPT = process.env['ADIT_BENCH_DIRECTORY'];
const BATCH = 50_000;
const PARALLEL = 3;
const SETTLE_LIMIT_MS = 180_000;
/** Merges wait this long after the last insert of a bulk. */
const MERGES_BEGIN_MS = 8_000;
const QUIET_LOOKS = 6;
const ASKED = Number(process.env['ADIT_BENCH_ASKED'] ?? 200);

/** What an analyst waits for, over HTTP, at ten million observations. */
export async function benchApp(): Promise<BenchResult> {
  const directory = KEPT ?? (await mkdtemp(join(tmpdir(), 'adit-bench-app-')));
  try {
    await using workbench = await openWorkbench({ directory });
    const web = new AppWeb(OBSERVATIONS);
    await load(workbench, web, join(directory, 'bench-loaded'));
    const localKey = randomUUID();
    await using server = await startServer({ workbench, version: '0', localKey });
    const get = async (path: string, query: Readonly<Record<string, string>>): Promise<unknown> => {
      const response = await fetch(`${server.url}/api${path}?${new URLSearchParams(query)}`, {
        headers: { authorization: `Bearer ${localKey}` },
      });
      const body: unknown = await response.json();
      if (!response.ok) throw new Error(`${path} ${JSON.stringify(query)}: ${JSON.stringify(body)}`);
      return body;
    };
    const times = {
      suggest: await timed(suggestions(get, web)),
      artifact: await timed(artifactPages(get)),
      facet: await timed(facetClicks(get)),
      query: await timed(queries(get, web)),
    };
    return report(OBSERVATIONS, times, await measureBrowser());
  } finally {
    if (KEPT === undefined) await rm(directory, { recursive: true, force: true });
  }
}

type Get = (path: string, query: Readonly<Record<string, string>>) => Promise<unknown>;

/** Words as they are typed: hosts from either end, identifiers, fields. */
function suggestions(get: Get, web: AppWeb): (nth: number) => Promise<unknown> {
  return (nth) => {
    const host = web.randomHost();
    const label = host.split('.')[1]!;
    const tracker = web.randomTracker();
    const typed = [
      host.slice(0, 3 + (nth % host.length)),
      label.slice(0, 2 + (nth % label.length)),
      tracker.slice(0, 2 + (nth % 7)),
      `tracker:${tracker.slice(0, 5)}`,
      `component:ng`,
      `tracker:${tracker} child:cdn.host${nth}`,
      'www.site',
      'ho',
    ];
    return get('/suggest', { query: typed[nth % typed.length]! });
  };
}

const hotPairs = { dataset: 'host-pairs', direction: 'reverse', value: HOT };

/** All that the page of the artifact with a hundred thousand rows asks for at first. */
function artifactPages(get: Get): (nth: number) => Promise<unknown> {
  const sorts = ['lastSeen', 'value', 'firstSeen', 'count'];
  return (nth) =>
    Promise.all([
      get('/artifacts', { value: HOT }),
      get('/pivot', { ...hotPairs, sort: sorts[nth % sorts.length]!, limit: '100' }),
    ]);
}

/** The rows and the counts after a click. */
function facetClicks(get: Get): (nth: number) => Promise<unknown> {
  const filters: readonly Readonly<Record<string, string>>[] = [
    { label: 'img.src' },
    { within: 'co.uk' },
    { isObserved: 'false' },
    { label: 'script.src', isObserved: 'true' },
    { seenFrom: '2017-01-02', seenTo: '2017-01-03' },
    { contains: 'site12' },
  ];
  return (nth) => {
    const filter = filters[nth % filters.length]!;
    return Promise.all([
      get('/pivot', { ...hotPairs, ...filter, sort: 'lastSeen', limit: '100' }),
      get('/artifacts/facets', { ...hotPairs, ...filter }),
    ]);
  };
}

/** Four conditions, three ANDs: from rare values to those that every third host has, dense and with no answer at all. */
function queries(get: Get, web: AppWeb): (nth: number) => Promise<unknown> {
  return (nth) => {
    const child = web.web.child(web.web.popularChild());
    const [server, cms] = [web.randomServer(), web.randomCms()];
    const asked = [
      `tracker:${web.randomTracker()} AND component:${server} AND child:${child} AND domain:com`,
      `component:${server} AND component:${cms} AND child:${HOT} AND pair.cause:img.src`,
      `child:${child} AND component:WordPress AND title:"Page number ${nth}" AND last:3000d`,
      `child:${HOT} AND component:nginx AND NOT host:*.ru AND tracker:GTM-000*`,
      `component:nginx AND component:WordPress AND child:${web.web.child(nth % 20)} AND NOT tracker:${web.randomTracker()}`,
      `ip:11.0.${nth % 256}.0/24 AND component:Apache AND child:${web.web.child(0)} AND NOT domain:io`,
      `component:nginx AND component:WordPress AND child:${HOT} AND last:90d`,
      `component:${server} AND tracker:GTM-00000* AND host:*site12* AND NOT cookie:cookie${nth % 9}`,
      `cookie.secure:true AND component:nginx AND component:${cms} AND child:${HOT}`,
      `component:Caddy AND component:LiteSpeed AND component:${cms} AND child:${HOT}`,
      `domain:de AND component:nginx AND component:${cms} AND seen:2018`,
    ];
    return get('/search', { query: asked[nth % asked.length]! });
  };
}

/** What an earlier run has stored of it is not stored again. */
async function load({ store }: Workbench, web: AppWeb, marker: string): Promise<void> {
  if (existsSync(marker)) return;
  const total = Math.ceil(OBSERVATIONS / BATCH);
  let next = 0;
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      while (next < total) {
        const id = `batch ${next++}`;
        await store.add({ id, observations: web.take(BATCH) });
      }
    }),
  );
  await settle(store);
  await writeFile(marker, '');
}

/** Kinds of queries, which follow one another. */
const QUERY_KINDS = 11;

/** Waits until no merge is under way, and none begins for a while. */
async function settle(store: Workbench['store']): Promise<void> {
  await sleep(MERGES_BEGIN_MS);
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  for (let quiet = 0; quiet < QUIET_LOOKS && performance.now() < deadline; await sleep(1_000))
    quiet = (await store.status()).merges === 0 ? quiet + 1 : 0;
}

interface Times {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** In their order. */
  readonly allMs: readonly number[];
}

async function timed(work: (nth: number) => Promise<unknown>): Promise<Times> {
  for (let warm = 0; warm < 10; warm++) await work(warm);
  const times: number[] = [];
  for (let nth = 0; nth < ASKED; nth++) {
    const startedMs = performance.now();
    await work(nth);
    times.push(performance.now() - startedMs);
  }
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), allMs: times };
}

function quantile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * share)]!;
}

/** The slowest of each kind but one in ten. */
function kindsOf({ allMs }: Times): string {
  const kinds = Array.from({ length: QUERY_KINDS }, (_, kind) =>
    quantile(
      allMs.filter((_ms, nth) => nth % QUERY_KINDS === kind),
      0.9,
    ).toFixed(0),
  );
  return `  p90 of each of the ${QUERY_KINDS} queries: ${kinds.join(', ')}`;
}

function report(
  observations: number,
  { suggest, artifact, facet, query }: Readonly<Record<'suggest' | 'artifact' | 'facet' | 'query', Times>>,
  inBrowser: BrowserFigures | undefined,
): BenchResult {
  const row = (what: string, { p50Ms, p95Ms }: Times, limitMs: number): string =>
    `${what.padEnd(44)} ${p50Ms.toFixed(0).padStart(6)} ${p95Ms.toFixed(0).padStart(6)} ${String(limitMs).padStart(6)}`;
  return {
    figures: {
      observations,
      suggestP95Ms: suggest.p95Ms,
      artifactP95Ms: artifact.p95Ms,
      facetP95Ms: facet.p95Ms,
      queryP95Ms: query.p95Ms,
      ...inBrowser,
    },
    text: [
      `over HTTP, ${(observations / 1e6).toFixed(1)} M observations             p50 ms p95 ms  limit`,
      row('suggestions while typing', suggest, 100),
      row('page of an artifact with 100,000 rows', artifact, 300),
      row('click on a facet there', facet, 300),
      row('query with three ANDs', query, 500),
      kindsOf(query),
      '',
      ...browserRows(inBrowser),
    ].join('\n'),
  };
}

function browserRows(figures: BrowserFigures | undefined): string[] {
  if (figures === undefined) return ['in a browser: there is none here, or the app is not built'];
  const { graphFps, graphSlowestMs, graphLayoutMs, firstLoadKb } = figures;
  return [
    'in Chromium                                   found      limit',
    `frames/s while a graph of 5,000 nodes is dragged ${graphFps.toFixed(0).padStart(6)}     ≥ 30`,
    `longest time between two of them, ms             ${graphSlowestMs.toFixed(0).padStart(6)}`,
    `until its layout rests, s                        ${(graphLayoutMs / 1_000).toFixed(1).padStart(6)}`,
    `script of the first load, compressed, kB         ${firstLoadKb.toFixed(0).padStart(6)}    ≤ 350`,
  ];
}
