import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readSource } from '#archive';
import { ArrivalLog } from '../egress/arrivals.ts';
import { Spool, SpoolMemory } from '../egress/spool.ts';
import { BodyStore } from './body-store.ts';
import { ByteReader } from './byte-reader.ts';
import { ChunkList, SpoolReader } from './chunk-source.ts';
import { parseKeyLog, readKeyLog } from './key-log.ts';
import { LimitLog } from './limit-log.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
import { seededRandom } from './wire-fixture.ts';

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'adit-streams-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const chunksOf = (random: (below: number) => number, count: number): Buffer[] =>
  Array.from({ length: count }, () => Buffer.alloc(1 + random(5_000), random(256)));

test('a spooled stream reads back the same, from memory and from its file, each byte with its arrival', (t) => {
  const random = seededRandom(3);
  const path = directory(t);
  for (const [index, memory] of [10_000_000, 0, 50_000].entries()) {
    const chunks = chunksOf(random, 400);
    const spool = new Spool(join(path, `spool-${index}`), new SpoolMemory(memory));
    for (const [at, chunk] of chunks.entries()) assert.ok(spool.append(chunk, at * 2));
    const stream = spool.seal();
    assert.equal(stream.bytes instanceof Uint8Array, false, 'more than 256 kB go to a file');
    using reader = new SpoolReader(stream);
    const read: { bytes: Uint8Array; at: number }[] = [];
    for (let chunk = reader.next(); chunk !== undefined; chunk = reader.next()) read.push(chunk);
    assert.ok(Buffer.concat(read.map(({ bytes }) => bytes)).equals(Buffer.concat(chunks)));
    const arrival = chunks.flatMap((chunk, at) => Array<number>(chunk.length).fill(at * 2));
    let offset = 0;
    for (const { bytes, at } of read) {
      assert.equal(arrival[offset], at);
      assert.equal(arrival[offset + bytes.length - 1], at);
      offset += bytes.length;
    }
  }
});

test('a disk that takes nothing is a fault of the stream, not of the program', (t) => {
  const spool = new Spool(join(directory(t), 'absent', 'spool'), new SpoolMemory(0));
  assert.equal(spool.append(Buffer.from('x'), 1), false);
  assert.equal(spool.append(Buffer.from('y'), 2), false);
  const stream = spool.seal();
  assert.equal(stream.fault, 'ENOENT');
  assert.equal(stream.sizeBytes, 0);
});

test('memory that a spool gave up can be used by another', (t) => {
  const path = directory(t);
  const memory = new SpoolMemory(100_000);
  for (let count = 0; count < 20; count++) {
    const spool = new Spool(join(path, `spool-${count}`), memory);
    spool.append(Buffer.alloc(90_000), 0);
    assert.ok(spool.seal().bytes instanceof Uint8Array, `${count}`);
  }
  assert.equal(memory.take(100_000), true);
});

test('arrivals stay in order and in bounds, however many there are', () => {
  const log = new ArrivalLog();
  for (let index = 1; index <= 50_000; index++) log.add(index * 10, index);
  const { ends, times } = log.toArrivals();
  assert.ok(ends.length <= 4_096 && ends.length > 1_000);
  assert.equal(ends.at(-1), 500_000);
  for (let index = 1; index < ends.length; index++) {
    assert.ok(ends[index]! > ends[index - 1]! && times[index]! > times[index - 1]!);
    // Coarser, but never far off.
    assert.ok(Math.abs(ends[index]! / 10 - times[index]!) <= 64);
  }
});

test('a reader cuts pieces of any size, wherever the chunks end', () => {
  const random = seededRandom(9);
  const text = 'line one\nline two\r\n\nthe rest of it without end'.repeat(20);
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(text);
    const chunks = [];
    for (let at = 0; at < bytes.length;) {
      const size = 1 + random(40);
      chunks.push({ bytes: bytes.subarray(at, at + size), at });
      at += size;
    }
    const reader = new ByteReader(new ChunkList(chunks));
    const parts: Uint8Array[] = [];
    while (!reader.isAtEnd) {
      const choice = random(4);
      if (choice === 0) parts.push(reader.takeLine(1_000) ?? reader.take(1)!);
      else if (choice === 1) parts.push(reader.takeSome(1 + random(30))!);
      else if (choice === 2) assert.ok(reader.peek(random(50)).length <= 50);
      else parts.push(reader.take(1 + random(3)) ?? reader.takeSome(3)!);
    }
    assert.equal(Buffer.concat(parts).toString(), text);
  }
});

test('a line beyond the limit is not taken', () => {
  const reader = new ByteReader(new ChunkList([{ bytes: Buffer.from('0123456789\nx'), at: 1 }]));
  assert.equal(reader.takeLine(10), undefined);
  assert.equal(Buffer.from(reader.takeLine(11)!).toString(), '0123456789\n');
  assert.equal(reader.takeLine(11), undefined);
  assert.equal(Buffer.from(reader.take(1)!).toString(), 'x');
});

function store(
  t: TestContext,
  limits: Partial<WireLimits>,
): { store: BodyStore; path: string; log: LimitLog } {
  const log = new LimitLog({ ...DEFAULT_WIRE_LIMITS, ...limits });
  const path = directory(t);
  return { store: new BodyStore(path, 'test', log), path, log };
}

test('bodies stay in memory while they are small and there is room, else they become private files', (t) => {
  const { store: bodies, path } = store(t, { maxMemoryBytes: 300_000 });
  const sizes = [10, 200_000, 150_000, 500_000, 20];
  const sinks = sizes.map(() => bodies.open());
  // Interleaved, as HTTP/2 streams are.
  for (let piece = 0; piece < 10; piece++)
    for (const [index, sink] of sinks.entries())
      sink.write(Buffer.alloc(sizes[index]! / 10, 65 + index), piece);
  for (const [index, sink] of sinks.entries()) {
    const bytes = readSource(sink.finish()!);
    assert.ok(Buffer.from(bytes).equals(Buffer.alloc(sizes[index]!, 65 + index)));
  }
  const files = readdirSync(path);
  assert.ok(files.length >= 2 && files.length <= 4, `${files.length} files`);
  for (const file of files) assert.equal(statSync(join(path, file)).mode & 0o777, 0o600);
});

test('bodies are cut at their own limit and at that of all', (t) => {
  const { store: bodies, log } = store(t, { maxBodyBytes: 100, maxTotalBodyBytes: 250 });
  const kept = [80, 150, 90].map((size) => {
    const sink = bodies.open();
    for (let at = 0; at < size; at += 10) sink.write(Buffer.alloc(10, 1), at);
    return [sink.finish()?.length, sink.isCut, sink.receivedBytes];
  });
  assert.deepEqual(kept, [
    [80, false, 80],
    [100, true, 150],
    [70, true, 90],
  ]);
  assert.deepEqual(
    log.reached.map(({ limit }) => limit),
    ['maxBodyBytes', 'maxTotalBodyBytes'],
  );
});

test('a key log is read for the connections that matter', (t) => {
  const random = 'ab'.repeat(32);
  const other = 'cd'.repeat(32);
  const lines = [
    '# a comment',
    `CLIENT_RANDOM ${random} ${'01'.repeat(48)}`,
    `SERVER_TRAFFIC_SECRET_0 ${random.toUpperCase()} ${'02'.repeat(32)}\r`,
    `CLIENT_RANDOM ${other} ${'03'.repeat(48)}`,
    `CLIENT_RANDOM ${random}`,
    `nonsense ${random} zz`,
    'x'.repeat(5_000),
    `CLIENT_TRAFFIC_SECRET_0 ${random} ${'04'.repeat(32)}`,
  ];
  const text = lines.join('\n');
  const wanted = new Set([random]);
  const expected = [
    ['CLIENT_RANDOM', 1],
    ['SERVER_TRAFFIC_SECRET_0', 2],
    ['CLIENT_TRAFFIC_SECRET_0', 4],
  ];
  for (const size of [7, 100, text.length]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      text.slice(index * size, (index + 1) * size),
    );
    const log = parseKeyLog(pieces, wanted);
    assert.deepEqual([...log.keys()], [random]);
    assert.deepEqual(
      [...log.get(random)!].map(([label, secret]) => [label, secret[0]]),
      expected,
    );
  }
  const path = join(directory(t), 'keys.log');
  writeFileSync(path, `${text}\n`);
  const offset = statSync(path).size;
  appendFileSync(path, `CLIENT_RANDOM ${random} ${'05'.repeat(48)}\n`);
  assert.deepEqual(
    [...readKeyLog(path, offset, wanted).get(random)!.values()].map((secret) => secret[0]),
    [5],
  );
  assert.equal(readKeyLog(path, 0, new Set()).size, 0);
  assert.equal(readKeyLog(`${path}.absent`, 0, wanted).size, 0);
});
