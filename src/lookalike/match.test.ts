import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileBrands, type Brand } from './brand.ts';
import { dataLines, NO_DATA } from './data-fixture.ts';
import { match } from './match.ts';
import type { Imitation, Verdict } from './verdict.ts';

const index = compileBrands([
  { domains: ['bitcoingold.org'] },
  { domains: ['electrum.org'] },
  { domains: ['paypal.com'], owned: ['paypal.me', 'paypal.github.io'] },
  { domains: ['microsoft.com'] },
  { domains: ['facebook.com'], keywords: ['zuck'] },
  { domains: ['apple.com'] },
  { domains: ['coinbase.com'] },
]);

function first(host: string, brands = index): Imitation {
  const [verdict] = match(brands, host);
  assert.equal(verdict?.kind, 'imitation', host);
  return verdict;
}

test('the seven names of the campaign: HIGH, the right brand, the letters by name', () => {
  const cases = [
    ['xn--bitcingold-hcb.org', 'bitcoingold.org', 'ö', 'o', 'LATIN SMALL LETTER O WITH DIAERESIS'],
    ['xn--bitcoingld-lcb.org', 'bitcoingold.org', 'ö', 'o', 'LATIN SMALL LETTER O WITH DIAERESIS'],
    ['xn--bitcoigold-o1b.com', 'bitcoingold.org', 'ņ', 'n', 'LATIN SMALL LETTER N WITH CEDILLA'],
    ['xn--bitcoingod-8yb.com', 'bitcoingold.org', 'ľ', 'l', 'LATIN SMALL LETTER L WITH CARON'],
    ['xn--btcongold-54ad.com', 'bitcoingold.org', 'ì', 'i', 'LATIN SMALL LETTER I WITH GRAVE'],
    ['xn--btcongold-g5ad.com', 'bitcoingold.org', 'í', 'i', 'LATIN SMALL LETTER I WITH ACUTE'],
    ['xn--electrm-s2a.org', 'electrum.org', 'ü', 'u', 'LATIN SMALL LETTER U WITH DIAERESIS'],
  ] as const;
  for (const [host, brand, letter, standsFor, name] of cases) {
    const verdict = first(host);
    assert.equal(verdict.level, 'HIGH', host);
    assert.equal(verdict.brand, brand);
    assert.equal(verdict.techniques[0], 'idn-diacritic');
    const [found] = verdict.letters;
    assert.equal(found.text, letter);
    assert.equal(found.standsFor, standsFor);
    assert.equal(found.name, name);
    assert.equal(found.kind, 'diacritic');
    assert.deepEqual(verdict.display.refused, [], 'the browser shows it');
  }
});

test('a verdict says what it rests on', () => {
  const verdict = first('secure-paypa1.com');
  assert.deepEqual(verdict.techniques, ['ascii-homoglyph', 'combo']);
  assert.deepEqual(verdict.letters, [
    {
      text: '1',
      position: 12,
      codePoint: 'U+0031',
      name: 'DIGIT ONE',
      standsFor: 'l',
      kind: 'ascii',
      script: undefined,
    },
  ]);
  assert.equal(verdict.part, 'paypa1');
  assert.equal(verdict.imitates, 'paypal');
  assert.deepEqual(verdict.keywords, ['secure']);
  assert.ok(verdict.reasons.includes('“1” (U+0031 DIGIT ONE) stands for l'), verdict.reasons.join('; '));
});

test('each technique by its name', () => {
  const cases: readonly (readonly [host: string, technique: string])[] = [
    ['rnicrosoft.com', 'ascii-homoglyph'],
    ['xn--80ak6aa92e.com', 'idn-whole-script'],
    ['xn--l-7sba6dbr.com', 'idn-mixed-script'],
    ['xn--microsot-x9b.com', 'idn-single-script'],
    ['faceboo.com', 'typo:omission'],
    ['coinbasse.com', 'typo:repetition'],
    ['miicrosoft.com', 'typo:repetition'],
    ['micrqosoft.com', 'typo:insertion'],
    ['elecrtum.org', 'typo:transposition'],
    ['microsopt.com', 'typo:substitution'],
    ['microsofy.com', 'typo:keyboard'],
    ['micrasoft.com', 'typo:substitution'],
    ['mic2osoft.com', 'typo:bitsquat'],
    ['bit-coin-gold.org', 'hyphenation'],
    ['paypal-login.com', 'combo'],
    ['wwwpaypal.com', 'missing-dot'],
    ['paypalcom.net', 'missing-dot'],
    ['bitcoingold.app', 'tld-swap'],
    ['bitcoingold.org.evil.com', 'subdomain-deception'],
    ['paypal.com-alert.info', 'subdomain-deception'],
    ['paypal.evil.com', 'brand-in-subdomain'],
    ['bitcoingold.weebly.com', 'brand-on-hosting'],
  ];
  for (const [host, technique] of cases) {
    const { techniques } = first(host);
    assert.ok(
      techniques.some((each) => each === technique),
      `${host}: ${techniques.join(', ')}`,
    );
  }
});

test('what the brand owns never imitates it', () => {
  for (const [host, domain] of [
    ['paypal.com', 'paypal.com'],
    ['PAYPAL.COM.', 'paypal.com'],
    ['_dmarc.paypal.com', 'paypal.com'],
    ['www.paypal.me', 'paypal.me'],
    ['paypal.github.io', 'paypal.github.io'],
  ] as const)
    assert.deepEqual(match(index, host), [
      { kind: 'own', host: host.toLowerCase().replace(/\.$/, ''), brand: 'paypal.com', domain },
    ]);
});

test('one verdict a brand, the surest first; a keyword of the brand counts', () => {
  const verdicts = match(index, 'paypal-coinbase-login.com') as readonly Imitation[]; // both imitate
  assert.deepEqual(verdicts.map(({ brand }) => brand).sort(), ['coinbase.com', 'paypal.com']);
  assert.equal(first('facebookzuck.com').level, 'HIGH');
});

test('popular sites, common words and tenants speak against an imitation', () => {
  const options = { popular: ['micrsoft.com'] };
  const known = compileBrands([{ domains: ['microsoft.com'] }, { domains: ['google.com'] }], options);
  assert.deepEqual(
    first('micrsoft.com', known).counterEvidence.map(({ kind }) => kind),
    ['popular'],
  );
  assert.equal(first('micrsoft.com', known).level, 'LOW');
  assert.ok(first('goggle.com', known).counterEvidence.some(({ kind }) => kind === 'word'));
  assert.ok(first('coinbase.statuspage.io').counterEvidence.some(({ kind }) => kind === 'tenant'));
  assert.deepEqual(match(index, 'purchase.com'), []);
  assert.deepEqual(match(index, 'pineapple.com'), []);
});

test('malformed names are a kind of their own', () => {
  const cases: readonly (readonly [text: string, fault: string])[] = [
    ['', 'empty'],
    ['192.0.2.7', 'ip-address'],
    ['[2001:db8::1]', 'ip-address'],
    ['paypal..com', 'empty-label'],
    [`${'a'.repeat(64)}.com`, 'label-too-long'],
    [`${'a.'.repeat(200)}com`, 'name-too-long'],
    ['pay pal.com', 'bad-character'],
    ['paypal.com\u0000', 'bad-character'],
    ['\ud800.com', 'bad-character'],
    ['xn--a.com', 'invalid-idna'],
    ['xn--paypal-.com', 'bad-punycode'],
    ['xn--99999999.com', 'bad-punycode'],
    ['example.123', 'numeric-suffix'],
  ];
  for (const [text, fault] of cases) {
    const [verdict] = match(index, text);
    assert.equal(verdict?.kind, 'malformed', JSON.stringify(text));
    assert.equal(verdict.fault, fault, JSON.stringify(text));
  }
  // Forbidden by IDNA, and an imitation all the same.
  assert.equal(first('xn--paypalcom-qe0e.evil.net').brand, 'paypal.com');
});

test('seeded hostile text never throws and gives whole verdicts', () => {
  const parts = [
    'paypal',
    'xn--',
    'bitcoingold',
    '.',
    '-',
    '..',
    'ö',
    '\u202e',
    '\u200b',
    '\u0000',
    '\ud800',
    'а',
    '中',
    '✓',
    'xn--bitcingold-hcb',
    'com',
    '1',
    'rn',
    '[',
    '%',
    ' ',
    '\u3002',
    'a'.repeat(70),
    'xn--'.repeat(20),
    'þœþœþœ',
    '\u0301'.repeat(40),
  ];
  let seed = 17;
  const random = (below: number): number =>
    ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 8) % below;
  const kinds = new Set<Verdict['kind']>();
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + random(8) }, () => parts[random(parts.length)]).join('');
    for (const verdict of match(index, text)) {
      kinds.add(verdict.kind);
      if (verdict.kind !== 'imitation') continue;
      assert.ok(verdict.score > 0 && verdict.score < 1 && verdict.techniques.length > 0, text);
      assert.ok(verdict.reasons.length > 0 && verdict.part.length > 0, text);
    }
  }
  assert.deepEqual(kinds, new Set(['imitation', 'malformed']));
  assert.doesNotThrow(() => match(index, Array.from({ length: 10_000 }, () => 'a').join('.')));
});

/** Brands of the cases, and what they own where a case says so. */
function caseBrands(rows: readonly (readonly string[])[]): Brand[] {
  const owned: Readonly<Record<string, readonly string[]>> = {
    'amazon.com': ['amazon.co.jp'],
    'google.com': ['google.de'],
    'paypal.com': ['paypal.github.io'],
  };
  const near = ['discord.com', 'roblox.com', 'opensea.io', 'chase.com', '360.cn'];
  const domains = new Set([...rows.map((row) => row[5]).filter((brand) => brand.includes('.')), ...near]);
  return Array.from(domains, (domain) => ({ domains: [domain], owned: owned[domain] ?? [] }));
}

test('the collected cases come out as wanted, but for one', { skip: NO_DATA }, () => {
  const rows = dataLines('lookalike-cases.tsv')
    .slice(1)
    .map((line) => line.split('\t'));
  const brands = compileBrands(caseBrands(rows));
  const differing = rows.flatMap(([, host, , expected, , brand]) => {
    const [verdict] = match(brands, host);
    const level =
      verdict === undefined || verdict.kind === 'own'
        ? 'NONE'
        : verdict.kind === 'malformed'
          ? 'INVALID'
          : verdict.level;
    const isRight = verdict?.kind !== 'imitation' || brand === '-' || verdict.brand === brand;
    return level === expected && isRight ? [] : [host];
  });
  assert.equal(rows.length, 104);
  // Its class code is three deletions off: farther than the index follows.
  assert.deepEqual(differing, ['stearncommunuetu.com']);
});
