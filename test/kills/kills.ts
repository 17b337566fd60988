import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkbench } from '#pipeline';
import { startEmbeddedServer } from '../../src/store/embedded/server.ts';
import { openTestPostgres } from '../../src/store/workspace/postgres-fixture.ts';
import { checkStores, type Check } from './check.ts';

/** How often each kind of process is killed. */
export interface KillPlan {
  /** Processes that own the embedded stores. */
  readonly owners: number;
  /** Embedded ClickHouse servers, under a living owner. */
  readonly stores: number;
  /** Processes that take jobs from a shared database and write to a shared store. */
  readonly workers: number;
  /** A process lives at least this long after it is ready. */
  readonly lifeMs: number;
  readonly onKill?: (what: string) => void;
}

/** What was found after all kills; whatever is listed is a fault. */
export interface KillReport extends Check {
  readonly kills: number;
  /** Processes of a killed owner that outlived it. */
  readonly leftBehind: readonly string[];
  /** False where no PostgreSQL runs here: then no workers were killed. */
  readonly hasWorkers: boolean;
}

const START_LIMIT_MS = 300_000;
const END_LIMIT_MS = 60_000;

/** Kills what the plan says with SIGKILL, at random moments of busy processes, and looks at what is left. */
export async function runKills(plan: KillPlan): Promise<KillReport> {
  const embedded = await killOwners(plan);
  const shared = plan.workers > 0 ? await killWorkers(plan) : undefined;
  const reports = [embedded, ...(shared === undefined ? [] : [shared])];
  const all = <Key extends 'missing' | 'miscounted' | 'oneSided' | 'leftBehind'>(key: Key) =>
    reports.flatMap((report) => report[key]);
  return {
    kills: reports.reduce((sum, { kills }) => sum + kills, 0),
    acknowledged: reports.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    stored: reports.reduce((sum, { stored }) => sum + stored, 0),
    missing: all('missing'),
    miscounted: all('miscounted'),
    oneSided: all('oneSided'),
    leftBehind: all('leftBehind'),
    hasWorkers: shared !== undefined,
  };
}

type Report = Omit<KillReport, 'hasWorkers'>;

/** Owners one after another on one directory; under some, their ClickHouse is killed first. */
async function killOwners(plan: KillPlan): Promise<Report> {
  const place = new Place();
  let kills = 0;
  const leftBehind: string[] = [];
  try {
    for (let round = 0; round < plan.owners; round++) {
      const owner = await place.start('owner');
      const storeKills =
        Math.floor(((round + 1) * plan.stores) / plan.owners) -
        Math.floor((round * plan.stores) / plan.owners);
      for (let nth = 0; nth < storeKills; nth++) {
        await sleep(Math.random() * plan.lifeMs);
        process.kill(storeOf(owner.pid!), 'SIGKILL');
        kills++;
        plan.onKill?.('store');
        await place.moreAcknowledged(40);
      }
      await place.moreAcknowledged(100); // it is at work, however slow the machine
      await sleep(plan.lifeMs * (0.5 + Math.random()));
      await place.kill(owner);
      kills++;
      plan.onKill?.('owner');
      leftBehind.push(...(await place.processesLeft()));
    }
    await (await openWorkbench({ directory: place.folder('owner') }))[Symbol.asyncDispose](); // finishes what was under way
    const server = await startEmbeddedServer(join(place.folder('owner'), 'clickhouse'));
    const check = await checkStores(server, place.acknowledged(), { directory: place.folder('owner') });
    await server[Symbol.asyncDispose]();
    return { kills, leftBehind, ...check };
  } finally {
    await place[Symbol.asyncDispose]();
  }
}

/** Two workers at a time on shared stores; whoever is killed is replaced by another on the same directory. */
async function killWorkers(plan: KillPlan): Promise<Report | undefined> {
  await using postgres = await openTestPostgres();
  if (postgres === undefined) return undefined;
  const place = new Place();
  const leftBehind: string[] = [];
  try {
    await using server = await startEmbeddedServer(place.folder('shared'));
    const url = new URL(server.url);
    [url.username, url.password] = [server.username, server.password];
    const env = { CLICKHOUSE_URL: url.href, DATABASE_URL: postgres.url };
    const workers = [await place.start('worker-0', env), await place.start('worker-1', env)];
    for (let round = 0; round < plan.workers; round++) {
      await sleep(plan.lifeMs * (0.5 + Math.random()));
      const index = round % 2;
      await place.kill(workers[index]!);
      plan.onKill?.('worker');
      workers[index] = await place.start(`worker-${index}`, env);
      await place.moreAcknowledged(40);
    }
    for (const worker of workers) await place.kill(worker);
    leftBehind.push(...(await place.processesLeft(server.pid)));
    const urls = { clickhouseUrl: url.href, databaseUrl: postgres.url };
    for (const index of [0, 1])
      await (
        await openWorkbench({ directory: place.folder(`worker-${index}`), ...urls })
      )[Symbol.asyncDispose]();
    const check = await checkStores(server, place.acknowledged(), {
      directory: place.folder('check'),
      ...urls,
    });
    return { kills: plan.workers + workers.length, leftBehind, ...check };
  } finally {
    await place[Symbol.asyncDispose]();
  }
}

/** A folder for all that the processes of a run write, and the processes themselves. */
class Place {
  readonly #root = mkdtempSync(join(tmpdir(), 'adit-kills-'));
  readonly #acknowledged = join(this.#root, 'acknowledged');
  readonly #living = new Set<ChildProcess>();

  constructor() {
    writeFileSync(this.#acknowledged, '');
  }

  folder(name: string): string {
    return join(this.#root, name);
  }

  /** Resolves when the process has opened its stores. */
  async start(name: string, env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    const script = new URL('./owner.ts', import.meta.url).pathname;
    const { CLICKHOUSE_URL: _store, DATABASE_URL: _database, ...own } = process.env;
    const child = spawn(process.execPath, [script, this.folder(name), this.#acknowledged], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...own, ...env },
    });
    this.#living.add(child);
    const ended = once(child, 'exit').then(() =>
      Promise.reject(new Error(`${name} ended before it was ready`)),
    );
    ended.catch(() => {}); // later on it is killed
    await Promise.race([once(child.stdout!, 'data', { signal: AbortSignal.timeout(START_LIMIT_MS) }), ended]);
    return child;
  }

  async kill(child: ChildProcess): Promise<void> {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    this.#living.delete(child);
  }

  /** What was promised so far: kind and id, without the last line where the writer died within it. */
  acknowledged(): (readonly [kind: string, id: string])[] {
    const lines = readFileSync(this.#acknowledged, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => line.split('\t') as [string, string]); // written as such
  }

  /** Resolves when that many more were promised: the stores work again. */
  async moreAcknowledged(count: number): Promise<void> {
    const before = this.acknowledged().length;
    const deadline = Date.now() + START_LIMIT_MS;
    while (this.acknowledged().length < before + count) {
      if (Date.now() > deadline) throw new Error('nothing was acknowledged any more after a kill');
      await sleep(20);
    }
  }

  /** Command lines of processes on this folder that do not end. */
  async processesLeft(except?: number): Promise<string[]> {
    const deadline = Date.now() + END_LIMIT_MS;
    for (;;) {
      const left = processes().filter(
        ({ pid, command }) => pid !== except && pid !== process.pid && command.includes(this.#root),
      );
      if (left.length === 0 || Date.now() > deadline) return left.map(({ command }) => command);
      await sleep(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#living) await this.kill(child);
    await this.processesLeft();
    await rm(this.#root, { recursive: true, force: true });
  }
}

/** The embedded server of an owner. */
function storeOf(owner: number): number {
  const store = processes().find(
    ({ parent, command }) => parent === owner && command.includes('embedded/child.ts'),
  );
  if (store === undefined) throw new Error('the owner has no embedded server');
  return store.pid;
}

function processes(): { readonly pid: number; readonly parent: number; readonly command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
    } catch {
      return []; // it ended meanwhile
    }
  });
}
