import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lockDirectory } from './directory-lock.ts';

const SELF = new URL('./directory-lock.ts', import.meta.url).href;

async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'adit-lock-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A process that takes the lock and says how it went; it holds it until its standard input ends. */
function locker(directory: string) {
  const code = `const { lockDirectory } = await import(${JSON.stringify(SELF)});
    try { globalThis.lock = await lockDirectory(${JSON.stringify(directory)}); console.log('locked'); process.stdin.resume(); }
    catch (error) { console.log(error.code); process.exit(0); }`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
}

const firstLine = async (child: ReturnType<typeof locker>): Promise<string> =>
  String((await once(child.stdout, 'data'))[0]).trim();

test('a second process is refused while the first lives, and takes over when it was killed', () =>
  inFolder(async (directory) => {
    const first = locker(directory);
    assert.equal(await firstLine(first), 'locked');
    await assert.rejects(lockDirectory(directory), (error: Error & { code: string }) => {
      assert.equal(error.code, 'store-in-use');
      assert.ok(error.message.includes(String(first.pid)));
      return true;
    });
    first.kill('SIGKILL');
    await once(first, 'exit');
    await using lock = await lockDirectory(directory);
    assert.ok(lock);
  }));

test('of many that start at once on a lock left behind exactly one gets it', () =>
  inFolder(async (directory) => {
    const dead = locker(directory);
    await firstLine(dead);
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    const many = Array.from({ length: 6 }, () => locker(directory));
    const words = await Promise.all(many.map(firstLine));
    assert.deepEqual(words.toSorted(), ['locked', ...Array.from({ length: 5 }, () => 'store-in-use')]);
    for (const child of many) child.kill('SIGKILL');
  }));

test('a released lock leaves nothing behind; a torn one is replaced', () =>
  inFolder(async (directory) => {
    await (await lockDirectory(directory))[Symbol.asyncDispose]();
    assert.deepEqual(await readdir(directory), []);
    await writeFile(join(directory, 'owner.lock'), '{"pid":');
    await using lock = await lockDirectory(directory);
    assert.ok(lock);
  }));
