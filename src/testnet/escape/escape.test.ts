import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openTestnet } from '../testnet.ts';
import { visit } from '../visit-fixture.ts';
import { escapePage, openCanary } from './index.ts';

test('the canary counts what reaches it over TCP and UDP, and says how it came', async () => {
  await using canary = await openCanary();
  const socket = connect(canary.tcpPort, '127.0.0.1');
  socket.end('GET /image HTTP/1.1\r\n\r\n');
  const chunks = await socket.toArray();
  assert.match(Buffer.concat(chunks).toString(), /escaped$/);
  const udp = createSocket('udp4');
  udp.send('a packet', canary.udpPort, '127.0.0.1');
  await once(udp, 'listening');
  for (let turn = 0; turn < 6_000 && canary.hits.length < 2; turn++) await pause(10);
  udp.close();
  assert.deepEqual(
    canary.hits.map(({ transport, head }) => `${transport} ${head.split('\r')[0]}`),
    ['tcp GET /image HTTP/1.1', 'udp a packet'],
  );
});

test('the pages hold every vector, each to an address of its own, in code that parses', async () => {
  const escape = escapePage({ canaryTcpPort: 40_001, canaryUdpPort: 40_002 });
  assert.ok(escape.vectors.length >= 100);
  assert.equal(new Set(escape.vectors.map(({ name }) => name)).size, escape.vectors.length);
  assert.equal(new Set(escape.vectors.map(({ url }) => url)).size, escape.vectors.length);
  await using testnet = await openTestnet({ sites: escape.sites });
  const pages = await Promise.all(escape.urls.map((url) => visit(testnet, url)));
  const page = pages.map(({ body }) => body.toString()).join('\n');
  for (const { name, markup, code } of escape.vectors) {
    assert.ok(page.includes(markup ?? code!), name);
    assert.equal(markup === undefined, code !== undefined, name);
    if (code !== undefined) assert.doesNotThrow(() => new Function(code), name);
  }
  for (const [, code] of page.matchAll(/<script>([\s\S]*?)<\/script>/g)) {
    assert.doesNotThrow(() => new Function(code!));
  }
  for (const url of escape.urls) assert.ok((await visit(testnet, url)).status < 400, url);
});

test('names lead where no visit may go, one of them only when asked again', async () => {
  await using testnet = await openTestnet({
    sites: escapePage({ canaryTcpPort: 1, canaryUdpPort: 2 }).sites,
  });
  const addresses = async (host: string) =>
    (await testnet.network.resolve(host)).map(({ address }) => address);
  assert.deepEqual(await addresses('loopback.escape.example'), ['127.0.0.1']);
  assert.deepEqual(await addresses('metadata.google.internal'), ['169.254.169.254']);
  assert.deepEqual(await addresses('both.escape.example'), ['127.0.0.1', '45.77.0.1']);
  assert.deepEqual(await addresses('rebinding.escape.example'), ['45.77.0.2']);
  assert.deepEqual(await addresses('rebinding.escape.example'), ['127.0.0.1']);
});
