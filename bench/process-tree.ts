import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU in ticks of a hundredth of a second. */
const TICKS_PER_SECOND = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Own time and that of children already reaped, in seconds. */
  readonly cpuSeconds: number;
}

function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number); // the name may hold spaces
    const ticks = fields[11]! + fields[12]! + fields[13]! + fields[14]!;
    return { pid, parent: fields[1]!, cpuSeconds: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined;
  }
}

/** This process and all below it, without the subtrees of `except`. */
function tree(except: ReadonlySet<number>): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const children = Map.groupBy(all, ({ parent }) => parent);
  const found: Process[] = [];
  const open = all.filter(({ pid }) => pid === process.pid);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (except.has(next.pid)) continue;
    found.push(next);
    open.push(...(children.get(next.pid) ?? []));
  }
  return found;
}

/** CPU seconds used so far by this process and all below it, living or reaped. */
export function treeCpuSeconds(except: ReadonlySet<number> = new Set()): number {
  return tree(except).reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

/** Proportional set size of this process and all below it, in megabytes. */
export function treeMemoryMb(except: ReadonlySet<number> = new Set()): number {
  let kilobytes = 0;
  for (const { pid } of tree(except)) {
    try {
      kilobytes += Number(
        /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0,
      );
    } catch {
      continue; // ended meanwhile, or not ours to read
    }
  }
  return kilobytes / 1024;
}

/** Number of processes below this one. */
export function processesBelow(except: ReadonlySet<number> = new Set()): number {
  return tree(except).length - 1;
}
