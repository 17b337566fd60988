import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import type { Host } from '#model';
import { keepCapture, type KeptCapture } from '#pipeline';
import { SourceFixture } from '../src/archive/capture-source-fixture.ts';
import { openTestServer, takeCapture, type TestServer } from './server-fixture.ts';

const FAKE = 'fake.example' as Host; // host names
const BRAND = 'brand.example' as Host;
const HOSTILE = '<img src=x onerror=alert(1)>\u202e\0"';

let server: TestServer;
let kept: KeptCapture;

before(async () => {
  server = await openTestServer();
  kept = await takeCapture(server.workbench, FAKE, BRAND);
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

const get = async <Answer>(path: string, id = kept.capture.id): Promise<Answer> => {
  const reply = await server.call('GET', `/api/captures/${id}${path}`);
  assert.equal(reply.status, 200, `${path}: ${reply.bytes.toString()}`);
  return reply.json() as Answer; // its schema is checked elsewhere
};

interface Row {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

test('a host pair leads to the line that stands behind it', async () => {
  interface Mark {
    readonly label: string;
    readonly target: string;
    readonly row: number;
    readonly line: number;
    readonly column: number;
    readonly length: number;
  }
  const { marks } = await get<{ marks: Mark[] }>('/text/marks?name=exchange:0');
  const mark = marks.find(({ label, target }) => label === 'script.src' && target === BRAND);
  assert.ok(mark !== undefined);
  const { rows, at } = await get<{ rows: Row[]; at: number; from: number }>(
    `/text?name=exchange:0&line=${mark.line}&column=${mark.column}`,
  );
  assert.equal(at, mark.row);
  const row = rows.find(({ line }) => line === mark.line);
  assert.equal(
    row?.text.slice(mark.column - 1, mark.column - 1 + mark.length),
    `<script src="https://${BRAND}/app.js">`,
  );
});

test('what scripts changed is told line by line', async () => {
  const diff = await get<{
    added: number;
    removed: number;
    blocks: { kind: string; from: { text: string }[]; to: { text: string }[] }[];
  }>('/text/diff?from=exchange:0&to=document:0:loaded');
  assert.deepEqual([diff.added, diff.removed], [1, 1]);
  const changed = diff.blocks.find(({ kind }) => kind === 'changed');
  assert.equal(changed?.from[0]?.text, '<title>A page');
  assert.equal(changed?.to[0]?.text, '<title>Changed');
});

test('a screenshot is an image and nothing else, and may be kept', async () => {
  const reply = await server.call('GET', `/api/captures/${kept.capture.id}/screenshots/0`);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers['content-type'], 'image/png');
  assert.equal(reply.headers['content-security-policy'], 'sandbox');
  assert.equal(reply.headers['x-content-type-options'], 'nosniff');
  assert.match(String(reply.headers['cache-control']), /immutable/);
});

test('a capture of hostile strings is answered as data, and what is no image is not sent as one', async () => {
  await using source = new SourceFixture('https://hostile.example/');
  const page = `<title>${HOSTILE}</title>${'<p>x'.repeat(50_000)}`;
  const exchange = source.exchange({
    url: 'https://hostile.example/',
    status: 200,
    headers: [
      ['Content-Type', 'text/html'],
      ['X-Odd', HOSTILE],
    ],
    body: Buffer.from(page),
    resourceType: 'Document',
  });
  source.exchange({
    url: 'https://other.example/a.bin',
    status: 404,
    headers: [['Content-Type', 'application/octet-stream']],
    body: Buffer.from([0, 1, 2, 3]),
  });
  source.attachments.set('adit/screenshots/0.png', Buffer.from('<script>alert(1)</script>'));
  const at = source.capture.startedAt;
  source.set({
    id: randomUUID(),
    documents: [
      { id: 0, url: 'https://hostile.example/', frame: 'main', isMainFrame: true, exchange, title: HOSTILE },
    ],
    screenshots: [{ kind: 'viewport', path: 'adit/screenshots/0.png', width: 1, height: 1, at }],
    console: [{ kind: 'log', text: HOSTILE.repeat(1_000), at }],
    storage: [{ origin: 'https://hostile.example', kind: 'local', key: HOSTILE, value: HOSTILE }],
  });
  const hostile = await keepCapture(source, server.workbench.captures, 'byHash');
  await server.workbench.take(hostile);
  const { id } = hostile.capture;

  const shot = await server.call('GET', `/api/captures/${id}/screenshots/0`);
  assert.equal(shot.status, 404);
  const { messages } = await get<{ messages: { text: string; isCut: boolean }[] }>('/console', id);
  assert.ok(messages[0]!.isCut && messages[0]!.text.length <= 4_096);
  const { items } = await get<{ items: { key: string; text: string }[] }>('/storage', id);
  assert.equal(items[0]!.text, HOSTILE);
  const detail = await get<{ responseHeaders: { name: string; value: string }[] }>('/exchanges/0', id);
  assert.ok(detail.responseHeaders.some(({ name }) => name === 'X-Odd'));
  const binary = await server.call('GET', `/api/captures/${id}/text?name=exchange:1`);
  assert.equal(binary.status, 409);

  const table = await get<{
    total: number;
    matching: number;
    exchanges: { host: string; isForeign: boolean }[];
    facets: { status: { value: string; count: number }[] };
  }>('/exchanges?isForeign=true', id);
  assert.deepEqual([table.total, table.matching], [2, 1]);
  assert.deepEqual([table.exchanges[0]!.host, table.exchanges[0]!.isForeign], ['other.example', true]);
  assert.deepEqual(table.facets.status.map(({ value }) => value).sort(), ['2xx', '4xx']);
});

test('a text is read page by page, and lines as long as a page in parts', async () => {
  await using source = new SourceFixture('https://long.example/');
  const page = `<title>x</title>\n${'<b>y</b>'.repeat(1_000_000)}`;
  const exchange = source.exchange({
    url: 'https://long.example/',
    status: 200,
    headers: [['Content-Type', 'text/html']],
    body: Buffer.from(page),
    resourceType: 'Document',
  });
  source.set({
    id: randomUUID(),
    documents: [{ id: 0, url: 'https://long.example/', frame: 'main', isMainFrame: true, exchange }],
  });
  const long = await keepCapture(source, server.workbench.captures, 'byHash');
  await server.workbench.take(long);
  const head = await get<{ rowCount: number; lineCount: number }>(
    '/text?name=exchange:0&rows=1',
    long.capture.id,
  );
  assert.equal(head.lineCount, 2);
  assert.equal(head.rowCount, 1 + 8_000_000 / 400);
  const { rows } = await get<{ rows: Row[] }>('/text?name=exchange:0&from=15000&rows=5', long.capture.id);
  assert.equal(rows.length, 5);
  for (const { line, column, text } of rows) {
    assert.equal(line, 2);
    assert.equal(page.split('\n')[1]!.slice(column - 1, column - 1 + text.length), text);
  }
});
