import { createReadStream, readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { WARCParser } from 'warcio';
import { readMembers } from './gzip-members.ts';
import { treeCpuSeconds } from './process-tree.ts';
import { startQuickly } from '../src/cli/quick-start.ts';
import { importFile, type ImportBatch } from '../src/pipeline/import-file.ts';
import { openObservationStore } from '../src/store/index.ts';

// A contender of the import's benchmark, in a process of its own, so that none pays for the heap or the code of another. It runs
// each time it is asked to, and tells what that took.

/** What the process is told as its only argument, as JSON. */
export interface ContenderRun {
  readonly kind: 'inflate' | 'pass' | 'stored' | 'peer';
  readonly path: string;
  /** Where the store is made. */
  readonly directory: string;
}

/** What it answers. */
export interface ContenderResult {
  /** CPU time of the process and of those below it. */
  readonly seconds: number;
  readonly pages: number;
  readonly observations: number;
}

type Counts = Omit<ContenderResult, 'seconds'>;

const NOTHING: Counts = { pages: 0, observations: 0 };
const URL_ATTRIBUTES = ['href', 'src', 'action', 'data', 'poster'];

async function answer(): Promise<void> {
  const before = cpuSeconds();
  const counts = await once();
  process.send!({ seconds: cpuSeconds() - before, ...counts } satisfies ContenderResult);
}

/** To the microsecond, but where there are processes below. */
function cpuSeconds(): number {
  if (run.kind === 'stored') return treeCpuSeconds();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function prepare({ kind, path, directory }: ContenderRun): Promise<() => Promise<Counts>> {
  if (kind === 'pass') return () => pass(path, async () => undefined);
  if (kind === 'stored') {
    const store = cleanUp.use(await openObservationStore({ directory }));
    let rounds = 0;
    // other ids each time, since batches that are known are not stored again
    return async () => {
      const round = ++rounds;
      return pass(path, ({ id, observations }) => store.add({ id: `${round} ${id}`, observations }));
    };
  }
  if (kind === 'peer') return async () => (await peerPass(path), NOTHING);
  const members = readMembers(readFileSync(path));
  return async () => {
    for (const { deflated, size } of members) inflateRawSync(deflated, { chunkSize: Math.max(64, size) });
    return NOTHING;
  };
}

/** Reads the archive as the import does, without a worker thread. */
async function pass(path: string, take: (batch: ImportBatch) => Promise<void>): Promise<Counts> {
  let counts = NOTHING;
  for await (const event of importFile(path)) {
    if (event.kind === 'batch') await take(event.batch);
    if (event.kind === 'file')
      counts = { pages: event.report.pages, observations: event.report.observations };
  }
  return counts;
}

async function peerPass(path: string): Promise<void> {
  const pairs = new Map<string, number>();
  for await (const record of new WARCParser(createReadStream(path))) {
    if (record.warcType !== 'response') continue;
    const page = record.warcTargetURI ?? '';
    const parent = new URL(page).hostname;
    const html = new TextDecoder().decode(await record.readFully(true));
    const parser = new Parser({
      onopentag(name, attributes) {
        for (const attribute of URL_ATTRIBUTES) {
          const value = attributes[attribute];
          const child = value === undefined ? undefined : hostOf(value, page);
          if (child === undefined || child === parent) continue;
          const key = `${parent} ${child} ${name}.${attribute}`;
          pairs.set(key, (pairs.get(key) ?? 0) + 1);
        }
      },
    });
    parser.end(html);
  }
}

function hostOf(value: string, base: string): string | undefined {
  try {
    return new URL(value, base).hostname;
  } catch {
    return undefined;
  }
}

startQuickly();
const run = JSON.parse(process.argv[2]!) as ContenderRun; // of `import.ts`
await using cleanUp = new AsyncDisposableStack();
const once = await prepare(run);
process.on('message', () => void answer());
await new Promise((resolve) => process.once('disconnect', resolve));
