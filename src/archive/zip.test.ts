import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { seededRandom } from './capture-source-fixture.ts';
import { ArchiveError } from './errors.ts';
import { FileSink } from './file-sink.ts';
import { isSafeEntryName } from './zip-format.ts';
import { ZipReader } from './zip-reader.ts';
import { ZipWriter } from './zip-writer.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-zip-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

const text = Buffer.from('hello '.repeat(1000));

/** A ZIP with a stored, a deflated and a streamed file. */
async function sample(name: string, atMostBytes = 1000): Promise<string> {
  const path = join(folder, name);
  await using sink = await FileSink.create(path);
  const zip = new ZipWriter(sink, new Date('2017-11-20T10:00:00Z'));
  const streamed = await zip.begin('archive/s.bin', atMostBytes);
  for (let i = 0; i < 10; i++) await streamed.append(text);
  await streamed.end();
  await zip.add('stored.txt', text, 'stored');
  await zip.add('dir/größe.txt', text, 'deflated');
  await zip.finish();
  await sink.commit();
  return path;
}

test('files come back as they went in, with and without ZIP64 fields', async () => {
  for (const most of [1000, 5e9]) {
    using zip = new ZipReader(await sample(`good-${most}.zip`, most));
    assert.deepEqual(zip.names, ['archive/s.bin', 'stored.txt', 'dir/größe.txt']);
    assert.deepEqual(Buffer.from(zip.read(zip.entry('dir/größe.txt')!, 1e6)), text);
    assert.deepEqual(Buffer.from(zip.read(zip.entry('stored.txt')!, 1e6)), text);
    assert.equal(zip.read(zip.entry('archive/s.bin')!, 1e6).length, text.length * 10);
    assert.throws(() => zip.read(zip.entry('stored.txt')!, 10), { code: 'archive-too-large' });
  }
});

test('names that lead out of a folder are refused by writer and reader', async () => {
  for (const name of ['../x', '/x', 'a/../b', 'a//b', 'a\\b', 'C:x', './x', '', 'a\0b', 'x/']) {
    assert.ok(!isSafeEntryName(name), name);
  }
  const path = await sample('names.zip');
  const bytes = await readFile(path);
  const hostile = Buffer.from(bytes);
  for (let at = bytes.indexOf('stored.txt'); at !== -1; at = bytes.indexOf('stored.txt', at + 1)) {
    hostile.write('../../../a', at);
  }
  await writeFile(path, hostile);
  assert.throws(() => new ZipReader(path), { code: 'archive-refused', message: /unsafe path/ });
});

/** Overwrites bytes of the directory entry of a file. */
async function withEntryField(name: string, file: string, at: number, value: number): Promise<string> {
  const path = await sample(name);
  const bytes = await readFile(path);
  const entry = bytes.lastIndexOf(file) - 46;
  bytes.writeUInt32LE(value, entry + at);
  await writeFile(path, bytes);
  return path;
}

test('overlapping files, impossible sizes and offsets are refused with their place', async () => {
  const overlapping = await withEntryField('overlap.zip', 'stored.txt', 42, 0);
  assert.throws(() => new ZipReader(overlapping), {
    code: 'archive-refused',
    message: /overlaps/,
    offset: 0,
  });
  const beyond = await withEntryField('beyond.zip', 'dir/', 20, 0x7fffffff);
  assert.throws(() => new ZipReader(beyond), { code: 'archive-damaged' });
  const encrypted = await withEntryField('encrypted.zip', 'dir/', 8, 0x00080801);
  assert.throws(() => new ZipReader(encrypted), { code: 'archive-refused', message: /encrypted/ });
  const small = await withEntryField('bomb.zip', 'dir/', 24, 10);
  using zip = new ZipReader(small);
  assert.throws(() => zip.read(zip.entry('dir/größe.txt')!, 1e6), { code: 'archive-damaged' });
});

test('a cut file is a typed error that names file and place, wherever it is cut', async () => {
  const whole = await readFile(await sample('cut.zip'));
  const path = join(folder, 'cut.zip');
  for (const length of [0, 10, 22, 1000, whole.length - 30, whole.length - 1]) {
    await writeFile(path, whole);
    await truncate(path, length);
    assert.throws(
      () => new ZipReader(path),
      (error) => error instanceof ArchiveError && error.file === path && error.offset !== undefined,
      `${length} bytes`,
    );
  }
});

test('damage anywhere is a typed error or is not in the files', async () => {
  const random = seededRandom(3);
  const path = await sample('damaged.zip');
  const whole = await readFile(path);
  for (let round = 0; round < 300; round++) {
    const damaged = Buffer.from(whole);
    const near =
      random() < 0.5 ? whole.length - Math.floor(random() * 300) - 1 : Math.floor(random() * whole.length);
    damaged[Math.max(0, near)] = Math.floor(random() * 256);
    await writeFile(path, damaged);
    try {
      using zip = new ZipReader(path);
      for (const name of zip.names) {
        const bytes = zip.read(zip.entry(name)!, 1e6);
        assert.equal(Buffer.from(bytes).equals(text) || bytes.length === text.length * 10, true, name);
      }
    } catch (error) {
      assert.ok(error instanceof ArchiveError, String(error));
    }
  }
});
