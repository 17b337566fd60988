import { readdirSync, readFileSync } from 'node:fs';

/** A running process as Linux shows it in /proc; nothing is seen on other systems. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** With the pid it names a process for good: pids are used again. Clock ticks since boot. */
  readonly startedAt: number;
  /** User and system time. */
  readonly cpuMs: number;
  /** Memory that is its own: resident minus shared. */
  readonly privateBytes: number;
  readonly sharedBytes: number;
  readonly isZombie: boolean;
}

/** Clock ticks are 10 ms and pages 4 KiB wherever Chromium runs on Linux. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** The process and everything that descends from it. */
export function processTree(pid: number): ProcessInfo[] {
  const childrenOf = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const root = readProcess(pid);
  const tree = root === undefined ? [] : [root];
  for (let i = 0; i < tree.length; i++) tree.push(...(childrenOf.get(tree[i]!.pid) ?? []));
  return tree;
}

/** About what the processes take together: their own memory, and the largest shared part once. */
export function memoryOf(processes: readonly ProcessInfo[]): number {
  const own = processes.reduce((sum, { privateBytes }) => sum + privateBytes, 0);
  return own + processes.reduce((most, { sharedBytes }) => Math.max(most, sharedBytes), 0);
}

/** Whether it is the same process and still runs. */
export function isAlive({ pid, startedAt }: ProcessInfo): boolean {
  const now = readProcess(pid);
  return now !== undefined && now.startedAt === startedAt && !now.isZombie;
}

/** Whether it is a renderer: the process in which a page's code runs. */
export function isRenderer(pid: number): boolean {
  return readProc(pid, 'cmdline').includes('--type=renderer');
}

function allProcesses(): ProcessInfo[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((info) => info !== undefined);
}

/** Fields by their numbers in proc(5), `stat` from 3 (state) on: the name before it may hold anything. */
function readProcess(pid: number): ProcessInfo | undefined {
  const stat = readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20) return undefined;
  const [resident = 0, shared = 0] = readProc(pid, 'statm').split(' ').slice(1).map(Number);
  return {
    pid,
    parent: Number(fields[1]),
    startedAt: Number(fields[19]),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    privateBytes: (resident - shared) * PAGE_BYTES,
    sharedBytes: shared * PAGE_BYTES,
    isZombie: fields[0] === 'Z',
  };
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
