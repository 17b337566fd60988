import type { ChildProcess } from 'node:child_process';
import type { Server } from 'node:net';
import { statSync } from 'node:fs';
import { AditError } from '#model';
import { Connection } from '../devtools/connection.ts';
import { ordinaryAccount, type Account } from './account.ts';
import { browserFlags, type BrowserMode } from './flags.ts';
import { makePrivateDir, type PrivateDir } from './private-dir.ts';
import { isAlive, processTree, type ProcessInfo } from './processes.ts';
import { spawnBrowser, type SpawnedBrowser } from './spawn-browser.ts';
import type { Wall } from './walls.ts';

const LAUNCH_MS = 30_000;
const CLOSE_MS = 2_000;

export interface LaunchOptions {
  readonly executable: string;
  readonly mode: BrowserMode;
  readonly userAgent: string;
  readonly language: string;
  readonly trustedKeys: readonly string[];
  readonly walls: readonly Wall[];
  /** Run although no sandbox holds the page: never unless the user asked for it. */
  readonly allowMissingSandbox: boolean;
  readonly commandMs: number;
}

/** A running browser. Closing it ends every process of it and removes its folder. */
export interface BrowserProcess extends AsyncDisposable {
  readonly connection: Connection;
  /** As it names itself, e.g. `Chrome/140.0.7339.80`. */
  readonly product: string;
  readonly pid: number;
  readonly dir: PrivateDir;
  readonly account: Account | undefined;
  readonly gate: Server | undefined;
  readonly missingWalls: readonly string[];
  /** Resolves when its first process has ended. */
  readonly ended: Promise<void>;
}

/** Starts a browser behind every wall there is. Throws AditError `sandbox-missing` or `browser-launch-failed`. */
export async function launchBrowser(options: LaunchOptions): Promise<BrowserProcess> {
  const missing = new Set(options.walls.filter(({ isPresent }) => !isPresent).map(({ name }) => name));
  if (missing.has('sandbox') && !options.allowMissingSandbox)
    throw new AditError('sandbox-missing', 'Chromium’s sandbox does not work on this machine.', {
      advice: `${options.walls.find(({ name }) => name === 'sandbox')?.detail} Or accept the danger with allowMissingSandbox.`,
    });
  const account = missing.has('ordinaryUser') ? undefined : ordinaryAccount();
  const dir = await makePrivateDir(account);
  const flags = browserFlags({
    ...options,
    profileDir: dir.profile,
    keyLogPath: dir.keyLog,
    withoutSandbox: missing.has('sandbox'),
  });
  const start = (inNamespace: boolean) =>
    spawnBrowser({ executable: options.executable, flags, dir, account, inNamespace });
  try {
    const spawned = missing.has('networkNamespace')
      ? await start(false)
      : await start(true).catch(() => {
          missing.add('networkNamespace');
          return start(false);
        });
    return await connect(spawned, { options, dir, account, missing: [...missing] });
  } catch (error) {
    await dir[Symbol.asyncDispose]();
    throw error;
  }
}

async function connect(
  spawned: SpawnedBrowser,
  {
    options,
    dir,
    account,
    missing,
  }: { options: LaunchOptions; dir: PrivateDir; account: Account | undefined; missing: string[] },
): Promise<BrowserProcess> {
  const { child, gate } = spawned;
  const connection = new Connection(spawned.input, spawned.output, options.commandMs);
  const pid = child.pid!;
  const killOnExit = () => killGroup(pid);
  process.once('exit', killOnExit);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      // What is left of it ends now: later its number may be that of other processes.
      process.off('exit', killOnExit);
      killGroup(pid);
      connection.close();
      gate?.close();
      resolve();
    });
  });
  try {
    const { product } = await connection.browser.send('Browser.getVersion', undefined, LAUNCH_MS);
    return {
      connection,
      product: product.replace(/^Headless/, ''),
      pid,
      dir,
      account,
      gate,
      missingWalls: missing,
      ended,
      [Symbol.asyncDispose]: async () => {
        await endProcesses(child, connection, ended);
        await dir[Symbol.asyncDispose]();
      },
    };
  } catch (cause) {
    await endProcesses(child, connection, ended);
    throw new AditError('browser-launch-failed', `The browser did not start: ${lastWords(spawned.said())}`, {
      cause,
      advice: `Start ${options.executable} by hand to see why, or name another browser in ADIT_BROWSER.`,
    });
  }
}

/** Politely, then by force, then makes sure that nothing of it runs any more. */
async function endProcesses(
  child: ChildProcess,
  connection: Connection,
  ended: Promise<void>,
): Promise<void> {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  if (hasEnded()) return;
  const family = processTree(child.pid!);
  await connection.browser.attempt('Browser.close', undefined, CLOSE_MS);
  await Promise.race([ended, delay(CLOSE_MS)]);
  if (!hasEnded()) killGroup(child.pid!);
  connection.close();
  await Promise.race([ended, delay(CLOSE_MS)]);
  await killRemaining(family);
}

async function killRemaining(family: readonly ProcessInfo[]): Promise<void> {
  for (let round = 0; round < 40; round++) {
    const alive = family.filter(isAlive);
    if (alive.length === 0) return;
    for (const { pid } of alive) kill(pid);
    await delay(25);
  }
}

function killGroup(pid: number): void {
  kill(-pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function lastWords(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/dbus/i.test(line));
  return lines.slice(-2).join(' ').slice(0, 500) || 'it said nothing.';
}

/** Bytes in the browser's key log; it stays empty where the build does not write one. */
export function keyLogSize({ dir }: BrowserProcess): number {
  return statSync(dir.keyLog, { throwIfNoEntry: false })?.size ?? 0;
}
