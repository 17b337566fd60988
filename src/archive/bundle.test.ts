import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  brotliCompressSync,
  deflateRawSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { Exchange } from '#model';
import { chunked, randomBytes, seededRandom, SourceFixture } from './capture-source-fixture.ts';
import { openBundle, readSource, toCaptureReader, writeBundle } from './index.ts';
import { oracleIndex, oracleRecords, textOf, warcOf, type OracleRecord } from './warcio-fixture.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-bundle-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const page = Buffer.from(`<html><title>Bitcoin Gold</title>${'<p>wallet</p>'.repeat(500)}</html>`);

/** Every kind of exchange that a capture can hold. */
async function everyKind(): Promise<SourceFixture> {
  const source = new SourceFixture('https://example.org/');
  const spool = join(folder, 'spool');
  const large = randomBytes(seededRandom(7), 700_000);
  await writeFile(spool, Buffer.concat([Buffer.from('before'), large, Buffer.from('after')]));
  const h2 = { protocol: 'h2', remote: { address: '93.184.216.34', port: 443 } } as const;
  const tls = { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', isResumed: false, chain: [] };
  source.exchange({
    url: 'http://example.org/',
    requestHeaders: [['Host', 'example.org']],
    status: 301,
    statusText: 'Moved Permanently',
    headers: [['Location', 'https://example.org/']],
    body: Buffer.from('moved'),
  });
  source.exchange({
    url: 'https://example.org/',
    requestHeaders: [
      ['user-agent', 'Mozilla/5.0'],
      ['accept', '*/*'],
    ],
    status: 200,
    statusText: '',
    headers: [
      ['content-type', 'text/html; charset=utf-8'],
      ['set-cookie', 'a=1'],
      ['x-middle', 'b'],
      ['set-cookie', 'b=2'],
      ['content-encoding', 'br'],
    ],
    body: brotliCompressSync(page),
    ...h2,
    tls,
  });
  source.exchange({
    url: 'https://example.org/chunked.js',
    status: 200,
    headers: [
      ['Content-Type', 'text/javascript'],
      ['Transfer-Encoding', 'chunked'],
      ['Content-Encoding', 'gzip'],
    ],
    body: chunked(gzipSync(page)),
  });
  source.exchange({
    url: 'https://example.org/raw',
    status: 200,
    headers: [['Content-Encoding', 'deflate']],
    body: deflateRawSync(page),
  });
  source.exchange({
    url: 'https://example.org/z',
    status: 200,
    headers: [['Content-Encoding', 'zstd']],
    body: zstdCompressSync(page),
  });
  source.exchange({
    url: 'https://example.org/setup.exe',
    status: 200,
    headers: [['Content-Type', 'application/octet-stream']],
    body: { path: spool, offset: 6, length: large.length },
    truncated: 'disconnect',
  });
  source.exchange({
    url: 'https://example.org/form?x=1',
    method: 'POST',
    requestHeaders: [['Content-Type', 'application/x-www-form-urlencoded']],
    requestBody: Buffer.from('user=a%20b&pass=c'),
    status: 204,
    statusText: 'No Content',
    bodyAbsence: 'noneByProtocol',
  });
  source.exchange({
    url: 'https://example.org/#never',
    failure: { kind: 'timeout', reason: 'net::ERR_TIMED_OUT' },
  });
  source.exchange({
    url: 'wss://example.org/socket',
    requestHeaders: [['Upgrade', 'websocket']],
    status: 101,
    statusText: 'Switching Protocols',
    headers: [['Upgrade', 'websocket']],
    bodyAbsence: 'noneByProtocol',
  });
  source.exchange({ url: 'https://example.org/again', status: 200, headers: [], body: Buffer.from('first') });
  source.exchange({
    url: 'https://example.org/again',
    status: 200,
    headers: [],
    body: Buffer.from('second'),
  });
  source.exchange({
    url: 'https://example.org/cached.css',
    status: 200,
    headers: [['content-type', 'text/css']],
    bodyAbsence: 'cached',
    servedBy: 'memoryCache',
    ...h2,
  });
  source.exchange({
    url: 'https://example.org/told.js',
    source: 'devtools',
    status: 200,
    headers: [
      ['content-type', 'text/javascript'],
      ['content-encoding', 'br'],
    ],
    body: Buffer.from('alert(1)'),
    ...h2,
  });
  source.exchange({
    url: 'https://example.org/lane',
    source: 'http',
    status: 200,
    headers: [['Transfer-Encoding', 'chunked']],
    body: Buffer.from('<p>framing removed by the HTTP client</p>'),
  });
  source.exchange({
    url: 'https://example.org/empty',
    method: 'HEAD',
    status: 200,
    headers: [],
    protocol: 'http/1.0',
  });
  source.download('blob:https://example.org/5b0c', Buffer.from('MZ inert'));
  source.download(`data:text/plain,${'x'.repeat(100_000)}`, Buffer.from('xxx'));
  source.attachments.set('adit/documents/0.final.html', page);
  source.attachments.set('adit/screenshots/0.png', randomBytes(seededRandom(3), 5000));
  source.attachments.set('adit/documents/0.txt', Buffer.from('Bitcoin Gold wallet'));
  source.set({
    title: 'Bitcoin Gold',
    documents: [
      {
        id: 0,
        url: 'https://example.org/',
        frame: 'F',
        isMainFrame: true,
        title: 'Bitcoin Gold',
        exchange: 1,
        final: 'adit/documents/0.final.html',
        text: 'adit/documents/0.txt',
      },
    ],
  });
  return source;
}

/** A stored message cut by hand: start line, header lines, body. */
function cut(block: Uint8Array): { startLine: string; headers: [string, string][]; body: Uint8Array } {
  const end = Buffer.from(block).indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = Buffer.from(block).toString('latin1', 0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  return { startLine, headers, body: block.subarray(end + 4) };
}

describe('a bundle of every kind of exchange', () => {
  let source: SourceFixture;
  let path = '';
  let records: OracleRecord[] = [];
  before(async () => {
    source = await everyKind();
    path = join(folder, 'every.wacz');
    await writeBundle(source, path);
    records = await oracleRecords(warcOf(path));
  });

  /** The record whose URI, type and date are the exchange's. */
  function recordOf(exchange: Exchange, type: string): OracleRecord | undefined {
    return records.find(
      (record) => record.type === type && record.header('WARC-Date') === exchange.startedAt,
    );
  }

  test('warcio finds every message byte for byte', () => {
    for (const exchange of source.capture.exchanges) {
      const request = cut(recordOf(exchange, 'request')!.block);
      const { pathname, search } = new URL(exchange.url);
      const version = exchange.protocol === 'http/1.0' ? 'HTTP/1.0' : 'HTTP/1.1';
      assert.equal(request.startLine, `${exchange.method} ${pathname}${search} ${version}`);
      assert.deepEqual(request.headers, exchange.request.headers);
      assert.deepEqual(
        Buffer.from(request.body),
        Buffer.from(readSource(source.requestBytes(exchange.id) ?? new Uint8Array(0))),
      );
      const stored = recordOf(exchange, 'response');
      assert.equal(stored !== undefined, exchange.response !== undefined, exchange.url);
      if (stored === undefined || exchange.response === undefined) continue;
      const response = cut(stored.block);
      const { status, statusText, headers } = exchange.response;
      assert.equal(response.startLine, `${version} ${status} ${statusText}`);
      if (exchange.source === 'wire') assert.deepEqual(response.headers, headers);
      assert.deepEqual(
        Buffer.from(response.body),
        Buffer.from(readSource(source.responseBytes(exchange.id) ?? new Uint8Array(0))),
        exchange.url,
      );
    }
    assert.equal(records.filter(({ type }) => type === 'request').length, source.capture.exchanges.length);
  });

  test('headers that are no longer true of the bytes are set aside', () => {
    const told = source.capture.exchanges.find(({ source }) => source === 'devtools')!;
    assert.deepEqual(cut(recordOf(told, 'response')!.block).headers, [
      ['content-type', 'text/javascript'],
      ['X-Archive-Orig-content-encoding', 'br'],
    ]);
    const lane = source.capture.exchanges.find(({ source }) => source === 'http')!;
    assert.deepEqual(cut(recordOf(lane, 'response')!.block).headers, [
      ['X-Archive-Orig-Transfer-Encoding', 'chunked'],
    ]);
  });

  test('named fields say how the exchange came about', () => {
    const [, page] = source.capture.exchanges;
    const response = recordOf(page!, 'response')!;
    const request = recordOf(page!, 'request')!;
    assert.equal(response.header('WARC-Protocol'), 'h2, tls/1.3');
    assert.equal(response.header('WARC-Cipher-Suite'), 'TLS_AES_128_GCM_SHA256');
    assert.equal(response.header('WARC-IP-Address'), '93.184.216.34');
    assert.equal(request.header('WARC-Concurrent-To'), response.header('WARC-Record-ID'));
    const exe = source.capture.exchanges.find(({ url }) => url.endsWith('.exe'))!;
    assert.equal(recordOf(exe, 'response')!.header('WARC-Truncated'), 'disconnect');
    const failed = source.capture.exchanges.find(({ failure }) => failure !== undefined)!;
    assert.equal(recordOf(failed, 'request')!.header('WARC-Concurrent-To'), null);
    assert.equal(recordOf(failed, 'request')!.uri, 'https://example.org/');
    const ids = records.map((record) => record.header('WARC-Record-ID'));
    assert.equal(new Set(ids).size, records.length);
  });

  test('digests are those of block and entity body', () => {
    for (const record of records) {
      assert.equal(record.header('WARC-Block-Digest'), sha256(record.block));
      const digest = record.header('WARC-Payload-Digest');
      if (record.uri?.endsWith('chunked.js') && record.type === 'response') {
        assert.equal(digest, sha256(gzipSync(page)));
      } else if (record.type === 'response' || record.type === 'request') {
        assert.equal(digest, sha256(cut(record.block).body));
      }
    }
  });

  test('downloads without HTTP are resource records', () => {
    const [blob, data] = records.filter(({ type, uri }) => type === 'resource' && !uri!.startsWith('https:'));
    assert.equal(blob!.uri, 'blob:https://example.org/5b0c');
    assert.equal(Buffer.from(blob!.block).toString(), 'MZ inert');
    assert.equal(blob!.header('Content-Type'), 'application/x-dosexec');
    assert.match(data!.uri!, /^urn:adit:.*:download:1$/);
  });

  test('a body that players cannot undo has a decoded copy beside it, and the index points there', () => {
    const url = 'https://example.org/z';
    const [response, copy] = ['response', 'resource'].map((type) =>
      records.find((record) => record.type === type && record.uri === url)!,
    );
    assert.deepEqual(Buffer.from(zstdDecompressSync(cut(response!.block).body)), Buffer.from(copy!.block));
    assert.equal(copy!.header('WARC-Concurrent-To'), response!.header('WARC-Record-ID'));
    const coded = records.filter(({ type, uri }) => type === 'resource' && uri!.startsWith('https:'));
    assert.equal(coded.length, 1, 'gzip and br need none');
  });

  test('the index is what warcio makes of the records, sorted', async () => {
    const lines = textOf(path, 'indexes/index.cdxj').trimEnd().split('\n');
    assert.deepEqual(lines, [...lines].sort());
    const playable = (row: Record<string, unknown>): boolean =>
      row['url'] !== 'https://example.org/cached.css' &&
      !(row['url'] === 'https://example.org/z' && row['status'] !== undefined); // its decoded copy is indexed instead
    const expected = (await oracleIndex(warcOf(path))).filter(playable).map((row) => ({
      ...row,
      mime: row['mime'] ?? 'unk',
      status: row['status'] ?? 200,
      digest: `sha256:${String(row['digest'])}`,
    }));
    const actual = lines.map((line) => {
      const [urlkey, timestamp] = line.split(' ', 2);
      const json = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, string>;
      const numbers = {
        status: Number(json['status']),
        offset: Number(json['offset']),
        length: Number(json['length']),
      };
      return { urlkey, timestamp, ...json, ...numbers };
    });
    const byOffset = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] =>
      [...rows].sort((a, b) => Number(a['offset']) - Number(b['offset']));
    assert.deepEqual(byOffset(actual), byOffset(expected));
  });

  test('the page list opens with the page of the capture', () => {
    const [header, first] = textOf(path, 'pages/pages.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(header!['format'], 'json-pages-1.0');
    assert.equal(first!['url'], 'https://example.org/');
    assert.equal(first!['ts'], source.capture.exchanges[1]!.startedAt);
    assert.equal(first!['title'], 'Bitcoin Gold');
    assert.equal(first!['text'], 'Bitcoin Gold wallet');
    const manifest = JSON.parse(textOf(path, 'datapackage.json')) as Record<string, unknown>;
    assert.equal(manifest['mainPageUrl'], first!['url']);
    assert.equal(manifest['mainPageDate'], first!['ts']);
  });

  test('reading the bundle gives what reading the source gives', async () => {
    await using bundle = await openBundle(path);
    const direct = toCaptureReader(source);
    assert.deepEqual(bundle.capture, JSON.parse(JSON.stringify(source.capture)));
    for (const exchange of bundle.capture.exchanges) {
      const body = bundle.responseBody(exchange);
      assert.deepEqual(body && Buffer.from(body), toBuffer(direct.responseBody(exchange)), exchange.url);
      if (body !== undefined) {
        assert.equal(createHash('sha256').update(body).digest('hex'), exchange.response!.body!.sha256);
      }
      assert.deepEqual(toBuffer(bundle.requestBody(exchange)), toBuffer(direct.requestBody(exchange)));
    }
    for (const download of bundle.capture.downloads) {
      assert.deepEqual(toBuffer(bundle.downloadBody(download)), toBuffer(direct.downloadBody(download)));
    }
    for (const [name, bytes] of source.attachments) {
      assert.deepEqual(toBuffer(bundle.attachment(name)), Buffer.from(bytes));
    }
    assert.equal(bundle.attachment('archive/data.warc.gz'), undefined);
    assert.deepEqual(Buffer.from(bundle.responseBody(bundle.capture.exchanges[2]!)!), page);
    assert.match(
      Buffer.from(bundle.rawExchange(1).response!.head).toString(),
      /^HTTP\/1\.1 200 \r\ncontent-type/,
    );
    assert.deepEqual(await bundle.verify(), []);
  });

  test('the same capture gives the same bytes, and nothing else in the folder', async () => {
    const again = join(folder, 'again.wacz');
    const result = await writeBundle(source, again);
    assert.deepEqual(await readFile(again), await readFile(path));
    assert.equal(`sha256:${result.sha256}`, sha256(await readFile(again)));
    assert.equal(result.sizeBytes, (await readFile(again)).length);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('partial')),
      [],
    );
  });

  test('another ZIP reader finds no fault', (t) => {
    const python = pythonPath();
    if (python === undefined) return t.skip('no python3');
    assert.match(execFileSync(python, ['-m', 'zipfile', '-t', path], { encoding: 'utf8' }), /Done testing/);
  });
});

function toBuffer(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes);
}

function pythonPath(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import zipfile'], { stdio: 'ignore' });
    return 'python3';
  } catch {
    return undefined;
  }
}
