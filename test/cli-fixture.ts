import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = resolve(import.meta.dirname, '..');
export const MAIN = join(root, 'src/cli/main.ts');

/** A run of the real command line, in a process of its own. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON object that it must be. */
  json<Value>(): Value;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves as soon as standard output holds the text. */
  says(text: string): Promise<string>;
  readonly ended: Promise<Run>;
}

/** A data directory of its own, with the environment that makes the commands use it. */
export function openHome(): Disposable & { readonly path: string; readonly environment: NodeJS.ProcessEnv } {
  const path = mkdtempSync(join(tmpdir(), 'adit-cli-'));
  const { CLICKHOUSE_URL: _clickhouse, DATABASE_URL: _database, ...environment } = process.env;
  return {
    path,
    environment: { ...environment, ADIT_HOME: join(path, 'home') },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function start(environment: NodeJS.ProcessEnv, ...args: string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: environment,
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]!.setEncoding('utf8').on('data', (text: string) => (texts[stream] += text));
  const ended = once(child, 'close').then(([code]: (number | null)[]): Run => ({
    code: code ?? null,
    ...texts,
    json: () => JSON.parse(texts.stdout),
  }));
  return {
    child,
    ended,
    async says(text) {
      while (!texts.stdout.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`ended without saying “${text}”: ${texts.stderr}`);
        await sleep(50);
      }
      return texts.stdout;
    },
  };
}

export function run(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Run> {
  return start(environment, ...args).ended;
}

/** Processes whose command line names the folder: children that work in it. */
export function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(folder) ? [`${pid} ${command}`] : [];
      } catch {
        return []; // gone meanwhile
      }
    });
}

/** Children of a process whose command line holds the text. */
export function childrenOf(pid: number, text: string): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
    .split(' ')
    .map(Number)
    .filter((child) => child > 0)
    .filter((child) => {
      try {
        return readFileSync(`/proc/${child}/cmdline`, 'latin1').includes(text);
      } catch {
        return false; // gone meanwhile
      }
    });
}
