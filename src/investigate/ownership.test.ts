import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { toBrand, type DatasetId, type Observation } from '#model';
import { openObservationStore, type ObservationStore } from '#store';
import { proposeOwned } from './ownership.ts';

let directory: string;
let store: ObservationStore;

const fact = (dataset: DatasetId, source: string, label: string, target: string): Observation => ({
  dataset,
  source,
  label,
  target,
  seenAt: '2017-11-10T00:00:00.000Z',
  detail: {},
  evidence: {},
});
const OWN = 'aa'.repeat(32);
const SERVICE = 'bb'.repeat(32);

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-ownership-'));
  store = await openObservationStore({ directory });
  await store.add({
    id: 'world',
    observations: [
      fact('certificates', 'www.brand.org', 'leaf', OWN),
      fact('certificates', 'brand.org', 'SAN', OWN),
      fact('certificates', 'shop.brand-pay.net', 'SAN', OWN),
      fact('certificates', 'brand.org', 'SAN', SERVICE),
      ...Array.from({ length: 60 }, (_, at) => fact('certificates', `tenant${at}.com`, 'SAN', SERVICE)),
      fact('host-pairs', 'brand.org', 'finalRedirect', 'www.brand.com'),
      fact('host-pairs', 'phish.info', 'topLevelRedirect', 'www.brand.org'),
      fact('host-pairs', 'short.link', 'redirect', 'brand.org'),
      ...Array.from({ length: 60 }, (_, at) =>
        fact('host-pairs', 'short.link', 'redirect', `target${at}.com`),
      ),
      fact('trackers', 'www.brand.org', 'GoogleAnalyticsTrackingId', 'UA-1'),
      fact('trackers', 'copy.info', 'GoogleAnalyticsTrackingId', 'UA-1'),
      fact('trackers', 'brand.de', 'GoogleAnalyticsTrackingId', 'UA-1'),
      fact('resolutions', 'brand.org', 'NS', 'ns1.dns.net'),
      fact('resolutions', 'brand.de', 'NS', 'ns1.dns.net'),
      fact('resolutions', 'copy.info', 'NS', 'ns.elsewhere.net'),
    ],
  });
});
after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const brandOf = (draft: Parameters<typeof toBrand>[0]) => ({
  ...toBrand(draft),
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

test('redirects, certificates, trackers with name servers propose what may be of the same owner', async () => {
  const proposals = await proposeOwned(store, brandOf({ domains: ['brand.org'] }));
  assert.deepEqual(
    proposals.map(({ domain, reasons }) => [domain, reasons.map(({ kind }) => kind)]),
    [
      ['brand-pay.net', ['certificate']],
      ['brand.com', ['redirect-to']],
      ['brand.de', ['tracker-and-name-server']],
      ['phish.info', ['redirect-from']],
    ],
  );
  assert.ok(proposals.at(-1)!.score < 0.5, 'a redirect to the brand says little');
});

test('what was decided is not proposed again', async () => {
  const brand = brandOf({
    domains: ['brand.org', 'brand.com'],
    owned: ['brand-pay.net'],
    disowned: ['phish.info'],
  });
  assert.deepEqual(
    (await proposeOwned(store, brand)).map(({ domain }) => domain),
    ['brand.de'],
  );
});
