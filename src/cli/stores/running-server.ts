import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const NAME = 'server.json';
const ANSWER_LIMIT_MS = 5_000;

/**
 * Each question has a connection of its own: one that is kept may have been closed by the server while a busy command had no time to
 * notice, and the next question on it is lost.
 */
export const OWN_CONNECTION = { connection: 'close' };

const serverFileSchema = z.object({
  url: z.url(),
  /** Where people reach it, where that is another address. */
  publicUrl: z.url().optional(),
  key: z.string().min(1),
  pid: z.int().positive(),
});

/** Where the server of a data directory answers, and the key that its owner's commands use. */
export type ServerFile = Readonly<z.infer<typeof serverFileSchema>>;

/** Tells the commands of the same user how to reach this process; the file goes when it is disposed of. */
export async function writeServerFile(home: string, server: ServerFile): Promise<AsyncDisposable> {
  const path = join(home, NAME);
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify(server), { mode: 0o600 });
  await rename(draft, path);
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

/** The server that runs on the data directory; undefined where none does, also where one was killed and left its file. */
export async function findServer(home: string): Promise<ServerFile | undefined> {
  const server = await readServerFile(join(home, NAME));
  if (server === undefined || !isAlive(server.pid)) return undefined;
  try {
    const reply = await fetch(`${server.url}/api/status`, {
      headers: { ...OWN_CONNECTION, authorization: `Bearer ${server.key}` },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await reply.body?.cancel();
    return reply.status === 401 ? undefined : server; // 401: another process has the port now
  } catch (error) {
    const isSlow = error instanceof Error && error.name === 'TimeoutError';
    return isSlow ? server : undefined;
  }
}

async function readServerFile(path: string): Promise<ServerFile | undefined> {
  try {
    return serverFileSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // fs errors are of this type
  }
}
