import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { chunked } from './capture-source-fixture.ts';
import { describeBody } from './index.ts';

const text = Buffer.from('<!DOCTYPE html><p>hello</p>'.repeat(100));
const hash = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

test('digests are of the payload, sizes of both', () => {
  const encoded = gzipSync(text);
  const framed = chunked(encoded, 77);
  const body = describeBody(framed, [
    ['Transfer-Encoding', 'chunked'],
    ['content-encoding', 'gzip'],
  ]);
  assert.deepEqual(body, {
    sizeBytes: text.length,
    encodedSizeBytes: encoded.length,
    sha256: hash('sha256', text),
    sha1: hash('sha1', text),
    md5: hash('md5', text),
    magic: 'text/html',
  });
});

test('what cannot be undone is described as it was received', () => {
  const cut = gzipSync(text).subarray(0, 40);
  const body = describeBody(cut, [['content-encoding', 'gzip']], { truncated: 'disconnect' });
  assert.equal(body.sha256, hash('sha256', cut));
  assert.equal(body.sizeBytes, cut.length);
  assert.equal(body.truncated, 'disconnect');
  assert.match(body.decodeFault ?? '', /gzip: ends early/);
  const bomb = describeBody(gzipSync(new Uint8Array(1_000_000)), [['content-encoding', 'gzip']], {
    maxDecodedBytes: 100_000,
  });
  assert.match(bomb.decodeFault ?? '', /larger than the limit/);
});

test('junk behind a whole body does not unmake it', () => {
  const junk = Buffer.concat([gzipSync(text), Buffer.from('junk')]);
  const body = describeBody(junk, [['content-encoding', 'gzip']]);
  assert.equal(body.sha256, hash('sha256', text));
  assert.equal(body.decodeFault, undefined);
});

test('chunked in the header only: the bytes count', () => {
  const body = describeBody(text, [['transfer-encoding', 'chunked']]);
  assert.equal(body.sha256, hash('sha256', text));
});

test('a range of a spool file; a spool file that lost its end is a fault', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'adit-payload-'));
  try {
    const path = join(folder, 'spool');
    await writeFile(path, Buffer.concat([Buffer.from('abc'), text, Buffer.from('def')]));
    const source = { path, offset: 3, length: text.length };
    assert.equal(describeBody(source, []).sha256, hash('sha256', text));
    await truncate(path, 100);
    assert.throws(() => describeBody(source, []), { code: 'archive-spool-lost', file: path, offset: 100 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
