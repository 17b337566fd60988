import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { WebSocket } from 'ws';
import type { LoggedExchange } from './log.ts';
import type { Site } from './site.ts';
import { openTestnet, type Testnet } from './testnet.ts';
import { dial, dialTls, visit } from './visit-fixture.ts';

const LONG_TEXT = 'nothing to see here. '.repeat(200);
const BIG = Buffer.alloc(12_000_000, 7);
const endless = {
  *[Symbol.iterator]() {
    for (;;) yield new Uint8Array(65_536);
  },
};

const sites: readonly Site[] = [
  {
    host: 'plain.example',
    alternativeNames: ['www.plain.example'],
    routes: {
      '/': { headers: { 'content-type': 'text/html' }, body: LONG_TEXT },
      '/echo': ({ method, headers, body, url, now, isTls }) => ({
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          method,
          agent: headers['user-agent'],
          sent: Buffer.from(body).toString(),
          query: url.search,
          now,
          isTls,
        }),
      }),
      '/cookies': {
        headers: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Odd': 'Case' },
        statusText: 'Fine',
        body: 'ok',
      },
      '/moved': { status: 301, headers: { location: '/' }, body: 'moved' },
      '/empty': { status: 204, body: 'never sent' },
      '/big': { headers: { 'content-type': 'application/octet-stream' }, body: BIG },
      '/pieces': { chunks: ['one ', 'two ', 'three'], chunkDelayMs: 5 },
      '/zipped-pieces': { chunks: ['one ', 'two ', 'three'], encoding: 'gzip' },
      '/endless': { chunks: endless },
      '/throws': () => {
        throw new Error('a mistake in the description');
      },
      '/own-encoding': { headers: { 'content-encoding': 'gzip' }, body: 'not really gzip' },
      '/socket': { webSocket: { greeting: ['welcome'], isEcho: true }, body: 'no handshake' },
    },
  },
  { host: 'bitcöingold.example', routes: { '*': ({ url }) => ({ body: url.hostname + url.pathname }) } },
  {
    host: 'cut.example',
    routes: { '/cut': { fault: 'cut', body: LONG_TEXT }, '/reset': { fault: 'reset' } },
  },
  {
    host: 'odd.example',
    protocols: ['http/1.1'],
    routes: { '/': { fault: 'garbage' }, '/hang': { fault: 'hang' } },
  },
  { host: 'expired.example', certificate: 'expired', routes: { '/': { body: 'old' } } },
  { host: 'wrong-name.example', certificate: 'wrongName', routes: { '/': { body: 'other' } } },
  { host: 'self-signed.example', certificate: 'selfSigned', routes: { '/': { body: 'self' } } },
  { host: 'plain-only.example', scheme: 'http', routes: { '/': { body: 'plain' } } },
  { host: 'many.example', addresses: ['45.9.9.1', '2001:db8::9'], routes: { '/': { body: 'many' } } },
  { host: 'rebinding.example', dns: { answers: [['45.9.9.2'], ['127.0.0.1']] }, routes: {} },
  { host: 'broken.example', dns: { fault: 'SERVFAIL' }, routes: {} },
  { host: 'silent.example', connect: 'timeout', routes: {} },
  { host: 'closed.example', connect: 'refused', routes: {} },
];

let testnet: Testnet;
before(async () => {
  testnet = await openTestnet({ sites, clock: () => new Date('2017-11-20T12:00:00Z') });
});
after(() => testnet[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const logged = (url: string): LoggedExchange => {
  const entry = testnet.log.findLast((exchange) => exchange.url === url);
  assert.ok(entry !== undefined, `${url} was not logged`);
  return entry;
};
/** The server learns that a connection ended a moment after the visitor. */
async function eventually(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 12_000 && !isTrue(); i++) await pause(5);
  assert.ok(isTrue());
}

for (const protocol of ['http/1.1', 'h2'] as const) {
  test(`${protocol}: text is compressed as the visitor accepts, and the log knows both forms`, async () => {
    const decoders = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync };
    for (const [encoding, decode] of Object.entries(decoders)) {
      const got = await visit(testnet, 'https://plain.example/', {
        protocol,
        headers: { 'accept-encoding': encoding },
      });
      assert.equal(got.headers['content-encoding'], encoding);
      assert.equal(decode(got.body).toString(), LONG_TEXT);
      const entry = logged('https://plain.example/');
      assert.equal(entry.protocol, protocol);
      assert.equal(entry.status, 200);
      assert.equal(entry.bodySize, LONG_TEXT.length);
      assert.equal(entry.sha256, sha256(LONG_TEXT));
      assert.equal(entry.encodedSize, got.body.length);
      assert.equal(entry.encodedSha256, sha256(got.body));
      await eventually(() => entry.isComplete);
    }
    const plain = await visit(testnet, 'https://plain.example/', {
      protocol,
      headers: { 'accept-encoding': 'br;q=0' },
    });
    assert.equal(plain.body.toString(), LONG_TEXT);
    assert.equal(plain.headers['content-encoding'], undefined);
  });

  test(`${protocol}: 12 MB arrive whole`, async () => {
    const got = await visit(testnet, 'https://plain.example/big', { protocol });
    assert.equal(sha256(got.body), sha256(BIG));
    assert.equal(logged('https://plain.example/big').sha256, sha256(BIG));
  });

  test(`${protocol}: a cut body is shorter than announced, and incomplete in the log`, async () => {
    const got = await visit(testnet, 'https://cut.example/cut', { protocol });
    assert.equal(got.headers['content-length'], String(LONG_TEXT.length));
    assert.equal(got.body.toString(), LONG_TEXT.slice(0, LONG_TEXT.length / 2));
    assert.equal(got.isComplete, false);
    const entry = logged('https://cut.example/cut');
    assert.equal(entry.encodedSize, LONG_TEXT.length / 2);
    assert.equal(entry.isComplete, false);
  });

  test(`${protocol}: a reset ends the connection without an answer`, async () => {
    await assert.rejects(visit(testnet, 'https://cut.example/reset', { protocol }));
    assert.equal(logged('https://cut.example/reset').status, undefined);
  });

  test(`${protocol}: an endless body is sent only while someone reads`, async () => {
    const got = await visit(testnet, 'https://plain.example/endless', { protocol, maxBytes: 1_000_000 });
    assert.ok(got.body.length >= 1_000_000);
    const entry = logged('https://plain.example/endless');
    let sent: number;
    do {
      sent = entry.encodedSize;
      assert.ok(sent < 64_000_000, `${sent} bytes were sent`);
      await pause(50);
    } while (entry.encodedSize !== sent);
    assert.equal(entry.isComplete, false);
  });

  test(`${protocol}: method, body, query and clock reach the route; headers come back as given`, async () => {
    const got = await visit(testnet, 'https://plain.example/echo?q=1', {
      protocol,
      method: 'POST',
      headers: { 'user-agent': 'Someone' },
      body: 'a=1',
    });
    assert.deepEqual(JSON.parse(got.body.toString()), {
      method: 'POST',
      agent: 'Someone',
      sent: 'a=1',
      query: '?q=1',
      now: '2017-11-20T12:00:00.000Z',
      isTls: true,
    });
    assert.equal(got.headers['date'], 'Mon, 20 Nov 2017 12:00:00 GMT');
    const entry = logged('https://plain.example/echo?q=1');
    assert.equal(entry.method, 'POST');
    assert.equal(entry.requestBodySha256, sha256('a=1'));
    assert.ok(
      entry.requestHeaders.some(([name, value]) => /^user-agent$/i.test(name) && value === 'Someone'),
    );
    const cookies = await visit(testnet, 'https://plain.example/cookies', { protocol });
    assert.deepEqual(cookies.headers['set-cookie'], ['a=1', 'b=2']);
  });
}

test('over plain http: names keep their case, statuses without body have none, 404 is the rest', async () => {
  const cookies = await visit(testnet, 'http://plain.example/cookies');
  assert.ok(cookies.rawHeaders.includes('X-Odd'));
  const moved = await visit(testnet, 'http://plain.example/moved');
  assert.deepEqual([moved.status, moved.headers['location'], moved.body.toString()], [301, '/', 'moved']);
  const empty = await visit(testnet, 'http://plain.example/empty');
  assert.deepEqual([empty.status, empty.body.length], [204, 0]);
  const head = await visit(testnet, 'http://plain.example/cookies', { method: 'HEAD' });
  assert.deepEqual([head.status, head.body.length], [200, 0]);
  assert.equal((await visit(testnet, 'http://plain.example/nowhere')).status, 404);
  assert.equal((await visit(testnet, 'http://plain.example/constructor')).status, 404);
});

test('a route that throws shows as a 500 with its message', async () => {
  const got = await visit(testnet, 'http://plain.example/throws');
  assert.equal(got.status, 500);
  assert.match(got.body.toString(), /a mistake in the description/);
});

test('pieces arrive joined, with and without encoding; a body encoded by its site has no known payload', async () => {
  const pieces = await visit(testnet, 'https://plain.example/pieces');
  assert.equal(pieces.headers['transfer-encoding'], 'chunked');
  assert.equal(pieces.body.toString(), 'one two three');
  assert.equal(logged('https://plain.example/pieces').sha256, sha256('one two three'));
  const zipped = await visit(testnet, 'https://plain.example/zipped-pieces', { protocol: 'h2' });
  assert.equal(gunzipSync(zipped.body).toString(), 'one two three');
  assert.equal(logged('https://plain.example/zipped-pieces').sha256, sha256('one two three'));
  assert.equal(logged('https://plain.example/zipped-pieces').encodedSha256, sha256(zipped.body));
  await visit(testnet, 'https://plain.example/own-encoding');
  assert.equal(logged('https://plain.example/own-encoding').sha256, undefined);
  assert.equal(logged('https://plain.example/own-encoding').encodedSha256, sha256('not really gzip'));
});

test('a WebSocket echoes text and bytes, compressed on the wire, and is logged', async () => {
  const url = new URL('wss://plain.example/socket');
  const tls = await dialTls(testnet, url);
  const socket = new WebSocket(url, { createConnection: () => tls, perMessageDeflate: true });
  const received: string[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    received.push(`${isBinary ? 'bytes' : 'text'} ${data.toString()}`);
    if (received.length === 1) {
      socket.send(LONG_TEXT);
      socket.send(Buffer.from('xyz'));
    }
    if (received.length === 3) socket.close();
  });
  await once(socket, 'close');
  assert.deepEqual(received, ['text welcome', `text ${LONG_TEXT}`, 'bytes xyz']);
  assert.match(socket.extensions, /permessage-deflate/);
  assert.ok(tls.bytesRead < LONG_TEXT.length);
  const entry = logged(url.href);
  assert.equal(entry.protocol, 'websocket');
  assert.equal(entry.status, 101);
  assert.equal((await visit(testnet, 'https://plain.example/socket')).body.toString(), 'no handshake');
});

test('names resolve to stable public-looking addresses, the address is in the log, and IDNs are one host', async () => {
  const [first] = await testnet.network.resolve('bitcöingold.example');
  const [again] = await testnet.network.resolve('xn--bitcingold-hcb.EXAMPLE.');
  assert.deepEqual(first, again);
  assert.match(first!.address, /^45\./);
  const got = await visit(testnet, 'https://bitcöingold.example/any/path');
  assert.equal(got.body.toString(), 'xn--bitcingold-hcb.example/any/path');
  assert.equal(logged('https://xn--bitcingold-hcb.example/any/path').address, first!.address);
});

test('DNS answers are those of the site: several, changing, failing, none', async () => {
  const { resolve } = testnet.network;
  assert.deepEqual(await resolve('many.example'), [
    { address: '45.9.9.1', type: 'A' },
    { address: '2001:db8::9', type: 'AAAA' },
  ]);
  assert.deepEqual(await resolve('rebinding.example'), [{ address: '45.9.9.2', type: 'A' }]);
  assert.deepEqual(await resolve('rebinding.example'), [{ address: '127.0.0.1', type: 'A' }]);
  assert.deepEqual(await resolve('rebinding.example'), [{ address: '127.0.0.1', type: 'A' }]);
  await assert.rejects(resolve('broken.example'), { code: 'ESERVFAIL' });
  await assert.rejects(resolve('nowhere.example'), { code: 'ENOTFOUND' });
  await assert.rejects(resolve('not a host'), { code: 'ENOTFOUND' });
});

test('connections meet what the site says: refused, never answered, no such scheme, port or address', async () => {
  const reach = (url: string) => dial(testnet, new URL(url));
  await assert.rejects(reach('http://closed.example/'), { code: 'ECONNREFUSED' });
  await assert.rejects(reach('https://plain-only.example/'), { code: 'ECONNREFUSED' });
  await assert.rejects(reach('http://plain.example:2222/'), { code: 'ECONNREFUSED' });
  const signal = AbortSignal.timeout(20);
  const [silent] = await testnet.network.resolve('silent.example');
  await assert.rejects(testnet.network.dial(silent!.address, 80, signal), { code: 'ETIMEDOUT' });
  await assert.rejects(testnet.network.dial('45.200.0.1', 80, AbortSignal.timeout(60_000)), {
    code: 'EHOSTUNREACH',
  });
  const ipv6 = await testnet.network.dial('2001:DB8:0::9', 80, AbortSignal.timeout(60_000));
  ipv6.destroy();
  assert.deepEqual(testnet.dialled.at(-1), { address: '2001:DB8:0::9', port: 80 });
});

test('an address of this machine is dialled for real: a guard has to stop it', async () => {
  const server = createServer((socket) => socket.end('reached')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await testnet.network.dial('127.0.0.1', port, AbortSignal.timeout(60_000));
  const [data] = await once(socket, 'data');
  assert.equal(String(data), 'reached');
  socket.destroy();
  server.close();
});

test('certificates: valid ones chain and cover their names, faulty ones are refused for their fault', async () => {
  const valid = await dialTls(testnet, new URL('https://www.plain.example/')).catch(
    (error: unknown) => error,
  );
  assert.ok(valid instanceof Error, 'www.plain.example has no site of its own');
  const faults = {
    'https://expired.example/': 'CERT_HAS_EXPIRED',
    'https://wrong-name.example/': 'ERR_TLS_CERT_ALTNAME_INVALID',
    'https://self-signed.example/': 'DEPTH_ZERO_SELF_SIGNED_CERT',
  };
  for (const [url, code] of Object.entries(faults)) {
    await assert.rejects(visit(testnet, url), { code });
    assert.equal((await visit(testnet, url, { acceptsAnyCertificate: true })).status, 200);
  }
  const tls = await dialTls(testnet, new URL('https://plain.example/'));
  const certificate = tls.getPeerX509Certificate();
  assert.equal(certificate?.subjectAltName, 'DNS:plain.example, DNS:www.plain.example');
  assert.ok(certificate.validFromDate < new Date('2017-11-20') && certificate.validToDate > new Date());
  tls.destroy();
});

test('garbage is no HTTP, and what hangs never answers', async () => {
  await assert.rejects(visit(testnet, 'https://odd.example/'), /Parse Error|Expected HTTP/);
  await assert.rejects(visit(testnet, 'https://odd.example/hang', { maxMs: 100 }), { name: 'AbortError' });
  await eventually(() => logged('https://odd.example/hang').isComplete === false);
});

test('sites can be replaced, the clock set and the log cleared while it runs; unknown hosts can exist', async () => {
  await using other = await openTestnet({
    sites: [{ host: 'a.example', routes: { '/': { body: 'before' } } }],
    elsewhere: { status: 404, body: 'gone' },
  });
  assert.equal((await visit(other, 'https://a.example/')).body.toString(), 'before');
  other.addSites([{ host: 'a.example', routes: { '/': { body: 'after' } } }]);
  other.setClock(new Date('2018-01-01T00:00:00Z'));
  const got = await visit(other, 'https://a.example/');
  assert.equal(got.body.toString(), 'after');
  assert.equal(got.headers['date'], 'Mon, 01 Jan 2018 00:00:00 GMT');
  assert.equal((await visit(other, 'https://anything.example/x')).status, 404);
  assert.equal(other.log.length, 3);
  other.clearLog();
  assert.equal(other.log.length, 0);
});
