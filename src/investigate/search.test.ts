import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DatasetId, Observation } from '#model';
import { openObservationStore, type ObservationStore } from '#store';
import { QueryError } from './query/query-error.ts';
import { search, type SearchOptions, type SearchPage } from './search.ts';

let directory: string;
let store: ObservationStore;

const NOW = Date.parse('2017-12-01T00:00:00Z');
/** The machine may be slow: no answer is cut for that. */
const PATIENCE_MS = 300_000;

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
  seenAt: `${day}T00:00:00.000Z`,
  detail,
  evidence: { exchange: 0 },
});

const SHOPS = Array.from({ length: 30 }, (_, index) => `www.shop${index}.example.com`);
const subject = (text: string) => ({
  subject: text,
  issuer: 'CN=Test CA',
  notBefore: '2017-01-01T00:00:00.000Z',
  notAfter: '2018-01-01T00:00:00.000Z',
  serial: '01',
  sha1: 'ab',
});

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-search-'));
  store = await openObservationStore({ directory });
  await store.add({
    id: 'world',
    observations: [
      ...SHOPS.map((shop) =>
        fact('components', shop, 'Server', 'nginx', '2017-01-05', { version: '1.10.3' }),
      ),
      ...SHOPS.map((shop) => fact('host-pairs', shop, 'script.src', 'cdn.example.net', '2017-01-05')),
      ...SHOPS.slice(0, 10).map((shop) => fact('trackers', shop, 'GoogleTagManagerId', 'GTM-SHOP1')),
      fact('components', 'fake.org', 'Server', 'nginx', '2017-11-16', { version: '1.12.0' }),
      fact('components', 'other.org', 'Server', 'Apache'),
      fact('trackers', 'fake.org', 'GoogleTagManagerId', 'GTM-EVIL9', '2017-11-16'),
      fact('trackers', 'www.other.org', 'GoogleTagManagerId', 'GTM-EVIL9', '2017-11-20'),
      fact('trackers', 'www.shop1.example.com', 'GoogleTagManagerId', 'GTM-EVIL9'),
      fact('host-pairs', 'fake.org', 'img.src', 'bitcoingold.org'),
      fact('host-pairs', 'fake.org', 'script.src', 'static.bitcoingold.org'),
      fact('host-pairs', 'xn--bitcingold-hcb.org', 'link.href', 'bitcoingold.org', '2017-11-16'),
      fact('host-pairs', 'www.other.org', 'a.href', 'bitcoingold.org', '2017-06-01', { isObserved: false }),
      fact('resolutions', 'fake.org', 'A', '203.0.113.9'),
      fact('resolutions', 'other.org', 'A', '203.0.114.9'),
      fact('resolutions', 'other.org', 'AAAA', '2001:db8::9'),
      fact(
        'certificates',
        'fake.org',
        'leaf',
        'c'.repeat(64),
        '2017-11-10',
        subject('CN=fake.org, O=Evil Ltd'),
      ),
      fact('cookies', 'fake.org', '.fake.org', 'PHPSESSID', '2017-11-10', {
        secure: false,
        httpOnly: true,
        setter: 'header',
      }),
      fact('files', 'fake.org', 'download', 'e'.repeat(64), '2017-11-10', {
        url: 'https://fake.org/x.exe',
        name: 'x.exe',
        sizeBytes: 4_096,
      }),
      fact('fingerprints', 'fake.org', 'title', 'Bitcoin Gold: a "free" wallet', '2017-11-10', {}),
      fact('mirror-stamps', 'copy.net', 'HTTrack', 'electrum.org', '2017-11-17', { stamp: 's' }),
      fact('mentions', 'mail-1@sender.example', 'text', 'https://fake.org/wallet', '2017-11-11', {}),
    ],
  });
  // Seen again: counts grow.
  for (const day of ['2017-11-12', '2017-11-13'])
    await store.add({
      id: day,
      observations: [fact('host-pairs', 'fake.org', 'img.src', 'bitcoingold.org', day)],
    });
});

after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const ask = (query: string, options: Partial<SearchOptions> = {}): Promise<SearchPage> =>
  search(store, { query, now: () => NOW, timeMs: PATIENCE_MS, ...options });
const values = async (query: string): Promise<string[]> =>
  (await ask(query)).hits.map(({ artifact }) => artifact.value);

const CASES: readonly (readonly [query: string, expected: readonly string[]])[] = [
  ['tracker:GTM-EVIL9', ['www.shop1.example.com', 'fake.org', 'www.other.org']],
  ['tracker:gtm-evil9', ['www.shop1.example.com', 'fake.org', 'www.other.org']],
  ['tracker:GTM-EVIL9 AND component:nginx NOT host:*.example.com last:90d', ['fake.org']],
  ['tracker:GTM-EVIL9 component:nginx', ['www.shop1.example.com', 'fake.org']],
  ['tracker:GTM-EVIL9 -domain:example.com', ['fake.org', 'www.other.org']],
  ['tracker:(GTM-EVIL9 OR GTM-NONE) component:NGINX', ['www.shop1.example.com', 'fake.org']],
  ['tracker:GTM-EV*', ['www.shop1.example.com', 'fake.org', 'www.other.org']],
  ['tracker:*EVIL?', ['www.shop1.example.com', 'fake.org', 'www.other.org']],
  ['child:bitcoingold.org', ['fake.org', 'www.other.org', 'xn--bitcingold-hcb.org']],
  ['child:"bitcoingold.org" pair.cause:script.src', ['fake.org']],
  ['pair(child:bitcoingold.org cause:img.src)', ['fake.org']],
  ['pair(child:"bitcoingold.org" cause:script.src)', []],
  ['child:static.bitcoingold.org', ['fake.org']],
  ['child:*.bitcoingold.org', ['fake.org']],
  ['child:bitcoin*', ['fake.org', 'www.other.org', 'xn--bitcingold-hcb.org']],
  ['child:bitcoingold.org count:>2', ['fake.org']],
  ['pair(child:bitcoingold.org count:1)', ['fake.org', 'www.other.org', 'xn--bitcingold-hcb.org']],
  ['child:bitcoingold.org observed:false', ['www.other.org']],
  ['child:bitcoingold.org observed:true', ['fake.org', 'xn--bitcingold-hcb.org']],
  ['parent:fake.org', ['bitcoingold.org', 'static.bitcoingold.org']],
  ['parent(value:fake.org cause:img.src)', ['bitcoingold.org']],
  ['child:bitcoingold.org last:2017-06', ['www.other.org']],
  ['child:bitcoingold.org asof:2017-11-11', ['fake.org']],
  ['child:bitcoingold.org first:>=2017-11-16', ['xn--bitcingold-hcb.org']],
  ['child:bitcoingold.org seen:..2017-10', ['www.other.org']],
  ['child:bitcoingold.org NOT last:90d', ['www.other.org']],
  ['ip:203.0.113.0/24', ['fake.org']],
  ['203.0.112.0/22', ['fake.org', 'other.org']],
  ['ip:2001:db8::/32', ['other.org']],
  ['ip:203.0.113.9', ['fake.org']],
  ['203.0.113.9', ['203.0.113.9', 'fake.org']],
  ['dns.record:aaaa', ['other.org']],
  ['cert.subject:*evil*', ['fake.org']],
  ['cert.notAfter:2018', ['fake.org']],
  ['cert.notAfter:..2017', []],
  ['cookie:phpsessid cookie.secure:false', ['fake.org']],
  ['cookie.secure:true', []],
  ['file.sizeBytes:>4000', ['fake.org']],
  ['file.sizeBytes:4097..', []],
  ['file.name:*.exe', ['fake.org']],
  [`hash:${'E'.repeat(64)}`, ['fake.org']],
  ['e'.repeat(64), ['fake.org']],
  ['component(value:nginx version:1.12.0)', ['fake.org']],
  ['title:"Bitcoin Gold: a \\"free\\" wallet"', ['fake.org']],
  ['title:*wallet*', ['fake.org']],
  ['mirror-of:electrum.org', ['copy.net']],
  ['mirrored-by:copy.net', ['electrum.org']],
  ['stamp.tool:httrack', ['copy.net']],
  ['mention:fake.org', ['mail-1@sender.example']],
  [
    'mention:fake.org OR child:bitcoingold.org',
    ['fake.org', 'www.other.org', 'xn--bitcingold-hcb.org', 'mail-1@sender.example'],
  ],
  ['other.org', ['other.org', 'www.other.org']],
  ['host:other.org', ['other.org']],
  ['host:*.other.org', ['www.other.org']],
  ['host:*other*', ['other.org', 'www.other.org']],
  ['other[.]org', ['other.org', 'www.other.org']],
  ['other(.)org component:Apache', ['other.org']],
  ['hxxps://fake[.]org/wallet', ['fake.org', 'mail-1@sender.example']],
  ['bitcöingold.org', ['xn--bitcingold-hcb.org']],
  ['xn--bitcingold-hcb.org', ['xn--bitcingold-hcb.org']],
  ['host:bitcö*', ['xn--bitcingold-hcb.org']],
  ['bitcoing', ['bitcoingold.org', 'static.bitcoingold.org']],
  ['GTM-EVIL9', ['www.shop1.example.com', 'fake.org', 'www.other.org']],
  ['nginx fake.org', ['fake.org']],
  ['fake.org, other.org', ['fake.org', 'other.org', 'www.other.org']],
  ['fake.org\nhxxp://copy[.]net/', ['copy.net', 'fake.org']],
  ['(tracker:GTM-EVIL9 OR mirror-of:electrum.org) NOT (component:nginx OR host:w*)', ['copy.net']],
  ['NOT component:nginx AND NOT host:www.* AND tracker:GTM-EVIL9', []],
  ['tracker:GTM-NOBODY', []],
  ['domain:nowhere.example', []],
  ['', []],
];

test('the query language finds what it says', async () => {
  for (const [query, expected] of CASES) assert.deepEqual(await values(query), expected, query);
});

test('each hit says why it is one, and how rare that is', async () => {
  const { hits, total } = await ask('tracker:GTM-EVIL9 AND component:nginx AND host:fake.*');
  assert.deepEqual(total, { count: 1, isExact: true });
  const [hit] = hits;
  assert.deepEqual(hit!.artifact, { type: 'domain', value: 'fake.org' });
  assert.equal(hit!.rarest, 3);
  assert.equal(hit!.firstSeen, '2017-11-16T00:00:00.000Z');
  const why = hit!.why.map(({ term, by, edges }) => [
    term.text,
    by,
    edges.map(({ target, shared }) => [target, shared]),
  ]);
  assert.deepEqual(why, [
    ['tracker:GTM-EVIL9', 'edges', [['GTM-EVIL9', 3]]],
    ['component:nginx', 'edges', [['nginx', 31]]],
    ['host:fake.*', 'name', []],
  ]);
});

test('pages follow one another without gap or overlap, in every order', async () => {
  for (const sort of ['name', 'lastSeen', 'firstSeen', 'rarity'] as const) {
    const all = (await ask('component:nginx', { sort, limit: 100 })).hits.map(
      ({ artifact }) => artifact.value,
    );
    assert.equal(all.length, 31, sort);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page: SearchPage = await ask('component:nginx', { sort, limit: 7, cursor });
      paged.push(...page.hits.map(({ artifact }) => artifact.value));
      cursor = page.cursor;
    } while (cursor !== undefined);
    assert.deepEqual(paged, all, sort);
  }
  const { cursor } = await ask('component:nginx', { limit: 7 });
  await assert.rejects(ask('component:apache', { limit: 7, cursor }), { code: 'bad-cursor' });
});

const WRONG: readonly (readonly [query: string, place: string, says: RegExp])[] = [
  ['trakcer:x', 'trakcer', /no field “trakcer”.*/],
  ['a AND', 'AND', /nothing behind AND/],
  ['OR a', 'OR', /nothing before OR/],
  ['(a', '(', /never closed/],
  ['a)', ')', /never opened/],
  ['()', ')', /nothing before/],
  ['tracker:"x', '"x', /quotation mark/],
  ['tracker: x', 'tracker:', /no value/],
  ['NOT tracker:x', 'NOT tracker:x', /NOT alone/],
  ['pair.cause:imgsrc', 'pair.cause:imgsrc', /never “imgsrc”/],
  ['child:a_b..c/d', 'child:a_b..c/d', /no host name/],
  ['last:yesterday', 'last:yesterday', /no time/],
  ['last:2018..2017', 'last:2018..2017', /no time/],
  ['child:x.org count:many', 'count:many', /no number/],
  ['count:>1', 'count:>1', /not what/],
  ['pair(tracker:x)', 'tracker:x', /nothing that pair/],
  ['pair(child:a.org OR child:b.org)', 'child:a.org OR child:b.org', /one edge/],
  ['nonsense(a)', 'nonsense', /no dataset/],
  ['tracker:>5', 'tracker:>5', /compares numbers/],
  ['x '.repeat(201), 'x', /more than 200 terms/],
  ['('.repeat(50), '(', /deep/],
  ['NOT '.repeat(500) + 'a', 'NOT', /deep/],
];

test('a query that says nothing askable is refused, with the place and what to write', async () => {
  for (const [query, place, says] of WRONG)
    await assert.rejects(ask(query), (error: unknown) => {
      assert.ok(error instanceof QueryError, `${query.slice(0, 40)}: ${String(error)}`);
      assert.match(error.message, says);
      assert.equal(query.slice(error.start, error.end), place, query.slice(0, 40));
      assert.ok((error.advice ?? '').length > 10);
      return true;
    });
});

test('every example of the documentation can be asked', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/query-language.md'), 'utf8');
  const examples = Array.from(page.matchAll(/```query\n([^`]*)```/g), ([, lines]) =>
    lines!.trim().split('\n'),
  ).flat();
  assert.ok(examples.length > 10);
  for (const example of examples) await ask(example);
});

test('whatever is typed is answered or refused with its place, soon', async () => {
  let state = 1;
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  const pieces = [
    '(',
    ')',
    '"',
    '\\',
    'AND ',
    ' OR ',
    'NOT ',
    '-',
    '*',
    '?',
    ':',
    'tracker:',
    'pair(',
    'last:',
    '..',
    '>',
    '1',
    'a',
    'fake.org',
    '[.]',
    "'; DROP TABLE edges_fwd; --",
    '\u202e',
    '\u0001',
    '{b0:String}',
    '%',
    '_',
    'ö',
    '__proto__',
    'constructor:',
  ];
  for (let nth = 0; nth < 300; nth++) {
    const query = Array.from({ length: 1 + random(12) }, () => pieces[random(pieces.length)]!).join('');
    try {
      await ask(query);
    } catch (error) {
      assert.ok(error instanceof QueryError, `${query}: ${String(error)}`);
      assert.ok(error.start >= 0 && error.end >= error.start && error.end <= query.length, query);
    }
  }
  for (const query of [
    '('.repeat(8_192),
    'a'.repeat(9_000),
    '"'.repeat(8_191),
    '*'.repeat(8_000),
    'x:'.repeat(4_000),
  ])
    await ask(query).catch((error: unknown) => assert.ok(error instanceof QueryError, String(error)));
});
