import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Observation } from '#model';
import { openTestServer, type TestServer } from './server-fixture.ts';

/** What is exported is exactly what is shown with the same filters, however much that is. */

const BRAND = 'brand.example';
/** Several pages of the store. */
const ROWS = 5_000;
/** Hosts that also reach a second child, so that more share them. */
const COMMON = 10;
let server: TestServer;

before(async () => {
  server = await openTestServer();
  const pair = (source: string, label: string, target: string): Observation => ({
    dataset: 'host-pairs',
    source,
    label,
    target,
    seenAt: '2017-11-20T10:00:00.000Z',
    detail: {},
    evidence: {},
  });
  const host = (n: number): string => `host${n}.example`;
  await server.workbench.store.add({
    id: 'pairs',
    observations: [
      ...Array.from({ length: ROWS }, (_, n) => pair(host(n), n % 2 === 0 ? 'img.src' : 'script.src', BRAND)),
      ...Array.from({ length: COMMON }, (_, n) => pair(host(n), 'img.src', 'second.example')),
    ],
  });
  await server.workbench.store.add({
    id: 'names',
    observations: [
      pair('xn--bcher-kva.example', '=HYPERLINK("x")', 'quoted.example'),
      pair('comma.example', 'a,"b"\r\nc', 'quoted.example'),
    ],
  });
});
after(() => server?.[Symbol.asyncDispose]());

const filtersOf = (more: object): Record<string, string> => ({
  dataset: 'host-pairs',
  direction: 'reverse',
  value: BRAND,
  sort: 'value',
  order: 'asc',
  ...more,
});

async function exported(format: 'csv' | 'json', more: object = {}): Promise<string> {
  const query = new URLSearchParams({ ...filtersOf(more), format });
  const reply = await server.call('GET', `/api/artifacts/export?${query}`);
  assert.equal(reply.status, 200, reply.bytes.toString().slice(0, 300));
  assert.match(
    String(reply.headers['content-disposition']),
    /^attachment; filename="host-pairs\.(csv|json)"$/,
  );
  return reply.bytes.toString();
}

/** Every page of what the app shows. */
async function shown(more: object = {}): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let cursor: string | undefined; ;) {
    const query = new URLSearchParams({
      ...filtersOf(more),
      limit: '700',
      ...(cursor !== undefined && { cursor }),
    });
    const page = (await server.call('GET', `/api/pivot?${query}`)).json() as {
      edges: unknown[];
      cursor?: string;
    };
    rows.push(...page.edges);
    cursor = page.cursor;
    if (cursor === undefined) return rows;
  }
}

const fileOf = (text: string): { edges: { source: string }[] } =>
  JSON.parse(text) as { edges: { source: string }[] };

test('JSON of several pages is one document with every row in the order that is shown', async () => {
  const { edges } = fileOf(await exported('json'));
  assert.equal(edges.length, ROWS);
  assert.deepEqual(edges, await shown());
});

test('filters and rarity hold for the file as for the screen', async () => {
  for (const more of [
    { label: 'img.src' },
    { contains: 'host49' },
    { sharedAtMost: '1' },
    { label: 'script.src', order: 'desc' },
    { contains: 'nothing has this' },
  ]) {
    const { edges } = fileOf(await exported('json', more));
    assert.deepEqual(edges, await shown(more), JSON.stringify(more));
  }
  assert.equal(fileOf(await exported('json', { sharedAtMost: '1' })).edges.length, ROWS - COMMON);
});

test('CSV has a line a row under named columns; hostile values stay values', async () => {
  const lines = (await exported('csv')).trimEnd().split('\r\n');
  assert.equal(lines.length, ROWS + 1);
  assert.match(lines[0]!, /source.*label.*target.*shared/);
  assert.match(lines[1]!, /host0\.example/);
  const hostile = await exported('csv', { value: 'quoted.example' });
  assert.match(hostile, /bücher\.example/);
  assert.ok(!/(?:^|,)"?=HYPERLINK/m.test(hostile), hostile);
  assert.match(hostile, /"a,""b""\r\nc"/);
});

test('a mistake in the query is a problem document, not half a file', async () => {
  const query = new URLSearchParams({ ...filtersOf({ detail: 'nosuch=1' }), format: 'csv' });
  const reply = await server.call('GET', `/api/artifacts/export?${query}`);
  assert.equal(reply.status, 400);
  assert.equal(reply.headers['content-type'], 'application/problem+json');
});
