import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FileSink } from './file-sink.ts';
import { readArchive } from './archive-file.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import { readExchangeAt } from './place-reader.ts';
import { ZipWriter } from './zip-writer.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'adit-wacz-'));
});
after(() => rmSync(folder, { recursive: true }));

function warc(url: string): Buffer {
  const block = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>one';
  const head = `WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: ${url}\r\nContent-Length: ${block.length}\r\n\r\n`;
  return Buffer.from(`${head}${block}\r\n\r\n`);
}

/** A WACZ of three WARCs: compressed inside, compressed by the ZIP, compressed inside. Gives its bytes. */
async function waczAt(path: string): Promise<Buffer> {
  await using sink = await FileSink.create(path);
  const zip = new ZipWriter(sink, new Date('2017-11-20T10:00:00Z'));
  await zip.add('archive/a.warc.gz', gzipSync(warc('https://a.example/')), 'stored');
  await zip.add('archive/b.warc', Buffer.concat([warc('https://b.example/'), Buffer.alloc(3e6)]), 'deflated');
  await zip.add('archive/c.warc.gz', gzipSync(warc('https://c.example/')), 'stored');
  await zip.finish();
  await sink.commit();
  return readFileSync(path);
}

function read(path: string) {
  const problems: ArchiveProblem[] = [];
  const exchanges = [...readArchive(path, { onProblem: (problem) => problems.push(problem) })];
  for (const { place, url } of exchanges) assert.equal(readExchangeAt(place).exchange.url, url);
  return { urls: exchanges.map(({ url }) => url), problems: problems.map(({ what }) => what) };
}

test('a file that cannot be unpacked costs none of the others in its WACZ', async () => {
  const path = join(folder, 'entry.wacz');
  const bytes = await waczAt(path);
  const packed = bytes.indexOf('archive/b.warc') + 'archive/b.warc'.length;
  bytes.fill(0xff, packed + 40, packed + 60);
  writeFileSync(path, bytes);
  assert.deepEqual(read(path), {
    urls: ['https://a.example/', 'https://c.example/'],
    problems: ['archive/b.warc cannot be inflated'],
  });
});

test('a WACZ that lost its directory gives the records that stand in it as they are', async () => {
  const path = join(folder, 'cut.wacz');
  const bytes = await waczAt(path);
  writeFileSync(path, bytes.subarray(0, bytes.indexOf('PK\x01\x02')));
  const { urls, problems } = read(path);
  assert.deepEqual(urls, ['https://a.example/', 'https://c.example/']);
  assert.equal(problems[0], 'no ZIP: it has no directory');
});

test('a WACZ whose directory leads nowhere gives the records that stand in it as they are', async () => {
  const path = join(folder, 'lost.wacz');
  const bytes = await waczAt(path);
  for (let at = bytes.indexOf('PK\x03\x04'); at !== -1; at = bytes.indexOf('PK\x03\x04', at + 1))
    bytes[at + 8] = 99; // its compression method
  writeFileSync(path, bytes);
  const { urls, problems } = read(path);
  assert.deepEqual(urls, ['https://a.example/', 'https://c.example/']);
  assert.equal(problems[0], 'local header and directory disagree on archive/a.warc.gz');
});

test('the files of a WACZ share what is read again for revisits', async () => {
  const path = join(folder, 'revisits.wacz');
  const digest = 'WARC-Payload-Digest: sha1:A\r\n';
  const record = (type: string, block: string): string =>
    `WARC/1.1\r\nWARC-Type: ${type}\r\nWARC-Target-URI: https://a.example/\r\n${digest}Content-Length: ${block.length}\r\n\r\n${block}\r\n\r\n`;
  const head = 'HTTP/1.1 200 OK\r\n\r\n';
  const bytes = Buffer.from(record('response', `${head}one`) + record('revisit', head));
  await using sink = await FileSink.create(path);
  const zip = new ZipWriter(sink, new Date('2017-11-20T10:00:00Z'));
  for (const name of ['a', 'b', 'c']) await zip.add(`archive/${name}.warc`, bytes, 'stored');
  await zip.finish();
  await sink.commit();
  const problems: string[] = [];
  const options = {
    maxRevisitedBytes: head.length + 5,
    onProblem: ({ what }: ArchiveProblem) => void problems.push(what),
  };
  const lengths = Array.from(readArchive(path, options), ({ response }) => response?.body.length);
  assert.deepEqual(lengths, [3, 3, 3, 3, 3, 0]);
  assert.deepEqual(problems, ['limit revisitedBytes: its original is not read again']);
});
