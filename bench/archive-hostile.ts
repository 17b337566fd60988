import { spawnSync } from 'node:child_process';
import {
  closeSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createGzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BenchResult } from './run.ts';

/**
 * Archives that try to exhaust their reader, each read by `adit import --dry-run` with one worker in a process of its own: peak
 * memory, and what was reported. The files are made by seed in the system's folder for temporary files, and deleted.
 */
const MAIN = resolve(import.meta.dirname, '../src/cli/main.ts');
/** Says the peak of the process's memory when it ends. */
const PEAK = `data:text/javascript,${encodeURIComponent(
  'import { isMainThread } from "node:worker_threads"; if (isMainThread) process.on("exit", () => process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`));',
)}`;
const HTML =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>x</title><img src=https://i.example/x.png>';

const head = (url: string, length: number): string =>
  `WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: ${url}\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
  `Content-Type: application/http; msgtype=response\r\nContent-Length: ${length}\r\n\r\n`;
const record = (url: string, block: Buffer | string): Buffer =>
  Buffer.concat([
    Buffer.from(head(url, Buffer.byteLength(block))),
    Buffer.from(block),
    Buffer.from('\r\n\r\n'),
  ]);
const page = (i: number): Buffer => record(`https://h${i % 1000}.example/${i}`, HTML);

/** A generator of 32 random bits a call (xorshift), by seed. */
function randomBytes(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at + 4 <= size; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes.writeInt32LE(state | 0, at);
  }
  return bytes;
}

function write(path: string, pieces: Iterable<Uint8Array | string>): void {
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, Buffer.from(piece));
  closeSync(file);
}

/** What each file is, and how it is made; `scale` 1 is the full size. */
const KINDS: Readonly<Record<string, (path: string, scale: number) => Promise<void> | void>> = {
  'small.d': (path, scale) => {
    mkdirSync(path);
    for (let i = 0; i < 10_000 * scale; i++) write(join(path, `${i}.warc.gz`), [gzipSync(page(i))]);
  },
  'record-of-4-GB.warc': (path, scale) => {
    const size = Math.round(4.2e9 * scale);
    write(path, [page(1), head('https://large.example/', size)]);
    truncateSync(path, statSync(path).size + size); // a hole: zeros that take no room
    const file = openSync(path, 'a');
    writeSync(file, Buffer.concat([Buffer.from('\r\n\r\n'), page(2)]));
    closeSync(file);
  },
  'one-member-of-1-GB.warc.gz': async (path, scale) => {
    const noise = randomBytes(3_000_000, 7);
    const large = record(
      'https://noise.example/x.bin',
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), noise]),
    );
    const pieces = function* (): Generator<Buffer> {
      for (let i = 0; i < 333 * scale; i++) {
        yield large;
        yield page(i);
      }
    };
    await pipeline(Readable.from(pieces()), createGzip({ level: 1 }), createWriteStream(path));
  },
  'bomb-in-a-body.warc.gz': (path) => {
    let bomb: Buffer = Buffer.alloc(64 * 2 ** 20);
    bomb = gzipSync(Buffer.concat(Array.from({ length: 8 }, () => gzipSync(bomb))));
    const headers = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip, gzip\r\n\r\n';
    const bombs = Array.from({ length: 40 }, (_, i) =>
      gzipSync(record(`https://bomb${i}.example/`, Buffer.concat([Buffer.from(headers), bomb]))),
    );
    write(path, [gzipSync(page(1)), ...bombs, gzipSync(page(2))]);
  },
  'random-bytes.warc': (path, scale) => write(path, [randomBytes(Math.round(200e6 * scale), 11)]),
  'random-bytes.warc.gz': (path, scale) =>
    write(path, ['\x1f\x8b\x08', randomBytes(Math.round(200e6 * scale), 13)]),
  'entries-100-k.har': (path, scale) => {
    const entry = (i: number): string =>
      JSON.stringify({
        startedDateTime: '2017-11-20T10:00:00Z',
        request: { method: 'GET', url: `https://h${i % 1000}.example/${i}`, headers: [] },
        response: { status: 200, headers: [], content: { mimeType: 'text/html', text: HTML } },
      });
    const pieces = function* (): Generator<string> {
      yield '{"log":{"entries":[';
      for (let i = 0; i < 100_000 * scale; i++) yield `${i === 0 ? '' : ','}${entry(i)}`;
      yield ']}}';
    };
    write(path, pieces());
  },
};

/** One line a kind; `ADIT_BENCH_SCALE` makes all of them smaller. */
export async function benchArchiveHostile(): Promise<BenchResult> {
  const scale = Number(process.env['ADIT_BENCH_SCALE'] ?? 1);
  const folder = mkdtempSync(join(tmpdir(), 'adit-hostile-'));
  const rows: Record<string, unknown>[] = [];
  try {
    for (const [name, make] of Object.entries(KINDS)) {
      const path = join(folder, name);
      await make(path, scale);
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        ['--import', PEAK, MAIN, 'import', path, '--dry-run', '--json', '--workers', '1'],
        { encoding: 'utf8', maxBuffer: 1e9 },
      );
      const peakKb = Number(/\npeak (\d+)/.exec(stderr)?.[1] ?? Number.NaN);
      // what the command prints
      const summary = JSON.parse(stdout || '{}') as Record<string, unknown> & { problems?: unknown[] };
      rows.push({
        name,
        status,
        peakMb: Math.round(peakKb / 1000),
        records: summary['records'],
        pages: summary['pages'],
        pairs: summary['pairs'],
        problemCount: summary['problemCount'],
        firstProblem: summary.problems?.[0],
      });
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
      rmSync(path, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    figures: {
      kinds: rows.length,
      peakMemoryMb: Math.max(...rows.map(({ peakMb }) => Number(peakMb))),
      crashed: rows.filter(({ status }) => status !== 0 && status !== 3).length,
    },
    text: rows.map((row) => JSON.stringify(row)).join('\n'),
  };
}
