import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGreeting, parseRequest, SOCKS_REPLY } from './socks.ts';

const domainRequest = (host: string, port: number): Buffer =>
  Buffer.concat([
    Buffer.from([5, 1, 0, 3, host.length]),
    Buffer.from(host),
    Buffer.from([port >> 8, port & 255]),
  ]);

test('a greeting is complete when all its methods are in, and only without authentication', () => {
  assert.equal(parseGreeting(Buffer.from([])).state, 'incomplete');
  assert.equal(parseGreeting(Buffer.from([5])).state, 'incomplete');
  assert.equal(parseGreeting(Buffer.from([5, 2, 2])).state, 'incomplete');
  assert.deepEqual(parseGreeting(Buffer.from([5, 2, 2, 0, 99])), { state: 'complete', length: 4 });
  assert.equal(parseGreeting(Buffer.from([5, 1, 2])).state, 'malformed');
  assert.equal(parseGreeting(Buffer.from([4, 1, 0])).state, 'malformed');
  assert.equal(parseGreeting(Buffer.from('GET / HTTP/1.1')).state, 'malformed');
});

test('every prefix of a request is incomplete, the whole is complete', () => {
  const requests: readonly (readonly [Buffer, string])[] = [
    [domainRequest('example.org', 443), 'example.org'],
    [Buffer.from([5, 1, 0, 1, 93, 184, 216, 34, 1, 187]), '93.184.216.34'],
    [
      Buffer.from([5, 1, 0, 4, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 187]),
      '2001:db8:0:0:0:0:0:1',
    ],
  ];
  for (const [bytes, host] of requests) {
    for (let end = 0; end < bytes.length; end++)
      assert.equal(parseRequest(bytes.subarray(0, end)).state, 'incomplete');
    const more = Buffer.concat([bytes, Buffer.from('more')]);
    assert.deepEqual(parseRequest(more), { state: 'complete', length: bytes.length, host, port: 443 });
  }
});

test('commands and address types that are not served get their reply code', () => {
  assert.deepEqual(parseRequest(Buffer.from([5, 2, 0, 1, 1, 1, 1, 1, 0, 80])), {
    state: 'malformed',
    reply: SOCKS_REPLY.commandNotSupported,
  });
  assert.deepEqual(parseRequest(Buffer.from([5, 1, 0, 9, 1])), {
    state: 'malformed',
    reply: SOCKS_REPLY.addressTypeNotSupported,
  });
  assert.deepEqual(parseRequest(Buffer.from([4, 1, 0, 80])), { state: 'malformed', reply: undefined });
});

test('random bytes never throw and never read beyond what is there', () => {
  let seed = 7;
  const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >> 8;
  for (let round = 0; round < 5_000; round++) {
    const bytes = Uint8Array.from({ length: next() % 40 }, (_, index) =>
      index === 0 && next() % 4 ? 5 : next() & 255,
    );
    if (next() % 2) bytes[1] = 1;
    for (const parsed of [parseGreeting(bytes), parseRequest(bytes)])
      if (parsed.state === 'complete') assert.ok(parsed.length <= bytes.length);
  }
});
