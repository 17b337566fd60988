import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestnet } from '../testnet.ts';
import { visit } from '../visit-fixture.ts';
import { loadPage } from './index.ts';

test('the page has 30 resources on 7 hosts, all of them there, about 0.7 MB', async () => {
  const { sites, startUrl: url, requests } = loadPage();
  await using testnet = await openTestnet({ sites });
  const addresses = sites.flatMap(({ host, routes }) =>
    Object.keys(routes).map((path) => `https://${host}${path}`),
  );
  assert.equal(addresses.length, requests);
  assert.ok(addresses.includes(url));
  assert.equal(sites.length, 7);
  let size = 0;
  for (const address of addresses) {
    const got = await visit(testnet, address, { protocol: 'h2' });
    assert.equal(got.status, 200, address);
    size += got.body.length;
  }
  assert.ok(size > 600_000 && size < 900_000, `${size} bytes`);
  const page = (await visit(testnet, url)).body.toString();
  const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(
    ([, address]) => new URL(address!, url).href,
  );
  assert.deepEqual(
    named.filter((address) => !addresses.includes(address)),
    [],
  );
});
