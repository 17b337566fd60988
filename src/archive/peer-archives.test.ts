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
import { headerValue } from './payload.ts';
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

interface IndexRow {
  readonly place: string;
  readonly timestamp: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Rows of pywb's CDX (`N b a m s k r M S V g`) and CDXJ files. */
function indexRows(path: string): IndexRow[] {
  const rows: IndexRow[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const json = /^\S+ (\d{14}) (\{.*\})$/.exec(line);
    const text = /^\S+ (\d{14}) (\S+) (\S+) (\S+) (\S+) \S+ \S+ (\d+) (\d+) (\S+)$/.exec(line);
    if (json !== null) {
      const fields = JSON.parse(json[2]!) as Record<string, string>; // pywb writes texts only
      rows.push({ place: `${fields['filename']} ${fields['offset']}`, timestamp: json[1]!, fields });
    } else if (text !== null) {
      const [, timestamp, url, mime, status, digest, length, offset, filename] = text;
      const fields = { url: url!, mime: mime!, status: status!, digest: digest!, length: length! };
      rows.push({ place: `${filename} ${offset}`, timestamp: timestamp!, fields });
    }
  }
  return rows;
}

/** The same fields of a record, as pywb words them. */
function indexFields(record: WarcRecord): Record<string, string> {
  const isHttp = /^application\/http/i.test(record.field('Content-Type') ?? '');
  const response = isHttp ? parseResponse(record.block) : undefined;
  const type =
    response === undefined ? record.field('Content-Type') : headerValue(response.headers, 'content-type');
  const payload = response === undefined ? record.block : response.body;
  const digest = record.field('WARC-Payload-Digest')?.replace(/^\w+:/, '') ?? sha1Base32(payload);
  const isRevisit = record.type === 'revisit';
  return {
    url: record.targetUri ?? '',
    mime: isRevisit ? 'warc/revisit' : (type?.split(';', 1)[0]!.trim() ?? 'unk'),
    status: isRevisit || response === undefined ? '-' : String(response.status),
    digest,
    length: String(record.length),
  };
}

describe('archives that others wrote, as they index them', { skip }, () => {
  const folder = join(data, 'warc/pywb/sample_archive');
  const records = new Map<string, WarcRecord>();
  const names = new Set<string>();
  for (const file of skip === false ? globSync('warcs/*', { cwd: folder }) : []) {
    names.add(basename(file));
    for (const record of readFile(join(folder, file)).records)
      records.set(`${basename(file)} ${record.offset}`, record);
  }

  test("pywb's CDX and CDXJ, field by field", () => {
    let compared = 0;
    for (const file of globSync('{cdx,cdxj}/*.{cdx,cdxj}', { cwd: folder })) {
      for (const { place, timestamp, fields } of indexRows(join(folder, file))) {
        // an index of samples for tests also names files and places that are not there
        if (file.endsWith('bad.cdx') || !names.has(place.split(' ')[0]!)) continue;
        const record = records.get(place);
        assert.ok(record !== undefined, `${file}: ${place}`);
        const own = indexFields(record);
        assert.equal((record.date ?? '').replace(/\D/g, '').slice(0, 14), timestamp, `${file}: ${place}`);
        for (const [name, value] of Object.entries(own)) {
          const expected = fields[name];
          if (expected === undefined || expected === '-') continue;
          // of records that are not compressed, some of these indexes leave out the line ends that close them
          if (
            name === 'length' &&
            !place.includes('.gz ') &&
            [2, 4, 6].includes(Number(value) - Number(expected))
          )
            continue;
          assert.equal(value, expected, `${file}: ${place}: ${name}`);
          compared++;
        }
      }
    }
    assert.ok(compared > 1_500, `only ${compared} fields compared`);
  });

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
      'warcio/test/data/example-trunc.warc': [4, undefined],
      'warcio/test/data/bad.arc': [4, /Content-Length/],
      'warcio/test/data/example-bad.warc.gz.bad': [6, undefined],
      'warcio/test/data/example-space-in-url.arc': [2, /1579 bytes instead of 1591/],
      'warcio.js/test/data/example-bad-length.warc': [6, undefined],
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
