import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVirtualUsers } from '#crawl';
import { captureAll, keepCapture } from '#pipeline';
import { openTestnet, replayPages } from '#testnet';
import type { BenchResult } from './run.ts';
import { processesBelow, treeCpuSeconds, treeMemoryMb } from './process-tree.ts';

const SAMPLE = 100;
const PARALLEL = 3;

/** Real pages, each under its own host name, third parties offline: how many can be captured, at what cost. */
export async function benchReplay(): Promise<BenchResult> {
  const replay = replayPages();
  if (replay === undefined)
    throw new Error(
      'the real pages are not here: set ADIT_DATA to the folder that has pages/real-pages.warc.gz',
    );
  const every = Math.max(1, Math.floor(replay.pages.length / SAMPLE));
  const urls = replay.pages
    .filter((_, index) => index % every === 0)
    .map(({ url }) => url)
    .slice(0, SAMPLE);
  await using testnet = await openTestnet({ sites: replay.sites });
  const folder = await mkdtemp(join(tmpdir(), 'adit-replay-'));
  const seconds: number[] = [];
  const outcomes = new Map<string, number>();
  const notOk: string[] = [];
  let peakMb = 0;
  const cpuBefore = treeCpuSeconds();
  try {
    await using users = await openVirtualUsers({ network: testnet.network, parallel: PARALLEL });
    await captureAll(
      urls.map((url) => ({
        url,
        capture: async () => {
          await using source = await users.visit({ url, interact: true });
          return keepCapture(source, folder, 'byHash');
        },
      })),
      {
        parallel: PARALLEL,
        onEvent: (event) => {
          if (event.kind === 'started') return;
          peakMb = Math.max(peakMb, treeMemoryMb());
          const kind = event.kind === 'kept' ? event.kept.capture.outcome.kind : 'fault';
          outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
          if (kind !== 'ok') notOk.push(`${kind} ${event.url}`);
          if (event.kind === 'kept') seconds.push(event.seconds);
          process.stderr.write(`${seconds.length} of ${urls.length} ${kind} ${event.url}\n`);
        },
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  seconds.sort((a, b) => a - b);
  const at = (share: number): number =>
    seconds[Math.min(seconds.length - 1, Math.floor(seconds.length * share))] ?? Number.NaN;
  const figures = {
    pages: urls.length,
    succeeded: outcomes.get('ok') ?? 0,
    p50Seconds: at(0.5),
    p95Seconds: at(0.95),
    maxSeconds: at(1),
    cpuSecondsPerCapture: (treeCpuSeconds() - cpuBefore) / urls.length,
    peakMemoryMb: peakMb,
    processesLeft: processesBelow(),
  };
  const text = [
    `outcomes: ${[...outcomes].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    ...notOk,
    ...Object.entries(figures).map(([key, value]) => `${key}  ${Math.round(value * 100) / 100}`),
  ];
  return { figures, text: text.join('\n') };
}
