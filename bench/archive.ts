import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WARCRecord, WARCSerializer } from 'warcio';
import { describeBody, openBundle, writeBundle, type CaptureSource } from '#archive';
import { nothingListed, type Capture, type Exchange } from '#model';

const PAIRS = 1_500;
const ORACLE_PAIRS = 150;
const HEADERS: readonly [string, string][] = [
  ['date', 'Mon, 20 Nov 2017 10:00:00 GMT'],
  ['server', 'nginx'],
  ['cache-control', 'max-age=3600'],
];

/** A page of 54 KB text, a picture of 40 KB and one of 2 KB, in turn. */
function bodyOf(i: number): { type: string; bytes: Uint8Array } {
  if (i % 3 === 0) {
    const html = Array.from(
      { length: 1_000 },
      (_, line) => `<p class="c${(line * 7919 + i) % 1009}">wallet ${line * i}</p>\n`,
    );
    return { type: 'text/html', bytes: Buffer.from(html.join('')) };
  }
  let state = i + 1;
  const bytes = Buffer.alloc(i % 3 === 1 ? 40_000 : 2_000);
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return { type: 'image/png', bytes };
}

/**
 * The archive's writer and reader against npm warcio on this machine: request and response pairs a CPU second, and how many
 * times warcio's that is.
 */
export async function benchArchive(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'adit-bench-'));
  try {
    const bodies = Array.from({ length: PAIRS }, (_, i) => bodyOf(i));
    const path = join(folder, 'bench.wacz');
    const source = sourceOf(bodies);
    const writing = await cpuSeconds(() => writeBundle(source, path));
    const reading = await cpuSeconds(async () => {
      await using bundle = await openBundle(path);
      for (const exchange of bundle.capture.exchanges) bundle.responseBody(exchange);
    });
    const oracle = await cpuSeconds(() => writeWithWarcio(bodies.slice(0, ORACLE_PAIRS)));
    const pairsPerCpuSecond = PAIRS / writing;
    return {
      pairsWrittenPerCpuSecond: Math.round(pairsPerCpuSecond),
      pairsReadPerCpuSecond: Math.round(PAIRS / reading),
      timesWarcio: Math.round((10 * pairsPerCpuSecond) / (ORACLE_PAIRS / oracle)) / 10,
      bytesPerPair: Math.round((await readFile(path)).length / PAIRS),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function writeWithWarcio(bodies: readonly { type: string; bytes: Uint8Array }[]): Promise<void> {
  for (const [i, { type, bytes }] of bodies.entries()) {
    const url = `https://example.org/${i}`;
    const options = { gzip: true, digest: { algo: 'sha-256' as const } };
    const body = (async function* () {
      yield bytes;
    })();
    const response = WARCRecord.create(
      { url, type: 'response', warcVersion: 'WARC/1.1', httpHeaders: [...HEADERS, ['content-type', type]] },
      body,
    );
    await WARCSerializer.serialize(response, options);
    const request = WARCRecord.create({
      url,
      type: 'request',
      warcVersion: 'WARC/1.1',
      httpHeaders: HEADERS as [string, string][],
    });
    await WARCSerializer.serialize(request, options);
  }
}

function sourceOf(bodies: readonly { type: string; bytes: Uint8Array }[]): CaptureSource {
  const exchanges = bodies.map(({ type, bytes }, id): Exchange => {
    const headers: [string, string][] = [...HEADERS, ['content-type', type]];
    return {
      id,
      url: `https://example.org/${id}`,
      method: 'GET',
      startedAt: new Date(1_511_172_000_000 + id).toISOString(),
      request: { headers: [...HEADERS] },
      response: { status: 200, statusText: '', headers, body: describeBody(bytes, headers) },
      source: 'wire',
      protocol: 'h2',
    };
  });
  return {
    capture: { ...EMPTY, exchanges },
    responseBytes: (id) => bodies[id]?.bytes,
    requestBytes: () => undefined,
    downloadBytes: () => undefined,
    attachments: new Map(),
    [Symbol.asyncDispose]: async () => {},
  };
}

const AT = '2017-11-20T10:00:00.000Z';

const EMPTY: Capture = {
  version: 1,
  id: '0193a5a0-0000-7000-8000-000000000000',
  software: 'adit bench',
  url: 'https://example.org/0',
  lane: 'http',
  persona: {
    id: 'bench',
    title: 'bench',
    userAgent: 'Mozilla/5.0',
    platform: 'Win32',
    languages: ['en'],
    timeZone: 'UTC',
    viewport: { width: 1280, height: 800, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
  },
  startedAt: AT,
  finishedAt: AT,
  ...nothingListed(),
  outcome: { kind: 'ok' },
};
