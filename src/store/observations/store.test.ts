import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Host, Observation } from '#model';
import { MAX_BATCH } from './batch.ts';
import { openObservationStore, type ObservationStore } from './store.ts';
import type { EdgeQuery } from './edges.ts';

let directory: string;
let store: ObservationStore;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-store-'));
  store = await openObservationStore({ directory });
});

after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function pair(source: string, target: string, fields: Partial<Observation> = {}): Observation {
  return {
    dataset: 'host-pairs',
    source,
    label: 'script.src',
    target,
    seenAt: '2017-11-10T10:00:00.000Z',
    detail: { isObserved: true },
    evidence: { exchange: 0, line: 3 },
    ...fields,
  };
}

async function allEdges(query: EdgeQuery) {
  const edges = [];
  let cursor: string | undefined;
  do {
    const page = await store.edges({ ...query, cursor });
    edges.push(...page.edges);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return edges;
}

test('an edge is found from both sides, with its life span, count and latest evidence', async () => {
  await store.add({ id: 'a-1', observations: [pair('clone.example', 'genuine.example')] });
  await store.add({
    id: 'a-2',
    observations: [
      pair('clone.example', 'genuine.example', {
        seenAt: '2017-11-17T03:27:29.000Z',
        evidence: { exchange: 7, line: 9 },
      }),
    ],
  });
  for (const query of [
    { direction: 'forward', value: 'clone.example' },
    { direction: 'reverse', value: 'genuine.example' },
  ] as const) {
    const { edges } = await store.edges({ dataset: 'host-pairs', ...query });
    assert.equal(edges.length, 1);
    const { source, target, label, firstSeen, lastSeen, count, evidence } = edges[0]!;
    assert.deepEqual(
      { source, target, label, firstSeen, lastSeen, count, evidence },
      {
        source: 'clone.example',
        target: 'genuine.example',
        label: 'script.src',
        firstSeen: '2017-11-10T10:00:00.000Z',
        lastSeen: '2017-11-17T03:27:29.000Z',
        count: 2,
        evidence: { exchange: 7, line: 9 },
      },
    );
  }
});

test('a batch stored again adds nothing', async () => {
  const batch = { id: 'b-1', observations: [pair('once.example', 'twice.example')] };
  await store.add(batch);
  await store.add(batch);
  const { edges } = await store.edges({
    dataset: 'host-pairs',
    direction: 'reverse',
    value: 'twice.example',
  });
  assert.deepEqual(
    edges.map(({ count }) => count),
    [1],
  );
});

test('a domain includes what is below it, and nothing that only ends alike', async () => {
  const targets = [
    'brand.example',
    'www.brand.example',
    'a.b.brand.example',
    'notbrand.example',
    'brand.example.evil.example',
  ];
  await store.add({ id: 'c-1', observations: targets.map((target) => pair('page.example', target)) });
  const found = await allEdges({ dataset: 'host-pairs', direction: 'reverse', value: 'brand.example' });
  assert.deepEqual(found.map(({ target }) => target).sort(), [
    'a.b.brand.example',
    'brand.example',
    'www.brand.example',
  ]);
  const alone = await allEdges({
    dataset: 'host-pairs',
    direction: 'reverse',
    value: 'brand.example',
    withSubdomains: false,
  });
  assert.deepEqual(
    alone.map(({ target }) => target),
    ['brand.example'],
  );
});

test('filters: labels, observed, overlap of life spans, foreign hosts, text', async () => {
  const at = (day: string) => `2020-01-${day}T00:00:00.000Z`;
  await store.add({
    id: 'd-1',
    observations: [
      pair('one.example', 'hub.example', { seenAt: at('01') }),
      pair('two.example', 'hub.example', { seenAt: at('10'), label: 'img.src' }),
      pair('www.hub.example', 'hub.example', { seenAt: at('20') }),
      pair('named.example', 'hub.example', {
        seenAt: at('20'),
        label: 'a.href',
        detail: { isObserved: false },
      }),
    ],
  });
  const sources = async (filter: Partial<EdgeQuery>) =>
    (await allEdges({ dataset: 'host-pairs', direction: 'reverse', value: 'hub.example', ...filter }))
      .map(({ source }) => source)
      .sort();
  assert.deepEqual(await sources({ labels: ['img.src'] }), ['two.example']);
  assert.deepEqual(await sources({ isObserved: true }), ['one.example', 'two.example', 'www.hub.example']);
  assert.deepEqual(await sources({ seenFrom: '2020-01-05', seenTo: '2020-01-15' }), ['two.example']);
  assert.deepEqual(await sources({ foreignTo: ['hub.example' as Host] }), [
    'named.example',
    'one.example',
    'two.example',
  ]);
  assert.deepEqual(await sources({ contains: 'www.h' }), ['www.hub.example']);
  await assert.rejects(sources({ seenFrom: 'yesterday-ish' }), { code: 'bad-date' });
  await assert.rejects(
    store.edges({ dataset: 'host-pairs', direction: 'reverse', value: 'hub.example', cursor: 'x' }),
    { code: 'bad-cursor' },
  );
});

test('pages follow one another without a gap or a duplicate while new observations arrive', async () => {
  const count = 100_000;
  const sourceOf = (index: number) => `s${(index * 7919) % 1_000_003}.example`;
  const observations = Array.from({ length: count }, (_, index) => pair(sourceOf(index), 'cdn.example'));
  await store.add({ id: 'e-1', observations });
  for (const sort of ['value', 'firstSeen'] as const) {
    const seen: string[] = [];
    let cursor: string | undefined;
    let page = 0;
    do {
      const result = await store.edges({
        dataset: 'host-pairs',
        direction: 'reverse',
        value: 'cdn.example',
        sort,
        limit: 2_000,
        cursor,
      });
      seen.push(...result.edges.map(({ source }) => source));
      cursor = result.cursor;
      const late = { seenAt: '2030-01-01T00:00:00.000Z' };
      const arriving = [
        pair(`new-${sort}-${page}.example`, 'cdn.example', late),
        pair(sourceOf(page++), 'cdn.example', late),
      ];
      await store.add({ id: `e-${sort}-${page}`, observations: arriving });
    } while (cursor !== undefined);
    const old = seen.filter((source) => /^s\d/.test(source));
    assert.equal(new Set(old).size, count, sort);
    assert.equal(old.length, count, sort);
  }
});

test('values that break queries elsewhere come back as they were', async () => {
  const hostile = [
    "'; DROP TABLE edges_fwd; --",
    '\\N',
    '{x:String}',
    'a\u0000b',
    '\u202egro.elpmaxe',
    '<script>',
    '%',
    'line\nbreak',
    '🙂',
  ];
  await store.add({
    id: 'f-1',
    observations: hostile.map((target) =>
      pair('hostile.example', target, { dataset: 'trackers', label: target }),
    ),
  });
  const edges = await allEdges({ dataset: 'trackers', direction: 'forward', value: 'hostile.example' });
  assert.deepEqual(edges.map(({ target }) => target).sort(), [...hostile].sort());
  for (const target of hostile) {
    const back = await allEdges({
      dataset: 'trackers',
      direction: 'reverse',
      value: target,
      labels: [target],
    });
    assert.deepEqual(
      back.map(({ source }) => source),
      ['hostile.example'],
      JSON.stringify(target),
    );
  }
});

test('values of any length are found, told apart and given back whole', async () => {
  const long = (end: string) => `${'漢'.repeat(5_000)}${end}`;
  const fields = { dataset: 'trackers', label: long('label') } as const;
  await store.add({
    id: 'l-1',
    observations: ['a', 'b'].map((end) => pair('long.example', long(end), fields)),
  });
  const query = { dataset: 'trackers', direction: 'forward', value: 'long.example', limit: 1 } as const;
  const first = await store.edges(query);
  assert.ok(first.cursor!.length < 8_192);
  const second = await store.edges({ ...query, cursor: first.cursor });
  assert.equal(second.cursor, undefined);
  const found = [...first.edges, ...second.edges];
  assert.deepEqual(found.map(({ target }) => target).sort(), [long('a'), long('b')]);
  assert.equal(found[0]!.label, long('label'));
  const back = await allEdges({
    dataset: 'trackers',
    direction: 'reverse',
    value: long('b'),
    labels: [long('label')],
  });
  assert.deepEqual(
    back.map(({ target }) => target),
    [long('b')],
  );
  const many = Array.from(
    { length: 2_000 },
    (_, index) => ({ dataset: 'trackers', side: 'target', value: long(String(index)) }) as const,
  );
  const counts = await store.countOthers([
    ...many,
    { dataset: 'trackers', side: 'target', value: long('a') },
  ]);
  assert.equal(counts.at(-1), 1);
  assert.equal(counts[0], 0);
});

test('a batch given twice at once is stored once; one larger than an insert is stored whole', async () => {
  const observations = Array.from({ length: MAX_BATCH + 1 }, (_, index) =>
    pair('large.example', `t${index % 10}.example`),
  );
  const capture = {
    id: 'm-1',
    url: 'https://large.example/',
    outcome: 'ok',
    persona: 'p',
    lane: 'http',
    startedAt: '2020-02-02T02:02:02.002Z',
    bundle: 'm',
    sha256: 'm',
  };
  await Promise.all([
    store.add({ id: 'm-1', observations, capture }),
    store.add({ id: 'm-1', observations, capture }),
  ]);
  await store.add({ id: 'm-1', observations, capture });
  const edges = await allEdges({ dataset: 'host-pairs', direction: 'forward', value: 'large.example' });
  assert.equal(
    edges.reduce((sum, { count }) => sum + count, 0),
    observations.length,
  );
  assert.equal(edges[0]!.captureId, 'm-1');
  assert.equal((await store.capture('m-1'))?.url, capture.url);
  assert.equal((await store.status()).pending, 0);
});

test('an observation without an instant is refused, and nothing of its batch is kept', async () => {
  const batch = {
    id: 'n-1',
    observations: [pair('n.example', 'm.example'), pair('n.example', 'm.example', { seenAt: 'once' })],
  };
  await assert.rejects(store.add(batch), { code: 'bad-observation' });
  assert.equal((await store.status()).pending, 0);
  assert.deepEqual(await allEdges({ dataset: 'host-pairs', direction: 'forward', value: 'n.example' }), []);
});

test('a cursor serves its own query only', async () => {
  const query = { dataset: 'host-pairs', direction: 'reverse', value: 'cdn.example', limit: 1 } as const;
  const { cursor } = await store.edges(query);
  assert.equal((await store.edges({ ...query, limit: 5, cursor })).edges.length, 5);
  for (const other of [
    { value: 'hub.example' },
    { sort: 'count' },
    { order: 'desc' },
    { labels: ['img.src'] },
  ] as const)
    await assert.rejects(store.edges({ ...query, ...other, cursor }), { code: 'bad-cursor' });
});

test('rarity and counts say how far a value reaches', async () => {
  await store.add({
    id: 'g-1',
    observations: ['a', 'b', 'c'].map((name) =>
      pair(`${name}.rare.example`, 'UA-1-1', { dataset: 'trackers', label: 'GoogleAnalyticsTrackingId' }),
    ),
  });
  const query = { dataset: 'trackers', side: 'target' } as const;
  assert.deepEqual(
    await store.countOthers([
      { ...query, value: 'UA-1-1' },
      { ...query, value: 'UA-0-0' },
    ]),
    [3, 0],
  );
  const counts = await store.counts('rare.example');
  assert.deepEqual(
    counts.map(({ dataset, direction, edges }) => ({ dataset, direction, edges })),
    [{ dataset: 'trackers', direction: 'forward', edges: 3 }],
  );
});

test('captures are found by host, with everything below it, and by id', async () => {
  const capture = (id: string, url: string) => ({
    id,
    url,
    outcome: 'ok',
    persona: 'chrome-windows',
    lane: 'browser',
    startedAt: '2020-02-02T02:02:02.002Z',
    bundle: `${id}.wacz`,
    sha256: id,
  });
  await store.add({ id: 'h-1', observations: [], capture: capture('h-1', 'https://www.kept.example/x') });
  await store.add({ id: 'h-2', observations: [], capture: capture('h-2', 'https://notkept.example/') });
  assert.deepEqual(
    (await store.captures({ host: 'kept.example' as Host })).map(({ id }) => id),
    ['h-1'],
  );
  assert.equal((await store.capture('h-2'))?.bundle, 'h-2.wacz');
  assert.equal(await store.capture('none'), undefined);
});

test('many small batches at once are each stored once, whatever is given again and with what', async () => {
  const small = Array.from({ length: 200 }, (_, i) => ({
    id: `small ${i}`,
    observations: [pair(`s${i}.small.example`, 'many.example'), pair('small.example', `t${i}.example`)],
  }));
  const large = {
    id: 'large among small',
    observations: Array.from({ length: 12_000 }, (_, i) => pair(`l${i}.large.example`, 'many.example')),
  };
  await store.add(small[3]!);
  await Promise.all([
    store.addAll([...small.slice(0, 120), large, small[5]!]),
    store.addAll(small.slice(60)),
    store.add(small[70]!),
  ]);
  await store.addAll([...small, large]);
  const edges = await allEdges({
    dataset: 'host-pairs',
    direction: 'reverse',
    value: 'many.example',
    limit: 2_000,
  });
  assert.equal(edges.length, 12_200);
  assert.ok(edges.every(({ count }) => count === 1));
  const forward = await allEdges({
    dataset: 'host-pairs',
    direction: 'forward',
    value: 'small.example',
    limit: 2_000,
  });
  assert.equal(
    forward.reduce((sum, { count }) => sum + count, 0),
    400,
  );
  assert.equal((await store.status()).pending, 0);
  await store.addAll([]);
});
