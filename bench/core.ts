import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { WARCParser } from 'warcio';
import type { BenchResult } from './run.ts';
import { decodeText } from '../src/extract/decode-text.ts';
import { openCore, type ExtractionCore } from '../src/extract/core/index.ts';
import { hostsByParse5, hostsOf } from '../src/extract/core/oracle-fixture.ts';

const folder = join(process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../shared/data'), 'pages');
const ROUNDS = 5;
/** Elements and attributes whose hosts the peer collects. */
const URL_ATTRIBUTES = ['href', 'src', 'action', 'data', 'poster', 'srcset'];

interface Member {
  readonly url: string;
  /** The member's deflate stream, without gzip's header and trailer. */
  readonly deflated: Uint8Array;
  readonly size: number;
}

/**
 * The extraction core on a WARC of real pages, in CPU time of one process, the contenders in turn, medians: against
 * Node's inflate of the same file, and against npm warcio + htmlparser2 + `new URL` doing host pairs only. And how many
 * host pairs differ from parse5's.
 */
export async function benchCore(): Promise<BenchResult> {
  const path = join(folder, 'real-pages.warc.gz');
  if (!existsSync(path)) return { figures: {}, text: 'skipped: real-pages.warc.gz is absent (ADIT_DATA)' };
  const members = readMembers(path);
  const megabytes = members.reduce((sum, { size }) => sum + size, 0) / 1e6;
  const contenders: Readonly<Record<string, () => unknown>> = {
    inflate: () => forEachRecord(members, () => undefined),
    scan: passOf(members, openCore(), false),
    pass: passOf(members, openCore(), true),
    inPlace: passInPlace(members, openCore()),
    plain: passOf(members, openCore('plain'), true),
    peer: () => peerPass(path),
  };
  const times = await measure(contenders);
  const ratio = (value: number): number => Math.round(value * 100) / 100;
  const { missing, extra, pairs } = compareWithParse5(members);
  const figures = {
    speedupOverWarcioHtmlparser2: ratio(times['peer']! / times['inPlace']!),
    ratioToInflate: ratio(times['pass']! / times['inflate']!),
    plainRatioToInflate: ratio(times['plain']! / times['inflate']!),
    mbPerCpuSecond: Math.round(megabytes / times['inPlace']!),
    pagesPerCpuSecond: Math.round(members.length / times['inPlace']!),
    scanMbPerCpuSecond: Math.round(megabytes / (times['scan']! - times['inflate']!)),
    pairs,
    pairsMissing: missing,
    pairsExtra: extra,
  };
  const lines = Object.entries(times).map(
    ([name, seconds]) =>
      `${name.padEnd(10)} ${seconds.toFixed(3)} s  ${Math.round(megabytes / seconds)} MB/s`,
  );
  const form =
    openCore().kind === 'simd' ? '' : ' (WebAssembly form absent: all figures are the plain one’s)';
  const text = [
    `${members.length} pages, ${Math.round(megabytes)} MB, CPU time, medians of ${ROUNDS}${form}`,
    ...lines,
    ...Object.entries(figures).map(([name, value]) => `${name}  ${value}`),
  ].join('\n');
  return { figures, text };
}

/** Inflates, finds the body, scans; with hosts as strings if asked. The core as a bulk import uses it. */
function passOf(members: readonly Member[], core: ExtractionCore, withHosts: boolean): () => void {
  return () =>
    forEachRecord(members, (record, url) => {
      const facts = core.page(bodyOf(record), url);
      if (withHosts) facts.hosts();
    });
}

/** Zlib's own handle, which writes where it is told: internal to Node, so a bulk reader needs a fallback. */
interface InflateHandle {
  readonly _handle: {
    writeSync(
      flush: number,
      input: Uint8Array,
      inputOffset: number,
      inputLength: number,
      output: Uint8Array,
      outputOffset: number,
      outputLength: number,
    ): void;
    reset(): void;
  };
}

/** The same with the records inflated straight into the core's memory: no copy, nothing to collect. */
function passInPlace(members: readonly Member[], core: ExtractionCore): () => void {
  const { _handle: handle } = createInflateRaw() as unknown as InflateHandle; // internal fields
  const { memory, inputOffset } = core;
  const bytes = Buffer.from(memory.buffer);
  return () => {
    for (const { deflated, size, url } of members) {
      handle.writeSync(constants.Z_FINISH, deflated, 0, deflated.length, memory, inputOffset, size + 64);
      handle.reset();
      const body = bytes.indexOf('\r\n\r\n', bytes.indexOf('\r\n\r\n', inputOffset) + 4) + 4;
      core.pageAt(body, inputOffset + size - 4, url).hosts();
    }
  };
}

function forEachRecord(members: readonly Member[], read: (record: Buffer, url: string) => void): void {
  for (const { deflated, size, url } of members) {
    read(inflateRawSync(deflated, { chunkSize: Math.max(64, size) }), url);
  }
}

function bodyOf(record: Buffer): Uint8Array {
  return record.subarray(record.indexOf('\r\n\r\n', record.indexOf('\r\n\r\n') + 4) + 4, -4);
}

function readMembers(path: string): Member[] {
  const file = readFileSync(path);
  const rows = readFileSync(join(folder, 'real-pages.tsv'), 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => {
    const [url, , , , offset, length] = row.split('\t');
    const member = file.subarray(Number(offset), Number(offset) + Number(length));
    // The corpus' members have gzip's ten-byte header without optional fields.
    return { url: url!, deflated: member.subarray(10, -8), size: member.readUInt32LE(member.length - 4) };
  });
}

async function peerPass(path: string): Promise<void> {
  for await (const record of new WARCParser(createReadStream(path))) {
    if (record.warcType !== 'response') continue;
    const page = record.warcTargetURI ?? '';
    const html = new TextDecoder().decode(await record.readFully(true));
    hostsByHtmlparser2(html, page);
  }
}

function hostsByHtmlparser2(html: string, page: string): Set<string> {
  const pairs = new Set<string>();
  const parser = new Parser({
    onopentag(name, attributes) {
      for (const attribute of URL_ATTRIBUTES) {
        const value = attributes[attribute];
        if (value === undefined) continue;
        const url = URL.parse(value, page);
        if (url !== null) pairs.add(`${name}.${attribute} ${url.hostname}`);
      }
    },
  });
  parser.end(html);
  return pairs;
}

/** Median CPU seconds of each, run in turn. */
async function measure(
  contenders: Readonly<Record<string, () => unknown>>,
): Promise<Readonly<Record<string, number>>> {
  const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      times.get(name)!.push((user + system) / 1e6);
    }
  }
  return Object.fromEntries(
    Array.from(times, ([name, values]) => [name, values.sort((a, b) => a - b)[ROUNDS >> 1]!]),
  );
}

function compareWithParse5(members: readonly Member[]): { pairs: number; missing: number; extra: number } {
  const core = openCore();
  let [pairs, missing, extra] = [0, 0, 0];
  forEachRecord(members, (record, url) => {
    const own = ` ${new URL(url).hostname}`;
    const bytes = bodyOf(record);
    const ours = hostsOf(core.page(bytes, url));
    const theirs = hostsByParse5(decodeText(bytes, undefined, 'html').text, url);
    for (const pair of theirs) {
      if (pair.endsWith(own)) continue;
      pairs++;
      if (!ours.has(pair)) missing++;
    }
    for (const pair of ours) if (!pair.endsWith(own) && !theirs.has(pair)) extra++;
  });
  return { pairs, missing, extra };
}
