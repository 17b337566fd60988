import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapePage, openCanary, openTestnet } from '#testnet';
import { findBrowser } from './process/find-browser.ts';
import { openVirtualUsers } from './virtual-users.ts';

const skip = findBrowser() === undefined && 'there is no Chromium or Chrome on this machine';

test('no way around the egress guard reaches this machine or a private address', { skip }, async () => {
  await using canary = await openCanary();
  const escape = escapePage({ canaryTcpPort: canary.tcpPort, canaryUdpPort: canary.udpPort });
  await using testnet = await openTestnet({ sites: escape.sites });
  await using users = await openVirtualUsers({ network: testnet.network, parallel: 3 });
  const captures = await Promise.all(
    escape.urls.map(async (url) => {
      await using source = await users.visit({
        url,
        interact: false,
        limits: { totalMs: 60_000 },
      });
      return source.capture;
    }),
  );
  assert.deepEqual(canary.hits, []);
  const inward = testnet.dialled.filter(({ address }) => !address.startsWith('45.'));
  assert.deepEqual(inward, [], 'only public addresses are dialled');
  const ran = captures.filter(({ outcome, exchanges }) => outcome.kind === 'ok' && exchanges.length > 0);
  assert.ok(ran.length >= 3, 'the pages themselves were seen');
  const reasons = new Set(
    captures.flatMap(({ denied }) => denied.map(({ reason }) => reason.replace(/ (?:address|port) .*$/, ''))),
  );
  for (const kind of ['loopback', 'private', 'cloud metadata', 'name of the local network']) {
    assert.ok(
      [...reasons].some((reason) => reason.includes(kind)),
      `${kind} among ${[...reasons].join(', ')}`,
    );
  }
});

test('the canary notices a browser without a guard', { skip }, async () => {
  // What the first test asserts would be worthless if the page could not reach the canary at all.
  await using canary = await openCanary();
  const response = await fetch(`http://127.0.0.1:${canary.tcpPort}/direct`);
  assert.equal(await response.text(), 'escaped');
  assert.equal(canary.hits.length, 1);
});
