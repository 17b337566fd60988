import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Observation } from '#model';
import {
  importArchives,
  type ImportMemory,
  type ImportOptions,
  type ImportSummary,
  type KnownArchive,
} from './import-archives.ts';
import type { FileReport, ImportBatch } from './import-file.ts';
import { importKindOf } from './import-kind.ts';
import { findSources, type ImportSource, type SourceRequest } from './import-sources.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-import-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

function record(type: string, uri: string, block: string, more = ''): Buffer {
  const size = Buffer.byteLength(block);
  return gzipSync(
    `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${uri}\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
      `${more}Content-Type: application/http; msgtype=${type}\r\nContent-Length: ${size}\r\n\r\n${block}\r\n\r\n`,
  );
}

/** A page that loads an image from elsewhere, as a crawler stores it. */
function pageRecords(host: string): Buffer {
  const html = `<html><title>${host}</title><img src="https://images.example/${host}.png"><a href="https://shop.example/">x</a></html>`;
  const page = `https://${host}/`;
  return Buffer.concat([
    record('request', page, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    record(
      'response',
      page,
      `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: id=1\r\n\r\n${html}`,
      'WARC-IP-Address: 192.0.2.1\r\n',
    ),
    record(
      'request',
      'https://images.example/' + host + '.png',
      `GET /${host}.png HTTP/1.1\r\nReferer: ${page}\r\n\r\n`,
    ),
    record(
      'response',
      'https://images.example/' + host + '.png',
      'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG',
    ),
  ]);
}

async function archives(name: string, count: number): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  for (let i = 0; i < count; i++) {
    await writeFile(
      join(path, `${String(i).padStart(2, '0')}.warc.gz`),
      Buffer.concat([pageRecords(`a${i}.example`), pageRecords(`b${i}.example`)]),
    );
  }
  return path;
}

async function run({
  paths,
  lists,
  base,
  ...options
}: Omit<ImportOptions, 'sources'> & SourceRequest): Promise<ImportSummary> {
  const sources = await findSources({ paths, lists, base });
  let summary: ImportSummary | undefined;
  for await (const event of importArchives({ ...options, sources }))
    if (event.kind === 'done') summary = event.summary;
  return summary!;
}

/** A store that knows batches by their id, as the real one does. */
class Stored {
  readonly batches = new Map<string, ImportBatch>();
  add = async (batches: readonly ImportBatch[]): Promise<void> => {
    for (const batch of batches) {
      const before = this.batches.get(batch.id);
      if (before !== undefined) assert.deepEqual(batch, before, 'the same id has the same observations');
      this.batches.set(batch.id, batch);
    }
  };

  get observations(): Observation[] {
    return [...this.batches.values()].flatMap(({ observations }) => observations);
  }

  rows(): string[] {
    return this.observations.map((each) => JSON.stringify(each)).sort();
  }
}

class Memory implements ImportMemory {
  readonly #known = new Map<string, KnownArchive>();
  known = ({ file }: ImportSource): KnownArchive | undefined => this.#known.get(file);
  finish = async ({ file }: ImportSource, report: FileReport, isDone: boolean): Promise<void> => {
    this.#known.set(file, { report, isDone });
  };
  readonly failed: FileReport[] = [];
  fail = async (_source: ImportSource, report: FileReport): Promise<void> => void this.failed.push(report);
}

test('pages, pairs and evidence of a WARC; pairs as a table', async () => {
  const path = await archives('one', 1);
  const stored = new Stored();
  const pairsTo = join(folder, 'pairs.tsv');
  const summary = await run({ paths: [path], store: stored.add, pairsTo });
  assert.deepEqual(
    [summary.files.length, summary.records, summary.pages, summary.problemCount],
    [1, 8, 2, 0],
  );
  const { observations } = stored;
  const image = observations.find(
    ({ dataset, label, source }) =>
      dataset === 'host-pairs' && label === 'img.src' && source === 'a0.example',
  );
  assert.equal(image?.target, 'images.example');
  assert.equal(image.detail['isObserved'], true);
  for (const dataset of ['cookies', 'resolutions', 'fingerprints'])
    assert.ok(
      observations.some((each) => each.dataset === dataset),
      dataset,
    );
  const bytes = await readFile(join(path, '00.warc.gz'));
  for (const { evidence } of observations) {
    assert.ok(
      evidence.archive !== undefined && evidence.archive.offset + evidence.archive.length <= bytes.length,
    );
    assert.equal(bytes[evidence.archive.offset], 0x1f);
  }
  const table = await readFile(pairsTo, 'utf8');
  const rows = table.trimEnd().split('\n');
  assert.equal(rows[0], 'parent\tchild\tcause\tcount');
  assert.ok(rows.includes('a0.example\timages.example\timg.src\t1'));
  assert.equal(
    rows.slice(1).reduce((sum, row) => sum + Number(row.split('\t')[3]), 0),
    summary.pairs,
  );
});

test('an import that is stopped five times stores what one in one go stores', async () => {
  const path = await archives('many', 12);
  const whole = new Stored();
  await run({ paths: [path], store: whole.add });
  const pieces = new Stored();
  const memory = new Memory();
  for (let round = 0; round < 5; round++) {
    const stop = new AbortController();
    let batches = 0;
    const store = async (some: readonly ImportBatch[]): Promise<void> => {
      await pieces.add(some);
      batches += some.length;
      if (batches >= 2) stop.abort();
    };
    const summary = await run({ paths: [path], store, memory, signal: stop.signal, workers: 2 });
    assert.ok(summary.isPartial, `round ${round}`);
  }
  const summary = await run({ paths: [path], store: pieces.add, memory });
  assert.ok(!summary.isPartial);
  assert.ok(summary.files.some(({ isSkipped }) => isSkipped) && summary.files.length === 12);
  assert.deepEqual(pieces.rows(), whole.rows());
});

test('what is no archive, or damaged, is a problem with its place and ends nothing', async () => {
  const path = join(folder, 'odd');
  await mkdir(path);
  const good = pageRecords('good.example');
  await writeFile(join(path, 'a.warc.gz'), Buffer.concat([Buffer.from('junk'), good, good.subarray(0, 40)]));
  await writeFile(join(path, 'b.warc'), 'no archive at all');
  await writeFile(join(path, 'c.wacz'), 'PK\x03\x04 no zip at all');
  await writeFile(
    join(path, 'd.har'),
    '{"log":{"entries":[{"request":{"url":"https://x.example/"}},{"request":7},',
  );
  await writeFile(join(path, 'e.warc'), '');
  const summary = await run({ paths: [path] });
  assert.equal(summary.files.length, 5);
  assert.equal(summary.pages, 1, JSON.stringify(summary.problems));
  for (const name of ['a.warc.gz', 'b.warc', 'c.wacz', 'd.har']) {
    assert.ok(
      summary.problems.some(({ file }) => file.endsWith(name)),
      name,
    );
  }
  assert.ok(
    summary.problems.some(({ file, offset }) => file.endsWith('a.warc.gz') && offset === 4 + good.length),
    JSON.stringify([good.length, summary.problems]),
  );
});

test('an archive that cannot be read is noted with the reason, and read again another time', async () => {
  const path = await archives('unreadable', 1);
  const edges = join(path, 'crawl-edges.txt');
  await writeFile(edges, '0\t1\n');
  const memory = new Memory();
  const store = new Stored().add;
  const first = await run({ paths: [path], store, memory });
  assert.deepEqual(
    memory.failed.map(({ file, problems }) => [file, problems.map(({ what }) => what)]),
    [[edges, ['the vertices of these edges are not beside them']]],
  );
  assert.equal(first.problemCount, 1);
  await writeFile(join(path, 'crawl-vertices.txt'), '0\texample.a\n1\texample.b\n');
  const second = await run({ paths: [path], store, memory });
  assert.deepEqual([second.pairs, second.problemCount, memory.failed.length], [1, 0, 1]);
});

test('lists name archives beside them; where none is there, or only addresses, they are refused', async () => {
  const path = await archives('listed', 2);
  const list = join(path, 'list.txt');
  await writeFile(list, '00.warc.gz\n\n# a comment\n01.warc.gz\n');
  const summary = await run({ paths: [], lists: [list] });
  assert.equal(summary.files.length, 2);
  await assert.rejects(run({ paths: [join(folder, 'absent.warc')] }), { code: 'missing-file' });
  for (const address of [
    'https://example.org/x.warc.gz',
    'file://elsewhere/x.warc.gz',
    'file:///x%2fy.warc.gz',
  ]) {
    await writeFile(list, `${address}\n`);
    await assert.rejects(run({ paths: [], lists: [list] }), { code: 'bad-list' });
  }
});

test('lists as Common Crawl gives them: gzipped, relative to where the crawl was mirrored', async () => {
  const path = await archives('mirror', 2);
  const list = join(folder, 'warc.paths.gz');
  await writeFile(list, gzipSync('00.warc.gz\n01.warc.gz\n'));
  assert.equal((await run({ paths: [], lists: [list], base: path })).files.length, 2);
  await writeFile(list, gzipSync('00.warc.gz').subarray(0, 20));
  await assert.rejects(run({ paths: [], lists: [list], base: path }), { code: 'bad-list' });
});

test('lists of addresses name what was downloaded, under its path or its host and path; lists are known as such, and name nothing unless called lists', async () => {
  const path = await archives('downloaded', 2);
  await mkdir(join(path, 'data.example', 'crawl'), { recursive: true });
  await rename(join(path, '01.warc.gz'), join(path, 'data.example', 'crawl', '01.warc.gz'));
  const list = join(folder, 'addresses.txt');
  await writeFile(list, 'https://data.example/00.warc.gz\ns3://data.example/crawl/01.warc.gz\n');
  assert.equal((await run({ paths: [], lists: [list], base: path })).pages, 4);
  assert.deepEqual(
    [await importKindOf(list), await importKindOf(join(path, '00.warc.gz'))],
    ['list', 'archive'],
  );
  assert.equal((await run({ paths: [list], base: path })).pages, 0);
  await assert.rejects(run({ paths: [], lists: [list] }), { code: 'bad-list' });
  await writeFile(list, 'https://shop.example/\n');
  await assert.rejects(run({ paths: [], lists: [list], base: path }), {
    code: 'bad-list',
    message: /not an archive/,
  });
  await writeFile(list, gzipSync('downloaded/00.warc.gz\n'));
  assert.equal((await run({ paths: [], lists: [list] })).pages, 2);
  await writeFile(list, '../downloaded/absent.warc.gz\n');
  await assert.rejects(run({ paths: [], lists: [list] }), {
    code: 'missing-file',
    message: /addresses\.txt names .*absent/,
  });
});

test('of a list that is not all there the rest is read, and what is missing is told', async () => {
  const path = await archives('partly', 2);
  const list = join(path, 'warc.paths');
  await writeFile(
    list,
    '00.warc.gz\nabsent.warc.gz\nhttps://shop.example/\ncrawl/x.warc.wat.gz\n01.warc.gz\nfile://elsewhere/y.warc\n',
  );
  const memory = new Memory();
  const summary = await run({ paths: [], lists: [list], store: new Stored().add, memory });
  assert.deepEqual([summary.pages, summary.files.length, summary.problemCount], [4, 6, 4]);
  const told = [
    { file: join(path, 'absent.warc.gz'), offset: 0, what: 'is listed, and not there' },
    { file: 'https://shop.example/', offset: 0, what: 'is listed, and no archive' },
    { file: 'crawl/x.warc.wat.gz', offset: 0, what: 'is listed, and no archive' },
    { file: 'file://elsewhere/y.warc', offset: 0, what: 'is listed, and no file here' },
  ];
  assert.deepEqual(summary.problems, told);
  await rename(join(path, '01.warc.gz'), join(path, 'absent.warc.gz'));
  const again = await run({ paths: [], lists: [list], store: new Stored().add, memory });
  assert.deepEqual(
    again.files.map(({ isSkipped, pages }) => [isSkipped, pages]),
    [
      [true, 2],
      [false, 2],
      [false, 0],
      [false, 0],
      [false, 0],
      [false, 0],
    ],
  );
});

test('what is given as a list and is none is said to be none', async () => {
  const path = await archives('no list', 1);
  const list = join(path, 'list');
  for (const bytes of [
    Buffer.from('\x89PNG\r\n\x1a\n\0\0'),
    pageRecords('a.example'),
    Buffer.from('x'.repeat(5_000)),
  ]) {
    await writeFile(list, bytes);
    await assert.rejects(run({ paths: [], lists: [list] }), { code: 'bad-list', message: /is no list/ });
  }
  await writeFile(list, '\n# nothing\n');
  await assert.rejects(run({ paths: [], lists: [list] }), { code: 'no-archives' });
  await writeFile(list, 'x.warc.wet.gz\n');
  assert.equal(await importKindOf(list), 'list');
  await assert.rejects(run({ paths: [], lists: [list] }), { code: 'bad-list', message: /not an archive/ });
});

test('a folder without archives is refused alone, and told beside others; links in a folder lead no further', async () => {
  const path = await archives('linked', 1);
  const bare = join(folder, 'bare');
  await mkdir(join(bare, 'below'), { recursive: true });
  await writeFile(join(bare, 'below', 'notes.txt'), 'nothing');
  await assert.rejects(run({ paths: [bare] }), { code: 'no-archives', message: /bare.*no archive/ });
  await symlink(path, join(bare, 'out'));
  await symlink(join(path, '00.warc.gz'), join(bare, 'out.warc.gz'));
  await symlink(join(path, 'gone'), join(bare, 'gone.warc.gz'));
  await symlink(join(bare, 'below'), join(bare, 'in'));
  await symlink('/etc/hostname', join(bare, 'junk'));
  const summary = await run({ paths: [bare, path] });
  assert.equal(summary.pages, 2);
  assert.deepEqual(
    summary.problems.map(({ file, what }) => [file.slice(bare.length + 1), what]),
    [
      ['gone.warc.gz', 'this link leads nowhere'],
      ['out', 'a link out of the folder: name what it leads to'],
      ['out.warc.gz', 'a link out of the folder: name what it leads to'],
    ],
  );
});

test('what is neither file nor folder is not opened: refused alone, told beside archives', async () => {
  const path = await archives('piped', 1);
  const pipe = join(folder, 'pipe.warc');
  const plainPipe = join(folder, 'pipe');
  await using server = createServer();
  await once(server.listen(pipe), 'listening');
  await assert.rejects(run({ paths: [pipe] }), {
    code: 'no-archives',
    message: /neither a file nor a folder/,
  });
  await rename(pipe, plainPipe);
  assert.equal(await importKindOf(plainPipe), 'other');
  await rename(plainPipe, pipe);
  const { pages, problems } = await run({ paths: [pipe, path] });
  assert.equal(pages, 2);
  assert.deepEqual(
    problems.map(({ file, what }) => [file, what]),
    [[pipe, 'neither a file nor a folder']],
  );
});

test('paths are known by name or first bytes', async () => {
  const path = join(folder, 'kinds');
  await mkdir(path);
  const kinds: Readonly<Record<string, readonly [Buffer, string]>> = {
    'visit.json': [Buffer.from('\ufeff\n{ "log": {"entries": []}}'), 'archive'],
    'other.json': [Buffer.from('{"a": 1}'), 'other'],
    noext: [pageRecords('a.example'), 'archive'],
    'x.warc.lz4': [Buffer.from('\x04\x22\x4d\x18', 'latin1'), 'archive'],
    'x.eml': [Buffer.from('From: a@b.example\r\n\r\n{"log": 1}'), 'other'],
    'warc.paths': [Buffer.from('# comment\ncrawl/x.warc.gz\n'), 'list'],
  };
  for (const [name, [bytes, kind]] of Object.entries(kinds)) {
    await writeFile(join(path, name), bytes);
    assert.equal(await importKindOf(join(path, name)), kind, name);
  }
  assert.equal(await importKindOf(path), 'folder');
  assert.equal(await importKindOf(join(path, 'gone.warc.gz')), 'absent');
});

test('revisits have the bodies of records in other files of the set, wherever those stand', async () => {
  const path = join(folder, 'revisits');
  await mkdir(path);
  const html = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<img src=https://img.example/x.png>';
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: again=1\r\n\r\n';
  const digest = (value: string): string => `WARC-Payload-Digest: sha1:${value}\r\n`;
  const original = record('response', 'https://first.example/', html, digest('SAME'));
  const revisits = [
    record('request', 'https://again.example/', 'GET / HTTP/1.1\r\nHost: again.example\r\n\r\n'),
    record('revisit', 'https://again.example/', head, digest('SAME')),
    record('revisit', 'https://lost.example/', head, digest('NOWHERE')),
  ];
  await writeFile(join(path, 'a.warc.gz'), Buffer.concat(revisits));
  await writeFile(join(path, 'b.warc.gz'), original);
  const stored = new Stored();
  const memory = new Memory();
  const summary = await run({ paths: [path], store: stored.add, memory });
  const has = (source: string, dataset: string): number =>
    stored.observations.filter((each) => each.source === source && each.dataset === dataset).length;
  assert.deepEqual(
    ['first.example', 'again.example', 'lost.example'].map((host) => has(host, 'host-pairs')),
    [1, 1, 0],
  );
  assert.deepEqual([has('again.example', 'cookies'), has('lost.example', 'cookies')], [1, 1]);
  assert.deepEqual(
    summary.problems.map(({ file, offset, what }) => [file, offset, what]),
    [[join(path, 'a.warc.gz'), revisits[0]!.length + revisits[1]!.length, 'what it revisits is not here']],
  );
  const pair = stored.observations.find(({ source }) => source === 'again.example')!;
  assert.equal(pair.evidence.archive?.file, join(path, 'a.warc.gz'));
  const again = await run({ paths: [path], store: stored.add, memory });
  assert.ok(again.files.every(({ isSkipped }) => isSkipped));
});

test('an import that is stopped before its revisits were read goes on with them', async () => {
  const path = join(folder, 'revisits');
  const whole = new Stored();
  await run({ paths: [path], store: whole.add });
  const pieces = new Stored();
  const memory = new Memory();
  const stop = new AbortController();
  const finish = memory.finish;
  memory.finish = async (...args) => {
    await finish(...args);
    if (args[1].foreignRevisits > 0) stop.abort();
  };
  const first = await run({ paths: [path], store: pieces.add, memory, signal: stop.signal });
  assert.ok(first.isPartial);
  const second = await run({ paths: [path], store: pieces.add, memory });
  assert.ok(!second.isPartial);
  assert.deepEqual(pieces.rows(), whole.rows());
});
