import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { findBrowser } from '#crawl';
import { LOCAL_USER, type Artifact, type PathStep } from '#model';
import { openWorkbench, type Workbench } from '#pipeline';
import { startServer } from '#server';

const NODES = 5_000;
const PAN_MS = 5_000;
/** After which a screen loads nothing more by itself. */
const QUIET_MS = 2_000;
const SETTLE_LIMIT_MS = 180_000;
const appFolder = resolve(import.meta.dirname, '../../.build/web');

/** What a browser makes of the app. */
export interface BrowserFigures {
  /** Frames a second while a graph of five thousand nodes is dragged about. */
  readonly graphFps: number;
  /** The longest time between two frames of it. */
  readonly graphSlowestMs: number;
  /** Until that graph has come to rest. */
  readonly graphLayoutMs: number;
  /** Script that the first screen loads, as it comes over the wire: compressed, in 1,000 bytes. */
  readonly firstLoadKb: number;
}

/** Opens the built app in a real Chromium; undefined where there is none, or no built app. */
export async function measureBrowser(): Promise<BrowserFigures | undefined> {
  const executablePath = findBrowser();
  if (executablePath === undefined || !existsSync(join(appFolder, 'index.html'))) return undefined;
  const directory = await mkdtemp(join(tmpdir(), 'adit-bench-browser-'));
  try {
    await using workbench = await openWorkbench({ directory });
    const project = await makeProject(workbench);
    const localKey = randomUUID();
    await using server = await startServer({ workbench, version: '0', localKey, appFolder });
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await signIn(page, server.url, localKey);
      const firstLoadKb = await measureFirstLoad(page, server.url);
      return { firstLoadKb, ...(await measurePanning(page, `${server.url}/projects/${project}?view=graph`)) };
    } finally {
      await browser.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Hosts that were found through trackers: a tree with a few large hubs, half of its nodes hosts and half values. */
async function makeProject({ workspace: { projects } }: Workbench): Promise<string> {
  const { id } = await projects.create('Five thousand');
  const host = (n: number): Artifact => ({ type: 'host', value: `host${n}.example` });
  for (let n = 0; n < NODES / 2; n++) {
    const through: Artifact = { type: 'tracker', value: `UA-${1_000 + n}` };
    const earlier = host(Math.floor((n * ((n * 7_919) % 1_000)) / 1_000));
    const pivot = { dataset: 'trackers', label: 'GoogleAnalyticsAccountNumber', shared: 2 } as const;
    const path: PathStep[] = [
      { ...pivot, from: earlier, to: through, direction: 'forward' },
      { ...pivot, from: through, to: host(n), direction: 'reverse' },
    ];
    await projects.set(id, { ...host(n), status: n % 3 === 0 ? 'confirmed' : 'suspected', path });
  }
  return id;
}

async function signIn(page: Page, url: string, key: string): Promise<void> {
  const response = await fetch(`${url}/api/users/${LOCAL_USER.id}/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  const { path } = (await response.json()) as { path: string };
  await page.goto(url + path);
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}

/** Everything of kind script until the first screen rests, with nothing in the browser's cache. */
async function measureFirstLoad(page: Page, url: string): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Set<string>();
  let bytes = 0;
  devtools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(url);
  await page.getByRole('heading', { name: 'Captures' }).waitFor();
  await sleep(QUIET_MS);
  await devtools.detach();
  return bytes / 1_000;
}

/** Drags the graph to and fro by the mouse, and counts the frames that the page was given meanwhile. */
async function measurePanning(page: Page, address: string): Promise<Omit<BrowserFigures, 'firstLoadKb'>> {
  const startedMs = performance.now();
  await page.goto(address);
  await page.locator('canvas[data-settled=true]').waitFor({ timeout: SETTLE_LIMIT_MS });
  const graphLayoutMs = performance.now() - startedMs;
  const box = (await page.locator('canvas').boundingBox())!;
  const [x, y] = [box.x + 8, box.y + 8]; // a corner, where no node is
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(COUNT_FRAMES);
  for (let step = 0, until = performance.now() + PAN_MS; performance.now() < until; step++)
    await page.mouse.move(x + 200 * (1 - Math.cos(step / 12)), y + 120 * (1 - Math.cos(step / 17)));
  const frames = (await page.evaluate('stopCounting()')) as number[];
  await page.mouse.up();
  const gaps = frames.slice(1).map((at, index) => at - frames[index]!);
  const seconds = (frames.at(-1)! - frames[0]!) / 1_000;
  return { graphFps: gaps.length / seconds, graphSlowestMs: Math.max(...gaps), graphLayoutMs };
}

const COUNT_FRAMES = `{
  const frames = [];
  let isOver = false;
  const note = (at) => { frames.push(at); if (!isOver) requestAnimationFrame(note); };
  requestAnimationFrame(note);
  globalThis.stopCounting = () => { isOver = true; return frames; };
}`;
