import { openVirtualUsers, type VirtualUsers } from '#crawl';
import { chromium, type Browser } from 'playwright-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepCapture } from '#pipeline';
import { findBrowser } from '../setup/find-browser.mjs';
import { gatewayFlags } from './gateway.ts';
import { openLoadInternet, type LoadInternet } from './load-page.ts';
import { treeCpuSeconds, treeMemoryMb } from './process-tree.ts';

const PARALLEL = 3;
const WARM_UP = 3;
const CAPTURES = 36;
const CAPTURES_WITH_PLAN = 15;
/** Seconds that a recorder with Lookyloo's fixed waits takes at least for a page: on paper, from its own settings. */
const FIXED_WAIT_SECONDS = 26;

/** One way of visiting the page, measured. */
export interface Lane {
  readonly perMinute: number;
  readonly cpuSeconds: number;
  readonly p50Seconds: number;
  readonly memoryMb: number;
}

export interface Throughput {
  readonly bare: Lane;
  readonly capture: Lane;
  readonly withPlan: Lane;
  readonly fixedWaitPerMinute: number;
}

/** Captures the 30-resource page, against the same page loaded by bare Playwright with nothing recorded. */
export async function measureThroughput(): Promise<Throughput> {
  await using internet = await openLoadInternet();
  const except = new Set([internet.pid]);
  const bare = await measureBare(internet, except);
  const folder = await mkdtemp(join(tmpdir(), 'adit-bench-'));
  try {
    await using users = await openVirtualUsers({ network: internet.network, parallel: PARALLEL });
    const lane = (interact: boolean, count: number) =>
      measure({ count, except, visit: () => captureOnce(users, internet.startUrl, interact, folder) });
    const capture = await lane(false, CAPTURES);
    const withPlan = await lane(true, CAPTURES_WITH_PLAN);
    return { bare, capture, withPlan, fixedWaitPerMinute: (60 / FIXED_WAIT_SECONDS) * PARALLEL };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The whole job: visit, bundle on disk, observations. */
async function captureOnce(
  users: VirtualUsers,
  url: string,
  interact: boolean,
  folder: string,
): Promise<void> {
  await using source = await users.visit({ url, interact });
  const { capture } = await keepCapture(source, folder, 'byHash');
  if (capture.outcome.kind !== 'ok') throw new Error(`capture ended as ${capture.outcome.kind}`);
}

async function measureBare(internet: LoadInternet, except: ReadonlySet<number>): Promise<Lane> {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    // Bare in every way: no sandbox either, which can only make it cheaper.
    args: ['--no-sandbox', ...gatewayFlags(internet)],
  });
  try {
    return await measure({ count: CAPTURES, except, visit: () => loadOnce(browser, internet.startUrl) });
  } finally {
    await browser.close();
  }
}

async function loadOnce(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const response = await page.goto(url, { waitUntil: 'networkidle' }); // 500 ms of quiet, as the captures wait
  if (response?.ok() !== true) throw new Error(`bare load: status ${response?.status()}`);
  await context.close();
}

async function measure(options: {
  count: number;
  except: ReadonlySet<number>;
  visit: () => Promise<void>;
}): Promise<Lane> {
  const { count, except, visit } = options;
  await inParallel(WARM_UP, visit);
  const baseMb = treeMemoryMb(except);
  let peakMb = baseMb;
  const sampling = setInterval(() => (peakMb = Math.max(peakMb, treeMemoryMb(except))), 1_000);
  const seconds: number[] = [];
  const [cpuBefore, startedMs] = [treeCpuSeconds(except), performance.now()];
  await inParallel(count, async () => {
    const beganMs = performance.now();
    await visit();
    seconds.push((performance.now() - beganMs) / 1000);
  });
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const cpuSeconds = (treeCpuSeconds(except) - cpuBefore) / count;
  clearInterval(sampling);
  return {
    perMinute: (count / wallSeconds) * 60,
    cpuSeconds,
    p50Seconds: seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)]!,
    memoryMb: (peakMb - baseMb) / PARALLEL,
  };
}

async function inParallel(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
