import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openTestnet } from '../testnet.ts';
import { visit } from '../visit-fixture.ts';
import { replayPages, replaySites } from './index.ts';
import { readResponseRecord } from './warc.ts';

function record(url: string, body: string, type = 'response'): Buffer {
  const http = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Kept: yes\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
  const length = Buffer.byteLength(http);
  return gzipSync(
    `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${url}\r\nContent-Length: ${length}\r\n\r\n${http}\r\n\r\n`,
  );
}

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-replay-test-'));
});
after(() => rm(folder, { recursive: true }));

test('pages are served at their own URLs, by host, path and query; the rest is 404', async () => {
  const pages: [string, string][] = [
    ['https://one.example/', 'the first page'],
    ['https://one.example/news?id=1', 'news one'],
    ['http://one.example/news?id=2#part', 'news two'],
    ['https://bücher.example/', 'a page with an IDN'],
    ['https://one.example/', 'a later copy'],
    ['mailto:someone@example.org', 'no page'],
  ];
  let offset = 0;
  const members = pages.map(([url, body]) => record(url, body));
  const rows = pages.map(([url], index) => {
    const row = [url, index === 0 ? 'true' : 'no', '10', 'sha', offset, members[index]!.length].join('\t');
    offset += members[index]!.length;
    return row;
  });
  const [warcPath, tablePath] = [join(folder, 'a.warc.gz'), join(folder, 'a.tsv')];
  await writeFile(warcPath, Buffer.concat(members));
  await writeFile(tablePath, ['url\turl_is_true\tbytes\tsha1\toffset\tlength', ...rows].join('\n'));

  const replay = replaySites(warcPath, tablePath);
  assert.deepEqual(replay.urls, [
    'https://one.example/',
    'https://one.example/news?id=1',
    'http://one.example/news?id=2',
    'https://xn--bcher-kva.example/',
  ]);
  assert.deepEqual(
    replay.pages.map(({ isOwnUrl }) => isOwnUrl),
    [true, false, false, false],
  );
  await using testnet = await openTestnet({ sites: replay.sites });
  const bodies: string[] = [];
  for (const url of replay.urls) {
    const got = await visit(testnet, url);
    assert.equal(got.headers['x-kept'], 'yes');
    assert.equal(got.headers['transfer-encoding'], undefined);
    bodies.push(got.body.toString());
  }
  assert.deepEqual(bodies, ['the first page', 'news one', 'news two', 'a page with an IDN']);
  assert.equal((await visit(testnet, 'https://one.example/news?id=3')).status, 404);
  assert.equal((await visit(testnet, 'https://one.example/style.css')).status, 404);
  await assert.rejects(testnet.network.resolve('third-party.example'), { code: 'ENOTFOUND' });
});

test('what is no whole response record is none', () => {
  assert.equal(readResponseRecord(Buffer.from('no gzip')), undefined);
  assert.equal(readResponseRecord(gzipSync('no record')), undefined);
  assert.equal(readResponseRecord(record('https://a.example/', 'x', 'request')), undefined);
  assert.equal(readResponseRecord(gzipSync(Buffer.alloc(70 * 1024 * 1024))), undefined);
});

const real = replayPages();
test(
  'every real page comes as it was archived',
  { skip: real === undefined && 'the shared data folder is absent' },
  async () => {
    assert.ok(real !== undefined && real.urls.length > 700, String(real?.urls.length));
    await using testnet = await openTestnet({ sites: real.sites, elsewhere: real.elsewhere });
    for (const { url, sizeBytes } of real.pages.filter((_, index) => index % 40 === 0)) {
      const got = await visit(testnet, url);
      assert.equal(got.status, 200, url);
      assert.equal(got.body.length, sizeBytes, url);
    }
  },
);
