import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PreparedBatch } from './batch.ts';
import { openOutbox, type Outbox } from './outbox.ts';

const batch = (id: string): PreparedBatch => ({
  id,
  observations: 2,
  inserts: [
    { tables: ['edges_fwd', 'edges_rev'], bytes: [Buffer.from('one\n'), Buffer.from('two')] },
    { tables: ['captures'], bytes: [Buffer.from([0, 255])] },
  ],
});

async function pendingOf(outbox: Outbox): Promise<PreparedBatch[]> {
  const batches: PreparedBatch[] = [];
  for await (const each of outbox.pending()) batches.push(each);
  return batches;
}

test('what was put comes back as it was, until it is dropped; torn files are set aside', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'adit-outbox-'));
  try {
    const outbox = await openOutbox(directory);
    for (const id of ['a', 'b/1', 'c']) await outbox.put(batch(id));
    await outbox.drop('c');
    assert.equal(await outbox.size(), 2);
    const back = (await pendingOf(outbox)).sort((x, y) => (x.id < y.id ? -1 : 1));
    assert.deepEqual(
      back.map(({ id, observations }) => ({ id, observations })),
      [
        { id: 'a', observations: 2 },
        { id: 'b/1', observations: 2 },
      ],
    );
    assert.deepEqual(
      back[0]!.inserts.map(({ tables, bytes }) => [tables, Buffer.concat(bytes).toString('latin1')]),
      [
        [['edges_fwd', 'edges_rev'], 'one\ntwo'],
        [['captures'], '\0\xff'],
      ],
    );
    for (const name of await readdir(directory)) {
      const file = await readFile(join(directory, name));
      file[file.length - 1]! ^= 1;
      await writeFile(join(directory, name), file);
    }
    await writeFile(join(directory, 'x.batch.part'), 'never finished');
    await writeFile(join(directory, 'y.batch'), 'no batch');
    assert.deepEqual(await pendingOf(outbox), []);
    assert.equal((await readdir(directory)).filter((name) => name.endsWith('.bad')).length, 3);
    assert.equal(await outbox.size(), 0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
