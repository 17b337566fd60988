import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parseHost } from '#model';
import { compileBrands } from '../brand.ts';
import { match } from '../match.ts';
import { CANDIDATE_TECHNIQUES, generate, type Candidate } from './generate.ts';
import { isRegistrable } from './registry-rules.ts';

const all = (domain: string, options = {}): Candidate[] => [...generate(domain, options)];
const points = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0)!);

test('the names of the campaign are among those that would imitate', () => {
  const gold = new Set(all('bitcoingold.org').map(({ host }) => host));
  for (const host of [
    'xn--bitcingold-hcb.org',
    'xn--bitcoingld-lcb.org',
    'xn--bitcoigold-o1b.com',
    'xn--bitcoingod-8yb.com',
    'xn--btcongold-54ad.com',
    'xn--btcongold-g5ad.com',
  ])
    assert.ok(gold.has(host), host);
  assert.ok(all('electrum.org').some(({ display }) => display === 'electrüm.org'));
});

test('each technique gives its names', () => {
  const byHost = new Map(all('paypal.co.uk', { withUnregistrable: true }).map((each) => [each.host, each]));
  const cases: readonly (readonly [string, string])[] = [
    ['paypa1.co.uk', 'ascii-homoglyph'],
    ['paypl.co.uk', 'omission'],
    ['payypal.co.uk', 'repetition'],
    ['papyal.co.uk', 'transposition'],
    ['psypal.co.uk', 'replacement'],
    ['paygpal.co.uk', 'insertion'],
    ['paypal7.co.uk', 'addition'],
    ['pauypal.co.uk', 'insertion'],
    ['paypel.co.uk', 'vowel-swap'],
    ['paypals.co.uk', 'plural'],
    ['paqpal.co.uk', 'bitsquat'],
    ['pay-pal.co.uk', 'hyphenation'],
    ['wwwpaypal.co.uk', 'missing-dot'],
    ['paypalco.uk', 'missing-dot'],
    ['paypalcouk.com', 'missing-dot'],
    ['pay.pal.co.uk', 'subdomain'],
    ['paypal-login.co.uk', 'combo'],
    ['securepaypal.co.uk', 'combo'],
    ['paypal.cm', 'tld-swap'],
    ['paypal.uk', 'tld-swap'],
  ];
  for (const [host, technique] of cases) assert.equal(byHost.get(host)?.technique, technique, host);
  const twice = [...byHost.values()].find(({ display }) => display === 'рaypаl.co.uk');
  assert.equal(twice?.technique, 'two-homoglyphs');
  const found = new Set(all('paypal.com').map(({ technique }) => technique));
  assert.deepEqual(found, new Set(CANDIDATE_TECHNIQUES));
});

test('names come the most deceptive first, each once, all of them names', () => {
  const candidates = all('electrum.org');
  assert.ok(candidates.length > 10_000);
  assert.equal(new Set(candidates.map(({ host }) => host)).size, candidates.length);
  for (const [at, { host, display, score }] of candidates.entries()) {
    if (at > 0) assert.ok(score <= candidates[at - 1].score, host);
    if (at % 50 === 0) assert.equal(parseHost(display), host);
  }
});

test('names are made one at a time', () => {
  const stream = generate('a-rather-long-name-of-a-brand-with-many-letters.com');
  assert.ok(stream.next().value !== undefined);
  stream.return(undefined);
});

test('what a registry is known to refuse is left out', () => {
  assert.equal(isRegistrable(points('electrüm'), 'de'), true);
  assert.equal(isRegistrable(points('electrüm'), 'co.uk'), false);
  assert.equal(isRegistrable(points('electrụm'), 'de'), false);
  assert.equal(isRegistrable(points('еlectrum'), 'com'), false, 'Cyrillic е among Latin letters');
  assert.equal(isRegistrable(points('аррӏе'), 'com'), true, 'one script');
  assert.equal(isRegistrable(points('electrụm'), 'ws'), true, 'not known');
  assert.ok(all('paypal.co.uk').every(({ display }) => !/[^ -~].*\.uk$/u.test(display)));
});

test('matching finds what was made, for the right brand', () => {
  const brands = compileBrands([{ domains: ['bitcoingold.org'] }]);
  const candidates = all('bitcoingold.org').filter((_, at) => at % 7 === 0);
  const missed = candidates.filter(({ host }) => match(brands, host)[0]?.kind !== 'imitation');
  assert.ok(
    missed.length < candidates.length * 0.03,
    `${missed.length} of ${candidates.length}: ${missed
      .slice(0, 20)
      .map(({ display, technique }) => `${display} ${technique}`)
      .join(', ')}`,
  );
});

test('what is no domain is refused', () => {
  assert.throws(() => all('co.uk'), { code: 'invalid-brand' });
  assert.throws(() => all('..'), { code: 'invalid-brand' });
});

const DNSTWIST = `
import sys, json, dnstwist
made = {}
for domain in sys.argv[1:]:
    fuzzer = dnstwist.Fuzzer(domain); fuzzer.generate()
    made[domain] = [entry['domain'] for entry in fuzzer.domains if '*' not in entry['fuzzer']]
print(json.dumps(made))
`;

test('whatever dnstwist makes under the brand’s own suffix is among the names', (context) => {
  const brands = [
    'wikipedia.org',
    'bbc.co.uk',
    '1und1.de',
    'alibaba.com',
    't-online.de',
    'mi.com',
    'web3-wallet.io',
  ];
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', DNSTWIST, ...brands], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) return context.skip('dnstwist is not installed (Debian package dnstwist)');
  const made = JSON.parse(stdout) as Record<string, string[]>; // as the script prints it
  for (const brand of brands) {
    const names = new Set<string>();
    for (const { host } of generate(brand, { withUnregistrable: true })) names.add(host);
    assert.ok(made[brand]!.length > 40);
    assert.deepEqual(
      made[brand]!.filter((name) => !names.has(name)),
      [],
      brand,
    );
  }
});
