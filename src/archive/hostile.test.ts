import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { randomBytes, seededRandom, SourceFixture } from './capture-source-fixture.ts';
import { openBundle, readSource, writeBundle } from './index.ts';
import { oracleRecords, textOf, warcOf } from './warcio-fixture.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-hostile-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\r\n\r\n',
  'WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\n',
  '\x1f\x8b\x08',
  'Content-Length: 0',
  ': ',
  ':',
  ' ',
  '\t',
  'a',
  'Set-Cookie',
  'é',
  '\xff',
  '漢字',
  '\ud800',
  '😀',
  '%0d%0a',
  '<',
  '>',
  '"',
  '{"a":1}',
  '\u2028',
  '#',
  '?',
  '/',
];

/** Seeded: the same hostile captures in every run. */
function hostileSource(seed: number): SourceFixture {
  const random = seededRandom(seed);
  const text = (most: number): string =>
    Array.from(
      { length: Math.floor(random() * most) },
      () => PIECES[Math.floor(random() * PIECES.length)],
    ).join('');
  const headers = (): [string, string][] =>
    Array.from({ length: Math.floor(random() * 6) }, () => [text(3), text(5)]);
  const body = (): Uint8Array =>
    random() < 0.5 ? Buffer.from(text(30), 'utf8') : randomBytes(random, Math.floor(random() * 400));
  const source = new SourceFixture(`https://example.org/${text(4)}`);
  for (let i = 0; i < 12; i++) {
    source.exchange({
      url: random() < 0.7 ? `https://example.org/${text(6)}` : text(6),
      method: random() < 0.8 ? 'GET' : `P${text(3)}`,
      requestHeaders: headers(),
      requestBody: body(),
      status: random() < 0.8 ? 200 : Math.floor(random() * 2000) - 500,
      statusText: text(4),
      headers: headers(),
      body: body(),
      remote: { address: random() < 0.5 ? '192.0.2.1' : text(3), port: 1 },
      tls: { version: text(2), cipherSuite: `TLS_${text(3)}`, isResumed: false, chain: [] },
    });
  }
  source.download(`blob:${text(6)}`, body());
  source.set({ title: text(5), software: `adit ${text(3)}`, finalUrl: `https://example.org/${text(4)}` });
  return source;
}

test('hostile headers, URLs and bodies leave every record where and what it is', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const source = hostileSource(seed);
    const path = join(folder, `${seed}.wacz`);
    await writeBundle(source, path);
    const records = await oracleRecords(warcOf(path));
    const { exchanges, downloads } = source.capture;
    assert.deepEqual(
      records.map(({ type }) => type),
      ['warcinfo', ...exchanges.flatMap(() => ['response', 'request']), ...downloads.map(() => 'resource')],
      `seed ${seed}`,
    );
    for (const [i, exchange] of exchanges.entries()) {
      const response = records[1 + 2 * i]!;
      const request = records[2 + 2 * i]!;
      for (const [record, list, bytes] of [
        [response, exchange.response!.headers, source.responseBytes(i)!],
        [request, exchange.request.headers, source.requestBytes(i)!],
      ] as const) {
        assert.match(record.uri!, /^[!-;=?-~]+$/);
        const block = Buffer.from(record.block);
        const end = block.indexOf('\r\n\r\n');
        const lines = block.toString('latin1', 0, end).split('\r\n');
        assert.equal(lines.length, 1 + list.length, `seed ${seed}: a header for a header`);
        for (const line of lines) assert.doesNotMatch(line, /[\r\n\0]/);
        assert.deepEqual(block.subarray(end + 4), Buffer.from(readSource(bytes)));
      }
    }
    await using bundle = await openBundle(path);
    assert.deepEqual(await bundle.verify(), []);
    for (const exchange of bundle.capture.exchanges) {
      assert.deepEqual(
        Buffer.from(bundle.rawExchange(exchange.id).response!.body),
        Buffer.from(readSource(source.responseBytes(exchange.id)!)),
      );
    }
    for (const line of textOf(path, 'indexes/index.cdxj').trimEnd().split('\n')) {
      assert.match(line, /^\S+ \d{14} \{[^\n]*\}$/);
      JSON.parse(line.slice(line.indexOf('{', line.indexOf(' '))));
    }
  }
});

test('a URL beyond every limit stays whole in the capture and short in the record', async () => {
  const url = `https://example.org/?${'a'.repeat(300_000)}`;
  const source = new SourceFixture();
  source.exchange({ url, status: 200, body: Buffer.from('x') });
  const path = join(folder, 'long.wacz');
  await writeBundle(source, path);
  const [, response, request] = await oracleRecords(warcOf(path));
  assert.match(response!.uri!, /^urn:adit:[0-9a-f-]+:exchange:0$/);
  assert.ok(Buffer.from(request!.block).includes('a'.repeat(300_000)));
  await using bundle = await openBundle(path);
  assert.equal(bundle.capture.exchanges[0]!.url, url);
  assert.equal(Buffer.from(bundle.responseBody(bundle.capture.exchanges[0]!)!).toString(), 'x');
});
