import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedServer } from '../embedded/server.ts';
import { Connection } from './connection.ts';
import { MergePause } from './merge-pause.ts';
import { DATABASE, SCHEMA } from './schema.ts';

const PIECES = 12;
/** How long writing takes depends on the machine: nothing is over by itself. */
const NEVER_MS = 24 * 3_600_000;

test('parts stay as they come while much is written, and are merged when no more comes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'adit-merge-pause-'));
  try {
    await using server = await startEmbeddedServer(directory);
    const connection = new Connection(server);
    for (const statement of SCHEMA) await connection.command(statement);
    const parts = async (): Promise<number> => {
      const [row] = await connection.rows<{ parts: string }>(
        `SELECT count() AS parts FROM system.parts WHERE database = '${DATABASE}' AND table = 'edges_fwd' AND active`,
      );
      return Number(row!.parts);
    };
    const write = async (rows: number, pause: MergePause): Promise<void> => {
      pause.expect(rows);
      await pause.settled();
      await connection.command(
        `INSERT INTO ${DATABASE}.edges_fwd (dataset, source, target) SELECT 'host-pairs', toString(number), 'x' FROM numbers(${rows})`,
      );
    };
    /** Parts of the same few rows, of which there are enough to be merged, are merged within this time or not. */
    const areMergedWithin = async (ms: number): Promise<boolean> => {
      const before = await parts();
      for (let part = 0; part < PIECES; part++)
        await connection.command(
          `INSERT INTO ${DATABASE}.edges_fwd (dataset, source, target) VALUES ('host-pairs', 'y', '${part}')`,
        );
      const end = performance.now() + ms;
      while (performance.now() < end) {
        if ((await parts()) < before + PIECES) return true;
        await sleep(200);
      }
      return false;
    };
    {
      using pause = new MergePause(connection, NEVER_MS);
      for (let piece = 0; piece < PIECES; piece++) await write(10_000, pause);
      await sleep(1_000);
      assert.equal(await parts(), PIECES);
    }
    const [row] = await connection.rows<{ n: string }>(`SELECT sum(1) AS n FROM ${DATABASE}.edges_fwd FINAL`);
    assert.equal(Number(row!.n), 10_000, 'readers see one edge whether merged or not');
    {
      using pause = new MergePause(connection, 500);
      await write(10_000, pause);
      for (let waited = 0; (await parts()) >= PIECES && waited < 600; waited++) await sleep(200);
      assert.ok((await parts()) < PIECES, 'nothing was merged');
    }
    // Small pieces are no bulk, but parts like others: too many of them begin the merges at once.
    using pause = new MergePause(connection, NEVER_MS);
    await write(10_000, pause);
    assert.equal(await areMergedWithin(2_000), false);
    for (let piece = 0; piece < 300; piece++) pause.expect(1);
    await pause.settled();
    assert.equal(await areMergedWithin(60_000), true, 'still nothing is merged');
    await connection.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
