import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBatch, type ObservationBatch } from './batch.ts';

/**
 * Batches on their way into the store. A batch is here, synced to disk, before it is sent, and leaves when both
 * directions are acknowledged; what is found at start is sent again under the same deduplication tokens.
 */
export interface Outbox {
  put(batch: ObservationBatch): Promise<void>;
  drop(id: string): Promise<void>;
  /** Batches in it. */
  size(): Promise<number>;
  /** What an earlier process left, oldest name first. Files that are no batch are set aside as `.bad`, not lost. */
  pending(): AsyncIterable<ObservationBatch>;
}

export async function openOutbox(directory: string): Promise<Outbox> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (id: string): string =>
    join(directory, `${createHash('sha256').update(id).digest('hex')}.json`);
  return {
    async put(batch) {
      const path = pathOf(batch.id);
      const file = await open(`${path}.part`, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(batch));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path);
      await syncDirectory(directory);
    },
    size: async () => (await readdir(directory)).filter((name) => name.endsWith('.json')).length,
    drop: (id) => rm(pathOf(id), { force: true }),
    async *pending() {
      for (const name of (await readdir(directory)).sort()) {
        const path = join(directory, name);
        if (name.endsWith('.part')) await rm(path, { force: true }); // never acknowledged
        if (!name.endsWith('.json')) continue;
        const batch = parseBatch(await readFile(path, 'utf8'));
        if (batch === undefined) await rename(path, `${path}.bad`);
        else yield batch;
      }
    },
  };
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
