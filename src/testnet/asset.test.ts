import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { inertExecutable, noise, pdf, png, wav } from './asset.ts';

test('noise depends on its seed alone', () => {
  assert.deepEqual(noise(1000, 5), noise(1000, 5));
  assert.notDeepEqual(noise(1000, 5), noise(1000, 6));
});

test('a PNG has right checksums and as many pixels as it says', () => {
  for (const size of [70, 200, 15_000]) {
    const file = Buffer.from(png(1, size));
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < file.length;) {
      const length = file.readUInt32BE(at);
      const body = file.subarray(at + 4, at + 8 + length);
      assert.equal(file.readUInt32BE(at + 8 + length), crc32(body));
      chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
      at += 12 + length;
    }
    const width = chunks.get('IHDR')!.readUInt32BE(0);
    assert.equal(inflateSync(chunks.get('IDAT')!).length, width * (1 + width * 3));
    assert.ok(Math.abs(file.length - size) < 60 + size * 0.05, `${file.length} for ${size}`);
  }
});

test('WAV, program and PDF say what they are', () => {
  const sound = Buffer.from(wav(1000));
  assert.equal(sound.readUInt32LE(4) + 8, sound.length);
  const program = Buffer.from(inertExecutable(1, 5000));
  assert.equal(program.length, 5000);
  assert.equal(program.toString('latin1', program.readUInt32LE(0x3c), 0x84), 'PE\u0000\u0000');
  const document = Buffer.from(pdf('a (b)')).toString('latin1');
  const table = Number(/startxref\n(\d+)/.exec(document)![1]);
  assert.equal(document.slice(table, table + 4), 'xref');
  const third = Number(document.slice(table).split('\n')[5]!.slice(0, 10));
  assert.ok(document.slice(third).startsWith('3 0 obj'));
});
