import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { randomBytes, seededRandom, SourceFixture } from './capture-source-fixture.ts';
import { ArchiveError } from './errors.ts';
import { MAX_PAYLOAD_BYTES, openBundle, writeBundle } from './index.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adit-durability-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

test('a failure leaves nothing behind', async () => {
  const inside = await mkdtemp(join(folder, 'fail-'));
  const spool = join(folder, 'short');
  await writeFile(spool, Buffer.alloc(300_000));
  const source = new SourceFixture();
  const body = { path: spool, offset: 0, length: 300_000 };
  source.exchange({ url: 'https://example.org/', status: 200, body });
  await writeFile(spool, Buffer.alloc(290_000));
  const path = join(inside, 'a.wacz');
  await assert.rejects(writeBundle(source, path), { code: 'archive-spool-lost' });
  assert.deepEqual(await readdir(inside), []);

  const misplaced = new SourceFixture();
  misplaced.attachments.set('archive/extra.warc', Buffer.from('x'));
  await assert.rejects(writeBundle(misplaced, path), { code: 'archive-bad-source' });
  const climbing = new SourceFixture();
  climbing.attachments.set('adit/../../x', Buffer.from('x'));
  await assert.rejects(writeBundle(climbing, path), { code: 'archive-bad-source' });
  assert.deepEqual(await readdir(inside), []);
});

/** A process that writes bundles of 40 MB for as long as it lives, and says when it begins and when it has done one. */
function spawnWriter(script: string, ...args: string[]): ReturnType<typeof spawn> {
  const code = `
    import { SourceFixture } from ${JSON.stringify(import.meta.resolve('./capture-source-fixture.ts'))};
    import { writeBundle } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
    const [folder, spool, size] = process.argv.slice(1);
    ${script}`;
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', code, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('killed at any moment, no partial bundle stands under a final name', { timeout: 600_000 }, async () => {
  const inside = await mkdtemp(join(folder, 'kill-'));
  const spool = join(folder, 'spool');
  await writeFile(spool, randomBytes(seededRandom(4), 4_000_000));
  const partials = async (): Promise<string[]> =>
    (await readdir(inside)).filter((name) => name.endsWith('.partial'));
  // Where the machine is busy the kill comes late: again, until one was at work.
  const delays = [0, 10, 40, ...Array.from({ length: 20 }, (_, index) => 50 + index)];
  for (const delayMs of delays) {
    if (delayMs > 40 && (await partials()).length > 0) break;
    const child = spawnWriter(
      `const source = new SourceFixture();
       for (let i = 0; i < 10; i++) source.exchange({
         url: 'https://example.org/' + i, status: 200, body: { path: spool, offset: 0, length: 4000000 } });
       for (let i = 0; i < 10; i++) {
         process.stdout.write('begin ');
         await writeBundle(source, folder + '/' + size + '-' + i + '.wacz');
       }`,
      inside,
      spool,
      String(delayMs),
    );
    await once(child.stdout!, 'data');
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const name of (await readdir(inside)).filter((name) => name.endsWith('.wacz'))) {
      await using bundle = await openBundle(join(inside, name));
      assert.deepEqual(await bundle.verify(), [], name);
    }
  }
  assert.ok((await partials()).length > 0, 'at least one was killed at work');
});

test('a large body passes through in bounded memory', { timeout: 600_000 }, async () => {
  const spool = join(folder, 'sparse');
  const size = 160 * 1024 * 1024;
  const file = await open(spool, 'w');
  await file.truncate(size);
  await file.close();
  const peakMb = async (bytes: number): Promise<number> => {
    const child = spawnWriter(
      `const source = new SourceFixture();
       source.exchange({ url: 'https://example.org/', status: 200, headers: [['content-type', 'application/zip']],
         body: { path: spool, offset: 0, length: Number(size) } });
       await writeBundle(source, folder + '/large.wacz');
       process.stdout.write(String(process.resourceUsage().maxRSS / 1024));`,
      folder,
      spool,
      String(bytes),
    );
    let text = '';
    child.stdout!.on('data', (chunk) => (text += String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0);
    return Number(text);
  };
  const small = await peakMb(1000);
  const large = await peakMb(size);
  assert.ok(large - small < 100, `${Math.round(large)} MB, ${Math.round(small)} MB of it without the body`);
  await using bundle = await openBundle(join(folder, 'large.wacz'));
  const body = bundle.responseBody(bundle.capture.exchanges[0]!)!;
  assert.equal(body.length, MAX_PAYLOAD_BYTES);
  assert.deepEqual(await bundle.verify(), []);
});

test('a bundle that is no capture, is newer, or lies about its records is a typed error', async () => {
  const path = join(folder, 'newer.wacz');
  const source = new SourceFixture();
  source.exchange({ url: 'https://example.org/', status: 200, body: Buffer.from('x') });
  await writeBundle(source, path);
  const { capture } = source;
  source.set({ version: 2 as never });
  await writeBundle(source, path);
  await assert.rejects(openBundle(path), { code: 'archive-newer-version' });
  source.capture = { ...capture, outcome: { kind: 'fine' as never } };
  await writeBundle(source, path);
  await assert.rejects(openBundle(path), { code: 'archive-no-capture', message: /outcome\.kind/ });
  await writeFile(path, 'no zip at all, but long enough to hold a directory record');
  await assert.rejects(openBundle(path), { code: 'archive-not-an-archive' });
  await assert.rejects(openBundle(join(folder, 'none.wacz')), { code: 'ENOENT' });
});

test('a cut or damaged bundle is a typed error that names the place', async () => {
  const path = join(folder, 'damaged.wacz');
  const source = new SourceFixture();
  const random = seededRandom(6);
  for (let i = 0; i < 5; i++) {
    source.exchange({ url: `https://example.org/${i}`, status: 200, body: randomBytes(random, 3000) });
  }
  await writeBundle(source, path);
  const whole = await readFile(path);
  let unseen = 0;
  for (let round = 0; round < 150; round++) {
    const damaged = Buffer.from(whole);
    const at = Math.floor(random() * whole.length);
    damaged[at]! ^= 1 + Math.floor(random() * 255);
    await writeFile(path, damaged);
    try {
      await using bundle = await openBundle(path);
      for (const exchange of bundle.capture.exchanges) bundle.responseBody(exchange);
      if ((await bundle.verify()).length === 0) unseen++;
    } catch (error) {
      assert.ok(error instanceof ArchiveError, String(error));
    }
  }
  // ZIP headers hold bytes that nothing inside depends on, their times for one
  assert.ok(unseen < 15, `${unseen} of 150 changes were not seen`);
  for (let length = 0; length < whole.length; length += 997) {
    await writeFile(path, whole.subarray(0, length));
    await assert.rejects(openBundle(path), (error) => error instanceof ArchiveError && error.file === path);
  }
});
