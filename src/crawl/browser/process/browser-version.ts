import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ordinaryAccount } from './account.ts';

const run = promisify(execFile);
const VERSION_MS = 15_000;
const known = new Map<string, Promise<string>>();

/** What the program says of itself, e.g. `Chromium 140.0.7339.80`; empty where it says nothing. Asked once. */
export function browserVersion(executable: string): Promise<string> {
  const asked = known.get(executable) ?? ask(executable);
  known.set(executable, asked);
  return asked;
}

async function ask(executable: string): Promise<string> {
  const account = ordinaryAccount();
  const options = { cwd: '/', timeout: VERSION_MS, env: { HOME: '/nonexistent', PATH: process.env['PATH'] } };
  const identities = account === undefined ? [{}] : [{ uid: account.uid, gid: account.gid }, {}];
  for (const identity of identities) {
    const said = await run(executable, ['--version'], { ...options, ...identity }).catch(() => undefined);
    if (said !== undefined) return said.stdout.trim();
  }
  return '';
}
