import { link, mkdir, open, readFile, rm, stat, unlink } from 'node:fs/promises';
import { readFileSync, unlinkSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AditError } from '#model';

const NAME = 'owner.lock';
/** A takeover touches two files; one that is older than this was killed in the middle. */
const TAKEOVER_LIMIT_MS = 5_000;

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot: tells it from a later process of the same number. */
  readonly startedAt: string;
}

/**
 * Takes the data directory for this process alone. A second process is refused with `store-in-use`; a lock is never taken
 * from a living process; one left behind by a killed process is.
 */
export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, NAME);
  const own: Owner = { pid: process.pid, startedAt: startOf(process.pid) ?? '' };
  for (;;) {
    if (await claim(path, own)) return release(path, own);
    const owner = await readOwner(path);
    if (owner === 'gone') continue;
    if (owner !== 'unreadable' && isAlive(owner)) {
      throw new AditError(
        'store-in-use',
        `The data directory ${directory} is in use by process ${owner.pid}.`,
        {
          advice: 'Use the running one, stop it first, or set ADIT_HOME to another directory.',
        },
      );
    }
    await removeStale(path, owner);
  }
}

/** Makes the lock in one step: a link to a file that is already whole. */
async function claim(path: string, own: Owner): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(own));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false; // fs errors are of this type
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function readOwner(path: string): Promise<Owner | 'gone' | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return 'gone';
  }
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<Owner>; // checked below
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

/** Two processes may find the same stale lock: only the one that holds the takeover file removes it, after looking again. */
async function removeStale(path: string, seen: Owner | 'unreadable'): Promise<void> {
  const takeover = `${path}.takeover`;
  try {
    await (await open(takeover, 'wx', 0o600)).close();
  } catch {
    const age = await stat(takeover).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > TAKEOVER_LIMIT_MS) await rm(takeover, { force: true });
    await sleep(20);
    return;
  }
  try {
    const now = await readOwner(path);
    if (JSON.stringify(now) === JSON.stringify(seen)) await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

function release(path: string, own: Owner): AsyncDisposable {
  const drop = (): void => {
    try {
      if (readFileSync(path, 'utf8') === JSON.stringify(own)) unlinkSync(path);
    } catch {
      // Gone already: nothing to release.
    }
  };
  process.once('exit', drop);
  return {
    async [Symbol.asyncDispose]() {
      process.off('exit', drop);
      drop();
    },
  };
}

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // fs errors are of this type
  }
  const start = startOf(pid);
  return start === undefined || startedAt === '' || start === startedAt;
}

/** Where there is no /proc the number alone must do. A zombie is not alive. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : fields[19];
  } catch {
    return undefined;
  }
}
