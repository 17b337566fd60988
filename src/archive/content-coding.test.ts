import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { randomBytes, seededRandom } from './capture-source-fixture.ts';
import { decodeContent } from './content-coding.ts';

const random = seededRandom(1);
/** Compresses to a third, with nothing said twice at a distance: each compressor's blocks are of about the same size. */
const text = Buffer.from(
  Array.from({ length: 60_000 }, () => `${Math.floor(random() * 1e6)} `).join('line\n'),
);
const MAX = 1024 * 1024;

const CODINGS: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  gzip: (bytes) => gzipSync(bytes),
  'x-gzip': (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  'DEFLATE ': (bytes) => deflateRawSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
  'gzip, br': (bytes) => brotliCompressSync(gzipSync(bytes)),
  'identity, gzip,': (bytes) => gzipSync(bytes),
};

for (const [coding, encode] of Object.entries(CODINGS)) {
  test(`${coding}: whole, cut, damaged, with junk, too large`, () => {
    const encoded = encode(text);
    assert.deepEqual(decodeContent(encoded, coding, MAX), { bytes: text });

    const junk = decodeContent(Buffer.concat([encoded, Buffer.from('<!-- -->')]), coding, MAX);
    assert.deepEqual(Buffer.from(junk.bytes), text);
    assert.match(junk.fault ?? '', /8 bytes behind its end/);

    const cut = decodeContent(encoded.subarray(0, Math.floor(encoded.length * 0.9)), coding, MAX);
    assert.match(cut.fault ?? '', /^\S+: ends early/);
    assert.ok(cut.bytes.length > text.length / 3, `${cut.bytes.length} bytes of a cut body`);
    assert.deepEqual(Buffer.from(cut.bytes), text.subarray(0, cut.bytes.length));

    const limited = decodeContent(encoded, coding, 150_000);
    assert.match(limited.fault ?? '', /larger than the limit/);
    assert.deepEqual(Buffer.from(limited.bytes), text.subarray(0, 150_000));

    const damaged = Buffer.from(encoded);
    for (let at = damaged.length >> 1, to = at + 4; at < to; at++) damaged[at]! ^= 0xff;
    for (let round = 0; round < 3; round++) {
      const { bytes, fault } = decodeContent(damaged, coding, MAX);
      // a stack of codings may be damaged in its inner one, and deflate has no checksum
      assert.ok(bytes.length > text.length / 4, `${bytes.length} bytes of a damaged body, ${fault}`);
      assert.deepEqual(Buffer.from(bytes.subarray(0, text.length / 4)), text.subarray(0, text.length / 4));
    }

    assert.deepEqual(decodeContent(new Uint8Array(0), coding, MAX), { bytes: new Uint8Array(0) });
  });
}

test('a body that is not coded as its header says comes back as it is', () => {
  const html = Buffer.from('<html>hello</html>');
  for (const coding of ['gzip', 'br', 'zstd', 'deflate', 'utf-8', 'aws-chunked']) {
    const { bytes, fault } = decodeContent(html, coding, MAX);
    assert.deepEqual(Buffer.from(bytes), html, coding);
    assert.ok(fault !== undefined, coding);
  }
  assert.deepEqual(decodeContent(html, undefined, MAX), { bytes: html });
  assert.deepEqual(decodeContent(html, ' identity ', MAX), { bytes: html });
});

test('several gzip members and zstd frames are one body', () => {
  const gzip = Buffer.concat([gzipSync('a'), gzipSync('b')]);
  assert.equal(Buffer.from(decodeContent(gzip, 'gzip', MAX).bytes).toString(), 'ab');
  const zstd = Buffer.concat([zstdCompressSync('a'), zstdCompressSync('b')]);
  assert.equal(Buffer.from(decodeContent(zstd, 'zstd', MAX).bytes).toString(), 'ab');
});

test('bombs stay within the limit', () => {
  const zeros = new Uint8Array(64 * MAX);
  for (const [coding, encode] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const) {
    const { bytes, fault } = decodeContent(encode(zeros), coding, MAX);
    assert.ok(bytes.length <= MAX);
    assert.match(fault ?? '', /larger than the limit/, coding);
  }
  const nested = gzipSync(gzipSync(zeros));
  assert.ok(decodeContent(nested, 'gzip, gzip', MAX).bytes.length <= MAX);
  assert.match(
    decodeContent(text, Array.from({ length: 50 }, () => 'gzip').join(','), MAX).fault ?? '',
    /50 content codings/,
  );
  const many = Buffer.concat(Array.from({ length: 3000 }, () => gzipSync('')));
  assert.match(decodeContent(many, 'gzip', MAX).fault ?? '', /limit/);
});

test('damage anywhere never throws and never invents a clean result', () => {
  const random = seededRandom(11);
  const small = text.subarray(0, 5000);
  for (let round = 0; round < 400; round++) {
    const names = Object.keys(CODINGS);
    const coding = names[Math.floor(random() * names.length)]!;
    const damaged = Buffer.from(CODINGS[coding]!(small));
    const at = Math.floor(random() * damaged.length);
    damaged.set(randomBytes(random, 1 + Math.floor(random() * 8)).subarray(0, damaged.length - at), at);
    const { bytes, fault } = decodeContent(damaged, coding, MAX);
    assert.ok(bytes.length <= MAX);
    // of these formats gzip alone always carries a checksum
    if (fault === undefined && coding.includes('gzip')) assert.deepEqual(Buffer.from(bytes), small);
  }
});
