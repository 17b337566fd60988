import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { toBrand, type BrandDraft, type DatasetId, type Observation } from '#model';
import { openWorkbench, type Workbench } from './workbench.ts';

let directory: string;
let workbench: Workbench;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-names-'));
  workbench = await openWorkbench({ directory });
});
after(async () => {
  await workbench[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function seen(source: string, target: string, fields: Partial<Observation> = {}): Observation {
  return {
    dataset: 'host-pairs' satisfies DatasetId,
    source,
    label: 'a.href',
    target,
    seenAt: '2017-11-10T10:00:00.000Z',
    detail: { isObserved: false },
    evidence: {},
    ...fields,
  };
}

const protect = (draft: BrandDraft) => {
  const { id } = toBrand(draft);
  return workbench.workspace.brands.change(id, () => toBrand(draft));
};
const lookalikes = async (brand: string) =>
  (await workbench.store.lookalikes({ brand, limit: 100 })).lookalikes;

test('a brand that is protected later finds what was seen before, with when it was seen', async () => {
  await workbench.store.add({
    id: 'before',
    observations: [
      seen('forum.example', 'xn--bitcingold-hcb.org'),
      seen('forum.example', 'login.bitcoingo1d.com', { seenAt: '2017-11-16T10:00:00.000Z' }),
      seen('forum.example', 'bitcoingold-wallet.info'),
      seen('forum.example', 'bitcoingold.org.attacker.example'),
      seen('forum.example', 'btcoinglod.org'),
      seen('forum.example', 'www.bitcoingold.org'),
      seen('forum.example', 'weather.example'),
      seen('forum.example', '203.0.113.7'),
      seen('forum.example', 'brand.example', {
        dataset: 'certificates',
        label: 'SAN',
        target: 'ab'.repeat(32),
      }),
    ],
  });
  assert.deepEqual(await lookalikes('bitcoingold.org'), []);
  await protect({ domains: ['bitcoingold.org'] });
  const { found, names, brands } = await workbench.matchSeen();
  assert.deepEqual({ found, brands }, { found: 5, brands: ['bitcoingold.org'] });
  assert.ok(names < 9, `${names} names looked at: the pieces spare none`);
  const hits = await lookalikes('bitcoingold.org');
  assert.deepEqual(
    new Set(hits.map(({ host }) => host)),
    new Set([
      'xn--bitcingold-hcb.org',
      'login.bitcoingo1d.com',
      'bitcoingold-wallet.info',
      'bitcoingold.org.attacker.example',
      'btcoinglod.org',
    ]),
  );
  const idn = hits.find(({ host }) => host === 'xn--bitcingold-hcb.org')!;
  assert.equal(idn.technique, 'idn-diacritic');
  assert.equal(idn.detail['level'], 'HIGH');
  assert.equal(idn.detail['display'], 'bitcöingold.org');
  assert.equal(idn.detail['characters'], 'ö (U+00F6) for o');
  assert.equal(idn.firstSeen, '2017-11-10T10:00:00.000Z');
  assert.equal(hits.find(({ host }) => host.startsWith('login.'))?.firstSeen, '2017-11-16T10:00:00.000Z');
});

test('matching again adds nothing, and what comes in is matched on its way', async () => {
  const counts = async () =>
    (
      await workbench.store.edges({ dataset: 'look-alikes', direction: 'reverse', value: 'bitcoingold.org' })
    ).edges.map(({ source, count }) => [source, count]);
  const before = await counts();
  assert.deepEqual((await workbench.matchSeen()).brands, []);
  assert.equal((await workbench.matchSeen({ brands: ['bitcoingold.org'] })).found, 5);
  assert.deepEqual(await counts(), before);
  await workbench.store.add({
    id: 'stream',
    observations: [seen('mail.example', 'bitc0ingold.org'), seen('mail.example', 'www.bitcoingold.org')],
  });
  assert.deepEqual(
    (await lookalikes('bitcoingold.org')).filter(({ host }) => host === 'bitc0ingold.org').length,
    1,
  );
  assert.equal((await counts()).length, before.length + 1);
});

test('what is owned, or the very name of another brand, imitates nobody', async () => {
  await workbench.store.add({
    id: 'owners',
    observations: ['electrum.com', 'electrun.org', 'electrum-support.example'].map((host) =>
      seen('forum.example', host),
    ),
  });
  await protect({ domains: ['electrun.org'] });
  await protect({ domains: ['electrum.org'], owned: ['electrum.com'] });
  await workbench.matchSeen();
  assert.deepEqual(
    (await lookalikes('electrum.org')).map(({ host }) => host),
    ['electrum-support.example'],
  );
});

test('pages, levels, techniques, text and domains that were found out to be its own narrow the list', async () => {
  const all = await lookalikes('bitcoingold.org');
  const paged = [];
  let cursor: string | undefined;
  do {
    const page = await workbench.store.lookalikes({ brand: 'bitcoingold.org', limit: 2, cursor });
    paged.push(...page.lookalikes);
    cursor = page.cursor;
  } while (cursor !== undefined);
  assert.deepEqual(paged, all);
  const ask = async (query: object) =>
    (await workbench.store.lookalikes({ brand: 'bitcoingold.org', limit: 100, ...query })).lookalikes.map(
      ({ host }) => host,
    );
  assert.deepEqual(await ask({ techniques: ['combo'] }), ['bitcoingold-wallet.info']);
  assert.deepEqual(await ask({ contains: 'CÖIN' }), ['xn--bitcingold-hcb.org']);
  assert.ok(
    !(await ask({ foreignTo: ['attacker.example'] })).some((host) => host.endsWith('attacker.example')),
  );
  assert.equal((await ask({ leastScore: 1.1 })).length, 0);
  assert.deepEqual(await ask({ firstSeenFrom: '2017-11-15T00:00:00Z' }), ['login.bitcoingo1d.com']);
  await assert.rejects(workbench.store.lookalikes({ brand: 'x', limit: 1, cursor: 'none' }), {
    code: 'bad-cursor',
  });
});

test('more look-alikes than a batch takes are cut to the surest, and what comes with them is stored', async () => {
  const many = Array.from({ length: 10_050 }, (_, at) => seen('spam.example', `bitcoingold-${at}.example`));
  await workbench.store.addAll([
    { id: 'many', observations: [...many, seen('spam.example', 'bitcoing0ld.net')] },
  ]);
  const { lookalikes: found } = await workbench.store.lookalikes({ brand: 'bitcoingold.org', limit: 20_000 });
  const fresh = found.filter(({ host }) => host.endsWith('.example') && /-\d+\./.test(host));
  assert.equal(fresh.length, 9_999);
  assert.ok(found.some(({ host }) => host === 'bitcoing0ld.net'));
  assert.equal((await workbench.store.status()).pending, 0);
});
