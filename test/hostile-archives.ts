import { spawnSync } from 'node:child_process';
import {
  closeSync,
  createWriteStream,
  mkdirSync,
  openSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { MAIN } from './cli-fixture.ts';

const HTML =
  'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>x</title><img src=https://i.example/x.png>';

const head = (url: string, length: number, type = 'response'): string =>
  `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${url}\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
  `Content-Type: application/http; msgtype=${type}\r\nContent-Length: ${length}\r\n\r\n`;
const record = (url: string, block: Buffer | string, type?: string): Buffer =>
  Buffer.concat([
    Buffer.from(head(url, Buffer.byteLength(block), type)),
    Buffer.from(block),
    Buffer.from('\r\n\r\n'),
  ]);
/** A record that is no exchange: text of a page, as in Common Crawl's WET files, or what is known of one, as in its WAT files. */
const about = (type: string, mediaType: string, url: string, block: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${url}\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
        `Content-Type: ${mediaType}\r\nContent-Length: ${block.length}\r\n\r\n`,
    ),
    block,
    Buffer.from('\r\n\r\n'),
  ]);
const page = (i: number): Buffer => record(`https://h${i % 1000}.example/${i}`, HTML);

/** Random bytes (xorshift), by seed. */
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

/** Words in several scripts, by seed. */
function randomText(size: number, seed: number): Buffer {
  const words = 'the and of host wallet <p> & пример слово 例え テスト https://t.example/x "quoted"\n'.split(
    ' ',
  );
  const picks = randomBytes(size, seed);
  const parts: string[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    parts.push(words[picks[i % size]! % words.length]!, ' ');
    length += parts.at(-2)!.length + 1;
  }
  return Buffer.from(parts.join(''));
}

/** Zeros that take a thousandth of a thousandth: compressed twice. */
function bombOf(megabytes: number): Buffer {
  const inner = gzipSync(Buffer.alloc(64 * 2 ** 20));
  return gzipSync(Buffer.concat(Array<Buffer>(Math.ceil(megabytes / 64)).fill(inner)));
}

function write(path: string, pieces: Iterable<Uint8Array | string>): void {
  const file = openSync(path, 'w');
  for (const piece of pieces) writeSync(file, Buffer.from(piece));
  closeSync(file);
}

function* joined(count: number, entry: (i: number) => string): Generator<string> {
  yield '{"log":{"entries":[';
  for (let i = 0; i < count; i++) yield `${i === 0 ? '' : ','}${entry(i)}`;
  yield ']}}';
}

function harEntry(i: number, content: object, headers: object[] = []): string {
  return JSON.stringify({
    startedDateTime: '2017-11-20T10:00:00Z',
    request: { method: 'GET', url: `https://h${i % 1000}.example/${i}`, headers: [] },
    response: { status: 200, headers, content },
  });
}

const HTML_CONTENT = { mimeType: 'text/html', text: HTML };

/**
 * Archives that try to exhaust their reader: what each is called, and how it is made. `scale` 1 is the full size: ten thousand small
 * files, a record of 4 GB, one gzip member of 1 GB, 200 MB of random bytes, a hundred thousand entries.
 */
export const HOSTILE_ARCHIVES: Readonly<
  Record<string, (path: string, scale: number) => Promise<void> | void>
> = {
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
  'bomb-in-a-body.warc.gz': (path, scale) => {
    const bomb = bombOf(512);
    const coded = 'Content-Type: text/html\r\nContent-Encoding: gzip, gzip\r\n\r\n';
    const bombs = Array.from({ length: Math.ceil(40 * scale) }, (_, i) => [
      gzipSync(
        record(
          `https://bomb${i}.example/`,
          Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${coded}`), bomb]),
        ),
      ),
      gzipSync(
        record(
          `https://bomb${i}.example/`,
          Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${coded}`), bomb]),
          'request',
        ),
      ),
    ]);
    write(path, [gzipSync(page(1)), ...bombs.flat(), gzipSync(page(2))]);
  },
  /** A web graph of which nearly every edge has ends of its own. */
  'host-graph.d': (path, scale) => {
    mkdirSync(path);
    const [hosts, edges] = [4_000_000 * scale, 2_500_000 * scale];
    const lines = function* (count: number, line: (i: number) => string): Generator<string> {
      for (let i = 0; i < count; i += 1_000)
        yield Array.from({ length: Math.min(1_000, count - i) }, (_, j) => line(i + j)).join('');
    };
    const name = join(path, 'cc-main-2022-may-jun-aug-host');
    write(
      `${name}-vertices.txt`,
      lines(hosts, (i) => `${i}\tcom.example${i}.some-longer-name${i % 9973}\n`),
    );
    write(
      `${name}-edges.txt`,
      lines(edges, (i) => `${i}\t${(i * 2_654_435_761 + 1) % hosts}\n`),
    );
  },
  /** Records that hold no exchange, as Common Crawl's WET and WAT files: forty thousand of usual size, two hundred of 20 MB. */
  'texts.warc.gz': (path, scale) => {
    const largeText = randomText(15_000_000, 17);
    const json = Buffer.from(JSON.stringify({ text: randomText(12_000_000, 19).toString() }));
    const large = [
      gzipSync(about('conversion', 'text/plain', 'https://large.example/', largeText), { level: 1 }),
      gzipSync(about('metadata', 'application/json', 'https://large.example/', json), { level: 1 }),
      gzipSync(about('resource', 'text/plain', 'https://large.example/a.txt', largeText), { level: 1 }),
    ];
    const pieces = function* (): Generator<Buffer> {
      yield gzipSync(page(1));
      for (let i = 0; i < 40_000 * scale; i++) {
        const text = largeText.subarray(i * 300, i * 300 + 2_000 + (i % 7_000));
        yield gzipSync(about('conversion', 'text/plain', `https://h${i % 1000}.example/${i}`, text), {
          level: 1,
        });
        if (i % 200 === 0) yield large[(i / 200) % 3]!; // in turn
      }
      yield gzipSync(page(2));
    };
    write(path, pieces());
  },
  'random-bytes.warc': (path, scale) => write(path, [randomBytes(Math.round(200e6 * scale), 11)]),
  'random-bytes.warc.gz': (path, scale) =>
    write(path, ['\x1f\x8b\x08', randomBytes(Math.round(200e6 * scale), 13)]),
  'beginnings.warc': (path, scale) =>
    write(
      path,
      Array.from({ length: Math.ceil(200 * scale) }, () => 'WARC/1.0\r\n'.repeat(100_000)),
    ),
  'entries-100-k.har': (path, scale) =>
    write(
      path,
      joined(100_000 * scale, (i) => harEntry(i, HTML_CONTENT)),
    ),
  /** Bodies that are still compressed, as some writers leave them: every hundredth would be 512 MB. */
  'entries-with-bombs.har': (path, scale) => {
    const text = bombOf(512).toString('base64');
    const coding = [{ name: 'Content-Encoding', value: 'gzip, gzip' }];
    const entry = (i: number): string =>
      i % 100 === 50
        ? harEntry(i, { mimeType: 'text/html', encoding: 'base64', text }, coding)
        : harEntry(i, HTML_CONTENT);
    write(path, joined(100_000 * scale, entry));
  },
  /** An entry of ten thousand nested and thirteen million small things in a field that nobody reads. */
  'entry-of-crumbs.har': (path, scale) => {
    const crumbs = `${'['.repeat(10_000)}${']'.repeat(10_000)}${',{}'.repeat(13e6 * Math.max(0.1, scale))}`;
    write(path, [
      `{"log":{"entries":[${harEntry(1, HTML_CONTENT)},{"_crumbs":[${crumbs}],"request":{"url":"https://crumbs.example/"}},${harEntry(2, HTML_CONTENT)}]}}`,
    ]);
  },
};

/** What `adit import --json` prints, as far as it is looked at. */
export interface ImportSummary {
  readonly files: readonly {
    readonly file: string;
    readonly records: number;
    readonly pages: number;
    readonly pairs: number;
    readonly problemCount: number;
  }[];
  readonly records: number;
  readonly pages: number;
  readonly pairs: number;
  readonly problems: readonly { readonly file: string; readonly offset: number; readonly what: string }[];
  readonly problemCount: number;
}

/** Says the peak of the process's memory when it ends. */
const SAYS_PEAK = `data:text/javascript,${encodeURIComponent(
  'import { isMainThread } from "node:worker_threads"; if (isMainThread) process.on("exit", () => process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`));',
)}`;

/** Reads archives with one worker, storing nothing, in a process of its own whose memory is measured. */
export function importAlone(
  path: string,
  environment: NodeJS.ProcessEnv = process.env,
): { readonly status: number | null; readonly peakMb: number; readonly summary: Partial<ImportSummary> } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', SAYS_PEAK, MAIN, 'import', path, '--dry-run', '--json', '--workers', '1'],
    { env: environment, encoding: 'utf8', maxBuffer: 1e9 },
  );
  const peakKb = Number(/\npeak (\d+)/.exec(stderr)?.[1] ?? Number.NaN);
  const summary = JSON.parse(stdout || '{}') as Partial<ImportSummary>; // what the command prints
  return { status, peakMb: Math.round(peakKb / 1000), summary };
}
