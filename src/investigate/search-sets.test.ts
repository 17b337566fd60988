import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DatasetId, Observation } from '#model';
import { compareKeys, matchKeyOf, openObservationStore, type ObservationStore } from '#store';
import { search, type SearchPage } from './search.ts';

/** More than one round of the most selective of popular conditions looks at. */
const HOSTS = 4_000;
const QUERIES = 30;
const NOW = Date.parse('2018-01-01T00:00:00Z');

let directory: string;
let store: ObservationStore;

/** In [0, 1), mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-sets-'));
  store = await openObservationStore({ directory });
  const next = random(1);
  const observations = Array.from({ length: HOSTS }, (_, index) => {
    const host = `www.site${index}.${['com', 'net', 'co.uk'][index % 3]!}`;
    const fact = (dataset: DatasetId, label: string, target: string, detail: object = {}): Observation => ({
      dataset,
      source: host,
      label,
      target,
      seenAt: new Date(Date.UTC(2017, 0, 1 + Math.floor(next() * 360))).toISOString(),
      detail: { isObserved: next() < 0.7, ...detail },
      evidence: { exchange: 0 },
    });
    const some: Observation[] = [];
    const popular = (dataset: DatasetId, label: string, values: readonly string[]): void => {
      for (const value of values)
        // Seen once or several times, so that rows of an edge differ.
        for (let times = Math.floor(next() * 3); times > 0; times--) some.push(fact(dataset, label, value));
    };
    popular('components', 'Server', ['nginx', 'Apache']);
    popular('components', 'CMS', ['WordPress']);
    popular('host-pairs', index % 2 === 0 ? 'img.src' : 'script.src', ['cdn.example.org', 'ads.example.org']);
    some.push(fact('trackers', 'GoogleTagManagerId', `GTM-${Math.floor(500 * next() ** 3)}`));
    some.push(fact('cookies', host, 'session', { secure: next() < 0.5, httpOnly: false, setter: 'header' }));
    some.push(fact('resolutions', 'A', `192.0.${index % 200}.${1 + (index % 7)}`));
    return some;
  }).flat();
  // In two batches, so that rows of an edge lie in different parts.
  await store.add({ id: 'a', observations: observations.filter((_, index) => index % 2 === 0) });
  await store.add({ id: 'b', observations: observations.filter((_, index) => index % 2 === 1) });
});

after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** All answers, page by page. */
async function answers(query: string, limit: number): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | undefined;
  do {
    const page: SearchPage = await search(store, {
      query,
      limit,
      cursor,
      now: () => NOW,
      timeMs: 300_000, // the machine may be slow
    });
    assert.deepEqual(page.limits, [], query);
    keys.push(...page.hits.map(({ artifact }) => matchKeyOf(artifact)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return keys;
}

const TERMS = [
  'component:nginx',
  'component:Apache',
  'component:WordPress',
  'child:cdn.example.org',
  'child:ads.example.org',
  'child:*.example.org',
  'pair.cause:img.src',
  'tracker:GTM-0',
  'tracker:GTM-1*',
  'tracker:*7',
  'cookie.secure:true',
  'ip:192.0.16.0/20',
  'domain:com',
  'domain:co.uk',
  'host:*site1*',
  'host:www.site2*',
  'site3',
];
const SCOPES = [
  '',
  '',
  'last:200d',
  'last:2017-03..2017-08',
  'first:<2017-05',
  'seen:2017-06',
  'observed:true',
  'count:>1',
];

test('conditions joined by AND, OR and NOT answer what the sets of each give, whatever pages they come in', async () => {
  const next = random(2);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
  const alone = new Map<string, Promise<Set<string>>>();
  const setOf = (term: string, scope: string): Promise<Set<string>> => {
    const query = `${term} ${scope}`;
    const known = alone.get(query) ?? answers(query, 500).then((keys) => new Set(keys));
    alone.set(query, known);
    return known;
  };
  let found = 0;
  for (let nth = 0; nth < QUERIES; nth++) {
    const scope = pick(SCOPES);
    const terms = Array.from({ length: 2 + Math.floor(next() * 3) }, () => pick(TERMS));
    const [either, other] = next() < 0.3 ? [pick(TERMS), pick(TERMS)] : [];
    const taken = next() < 0.5 ? pick(TERMS) : undefined;
    const query = [
      ...terms,
      ...(either === undefined ? [] : [`(${either} OR ${other})`]),
      ...(taken === undefined ? [] : [`NOT ${taken}`]),
      scope,
    ].join(' ');
    const sets = await Promise.all(terms.map((term) => setOf(term, scope)));
    if (either !== undefined) {
      const [a, b] = await Promise.all([setOf(either, scope), setOf(other!, scope)]);
      sets.push(new Set([...a, ...b]));
    }
    const out = taken === undefined ? new Set<string>() : await setOf(taken, scope);
    const expected = [...sets[0]!].filter((key) => sets.every((set) => set.has(key)) && !out.has(key));
    assert.deepEqual(await answers(query, pick([113, 500])), expected.sort(compareKeys), query);
    found += expected.length;
  }
  assert.ok(found > 1_000, `${found} answers were compared`);
});

test('a query of many terms is answered, or refused as too broad', async () => {
  const many = (count: number, term: (nth: number) => string): string[] =>
    Array.from({ length: count }, (_, nth) => term(nth));
  const nested = many(9, (nth) => `(component:nginx OR (tracker:GTM-${nth} `).join('');
  for (const query of [
    many(200, (nth) => (nth % 2 === 0 ? 'component:nginx' : 'child:cdn.example.org')).join(' AND '),
    `component:nginx ${many(100, (nth) => `-tracker:GTM-${nth}`).join(' ')}`,
    `component:nginx (${many(100, (nth) => `tracker:GTM-${nth}`).join(' OR ')}) last:200d`,
    many(60, () => '(component:nginx OR component:Apache)').join(' '),
    `${many(40, (nth) => `(host:*${nth % 10}* OR tracker:GTM-1)`).join(' ')} last:300d`,
    `${nested} component:nginx${'))'.repeat(9)} last:300d`,
  ])
    try {
      const { hits } = await search(store, { query, limit: 5, now: () => NOW });
      assert.ok(hits.length <= 5);
    } catch (error) {
      assert.equal(
        (error as { code?: string }).code,
        'query-too-broad',
        `${query.slice(0, 80)}: ${String(error)}`,
      );
    }
});
