import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSONA } from './persona-fixture.ts';
import { acceptLanguage, refererFor, requestHeaders, siteRelation } from './request-headers.ts';

const REFERERS: readonly (readonly [from: string, to: string, referer: string | undefined])[] = [
  ['https://a.example/x?q=1#top', 'https://a.example/y', 'https://a.example/x?q=1'],
  ['https://a.example/x', 'https://b.example/y', 'https://a.example/'],
  ['https://a.example/x', 'http://b.example/y', undefined],
  ['http://a.example/x', 'https://a.example/y', 'http://a.example/'],
  ['https://me:pw@a.example/x', 'https://a.example/y', 'https://a.example/x'],
  ['android-app://mail', 'https://a.example/', undefined],
  ['nonsense', 'https://a.example/', undefined],
];
for (const [from, to, referer] of REFERERS) {
  test(`from ${from} to ${to}: ${referer ?? 'nothing'} is told`, () =>
    assert.equal(refererFor(from, new URL(to)), referer));
}

const RELATIONS: readonly (readonly [from: string | undefined, way: readonly string[], relation: string])[] =
  [
    [undefined, ['https://a.example/'], 'none'],
    ['https://a.example/x', ['https://a.example/'], 'same-origin'],
    ['https://a.example.org/', ['https://b.example.org/'], 'same-site'],
    ['https://a.example.org/', ['https://b.example.com/', 'https://a.example.org/'], 'cross-site'],
    ['http://a.example.org/', ['https://a.example.org/'], 'cross-site'],
    ['https://one.github.io/', ['https://two.github.io/'], 'cross-site'],
  ];
for (const [from, way, relation] of RELATIONS) {
  test(`from ${from} by ${way.join(' and ')} is ${relation}`, () => {
    assert.equal(
      siteRelation(
        from,
        way.map((url) => new URL(url)),
      ),
      relation,
    );
  });
}

test('languages weigh less and less', () => {
  assert.equal(acceptLanguage(['de']), 'de');
  assert.equal(acceptLanguage(['de-DE', 'de', 'en']), 'de-DE,de;q=0.9,en;q=0.8');
  assert.match(acceptLanguage(Array.from({ length: 14 }, () => 'en')), /en;q=0\.1,en;q=0\.1$/);
});

test('a browser without client hints sends none; a cookie is the last field but one', () => {
  const headers = requestHeaders({
    persona: { ...PERSONA, clientHints: undefined },
    way: [new URL('https://a.example/')],
    arrival: { isUserActivated: false, referrer: 'https://a.example/before' },
    cookie: 'a=1',
    isHttp2: true,
  });
  const names = headers.map(([name]) => name);
  assert.equal(
    names.some((name) => name.startsWith('sec-ch-')),
    false,
  );
  assert.equal(names.includes('sec-fetch-user'), false);
  assert.deepEqual(names.slice(-2), ['cookie', 'priority']);
});

test('no value of a persona begins a field of its own', () => {
  const persona = { ...PERSONA, userAgent: 'x\r\nX-Injected: 1', languages: ['en\r\n\r\nGET /other'] };
  const headers = requestHeaders({
    persona,
    way: [new URL('http://a.example/')],
    arrival: { isUserActivated: true },
    cookie: undefined,
    isHttp2: false,
  });
  for (const [name, value] of headers) assert.doesNotMatch(`${name}: ${value}`, /[\r\n]/);
});
