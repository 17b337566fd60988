import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { EgressError } from './egress-error.ts';
import { openEgressGuard, type EgressGuard, type EgressGuardOptions } from './guard.ts';
import { dialTcp, type Network, type ResolvedAddress } from './network.ts';
import type { TunnelRecord } from './tunnel.ts';

/** A public-looking address that the test network brings to the loopback server. */
const PUBLIC = '93.184.216.34';
const PATIENCE_MS = 60_000;

interface Fixture {
  readonly guard: EgressGuard;
  readonly spoolDir: string;
  /** Names asked, addresses dialled. */
  readonly asked: string[];
  readonly dialled: string[];
  readonly limits: string[];
}

async function listen(t: TestContext, onConnection: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    open.add(socket);
    onConnection(socket);
  });
  const open = new Set<net.Socket>();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port; // a TCP server
}

async function open(
  t: TestContext,
  serverPort: number,
  options: Partial<EgressGuardOptions> & {
    answers?: Readonly<Record<string, readonly string[] | Error>>;
  } = {},
): Promise<Fixture> {
  const spoolDir = mkdtempSync(join(tmpdir(), 'adit-guard-'));
  const fixture = { spoolDir, asked: [] as string[], dialled: [] as string[], limits: [] as string[] };
  const network: Network = {
    async resolve(host) {
      fixture.asked.push(host);
      const answer = options.answers?.[host] ?? [PUBLIC];
      if (answer instanceof Error) throw answer;
      return answer.map((address): ResolvedAddress => ({
        address,
        type: net.isIP(address) === 4 ? 'A' : 'AAAA',
      }));
    },
    dial(address, port, signal) {
      fixture.dialled.push(`${address}:${port}`);
      return dialTcp('127.0.0.1', serverPort, signal);
    },
  };
  const guard = await openEgressGuard({
    network,
    spoolDir,
    onLimit: ({ limit }) => fixture.limits.push(limit),
    ...options,
  });
  t.after(async () => {
    await guard[Symbol.asyncDispose]();
    rmSync(spoolDir, { recursive: true, force: true });
  });
  return { ...fixture, guard };
}

/** Speaks the client's side of SOCKS5; answers the reply code and the socket. */
async function socks(
  where: number,
  host: string,
  port = 80,
  early = '',
): Promise<{ code: number; socket: net.Socket }> {
  const socket = net.connect(where, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(Buffer.from([5, 1, 0]));
  await readExactly(socket, 2);
  const name = Buffer.from(host, 'latin1');
  const head = Buffer.from([5, 1, 0, 3, name.length]);
  socket.write(Buffer.concat([head, name, Buffer.from([port >> 8, port & 255]), Buffer.from(early)]));
  const reply = await readExactly(socket, 10);
  return { code: reply[1]!, socket };
}

async function readExactly(socket: net.Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = socket.read(count);
    if (bytes !== null) return bytes;
    if (socket.destroyed || socket.readableEnded) throw new Error('closed');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}

async function readAll(socket: net.Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.destroyed) await once(socket, 'close');
  return Buffer.concat(chunks);
}

function carried(record: TunnelRecord, direction: 'up' | 'down'): Buffer {
  const { bytes } = record[direction];
  return bytes instanceof Uint8Array
    ? Buffer.from(bytes)
    : readFileSync(bytes.path).subarray(bytes.offset, bytes.offset + bytes.length);
}

test('a tunnel carries both directions and is recorded with its stamps', async (t) => {
  const port = await listen(t, (socket) => {
    socket.on('data', (chunk) => socket.write(`<${chunk.toString()}>`));
    socket.on('end', () => socket.end('bye'));
  });
  const { guard, asked, dialled } = await open(t, port);
  const { code, socket } = await socks(guard.port, 'example.org', 80, 'early ');
  assert.equal(code, 0);
  socket.end('late');
  const received = (await readAll(socket)).toString();
  const [record] = await guard.seal();
  assert.ok(record !== undefined);
  assert.equal(carried(record, 'up').toString(), 'early late');
  assert.equal(carried(record, 'down').toString(), received);
  assert.match(received, /bye$/);
  assert.deepEqual(
    [record.host, record.port, record.address, record.ending],
    ['example.org', 80, PUBLIC, 'client'],
  );
  assert.equal(record.isDownEnded, true);
  assert.deepEqual([asked, dialled], [['example.org'], [`${PUBLIC}:80`]]);
  assert.equal(guard.bytesDown, received.length);
  assert.equal(guard.bytesUp, 10);
  assert.ok(record.dnsMs !== undefined && record.dnsMs >= 0);
  assert.equal(record.down.arrivals.ends.at(-1), received.length);
  assert.ok(record.down.arrivals.times.every((time) => time >= record.openedAt && time <= record.closedAt));
  assert.deepEqual(
    guard.resolutions.map(({ host, type, value }) => [host, type, value]),
    [['example.org', 'A', PUBLIC]],
  );
});

test('places that are not the public Internet are refused before anything is dialled', async (t) => {
  const port = await listen(t, () => assert.fail('a refused connection arrived'));
  const answers = {
    'loopback.example': ['127.0.0.1'],
    'mixed-private.example': ['10.0.0.1', 'fd00::1'],
    'mapped.example': ['::ffff:127.0.0.1'],
    'metadata.example': ['169.254.169.254'],
  };
  const { guard, dialled } = await open(t, port, { answers });
  const hosts = [
    '127.0.0.1',
    'localhost',
    'a.localhost',
    '::1',
    '0.0.0.0',
    '0x7f000001',
    '2130706433',
    '127.1',
  ];
  hosts.push(
    '::ffff:127.0.0.1',
    '[::1]',
    '169.254.169.254',
    'metadata.google.internal',
    '10.0.0.1',
    '192.168.1.1',
  );
  hosts.push('fd00::1', '100.100.100.200', 'router', 'no such host', '', '64:ff9b::7f00:1', '2002:7f00:1::');
  for (const host of [...hosts, ...Object.keys(answers)]) {
    const { code, socket } = await socks(guard.port, host);
    assert.equal(code, 2, host);
    socket.destroy();
  }
  const port25 = await socks(guard.port, 'example.org', 25);
  assert.equal(port25.code, 2);
  port25.socket.destroy();
  assert.deepEqual(dialled, []);
  assert.equal(guard.denied.length, hosts.length + Object.keys(answers).length + 1);
  assert.equal(
    guard.denied.find(({ host }) => host === 'mapped.example')?.reason,
    'loopback inside IPv6 address ::ffff:127.0.0.1',
  );
  assert.equal(guard.denied.at(-1)?.reason, 'port');
  assert.ok(guard.failures.every(({ kind }) => kind === 'refused'));
});

test('of a mixed answer only the public addresses are dialled', async (t) => {
  const port = await listen(t, (socket) => socket.end('x'));
  const { guard, dialled } = await open(t, port, {
    answers: { 'mixed.example': ['127.0.0.1', PUBLIC, '10.0.0.1'] },
  });
  const { code, socket } = await socks(guard.port, 'mixed.example');
  assert.equal(code, 0);
  socket.destroy();
  assert.deepEqual(dialled, [`${PUBLIC}:80`]);
});

test('a rebinding name is asked once and stays where it was', async (t) => {
  const port = await listen(t, (socket) => socket.end('x'));
  let asked = 0;
  const dialled: string[] = [];
  const network: Network = {
    resolve: async () => [{ address: asked++ === 0 ? PUBLIC : '127.0.0.1', type: 'A' }],
    dial: (address, _port, signal) => {
      dialled.push(address);
      return dialTcp('127.0.0.1', port, signal);
    },
  };
  const { guard } = await open(t, port, { network });
  for (const name of ['rebind.example', 'REBIND.example', 'rebind.example.']) {
    const { code, socket } = await socks(guard.port, name);
    assert.equal(code, 0);
    socket.destroy();
  }
  (await guard.connect('rebind.example', 443, AbortSignal.timeout(PATIENCE_MS))).destroy();
  assert.equal(asked, 1);
  assert.deepEqual(dialled, Array(4).fill(PUBLIC));
});

test('allowed networks are reached, by address and by local name, and no others', async (t) => {
  const port = await listen(t, (socket) => socket.end('x'));
  const answers = { 'wiki.internal': ['10.1.2.3'], 'other.internal': [PUBLIC] };
  const { guard } = await open(t, port, { allowNetworks: ['10.1.0.0/16'], answers });
  const codes: Record<string, number> = {};
  for (const host of [
    '10.1.2.3',
    'wiki.internal',
    'other.internal',
    '10.2.0.1',
    '127.0.0.1',
    'example.org',
  ]) {
    const { code, socket } = await socks(guard.port, host);
    codes[host] = code;
    socket.destroy();
  }
  assert.deepEqual(codes, {
    '10.1.2.3': 0,
    'wiki.internal': 0,
    'other.internal': 2,
    '10.2.0.1': 2,
    '127.0.0.1': 2,
    'example.org': 0,
  });
});

test('failures carry their reason and their reply code', async (t) => {
  const closed = await listen(t, () => {});
  const coded = (code: string): Error => Object.assign(new Error(code), { code });
  const faults: Readonly<Record<string, Error>> = {
    '93.0.0.1': coded('ECONNREFUSED'),
    '93.0.0.2': coded('ENETUNREACH'),
    '93.0.0.3': coded('EHOSTUNREACH'),
    '93.0.0.4': coded('ECONNRESET'),
  };
  const network: Network = {
    resolve: async (host) => {
      if (host === 'absent.example') throw coded('ENOTFOUND');
      if (host === 'silent.example') return await new Promise<never>(() => {});
      return [];
    },
    dial: (address, _port, signal) =>
      faults[address] === undefined
        ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : Promise.reject(faults[address]),
  };
  const limits = { resolveTimeoutMs: 50, dialTimeoutMs: 50 };
  const { guard } = await open(t, closed, { network, limits });
  const expected: readonly (readonly [string, number, string, string])[] = [
    ['93.0.0.1', 5, 'connectionFailure', 'ECONNREFUSED'],
    ['93.0.0.2', 3, 'connectionFailure', 'ENETUNREACH'],
    ['93.0.0.3', 4, 'connectionFailure', 'EHOSTUNREACH'],
    ['93.0.0.4', 1, 'connectionFailure', 'ECONNRESET'],
    ['93.0.0.5', 6, 'timeout', 'ETIMEDOUT'],
    ['absent.example', 4, 'dnsFailure', 'ENOTFOUND'],
    ['empty.example', 4, 'dnsFailure', 'ENODATA'],
    ['silent.example', 4, 'dnsFailure', 'ETIMEOUT'],
  ];
  // Keeps the process alive while only the guard's own, unreferenced timers run.
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  for (const [host, code] of expected) assert.equal((await socks(guard.port, host)).code, code, host);
  assert.deepEqual(
    guard.failures.map(({ host, kind, reason }) => [host, kind, reason]),
    expected.map(([host, , kind, reason]) => [host, kind, reason]),
  );
  assert.deepEqual(guard.denied, []);
});

test('a second address is tried when the first does not answer', async (t) => {
  const port = await listen(t, (socket) => socket.end('x'));
  const network: Network = {
    resolve: async () => [
      { address: '93.0.0.1', type: 'A' },
      { address: '93.0.0.2', type: 'A' },
    ],
    dial: (address, _port, signal) =>
      address === '93.0.0.1'
        ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
        : dialTcp('127.0.0.1', port, signal),
  };
  const { guard } = await open(t, port, { network });
  const { code, socket } = await socks(guard.port, 'two.example');
  await readAll(socket);
  assert.equal(code, 0);
  assert.equal((await guard.seal())[0]?.address, '93.0.0.2');
});

test('a large stream goes to a private file and comes back byte for byte', async (t) => {
  const body = Buffer.alloc(3_000_000, 'adit ');
  for (let at = 0; at < body.length; at += 4_099) body.writeUInt32BE(at, Math.min(at, body.length - 4));
  const port = await listen(t, (socket) => socket.end(body));
  const { guard, spoolDir } = await open(t, port, { limits: { maxSpoolMemory: 300_000 } });
  const sockets = await Promise.all([1, 2, 3].map(() => socks(guard.port, 'big.example')));
  const received = await Promise.all(sockets.map(({ socket }) => readAll(socket)));
  const records = await guard.seal();
  for (const [index, record] of records.entries()) {
    assert.ok(received[index]?.equals(body));
    assert.ok(carried(record, 'down').equals(body));
    assert.ok(!(record.down.bytes instanceof Uint8Array));
    assert.equal(statSync(record.down.bytes.path).mode & 0o777, 0o600);
    assert.equal(record.ending, 'remote');
  }
  await guard[Symbol.asyncDispose]();
  assert.deepEqual(readdirSync(spoolDir), []);
});

test('a client that does not read holds the server back instead of filling memory', async (t) => {
  let sent = 0;
  const port = await listen(t, (socket) => {
    const chunk = Buffer.alloc(64 * 1024, 1);
    const more = (): void => {
      while (sent < 512 * 1024 * 1024) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    more();
  });
  const { guard } = await open(t, port);
  const { socket } = await socks(guard.port, 'flood.example');
  socket.pause();
  let before = -1;
  while (guard.bytesDown === 0 || guard.bytesDown !== before) {
    before = guard.bytesDown;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // What the kernel's buffers and one stream buffer hold, far from what the server has to give.
  assert.ok(guard.bytesDown > 0 && guard.bytesDown < 64 * 1024 * 1024, `${guard.bytesDown}`);
  socket.destroy();
});

test('each limit acts, is reported once and leaves the rest recorded', async (t) => {
  const port = await listen(t, (socket) => {
    const chunk = Buffer.alloc(10_000, 7);
    socket.on('data', () => {});
    const timer = setInterval(() => socket.write(chunk), 1);
    socket.once('close', () => clearInterval(timer));
  });
  await t.test('bytes of a connection', async (t) => {
    const { guard, limits } = await open(t, port, { limits: { maxBytesPerConnection: 200_000 } });
    const { socket } = await socks(guard.port, 'endless.example');
    const received = await readAll(socket);
    assert.deepEqual(limits, ['maxBytesPerConnection']);
    const [record] = await guard.seal();
    assert.equal(record?.ending, 'limit');
    assert.ok(record.down.sizeBytes <= 200_000 && record.down.sizeBytes >= received.length);
    assert.ok(record.down.sizeBytes > 100_000);
  });
  await t.test('bytes of the capture', async (t) => {
    const { guard, limits } = await open(t, port, { limits: { maxBytesDown: 300_000 } });
    const pair = await Promise.all([socks(guard.port, 'a.example'), socks(guard.port, 'b.example')]);
    await Promise.all(pair.map(({ socket }) => readAll(socket)));
    assert.deepEqual(limits, ['maxBytesDown']);
    assert.deepEqual(
      guard.limits.map(({ limit, allowed }) => [limit, allowed]),
      [['maxBytesDown', 300_000]],
    );
    await assert.rejects(guard.connect('c.example', 80, AbortSignal.timeout(PATIENCE_MS)), EgressError);
    assert.deepEqual(
      (await guard.seal()).map(({ ending }) => ending),
      ['limit', 'limit'],
    );
  });
  await t.test('bytes sent', async (t) => {
    const { guard, limits } = await open(t, port, { limits: { maxBytesUp: 1_000 } });
    const { socket } = await socks(guard.port, 'a.example');
    socket.write(Buffer.alloc(2_000));
    await readAll(socket);
    assert.deepEqual(limits, ['maxBytesUp']);
  });
  await t.test('connections', async (t) => {
    const { guard, limits } = await open(t, port, { limits: { maxConnections: 2 } });
    const codes = [];
    for (let count = 0; count < 4; count++) codes.push((await socks(guard.port, 'a.example')).code);
    assert.deepEqual(codes, [0, 0, 2, 2]);
    assert.deepEqual(limits, ['maxConnections']);
  });
  await t.test('open connections', async (t) => {
    const { guard, limits } = await open(t, port, { limits: { maxOpenConnections: 1 } });
    const first = await socks(guard.port, 'a.example');
    assert.equal((await socks(guard.port, 'a.example')).code, 2);
    first.socket.destroy();
    while ((await socks(guard.port, 'a.example')).code !== 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(limits, ['maxOpenConnections']);
  });
  await t.test('silence', async (t) => {
    const silent = await listen(t, () => {});
    const { guard, limits } = await open(t, silent, { limits: { idleTimeoutMs: 100 } });
    const { socket } = await socks(guard.port, 'a.example');
    await readAll(socket);
    assert.deepEqual(limits, ['idleTimeoutMs']);
    assert.equal((await guard.seal())[0]?.ending, 'idle');
  });
  await t.test('side fetches count', async (t) => {
    const { guard, limits } = await open(t, port, { limits: { maxBytesDown: 100_000 } });
    const socket = await guard.connect('a.example', 80, AbortSignal.timeout(PATIENCE_MS));
    await readAll(socket);
    assert.deepEqual(limits, ['maxBytesDown']);
    assert.ok(guard.bytesDown > 100_000);
  });
});

test('cut ends everything at once and keeps what was recorded', async (t) => {
  const port = await listen(t, (socket) => socket.write('half a'));
  const { guard } = await open(t, port);
  const { socket } = await socks(guard.port, 'a.example');
  assert.equal((await readExactly(socket, 6)).toString(), 'half a');
  guard.cut();
  await readAll(socket);
  await assert.rejects(guard.connect('b.example', 80, AbortSignal.timeout(PATIENCE_MS)), EgressError);
  const [record] = await guard.seal();
  assert.equal(record?.ending, 'cut');
  assert.equal(carried(record, 'down').toString(), 'half a');
});

test('a reset by the server reaches the client as a reset, after what came before it', async (t) => {
  const hasArrived = Promise.withResolvers<void>();
  const port = await listen(t, (socket) => {
    socket.write('part');
    void hasArrived.promise.then(() => socket.resetAndDestroy());
  });
  const { guard } = await open(t, port);
  const { socket } = await socks(guard.port, 'a.example');
  const fault = once(socket, 'error');
  assert.equal((await readExactly(socket, 4)).toString(), 'part');
  hasArrived.resolve();
  socket.resume();
  assert.equal(((await fault) as [NodeJS.ErrnoException])[0].code, 'ECONNRESET');
  const [record] = await guard.seal();
  assert.equal(record?.ending, 'reset');
  assert.equal(record.isDownEnded, false);
});

test('hostile and slow handshakes end without a tunnel', async (t) => {
  const port = await listen(t, () => assert.fail('no connection was asked for'));
  const { guard } = await open(t, port, { limits: { handshakeTimeoutMs: 100 } });
  const greetings = [
    'GET / HTTP/1.1\r\n\r\n',
    '\x04\x01\x00\x50',
    '\x05\x01\x02',
    '\x05\x01\x00\x05\x03\x00\x01',
    '',
    '\x05',
    '\x05\x01\x00\x05',
  ];
  for (const greeting of greetings) {
    const socket = net.connect(guard.port, '127.0.0.1');
    socket.on('error', () => {});
    if (greeting !== '') socket.write(Buffer.from(greeting, 'latin1'));
    await readAll(socket);
  }
  const gone = net.connect(guard.port, '127.0.0.1');
  gone.end(Buffer.from([5, 1, 0]));
  await readAll(gone);
  assert.deepEqual(await guard.seal(), []);
});

test('clients that connected elsewhere are served the same', async (t) => {
  const port = await listen(t, (socket) =>
    socket.on('data', (chunk) => socket.end(`got ${chunk.toString()}`)),
  );
  const { guard } = await open(t, port);
  const gate = net
    .createServer({ allowHalfOpen: true }, (client) => guard.accept(client))
    .listen(0, '127.0.0.1');
  await once(gate, 'listening');
  t.after(() => gate.close());
  const { code, socket } = await socks((gate.address() as net.AddressInfo).port, 'a.example'); // a TCP server
  assert.equal(code, 0);
  socket.write('hello');
  assert.equal((await readAll(socket)).toString(), 'got hello');
  assert.equal(carried((await guard.seal())[0]!, 'down').toString(), 'got hello');
  socket.destroy();
});

test('an upstream proxy gets literal, vetted addresses and the credentials', async (t) => {
  const target = await listen(t, (socket) =>
    socket.on('data', (chunk) => socket.end(`got ${chunk.toString()}`)),
  );
  await t.test('HTTP', async (t) => {
    const seen: string[] = [];
    const proxy = http.createServer().listen(0, '127.0.0.1');
    proxy.on('connect', (request, client) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization']}`);
      if (request.url?.startsWith('93.0.0.9')) return void client.end('HTTP/1.1 407 Denied\r\n\r\n');
      const server = net.connect(target, '127.0.0.1');
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const upstreamProxy = `http://us%40er:pass@127.0.0.1:${(proxy.address() as net.AddressInfo).port}`; // a TCP server
    const { guard } = await open(t, target, { upstreamProxy });
    const { code, socket } = await socks(guard.port, 'a.example');
    assert.equal(code, 0);
    socket.write('hello');
    assert.equal((await readAll(socket)).toString(), 'got hello');
    assert.equal((await socks(guard.port, '127.0.0.1')).code, 2);
    assert.equal((await socks(guard.port, '93.0.0.9')).code, 1);
    const credentials = `Basic ${Buffer.from('us@er:pass').toString('base64')}`;
    assert.deepEqual(seen, [`${PUBLIC}:80 ${credentials}`, `93.0.0.9:80 ${credentials}`]);
    assert.equal(guard.failures.at(-1)?.reason, 'upstream proxy answered 407');
  });
  await t.test('SOCKS5', async (t) => {
    const { guard: upstream } = await open(t, target, { answers: {} });
    const { guard } = await open(t, target, { upstreamProxy: `socks5://127.0.0.1:${upstream.port}` });
    const { code, socket } = await socks(guard.port, 'a.example');
    assert.equal(code, 0);
    socket.write('hello');
    assert.equal((await readAll(socket)).toString(), 'got hello');
    assert.equal((await upstream.seal())[0]?.host, PUBLIC);
  });
  await t.test('absent', async (t) => {
    const { guard } = await open(t, target, { upstreamProxy: 'socks5://127.0.0.1:1' });
    assert.equal((await socks(guard.port, 'a.example')).code, 5);
  });
  await t.test('not a proxy', async (t) => {
    await assert.rejects(open(t, target, { upstreamProxy: 'ftp://x' }), { code: 'bad-upstream-proxy' });
    await assert.rejects(open(t, target, { allowNetworks: ['10.0.0.0/99'] }), {
      code: 'bad-allowed-network',
    });
  });
});
