import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { FileSink } from '../src/archive/file-sink.ts';
import { ZipWriter } from '../src/archive/zip-writer.ts';
import { openHome, run, start, type Run, type Running } from './cli-fixture.ts';

const TARGET = 'images.example';
/** In whole seconds: it can be set again exactly. */
const WRITTEN_AT = 1_500_000_000;

const home = openHome();
const folder = join(home.path, 'archives');
let server: Running;

before(async () => {
  mkdirSync(folder);
  server = start(home.environment, 'serve', '--port', '0', '--json');
  await server.says('"url"');
});
after(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  home[Symbol.dispose]();
});

const adit = (...args: string[]): Promise<Run> => run(home.environment, ...args);
const file = (name: string): string => join(folder, name);

/** A record of a page with an image of another host; what it says would clear a terminal. */
function record(host: string, block?: string): Buffer {
  const page =
    block ?? `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\u001b[2J</p><img src=//${TARGET}/a.png>`;
  return Buffer.from(
    `WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://${host}/\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
      `Content-Type: application/http; msgtype=response\r\nContent-Length: ${page.length}\r\n\r\n${page}\r\n\r\n`,
    'latin1',
  );
}

function har(host: string): string {
  const text = `<p>\u001b[2J</p><img src=//${TARGET}/a.png>`;
  const entry = (name: string) => ({
    startedDateTime: '2017-11-20T10:00:00.000Z',
    time: 1,
    request: { method: 'GET', url: `https://${name}/`, httpVersion: 'HTTP/1.1', headers: [] },
    response: {
      status: 200,
      statusText: 'OK',
      httpVersion: 'HTTP/1.1',
      headers: [{ name: 'Content-Type', value: 'text/html' }],
      content: { mimeType: 'text/html', size: text.length, text },
    },
  });
  return JSON.stringify({ log: { version: '1.2', entries: [entry('filler.example'), entry(host)] } });
}

async function writeWacz(path: string, content: Buffer): Promise<void> {
  await using sink = await FileSink.create(path);
  const zip = new ZipWriter(sink, new Date('2017-11-20T10:00:00Z'));
  await zip.add('archive/data.warc.gz', content, 'stored');
  await zip.finish();
  await sink.commit();
}

interface Opened {
  readonly text: string;
  readonly head: string;
  readonly faults: readonly string[];
  readonly archive: {
    readonly file: string;
    readonly offset: number;
    readonly length: number;
    readonly innerOffset?: number;
  };
}

const evidence = (host: string, ...more: string[]): Promise<Run> =>
  adit('show', host, '--dataset', 'host-pairs', '--evidence', '1', ...more);

test('the exchange is printed from where it stands, in every kind of archive', async () => {
  const [first, second] = [record('filler.example'), record('member.example')];
  writeFileSync(file('member.warc.gz'), Buffer.concat([gzipSync(first), gzipSync(second)]));
  utimesSync(file('member.warc.gz'), WRITTEN_AT, WRITTEN_AT);
  const whole = [record('filler.example'), record('whole.example')];
  writeFileSync(file('whole.warc.gz'), gzipSync(Buffer.concat(whole)));
  const plain = [record('filler.example'), record('plain.example')];
  writeFileSync(file('plain.warc'), Buffer.concat(plain));
  const zipped = [gzipSync(record('filler.example')), gzipSync(record('zipped.example'))];
  await writeWacz(file('zipped.wacz'), Buffer.concat(zipped));
  writeFileSync(file('har.har'), har('har.example'));
  writeFileSync(file('packed.har.gz'), gzipSync(har('packed.example')));
  const imported = await adit('import', folder, '--json');
  assert.equal(imported.code, 0, imported.stderr);

  const inHar = har('har.example').lastIndexOf('{"startedDateTime"');
  const places = {
    member: ['member.warc.gz', gzipSync(first).length, undefined],
    whole: ['whole.warc.gz', 0, whole[0]!.length],
    plain: ['plain.warc', plain[0]!.length, undefined],
    zipped: ['zipped.wacz!archive/data.warc.gz', zipped[0]!.length, undefined],
    har: ['har.har', inHar, undefined],
    packed: ['packed.har.gz', 0, har('packed.example').lastIndexOf('{"startedDateTime"')],
  } as const;
  for (const [name, [inside, offset, inner]] of Object.entries(places)) {
    const opened = await evidence(`${name}.example`, '--json');
    assert.equal(opened.code, 0, `${name}: ${opened.stderr}`);
    const { text, head, faults, archive } = opened.json<Opened>();
    assert.match(text, /<img src=\/\/images\.example\/a\.png>/, name);
    assert.match(head, /200 OK[\s\S]*Content-Type: text\/html/, name);
    assert.deepEqual(faults, [], name);
    assert.deepEqual([archive.file, archive.offset], [file(inside), offset], name);
    if (inner !== undefined) assert.equal(archive.innerOffset, inner, name);
    assert.ok(archive.length > 0);
  }
});

test('for reading: heads, line and place, and nothing in it acts on the terminal', async () => {
  const { code, stdout, stderr } = await evidence('whole.example');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^host-pairs 1: whole\.example —img\.src→ images\.example\n/);
  assert.match(stdout, /200 OK/);
  assert.match(stdout, /\\u\{1b\}\[2J<\/p><img src=\/\/images/);
  assert.ok(!stdout.includes('\u001b'));
  assert.match(stdout, /whole\.warc\.gz, byte 0, \d+ bytes, \d+ bytes into what is compressed there\n/);
});

test('rows of an artifact are numbered through both directions, and open by their numbers', async () => {
  const listed = await adit('show', TARGET, '--dataset', 'host-pairs', '--json');
  const { rows, isPartial } = listed.json<{
    rows: { number: number; direction: string; source: string }[];
    isPartial: boolean;
  }>();
  assert.equal(isPartial, false);
  assert.deepEqual(
    rows.map(({ number }) => number),
    rows.map((_, index) => index + 1),
  );
  assert.ok(rows.length >= 7 && rows.every(({ direction }) => direction === 'reverse'));
  const { number } = rows.find(({ source }) => source === 'zipped.example')!;
  const opened = await adit('show', TARGET, '--dataset', 'host-pairs', '--evidence', String(number));
  assert.match(opened.stdout, new RegExp(`^host-pairs ${number}: zipped\\.example`));
  const text = await adit('show', TARGET, '--dataset', 'host-pairs');
  assert.match(text.stdout, new RegExp(`^ *${number} +zipped\\.example +img\\.src`, 'm'));
  const beyond = await adit('show', TARGET, '--evidence', '9999');
  assert.equal(beyond.code, 2);
  assert.match(beyond.stderr, /There are rows 1 to \d+/);
});

test('an archive that was moved, or changed, is said to be so', async () => {
  renameSync(file('plain.warc'), file('elsewhere.warc'));
  const moved = await evidence('plain.example');
  assert.notEqual(moved.code, 0);
  assert.match(moved.stderr, /no longer where it was imported from: .*plain\.warc/);

  const bytes = readFileSync(file('elsewhere.warc'));
  writeFileSync(file('plain.warc'), Buffer.concat([bytes, Buffer.from('\r\n')]));
  const longer = await evidence('plain.example');
  assert.match(
    longer.stderr,
    new RegExp(`was changed .*: it has ${bytes.length + 2} bytes, and had ${bytes.length}`),
  );

  writeFileSync(file('plain.warc'), bytes);
  assert.match((await evidence('plain.example')).stderr, /was changed .*: it was written to at 20/);
});

test('a record that was damaged without a trace is shown as it can be had, with what is wrong', async () => {
  const path = file('member.warc.gz');
  const whole = readFileSync(path);
  const second = gzipSync(record('filler.example')).length;
  const damage = (offset: number): void => {
    const bytes = Buffer.from(whole);
    bytes[offset]! ^= 0xff;
    writeFileSync(path, bytes);
    utimesSync(path, WRITTEN_AT, WRITTEN_AT);
  };
  damage(whole.length - 6); // in the CRC
  const crc = await evidence('member.example');
  assert.equal(crc.code, 0, crc.stderr);
  assert.match(crc.stdout, /<img src=\/\/images/);
  assert.match(crc.stdout, /\ndamaged: gzip member corrupt\n/);

  damage(second + 12); // at the start of what is compressed
  const lost = await evidence('member.example');
  assert.notEqual(lost.code, 0);
  assert.match(lost.stderr, new RegExp(`member\\.warc\\.gz.*${second}`));
});

test('an archive that cannot be read is told as often as it is imported', async () => {
  const edges = file('crawl-edges.txt'); // without its vertices
  writeFileSync(edges, '0\t1\n');
  for (let round = 0; round < 2; round++) {
    const { code, json } = await adit('import', edges, '--json');
    const { problems, problemCount } = json<{ problems: { file: string }[]; problemCount: number }>();
    assert.deepEqual([code, problemCount, problems.map((each) => each.file)], [3, 1, [edges]]);
  }
});
