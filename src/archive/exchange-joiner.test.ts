import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExchangeJoiner } from './exchange-joiner.ts';
import { WarcReader } from './warc-reader.ts';

/** Responses with bodies of so many bytes, each followed by its request. */
function archive(...sizes: number[]): Buffer {
  const record = (type: string, url: string, block: Buffer): Buffer[] => {
    const head = `WARC/1.1\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${url}\r\nContent-Length: ${block.length}\r\n\r\n`;
    return [Buffer.from(head), block, Buffer.from('\r\n\r\n')];
  };
  const parts = sizes.flatMap((size, n) => {
    const response = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), Buffer.alloc(size, 'x')]);
    const request = Buffer.from(`POST /${n} HTTP/1.1\r\nHost: page.example\r\n\r\n`);
    const url = `https://page.example/${n}`;
    return [...record('response', url, response), ...record('request', url, request)];
  });
  return Buffer.concat(parts);
}

/** How many exchanges each record gives out, and the methods of all. */
function join(bytes: Buffer) {
  const read = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const reader = new WarcReader({ name: 'x.warc', sizeBytes: bytes.length, read });
  const joiner = new ExchangeJoiner('x.warc', () => undefined);
  const given = Array.from(reader.records(), (record) => joiner.push(record));
  given.push(joiner.end());
  return { counts: given.map(({ length }) => length), methods: given.flat().map(({ method }) => method) };
}

test('a response waits for a request that stands behind it', () => {
  assert.deepEqual(join(archive(10, 10)), { counts: [0, 0, 0, 0, 2], methods: ['POST', 'POST'] });
});

test('large bodies do not wait for one another', () => {
  const large = 20 * 1024 * 1024;
  assert.deepEqual(join(archive(large, large, 10, 10)), {
    counts: [0, 0, 1, 0, 0, 0, 0, 0, 3],
    methods: ['POST', 'POST', 'POST', 'POST'],
  });
});
