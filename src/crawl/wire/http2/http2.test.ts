import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sha256 } from '#model';
import { only, openWireFixture, readToEnd, serverIdentity, textOf } from '../wire-fixture.ts';

const HOST = 'shop.example';

function createServer(
  onStream: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
): http2.Http2SecureServer {
  const server = http2.createSecureServer({
    ...serverIdentity(HOST),
    settings: { enableConnectProtocol: true },
  });
  server.on('sessionError', () => {});
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    onStream(stream, headers);
  });
  return server;
}

test('interleaved streams, repeated headers, trailers, hints, pushes and padding', async (t) => {
  const server = http2.createSecureServer({
    ...serverIdentity(HOST),
    paddingStrategy: http2.constants.PADDING_STRATEGY_MAX,
  });
  server.on('stream', (stream, headers) => {
    const path = headers[':path'];
    stream.additionalHeaders({ ':status': 103, link: '</style.css>; rel=preload' });
    if (path === '/0')
      stream.pushStream({ ':path': '/pushed' }, (_error, pushed) => {
        pushed.respond({ ':status': 200 });
        pushed.end('pushed');
      });
    stream.respond(
      {
        ':status': 200,
        'content-encoding': 'gzip',
        'set-cookie': ['a=1', 'b=2'],
        'x-long': 'v'.repeat(5_000),
      },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-check': `after ${path}` }));
    stream.write(gzipSync(`body of ${path}`));
    setTimeout(() => stream.end(), 5);
  });
  const fixture = await openWireFixture(t, server);
  const session = await fixture.connectHttp2(HOST, {});
  session.on('stream', (pushed) => pushed.resume());
  const streams = Array.from({ length: 20 }, (_, index) =>
    session.request({ ':path': `/${index}`, cookie: ['x=1', 'y=2'].join('; '), 'accept-language': 'de' }),
  );
  await Promise.all(streams.map(readToEnd));
  session.close();
  await once(session, 'close');
  const { exchanges, undecrypted } = await fixture.decode();
  assert.deepEqual(undecrypted, []);
  assert.deepEqual(
    exchanges.map(({ url }) => url),
    Array.from({ length: 20 }, (_, index) => `https://${HOST}/${index}`),
  );
  for (const [index, { request, response, isComplete, stream }] of exchanges.entries()) {
    assert.equal(isComplete, true);
    assert.equal(stream, 1 + 2 * index);
    assert.equal(response?.status, 200);
    assert.equal(response.statusText, '');
    assert.deepEqual(request.pseudo?.map(([name]) => name).toSorted(), [
      ':authority',
      ':method',
      ':path',
      ':scheme',
    ]);
    assert.ok(request.headers.every(([name]) => !name.startsWith(':')));
    assert.deepEqual(
      response.headers.filter(([name]) => name === 'set-cookie'),
      [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    );
    assert.equal(response.headers.find(([name]) => name === 'x-long')?.[1].length, 5_000);
    assert.deepEqual(response.trailers, [['x-check', `after /${index}`]]);
    assert.equal(response.body?.sha256, sha256(`body of /${index}`));
    assert.equal(textOf(response.received), gzipSync(`body of /${index}`).toString('latin1'));
  }
  // Names and addresses are looked up once a connection.
  assert.deepEqual(
    exchanges.map(({ timings }) => timings.connectMs !== undefined),
    [true, ...Array<boolean>(19).fill(false)],
  );
});

test('headers larger than a frame go on in CONTINUATION', async (t) => {
  const big = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [`x-big-${index}`, `${index}-`.repeat(500)]),
  );
  const server = createServer((stream) => {
    stream.respond({ ':status': 200, ...big });
    stream.end('ok');
  });
  const fixture = await openWireFixture(t, server);
  const session = await fixture.connectHttp2(HOST);
  const stream = session.request({ ':path': '/', ...big });
  await readToEnd(stream);
  session.close();
  await once(session, 'close');
  const exchange = only(await fixture.decode());
  for (const [name, value] of Object.entries(big)) {
    assert.equal(exchange.request.headers.find(([key]) => key === name)?.[1], value);
    assert.equal(exchange.response?.headers.find(([key]) => key === name)?.[1], value);
  }
});

test('bodies by protocol and by accident: HEAD, 204, 304, empty, cut by either side', async (t) => {
  const server = createServer((stream, headers) => {
    const path = headers[':path'];
    if (path === '/204' || path === '/304')
      return stream.respond({ ':status': Number(path.slice(1)) }, { endStream: true });
    stream.respond({ ':status': 200 });
    if (path === '/empty' || headers[':method'] === 'HEAD') return void stream.end();
    stream.write('part');
    if (path === '/reset') setTimeout(() => stream.destroy(new Error('broken')), 20);
  });
  const fixture = await openWireFixture(t, server);
  const session = await fixture.connectHttp2(HOST);
  for (const [path, method] of [
    ['/', 'HEAD'],
    ['/204', 'GET'],
    ['/304', 'GET'],
    ['/empty', 'GET'],
  ] as const)
    await readToEnd(session.request({ ':path': path, ':method': method }));
  const reset = session.request({ ':path': '/reset' });
  reset.on('error', () => {}).resume();
  await new Promise((resolve) => reset.once('close', resolve));
  const cancelled = session.request({ ':path': '/cancelled' });
  cancelled.on('error', () => {});
  await once(cancelled, 'data');
  cancelled.close(http2.constants.NGHTTP2_CANCEL);
  await once(cancelled, 'close');
  const open = session.request({ ':path': '/open' });
  open.on('error', () => {});
  await once(open, 'data');
  const { exchanges } = await fixture.decode();
  assert.deepEqual(
    exchanges.map(({ url, isComplete, response, failure }) => [
      new URL(url).pathname,
      isComplete,
      response?.bodyAbsence,
      textOf(response?.received),
      response?.body?.truncated,
      failure?.kind,
      failure?.reason,
    ]),
    [
      ['/', true, 'noneByProtocol', '', undefined, undefined, undefined],
      ['/204', true, 'noneByProtocol', '', undefined, undefined, undefined],
      ['/304', true, 'noneByProtocol', '', undefined, undefined, undefined],
      ['/empty', true, 'empty', '', undefined, undefined, undefined],
      ['/reset', false, undefined, 'part', 'disconnect', 'protocolFault', 'INTERNAL_ERROR'],
      ['/cancelled', false, undefined, 'part', 'disconnect', 'cancelled', 'CANCEL'],
      ['/open', false, undefined, 'part', 'time', 'cancelled', 'the capture was over'],
    ],
  );
});

test('limits on exchanges, headers and bodies are named, and the rest is kept', async (t) => {
  const server = createServer((stream, headers) => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`x-${index}`, 'v']));
    stream.respond({ ':status': 200, ...(headers[':path'] === '/headers' ? many : {}) });
    stream.end('x'.repeat(10_000));
  });
  const fixture = await openWireFixture(t, server);
  const session = await fixture.connectHttp2(HOST);
  for (const path of ['/headers', '/body', '/third']) await readToEnd(session.request({ ':path': path }));
  session.close();
  await once(session, 'close');
  const record = await fixture.decode({ maxExchanges: 2, maxHeaders: 20, maxBodyBytes: 4_000 });
  assert.deepEqual(
    record.exchanges.map(({ url }) => new URL(url).pathname),
    ['/headers', '/body'],
  );
  assert.equal(record.exchanges[0]?.response?.headers.length, 19);
  assert.deepEqual(record.exchanges[1]?.response?.body?.truncated, 'length');
  assert.equal(record.exchanges[1].response.body.sizeBytes, 4_000);
  assert.equal(record.exchanges[1].isComplete, false);
  assert.equal(record.exchanges[1].failure, undefined);
  assert.deepEqual(record.limits.map(({ limit }) => limit).toSorted(), [
    'maxBodyBytes',
    'maxExchanges',
    'maxHeaderBytes',
  ]);
});

test('a WebSocket over HTTP/2 (RFC 8441)', async (t) => {
  const frame = (opcode: number, payload: Buffer): Buffer => {
    const mask = Buffer.from([1, 2, 3, 4]);
    const masked = payload.map((byte, index) => byte ^ mask[index % 4]!);
    return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length]), mask, masked]);
  };
  const server = createServer((stream, headers) => {
    assert.equal(headers[':protocol'], 'websocket');
    stream.respond({ ':status': 200 });
    stream.write(Buffer.concat([Buffer.from([0x81, 2]), Buffer.from('hi')]));
    stream.on('data', (data: Buffer) => data[0] === 0x88 && stream.end(Buffer.from([0x88, 2, 0x03, 0xe8])));
  });
  const fixture = await openWireFixture(t, server);
  const session = await fixture.connectHttp2(HOST);
  await once(session, 'remoteSettings');
  const stream = session.request(
    {
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'https',
      ':path': '/chat',
      ':authority': HOST,
    },
    { endStream: false },
  );
  await once(stream, 'data');
  stream.write(frame(1, Buffer.from('hello')));
  stream.end(frame(8, Buffer.from([0x03, 0xe8])));
  await readToEnd(stream);
  const record = await fixture.decode();
  const exchange = only(record);
  assert.equal(exchange.isWebSocket, true);
  assert.equal(exchange.url, `wss://${HOST}/chat`);
  assert.equal(exchange.isComplete, true);
  assert.equal(exchange.response?.bodyAbsence, 'noneByProtocol');
  assert.deepEqual(
    record.webSockets.map(({ exchange, closeCode, messages }) => [
      exchange,
      closeCode,
      messages.map(({ isSent, data }) => [isSent, data]),
    ]),
    [
      [
        0,
        1000,
        [
          [false, 'hi'],
          [true, 'hello'],
        ],
      ],
    ],
  );
});
