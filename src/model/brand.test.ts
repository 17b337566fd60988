import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftBrand, mergeBrand, toBrand } from './brand.ts';

test('a URL alone makes a brand: domain, name, front page, and the page itself', () => {
  const brand = toBrand(draftBrand('hxxps://www.example[.]co[.]uk/signin?next=/'));
  assert.equal(brand.id, 'example.co.uk');
  assert.equal(brand.name, 'example');
  assert.deepEqual(brand.pages, [
    { url: 'https://www.example.co.uk/', kind: 'home' },
    { url: 'https://www.example.co.uk/signin?next=/', kind: 'login' },
  ]);
  assert.deepEqual(toBrand(draftBrand('https://www.example.com/')).pages, [
    { url: 'https://www.example.com/', kind: 'home' },
  ]);
  assert.deepEqual(toBrand(draftBrand('bücher.example')).domains, ['xn--bcher-kva.example']);
  assert.equal(toBrand(draftBrand('bücher.example')).name, 'bücher');
});

test('a page on the domain of others makes no brand of them', () => {
  const brand = toBrand({ domains: ['example.org'], pages: ['https://github.com/example/download'] });
  assert.deepEqual(brand.domains, ['example.org']);
  assert.deepEqual(
    brand.pages.map(({ kind }) => kind),
    ['home', 'download'],
  );
});

test('what is added joins what there is, and the id stays', () => {
  const brand = toBrand({ domains: ['example.org'], keywords: ['wallet'] });
  const merged = mergeBrand(brand, {
    ...draftBrand('https://example.com/get'),
    keywords: ['wallet', 'seed'],
  });
  assert.equal(merged.id, 'example.org');
  assert.deepEqual(merged.domains, ['example.org', 'example.com']);
  assert.deepEqual(merged.keywords, ['wallet', 'seed']);
  assert.equal(merged.pages.length, 3);
  assert.deepEqual(mergeBrand(merged, {}), merged);
});

test('what cannot be a brand is refused', () => {
  for (const text of ['', 'co.uk', 'localhost', '192.0.2.1', 'https://', 'a b.example'])
    assert.throws(() => toBrand(draftBrand(text)), { code: 'invalid-brand' }, text);
  assert.throws(() => toBrand({ domains: ['example.org'], pages: ['javascript:alert(1)'] }), {
    code: 'invalid-brand',
  });
  assert.throws(() => toBrand({ domains: ['example.org'], owned: ['com'] }), { code: 'invalid-brand' });
  const many = Array.from({ length: 1_001 }, (_, at) => `word${at}`);
  assert.throws(() => toBrand({ domains: ['example.org'], keywords: many }), { code: 'invalid-brand' });
});
