import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib';
import { seededRandom } from '../wire-fixture.ts';
import {
  arriving,
  certificateBody,
  clientHello,
  drain,
  encryptedExtensions,
  finished,
  handshake,
  keyLogOf,
  keyUpdate,
  plainRecord,
  Sealer,
  serverHello,
  vector,
} from './scripted-tls-fixture.ts';
import type { TlsSession } from './opening.ts';
import { openTls } from './session.ts';

const HANDSHAKE = 22;
const DATA = 23;
const CHANGE_CIPHER_SPEC = plainRecord(20, Buffer.from([1]));
const CERTIFICATE = Buffer.alloc(3_000, 0xce);

/** A server's direction up to its Finished, then what follows under its application keys. */
function serverSide(
  after: (sealer: Sealer) => Buffer[],
  flight: Buffer[] = [encryptedExtensions(), handshake(11, certificateBody(CERTIFICATE))],
): Buffer {
  const sealer = new Sealer('serverHandshake');
  const opening = [plainRecord(HANDSHAKE, serverHello()), CHANGE_CIPHER_SPEC];
  const messages = Buffer.concat([...flight, finished()]);
  const sealed: Buffer[] = [];
  // Messages and records need not begin or end together.
  for (let at = 0; at < messages.length; at += 1_700)
    sealed.push(sealer.seal(HANDSHAKE, messages.subarray(at, at + 1_700), 3));
  return Buffer.concat([...opening, ...sealed, ...after(new Sealer('server'))]);
}

function clientSide(after: (sealer: Sealer) => Buffer[]): Buffer {
  const hello = plainRecord(HANDSHAKE, clientHello());
  const sealed = new Sealer('clientHandshake').seal(HANDSHAKE, finished());
  return Buffer.concat([hello, CHANGE_CIPHER_SPEC, sealed, ...after(new Sealer('client'))]);
}

const say = (text: string) => (sealer: Sealer) => [sealer.seal(DATA, Buffer.from(text))];

const open = (up: Buffer, down: Buffer, keyLog = keyLogOf()): TlsSession =>
  openTls(arriving(up), arriving(down), keyLog);

test('both directions and the facts of the handshake', () => {
  const down = serverSide(say('pong'), [
    encryptedExtensions({ alpn: 'h2' }),
    handshake(11, certificateBody(CERTIFICATE, Buffer.from('ca'))),
  ]);
  const session = open(clientSide(say('ping')), down);
  assert.equal(drain(session.down), 'pong');
  assert.equal(drain(session.up), 'ping');
  const { finishedAt, ...facts } = session.facts;
  assert.ok(finishedAt !== undefined);
  assert.deepEqual(facts, {
    isResumed: false,
    certificates: [new Uint8Array(CERTIFICATE), new Uint8Array(Buffer.from('ca'))],
    serverName: 'scripted.example',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    version: 'TLSv1.3',
    alpn: 'h2',
  });
});

test('keys that are updated, again and again, in both directions', () => {
  const updates = (sealer: Sealer): Buffer[] =>
    ['one ', 'two ', 'three'].flatMap((text) => {
      const records = [sealer.seal(DATA, Buffer.from(text), 20), sealer.seal(HANDSHAKE, keyUpdate())];
      sealer.renew();
      return records;
    });
  const tickets = (sealer: Sealer): Buffer[] => [
    sealer.seal(HANDSHAKE, handshake(4, Buffer.alloc(100))),
    ...updates(sealer),
  ];
  const session = open(clientSide(updates), serverSide(tickets));
  assert.equal(drain(session.up), 'one two three');
  assert.equal(drain(session.down), 'one two three');
  assert.equal(session.facts.fault, undefined);
});

for (const [name, id, compress] of [
  ['zlib', 1, deflateSync],
  ['brotli', 2, brotliCompressSync],
  ['zstd', 3, zstdCompressSync],
] as const) {
  test(`certificates compressed with ${name} (RFC 8879)`, () => {
    const body = certificateBody(CERTIFICATE);
    const length = Buffer.from([body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff]);
    const compressed = handshake(25, Buffer.from([0, id]), length, vector(3, compress(body)));
    const session = open(clientSide(say('x')), serverSide(say('y'), [encryptedExtensions(), compressed]));
    assert.deepEqual(session.facts.certificates, [new Uint8Array(CERTIFICATE)]);
    assert.equal(drain(session.down), 'y');
  });
}

test('a compressed certificate that unpacks to something else is no certificate', () => {
  const compressed = handshake(
    25,
    Buffer.from([0, 2, 0, 0, 9]),
    vector(3, brotliCompressSync(Buffer.alloc(5_000_000))),
  );
  const session = open(clientSide(say('x')), serverSide(say('y'), [encryptedExtensions(), compressed]));
  assert.deepEqual(session.facts.certificates, []);
  assert.equal(drain(session.down), 'y');
});

/** A client that sends data at once and goes on after the server has answered. */
function earlyClient(isAccepted: boolean): Buffer {
  const early = new Sealer('early');
  const own = new Sealer('clientHandshake');
  return Buffer.concat([
    plainRecord(HANDSHAKE, clientHello({ hasEarlyData: true })),
    CHANGE_CIPHER_SPEC,
    early.seal(DATA, Buffer.from('early ')),
    ...(isAccepted ? [early.seal(HANDSHAKE, handshake(5))] : []),
    own.seal(HANDSHAKE, finished()),
    new Sealer('client').seal(DATA, Buffer.from('late')),
  ]);
}

test('early data that the server accepted counts', () => {
  const session = open(
    earlyClient(true),
    serverSide(say('y'), [encryptedExtensions({ acceptsEarlyData: true })]),
  );
  assert.equal(drain(session.up), 'early late');
  assert.equal(drain(session.down), 'y');
});

test('early data that the server rejected does not, with and without its key', () => {
  for (const keyLog of [keyLogOf(), keyLogOf(['clientHandshake', 'serverHandshake', 'client', 'server'])]) {
    const session = open(earlyClient(false), serverSide(say('y')), keyLog);
    assert.equal(drain(session.up), 'late');
    assert.equal(session.facts.fault, undefined);
  }
});

test('a second ClientHello after a request to retry', () => {
  const up = clientSide(say('x'));
  const hello = plainRecord(HANDSHAKE, clientHello());
  const retried = Buffer.concat([hello, CHANGE_CIPHER_SPEC, up]);
  const down = Buffer.concat([
    plainRecord(HANDSHAKE, serverHello({ isRetry: true })),
    CHANGE_CIPHER_SPEC,
    serverSide(say('y')),
  ]);
  const session = open(retried, down);
  assert.equal(drain(session.up), 'x');
  assert.equal(drain(session.down), 'y');
});

test('an alert inside the connection names its sender', () => {
  const alert = new Sealer('clientHandshake').seal(21, Buffer.from([2, 46]));
  const up = Buffer.concat([plainRecord(HANDSHAKE, clientHello()), CHANGE_CIPHER_SPEC, alert]);
  const session = open(
    up,
    serverSide(() => []),
  );
  assert.equal(drain(session.up), '');
  assert.equal(session.facts.alert, 'client: certificate_unknown');
  assert.equal(session.facts.fault, undefined);
});

test('what can not be read has a reason', () => {
  const [up, down] = [clientSide(say('x')), serverSide(say('y'))];
  const broken = Buffer.from(down);
  broken[broken.length - 1]! ^= 1;
  const faults = {
    'no keys in the key log': open(up, down, new Map()),
    'keys are missing in the key log': open(up, down, keyLogOf(['clientHandshake'])),
    'a TLS record does not fit the logged keys': open(up, broken),
    'bytes that are no TLS record': open(up, Buffer.concat([down, Buffer.from('HTTP/1.1 200 OK')])),
  };
  for (const [reason, session] of Object.entries(faults)) {
    drain(session.down);
    assert.equal(session.facts.fault, reason);
  }
  assert.equal(open(up, Buffer.alloc(0)).facts.failure, 'no TLS ServerHello');
  assert.equal(open(up, plainRecord(21, Buffer.from([2, 40]))).facts.failure, 'server: handshake_failure');
  assert.equal(open(Buffer.from('GET / HTTP/1.1'), down).facts.failure, 'no TLS ClientHello');
});

test('mutated and cut streams never throw, and what comes out was inside', () => {
  const random = seededRandom(5);
  const [up, down] = [clientSide(say('ping ping')), serverSide(say('pong pong'))];
  for (let round = 0; round < 1_500; round++) {
    const [a, b] = [Buffer.from(up), Buffer.from(down)];
    for (let count = random(6); count > 0; count--)
      (random(2) ? a : b)[random(random(2) ? 100 : a.length)] = random(256);
    const session = openTls(
      arriving(a.subarray(0, random(4) ? a.length : random(a.length)), 1 + random(500)),
      arriving(b.subarray(0, random(4) ? b.length : random(b.length)), 1 + random(500)),
      keyLogOf(),
    );
    assert.ok('ping ping'.startsWith(drain(session.up)));
    assert.ok('pong pong'.startsWith(drain(session.down)));
  }
});
