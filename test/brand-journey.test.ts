import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openHome, run, start, type Running } from './cli-fixture.ts';

interface BrandJson {
  readonly id: string;
  readonly owned: readonly string[];
  readonly disowned: readonly string[];
}

describe('a brand, from the names that were seen before it to the end of its protection', () => {
  const home = openHome();
  let server: Running;
  before(async () => {
    server = start(home.environment, 'serve', '--port', '0', '--json');
    await server.says('}');
  });
  after(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
    home[Symbol.dispose]();
  });
  const adit = (...args: string[]) => run(home.environment, ...args);
  const lookalikes = async (...more: string[]): Promise<string[]> => {
    const listed = await adit('lookalikes', 'electrum.org', '--seen', '--json', ...more);
    assert.equal(listed.code, 0, listed.stderr);
    const lines = listed.stdout.trim().split('\n').filter(Boolean);
    return lines.map((line) => (JSON.parse(line) as { host: string }).host).toSorted();
  };

  test('names are kept before anybody is protected', async () => {
    const list = join(home.path, 'names.txt');
    writeFileSync(list, 'xn--electrm-s2a.org\nelectrum-download.com\nnews.example.com\nelectrum.org\n');
    const kept = await adit('match', list, '--store');
    assert.equal(kept.code, 0, kept.stderr);
  });

  test('protecting the brand finds them', async () => {
    const added = await adit('brand', 'add', 'electrum.org', '--json');
    assert.equal(added.code, 0, added.stderr);
    assert.equal(added.json<{ found: number }>().found, 2);
    assert.deepEqual(await lookalikes(), ['electrum-download.com', 'xn--electrm-s2a.org']);
  });

  test('a second look tells only what is new', async () => {
    assert.deepEqual(await lookalikes(), []);
    assert.deepEqual(await lookalikes('--again'), ['electrum-download.com', 'xn--electrm-s2a.org']);
  });

  test('what the brand is said to own imitates it no more', async () => {
    const owned = await adit('brand', 'own', 'electrum.org', 'electrum-download.com', '--json');
    assert.deepEqual(owned.json<BrandJson>().owned, ['electrum-download.com']);
    assert.deepEqual(await lookalikes('--again'), ['xn--electrm-s2a.org']);
    const disowned = await adit('brand', 'own', 'electrum.org', 'electrum-download.com', '--not', '--json');
    assert.deepEqual(disowned.json<BrandJson>().disowned, ['electrum-download.com']);
    assert.deepEqual(disowned.json<BrandJson>().owned, []);
  });

  test('it is listed and shown, and protected no longer when it is removed', async () => {
    const listed = await adit('brand', 'list', '--json');
    assert.deepEqual(
      listed.json<{ brands: BrandJson[] }>().brands.map(({ id }) => id),
      ['electrum.org'],
    );
    assert.match((await adit('brand', 'show', 'electrum.org')).stdout, /electrum-download\.com/);
    assert.equal((await adit('brand', 'remove', 'electrum.org')).code, 0);
    assert.equal((await adit('brand', 'show', 'electrum.org', '--json')).code, 2);
  });
});
