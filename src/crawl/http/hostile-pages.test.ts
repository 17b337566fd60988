import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureSchema } from '#model';
import { goodPage, hostilePages, openTestnet } from '#testnet';
import { captureHttp } from './capture-http.ts';
import { PERSONA } from './persona-fixture.ts';

test('every hostile page ends with an outcome that is right for it, and the next capture works', async () => {
  const pages = hostilePages();
  const good = goodPage();
  await using testnet = await openTestnet({ sites: [...pages.flatMap(({ sites }) => sites), ...good.sites] });
  assert(pages.length > 40);
  for (const { name, url, outcomes } of pages) {
    // Only where a timeout is right may the speed of this machine decide.
    const loadMs = outcomes.includes('timeout') ? 600 : 60_000;
    const limits = { loadMs, bodyBytes: 5_000_000, decodedBodyBytes: 5_000_000 };
    await using source = await captureHttp({ url, persona: PERSONA, network: testnet.network, limits });
    const { outcome } = source.capture;
    assert(outcomes.includes(outcome.kind), `${name}: ${outcome.kind} (${outcome.reason})`);
    captureSchema.parse(JSON.parse(JSON.stringify(source.capture)));
    await using next = await captureHttp({ url: good.url, persona: PERSONA, network: testnet.network });
    assert.equal(next.capture.outcome.kind, 'ok', `after ${name}`);
  }
});
