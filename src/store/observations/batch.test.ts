import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '#model';
import { BatchEncoder, MAX_BATCH, type ObservationBatch, type PreparedBatch } from './batch.ts';

const pairs = (count: number): Observation[] =>
  Array.from({ length: count }, (_, index) => ({
    dataset: 'host-pairs',
    source: 'www.example.org',
    label: 'script.src',
    target: `cdn${index % 10}.example`,
    seenAt: '2017-11-17T03:27:29.123Z',
    detail: { isObserved: true },
    evidence: {},
  }));

async function encoded(encoder: BatchEncoder, batch: ObservationBatch): Promise<PreparedBatch[]> {
  const pieces: PreparedBatch[] = [];
  for await (const piece of encoder.encode(batch)) pieces.push(piece);
  return pieces;
}

const writesNames = ({ inserts }: PreparedBatch): boolean =>
  inserts.some(({ tables }) => tables.includes('names'));

test('names are written until a piece that has them is in the outbox, then no more', async () => {
  const encoder = new BatchEncoder();
  const batch = { id: 'a', observations: pairs(100) };
  const [lost] = await encoded(encoder, batch);
  assert.ok(writesNames(lost!));
  const [kept] = await encoded(encoder, batch);
  assert.ok(writesNames(kept!), 'a piece that never reached the outbox took its names with it');
  encoder.noteWritten(kept!);
  const [again] = await encoded(encoder, batch);
  assert.ok(!writesNames(again!));
  const [other] = await encoded(encoder, {
    id: 'b',
    observations: pairs(1).map((each) => ({ ...each, source: 'new.example' })),
  });
  assert.ok(writesNames(other!));
});

test('a large batch is several pieces, the last under its own id; batches at once keep apart', async () => {
  const encoder = new BatchEncoder();
  const [large, small] = await Promise.all([
    encoded(encoder, { id: 'large', observations: pairs(MAX_BATCH + 1) }),
    encoded(encoder, { id: 'small', observations: pairs(3) }),
  ]);
  assert.deepEqual(
    large.map(({ id, observations }) => [id, observations]),
    [
      ['large/0', MAX_BATCH],
      ['large', 1],
    ],
  );
  assert.deepEqual(
    small.map(({ id, observations }) => [id, observations]),
    [['small', 3]],
  );
});

test('bytes of a piece that is stored are written over by another, and not before', async () => {
  const encoder = new BatchEncoder();
  const bytesOf = ({ inserts }: PreparedBatch): Buffer => Buffer.concat(inserts[0]!.bytes);
  const [first] = await encoded(encoder, { id: 'a', observations: pairs(50) });
  const before = bytesOf(first!);
  const [second] = await encoded(encoder, { id: 'b', observations: pairs(50).reverse() });
  assert.ok(bytesOf(first!).equals(before));
  assert.ok(!bytesOf(second!).equals(before));
  encoder.reuse(first!);
  const [third] = await encoded(encoder, { id: 'a', observations: pairs(50) });
  assert.ok(
    bytesOf(third!).equals(before),
    'the same batch is the same bytes in memory that was used before',
  );
});
