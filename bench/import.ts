import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { WARCParser } from 'warcio';
import { writeCrawlArchive } from './crawl-archive.ts';
import type { BenchResult } from './run.ts';
import { importArchives } from '../src/pipeline/import-archives.ts';
import { importFile, type ImportBatch } from '../src/pipeline/import-file.ts';
import { findSources } from '../src/pipeline/import-sources.ts';
import { openObservationStore } from '../src/store/index.ts';

const folder = join(process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../shared/data'), 'pages');
const corpus = { archive: join(folder, 'real-pages.warc.gz'), index: join(folder, 'real-pages.tsv') };
/** Uncompressed size of the generated archive, in megabytes. */
const CRAWL_MB = Number(process.env['ADIT_BENCH_MB'] ?? 1_000);
const URL_ATTRIBUTES = ['href', 'src', 'action', 'data', 'poster'];

/**
 * The import of archives, all datasets, against reading a WARC with npm warcio, htmlparser2 and `new URL` for host pairs alone,
 * against Node's raw inflate of the file and against zcat: CPU time, contenders in turn, medians. Then with storing, and with
 * two workers instead of one.
 */
export async function benchImport(): Promise<BenchResult> {
  if (!existsSync(corpus.archive))
    return { figures: {}, text: 'skipped: real-pages.warc.gz is absent (ADIT_DATA)' };
  const scratch = mkdtempSync(join(tmpdir(), 'adit-bench-import-'));
  try {
    const crawl = join(scratch, 'crawl.warc.gz');
    writeCrawlArchive(corpus, crawl, { sizeBytes: CRAWL_MB * 1e6, seed: 1 });
    const real = await benchFile(corpus.archive, scratch, 5);
    const mixed = await benchFile(crawl, scratch, 1);
    const figures = {
      ...real.figures,
      ...Object.fromEntries(Object.entries(mixed.figures).map(([name, value]) => [`${name}OfCrawl`, value])),
    };
    const text = [`real pages\n${real.text}`, `generated crawl\n${mixed.text}`].join('\n\n');
    return { figures, text };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function benchFile(
  path: string,
  scratch: string,
  rounds: number,
): Promise<{ figures: Record<string, number>; text: string }> {
  const members = readMembers(path);
  const megabytes = members.reduce((sum, { size }) => sum + size, 0) / 1e6;
  let pages = 0;
  await using store = await openObservationStore({ directory: join(scratch, `store-${rounds}`) });
  let stored = 0;
  const contenders: Readonly<Record<string, () => Promise<number | void>>> = {
    inflate: async () => {
      for (const { deflated, size } of members) inflateRawSync(deflated, { chunkSize: Math.max(64, size) });
    },
    zcat: async () => zcatSeconds(path),
    pass: async () => {
      pages = await pass(path, async () => undefined);
    },
    // other ids each time, since batches that are known are not stored again
    stored: async () => {
      const round = ++stored;
      await pass(path, ({ id, observations }) => store.add({ id: `${round} ${id}`, observations }));
    },
    peer: () => peerPass(path),
  };
  const seconds = await measure(contenders, rounds);
  const walls = [await wallOf(path, scratch, 1), await wallOf(path, scratch, 2)] as const;
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
  const text = [
    `${pages} pages, ${Math.round(megabytes)} MB, CPU time, medians of ${rounds}`,
    ...Object.entries(seconds).map(
      ([name, value]) => `${name.padEnd(8)} ${value.toFixed(3)} s  ${Math.round(megabytes / value)} MB/s`,
    ),
    ...Object.entries(figures).map(([name, value]) => `${name}  ${value}`),
  ].join('\n');
  return { figures, text };
}

/** Reads the archive as the import does, without a worker thread; returns its pages. */
async function pass(path: string, take: (batch: ImportBatch) => Promise<void>): Promise<number> {
  let pages = 0;
  for await (const event of importFile(path)) {
    if (event.kind === 'batch') await take(event.batch);
    if (event.kind === 'file') pages = event.report.pages;
  }
  return pages;
}

/** Seconds that two copies of the file take with so many workers. */
async function wallOf(path: string, scratch: string, workers: number): Promise<number> {
  const paths = ['a', 'b'].map((name) => join(scratch, `${name}.warc.gz`));
  for (const copy of paths) copyFileSync(path, copy);
  const start = performance.now();
  const sources = await findSources({ paths });
  for await (const event of importArchives({ sources, workers })) if (event.kind === 'done') break;
  return (performance.now() - start) / 1000;
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

/** The deflate streams of a file whose gzip members have no optional header fields. */
function readMembers(path: string): { deflated: Uint8Array; size: number }[] {
  const file = readFileSync(path);
  const members: { deflated: Uint8Array; size: number }[] = [];
  for (let at = 0; at < statSync(path).size;) {
    const { engine } = inflateRawSync(file.subarray(at + 10), { info: true }) as unknown as {
      engine: { bytesWritten: number };
    }; // what `info` gives
    const end = at + 10 + engine.bytesWritten;
    members.push({ deflated: file.subarray(at + 10, end), size: file.readUInt32LE(end + 4) });
    at = end + 8;
  }
  return members;
}

/** Median CPU seconds of each, run in turn; a contender that is another program says its own. */
async function measure(
  contenders: Readonly<Record<string, () => Promise<number | void>>>,
  rounds: number,
): Promise<Readonly<Record<string, number>>> {
  const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const before = process.cpuUsage();
      const own = await run();
      const { user, system } = process.cpuUsage(before);
      times.get(name)!.push(own ?? (user + system) / 1e6);
    }
  }
  return Object.fromEntries(
    Array.from(times, ([name, values]) => [name, values.sort((a, b) => a - b)[rounds >> 1]!]),
  );
}
