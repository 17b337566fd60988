import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeCrawlArchive } from './crawl-archive.ts';
import { readMembers, type Member } from './gzip-members.ts';
import type { ContenderResult, ContenderRun } from './import-contender.ts';
import type { BenchResult } from './run.ts';
import { importArchives } from '../src/pipeline/import-archives.ts';
import { findSources } from '../src/pipeline/import-sources.ts';

const folder = join(process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../shared/data'), 'pages');
const corpus = { archive: join(folder, 'real-pages.warc.gz'), index: join(folder, 'real-pages.tsv') };
/** Uncompressed size of the generated archive, in megabytes; it is kept in the build folder for the next run. */
const CRAWL_MB = Number(process.env['ADIT_BENCH_MB'] ?? 1_000);
/** The peer, which takes a dozen times as long, reads so much of it; its time is told for the whole at the same rate. */
const PEER_MB = 100;

/**
 * The import of archives, all datasets, against reading a WARC with npm warcio, htmlparser2 and `new URL` for host pairs alone,
 * against Node's raw inflate of the file and against zcat: CPU time, each in a process of its own, in turn, medians once all of them
 * are compiled; what the first pass of the process takes is told beside it. Then with storing (with the time of the store's own
 * process), and with two workers instead of one.
 */
export async function benchImport(): Promise<BenchResult> {
  if (!existsSync(corpus.archive))
    return { figures: {}, text: 'skipped: real-pages.warc.gz is absent (ADIT_DATA)' };
  const scratch = mkdtempSync(join(tmpdir(), 'adit-bench-import-'));
  try {
    const real = await benchFile(corpus.archive, scratch, { warmUps: 2, rounds: 5, copies: 8 });
    const mixed = await benchFile(crawlArchive(), scratch, { warmUps: 0, rounds: 1, copies: 2 });
    const figures = {
      ...real.figures,
      ratioToInflateOfFirst: real.firstPass,
      ...Object.fromEntries(Object.entries(mixed.figures).map(([name, value]) => [`${name}OfCrawl`, value])),
    };
    const text = [`real pages\n${real.text}`, `generated crawl\n${mixed.text}`].join('\n\n');
    return { figures, text };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The generated crawl: made once for each size. */
function crawlArchive(): string {
  const cache = join(import.meta.dirname, '../.build/bench');
  const path = join(cache, `crawl-${CRAWL_MB}.warc.gz`);
  if (existsSync(path)) return path;
  mkdirSync(cache, { recursive: true });
  writeCrawlArchive(corpus, `${path}.partial`, { sizeBytes: CRAWL_MB * 1e6, seed: 1 });
  renameSync(`${path}.partial`, path);
  return path;
}

async function benchFile(
  path: string,
  scratch: string,
  /** `copies`: how many files two workers share; of a small one enough that the start of the threads counts little. */
  { warmUps, rounds, copies }: { readonly warmUps: number; readonly rounds: number; readonly copies: number },
): Promise<{ figures: Record<string, number>; firstPass: number; text: string }> {
  const name = basename(path);
  const members = readMembers(readFileSync(path));
  const megabytes = members.reduce((sum, { size }) => sum + size, 0) / 1e6;
  const slice = sliceOf(path, members, join(scratch, `slice of ${name}`));
  const { seconds, first, counts } = await measure(
    { path, slice, megabytes, directory: join(scratch, `store of ${name}`) },
    warmUps,
    rounds,
  );
  const walls = [await wallOf(path, scratch, copies, 1), await wallOf(path, scratch, copies, 2)] as const;
  const ratio = (value: number): number => Math.round(value * 100) / 100;
  const figures = {
    speedupOverWarcioHtmlparser2: ratio(seconds.peer / seconds.pass),
    ratioToInflate: ratio(seconds.pass / seconds.inflate),
    speedupOverZcat: ratio(seconds.zcat / seconds.pass),
    twoWorkerSpeedup: ratio(walls[0] / walls[1]),
    ratioWithStore: ratio(seconds.stored / seconds.pass),
    mbPerCpuSecond: Math.round(megabytes / seconds.pass),
    pagesPerCpuSecond: Math.round(counts.pages / seconds.pass),
  };
  const firstPass = ratio(first.pass / seconds.inflate);
  const text = [
    `${counts.pages} pages, ${counts.observations} observations, ${Math.round(megabytes)} MB, CPU time, medians of ${rounds} after ${warmUps} that do not count;`,
    `the peer read ${Math.round(slice.megabytes)} MB of it, told for the whole; ${copies} files with one worker took ${walls[0].toFixed(1)} s, with two ${walls[1].toFixed(1)} s`,
    ...Object.entries(seconds).map(
      ([contender, value]) =>
        `${contender.padEnd(8)} ${value.toFixed(3)} s  ${Math.round(megabytes / value)} MB/s  (first ${first[contender as keyof Seconds].toFixed(3)} s)`,
    ),
    ...Object.entries(figures).map(([figure, value]) => `${figure}  ${value}`),
  ].join('\n');
  return { figures, firstPass, text };
}

/** The first members of the archive, as a file of its own. */
function sliceOf(
  path: string,
  members: readonly Member[],
  target: string,
): { path: string; megabytes: number } {
  let megabytes = 0;
  let end = 0;
  for (const { size, end: memberEnd } of members) {
    if (megabytes >= PEER_MB) break;
    megabytes += size / 1e6;
    end = memberEnd;
  }
  writeFileSync(target, readFileSync(path).subarray(0, end));
  return { path: target, megabytes };
}

/** Seconds that copies of the file take with so many workers. */
async function wallOf(path: string, scratch: string, copies: number, workers: number): Promise<number> {
  const paths = Array.from({ length: copies }, (_, n) => join(scratch, `${n} ${workers} ${basename(path)}`));
  for (const copy of paths) copyFileSync(path, copy);
  const start = performance.now();
  const sources = await findSources({ paths });
  for await (const event of importArchives({ sources, workers })) if (event.kind === 'done') break;
  const seconds = (performance.now() - start) / 1000;
  for (const copy of paths) rmSync(copy);
  return seconds;
}

/** CPU time of another program, as the shell tells it. */
function zcatSeconds(path: string): number {
  const { stdout } = spawnSync('sh', ['-c', 'zcat "$1" > /dev/null; times', 'sh', path], {
    encoding: 'utf8',
  });
  const [, user, system] = /\n(\d+m[\d.]+)s (\d+m[\d.]+)s/.exec(stdout) ?? [];
  if (user === undefined || system === undefined) throw new Error(`no times: ${stdout}`);
  return [user, system].reduce(
    (sum, time) => sum + Number(time.split('m')[0]) * 60 + Number(time.split('m')[1]),
    0,
  );
}

/** A contender's process, which lives on between its rounds; see `import-contender.ts`. */
class Contender {
  readonly #process: ChildProcess;
  readonly #end: Promise<unknown>;

  constructor(run: ContenderRun) {
    this.#process = fork(join(import.meta.dirname, 'import-contender.ts'), [JSON.stringify(run)]);
    this.#end = once(this.#process, 'exit');
  }

  async run(): Promise<ContenderResult> {
    this.#process.send('run');
    const answer = once(this.#process, 'message') as Promise<[ContenderResult]>; // which is all it sends
    const end = this.#end.then(() => undefined);
    const first = await Promise.race([answer, end]);
    if (first === undefined) throw new Error(`a contender ended with ${this.#process.exitCode}`);
    return first[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#end;
  }
}

interface Files {
  readonly path: string;
  readonly megabytes: number;
  /** What the peer reads. */
  readonly slice: { readonly path: string; readonly megabytes: number };
  /** Of the store. */
  readonly directory: string;
}

type Seconds = Readonly<Record<'inflate' | 'zcat' | 'pass' | 'stored' | 'peer', number>>;

/** Median CPU seconds of each contender, run in turn, and those of its first run. */
async function measure(
  { path, megabytes, slice, directory }: Files,
  warmUps: number,
  rounds: number,
): Promise<{
  readonly seconds: Seconds;
  readonly first: Seconds;
  readonly counts: Pick<ContenderResult, 'pages' | 'observations'>;
}> {
  await using inflate = new Contender({ kind: 'inflate', path, directory });
  await using pass = new Contender({ kind: 'pass', path, directory });
  await using stored = new Contender({ kind: 'stored', path, directory });
  await using peer = new Contender({ kind: 'peer', path: slice.path, directory });
  let counts = { pages: 0, observations: 0 };
  const times: Seconds[] = [];
  for (let round = 0; round < warmUps + rounds; round++) {
    const passed = await pass.run();
    counts = passed;
    times.push({
      inflate: (await inflate.run()).seconds,
      zcat: zcatSeconds(path),
      pass: passed.seconds,
      stored: (await stored.run()).seconds,
      peer: ((await peer.run()).seconds * megabytes) / slice.megabytes,
    });
  }
  const median = (contender: keyof Seconds): number =>
    times
      .slice(warmUps)
      .map((seconds) => seconds[contender])
      .sort((a, b) => a - b)[rounds >> 1]!;
  const seconds = {
    inflate: median('inflate'),
    zcat: median('zcat'),
    pass: median('pass'),
    stored: median('stored'),
    peer: median('peer'),
  };
  return { seconds, first: times[0]!, counts };
}
