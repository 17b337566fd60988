import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Capture } from '#model';
import { openTestnet, type Reply, type Site, type Testnet } from '#testnet';
import type { CaptureLimits } from './limits.ts';
import { findBrowser } from './process/find-browser.ts';
import { isAlive, processTree, type ProcessInfo } from './process/processes.ts';
import { openVirtualUsers, type VirtualUsers } from './virtual-users.ts';

const html = (body: string): Reply => ({
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: `<!doctype html><meta charset=utf-8><title>hostile</title>${body}`,
});

const endless = {
  *[Symbol.iterator]() {
    const chunk = new Uint8Array(64 * 1024).fill(0x61);
    for (;;) yield chunk;
  },
};

interface HostilePage {
  readonly what: string;
  readonly path: string;
  readonly reply: Reply;
  readonly limits?: Partial<CaptureLimits>;
  readonly outcome: Capture['outcome']['kind'] | readonly Capture['outcome']['kind'][];
  /** Limit that must be on record. */
  readonly reached?: keyof CaptureLimits;
}

const MB = 1024 * 1024;
/** For pages whose load event is waited for in vain: time enough to ask for them on a slow machine. */
const SOON_MS = 8_000;
const PAGES: readonly HostilePage[] = [
  {
    what: 'an endless chain of dialogs',
    path: '/alerts',
    reply: html('<script>for (;;) alert(1)</script>'),
    outcome: 'ok',
    reached: 'dialogs',
  },
  {
    what: 'a script that never ends',
    path: '/spin',
    reply: html('<p>before<script>for (;;);</script>'),
    limits: { loadMs: SOON_MS },
    outcome: ['ok', 'timeout'],
    reached: 'loadMs',
  },
  {
    what: 'a thousand popups',
    path: '/popups',
    reply: html('<script>for (let i = 0; i < 1000; i++) open("/alerts?" + i)</script>'),
    outcome: 'ok',
  },
  {
    what: 'a redirect by script to itself, without end',
    path: '/again',
    reply: html('<script>location.href = "/again?" + Math.random()</script>'),
    outcome: ['ok', 'redirectLoop', 'timeout'],
    reached: 'navigations',
  },
  {
    what: 'a flood of requests',
    path: '/flood',
    reply: html('<script>for (let i = 0; i < 1000; i++) fetch("/x?" + i)</script>'),
    limits: { requests: 200 },
    outcome: 'ok',
    reached: 'requests',
  },
  {
    what: 'a flood of messages',
    path: '/console',
    reply: html('<script>for (let i = 0; i < 50000; i++) console.log("x" + i)</script>'),
    outcome: 'ok',
    reached: 'console',
  },
  {
    what: 'a page without end',
    path: '/endless',
    reply: { headers: { 'content-type': 'text/html' }, chunks: endless },
    limits: { bytesDown: MB, bodyBytes: MB },
    outcome: ['ok', 'tooLarge', 'timeout'],
  },
  {
    what: 'a file without end',
    path: '/file',
    reply: {
      headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' },
      chunks: endless,
      chunkDelayMs: 20, // the browser says only now and then how much has come
    },
    limits: { downloadBytes: 2 * MB },
    outcome: 'notAPage',
    reached: 'downloadBytes',
  },
  {
    what: 'a server that never answers',
    path: '/silent',
    reply: { fault: 'hang' },
    limits: { loadMs: SOON_MS },
    outcome: 'timeout',
    reached: 'loadMs',
  },
  {
    what: 'memory without end',
    path: '/memory',
    reply: html(
      '<img src="/silent"><script>const all = []; setInterval(() => all.push(new Uint8Array(30e6).fill(1)), 10)</script>',
    ),
    outcome: 'crashed',
    reached: 'rendererBytes',
  },
  {
    what: 'a document 20,000 elements deep',
    path: '/deep',
    reply: html(`<div>`.repeat(20_000)),
    outcome: 'ok',
  },
  {
    what: 'a redirect to itself',
    path: '/loop',
    reply: { status: 302, headers: { location: '/loop' } },
    outcome: 'redirectLoop',
  },
];

const SITES: Site[] = [
  { host: 'hostile.example', routes: Object.fromEntries(PAGES.map(({ path, reply }) => [path, reply])) },
  {
    host: 'good.example',
    routes: {
      '/': html('<script src="/s.js"></script><p>good</p>'),
      '/s.js': { body: 'document.title = "good"', headers: { 'content-type': 'text/javascript' } },
    },
  },
  { host: 'inward.example', routes: {}, addresses: ['10.0.0.7'] },
  { host: 'expired.example', certificate: 'expired', routes: { '/': html('<p>shown') } },
  { host: 'broken.example', routes: { '/': { status: 503, ...html('<p>sorry') } } },
];

/** How fast a page comes depends on how busy the machine is: where time is not what ends a visit there is plenty of it. */
const PATIENT: Partial<CaptureLimits> = { totalMs: 180_000, loadMs: 60_000 };
const LIMITS: Partial<CaptureLimits> = {
  ...PATIENT,
  settleMs: 3_000,
  navigations: 5,
  rendererBytes: 400 * MB,
};

let testnet: Testnet;
let users: VirtualUsers;
const skip = findBrowser() === undefined && 'there is no Chromium or Chrome on this machine';

before(async () => {
  if (skip !== false) return;
  testnet = await openTestnet({ sites: SITES });
  users = await openVirtualUsers({ network: testnet.network, limits: LIMITS });
});
after(async () => {
  await users?.[Symbol.asyncDispose]();
  await testnet?.[Symbol.asyncDispose]();
});

async function captureOf(url: string, limits: Partial<CaptureLimits> = {}): Promise<Capture> {
  await using source = await users.visit({ url, limits: { ...LIMITS, ...limits } });
  return source.capture;
}

for (const { what, path, limits, outcome, reached } of PAGES) {
  test(`${what} ends within its limits, and a good page beside it is captured`, { skip }, async () => {
    const [hostile, good] = await Promise.all([
      captureOf(`https://hostile.example${path}`, limits),
      captureOf('https://good.example/', { settleMs: 60_000 }),
    ]);
    const names = hostile.limits.map(({ limit }) => limit).join(' ');
    assert.ok([outcome].flat().includes(hostile.outcome.kind), `${JSON.stringify(hostile.outcome)} ${names}`);
    if (reached !== undefined)
      assert.ok(
        hostile.limits.some(({ limit }) => limit === reached),
        names,
      );
    assert.ok(hostile.exchanges.length > 0);
    const fates = good.exchanges.map(({ url, response, failure }) => [url, response?.status, failure]);
    const became = JSON.stringify([good.outcome, good.limits, fates]);
    assert.deepEqual([good.outcome.kind, good.title], ['ok', 'good'], became);
  });
}

test('what cannot be reached has an outcome of its own', { skip }, async () => {
  const outcomes = [];
  for (const url of [
    'https://nowhere.example/',
    'https://inward.example/',
    'http://127.0.0.1/',
    'http://[::1]:8080/',
    'http://localhost/',
    'https://broken.example/',
  ])
    outcomes.push([url, (await captureOf(url)).outcome.kind]);
  assert.deepEqual(outcomes, [
    ['https://nowhere.example/', 'dnsFailure'],
    ['https://inward.example/', 'refused'],
    ['http://127.0.0.1/', 'refused'],
    ['http://[::1]:8080/', 'refused'],
    ['http://localhost/', 'refused'],
    ['https://broken.example/', 'httpError'],
  ]);
});

test('a certificate that nobody trusts is on record, and the page is seen', { skip }, async () => {
  const { outcome, exchanges } = await captureOf('https://expired.example/');
  assert.equal(outcome.kind, 'ok');
  assert.match(exchanges[0]?.tls?.distrust ?? '', /expired/i);
});

test('addresses that no page has are turned down', { skip }, async () => {
  for (const url of ['', 'ftp://host.example/', 'javascript:alert(1)', 'file:///etc/passwd'])
    await assert.rejects(users.visit({ url }), { code: 'url-invalid' });
  await assert.rejects(users.visit({ url: 'https://good.example/', persona: 'nobody' }), {
    code: 'persona-unknown',
  });
});

/** Resolves when the server has sent the page whole, and the browser has had a moment to begin with it. */
async function isSent(url: string): Promise<void> {
  const has = (): boolean => testnet.log.some((exchange) => exchange.url === url && exchange.isComplete);
  for (let tries = 0; tries < 3_000 && !has(); tries++) await sleep(50);
  assert.ok(has(), `nobody asked for ${url}`);
  await sleep(500);
}

test('a visit that is stopped keeps what there was', { skip }, async () => {
  const stop = new AbortController();
  testnet.clearLog();
  const capture = users.visit({ url: 'https://hostile.example/spin', signal: stop.signal });
  await isSent('https://hostile.example/spin');
  stop.abort();
  await using source = await capture;
  assert.equal(source.capture.outcome.kind, 'aborted');
  assert.ok(source.capture.exchanges.length > 0);
});

test('a browser that is killed costs one capture its page, and the next one works', { skip }, async () => {
  testnet.clearLog();
  const visit = captureOf('https://hostile.example/spin');
  await isSent('https://hostile.example/spin');
  for (const { pid } of browsers()) process.kill(pid, 'SIGKILL');
  const { outcome, exchanges } = await visit;
  assert.equal(outcome.kind, 'crashed');
  assert.ok(exchanges.length > 0);
  assert.equal((await captureOf('https://good.example/')).outcome.kind, 'ok');
});

test(
  'the browser runs as an ordinary user without capabilities, and nothing of it is left behind',
  { skip },
  async () => {
    const own = await openVirtualUsers({ network: testnet.network });
    const before = new Set(browsers().map(({ pid }) => pid));
    await (await own.visit({ url: 'https://good.example/' }))[Symbol.asyncDispose]();
    const family = browsers()
      .filter(({ pid }) => !before.has(pid))
      .flatMap(({ pid }) => processTree(pid));
    assert.ok(family.length > 3);
    const status = readFileSync(`/proc/${family[0]!.pid}/status`, 'utf8');
    assert.doesNotMatch(status, /^Uid:\s+0\s/m);
    assert.match(status, /^CapEff:\s+0+$/m);
    await own[Symbol.asyncDispose]();
    assert.deepEqual(family.filter(isAlive), []);
  },
);

/** First processes of the browsers that this one has started. */
function browsers(): ProcessInfo[] {
  return processTree(process.pid).filter(({ pid, parent }) => parent === process.pid && isBrowser(pid));
}

function isBrowser(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--remote-debugging-pipe');
  } catch {
    return false; // it has just ended
  }
}
