import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer, type PerMessageDeflateOptions } from 'ws';
import type { WireLimits, WireRecord } from '../index.ts';
import { only, openWireFixture, serverIdentity } from '../wire-fixture.ts';

const HOST = 'chat.example';

interface Chat {
  readonly isTls?: boolean;
  readonly deflate?: boolean | PerMessageDeflateOptions;
  readonly say: readonly (string | Buffer)[];
  readonly limits?: Partial<WireLimits>;
}

/** Says things to a server that says them back, closes, and decodes the conversation. */
async function chat(
  t: TestContext,
  { isTls = false, deflate = false, say, limits }: Chat,
): Promise<WireRecord> {
  const server = isTls ? https.createServer(serverIdentity(HOST)) : http.createServer();
  const webSocketServer = new WebSocketServer({ server, perMessageDeflate: deflate });
  webSocketServer.on('connection', (socket) => {
    socket.send('welcome');
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const fixture = await openWireFixture(t, server);
  const raw = isTls ? await fixture.connectTls(HOST) : await fixture.connect(HOST, 80);
  const client = new WebSocket(`${isTls ? 'wss' : 'ws'}://${HOST}/room`, {
    createConnection: () => raw,
    perMessageDeflate: deflate,
  });
  let heard = 0;
  client.on('message', () => heard++);
  await once(client, 'open');
  for (const message of say) client.send(message);
  while (heard < say.length + 1) await once(client, 'message');
  client.close(1000, 'bye');
  await once(client, 'close');
  webSocketServer.close();
  return await fixture.decode(limits);
}

const BINARY = Buffer.from([0, 1, 2, 254, 255]);
const SAID = ['hello', 'hällo wörld ✓', BINARY, 'x'.repeat(100_000), '', 'hello hello hello hello'];

for (const [what, options] of Object.entries({
  'over TLS': { isTls: true },
  plain: {},
  compressed: { deflate: { threshold: 0 } },
  'compressed without context': {
    deflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
  },
})) {
  test(`messages of a WebSocket, ${what}`, async (t) => {
    const record = await chat(t, { ...options, say: SAID });
    const exchange = only(record);
    assert.equal(exchange.isWebSocket, true);
    assert.equal(exchange.url, `${'isTls' in options ? 'wss' : 'ws'}://${HOST}/room`);
    assert.equal(exchange.response?.status, 101);
    assert.equal(exchange.response.bodyAbsence, 'noneByProtocol');
    assert.equal(exchange.isComplete, true);
    assert.deepEqual(record.undecrypted, []);
    const [webSocket] = record.webSockets;
    assert.equal(webSocket?.exchange, 0);
    assert.equal(webSocket.closeCode, 1000);
    const expected = SAID.map((data) => (Buffer.isBuffer(data) ? data.toString('base64') : data));
    const told = (isSent: boolean): unknown[] =>
      webSocket.messages.filter((message) => message.isSent === isSent).map(({ data }) => data);
    assert.deepEqual(told(true), expected);
    assert.deepEqual(told(false), ['welcome', ...expected]);
    assert.deepEqual(webSocket.messages.filter(({ isBinary }) => isBinary).length, 2);
    const times = webSocket.messages.map(({ at }) => at);
    assert.deepEqual(times, times.toSorted());
    assert.ok(webSocket.messages.every(({ isCut }) => isCut === undefined));
  });
}

test('messages beyond the limits are dropped or cut, and the limit is named', async (t) => {
  const say = ['a'.repeat(2_000), ...Array.from({ length: 30 }, (_, index) => `message ${index}`)];
  const record = await chat(t, { say, limits: { maxMessageBytes: 1_000, maxWebSocketMessages: 10 } });
  const [webSocket] = record.webSockets;
  assert.equal(webSocket?.messages.length, 10);
  const cut = webSocket.messages.find(({ isCut }) => isCut === true);
  assert.equal(cut?.data, 'a'.repeat(1_000));
  assert.deepEqual(record.limits.map(({ limit }) => limit).toSorted(), [
    'maxMessageBytes',
    'maxWebSocketMessages',
  ]);
});

test('a compressed message that unpacks beyond the limit is cut', async (t) => {
  const say = ['\0'.repeat(500_000), 'short'];
  const record = await chat(t, {
    say,
    deflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
    limits: { maxMessageBytes: 1_000 },
  });
  const sent = record.webSockets[0]?.messages.filter(({ isSent }) => isSent);
  assert.deepEqual(
    sent?.map(({ data, isCut }) => [data, isCut]),
    [
      ['', true],
      ['short', undefined],
    ],
  );
});

test('a refused handshake is an exchange like any other', async (t) => {
  const server = http.createServer((_request, response) => response.writeHead(403).end('no'));
  server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'),
  );
  const fixture = await openWireFixture(t, server);
  const raw = await fixture.connect(HOST, 80);
  const client = new WebSocket(`ws://${HOST}/room`, { createConnection: () => raw });
  await assert.rejects(once(client, 'open'));
  const record = await fixture.decode();
  const exchange = only(record);
  assert.deepEqual([exchange.isWebSocket, exchange.response?.status, record.webSockets], [true, 403, []]);
});
