import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Insert, PreparedBatch } from './batch.ts';

/**
 * Batches on their way into the store, in the very bytes that are sent. A batch is here, synced to disk, before it is
 * sent, and leaves when both directions are acknowledged; what is found at start is sent again under the same
 * deduplication tokens.
 */
export interface Outbox {
  put(batch: PreparedBatch): Promise<void>;
  drop(id: string): Promise<void>;
  /** Batches in it. */
  size(): Promise<number>;
  /** What an earlier process left, by file name. Files that are no batch are set aside as `.bad`, not lost. */
  pending(): AsyncIterable<PreparedBatch>;
}

const SUFFIX = '.batch';

/** First line of a file; the bytes of the inserts follow it, one after another. */
const headSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  observations: z.int(),
  members: z.array(z.object({ id: z.string(), observations: z.int() })).optional(),
  inserts: z.array(
    z.object({
      tables: z.array(z.enum(['edges_fwd', 'edges_rev', 'names', 'captures', 'hosts', 'page_keys', 'pages'])),
      sizeBytes: z.int(),
    }),
  ),
  crc32: z.int(),
});

export async function openOutbox(directory: string): Promise<Outbox> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (id: string): string =>
    join(directory, createHash('sha256').update(id).digest('hex') + SUFFIX);
  return {
    async put(batch) {
      const path = pathOf(batch.id);
      const file = await open(`${path}.part`, 'w', 0o600);
      try {
        await writeAll(file, toFile(batch));
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(`${path}.part`, path);
      await syncDirectory(directory);
    },
    size: async () => (await readdir(directory)).filter((name) => name.endsWith(SUFFIX)).length,
    drop: (id) => rm(pathOf(id), { force: true }),
    async *pending() {
      for (const name of (await readdir(directory)).sort()) {
        const path = join(directory, name);
        if (name.endsWith('.part')) await rm(path, { force: true }); // never acknowledged
        if (!name.endsWith(SUFFIX)) continue;
        const batch = parseFile(await readFile(path));
        if (batch === undefined) await rename(path, `${path}.bad`);
        else yield batch;
      }
    },
  };
}

/** In one call, where the system takes all at once: each call waits for a turn of a busy event loop. */
async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(pieces);
  let skip = bytesWritten;
  for (const piece of pieces) {
    const done = Math.min(skip, piece.byteLength);
    skip -= done;
    if (done < piece.byteLength) await file.writeFile(piece.subarray(done));
  }
}

function toFile({ id, observations, members, inserts }: PreparedBatch): Uint8Array[] {
  const head: z.input<typeof headSchema> = {
    version: 1,
    id,
    observations,
    ...(members !== undefined && { members: [...members] }),
    inserts: inserts.map(({ tables, bytes }) => ({ tables: [...tables], sizeBytes: sizeOf(bytes) })),
    crc32: inserts.flatMap(({ bytes }) => bytes).reduce((sum, piece) => crc32(piece, sum), 0),
  };
  return [Buffer.from(`${JSON.stringify(head)}\n`), ...inserts.flatMap(({ bytes }) => bytes)];
}

function parseFile(file: Buffer): PreparedBatch | undefined {
  const end = file.indexOf('\n');
  const head = headSchema.safeParse(safeJson(file.subarray(0, end).toString('utf8'))).data;
  if (head === undefined || crc32(file.subarray(end + 1)) !== head.crc32) return undefined;
  let at = end + 1;
  const inserts = head.inserts.map(({ tables, sizeBytes }): Insert => {
    const bytes = [file.subarray(at, at + sizeBytes)];
    at += sizeBytes;
    return { tables, bytes };
  });
  return { id: head.id, observations: head.observations, members: head.members, inserts };
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
