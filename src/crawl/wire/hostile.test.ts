import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import type { SpooledStream } from '../egress/spool.ts';
import type { TunnelRecord } from '../egress/tunnel.ts';
import { decodeTunnels } from './decoder.ts';
import { decodeWire } from './index.ts';
import { LimitLog } from './limit-log.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
import { openWireFixture, readToEnd, seededRandom } from './wire-fixture.ts';

const HOST = 'hostile.example';

function streamOf(bytes: Uint8Array): SpooledStream {
  const arrivals = { ends: Float64Array.of(bytes.length), times: Float64Array.of(1_000) };
  return { bytes, sizeBytes: bytes.length, arrivals };
}

function tunnelOf(up: Uint8Array, down: Uint8Array, id = 0): TunnelRecord {
  return {
    id,
    host: HOST,
    port: 80,
    address: '93.184.216.34',
    openedAt: 1_000,
    connectMs: 1,
    closedAt: 2_000,
    ending: 'remote',
    isDownEnded: true,
    up: streamOf(up),
    down: streamOf(down),
  };
}

function scratch(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'adit-hostile-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const bytesOf = ({ bytes }: SpooledStream): Buffer =>
  bytes instanceof Uint8Array ? Buffer.from(bytes) : readFileSync(bytes.path);

type Conversation = readonly [up: Buffer, down: Buffer];

/** Real conversations to start from, as the guard recorded them. */
async function conversations(t: TestContext): Promise<Conversation[]> {
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'X-A': 'b' }).write('chunk one'));
    request.on('end', () => response.end('chunk two'));
  });
  const webSockets = new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } });
  webSockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  const first = await openWireFixture(t, server);
  const raw = await first.connect(HOST, 80);
  raw.end(
    `POST /a HTTP/1.1\r\nHost: ${HOST}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
  );
  await readToEnd(raw);
  const socket = await first.connect(HOST, 80);
  const client = new WebSocket(`ws://${HOST}/`, { createConnection: () => socket });
  await once(client, 'open');
  client.send('hello hello hello');
  await once(client, 'message');
  client.close();
  await once(client, 'close');
  webSockets.close();

  const plainHttp2 = http2.createServer();
  plainHttp2.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'x-a': 'b'.repeat(100) }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-t': '1' }));
    stream.end('body');
  });
  const second = await openWireFixture(t, plainHttp2);
  const http2Socket = await second.connect(HOST, 80);
  const session = http2.connect(`http://${HOST}`, { createConnection: () => http2Socket });
  for (const path of ['/1', '/2', '/3']) await readToEnd(session.request({ ':path': path }));
  session.close();
  await once(session, 'close');
  const tunnels = [...(await first.guard.seal()), ...(await second.guard.seal())];
  return tunnels.map(({ up, down }) => [bytesOf(up), bytesOf(down)]);
}

test('mutated, cut and crossed conversations never throw and stay within the limits', async (t) => {
  const seeds = await conversations(t);
  assert.equal(seeds.length, 3);
  const limits: WireLimits = {
    ...DEFAULT_WIRE_LIMITS,
    maxExchanges: 5,
    maxBodyBytes: 50,
    maxHeaders: 8,
    maxHeaderBytes: 400,
    maxMessageBytes: 10,
  };
  const spoolDir = scratch(t);
  const random = seededRandom(17);
  const mutate = (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    for (let count = random(8); count > 0; count--)
      copy[random(copy.length)] = random(3) === 0 ? random(256) : [0, 10, 13, 32, 255][random(5)]!;
    const cut = random(3) === 0 ? copy.subarray(0, random(copy.length)) : copy;
    if (random(5) > 0) return cut;
    const at = random(cut.length + 1);
    return Buffer.concat([cut.subarray(0, at), copy.subarray(random(copy.length)), cut.subarray(at)]);
  };
  let exchanges = 0;
  for (let round = 0; round < 4_000; round++) {
    const up = mutate(seeds[random(3)]![0]);
    const down = mutate(seeds[random(3)]![1]);
    const tunnel = random(20) === 0 ? tunnelOf(down, up) : tunnelOf(up, down);
    const log = new LimitLog(limits);
    for (const decoded of decodeTunnels({ tunnels: [tunnel], spoolDir, prefix: `${round}`, limits }, log)) {
      exchanges += decoded.exchanges.length;
      assert.ok(decoded.exchanges.length <= limits.maxExchanges);
      for (const { url, request, response } of decoded.exchanges) {
        assert.ok(URL.canParse(url), url);
        assert.ok(request.headers.length <= limits.maxHeaders);
        assert.ok((response?.headers.length ?? 0) <= limits.maxHeaders);
        assert.ok((response?.received?.length ?? 0) <= limits.maxBodyBytes);
        assert.equal(
          response?.body === undefined,
          response?.bodyAbsence !== undefined || response === undefined,
        );
      }
    }
  }
  // The mutations must leave something to parse.
  assert.ok(exchanges > 2_000, `${exchanges}`);
});

test('random bytes are no conversation', (t) => {
  const random = seededRandom(23);
  const spoolDir = scratch(t);
  const starts = ['', '\x16\x03\x01', 'GET / HTTP/1.1\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'].map((text) =>
    Buffer.from(text, 'latin1'),
  );
  for (let round = 0; round < 2_000; round++) {
    const noise = (): Buffer => Buffer.from(Array.from({ length: random(300) }, () => random(256)));
    const tunnel = tunnelOf(Buffer.concat([starts[random(4)]!, noise()]), noise());
    const job = { tunnels: [tunnel], spoolDir, prefix: 'noise', limits: DEFAULT_WIRE_LIMITS };
    assert.equal([...decodeTunnels(job, new LimitLog(DEFAULT_WIRE_LIMITS))].length, 1);
  }
});

const GET = Buffer.from(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
const OK = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

test('a tunnel that the decoder fails at costs only itself', async (t) => {
  const spoolDir = scratch(t);
  const lost: SpooledStream = {
    ...streamOf(OK),
    bytes: { path: join(spoolDir, 'absent'), offset: 0, length: 40 },
  };
  const tunnels = [tunnelOf(GET, OK, 0), { ...tunnelOf(GET, OK, 1), down: lost }, tunnelOf(GET, OK, 2)];
  const record = await decodeWire({ tunnels, spoolDir });
  assert.deepEqual(
    record.exchanges.map(({ tunnel }) => tunnel),
    [0, 2],
  );
  assert.equal(record.undecrypted.length, 1);
  assert.match(record.undecrypted[0]?.reason ?? '', /ENOENT/);
  const [limit] = record.limits;
  assert.deepEqual([limit?.limit, limit?.allowed], ['decoderFailures', 0]);
  assert.match(limit?.detail ?? '', /ENOENT/);
});

test('a decoder that memory runs out for ends alone, and that is a limit', async (t) => {
  // Each exchange takes a few kilobytes of heap, and as many are allowed as would take hundreds of megabytes.
  const pipelined = (message: Buffer): Buffer => Buffer.concat(Array<Buffer>(20_000).fill(message));
  const headers = Array.from({ length: 60 }, (_, index) => `A${index}: ${index}\r\n`).join('');
  const down = Buffer.from(`HTTP/1.1 204 No Content\r\n${headers}\r\n`);
  const tunnels = [tunnelOf(GET, OK, 0), tunnelOf(pipelined(GET), pipelined(down), 1), tunnelOf(GET, OK, 2)];
  const limits = { maxHeapMb: 48, maxExchanges: 100_000, maxTotalHeaderBytes: 1e9, deadlineMs: 600_000 };
  const record = await decodeWire({ tunnels, spoolDir: scratch(t), limits });
  assert.deepEqual(
    record.exchanges.map(({ tunnel }) => tunnel),
    [0, 2],
  );
  assert.deepEqual(
    record.undecrypted.map(({ tunnel, reason }) => [tunnel, reason]),
    [[1, 'decoder ran out of memory']],
  );
  assert.deepEqual(
    record.limits.map(({ limit, allowed }) => [limit, allowed]),
    [['maxHeapMb', 48]],
  );
});

test('a decoder that fails again and again is given up', async (t) => {
  const spoolDir = scratch(t);
  const lost: SpooledStream = {
    ...streamOf(OK),
    bytes: { path: join(spoolDir, 'absent'), offset: 0, length: 40 },
  };
  const tunnels = Array.from({ length: 12 }, (_, id) => ({
    ...tunnelOf(GET, OK, id),
    ...(id < 9 ? { down: lost } : {}),
  }));
  const record = await decodeWire({ tunnels, spoolDir });
  assert.deepEqual([record.exchanges.length, record.undecrypted.length], [0, 12]);
});

test('headers of a whole capture are held to a limit', (t) => {
  const down = Buffer.from(`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(900)}\r\nContent-Length: 2\r\n\r\nok`);
  const tunnels = Array.from({ length: 10 }, (_, id) => tunnelOf(GET, down, id));
  const limits = { ...DEFAULT_WIRE_LIMITS, maxTotalHeaderBytes: 5_000 };
  const log = new LimitLog(limits);
  const decoded = [...decodeTunnels({ tunnels, spoolDir: scratch(t), prefix: 'headers', limits }, log)];
  const counts = decoded.map(({ exchanges }) => exchanges[0]?.response?.headers.length);
  assert.deepEqual(counts, [2, 2, 2, 2, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(
    log.reached.map(({ limit }) => limit),
    ['maxTotalHeaderBytes'],
  );
});

test('a decoder that takes too long is stopped, and that is a limit', async (t) => {
  const record = await decodeWire({
    tunnels: [tunnelOf(GET, OK)],
    spoolDir: scratch(t),
    limits: { deadlineMs: 0 },
  });
  assert.deepEqual(
    record.undecrypted.map(({ reason }) => reason),
    ['decoding took too long'],
  );
  assert.deepEqual(
    record.limits.map(({ limit }) => limit),
    ['deadlineMs'],
  );
});

test('decoding can be given up', async (t) => {
  const reason = new Error('given up');
  const signal = AbortSignal.abort(reason);
  await assert.rejects(decodeWire({ tunnels: [tunnelOf(GET, OK)], spoolDir: scratch(t), signal }), reason);
});

test('many captures are decoded at the same time', async (t) => {
  const spoolDir = scratch(t);
  const records = await Promise.all(
    Array.from({ length: 6 }, () => decodeWire({ tunnels: [tunnelOf(GET, OK)], spoolDir })),
  );
  assert.deepEqual(
    records.map(({ exchanges }) => exchanges[0]?.response?.status),
    Array(6).fill(200),
  );
});
