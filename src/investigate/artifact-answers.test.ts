import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hostArtifact, type DatasetId, type Host, type Observation } from '#model';
import { openObservationStore, type ObservationStore } from '#store';
import { facets } from './facets.ts';
import { graph } from './graph.ts';
import { pivot } from './pivot.ts';
import { namesIn, recognise } from './recognise.ts';
import { suggest, type GivenNames } from './suggest.ts';

let directory: string;
let store: ObservationStore;

const fact = (
  dataset: DatasetId,
  source: string,
  label: string,
  target: string,
  day = '2017-11-10',
  detail: Observation['detail'] = { isObserved: true },
): Observation => ({
  dataset,
  source,
  label,
  target,
  seenAt: `${day}T12:00:00.000Z`,
  detail,
  evidence: { exchange: 0 },
});

const COPIES = [
  'a.copy.co.uk',
  'b.copy.co.uk',
  'www.other.co.uk',
  'x.example.com',
  'y.example.com',
  'brand.org',
];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-answers-'));
  store = await openObservationStore({ directory });
  await store.add({
    id: 'world',
    observations: [
      ...COPIES.map((host, index) =>
        fact(
          'host-pairs',
          host,
          index % 2 === 0 ? 'img.src' : 'script.src',
          'brand.org',
          `2017-11-1${index}`,
        ),
      ),
      fact('host-pairs', '203.0.113.9', 'a.href', 'brand.org', '2017-12-01', { isObserved: false }),
      ...Array.from({ length: 40 }, (_, index) =>
        fact('trackers', `shop${index}.net`, 'GoogleTagManagerId', 'GTM-ALL'),
      ),
      fact('trackers', 'x.example.com', 'GoogleTagManagerId', 'GTM-ALL'),
      fact('trackers', 'x.example.com', 'GoogleTagManagerId', 'GTM-RARE'),
      fact('trackers', 'hidden.ru', 'GoogleTagManagerId', 'GTM-RARE'),
      fact('components', 'x.example.com', 'Server', 'nginx', '2017-11-10', { version: '1.10' }),
      fact('components', 'x.example.com', 'Server', 'nginx', '2017-11-12', { version: '1.12' }),
      fact('cookies', 'x.example.com', '.example.com', 'sid', '2017-11-10', {
        secure: true,
        httpOnly: false,
        setter: 'header',
      }),
      fact('cookies', 'x.example.com', '.example.com', 'lang', '2017-11-10', {
        secure: false,
        httpOnly: false,
        setter: 'header',
      }),
      fact('host-pairs', 'www.xn--bitcingold-hcb.org', 'img.src', 'bitcoingold.org'),
    ],
  });
});

after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const parents = { dataset: 'host-pairs', direction: 'reverse', value: 'brand.org' } as const;
const valuesOf = (found: Awaited<ReturnType<typeof facets>>, field: string) =>
  Object.fromEntries(
    found.facets.find((facet) => facet.field === field)!.values.map(({ value, count }) => [value, count]),
  );

test('edges are counted by label, registrable domain and what was observed', async () => {
  const found = await facets(store, parents);
  assert.equal(found.total, 7);
  assert.deepEqual(valuesOf(found, 'label'), { 'img.src': 3, 'script.src': 3, 'a.href': 1 });
  assert.deepEqual(valuesOf(found, 'domain'), {
    'copy.co.uk': 2,
    'example.com': 2,
    '203.0.113.9': 1,
    'brand.org': 1,
    'other.co.uk': 1,
  });
  assert.deepEqual(valuesOf(found, 'isObserved'), { true: 6, false: 1 });
});

test('filters combine; the one of a facet leaves its own values to choose from', async () => {
  const found = await facets(store, {
    ...parents,
    labels: ['img.src'],
    within: ['example.com' as Host, 'copy.co.uk' as Host],
  });
  assert.equal(found.total, 2);
  assert.deepEqual(valuesOf(found, 'label'), { 'img.src': 2, 'script.src': 2 });
  assert.deepEqual(valuesOf(found, 'domain'), { 'copy.co.uk': 1, 'example.com': 1, 'other.co.uk': 1 });
  const foreign = await facets(store, {
    ...parents,
    foreignTo: ['brand.org' as Host],
    seenFrom: '2017-11-13',
  });
  assert.equal(foreign.total, 3);
  const { edges } = await pivot(store, { ...parents, labels: ['img.src'], within: ['co.uk' as Host] });
  assert.deepEqual(
    edges.map(({ source }) => source),
    ['a.copy.co.uk', 'www.other.co.uk'],
  );
  assert.deepEqual(
    (await pivot(store, { ...parents, isObserved: false })).edges.map(({ source }) => source),
    ['203.0.113.9'],
  );
});

test('details are counted and filtered by, versions among them', async () => {
  const components = { dataset: 'components', direction: 'forward', value: 'example.com' } as const;
  assert.deepEqual(valuesOf(await facets(store, components), 'detail.version'), { '1.10': 1, '1.12': 1 });
  const version = { field: 'version', values: ['1.12'] };
  assert.equal((await facets(store, { ...components, details: [version] })).total, 1);
  const cookies = { dataset: 'cookies', direction: 'forward', value: 'x.example.com' } as const;
  const found = await facets(store, { ...cookies, details: [{ field: 'secure', values: ['true'] }] });
  assert.equal(found.total, 1);
  assert.deepEqual(valuesOf(found, 'detail.secure'), { true: 1, false: 1 });
  assert.deepEqual(valuesOf(found, 'detail.httpOnly'), { false: 1 });
});

test('a heat map says what was first and last seen when', async () => {
  const days = await store.heatmap({ value: 'brand.org', by: 'day', from: '2017-11-12', to: '2017-11-13' });
  assert.deepEqual(days, [
    { at: '2017-11-12', dataset: 'host-pairs', direction: 'reverse', first: 1, last: 1 },
    { at: '2017-11-13', dataset: 'host-pairs', direction: 'reverse', first: 1, last: 1 },
  ]);
  const months = await store.heatmap({ value: 'brand.org', by: 'month', datasets: ['host-pairs'] });
  assert.deepEqual(
    months.map(({ at, direction, first }) => [at, direction, first]),
    [
      ['2017-11-01', 'forward', 1],
      ['2017-11-01', 'reverse', 6],
      ['2017-12-01', 'reverse', 1],
    ],
  );
});

test('a graph draws what is rare, names what everybody shares, and joins what meets', async () => {
  const drawn = await graph(store, { seeds: [hostArtifact('x.example.com')], steps: 2, hideAbove: 10 });
  const ids = drawn.nodes.map(({ artifact }) => artifact.value);
  assert.ok(
    ids.includes('GTM-RARE') && ids.includes('hidden.ru') && ids.includes('brand.org'),
    ids.join(' '),
  );
  assert.ok(!ids.includes('GTM-ALL'));
  assert.deepEqual(drawn.hidden, [
    { artifact: { type: 'tracker', value: 'GTM-ALL' }, dataset: 'trackers', shared: 41 },
  ]);
  const known = new Set(drawn.nodes.map(({ id }) => id));
  for (const { from, to } of drawn.edges) assert.ok(known.has(from) && known.has(to));
  const edge = drawn.edges.find(({ to }) => to === '~tracker~GTM-RARE' && drawn.edges.length > 0);
  assert.equal(edge?.shared, 2);
  assert.equal(new Set(drawn.edges.map((each) => JSON.stringify(each))).size, drawn.edges.length);
  const small = await graph(store, { seeds: [hostArtifact('brand.org')], limit: 3, each: 5 });
  assert.equal(small.nodes.length, 3);
  assert.ok(small.isCut && small.more.length > 0);
});

const NOBODY: GivenNames = {
  searches: async () => [{ name: 'GTM of the week', query: 'tracker:GTM-RARE' }],
  projects: async (start) =>
    ['Bitcoin lures'].filter((name) => name.toLowerCase().startsWith(start.toLowerCase())),
  tags: async () => [],
};

test('suggestions: fields, values from either end, searches, projects, each with its place', async () => {
  const at = async (query: string, caret?: number): Promise<string[]> =>
    (await suggest(store, NOBODY, { query, caret })).map(
      ({ insert, start, end }) => query.slice(0, start) + insert + query.slice(end),
    );
  const has = async (query: string, expected: string): Promise<void> =>
    assert.ok((await at(query)).includes(expected), `${query}: ${(await at(query)).join(' | ')}`);
  await has('trac', 'tracker:');
  await has('tracker:gtm-r', 'tracker:GTM-RARE');
  await has('component:nginx tracker:GTM-R', 'component:nginx tracker:GTM-RARE');
  await has('host:x.exam', 'host:x.example.com');
  await has('other.co', 'www.other.co.uk');
  await has('bitcöin', 'www.xn--bitcingold-hcb.org');
  await has('child:bitcoingold[.]o', 'child:bitcoingold.org');
  await has('pair.cause:img', 'pair.cause:img.src');
  await has('pair(cause:script.s', 'pair(cause:script.src');
  await has('project:bit', 'project:"Bitcoin lures"');
  await has('GTM', 'tracker:GTM-RARE');
  assert.ok((await at('tracker:GTM-R component:nginx', 13)).includes('tracker:GTM-RARE component:nginx'));
  for (const query of ['', '(', '"', 'x'.repeat(8_000), '\u202e\u0001', 'tracker:"', ':', 'a:b:c', '*', '%'])
    await at(query);
});

test('a pasted list or report: every artifact once, with its kind and whether it is known', async () => {
  const text = `See hxxps://x[.]example[.]com/path?a=1, e.g. some.words.
brand[.]org, BRAND.ORG; GTM-RARE
203.0.113.9
www.bitcöingold.org
mail me: abuse@other.co.uk (md5 ${'a'.repeat(32)}) GTM-RARE
unknown-host.example
2001:db8::1 is an address`;
  const found = await recognise(store, text, namesIn(text, []));
  const known = Object.fromEntries(
    found.map(({ artifact, isKnown }) => [`${artifact.type} ${artifact.value}`, isKnown]),
  );
  for (const [artifact, isKnown] of [
    ['url https://x.example.com/path?a=1', true],
    ['domain some.words', undefined],
    ['domain unknown-host.example', false],
    ['domain brand.org', true],
    ['ip 203.0.113.9', true],
    ['host www.xn--bitcingold-hcb.org', true],
    ['mail abuse@other.co.uk', false],
    [`hash ${'a'.repeat(32)}`, false],
    ['ip 2001:db8::1', false],
  ] as const)
    assert.equal(known[artifact], isKnown, `${artifact} in ${JSON.stringify(known)}`);
  for (const { written, start, end } of found) assert.equal(text.slice(start, end), written);
});
