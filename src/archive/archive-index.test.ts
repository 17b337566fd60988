import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CDXIndexer } from 'warcio';
import { indexArchive, type IndexedRecord } from './archive-index.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import { CDX_HEADER, toCdxjLine, toCdxLine } from './cdx-line.ts';

const data = process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');
const skip = existsSync(data) ? false : `no data at ${data}`;

/** Columns of an index by the names that CDXJ gives them; what a row does not say is absent. */
type Row = Readonly<Record<string, string>>;

/** Rows of CDXJ, and of CDX files of eleven columns. */
function parseIndex(text: string): Row[] {
  return text.split('\n').flatMap((line): Row[] => {
    const [, urlkey, timestamp, json] = /^(\S+) (\d{14}) (\{.*\})$/.exec(line) ?? [];
    // these indexes hold texts only
    if (json !== undefined) return [{ urlkey: urlkey!, timestamp: timestamp!, ...(JSON.parse(json) as Row) }];
    const columns = line.split(' ');
    if (line.startsWith(' ') || columns.length !== 11) return [];
    const names = 'urlkey timestamp url mime status digest redirect meta length offset filename'.split(' ');
    return [
      Object.fromEntries(
        names.map((name, i) => [name, columns[i]!] as const).filter(([, value]) => value !== '-'),
      ),
    ];
  });
}

const toRows = (records: Iterable<IndexedRecord>): Row[] =>
  parseIndex([...records].map(toCdxjLine).join('\n'));

describe('indexes that others made, field by field', { skip }, () => {
  const folder = join(data, 'warc/pywb/sample_archive');
  const files = skip === false ? globSync('warcs/*.{gz,warc,arc}', { cwd: folder }) : [];
  const own = new Map(files.map((file) => [basename(file), toRows(indexArchive(join(folder, file)))]));

  /** pywb's samples whose keys were changed by hand. */
  const HAND_MADE_KEYS = new Set(['example-arc-test.cdx', 'example-non-surt.cdx']);

  test("pywb's", () => {
    let compared = 0;
    const seen = new Set<string>();
    for (const file of globSync('{cdx,cdxj,non-surt-cdx}/*.{cdx,cdxj}', { cwd: folder })) {
      for (const row of parseIndex(readFileSync(join(folder, file), 'utf8'))) {
        // bad.cdx also names files and places that are not there
        if (file.endsWith('bad.cdx') || !own.has(row['filename']!)) continue;
        const ours = own.get(row['filename']!)!.find(({ offset }) => offset === row['offset']);
        assert.ok(ours !== undefined, `${file}: ${row['filename']} ${row['offset']}`);
        seen.add(`${row['filename']} ${row['offset']}`);
        for (const [name, value] of Object.entries(row)) {
          if (ours[name] === undefined || (name === 'urlkey' && HAND_MADE_KEYS.has(basename(file)))) continue;
          assert.equal(ours[name], value, `${file}: ${row['filename']} ${row['offset']}: ${name}`);
          compared++;
        }
        for (const name of ['url', 'mime', 'digest', 'length', 'offset'])
          assert.ok(ours[name] !== undefined, `${file}: ${name}`);
      }
    }
    assert.ok(compared > 2_000, `only ${compared} fields compared`);
    const whole = own.get('iana.warc.gz')!.filter(({ offset }) => !seen.has(`iana.warc.gz ${offset}`));
    assert.deepEqual(whole, [], 'no record more than pywb has');
  });

  /**
   * Where warcio.js 2.4.11 says something else: our value, and its own.
   * - A record of 1,613 bytes in two gzip members, at 0 of 516 bytes (its first 734 uncompressed ones) and at 516 of 614: it tells the
   *   second's length alone, so that offset and length name bytes that hold no member. The next record is at 1,130, as both say.
   * - Lines that end in CR CR LF: the block of 107 bytes at 378 ends at 485; it counts the six bytes that follow, too. pywb's own
   *   index of the file (`cdx/missing-status-text.cdxj`, compared above) says 485.
   * - A record of type request that holds `HTTP/1.1 200 OK`: its `StatusAndHeaders.method` takes the first word of any start
   *   line for the method; `HTTP/1.1` is no token (RFC 9112 §3.1), so the record tells none.
   */
  const WARCIO_DIFFERS = {
    'example-wrong-chunks.warc.gz 0 length': ['1130', '614'],
    'missing-status-text.warc 0 length': ['485', '491'],
    'example-warcinfo-metadata.warc 326 urlkey': [
      'com,example)/',
      'com,example)/?__wb_method=http/1.1&__wb_post_data=',
    ],
  };

  test("warcio's, made now of every WARC that it reads", async (t) => {
    let compared = 0;
    const differing = new Map<string, string[]>();
    for (const file of globSync('**/*.{warc,warc.gz}', { cwd: join(data, 'warc') })) {
      const path = join(data, 'warc', file);
      const indexer = new CDXIndexer({ format: 'cdxj' });
      const bytes = readFileSync(path);
      const reader = (async function* () {
        yield bytes;
      })();
      const theirs: Record<string, unknown>[] = [];
      try {
        for await (const row of indexer.iterIndex([{ filename: basename(file), reader }]))
          if (row['url'] !== undefined) theirs.push({ ...row }); // without a URL there is no key
      } catch {
        continue; // damaged: it gives up, and has nothing to compare
      }
      // it tells no places where one member holds all records
      if (theirs.some(({ offset }) => Number(offset) >= bytes.length)) continue;
      const ours = new Map(
        toRows(indexArchive(path, { rules: 'warcio' })).map((row) => [row['offset'], row]),
      );
      assert.deepEqual(
        theirs.map(({ offset }) => String(offset)).filter((offset) => !ours.has(offset)),
        [],
        `${file}: every record`,
      );
      assert.equal(ours.size, theirs.length, `${file}: and no other`);
      // of damaged records each reader has its own idea of the rest
      if (indexProblems(path).length > 0) continue;
      for (const row of theirs)
        for (const [name, value] of Object.entries(row)) {
          const mine = ours.get(String(row['offset']))![name];
          if (value === null || value === undefined || mine === undefined) continue;
          const key = `${basename(file)} ${row['offset']} ${name}`;
          // warcio tells a type where none is said
          if (name === 'mime' && mine === 'unk') continue;
          // a blank would end the column
          const expected = name === 'urlkey' ? String(value).replaceAll(' ', '%20') : String(value);
          if (mine === expected) compared++;
          else differing.set(key, [mine, expected]);
        }
    }
    t.diagnostic(`${compared} fields compared`);
    assert.ok(compared > 3_880, `only ${compared} fields compared`);
    assert.deepEqual(Object.fromEntries(differing), WARCIO_DIFFERS);
  });
});

function indexProblems(path: string): ArchiveProblem[] {
  const problems: ArchiveProblem[] = [];
  const records = indexArchive(path, { onProblem: (each) => void problems.push(each) });
  while (records.next().done !== true);
  return problems;
}

test('hostile URLs, types and digests end neither a column nor a line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adit-index-'));
  const block = 'HTTP/1.1 200 OK\r\nContent-Type: a b\u2028"\\;c\r\n\r\nx';
  const warc = (uri: string, more = ''): Buffer =>
    gzipSync(
      `WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: ${uri}\r\nWARC-Date: 2017-11-17T03:27:29.123Z\r\n${more}` +
        `Content-Type: application/http;msgtype=response\r\nContent-Length: ${Buffer.byteLength(block)}\r\n\r\n${block}\r\n\r\n`,
    );
  try {
    const path = join(folder, 'x.warc.gz');
    const uris = [
      'http://a b/c d',
      'http://é.example/\t"x"\u2028',
      'urn:x y',
      `http://x.example/${'a'.repeat(300_000)}`,
    ];
    writeFileSync(path, Buffer.concat(uris.map((uri) => warc(uri, 'WARC-Payload-Digest: sha1:A B\r\n'))));
    const records = [...indexArchive(path)];
    assert.equal(records.length, uris.length);
    for (const record of records) {
      assert.match(toCdxjLine(record), /^[!-~]+ 20171117032729 \{[^\n]*\}$/);
      assert.equal(toCdxLine(record).split(/\s/).length, 11);
      assert.equal(CDX_HEADER.trim().split(' ').length, 12);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('odd heads of answers have the fields that pywb and warcio give them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'adit-index-'));
  const heads = [
    'HTTP/1.1\r\nContent-Type: text/html; charset=x',
    'HTTP/1.1 1000 Odd\r\nContent-Type: text/html',
    'HTTP/2 200\r\nContent-Type: text/plain\r\nContent-Type: text/html',
    'ICY 200 OK\r\nContent-Type: foo bar; x',
    'HTTP/1.1 200 OK\r\nContent-Type: ',
  ];
  const records = heads.map((head, i) => {
    const block = `${head}\r\n\r\nhello`;
    const digest = i === 2 ? 'WARC-Payload-Digest: sha256:0123\r\n' : '';
    return `WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://h.test/\r\n${digest}Content-Type: application/http\r\nContent-Length: ${block.length}\r\n\r\n${block}\r\n\r\n`;
  });
  try {
    const path = join(folder, 'x.warc');
    writeFileSync(path, records.join(''));
    const rows = (rules: 'pywb' | 'warcio'): unknown[] =>
      Array.from(indexArchive(path, { rules }), ({ mime, status, digest }) => [mime, status, digest]);
    const hello = 'VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N';
    assert.deepEqual(rows('pywb'), [
      ['text/html', undefined, hello],
      ['text/html', 1000, hello],
      ['text/plain', 200, 'sha256:0123'],
      ['foo', 200, hello],
      [undefined, 200, hello],
    ]);
    assert.deepEqual(rows('warcio'), [
      ['text/html', undefined, hello],
      ['text/html', 1000, hello],
      ['text/plain, text/html', 200, '0123'],
      ['foo bar', 200, hello],
      [undefined, 200, hello],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
