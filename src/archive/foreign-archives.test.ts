import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { randomBytes, seededRandom } from './capture-source-fixture.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import type { WarcRecord } from './archive-record.ts';
import { digestFaults, sha1Base32 } from './record-digest.ts';
import { WarcReader, type WarcReaderOptions } from './warc-reader.ts';
import { firstField } from './warc-record.ts';

interface Reading {
  readonly records: readonly WarcRecord[];
  readonly problems: readonly ArchiveProblem[];
}

function reader(bytes: Uint8Array, options: WarcReaderOptions = {}): WarcReader {
  const read = (offset: number, length: number): Uint8Array => {
    assert.ok(offset >= 0 && length >= 0 && offset + length <= bytes.length, 'reads inside the file only');
    return bytes.subarray(offset, offset + length);
  };
  return new WarcReader({ name: 'test', sizeBytes: bytes.length, read }, options);
}

function readLenient(bytes: Uint8Array, options: WarcReaderOptions = {}): Reading {
  const problems: ArchiveProblem[] = [];
  const onProblem = (problem: ArchiveProblem): void => void problems.push(problem);
  return { records: [...reader(bytes, { mode: 'lenient', onProblem, ...options }).records()], problems };
}

const urisOf = ({ records }: Reading): (string | undefined)[] => records.map(({ targetUri }) => targetUri);

function warc(uri: string, block: Uint8Array | string, version = '1.1', length?: number): Buffer {
  const bytes = Buffer.from(block);
  const head = `WARC/${version}\r\nWARC-Type: resource\r\nWARC-Target-URI: ${uri}\r\nContent-Length: ${length ?? bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n\r\n')]);
}

const random = seededRandom(11);
const blocks = [
  Buffer.from('first block'),
  Buffer.from(randomBytes(random, 300_000)),
  Buffer.alloc(0),
  Buffer.from('last'),
];
const uris = blocks.map((_, i) => `urn:test:${i}`);
const plain = blocks.map((block, i) => warc(uris[i]!, block, ['0.17', '0.18', '1.0', '1.1'][i]));
const dictionary = Buffer.concat(plain.map((record) => record.subarray(0, 90)));

/** `.warc.zst` as the proposal has it: a skippable frame with the dictionary, then a frame a record. */
function zstdWarc(isPacked: boolean): Buffer {
  const content = isPacked ? zstdCompressSync(dictionary) : dictionary;
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a5d, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, ...plain.map((record) => zstdCompressSync(record, { dictionary }))]);
}

/** Members that end anywhere, as parallel compressors make them. */
function inMembersOf(size: number): Buffer {
  const whole = Buffer.concat(plain);
  const parts: Buffer[] = [];
  for (let at = 0; at < whole.length; at += size) parts.push(gzipSync(whole.subarray(at, at + size)));
  return Buffer.concat(parts);
}

const forms: Readonly<Record<string, Buffer>> = {
  'not compressed': Buffer.concat(plain),
  'a gzip member a record': Buffer.concat(plain.map((record) => gzipSync(record))),
  'one gzip member': gzipSync(Buffer.concat(plain)),
  'gzip members of 10 kB': inMembersOf(10_000),
  'compressed and not, one after the other': Buffer.concat([
    plain[0]!,
    gzipSync(plain[1]!),
    plain[2]!,
    zstdCompressSync(plain[3]!),
  ]),
  'a stored gzip member a record': Buffer.concat(plain.map((record) => gzipSync(record, { level: 0 }))),
  'a zstd frame a record': Buffer.concat(plain.map((record) => zstdCompressSync(record))),
  'one zstd frame': zstdCompressSync(Buffer.concat(plain)),
  'zstd with checksums': Buffer.concat(
    plain.map((record) => zstdCompressSync(record, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })),
  ),
  'zstd with a dictionary': zstdWarc(false),
  'zstd with a compressed dictionary': zstdWarc(true),
};

for (const [name, bytes] of Object.entries(forms)) {
  test(`${name}: every record in order, and again at its place`, () => {
    for (const mode of ['strict', 'lenient'] as const) {
      const records = [...reader(bytes, { mode }).records()];
      assert.deepEqual(
        records.map(({ targetUri, version, fault }) => [targetUri, version, fault]),
        uris.map((uri, i) => [uri, ['WARC/0.17', 'WARC/0.18', 'WARC/1.0', 'WARC/1.1'][i], undefined]),
      );
      for (const [i, record] of records.entries()) {
        assert.ok(blocks[i]!.equals(record.block));
        const again = reader(bytes, { mode }).recordAt(record.offset, record.length, record.innerOffset);
        assert.ok(blocks[i]!.equals(again.block));
      }
    }
  });

  test(`${name}: cut anywhere, the records before the cut are whole and the cut is told`, () => {
    const whole = readLenient(bytes);
    for (let round = 0; round < 25; round++) {
      const length = 1 + Math.floor(random() * (bytes.length - 1));
      const cut = readLenient(bytes.subarray(0, length));
      for (const [i, record] of cut.records.entries()) {
        assert.equal(record.targetUri, uris[i]);
        if (record.fault === undefined && record.block.length === blocks[i]!.length) continue;
        assert.equal(i, cut.records.length - 1, `only the last of ${cut.records.length} is damaged`);
      }
      const isWhole = cut.records.length === whole.records.length && cut.records.every(({ fault }) => !fault);
      assert.ok(isWhole || cut.problems.length > 0 || endsBetween(bytes, length), `cut at ${length} is told`);
    }
  });
}

/** Whether what is missing is whole records: nobody can tell that they were there. */
function endsBetween(bytes: Uint8Array, length: number): boolean {
  const ends = readLenient(bytes).records.map((record) => record.offset + record.length);
  return ends.some((end) => length <= end && length >= end - 4) || length <= 8 + dictionary.length;
}

test('a record goes on in the next member where the CRC of the one before is wrong, whether CRCs are checked or not', () => {
  const [head, rest] = [plain[0]!.subarray(0, 60), plain[0]!.subarray(60)];
  const first = gzipSync(head);
  first[first.length - 8]! ^= 1;
  const bytes = Buffer.concat([first, gzipSync(rest), gzipSync(plain[3]!)]);
  for (const checksCrc of [false, true]) {
    const { records } = readLenient(bytes, { checksCrc });
    assert.deepEqual(
      records.map(({ block }) => Buffer.from(block).toString()),
      ['first block', 'last'],
    );
  }
});

test('each record inside one large frame is opened again, by reading no further than it goes', () => {
  const digits = seededRandom(6);
  const many = Array.from({ length: 150 }, (_, i) => {
    const numbers = Array.from({ length: 600 * digits() }, () => Math.floor(digits() * 1_000));
    return warc(`urn:many:${i}`, numbers.join('\n') + 'x'.repeat(400_000 * digits() ** 2));
  });
  const bytes = zstdCompressSync(Buffer.concat(many));
  const { records } = readLenient(bytes);
  assert.equal(records.length, many.length);
  for (const { offset, length, innerOffset, block } of records) {
    const again = reader(bytes).recordAt(offset, length, innerOffset);
    assert.ok(Buffer.from(block).equals(again.block) && again.fault === undefined);
  }
});

test('members that end anywhere, in the middle of a header too', () => {
  const small = Buffer.concat([plain[0]!, plain[2]!, plain[3]!]);
  for (let size = 1; size < 60; size++) {
    const members: Buffer[] = [];
    for (let at = 0; at < small.length; at += size) members.push(gzipSync(small.subarray(at, at + size)));
    const reading = readLenient(Buffer.concat(members));
    assert.deepEqual(reading.problems, [], `of ${size} bytes`);
    assert.deepEqual(urisOf(reading), [uris[0], uris[2], uris[3]]);
  }
});

test('junk between members and padding are passed over, junk is told with its place', () => {
  const members = plain.map((record) => gzipSync(record));
  const junk = Buffer.from('this is no record\r\n\r\n');
  const bytes = Buffer.concat([
    members[0]!,
    junk,
    members[1]!,
    Buffer.alloc(9_000),
    members[2]!,
    members[3]!,
    Buffer.alloc(512),
  ]);
  const reading = readLenient(bytes);
  assert.deepEqual(urisOf(reading), uris);
  assert.deepEqual(
    reading.problems.map(({ file, offset }) => [file, offset]),
    [['test', members[0]!.length]],
  );
});

test('members with extra fields, a name, a comment and a CRC of their header are read', () => {
  const [extraField, name, comment, headerCrc] = [4, 8, 16, 2];
  const mark = '\x1f\x8b\x08';
  const extra = Buffer.from(`AD\x05\0${mark}\0\0`, 'latin1');
  const size = Buffer.of(extra.length, 0);
  for (const [flags, fields] of [
    [extraField, [size, extra]],
    [name, [Buffer.from(`${mark}.warc\0`, 'latin1')]],
    [comment, [Buffer.from('a comment\0')]],
    [headerCrc, [Buffer.of(1, 2)]],
    [
      extraField | name | comment | headerCrc,
      [size, extra, Buffer.from('name\0'), Buffer.from(`${mark}\0`, 'latin1'), Buffer.of(1, 2)],
    ],
  ] as const) {
    const members = plain.map((record) => {
      const member = gzipSync(record);
      member[3] = flags;
      return Buffer.concat([member.subarray(0, 10), ...fields, member.subarray(10)]);
    });
    const reading = readLenient(Buffer.concat(members));
    assert.deepEqual(urisOf(reading), uris);
    assert.deepEqual(reading.problems, []);
    assert.deepEqual(
      reading.records.map(({ length }) => length),
      members.map(({ length }) => length),
    );
  }
});

test('of a frame that is cut, all is had that stands before the cut', () => {
  const digits = seededRandom(5);
  const many = Array.from({ length: 60 }, (_, i) => {
    const numbers = Array.from({ length: 900 }, () => Math.floor(digits() * 1_000));
    return warc(`urn:many:${i}`, numbers.join('\n'));
  });
  const bytes = zstdCompressSync(Buffer.concat(many));
  for (let length = 20; length < bytes.length; length += 499) {
    const cut = bytes.subarray(0, length);
    let left = zstdDecompressSync(cut, { finishFlush: constants.ZSTD_e_flush }).length;
    const before = many.findIndex((record) => (left -= record.length) < 0);
    const { records, problems } = readLenient(cut);
    const whole = records.filter(
      ({ block, fields }) => String(block.length) === firstField(fields, 'content-length'),
    );
    assert.equal(whole.length, before, `cut at ${length} of ${bytes.length}`);
    assert.deepEqual(
      problems.filter(({ what }) => what.includes('corrupt')),
      [],
    );
  }
});

test('what is had of a damaged member is had again at its place', () => {
  const digits = seededRandom(7);
  const numbers = Array.from({ length: 5_000 }, () => Math.floor(digits() * 1_000)).join(' ');
  const member = gzipSync(warc('urn:test:numbers', numbers));
  member.fill(0xff, 4_000, 4_100);
  const file = Buffer.concat([member, gzipSync(plain[0]!)]);
  const [record] = readLenient(file).records;
  const { offset, length, block } = record!;
  const again = reader(file, { mode: 'lenient' }).recordAt(offset, length);
  assert.ok(block.length > 500 && Buffer.from(block).equals(again.block));
});

test('a damaged member costs itself alone', () => {
  const members = plain.map((record) => gzipSync(record));
  const damaged = Buffer.from(members[1]!);
  damaged.fill(0xff, 1_000, 1_100);
  const reading = readLenient(Buffer.concat([members[0]!, damaged, members[2]!, members[3]!]));
  assert.deepEqual(urisOf(reading), uris);
  assert.ok(reading.records[1]!.block.length > 500 && reading.records[1]!.fault !== undefined);
  assert.deepEqual(reading.problems, [
    { file: 'test', offset: members[0]!.length, what: 'gzip member corrupt' },
  ]);
});

test('a damaged Zstandard frame costs itself alone, with a dictionary and without', () => {
  for (const options of [{}, { dictionary }]) {
    const frames = plain.map((record) => zstdCompressSync(record, options));
    const head =
      'dictionary' in options ? zstdWarc(false).subarray(0, 8 + dictionary.length) : Buffer.alloc(0);
    frames[0]!.fill(0xff, 20, 30);
    const reading = readLenient(Buffer.concat([head, ...frames]));
    assert.deepEqual(urisOf(reading).slice(-3), uris.slice(1));
    assert.deepEqual(
      reading.problems.map(({ offset, what }) => [offset, what]),
      [[head.length, 'zstd member corrupt']],
    );
  }
});

test('a wrong CRC is told where CRCs are checked, a wrong size always', () => {
  for (const [at, checksCrc, isTold] of [
    [8, true, true],
    [8, false, false],
    [4, false, true],
  ] as const) {
    const members = plain.map((record) => gzipSync(record));
    const last = members[0]!;
    last[last.length - at]! ^= 1;
    const reading = readLenient(Buffer.concat(members), { checksCrc });
    assert.deepEqual(urisOf(reading), uris);
    assert.equal(reading.problems.length > 0, isTold);
  }
});

for (const [name, pack] of [
  ['plain', (bytes: Buffer) => bytes],
  ['one gzip member', (bytes: Buffer) => gzipSync(bytes)],
] as const) {
  test(`wrong lengths, ${name}: the record is told, the ones behind it are had`, () => {
    const [first, , third, fourth] = plain;
    const block = 'a block of some length';
    for (const length of [3, 30, 190, 1_000_000, 999_999_999_999]) {
      const wrong = warc('urn:wrong', block, '1.1', length);
      const reading = readLenient(pack(Buffer.concat([first!, wrong, third!, fourth!])));
      assert.deepEqual(urisOf(reading), [uris[0], 'urn:wrong', uris[2], uris[3]], `length ${length}`);
      assert.ok(reading.problems.length > 0);
      if (length > 30) assert.equal(Buffer.from(reading.records[1]!.block).toString(), block);
    }
    const none = Buffer.from(
      warc('urn:none', block)
        .toString()
        .replace(/Content-Length.*\r\n/, ''),
    );
    const reading = readLenient(pack(Buffer.concat([first!, none, third!])));
    assert.deepEqual(urisOf(reading), [uris[0], 'urn:none', uris[2]]);
  });
}

test('a record whose length leads beyond its member ends with it', () => {
  for (const pack of [gzipSync, zstdCompressSync]) {
    const members = [plain[0]!, warc('urn:wrong', 'a block', '1.1', 250_000), plain[1]!, plain[3]!];
    const reading = readLenient(Buffer.concat(members.map((each) => pack(each))));
    assert.deepEqual(urisOf(reading), [uris[0], 'urn:wrong', uris[1], uris[3]]);
    assert.ok(reading.records[1]!.block.length < 20 && reading.problems.length > 0);
    assert.ok(blocks[1]!.equals(reading.records[2]!.block));
  }
});

test('a last member that lacks no more than its end is told to be truncated', () => {
  const withSum = (bytes: Buffer): Buffer =>
    zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  for (const pack of [gzipSync, withSum])
    for (const lacks of [1, 2, 3, 4]) {
      const last = pack(plain[1]!);
      const file = Buffer.concat([pack(plain[0]!), last.subarray(0, last.length - lacks)]);
      const { records, problems } = readLenient(file);
      assert.ok(blocks[1]!.equals(records[1]!.block));
      assert.match(problems.map(({ what }) => what).join(), /truncated/, `${pack.name} lacks ${lacks}`);
    }
});

test('a record larger than the limit is cut and told, the next one is had', () => {
  const records = [plain[0]!, warc('urn:large', randomBytes(random, 2_000_000)), plain[3]!];
  for (const bytes of [
    Buffer.concat(records),
    Buffer.concat(records.map((each) => gzipSync(each))),
    gzipSync(Buffer.concat(records)),
  ]) {
    const reading = readLenient(bytes, { maxRecordBytes: 100_000 });
    assert.deepEqual(urisOf(reading), [uris[0], 'urn:large', uris[3]]);
    assert.ok(reading.records[1]!.isCut && reading.records[1]!.block.length < 100_000);
    assert.deepEqual(
      reading.problems.map(({ what }) => what),
      ['record is larger than the limit'],
    );
  }
});

test('a record larger than any buffer that is held is read whole, and again at its place', () => {
  const large = Buffer.alloc(20_000_000, 'a line of a large record\n');
  large.write('end', large.length - 3);
  const records = [plain[0]!, warc('urn:large', large), plain[3]!];
  for (const bytes of [
    Buffer.concat(records),
    Buffer.concat(records.map((each) => gzipSync(each, { level: 1 }))),
    gzipSync(Buffer.concat(records), { level: 1 }),
    Buffer.concat(records.map((each) => zstdCompressSync(each))),
  ]) {
    const reading = readLenient(bytes);
    assert.deepEqual(reading.problems, []);
    assert.deepEqual(urisOf(reading), [uris[0], 'urn:large', uris[3]]);
    const { block, offset, length, innerOffset } = reading.records[1]!;
    assert.ok(large.equals(block));
    assert.ok(large.equals(reader(bytes).recordAt(offset, length, innerOffset).block));
  }
});

test('ARC 1.0: header line, address, date, URL with spaces', () => {
  const http = 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello';
  const arc = [
    `filedesc://x.arc 0.0.0.0 20140216050221 text/plain 9\n1 0 Test\n`,
    `http://example.com/a b.html 93.184.216.119 20140216050221 text/html ${http.length}\n${http}\n`,
    `dns:example.com 10.0.0.1 20140216050222 text/dns 3\nabc\n`,
  ].map((text) => Buffer.from(text));
  for (const bytes of [Buffer.concat(arc), Buffer.concat(arc.map((each) => gzipSync(each)))]) {
    const { records, problems } = readLenient(bytes);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      records.map((record) => [record.type, record.targetUri, record.date, record.field('WARC-IP-Address')]),
      [
        ['warcinfo', 'filedesc://x.arc', '2014-02-16T05:02:21Z', '0.0.0.0'],
        ['response', 'http://example.com/a b.html', '2014-02-16T05:02:21Z', '93.184.216.119'],
        ['resource', 'dns:example.com', '2014-02-16T05:02:22Z', '10.0.0.1'],
      ],
    );
    assert.equal(Buffer.from(records[1]!.block).toString(), http);
  }
});

test('digests are checked in the spellings that writers use', () => {
  const body = 'the body';
  const record = (digest: string): WarcRecord => {
    const bytes = Buffer.from(
      warc('urn:x', body)
        .toString()
        .replace('Content-Length', `WARC-Block-Digest: ${digest}\r\nContent-Length`),
    );
    return readLenient(bytes).records[0]!;
  };
  const sha1 = sha1Base32(Buffer.from(body));
  for (const good of [
    `sha1:${sha1}`,
    `SHA1:${sha1.toLowerCase()}`,
    'md5:e3b5d5d6b1e7d5c0',
    'unknown:abc',
    'no label',
  ]) {
    if (!good.startsWith('md5')) assert.deepEqual(digestFaults(record(good)), [], good);
  }
  assert.deepEqual(digestFaults(record(`sha1:${sha1.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`)), [
    'block digest differs',
  ]);
});

test('damage anywhere: the reader ends, tells places in the file, and gives out no more than there is', () => {
  for (const bytes of Object.values(forms)) {
    for (let round = 0; round < 40; round++) {
      const damaged = Buffer.from(bytes);
      for (let i = 0; i < 4; i++) {
        const at = Math.floor(random() * damaged.length);
        const kind = random();
        if (kind < 0.5) damaged[at] = Math.floor(random() * 256);
        else if (kind < 0.8)
          damaged.copyWithin(at, Math.floor(random() * damaged.length), at + Math.floor(random() * 500));
        else damaged.fill(0, at, at + Math.floor(random() * 300));
      }
      const { records, problems } = readLenient(damaged, { maxRecordBytes: 1_000_000 });
      for (const { offset } of [...records, ...problems]) assert.ok(offset >= 0 && offset <= damaged.length);
      assert.ok(records.length < 50);
    }
  }
});

test('random bytes and floods of marks come to an end', () => {
  const flood = Buffer.from('\x1f\x8b\x08\0'.repeat(100_000), 'latin1');
  for (const bytes of [randomBytes(random, 2_000_000), flood, Buffer.alloc(1_000_000)]) {
    const { records } = readLenient(bytes);
    assert.equal(records.length, 0);
  }
});

test('what is made of beginnings of records is given up, and told; a record behind a few of them is had', () => {
  for (const begin of ['WARC/1.0\r\n', 'WARC/1.0\r\nA: b\r\n', 'WARC/1.0\r\nContent-Length: x\r\n'])
    for (const pack of [(bytes: Buffer) => bytes, (bytes: Buffer) => gzipSync(bytes)]) {
      const few = readLenient(
        pack(Buffer.concat([Buffer.from(begin.repeat(1_000)), Buffer.from('\r\n'), plain[0]!])),
      );
      assert.equal(few.records.at(-1)?.targetUri, uris[0], JSON.stringify(begin));
      const many = readLenient(pack(Buffer.from(begin.repeat(30_000))));
      assert.equal(many.records.length, 0);
      assert.ok(many.problems.length <= 20_010, `${many.problems.length}`);
    }
});
