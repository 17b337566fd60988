import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chunked, randomBytes, seededRandom } from './capture-source-fixture.ts';
import { ChunkedDecoder, dechunk } from './chunked.ts';

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const asText = (text: string): [string, boolean, string | undefined] => {
  const { bytes, isComplete, fault } = dechunk(ascii(text));
  return [Buffer.from(bytes).toString('latin1'), isComplete, fault];
};

test('framing is removed', () => {
  assert.deepEqual(asText('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n'), ['hello world', true, undefined]);
  assert.deepEqual(asText('5;ext="x"\r\nhello\r\n0\r\nTrailer: a\r\nB: c\r\n\r\n'), [
    'hello',
    true,
    undefined,
  ]);
  assert.deepEqual(asText('00A \r\n0123456789\r\n0\r\n\r\n'), ['0123456789', true, undefined]);
  assert.deepEqual(asText('3\nabc\n0\n\n'), ['abc', true, undefined]);
});

test('what is cut or damaged gives what came before, with a fault', () => {
  assert.deepEqual(asText('5\r\nhello\r\n6\r\n wo'), ['hello wo', false, 'chunked: ends early']);
  assert.deepEqual(asText('5\r\nhello\r\n0\r\n'), ['hello', false, 'chunked: ends early']);
  assert.deepEqual(asText('5\r\nhello\r\n0\r\n\r\nHTTP/1.1'), [
    'hello',
    true,
    'chunked: 8 bytes behind its end',
  ]);
  assert.deepEqual(asText('5\r\nhelloXX\r\n0\r\n\r\n'), [
    'hello',
    false,
    'chunked: no line end behind a chunk',
  ]);
  assert.deepEqual(asText('5\r\nhello\r\nxyz\r\n'), ['hello', false, 'chunked: no chunk size']);
  assert.deepEqual(asText('ffffffffffff\r\nhello'), ['hello', false, 'chunked: ends early']);
  assert.deepEqual(asText(`5${';x'.repeat(9000)}\r\nhello`)[1], false);
});

test('bytes that never were chunked come back', () => {
  for (const body of ['<html>', '', 'fffffffffffff\r\nx', '\r\n5\r\nhello']) {
    const [text, isComplete] = asText(body);
    assert.equal(text, body);
    assert.equal(isComplete, false);
  }
});

test('pieces of any size give the same as one piece', () => {
  const random = seededRandom(5);
  for (let round = 0; round < 200; round++) {
    const body = randomBytes(random, Math.floor(random() * 300));
    const framed = Buffer.from(chunked(body, 1 + Math.floor(random() * 50)));
    if (random() < 0.5) framed[Math.floor(random() * framed.length)] = Math.floor(random() * 256);
    const decoder = new ChunkedDecoder();
    const parts: Uint8Array[] = [];
    for (let at = 0; at < framed.length;) {
      const next = at + 1 + Math.floor(random() * 9);
      parts.push(...decoder.push(framed.subarray(at, next)));
      at = next;
    }
    const whole = dechunk(framed);
    if (whole.fault === 'not chunked') assert.ok(decoder.isUnframed);
    else assert.deepEqual(Buffer.concat(parts), Buffer.from(whole.bytes));
    assert.equal(decoder.isComplete, whole.isComplete);
  }
});

test('millions of tiny chunks are given out in few pieces', () => {
  const body = Buffer.from('1\r\n<\r\n'.repeat(50_000) + '0\r\n\r\n');
  const pieces = new ChunkedDecoder().push(body);
  assert.ok(pieces.length < 100, `${pieces.length} pieces`);
  assert.equal(Buffer.concat(pieces).toString(), '<'.repeat(50_000));
  assert.deepEqual(asText('1\r\n<\r\n'.repeat(100_000) + '0\r\n\r\n'), [
    '<'.repeat(100_000),
    true,
    undefined,
  ]);
});
