import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldLabel, readingsOf } from './fold.ts';
import { isAllowedLetter, letterName, LETTERS, scriptOf } from './letters.ts';

const points = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0)!);
const fold = (text: string): string[] => foldLabel(points(text)).map((reading) => reading.text);

test('letters read as what they look like, whatever their script', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['bitcöingold', 'bitcoingold'],
    ['bitcoiņgold', 'bitcoingold'],
    ['electrüm', 'electrum'],
    ['аррӏе', 'apple'],
    ['facebooκ', 'facebook'],
    ['ɢoogle', 'google'],
    ['microsoƒt', 'microsoft'],
    ['conbaſe', 'conbase'],
    ['ｐａｙｐａｌ', 'paypal'],
    ['p\u200ba\u0301ypal', 'paypal'],
    ['paypal․com', 'paypal.com'],
    ['straße', 'strabe'],
  ];
  for (const [text, expected] of cases) assert.equal(fold(text)[0], expected, text);
});

test('letters with several readings give all of them, at most eight', () => {
  assert.deepEqual(fold('þœ'), ['poe', 'boe', 'pce', 'bce']);
  assert.ok(fold('þþþþþþþþ').length <= 8);
  const [first] = foldLabel(points('xœx'));
  assert.deepEqual(first?.origins, [0, 1, 1, 2]);
});

test('what does not read as ASCII has no reading', () => {
  assert.deepEqual(fold('中国'), []);
  assert.deepEqual(fold('☃'), []);
  assert.deepEqual(readingsOf(0x4e2d), ['?']);
});

test('letters carry names, scripts and what Unicode allows', () => {
  assert.equal(letterName(0xfc), 'LATIN SMALL LETTER U WITH DIAERESIS');
  assert.equal(letterName(0x131), 'LATIN SMALL LETTER DOTLESS I');
  assert.equal(letterName(0x30), 'DIGIT ZERO');
  assert.equal(letterName(0x4e2d), undefined);
  assert.equal(scriptOf(0x430), 'Cyrillic');
  assert.equal(scriptOf(0x31), undefined);
  assert.equal(isAllowedLetter(0xfc), true);
  assert.equal(isAllowedLetter(0x262), false);
  assert.equal(isAllowedLetter(0x2603), false);
  const unnamed = [...LETTERS.values()].filter(({ name }) => name === undefined);
  assert.deepEqual(unnamed, []);
});
