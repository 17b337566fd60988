import assert from 'node:assert/strict';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import https from 'node:https';
import http2 from 'node:http2';
import { test } from 'node:test';
import type tls from 'node:tls';
import { sha256 } from '#model';
import { authority, only, openWireFixture, readToEnd, serverIdentity, textOf } from './wire-fixture.ts';

const HOST = 'shop.example';

const MAC_FIRST = { secureOptions: 1 << 19 }; // SSL_OP_NO_ENCRYPT_THEN_MAC, as browsers behave

const SUITES: readonly (readonly [name: string, options: tls.ConnectionOptions])[] = [
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', tls12('ECDHE-ECDSA-AES128-GCM-SHA256')],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', tls12('ECDHE-ECDSA-AES256-GCM-SHA384')],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', tls12('ECDHE-ECDSA-CHACHA20-POLY1305')],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', { ...tls12('ECDHE-ECDSA-AES128-SHA'), ...MAC_FIRST }],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', tls12('ECDHE-ECDSA-AES256-SHA')],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', { ...tls12('ECDHE-ECDSA-AES256-SHA384'), ...MAC_FIRST }],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', tls12('ECDHE-ECDSA-AES128-SHA256')],
  ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'].map(
    (ciphers) => [ciphers, { minVersion: 'TLSv1.3', ciphers }] as const,
  ),
];

const SERVER_CIPHERS = 'ALL:@SECLEVEL=0';

function tls12(ciphers: string): tls.ConnectionOptions {
  return { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` };
}

for (const [cipherSuite, options] of SUITES) {
  const version = options.minVersion ?? 'TLSv1.2';

  test(`HTTP/1.1 over ${version} with ${cipherSuite}`, async (t) => {
    const server = https.createServer(
      { ...serverIdentity(HOST), ciphers: SERVER_CIPHERS },
      (request, response) => {
        request.resume().on('end', () => response.end(`you asked ${request.url}`));
      },
    );
    const fixture = await openWireFixture(t, server);
    const socket = await fixture.connectTls(HOST, options);
    socket.end(`POST /a HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello`);
    await readToEnd(socket);
    const record = await fixture.decode();
    const exchange = only(record);
    assert.deepEqual(record.undecrypted, []);
    assert.equal(exchange.url, `https://${HOST}/a`);
    assert.equal(textOf(exchange.request.received), 'hello');
    assert.equal(exchange.response?.status, 200);
    assert.equal(exchange.response.body?.sizeBytes, 'you asked /a'.length);
    assert.equal(exchange.response.body.sha256, sha256('you asked /a'));
    assert.equal(exchange.isComplete, true);
    assert.deepEqual(exchange.tls, {
      version,
      cipherSuite,
      isResumed: false,
      chain: [record.certificates[0]?.sha256, sha256(authority.der)],
    });
    assert.deepEqual(record.certificates[1]?.der, new Uint8Array(authority.der));
    assert.equal(record.connections[0]?.serverName, HOST);
    assert.ok(exchange.timings.tlsMs !== undefined && exchange.timings.connectMs !== undefined);
  });

  test(`HTTP/2 over ${version} with ${cipherSuite}, with large bodies both ways`, async (t) => {
    const server = http2.createSecureServer({
      ...serverIdentity(HOST),
      ciphers: SERVER_CIPHERS,
      maxSessionMemory: 1_000,
    });
    const down = randomBytes(2_500_000);
    server.on('stream', (stream) => {
      stream.resume().on('end', () => {
        stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' });
        stream.end(down);
      });
    });
    const fixture = await openWireFixture(t, server);
    const session = await fixture.connectHttp2(HOST, options);
    const up = randomBytes(700_000);
    const stream = session.request({ ':method': 'POST', ':path': '/big?x=1' });
    stream.end(up);
    assert.ok((await readToEnd(stream)).equals(down));
    session.close();
    await once(session, 'close');
    const record = await fixture.decode();
    const exchange = only(record);
    assert.equal(exchange.protocol, 'h2');
    assert.equal(exchange.url, `https://${HOST}/big?x=1`);
    assert.equal(exchange.method, 'POST');
    assert.equal(exchange.request.body?.sha256, sha256(up));
    assert.equal(exchange.response?.body?.sha256, sha256(down));
    assert.ok(!(exchange.response.received instanceof Uint8Array), 'a large body lies in a file');
    assert.equal(exchange.tls?.alpn, 'h2');
    assert.equal(exchange.tls.cipherSuite, cipherSuite);
    assert.equal(exchange.isComplete, true);
  });
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a resumed ${version} connection is read, with the chain of the first`, async (t) => {
    const server = https.createServer({ ...serverIdentity(HOST) }, (_request, response) =>
      response.end('ok'),
    );
    const fixture = await openWireFixture(t, server);
    const options: tls.ConnectionOptions = { minVersion: version, maxVersion: version };
    const first = await fixture.connectTls(HOST, options);
    const ticket = version === 'TLSv1.3' ? once(first, 'session') : undefined;
    first.write(`GET /1 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    // TLS 1.2 issues its ticket inside the handshake, TLS 1.3 after it.
    const session = version === 'TLSv1.2' ? first.getSession() : ((await ticket) as [Buffer])[0];
    await readToEnd(first);
    const second = await fixture.connectTls(HOST, { ...options, session });
    assert.equal(second.isSessionReused(), true);
    second.write(`GET /2 HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    await readToEnd(second);
    const { exchanges, undecrypted } = await fixture.decode();
    assert.deepEqual(undecrypted, []);
    assert.deepEqual(
      exchanges.map(({ url }) => url),
      [`https://${HOST}/1`, `https://${HOST}/2`],
    );
    assert.deepEqual(
      exchanges.map(({ tls }) => tls?.isResumed),
      [false, true],
    );
    assert.equal(exchanges[0]?.tls?.chain.length, 2);
    assert.deepEqual(exchanges[1]?.tls?.chain, exchanges[0]?.tls?.chain);
    assert.deepEqual(
      exchanges.map(({ response }) => textOf(response?.received)),
      ['ok', 'ok'],
    );
  });
}

test('a server that asks for another key share (HelloRetryRequest) is read', async (t) => {
  const server = https.createServer({ ...serverIdentity(HOST), ecdhCurve: 'P-384' }, (_request, response) =>
    response.end('ok'),
  );
  const fixture = await openWireFixture(t, server);
  const socket = await fixture.connectTls(HOST, { minVersion: 'TLSv1.3', ecdhCurve: 'X25519:P-384' });
  socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
  await readToEnd(socket);
  const [tunnel] = await fixture.guard.seal();
  assert.ok(tunnel !== undefined);
  const exchange = only(await fixture.decode());
  assert.equal(textOf(exchange.response?.received), 'ok');
  assert.equal(exchange.tls?.chain.length, 2);
});

test('a connection without keys is named, with what the plain handshake tells', async (t) => {
  const server = https.createServer({ ...serverIdentity(HOST) }, (_request, response) => response.end('ok'));
  const fixture = await openWireFixture(t, server);
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await fixture.connectTls(HOST, { maxVersion });
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
    await readToEnd(socket);
  }
  writeFileSync(fixture.keyLogPath, '# nothing\n');
  const record = await fixture.decode();
  assert.deepEqual(record.exchanges, []);
  const reason = 'no keys in the key log';
  assert.deepEqual(record.undecrypted, [
    { tunnel: 0, host: HOST, port: 443, reason },
    { tunnel: 1, host: HOST, port: 443, reason },
  ]);
  assert.equal(record.connections[0]?.tls?.chain.length, 2);
  assert.equal(record.connections[1]?.tls?.version, 'TLSv1.3');
  assert.equal(record.connections[1]?.serverName, HOST);
});

test('a handshake that a side breaks off is no lost exchange, and tells why', async (t) => {
  const server = https.createServer({ ...serverIdentity('other.example') }, (_request, response) =>
    response.end('ok'),
  );
  server.on('tlsClientError', () => {});
  const fixture = await openWireFixture(t, server);
  await assert.rejects(fixture.connectTls(HOST, { ca: [] }));
  await assert.rejects(
    fixture.connectTls(HOST, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }),
  );
  const record = await fixture.decode();
  assert.deepEqual(record.exchanges, []);
  assert.deepEqual(record.undecrypted, []);
  assert.equal(record.connections[0]?.tls?.distrust, `certificate is not for ${HOST}`);
  assert.match(record.connections[1]?.alert ?? '', /^server: handshake_failure$/);
  assert.match(record.connections[1]?.fault ?? '', /handshake_failure/);
});
