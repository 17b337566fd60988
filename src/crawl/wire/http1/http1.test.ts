import assert from 'node:assert/strict';
import net from 'node:net';
import { test, type TestContext } from 'node:test';
import { sha256 } from '#model';
import type { EgressLimits } from '../../egress/index.ts';
import type { WireLimits, WireRecord } from '../index.ts';
import { only, openWireFixture, textOf } from '../wire-fixture.ts';

const HOST = 'plain.example';

interface Script {
  /** What the client sends at once. */
  readonly up: string;
  /** What the server sends, piece by piece, once it has heard anything. */
  readonly down: readonly string[];
  /** How the server goes on; default it closes. */
  readonly afterwards?: 'close' | 'reset' | 'wait';
  readonly limits?: Partial<WireLimits>;
  readonly egress?: Partial<EgressLimits>;
}

/** Plays a conversation through the guard and decodes it. */
async function play(
  t: TestContext,
  { up, down, afterwards = 'close', limits, egress }: Script,
): Promise<WireRecord> {
  const gone = Promise.withResolvers<void>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {}).once('close', () => gone.resolve());
    socket.once('end', () => socket.end());
    socket.once('data', async () => {
      for (const piece of down) {
        socket.write(Buffer.from(piece, 'latin1'));
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      if (afterwards === 'close') socket.end();
      if (afterwards === 'reset') socket.resetAndDestroy();
    });
    socket.on('data', () => {});
  });
  const fixture = await openWireFixture(t, server, egress === undefined ? {} : { limits: egress });
  const socket = await fixture.connect(HOST, 80);
  let awaited = down.join('').length;
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => (awaited -= chunk.length) <= 0 && resolve());
  });
  const ended = new Promise<void>((resolve) => {
    socket.once('end', () => resolve()).once('close', () => resolve());
  });
  socket.write(Buffer.from(up, 'latin1'));
  await (afterwards === 'wait' ? answered : ended);
  socket.destroy();
  await gone.promise;
  return await fixture.decode(limits);
}

const GET = `GET /a?b=c HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;

test('headers keep their order, case and repetition', async (t) => {
  const up = `POST /x HTTP/1.1\r\nHost: ${HOST}:80\r\nX-One: 1\r\nx-ONE:  2 \r\nUser-Agent: A (b; c)\r\nContent-Length: 3\r\n\r\nabc`;
  const down = [
    'HTTP/1.1 200 Very OK\r\nServer: nginx\r\nSET-cookie: a=\xe9\r\nset-Cookie: b\r\nContent-Length: 2\r\n\r\nok',
  ];
  const exchange = only(await play(t, { up, down }));
  assert.equal(exchange.url, `http://${HOST}/x`);
  assert.equal(exchange.protocol, 'http/1.1');
  assert.deepEqual(exchange.request.headers, [
    ['Host', `${HOST}:80`],
    ['X-One', '1'],
    ['x-ONE', '2'],
    ['User-Agent', 'A (b; c)'],
    ['Content-Length', '3'],
  ]);
  assert.equal(textOf(exchange.request.received), 'abc');
  assert.equal(exchange.request.body?.sha256, sha256('abc'));
  assert.deepEqual(exchange.response?.headers, [
    ['Server', 'nginx'],
    ['SET-cookie', 'a=\xe9'],
    ['set-Cookie', 'b'],
    ['Content-Length', '2'],
  ]);
  assert.equal(exchange.response.statusText, 'Very OK');
  assert.equal(textOf(exchange.response.received), 'ok');
  assert.deepEqual(exchange.remote, { address: '93.184.216.34', port: 80 });
  assert.equal(exchange.tls, undefined);
  assert.equal(exchange.isComplete, true);
});

test('pipelined requests, informational answers, every framing on one connection', async (t) => {
  const requests = [
    'GET /length',
    'GET /chunked',
    'HEAD /head',
    'GET /204',
    'GET /304',
    'GET /empty',
    'GET /close',
  ];
  const up = requests.map((line) => `${line} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`).join('');
  const chunked = '5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n';
  const down = [
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked.slice(0, 9)}`,
    `${chunked.slice(9)}HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n`,
    'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\n\r\nuntil ',
    'the end',
  ];
  const { exchanges, undecrypted } = await play(t, { up, down });
  assert.deepEqual(undecrypted, []);
  assert.deepEqual(
    exchanges.map(({ method, url, response, isComplete }) => [
      `${method} ${new URL(url).pathname}`,
      textOf(response?.received),
      response?.bodyAbsence,
      isComplete,
    ]),
    [
      ['GET /length', 'four', undefined, true],
      ['GET /chunked', chunked, undefined, true],
      ['HEAD /head', '', 'noneByProtocol', true],
      ['GET /204', '', 'noneByProtocol', true],
      ['GET /304', '', 'noneByProtocol', true],
      ['GET /empty', '', 'empty', true],
      ['GET /close', 'until the end', undefined, true],
    ],
  );
  assert.equal(exchanges[1]?.response?.body?.sha256, sha256('hello world'));
  assert.ok((exchanges[0]?.timings.waitMs ?? -1) >= 0);
  assert.ok((exchanges[6]?.timings.receiveMs ?? 0) > 0);
});

test('an empty chunked body is received, and empty', async (t) => {
  const exchange = only(
    await play(t, { up: GET, down: ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'] }),
  );
  assert.equal(textOf(exchange.response?.received), '0\r\n\r\n');
  assert.equal(exchange.response?.bodyAbsence, 'empty');
  assert.equal(exchange.response.body, undefined);
});

test('sloppy servers are read as browsers read them', async (t) => {
  const answers: Readonly<
    Record<string, readonly [head: string, headers: readonly (readonly [string, string])[], body: string]>
  > = {
    'bare line feeds': ['HTTP/1.1 200 OK\nA: b\n\nx', [['A', 'b']], 'x'],
    'no reason phrase': ['HTTP/1.1 200\r\n\r\nx', [], 'x'],
    'empty lines before': ['\r\n\r\nHTTP/1.0 200 OK\r\n\r\nx', [], 'x'],
    'folded header': ['HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n\r\nx', [['A', 'b c']], 'x'],
    'space before the colon': ['HTTP/1.1 200 OK\r\nA : b\r\n\r\nx', [['A', 'b']], 'x'],
    'a line that is no header': ['HTTP/1.1 200 OK\r\nnonsense\r\nA: b\r\n\r\nx', [['A', 'b']], 'x'],
    'a length that is none': [
      'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx',
      [['Content-Length', '-5']],
      'x',
    ],
  };
  for (const [what, [down, headers, body]] of Object.entries(answers)) {
    const exchange = only(await play(t, { up: GET, down: [down] }));
    assert.deepEqual(exchange.response?.headers, headers, what);
    assert.equal(textOf(exchange.response.received), body, what);
    assert.equal(exchange.isComplete, true, what);
  }
});

test('what is cut short is kept and marked with its cause', async (t) => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf';
  const chunk = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf';
  const untilClose = 'HTTP/1.1 200 OK\r\n\r\nhalf';
  const cases: readonly (readonly [Partial<Script>, string | undefined, string])[] = [
    [{ down: [half], afterwards: 'close' }, 'disconnect', 'connectionFailure: closed by the server'],
    [{ down: [half], afterwards: 'reset' }, 'disconnect', 'connectionFailure: ECONNRESET'],
    [{ down: [half], afterwards: 'wait' }, 'disconnect', 'cancelled: closed by the client'],
    [{ down: [untilClose], afterwards: 'wait' }, 'disconnect', 'cancelled: closed by the client'],
    [{ down: [untilClose], afterwards: 'reset' }, 'disconnect', 'connectionFailure: ECONNRESET'],
    [{ down: [chunk] }, 'disconnect', 'connectionFailure: closed by the server'],
    [{ down: [`${chunk}zz`.replace('64', 'zz')] }, 'disconnect', 'protocolFault: malformed chunks'],
    [{ down: [''] }, undefined, 'connectionFailure: closed by the server'],
    [{ down: ['HTTP/1.1 200 OK\r\nA:'] }, undefined, 'connectionFailure: closed by the server'],
    [{ down: ['garbage\r\n\r\n'] }, undefined, 'protocolFault: no status line'],
    [
      { down: [half, 'x'.repeat(5_000)], afterwards: 'reset', egress: { maxBytesPerConnection: 1_000 } },
      'length',
      'tooLarge: limit of the connection',
    ],
  ];
  for (const [script, truncated, failure] of cases) {
    const exchange = only(await play(t, { up: GET, down: [], ...script }));
    const what = JSON.stringify(script);
    assert.equal(exchange.isComplete, false, what);
    assert.equal(exchange.response?.body?.truncated, truncated, what);
    assert.equal(`${exchange.failure?.kind}: ${exchange.failure?.reason}`, failure, what);
  }
});

test('headers beyond the limit end the reading of the connection, and are named', async (t) => {
  const down = [`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(3_000)}\r\n\r\nbody`];
  const record = await play(t, { up: GET, down, limits: { maxHeaderBytes: 1_000 } });
  assert.equal(only(record).response, undefined);
  assert.deepEqual(
    record.limits.map(({ limit }) => limit),
    ['maxHeaderBytes'],
  );
  assert.equal(record.undecrypted[0]?.reason, 'response head too large');
});

test('a connection that speaks something else is named', async (t) => {
  const record = await play(t, { up: '\x01\x02\x03 hello', down: ['\xff\xfe'] });
  assert.deepEqual(record.exchanges, []);
  assert.deepEqual(record.undecrypted, [{ tunnel: 0, host: HOST, port: 80, reason: 'not HTTP' }]);
});

test('addresses come from the Host header, or else from the tunnel', async (t) => {
  const urls: Readonly<Record<string, string>> = {
    'GET / HTTP/1.1\r\nHost: OTHER.example:8080\r\n\r\n': 'http://other.example:8080/',
    'GET /x HTTP/1.0\r\n\r\n': `http://${HOST}/x`,
    'GET / HTTP/1.1\r\nHost: a b<>\r\n\r\n': `http://${HOST}/`,
    'GET http://abs.example/y HTTP/1.1\r\nHost: z\r\n\r\n': 'http://abs.example/y',
    'OPTIONS * HTTP/1.1\r\nHost: z.example\r\n\r\n': 'http://z.example/',
    'GET /%7Ba%7D?q={x}|"y" HTTP/1.1\r\nHost: z.example\r\n\r\n': 'http://z.example/%7Ba%7D?q={x}|"y"',
  };
  for (const [up, url] of Object.entries(urls))
    assert.equal(only(await play(t, { up, down: ['HTTP/1.1 200 OK\r\n\r\n'] })).url, url);
});

test('connections that were opened in advance and never used are nothing', async (t) => {
  const fixture = await openWireFixture(
    t,
    net.createServer(() => {}),
  );
  (await fixture.connect(HOST, 80)).destroy();
  const record = await fixture.decode();
  assert.deepEqual([record.exchanges, record.undecrypted], [[], []]);
  assert.equal(record.connections.length, 1);
});
