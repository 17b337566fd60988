import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { openBytes } from './archive-bytes.ts';
import { readArchive } from './archive-file.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import type { WarcRecord } from './archive-record.ts';
import { dechunk } from './chunked.ts';
import { parseResponse } from './http-head.ts';
import { sha1Base32 } from './record-digest.ts';
import { WarcReader } from './warc-reader.ts';

const data = process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');
const skip = existsSync(data) ? false : `no data at ${data}`;

function readFile(path: string): { records: WarcRecord[]; problems: ArchiveProblem[] } {
  using bytes = openBytes(path);
  const problems: ArchiveProblem[] = [];
  const onProblem = (problem: ArchiveProblem): void => void problems.push(problem);
  return { records: [...new WarcReader(bytes, { mode: 'lenient', onProblem }).records()], problems };
}

describe('archives that others wrote', { skip }, () => {
  test('every WARC, ARC and WACZ is read; what cannot be is told with file and offset', () => {
    const files = globSync('warc/**/*.{warc,warc.gz,arc,arc.gz,bad,lz4,wacz}', { cwd: data });
    assert.ok(files.length > 60);
    const empty: string[] = [];
    for (const file of files) {
      const problems: ArchiveProblem[] = [];
      let count = 0;
      const options = {
        verify: true,
        onProblem: (each: ArchiveProblem) => void problems.push(each),
        onRecord: () => void count++,
      };
      for (const { url, place } of readArchive(join(data, file), options)) {
        assert.match(url, /^https?:/i);
        assert.ok(place.length > 0);
      }
      for (const { file: named, offset, what } of problems) {
        assert.ok(named.startsWith(join(data, file)) && offset >= 0 && what !== '', file);
      }
      if (count === 0) empty.push(basename(file));
      if (count === 0) assert.ok(problems.length > 0, `${file} holds nothing and no one said why`);
    }
    assert.deepEqual(
      new Set(empty),
      new Set(['block-sized-records.warc.lz4', 'warcfile.warc.lz4', 'invalid_example_1.wacz']),
    );
  });

  test('damaged samples yield every record, and the rest is told', () => {
    const counts: Readonly<Record<string, readonly [records: number, problem: RegExp | undefined]>> = {
      'warcio/test/data/example-trunc.warc': [4, /no line end/],
      'warcio/test/data/bad.arc': [4, /Content-Length/],
      'warcio/test/data/example-bad.warc.gz.bad': [6, undefined],
      'warcio/test/data/example-space-in-url.arc': [2, /1579 bytes instead of 1591/],
      'warcio.js/test/data/example-bad-length.warc': [6, /974 bytes is followed by no line end/],
      'resiliparse/tests/data/clipped.warc.gz': [1, /truncated/],
      'resiliparse/tests/data/clueweb-quirk.warc.gz': [30, undefined],
      'resiliparse/tests/data/block-sized-records.warc': [3, undefined],
      'ia-web-commons/src/test/resources/org/archive/format/arc/IAH-20080430204825-00000-blackbook-truncated.arc':
        [9, undefined],
      'pywb/sample_archive/warcs/missing-status-text.warc': [1, undefined],
      'pywb/sample_archive/warcs/example.warc': [6, /followed by something else/],
    };
    for (const [file, [count, problem]] of Object.entries(counts)) {
      const reading = readFile(join(data, 'warc', file));
      assert.equal(reading.records.length, count, file);
      if (problem === undefined) assert.deepEqual(reading.problems, [], file);
      else
        assert.ok(
          reading.problems.some(({ what }) => problem.test(what)),
          file,
        );
    }
  });

  test('the same crawl, compressed and not, is the same', () => {
    for (const [plain, packed] of [
      ['resiliparse/tests/data/warcfile.warc', 'resiliparse/tests/data/warcfile.warc.gz'],
      ['pywb/sample_archive/warcs/example.arc', 'pywb/sample_archive/warcs/example.arc.gz'],
    ] as const) {
      const read = (file: string) =>
        readFile(join(data, 'warc', file)).records.map(({ type, targetUri, block }) => [
          type,
          type === 'warcinfo' ? '' : targetUri,
          type === 'warcinfo' ? '' : sha1Base32(block),
        ]);
      assert.deepEqual(read(plain), read(packed));
    }
  });

  test('chunked bodies of real servers', () => {
    const { records: chunked } = readFile(join(data, 'warc/warcio/test/data/example-iana.org-chunked.warc'));
    const response = parseResponse(chunked.find(({ type }) => type === 'response')!.block)!;
    const body = dechunk(response.body);
    assert.ok(body.isComplete && Buffer.from(body.bytes).includes('</html>'));
  });
});

describe('HAR files that others wrote', { skip }, () => {
  test('every entry is read, as JSON.parse has it', () => {
    const files = globSync('har/**/*.har', { cwd: data });
    assert.ok(files.length > 200);
    for (const file of files) {
      const path = join(data, file);
      // the shape that these files have, checked by what follows
      const { log } = JSON.parse(readFileSync(path, 'utf8')) as {
        log: { entries: { request: { url: string; method: string } }[] };
      };
      const expected = log.entries
        .map(({ request }) => request)
        .filter(({ url }) => /^(?:https?|wss?):/i.test(url));
      const problems: ArchiveProblem[] = [];
      const read = [...readArchive(path, { onProblem: (each) => void problems.push(each) })];
      assert.deepEqual(
        read.map(({ url, method }) => [url, method]),
        expected.map(({ url, method }) => [url, method]),
        `${dirname(file)}`,
      );
      assert.deepEqual(problems, []);
      for (const { place } of read.slice(0, 3)) {
        const text = readFileSync(path)
          .subarray(place.offset, place.offset + place.length)
          .toString();
        assert.equal((JSON.parse(text) as { request: unknown }).request !== undefined, true);
      }
    }
  });
});
