import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBundle } from '#archive';
import { openVirtualUsers } from '#crawl';
import { nameCause, openContext } from '#extract';
import { keepCapture } from '#pipeline';
import { hardPage, openTestnet, type ExpectedCause, type LoggedExchange, type Testnet } from '#testnet';
import { chromium, type Response } from 'playwright-core';
import { findBrowser } from '../setup/find-browser.mjs';
import { openGateway } from './gateway.ts';

/** How a recorder did against the server's log. Counts, and what it missed. */
export interface Fidelity {
  readonly requests: number;
  readonly seen: number;
  readonly bodies: number;
  readonly right: number;
  readonly causes: number;
  readonly rightCauses: number;
  readonly misses: readonly string[];
}

/** One answered request as a recorder has it; the digest is of the decoded body. */
interface Recorded {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly sha256: string | undefined;
  readonly cause?: { readonly name: string | undefined; readonly parentHost: string | undefined };
}

/** What the servers answer for hosts that are not theirs: a browser's own errands. */
const MISDIRECTED = 421;
const ANSWERED_INSIDE = new Set(['serviceWorker', 'memoryCache', 'diskCache']);
const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** The hard page and its moving companion, captured by a virtual user and compared with what the servers sent. */
export async function measureCapture(): Promise<Fidelity> {
  const page = hardPage();
  await using testnet = await openTestnet({ sites: page.sites });
  const folder = await mkdtemp(join(tmpdir(), 'adit-fidelity-'));
  const recorded: Recorded[] = [];
  try {
    await using users = await openVirtualUsers({ network: testnet.network });
    for (const url of [page.startUrl, page.movingUrl]) {
      await using source = await users.visit({ url });
      const { bundle } = await keepCapture(source, folder, 'byHash');
      await using reader = await openBundle(bundle);
      const context = openContext(reader);
      for (const exchange of reader.capture.exchanges) {
        const { url: address, method, response } = exchange;
        if (ANSWERED_INSIDE.has(exchange.servedBy ?? '')) continue; // no server saw it
        const named = nameCause(context, exchange);
        const cause = { name: named?.cause, parentHost: named?.parentHost };
        recorded.push({
          url: address,
          method,
          status: response?.status ?? 0,
          sha256: response?.body?.sha256 ?? emptyDigest(response?.bodyAbsence),
          cause,
        });
      }
    }
    await sleep(500); // the last beacons
    return compare(testnet.log, recorded, page.expectedCauses);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Absent because there is none is as good as an empty body; absent for another reason is not. */
function emptyDigest(absence: string | undefined): string | undefined {
  return absence === 'noneByProtocol' || absence === 'empty' ? EMPTY_SHA256 : undefined;
}

/** The same pages, the same presses, recorded the way playwright-core offers: every response with its body. */
export async function measurePlaywright(): Promise<Fidelity> {
  const page = hardPage();
  await using testnet = await openTestnet({ sites: page.sites });
  const recorded = await recordWithPlaywright(testnet, page.startUrl, page.movingUrl, page.controls);
  return compare(testnet.log, recorded, []);
}

async function recordWithPlaywright(
  testnet: Testnet,
  startUrl: string,
  movingUrl: string,
  controls: readonly string[],
): Promise<Recorded[]> {
  await using gateway = await openGateway(testnet, new URL(startUrl).hostname);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', ...gateway.browserFlags],
  });
  const recorded: Promise<Recorded>[] = [];
  try {
    const context = await browser.newContext();
    context.on('response', (response) => recorded.push(recordOf(response)));
    const tab = await context.newPage();
    await tab.goto(startUrl, { waitUntil: 'load' });
    await sleep(4_000);
    for (const id of controls) {
      await tab.click(`#${id}`, { timeout: 2_000 }).catch(() => {}); // a control that moved away is a miss of the recorder, not of the bench
      await sleep(800);
    }
    await tab.evaluate('scrollTo(0, document.body.scrollHeight)').catch(() => {});
    await sleep(1_000);
    await tab.goto(movingUrl, { waitUntil: 'load' }).catch(() => {});
    await sleep(3_000);
    await tab.close();
    await sleep(500);
    return await Promise.all(recorded);
  } finally {
    await browser.close();
  }
}

async function recordOf(response: Response): Promise<Recorded> {
  const body = await Promise.race([
    response.body().catch(() => undefined),
    sleep(5_000).then(() => undefined),
  ]);
  return {
    url: response.url(),
    method: response.request().method(),
    status: response.status(),
    sha256: body === undefined ? undefined : createHash('sha256').update(body).digest('hex'),
  };
}

function compare(
  log: readonly LoggedExchange[],
  recorded: readonly Recorded[],
  expected: readonly ExpectedCause[],
): Fidelity {
  const left = Map.groupBy(recorded, ({ method, url }) => `${method} ${url}`);
  const wanted = new Map(expected.map((row) => [`${row.method} ${row.url}`, row]));
  const misses: string[] = [];
  const count = { requests: 0, seen: 0, bodies: 0, right: 0, causes: 0, rightCauses: 0 };
  for (const entry of log) {
    if (entry.url.startsWith('ws') || entry.status === MISDIRECTED) continue;
    const key = `${entry.method} ${entry.url}`;
    const candidates = left.get(key) ?? [];
    const index = Math.max(
      candidates.findIndex((each) => each.status === entry.status && each.sha256 === entry.sha256),
      candidates.length > 0 ? 0 : -1,
    );
    const match = index === -1 ? undefined : candidates.splice(index, 1)[0];
    count.requests++;
    if (match === undefined) misses.push(`not seen: ${key} ${entry.status}`);
    else count.seen++;
    if ((entry.bodySize ?? 0) > 0 && entry.isComplete) {
      count.bodies++;
      if (match?.sha256 === entry.sha256) count.right++;
      else if (match !== undefined)
        misses.push(`body: ${key} ${entry.status} ${match.sha256 === undefined ? 'missing' : 'other'}`);
    }
    const row = wanted.get(key);
    wanted.delete(key); // the table tells of the first; a control may ask for the same again
    if (row === undefined || match?.cause === undefined) continue;
    count.causes++;
    if (
      match.cause.name === row.cause &&
      (row.parentHost === undefined || match.cause.parentHost === row.parentHost)
    )
      count.rightCauses++;
    else
      misses.push(
        `cause: ${key} ${match.cause.name} from ${match.cause.parentHost} instead of ${row.cause} from ${row.parentHost}`,
      );
  }
  return { ...count, misses };
}
