import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  createReadStream,
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
import { inflateRawSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { WARCParser } from 'warcio';
import { writeCrawlArchive } from './crawl-archive.ts';
import { treeCpuSeconds } from './process-tree.ts';
import type { BenchResult } from './run.ts';
import { importArchives } from '../src/pipeline/import-archives.ts';
import { importFile, type ImportBatch } from '../src/pipeline/import-file.ts';
import { findSources } from '../src/pipeline/import-sources.ts';
import { openObservationStore } from '../src/store/index.ts';

const folder = join(process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../shared/data'), 'pages');
const corpus = { archive: join(folder, 'real-pages.warc.gz'), index: join(folder, 'real-pages.tsv') };
/** Uncompressed size of the generated archive, in megabytes; it is kept in the build folder for the next run. */
const CRAWL_MB = Number(process.env['ADIT_BENCH_MB'] ?? 1_000);
/** The peer, which takes a dozen times as long, reads so much of it; its time is told for the whole at the same rate. */
const PEER_MB = 100;
const URL_ATTRIBUTES = ['href', 'src', 'action', 'data', 'poster'];

/**
 * The import of archives, all datasets, against reading a WARC with npm warcio, htmlparser2 and `new URL` for host pairs alone,
 * against Node's raw inflate of the file and against zcat: CPU time, those of this process in turn, medians once all of them are compiled;
 * what the first pass of the process takes is told beside it. Then with storing (with the time of the store's own process), and
 * with two workers instead of one.
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
  const members = readMembers(path);
  const megabytes = members.reduce((sum, { size }) => sum + size, 0) / 1e6;
  const slice = sliceOf(path, members, join(scratch, `slice of ${name}`));
  let pages = 0;
  let observations = 0;
  await using store = await openObservationStore({ directory: join(scratch, `store of ${name}`) });
  let stored = 0;
  const contenders: Readonly<Record<string, () => Promise<number | void>>> = {
    inflate: async () => {
      for (const { deflated, size } of members) inflateRawSync(deflated, { chunkSize: Math.max(64, size) });
    },
    pass: async () => {
      ({ pages, observations } = await pass(path, async () => undefined));
    },
    peer: async () => {
      const before = ownCpuSeconds();
      await peerPass(slice.path);
      return ((ownCpuSeconds() - before) * megabytes) / slice.megabytes;
    },
    // other ids each time, since batches that are known are not stored again
    stored: async () => {
      const before = treeCpuSeconds();
      const round = ++stored;
      await pass(path, ({ id, observations: batch }) =>
        store.add({ id: `${round} ${id}`, observations: batch }),
      );
      return treeCpuSeconds() - before;
    },
  };
  const here = await measure(contenders, warmUps, rounds);
  // not in turn with the others: after it has waited for a program, this process is slower for a while
  const there = await measure({ zcat: async () => zcatSeconds(path) }, warmUps, rounds);
  const seconds = { ...there.seconds, ...here.seconds };
  const first = { ...there.first, ...here.first };
  const walls = [await wallOf(path, scratch, copies, 1), await wallOf(path, scratch, copies, 2)] as const;
  const ratio = (value: number): number => Math.round(value * 100) / 100;
  const figures = {
    speedupOverWarcioHtmlparser2: ratio(seconds['peer']! / seconds['pass']!),
    ratioToInflate: ratio(seconds['pass']! / seconds['inflate']!),
    speedupOverZcat: ratio(seconds['zcat']! / seconds['pass']!),
    twoWorkerSpeedup: ratio(walls[0] / walls[1]),
    ratioWithStore: ratio(seconds['stored']! / seconds['pass']!),
    mbPerCpuSecond: Math.round(megabytes / seconds['pass']!),
    pagesPerCpuSecond: Math.round(pages / seconds['pass']!),
  };
  const firstPass = ratio(first['pass']! / seconds['inflate']!);
  const text = [
    `${pages} pages, ${observations} observations, ${Math.round(megabytes)} MB, CPU time, medians of ${rounds} after ${warmUps} that do not count;`,
    `the peer read ${Math.round(slice.megabytes)} MB of it, told for the whole; ${copies} files with one worker took ${walls[0].toFixed(1)} s, with two ${walls[1].toFixed(1)} s`,
    ...Object.entries(seconds).map(
      ([contender, value]) =>
        `${contender.padEnd(8)} ${value.toFixed(3)} s  ${Math.round(megabytes / value)} MB/s  (first ${first[contender]!.toFixed(3)} s)`,
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

/** Reads the archive as the import does, without a worker thread. */
async function pass(
  path: string,
  take: (batch: ImportBatch) => Promise<void>,
): Promise<{ pages: number; observations: number }> {
  let [pages, observations] = [0, 0];
  for await (const event of importFile(path)) {
    if (event.kind === 'batch') await take(event.batch);
    if (event.kind === 'file') ({ pages, observations } = event.report);
  }
  return { pages, observations };
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

interface Member {
  readonly deflated: Uint8Array;
  /** Uncompressed. */
  readonly size: number;
  /** Where in the file the next one begins. */
  readonly end: number;
}

/** The members of a file whose gzip headers have no optional fields. */
function readMembers(path: string): Member[] {
  const file = readFileSync(path);
  const members: Member[] = [];
  for (let at = 0; at < file.length;) {
    const { engine } = inflateRawSync(file.subarray(at + 10), { info: true }) as unknown as {
      engine: { bytesWritten: number };
    }; // what `info` gives
    const end = at + 10 + engine.bytesWritten;
    members.push({ deflated: file.subarray(at + 10, end), size: file.readUInt32LE(end + 4), end: end + 8 });
    at = end + 8;
  }
  return members;
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Median CPU seconds of each, run in turn, and those of its first run; a contender that is more than this process says its own. */
async function measure(
  contenders: Readonly<Record<string, () => Promise<number | void>>>,
  warmUps: number,
  rounds: number,
): Promise<Readonly<Record<'seconds' | 'first', Readonly<Record<string, number>>>>> {
  const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const before = ownCpuSeconds();
      const told = await run();
      times.get(name)!.push(told ?? ownCpuSeconds() - before);
    }
  }
  const median = (values: readonly number[]): number =>
    values.slice(warmUps).sort((a, b) => a - b)[rounds >> 1]!;
  return {
    seconds: Object.fromEntries(Array.from(times, ([name, values]) => [name, median(values)])),
    first: Object.fromEntries(Array.from(times, ([name, values]) => [name, values[0]!])),
  };
}
