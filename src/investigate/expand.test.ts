import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DatasetId, Host, Observation } from '#model';
import { openObservationStore, type ObservationStore } from '#store';
import { expand } from './expand.ts';
import { pivot } from './pivot.ts';
import { summarize } from './summary.ts';

let directory: string;
let store: ObservationStore;

const fact = (dataset: DatasetId, source: string, label: string, target: string): Observation => ({
  dataset,
  source,
  label,
  target,
  seenAt: '2017-11-10T00:00:00.000Z',
  detail: { isObserved: true },
  evidence: { exchange: 0 },
});
const host = (text: string) => text as Host; // test names are hosts

const INNOCENTS = Array.from({ length: 40 }, (_, index) => `shop${index}.example`);
const FAKES = ['fake1.example', 'fake2.example', 'fake3.example', 'fake4.example'];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-expand-'));
  store = await openObservationStore({ directory });
  const everybody = [...INNOCENTS, ...FAKES];
  await store.add({
    id: 'world',
    observations: [
      ...everybody.map((source) => fact('host-pairs', source, 'script.src', 'cdn.example')),
      ...everybody.map((source) => fact('trackers', source, 'GoogleAnalyticsTrackingId', 'UA-EVERY-1')),
      // fake1 and fake2 load from the brand; fake2 and fake3 share an id; fake3 and fake4 an address; one shop shares a theme with fake1.
      ...['fake1.example', 'fake2.example'].map((source) =>
        fact('host-pairs', source, 'img.src', 'brand.example'),
      ),
      ...['fake2.example', 'fake3.example'].map((source) =>
        fact('trackers', source, 'YandexMetricaCounterId', '4711'),
      ),
      ...['fake1.example', 'fake4.example'].map((source) => fact('resolutions', source, 'A', '203.0.113.9')),
      ...['fake1.example', 'shop0.example', 'shop1.example', 'shop2.example'].map((source) =>
        fact('components', source, 'CMS', 'Theme'),
      ),
      fact('mirror-stamps', 'copy.example', 'HTTrack', 'brand.example'),
      fact('host-pairs', 'fake1.example', 'download', 'files.example'),
      fact('host-pairs', 'www.brand.example', 'img.src', 'brand.example'),
    ],
  });
});

after(async () => {
  await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

test('expansion ranks what shares rare values above everybody else, and names what is too common', async () => {
  const expansion = await expand(store, {
    confirmed: [host('fake1.example'), host('fake2.example')],
    owned: [host('brand.example')],
  });
  const ranked = expansion.suspects.map(({ artifact }) => artifact.value);
  assert.deepEqual(
    new Set(ranked.slice(0, 4)),
    new Set(['fake3.example', 'fake4.example', 'copy.example', 'files.example']),
  );
  const firstInnocent = ranked.findIndex((value) => value.startsWith('shop'));
  assert.ok(firstInnocent === -1 || firstInnocent >= 4);
  assert.ok(!ranked.includes('cdn.example') && !ranked.some((value) => value.endsWith('brand.example')));
  const common = expansion.tooCommon.map(({ artifact }) => artifact.value);
  assert.ok(common.includes('cdn.example') && common.includes('UA-EVERY-1'), common.join());
});

test('a service of everybody is too common however few of its users were seen; who shares a token there is found', async () => {
  const token = '482915306:AAFbNoSuchBotExists';
  await store.add({
    id: 'services',
    observations: [
      fact('host-pairs', 'lure1.example', 'beacon', 'api.telegram.org'),
      fact('host-pairs', 'lure2.example', 'beacon', 'api.telegram.org'),
      fact('trackers', 'lure1.example', 'TelegramBotToken', token),
      fact('trackers', 'lure2.example', 'TelegramBotToken', token),
      // An ordinary page has the counter's host alone in common with the lure.
      fact('host-pairs', 'lure1.example', 'img.src', 'mc.yandex.ru'),
      fact('host-pairs', 'weather.example', 'img.src', 'mc.yandex.ru'),
      // It never is a suspect, also where it was not met as what the confirmed load from.
      fact('host-pairs', 't.co', 'redirect', 'lure1.example'),
      fact('host-pairs', 'lure1.example', 'redirect', 'drop.example'),
      fact('host-pairs', 'lure1.example', 'script.src', 'mc.yandex.ru.evil.example'),
    ],
  });
  const { suspects, tooCommon } = await expand(store, { confirmed: [host('lure1.example')] });
  const ranked = suspects.map(({ artifact }) => artifact.value);
  assert.equal(ranked[0], 'lure2.example');
  assert.deepEqual(
    suspects[0]?.leads.map(({ value }) => value),
    [token],
  );
  assert.deepEqual(ranked.slice(1).sort(), ['drop.example', 'mc.yandex.ru.evil.example']);
  const reasons = new Map(tooCommon.map(({ artifact, reason }) => [artifact.value, reason]));
  assert.match(reasons.get('mc.yandex.ru') ?? '', /Yandex Metrica \(analytics service\)/);
  assert.match(reasons.get('api.telegram.org') ?? '', /Telegram/);
  assert.match(reasons.get('t.co') ?? '', /social network/);
});

test('a value that many have in this store says how many', async () => {
  const { tooCommon } = await expand(store, { confirmed: [host('fake1.example')] });
  const cdn = tooCommon.find(({ artifact }) => artifact.value === 'cdn.example');
  assert.deepEqual([cdn?.shared, cdn?.reason], [44, '44 hosts have it, more than 10']);
});

test('who leads to a confirmed or genuine host is looked at, also where that is a service', async () => {
  await store.add({
    id: 'of-a-service',
    observations: [fact('host-pairs', 'clone.example', 'img.src', 'www.paypal.com')],
  });
  const { suspects } = await expand(store, { confirmed: [], owned: [host('www.paypal.com')] });
  assert.deepEqual(
    suspects.map(({ artifact }) => artifact.value),
    ['clone.example'],
  );
});

test('each suspect shows the path that led to it', async () => {
  const { suspects } = await expand(store, { confirmed: [host('fake2.example')] });
  const lead = suspects.find(({ artifact }) => artifact.value === 'fake3.example')?.leads[0];
  assert.deepEqual(
    lead?.path.map(({ from, dataset, label, direction, to }) => [
      from.value,
      dataset,
      label,
      direction,
      to.value,
    ]),
    [
      ['fake2.example', 'trackers', 'YandexMetricaCounterId', 'forward', '4711'],
      ['4711', 'trackers', 'YandexMetricaCounterId', 'reverse', 'fake3.example'],
    ],
  );
  assert.equal(lead?.shared, 2);
});

test('names that imitate a genuine host are suspects by how surely they do, and what is imitated is none', async () => {
  const imitation = (source: string, score: number): Observation => ({
    ...fact('look-alikes', source, 'idn-diacritic', 'wallet.example'),
    detail: { score, level: score >= 0.75 ? 'HIGH' : 'LOW' },
  });
  const many = Array.from({ length: 30 }, (_, at) => imitation(`slip${at}.example`, 0.2));
  await store.add({ id: 'imitations', observations: [imitation('wa1let.example', 0.93), ...many] });
  const { suspects } = await expand(store, { confirmed: [], owned: [host('wallet.example')] });
  assert.equal(suspects[0]?.artifact.value, 'wa1let.example');
  assert.ok(suspects[0].score > 0.9 && suspects[1]!.score < 0.3);
  const others = await expand(store, { confirmed: [host('wa1let.example')] });
  assert.ok(!others.suspects.some(({ artifact }) => artifact.value === 'wallet.example'));
  const { insights } = await summarize(store, { type: 'domain', value: 'wa1let.example' });
  assert.match(insights.find(({ id }) => id === 'look-alike')?.text ?? '', /imitates wallet\.example \(HIGH/);
  const own = await summarize(store, { type: 'domain', value: 'wallet.example' });
  assert.equal(own.insights.find(({ id }) => id === 'imitated')?.isTrue, true);
});

test('dismissed hosts do not come back', async () => {
  const { suspects } = await expand(store, {
    confirmed: [host('fake2.example')],
    dismissed: [host('fake3.example')],
  });
  assert.ok(!suspects.some(({ artifact }) => artifact.value === 'fake3.example'));
});

test('a pivot says how many share each value', async () => {
  const { edges } = await pivot(store, { dataset: 'trackers', direction: 'forward', value: 'fake2.example' });
  assert.deepEqual(edges.map(({ target, shared }) => [target, shared]).sort(), [
    ['4711', 2],
    ['UA-EVERY-1', 44],
  ]);
});

test('a summary counts each dataset in both directions and says what stands out', async () => {
  const summary = await summarize(store, { type: 'domain', value: 'brand.example' });
  assert.equal(
    summary.counts.find(({ dataset, direction }) => dataset === 'mirror-stamps' && direction === 'reverse')
      ?.edges,
    1,
  );
  assert.equal(summary.insights.find(({ id }) => id === 'mirrored')?.isTrue, true);
  assert.equal(summary.insights.find(({ id }) => id === 'captured')?.isTrue, false);
});
