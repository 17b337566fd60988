import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseUrl } from '#model';
import { parseRobots, robotsPolicy } from './robots.ts';

const data = process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
const robots = join(data, 'url/crawler-commons/robots');
const skip = existsSync(robots) ? false : 'no ADIT_DATA';

function example(name: string): string {
  return readFileSync(join(robots, name), 'utf8');
}

test('RFC 9309 §5.1: the simple example', { skip }, () => {
  const text = example('rfc9309-example-simple-robots.txt');
  const allowed = (agent: string, path: string) => parseRobots(text, agent).isAllowed(path);
  assert.equal(allowed('anybot', '/pic.gif'), false);
  assert.equal(allowed('anybot', '/pic.gif?x'), true);
  assert.equal(allowed('anybot', '/example/x'), false);
  assert.equal(allowed('anybot', '/publications/'), true);
  assert.equal(allowed('FooBot', '/other'), false);
  assert.equal(allowed('foobot', '/example/page.html'), true);
  assert.equal(allowed('bazbot', '/example/page.html'), false);
  assert.equal(allowed('bazbot', '/example/x'), true);
  assert.equal(allowed('quxbot', '/example/'), true);
});

test('RFC 9309 §5.2: the longest match decides; §2.2.1: groups of one agent are merged', { skip }, () => {
  const longest = parseRobots(example('rfc9309-example-longest-match-robots.txt'), 'foobot');
  assert.equal(longest.isAllowed('/example/page/x'), true);
  assert.equal(longest.isAllowed('/example/page/disallowed.gif'), false);
  const merged = parseRobots(example('rfc9309-example-rule-group-merging.txt'), 'examplebot');
  for (const path of ['/foo', '/bar', '/baz']) assert.equal(merged.isAllowed(path), false, path);
  assert.equal(
    parseRobots(example('rfc9309-example-rule-group-merging.txt'), 'bazbot').isAllowed('/foo'),
    true,
  );
});

test('files of any quality are read: byte order marks, line ends, errors', { skip }, () => {
  assert.equal(parseRobots(example('robots-with-utf8-bom.txt'), 'foobot').isAllowed('/profile'), false);
  const marred = parseRobots(example('format-errors-robots.txt'), 'anybot');
  assert.equal(typeof marred.isAllowed('/x'), 'boolean');
});

test('wildcards, anchors and escapes', () => {
  const rules = parseRobots(
    'User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: /%7Euser/\nDisallow: /ü\nAllow: /a1b2c3/open\nDisallow: /fish$',
    'adit',
  );
  const verdicts: Readonly<Record<string, boolean>> = {
    '/index.php': false,
    '/index.php?x=1': true,
    '/xaxbxc': true,
    '/a1b2c3': false,
    '/a1b2c3/open': true,
    '/~user/x': false,
    '/%7euser/x': false,
    '/%C3%BC': false,
    '/fish': false,
    '/fish.html': true,
    '/robots.txt': true,
  };
  for (const [path, isAllowed] of Object.entries(verdicts))
    assert.equal(rules.isAllowed(path), isAllowed, path);
});

test('an allowing rule wins over a forbidding one of equal length; an empty rule says nothing', () => {
  assert.equal(parseRobots('user-agent: *\ndisallow: /x\nallow: /x', 'adit').isAllowed('/x'), true);
  assert.equal(parseRobots('user-agent: *\ndisallow:', 'adit').isAllowed('/x'), true);
  assert.equal(parseRobots('disallow: /', 'adit').isAllowed('/x'), true);
  assert.equal(parseRobots('', 'adit').isAllowed('/x'), true);
});

test('crawl delays are read and bounded', () => {
  assert.equal(parseRobots('user-agent: *\ncrawl-delay: 1.5', 'adit').crawlDelayMs, 1500);
  assert.equal(parseRobots('user-agent: *\ncrawl-delay: 99999', 'adit').crawlDelayMs, 60_000);
  assert.equal(parseRobots('user-agent: *\ncrawl-delay: soon', 'adit').crawlDelayMs, undefined);
});

test('hostile patterns are matched in bounded work', () => {
  const rules = parseRobots(`user-agent: *\n${`disallow: /${'*a'.repeat(500)}$\n`.repeat(50)}`, 'adit');
  assert.equal(rules.isAllowed(`/${'a'.repeat(2000)}b`), true);
});

test('a policy reads robots.txt once an origin, and again only after a failure', async () => {
  const asked: string[] = [];
  const policy = robotsPolicy(async (url) => {
    asked.push(url);
    if (asked.length === 1) throw new Error('down');
    return url.startsWith('http://a.example/') ? 'user-agent: adit\ndisallow: /private' : undefined;
  }, 'adit');
  const ask = (text: string) => {
    const url = parseUrl(text);
    assert(url !== undefined);
    return policy.isAllowed(url, new AbortController().signal);
  };
  await assert.rejects(ask('http://a.example/x'), /down/);
  assert.equal(await ask('http://a.example/x'), true);
  assert.equal(await ask('http://a.example/private/x'), false);
  assert.equal(await ask('http://b.example/private'), true);
  assert.deepEqual(asked, [
    'http://a.example/robots.txt',
    'http://a.example/robots.txt',
    'http://b.example/robots.txt',
  ]);
});
