import { chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account.ts';

const PREFIX = 'adit-browser-';
/** Folders of this kind and of the visits (`openVirtualUsers`): kind, pid, random letters. */
const OWNED = /^adit-(?:browser|visits)-(\d+)-/;

/** A browser's own folder: readable by its account alone, gone with it. */
export interface PrivateDir extends AsyncDisposable {
  readonly path: string;
  readonly profile: string;
  readonly downloads: string;
  readonly keyLog: string;
  /** Where the browser's own program is made visible when its account cannot reach it. */
  readonly program: string;
}

export async function makePrivateDir(account: Account | undefined): Promise<PrivateDir> {
  await removeOrphans();
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const dir = {
    path,
    profile: join(path, 'profile'),
    downloads: join(path, 'downloads'),
    keyLog: join(path, 'keys.log'),
    program: join(path, 'program'),
  };
  const preferences = join(dir.profile, 'Default', 'Preferences');
  await mkdir(join(dir.profile, 'Default'), { recursive: true, mode: 0o700 });
  await mkdir(dir.downloads, { mode: 0o700 });
  await mkdir(dir.program, { mode: 0o700 });
  await writeFile(dir.keyLog, '', { mode: 0o600 });
  // A PDF is a file to keep, not a viewer of two hundred requests.
  await writeFile(preferences, JSON.stringify({ plugins: { always_open_pdf_externally: true } }), {
    mode: 0o600,
  });
  if (account !== undefined) {
    const owned = [
      path,
      dir.profile,
      join(dir.profile, 'Default'),
      preferences,
      dir.downloads,
      dir.program,
      dir.keyLog,
    ];
    for (const each of owned) await chown(each, account.uid, account.gid);
  }
  return {
    ...dir,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** What processes left behind that were killed: their folders carry their pids. */
async function removeOrphans(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = Number(OWNED.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(pid) || isRunning(pid)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
