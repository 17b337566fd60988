import assert from 'node:assert/strict';
import { domainToASCII } from 'node:url';
import { test } from 'node:test';
import { decodePunycode, encodePunycode } from './punycode.ts';

const points = (text: string): number[] => Array.from(text, (letter) => letter.codePointAt(0)!);

test('labels are decoded and encoded as RFC 3492 has it', () => {
  // RFC 3492 §7.1 (A), (D), (L), and names of the campaign.
  const cases: readonly (readonly [string, string])[] = [
    ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
    ['pročprostěnemluvíčesky', 'proprostnemluvesky-uyb24dma41a'],
    ['3年b組金八先生', '3b-ww4c5e180e575a65lsy2b'],
    ['bitcöingold', 'bitcingold-hcb'],
    ['electrüm', 'electrm-s2a'],
    ['bitcoingoľd', 'bitcoingod-8yb'],
  ];
  for (const [text, encoded] of cases) {
    assert.equal(encodePunycode(points(text)), encoded);
    assert.deepEqual(decodePunycode(encoded), points(text));
  }
});

test('what is no Punycode gives undefined', () => {
  for (const text of [
    '9',
    'é',
    '99999999',
    'a-!',
    'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz',
    '-'.repeat(9) + '~',
  ])
    assert.equal(decodePunycode(text), undefined, text);
});

test('encoding agrees with the platform on random labels, and decoding undoes it', () => {
  let seed = 11;
  const random = (below: number): number =>
    ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 8) % below;
  const letters = points('abcxyz019äöüłñçабвгдеαβγ中国語日本ひらカタ');
  let compared = 0;
  for (let round = 0; round < 2_000; round++) {
    const label = Array.from({ length: 1 + random(12) }, () => letters[random(letters.length)]!);
    const encoded = encodePunycode(label);
    assert.deepEqual(decodePunycode(encoded), label);
    const platform = domainToASCII(String.fromCodePoint(...label));
    if (!platform.startsWith('xn--')) continue;
    compared++;
    assert.equal(`xn--${encoded}`, platform);
  }
  assert.ok(compared > 1_000, `only ${compared} were compared`);
});
