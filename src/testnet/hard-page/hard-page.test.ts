import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CAUSES } from '#model';
import { findBrowser } from '../../../setup/find-browser.mjs';
import { openSocksProxy } from '../socks-fixture.ts';
import { openTestnet, type TestNetwork } from '../testnet.ts';
import { visit } from '../visit-fixture.ts';
import { hardPage, type ExpectedCause } from './index.ts';

const hard = hardPage();
const key = ({ method, url }: { method: string; url: string }): string => `${method} ${url}`;

test('each request has one row, with a known cause, to a host that exists', () => {
  const hosts = new Set(hard.sites.map(({ host }) => host));
  assert.equal(new Set(hard.expectedCauses.map(key)).size, hard.expectedCauses.length);
  for (const { url, cause, parentHost } of hard.expectedCauses) {
    assert.ok(hosts.has(new URL(url).hostname), url);
    assert.ok(cause === undefined || CAUSES.includes(cause), url);
    assert.equal(parentHost === undefined, cause === undefined, url);
    assert.ok(parentHost === undefined || hosts.has(parentHost), url);
  }
  assert.ok(hard.expectedCauses.length > 120);
});

test('every path of every site has its row, and every row is answered', async () => {
  const rows = new Set(
    hard.expectedCauses.map(({ url }) => url.replace(/\?.*$/, '').replace(/^wss?/, 'https')),
  );
  const withoutRequest = new Set(['https://www.hard.example/api/synthetic']);
  for (const { host, routes } of hard.sites) {
    for (const path of Object.keys(routes)) {
      assert.ok(
        rows.has(`https://${host}${path}`) || withoutRequest.has(`https://${host}${path}`),
        `${host}${path}`,
      );
    }
  }
  await using testnet = await openTestnet({ sites: hard.sites });
  for (const { url, method } of hard.expectedCauses.filter((row) => row.url.startsWith('http'))) {
    const { status } = await visit(testnet, url, {
      method,
      protocol: url.startsWith('https') ? 'h2' : 'http/1.1',
    });
    const isMeantToFail = /missing\.png|favicon\.ico|api\/failing/.test(url);
    assert.equal(status >= 400, isMeantToFail, `${status} ${url}`);
  }
});

const browser = findBrowser('headless');

/** What a visit to the address makes a browser ask for by itself. */
function required(startUrl: string): string[] {
  const isMoving = ({ url, parentHost }: ExpectedCause): boolean => /moving/.test(parentHost ?? url);
  return hard.expectedCauses
    .filter((row) => row.when === 'load' && !row.isOptional)
    .filter((row) => isMoving(row) === (startUrl === hard.movingUrl))
    .map(key);
}

test(
  'a browser asks for exactly what is expected',
  { skip: browser === undefined && 'no browser is installed' },
  async () => {
    await using testnet = await openTestnet({ sites: hard.sites });
    const expected = new Map(hard.expectedCauses.map((row) => [key(row), row]));
    for (const startUrl of [hard.startUrl, hard.movingUrl]) {
      const missing = () => {
        const seen = new Set(testnet.log.map(key));
        return required(startUrl).filter((each) => !seen.has(each));
      };
      await using _visitor = await openBrowser(browser!, testnet.network, startUrl);
      for (let turn = 0; turn < 6_000 && missing().length > 0; turn++) await pause(100);
      assert.deepEqual(missing(), []);
    }
    assert.deepEqual(
      testnet.log.map(key).filter((each) => !expected.has(each)),
      [],
    );
  },
);

/** A browser that opens the address and is left alone; closed with all its processes. */
async function openBrowser(path: string, network: TestNetwork, url: string): Promise<AsyncDisposable> {
  const proxy = await openSocksProxy(network);
  const profile = await mkdtemp(join(tmpdir(), 'adit-hard-page-'));
  const isRoot = process.getuid?.() === 0; // browsers keep their sandbox only as an ordinary user
  if (isRoot) await chown(profile, NOBODY, NOBODY);
  const child = spawn(
    path,
    [
      '--headless=new',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      `--proxy-server=socks5://127.0.0.1:${proxy.port}`,
      `--ignore-certificate-errors-spki-list=${network.trustedRoots[0]!.spkiSha256Base64}`,
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--no-first-run',
      url,
    ],
    {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: profile },
      ...(isRoot && { uid: NOBODY, gid: NOBODY }),
    },
  );
  const ended = new Promise((done) => child.once('exit', done));
  return {
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await ended;
      await proxy[Symbol.asyncDispose]();
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

const NOBODY = 65_534;
