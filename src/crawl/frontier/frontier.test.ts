import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AditError } from '#model';
import { Frontier, type FrontierEntry, type FrontierRules } from './frontier.ts';
import { scopeAround, type CrawlScope } from './scope.ts';

function frontier(rules: Partial<FrontierRules> = {}): Frontier {
  return new Frontier(rulesOf(rules));
}

function rulesOf(rules: Partial<FrontierRules> = {}): FrontierRules {
  return { inScope: () => true, maxDepth: 3, perHostParallel: 1, perHostDelayMs: 0, ...rules };
}

/** Takes and finishes everything at once, each a millisecond after the other. */
function drain(from: Frontier): string[] {
  const order: string[] = [];
  for (let now = 0; from.pendingCount > 0; now++) {
    const entry = from.take(now);
    assert(entry !== undefined);
    order.push(entry.url);
    from.finish(entry, now);
  }
  return order;
}

test('breadth first, hosts of one depth in turns', () => {
  const crawl = frontier();
  crawl.add('http://a.example/deep', 1);
  for (const path of ['1', '2', '3']) crawl.add(`http://a.example/${path}`, 0);
  crawl.add('http://b.example/1', 0);
  crawl.add('http://b.example/2', 0);
  assert.deepEqual(drain(crawl), [
    'http://a.example/1',
    'http://b.example/1',
    'http://a.example/2',
    'http://b.example/2',
    'http://a.example/3',
    'http://a.example/deep',
  ]);
  assert.equal(crawl.takenCount, 6);
});

test('an address is visited once, however it is spelled', () => {
  const crawl = frontier();
  assert.equal(crawl.add('http://a.example/x?b=1&a=2#top', 0), undefined);
  assert.equal(crawl.add('http://A.example:80/x?a=2&b=1', 1), 'duplicate');
  assert.equal(crawl.markSeen('http://a.example/y'), true);
  assert.equal(crawl.add('http://a.example/y', 1), 'duplicate');
  // The address itself stays as it was found.
  assert.deepEqual(drain(crawl), ['http://a.example/x?b=1&a=2']);
});

test('what is no web page is not taken in', () => {
  const crawl = frontier();
  for (const text of ['mailto:a@b.example', 'ftp://a.example/', 'ws://a.example/', 'http://', '/x', '']) {
    assert.equal(crawl.add(text, 1), 'notWeb', text);
  }
  assert.equal(crawl.pendingCount, 0);
});

const SCOPES: readonly (readonly [CrawlScope, readonly string[], readonly string[]])[] = [
  ['page', ['http://a.example.org/start'], ['http://a.example.org/other', 'http://b.example.org/start']],
  [
    'host',
    ['http://a.example.org/x', 'https://www.a.example.org/y'],
    ['http://b.example.org/', 'http://example.org/', 'http://x.a.example.org/'],
  ],
  [
    'domain',
    ['http://b.example.org/', 'https://example.org/'],
    ['http://example.com/', 'http://badexample.org/', 'http://org/'],
  ],
  ['any', ['http://elsewhere.test/'], ['mailto:x@y.example']],
];
for (const [scope, inside, outside] of SCOPES) {
  test(`scope ${scope}`, () => {
    const inScope = scopeAround(scope, ['http://a.example.org/start']);
    for (const url of inside) assert.equal(inScope(url), true, url);
    for (const url of outside) assert.equal(inScope(url), false, url);
  });
}

test('private suffixes separate sites, addresses are their own domain', () => {
  const inScope = scopeAround('domain', ['http://one.github.io/', 'http://192.0.2.1/']);
  assert.equal(inScope('http://two.github.io/'), false);
  assert.equal(inScope('http://192.0.2.1/x'), true);
  assert.equal(inScope('http://192.0.2.2/'), false);
});

test('scope and depth bound links, not seeds', () => {
  const crawl = frontier({ inScope: scopeAround('host', ['http://a.example/']), maxDepth: 1 });
  assert.equal(crawl.add('http://b.example/', 0), undefined);
  assert.equal(crawl.add('http://b.example/x', 1), 'outOfScope');
  assert.equal(crawl.add('http://a.example/x', 1), undefined);
  assert.equal(crawl.add('http://a.example/y', 2), 'tooDeep');
  // What was refused at one depth may come again at another.
  assert.equal(crawl.add('http://a.example/y', 1), undefined);
});

test('a host rests after its visit, others go on meanwhile', () => {
  const crawl = frontier({ perHostDelayMs: 1000 });
  for (const url of ['http://a.example/1', 'http://a.example/2', 'http://b.example/1']) crawl.add(url, 0);
  const first = crawl.take(0);
  const second = crawl.take(0);
  assert.deepEqual([first?.url, second?.url], ['http://a.example/1', 'http://b.example/1']);
  assert.equal(crawl.take(0), undefined);
  assert.equal(crawl.nextReadyAt(), undefined); // a.example is busy: only the end of its visit helps
  crawl.finish(first!, 200);
  assert.equal(crawl.nextReadyAt(), 1200);
  assert.equal(crawl.take(1199), undefined);
  assert.equal(crawl.take(1200)?.url, 'http://a.example/2');
});

test('a resting host does not hold up deeper pages of others', () => {
  const crawl = frontier({ perHostDelayMs: 1000 });
  for (const url of ['http://slow.example/1', 'http://slow.example/2']) crawl.add(url, 0);
  crawl.add('http://b.example/deep', 2);
  crawl.finish(crawl.take(0)!, 0);
  assert.equal(crawl.take(1)?.url, 'http://b.example/deep');
});

test('a host gets as many visits at a time as allowed', () => {
  const crawl = frontier({ perHostParallel: 2 });
  for (const path of ['1', '2', '3']) crawl.add(`http://a.example/${path}`, 0);
  const taken = [crawl.take(0), crawl.take(0)];
  assert.equal(taken.filter((entry) => entry !== undefined).length, 2);
  assert.equal(crawl.take(0), undefined);
  crawl.finish(taken[0]!, 1);
  assert.equal(crawl.take(1)?.url, 'http://a.example/3');
});

test('an address that was given back waits first in its queue and is not counted', () => {
  const crawl = frontier();
  for (const path of ['1', '2']) crawl.add(`http://a.example/${path}`, 0);
  crawl.giveBack(crawl.take(0)!, 0);
  assert.equal(crawl.takenCount, 0);
  assert.deepEqual(drain(crawl), ['http://a.example/1', 'http://a.example/2']);
});

test('traps: calendars, repeating paths, endless paths, long addresses, large hosts', () => {
  const crawl = frontier({ traps: { urlsPerShape: 3, pagesPerHost: 10 } });
  const admit = (url: string) => crawl.add(url, 1);
  const days = [1, 2, 3, 4, 5].map((day) => admit(`http://a.example/calendar/2024-01-0${day}?view=${day}`));
  assert.deepEqual(days, [undefined, undefined, undefined, 'urlExplosion', 'urlExplosion']);
  const sessions = ['0123456789abcdef', 'fedcba9876543210', 'aaaaaaaa', 'bbbbbbbb'].map((id) =>
    admit(`http://b.example/s/${id}/home`),
  );
  assert.deepEqual(sessions, [undefined, undefined, undefined, 'urlExplosion']);
  assert.equal(admit('http://a.example/x/y/x/y/x/y/x/y/z'), 'repeatingPath');
  assert.equal(admit('http://a.example/x/y/x/y/z'), undefined);
  assert.equal(
    admit(`http://a.example/${Array.from({ length: 30 }, (_, index) => `p${'q'.repeat(index)}`).join('/')}`),
    'tooDeepPath',
  );
  assert.equal(admit(`http://a.example/?q=${'x'.repeat(3000)}`), 'tooLong');
  const pages = 'abcdefghijkl'.split('').map((letter) => admit(`http://c.example/${letter}`));
  assert.deepEqual(pages.slice(9), [undefined, 'hostLimit', 'hostLimit']);
  // Another host is not concerned.
  assert.equal(admit('http://d.example/a'), undefined);
});

test('a full frontier says so and takes in again when there is room', () => {
  const crawl = frontier({ maxPending: 1 });
  assert.equal(crawl.add('http://a.example/1', 0), undefined);
  assert.equal(crawl.add('http://a.example/2', 0), 'frontierFull');
  crawl.take(0);
  assert.equal(crawl.add('http://a.example/2', 0), undefined);
});

test('a saved frontier goes on where it was: nothing lost, nothing twice', () => {
  const rules = rulesOf({ perHostDelayMs: 5, traps: { pagesPerHost: 4 } });
  const crawl = new Frontier(rules);
  for (const path of ['1', '2', '3']) crawl.add(`http://a.example/${path}`, 0);
  crawl.add('http://b.example/x', 1, 'capture-1');
  const done = crawl.take(0);
  crawl.finish(done!, 0);
  const underWay = crawl.take(100);
  assert.equal(underWay?.url, 'http://a.example/2');

  const saved: unknown = JSON.parse(JSON.stringify(crawl));
  const again = Frontier.restore(rules, saved);
  assert.equal(again.takenCount, 1);
  assert.equal(again.add('http://a.example/1', 0), 'duplicate');
  assert.equal(again.add('http://a.example/4', 0), undefined);
  assert.equal(again.add('http://a.example/5', 0), 'hostLimit');
  const rest: FrontierEntry[] = [];
  for (let now = 0; again.pendingCount > 0; now += 10) {
    const entry = again.take(now);
    assert(entry !== undefined);
    rest.push(entry);
    again.finish(entry, now);
  }
  assert.deepEqual(
    rest.map(({ url }) => url),
    ['http://a.example/2', 'http://a.example/3', 'http://a.example/4', 'http://b.example/x'],
  );
  assert.equal(rest.at(-1)?.parentCapture, 'capture-1');
  assert.deepEqual(JSON.parse(JSON.stringify(Frontier.restore(rules, saved))), saved);
});

test('what is no saved frontier is refused under its code', () => {
  for (const saved of [
    null,
    {},
    { version: 2 },
    { version: 1, taken: -1, pending: [], seen: [], traps: { hosts: [], shapes: [] } },
  ]) {
    assert.throws(
      () => Frontier.restore(rulesOf(), saved),
      (error) => error instanceof AditError && error.code === 'frontier-invalid',
    );
  }
});
