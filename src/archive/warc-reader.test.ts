import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { randomBytes, seededRandom } from './capture-source-fixture.ts';
import { ArchiveError } from './errors.ts';
import type { WarcRecord } from './archive-record.ts';
import { BlockRoom } from './block-room.ts';
import { WarcReader, type WarcReaderOptions } from './warc-reader.ts';
import { WarcWriter } from './warc-writer.ts';
import { oracleRecords } from './warcio-fixture.ts';

const data = process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data');

function readAll(bytes: Uint8Array, options: WarcReaderOptions = {}): WarcRecord[] {
  return [...readerOf(bytes, options).records()];
}

function readerOf(bytes: Uint8Array, options: WarcReaderOptions = {}): WarcReader {
  const read = (offset: number, length: number): Uint8Array => {
    assert.ok(offset >= 0 && offset + length <= bytes.length, 'reads inside the file only');
    return bytes.subarray(offset, offset + length);
  };
  return new WarcReader({ name: 'test.warc', sizeBytes: bytes.length, read }, options);
}

/** Three records as the writer makes them. */
async function sample(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const target = {
    get size() {
      return size;
    },
    async append(bytes: Uint8Array) {
      parts.push(bytes);
      size += bytes.length;
    },
  };
  const writer = new WarcWriter(target);
  for (const [i, body] of [
    Buffer.from('first'),
    randomBytes(seededRandom(2), 400_000),
    Buffer.from('third'),
  ].entries()) {
    await writer.write({
      fields: [
        ['WARC-Type', 'resource'],
        ['WARC-Target-URI', `urn:test:${i}`],
      ],
      head: Buffer.from('head '),
      body,
    });
  }
  return Buffer.concat(parts);
}

test('a reader gives back the memory that it took, also when it is left early', async () => {
  const bytes = await sample();
  const lent: ArrayBufferLike[] = [];
  const room = new (class extends BlockRoom {
    override take(size: number): Uint8Array {
      const block = super.take(size);
      if (block.buffer.byteLength > size) lent.push(block.buffer); // in steps: memory that is used again
      return block;
    }
  })();
  const pass = (): number => {
    const before = new Set(lent.splice(0));
    for (const { block } of readerOf(bytes, { room }).records()) room.giveBack(block);
    for (const { block } of readerOf(bytes, { room }).records()) {
      room.giveBack(block);
      break;
    }
    room.giveBack(readerOf(bytes, { room }).recordAt(0, bytes.length).block);
    return lent.filter((buffer) => !before.has(buffer)).length;
  };
  assert.ok(pass() > 0);
  assert.equal(pass(), 0);
});

test('records in order and at random, compressed and not', async () => {
  const gzip = await sample();
  for (const bytes of [gzip, gunzipSync(gzip)]) {
    const records = readAll(bytes);
    assert.deepEqual(
      records.map(({ targetUri, block }) => [targetUri, block.length]),
      [
        ['urn:test:0', 10],
        ['urn:test:1', 400_005],
        ['urn:test:2', 10],
      ],
    );
    // a record that is not compressed ends before its two line ends
    const end = records.at(-1)!.offset + records.at(-1)!.length;
    assert.equal(end, bytes === gzip ? bytes.length : bytes.length - 4);
    const again = readerOf(bytes).recordAt(records[1]!.offset, records[1]!.length);
    assert.deepEqual(Buffer.from(again.block), Buffer.from(records[1]!.block));
  }
});

test('a cut file: strict names the place, lenient gives what is there', async () => {
  for (const bytes of [await sample(), gunzipSync(await sample())]) {
    const cut = bytes.subarray(0, bytes.length - 40);
    const [, , last] = readAll(bytes);
    assert.throws(() => readAll(cut), { code: 'archive-damaged', file: 'test.warc', offset: last!.offset });
    const records = readAll(cut, { mode: 'lenient' });
    assert.deepEqual(
      records.slice(0, 2).map(({ fault }) => fault),
      [undefined, undefined],
    );
    assert.ok(records.slice(2).every(({ fault }) => fault !== undefined));
  }
});

test('a wrong length and junk between records are passed over in lenient mode', async () => {
  const plain = gunzipSync(await sample()).toString('latin1');
  const wrong = plain
    .replace('Content-Length: 10\r\n', 'Content-Length: 12\r\n')
    .replace(/third/, 'third\r\njunk\r\n');
  const records = readAll(Buffer.from(wrong, 'latin1'), { mode: 'lenient' });
  assert.ok(records.some(({ targetUri }) => targetUri === 'urn:test:2'));
  assert.throws(() => readAll(Buffer.from(`junk${plain}`, 'latin1')), {
    offset: 0,
    message: /no WARC record/,
  });
  const late = readAll(Buffer.from(`junk${plain}`, 'latin1'), { mode: 'lenient' });
  assert.equal(late.length, 3);
});

test('limits: a record larger than the limit is cut where its place is known, refused where not', async () => {
  const bytes = await sample();
  const [, large] = readAll(bytes);
  const options = { maxRecordBytes: 100_000, maxHeaderBytes: 10_000 };
  const cut = readerOf(bytes, options).recordAt(large!.offset, large!.length);
  assert.ok(cut.isCut && cut.block.length > 50_000 && cut.block.length <= 100_000);
  assert.deepEqual(Buffer.from(cut.block), Buffer.from(large!.block.subarray(0, cut.block.length)));
  assert.throws(() => readAll(bytes, options), { message: /larger than the limit/ });
  const bomb = gzipSync(`WARC/1.1\r\nContent-Length: 9\r\n\r\n${'\0'.repeat(50_000_000)}`);
  assert.throws(() => readAll(bomb, options), ArchiveError);
});

test('damage anywhere: strict throws a typed error, lenient always comes to an end', async () => {
  const random = seededRandom(9);
  const whole = Buffer.from(await sample());
  for (let round = 0; round < 60; round++) {
    const damaged = Buffer.from(whole);
    for (let i = 0; i < 3; i++) damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
    readAll(damaged, { mode: 'lenient' });
    try {
      readAll(damaged);
    } catch (error) {
      assert.ok(error instanceof ArchiveError && error.offset !== undefined, String(error));
    }
  }
});

describe('files that the world wrote', { skip: existsSync(data) ? false : `no data at ${data}` }, () => {
  for (const name of [
    'pywb/sample_archive/warcs/iana.warc.gz',
    'pywb/sample_archive/warcs/post-test.warc.gz',
    'pywb/sample_archive/warcs/example-url-agnostic-revisit.warc.gz',
    'warcio/test/data/example.warc.gz',
    'warcio/test/data/example.warc',
    'jwarc/test-resources/org/netpreserve/jwarc/cc.warc.gz',
  ]) {
    test(`${name}: the records that warcio finds, where it finds them`, async () => {
      const bytes = readFileSync(join(data, 'warc', name));
      const expected = await oracleRecords(bytes);
      const records = readAll(bytes);
      assert.deepEqual(
        records.map(({ type, offset }) => [type, offset]),
        expected.map(({ type, offset }) => [type, offset]),
      );
      for (const [i, { block }] of records.entries()) {
        assert.deepEqual(Buffer.from(block), Buffer.from(expected[i]!.block));
      }
    });
  }

  test('no file breaks the lenient reader', () => {
    const files = globSync('warc/**/*.{warc,warc.gz,bad,arc,arc.gz}', { cwd: data });
    assert.ok(files.length > 30);
    for (const file of files) readAll(readFileSync(join(data, file)), { mode: 'lenient' });
  });
});
