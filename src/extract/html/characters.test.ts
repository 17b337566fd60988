import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { decodeAttributeValue, decodeCharacterData } from './characters.ts';

test('references to the ampersand alone are decoded as any others', () => {
  const parts = ['&amp;', '&', 'amp;', 'a', '=', '&lt;', '&copy', '&#38;', ';', '&ampx', '#', '&AMP;', ' '];
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + random(6) }, () => parts[random(parts.length)]).join('');
    assert.equal(decodeAttributeValue(text), decodeHTMLAttribute(text), text);
    assert.equal(decodeCharacterData(text), decodeHTML(text), text);
  }
});
