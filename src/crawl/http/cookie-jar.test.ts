import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCookieDate } from './cookie-date.ts';
import { CookieJar } from './cookie-jar.ts';

const NOW = Date.UTC(2017, 10, 20);

/** What is sent to `to` after `from` set the fields. */
function sent(
  from: string,
  fields: readonly string[],
  to: string,
  { at = NOW, isCrossSite = false } = {},
): string | undefined {
  const jar = new CookieJar();
  for (const field of fields) jar.set(field, new URL(from), 0, NOW);
  return jar.headerFor(new URL(to), at, { isCrossSite });
}

const HOME = 'https://www.example.org/shop/item';
const DAY = 24 * 3600;
/** Fields set by HOME, where they are sent back to, and where not. */
const RULES: readonly (readonly [field: string, to: readonly string[], notTo: readonly string[]])[] = [
  [
    'a=1',
    ['https://www.example.org/shop', 'https://www.example.org/shop/x', 'http://www.example.org/shop/'],
    [
      'https://www.example.org/',
      'https://www.example.org/shopping',
      'https://x.www.example.org/shop',
      'https://example.org/shop',
    ],
  ],
  ['a=1; Path=/', ['https://www.example.org/'], ['https://example.org/']],
  [
    'a=1; Path=/x',
    ['https://www.example.org/x', 'https://www.example.org/x/y'],
    ['https://www.example.org/xy', HOME],
  ],
  ['a=1; Path=relative', [HOME], ['https://www.example.org/']],
  [
    'a=1; Domain=example.org; path=/',
    ['https://example.org/', 'https://a.b.example.org/'],
    ['https://badexample.org/', 'https://example.com/'],
  ],
  ['a=1; Domain=.EXAMPLE.org; path=/', ['https://example.org/'], []],
  ['a=1; Domain=other.example.org; path=/', [], [HOME, 'https://other.example.org/']],
  ['a=1; Domain=x.www.example.org; path=/', [], [HOME, 'https://x.www.example.org/']],
  ['a=1; Domain=org; path=/', [], [HOME, 'https://example.org/']],
  ['a=1; Domain=evil.test; path=/', [], [HOME, 'https://evil.test/']],
  ['a=1; Secure; path=/', ['https://www.example.org/'], ['http://www.example.org/']],
  ['__Secure-a=1; path=/', [], [HOME]],
  ['__Secure-a=1; Secure; path=/', [HOME], []],
  ['__Host-a=1; Secure; path=/', [HOME], []],
  ['__Host-a=1; Secure; path=/; Domain=example.org', [], [HOME]],
  ['__host-a=1; Secure', [], [HOME]],
  ['=__Secure-a=1; path=/', [], [HOME]],
  ['a=1; SameSite=None; path=/', [], [HOME]],
  ['a=1; SameSite=None; Secure; path=/', [HOME], []],
  ['a=1; Max-Age=0', [], [HOME]],
  ['a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', [HOME], []],
  ['a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT', [], [HOME]],
  ['a=1; Expires=no date', [HOME], []],
  ['a\u0001=1', [], [HOME]],
  ['', [], [HOME]],
  [`a=${'x'.repeat(5000)}`, [], [HOME]],
];
for (const [field, to, notTo] of RULES) {
  test(`Set-Cookie: ${JSON.stringify(field.slice(0, 60))}`, () => {
    for (const url of to) assert.notEqual(sent(HOME, [field], url), undefined, url);
    for (const url of notTo) assert.equal(sent(HOME, [field], url), undefined, url);
  });
}

test('a page over plain HTTP sets no secure cookie', () => {
  assert.equal(sent('http://a.example/', ['a=1; Secure'], 'https://a.example/'), undefined);
});

test('public suffixes and addresses have cookies of their own only', () => {
  assert.equal(
    sent('https://one.github.io/', ['a=1; Domain=github.io'], 'https://two.github.io/'),
    undefined,
  );
  assert.equal(sent('https://github.io/', ['a=1; Domain=github.io'], 'https://two.github.io/'), undefined);
  assert.equal(sent('http://192.0.2.1/', ['a=1; Domain=192.0.2.1'], 'http://192.0.2.1/'), 'a=1');
  assert.equal(sent('http://192.0.2.1/', ['a=1; Domain=2.1'], 'http://192.0.2.1/'), undefined);
});

test('longer paths first, then older ones; a replacement keeps its place; nameless and odd values pass', () => {
  const fields = [
    'b=2; path=/',
    'a=1; path=/',
    'c=3; path=/shop',
    'b=x=y; path=/',
    'bare; path=/',
    'q="1"; path=/',
  ];
  assert.equal(sent(HOME, fields, HOME), 'c=3; b=x=y; a=1; bare; q="1"');
});

test('cookies expire, and never live longer than 400 days', () => {
  const fields = ['a=1; Max-Age=60', 'b=2; Max-Age=99999999999', 'c=3'];
  assert.equal(sent(HOME, fields, HOME, { at: NOW + 59_000 }), 'a=1; b=2; c=3');
  assert.equal(sent(HOME, fields, HOME, { at: NOW + 61_000 }), 'b=2; c=3');
  assert.equal(sent(HOME, fields, HOME, { at: NOW + 401 * DAY * 1000 }), 'c=3');
});

test('strict cookies stay away when another site leads here', () => {
  const fields = ['s=1; SameSite=Strict', 'l=2; SameSite=Lax', 'd=3'];
  assert.equal(sent(HOME, fields, HOME), 's=1; l=2; d=3');
  assert.equal(sent(HOME, fields, HOME, { isCrossSite: true }), 'l=2; d=3');
});

test('the jar is bounded, and tells what it has and who set it', () => {
  const jar = new CookieJar(2);
  const url = new URL(HOME);
  assert.equal(
    jar.set('a=1; Domain=example.org; Path=/; Secure; HttpOnly; SameSite=lax; Max-Age=60', url, 7, NOW),
    true,
  );
  assert.equal(jar.set('b=2', url, 8, NOW), true);
  assert.equal(jar.set('c=3', url, 9, NOW), false);
  assert.equal(jar.set('b=4', url, 9, NOW), true);
  assert.deepEqual(jar.captured(NOW), [
    {
      name: 'a',
      value: '1',
      domain: '.example.org',
      path: '/',
      secure: true,
      httpOnly: true,
      setBy: { kind: 'header', exchange: 7 },
      expiresAt: '2017-11-20T00:01:00.000Z',
      sameSite: 'Lax',
    },
    {
      name: 'b',
      value: '4',
      domain: 'www.example.org',
      path: '/shop',
      secure: false,
      httpOnly: false,
      setBy: { kind: 'header', exchange: 9 },
    },
  ]);
});

const DATES: Readonly<Record<string, string | undefined>> = {
  'Wed, 09 Jun 2021 10:18:14 GMT': '2021-06-09T10:18:14.000Z',
  'Wed, 09-Jun-21 10:18:14 GMT': '2021-06-09T10:18:14.000Z',
  'Wed Jun  9 10:18:14 2021': '2021-06-09T10:18:14.000Z',
  '10:18:14 9 june 99': '1999-06-09T10:18:14.000Z',
  '1 Jan 1970 0:0:0': '1970-01-01T00:00:00.000Z',
  '29 Feb 2024 00:00:00': '2024-02-29T00:00:00.000Z',
  '29 Feb 2023 00:00:00': undefined,
  '31 Jun 2021 00:00:00': undefined,
  '9 Jun 2021 24:00:00': undefined,
  '9 Jun 1600 00:00:00': undefined,
  '9 Jun 2021': undefined,
  tomorrow: undefined,
};
for (const [text, date] of Object.entries(DATES)) {
  test(`cookie date ${text}`, () => {
    const got = parseCookieDate(text);
    assert.equal(got === undefined ? undefined : new Date(got).toISOString(), date);
  });
}
