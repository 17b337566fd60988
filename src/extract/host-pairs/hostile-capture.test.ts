import assert from 'node:assert/strict';
import test from 'node:test';
import type { Capture } from '#model';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { openEvidence } from '../evidence.ts';
import { hostPairs } from './index.ts';

let seed = 1_117;
const random = (below: number): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below;
const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;

const URLS = [
  'https://a.test/',
  'https://b.test/x?y#z',
  'about:blank',
  'about:srcdoc',
  'data:text/html,x',
  'blob:https://c.test/1',
  'wss://d.test/',
  'http://[::1]/',
  'nonsense',
  '',
  'constructor',
  'https://xn--/',
];
const TYPES = [
  'Document',
  'Script',
  'Image',
  'Preflight',
  'Other',
  'Ping',
  'constructor',
  '__proto__',
  undefined,
];
const REASONS = ['anchorClick', 'scriptInitiated', 'metaTagRefresh', 'toString', 'reload'];
const BODY =
  '<a href=//b.test/x?y>x</a><script src=//d.test/></script><iframe srcdoc="<img src=//c.test/>"><meta http-equiv=refresh content="0;//a.test">';

/** A capture whose facts contradict each other, as a forged bundle might hold them. */
function forged(): CaptureFixture {
  const fixture = new CaptureFixture(pick(URLS));
  const count = 1 + random(12);
  for (let i = 0; i < count; i++) {
    fixture.exchange({
      url: pick(URLS.slice(0, 2)),
      body: BODY,
      status: pick([200, 302, 404, 999, -1]),
      headers: pick<Readonly<Record<string, string>>>([
        {},
        { location: pick(URLS) },
        { refresh: `0;url=${pick(URLS)}` },
        { 'content-type': 'text/css' },
        { link: '<//b.test>; rel=preload' },
      ]),
      resourceType: pick(TYPES),
      isMainFrame: pick([true, false, undefined]),
      frame: pick(['main', 'inner', 'x', undefined]),
      documentUrl: pick([...URLS, undefined]),
      target: pick(['page', 'worker', undefined]),
      redirectedFrom: pick([undefined, undefined, random(20), -1]),
      step: pick([undefined, random(20)]),
      isDownload: pick([true, undefined]),
      initiator: pick([
        undefined,
        { type: 'parser' as const, url: pick(URLS), lineNumber: random(1e9), columnNumber: -5 },
        {
          type: 'script' as const,
          stack: [{ url: pick(URLS), functionName: '', lineNumber: -1, columnNumber: 1e12 }],
        },
      ]),
    });
  }
  for (let i = 0; i < random(4); i++) {
    fixture.document({
      url: pick(URLS),
      frame: pick(['main', 'inner']),
      parentFrame: pick([undefined, 'inner', 'main']),
      exchange: pick([undefined, random(20)]),
      final: BODY,
    });
  }
  const at = '2017-11-20T10:00:00.000Z';
  const facts: Partial<Capture> = {
    navigations: [
      { frame: pick(['main', 'inner']), fromUrl: pick(URLS), url: pick(URLS), reason: pick(REASONS), at },
    ],
    popups: [
      { url: pick(URLS), openerFrame: 'main', frame: pick(['main', 'inner']), wasBlocked: random(2) === 0 },
    ],
    webSockets: [{ url: pick(URLS), frame: pick(['main', 'x']), messages: [] }],
    urlElements: [
      {
        frame: 'main',
        baseUrl: pick(URLS),
        element: pick(['img', '<x', '', 'link']),
        attributes: { src: pick(URLS), rel: '"><script>', href: '&amp;' },
        how: 'script',
      },
    ],
    workers: [{ type: 'worker', url: pick(URLS) }],
  };
  return fixture.set(facts);
}

test('a forged capture never throws, and what comes out keeps to the contract', () => {
  for (let round = 0; round < 500; round++) {
    const reader = forged().reader();
    for (const observation of hostPairs(openContext(reader))) {
      assert.notEqual(observation.source, observation.target);
      assert.ok(Number(observation.detail['depth']) >= 0);
      assert.equal(typeof openEvidence(reader, observation).text, 'string');
    }
  }
});
