import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isIpHost,
  isWithin,
  parseHost,
  publicSuffix,
  registrableDomain,
  reverseLabels,
  toUnicodeHost,
  type Host,
} from './host.ts';

const host = (text: string): Host => {
  const parsed = parseHost(text);
  assert.ok(parsed !== undefined, `${text} is a host`);
  return parsed;
};

test('hosts become lower-case Punycode without trailing dot', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Example.ORG', 'example.org'],
    ['example.org.', 'example.org'],
    ['bitcöingold.org', 'xn--bitcingold-hcb.org'],
    ['XN--BITCINGOLD-HCB.org', 'xn--bitcingold-hcb.org'],
    [' example.org ', 'example.org'],
    ['_dmarc.example.org', '_dmarc.example.org'],
    ['localhost', 'localhost'],
    // Invalid Punycode is a name all the same: it turns up in certificates, and is worth looking at.
    ['xn--a', 'xn--a'],
  ];
  for (const [text, expected] of cases) assert.equal(parseHost(text), expected, text);
});

test('odd spellings of IPv4 and IPv6 become the canonical address', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['127.0.0.1', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['[FE80::1%25eth0]', 'fe80::1'],
    ['::ffff:127.0.0.1', '::ffff:7f00:1'],
  ];
  for (const [text, expected] of cases) assert.equal(parseHost(text), expected, text);
});

test('what is no host gives undefined and never throws', () => {
  const cases = [
    '',
    '.',
    'a..b',
    'exa mple.org',
    'example.org/path',
    'user@example.org',
    'example.org:80',
    '1.2.3.4.5',
    'foo.0x4',
    '[::1',
    '[not-ip]',
    'a'.repeat(64) + '.org',
    `${'a.'.repeat(200)}org`,
    'ex\u0000ample.org',
    'ex\nample.org',
    '\ud800.org',
    '<script>.org',
    '%zz.org',
  ];
  for (const text of cases) assert.equal(parseHost(text), undefined, JSON.stringify(text));
});

test('seeded random text never makes parseHost throw, and what it accepts is stable', () => {
  const letters = [
    'a',
    'Z',
    '.',
    '-',
    '_',
    ':',
    '[',
    ']',
    '%',
    '\u0000',
    'ö',
    '\u202e',
    'xn--',
    '0x',
    '9',
    '\ud800',
    '/',
    ' ',
    '。',
  ];
  let seed = 7;
  const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff);
  let accepted = 0;
  for (let round = 0; round < 5000; round++) {
    const text = Array.from(
      { length: 1 + (random() % 9) },
      () => letters[(random() >> 8) % letters.length],
    ).join('');
    const parsed = parseHost(text);
    if (parsed === undefined) continue;
    accepted++;
    assert.equal(parseHost(parsed), parsed, `${JSON.stringify(text)} → ${parsed}`);
    assert.ok(isIpHost(parsed) || /^[a-z0-9._-]+$/.test(parsed), parsed);
  }
  assert.ok(accepted > 100, `only ${accepted} accepted`);
});

test('registrable domains follow the public suffix list, private suffixes too', () => {
  assert.equal(registrableDomain(host('www.shop.example.co.uk')), 'example.co.uk');
  assert.equal(registrableDomain(host('someone.github.io')), 'someone.github.io');
  assert.equal(registrableDomain(host('co.uk')), undefined);
  assert.equal(registrableDomain(host('10.0.0.1')), undefined);
  assert.equal(publicSuffix(host('www.example.co.uk')), 'co.uk');
  assert.equal(publicSuffix(host('10.0.0.1')), undefined);
});

test('a domain holds itself and what is below it, nothing that only ends alike', () => {
  const domain = host('example.org');
  assert.equal(isWithin(host('example.org'), domain), true);
  assert.equal(isWithin(host('a.b.example.org'), domain), true);
  assert.equal(isWithin(host('notexample.org'), domain), false);
  assert.equal(isWithin(host('1.10.0.0.1'.slice(2)), host('10.0.0.1')), true);
});

test('names are shown in Unicode and keyed with labels reversed', () => {
  assert.equal(toUnicodeHost(host('xn--electrm-s2a.org')), 'electrüm.org');
  assert.equal(toUnicodeHost(host('::1')), '::1');
  assert.equal(reverseLabels(host('www.example.org')), 'org.example.www');
  assert.equal(reverseLabels(host('10.0.0.1')), '10.0.0.1');
});
