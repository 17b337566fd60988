import assert from 'node:assert/strict';
import { test } from 'node:test';
import { align } from './alignment.ts';
import { boundedDistance, COSTS, FAR, UNIT } from './distance.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const distance = (name: string, brand: string, limit = 1_000): number =>
  boundedDistance(bytes(name), 0, name.length, bytes(brand), 0, brand.length, limit);

test('edits that a reader overlooks are cheap', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['paypal', 'paypal', 0],
    ['paypa1', 'paypal', COSTS.homoglyph],
    ['rnicrosoft', 'microsoft', COSTS.homoglyph],
    ['vvikipedia', 'wikipedia', COSTS.homoglyph],
    ['electrun', 'electrum', COSTS.similar],
    ['coinbasse', 'coinbase', COSTS.doubled],
    ['myetherwalet', 'myetherwallet', COSTS.doubled],
    ['bit-coin-gold', 'bitcoingold', 2 * COSTS.hyphen],
    ['elecrtum', 'electrum', COSTS.transposition],
    ['faceboo', 'facebook', COSTS.gap],
    ['metacask', 'metamask', UNIT],
  ];
  for (const [name, brand, expected] of cases) assert.equal(distance(name, brand), expected, name);
});

test('beyond the limit the distance is far, at the limit it is told', () => {
  assert.equal(distance('faceboo', 'facebook', COSTS.gap), COSTS.gap);
  assert.equal(distance('faceboo', 'facebook', COSTS.gap - 1), FAR);
  assert.equal(distance('', 'facebook', 10), FAR);
});

test('seeded random pairs: the fast distance and the explained one agree', () => {
  let seed = 3;
  const random = (below: number): number =>
    ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 8) % below;
  const letters = 'rnmvwcldiu1l0o-aabbt';
  const text = (): string =>
    Array.from({ length: random(12) }, () => letters[random(letters.length)]).join('');
  let near = 0;
  for (let round = 0; round < 20_000; round++) {
    const brand = text();
    let name = brand;
    for (let edits = random(4); edits > 0; edits--) {
      const at = random(name.length + 1);
      name = name.slice(0, at) + letters[random(letters.length)] + name.slice(at + random(3));
    }
    const limit = random(80);
    const { cost, edits } = align(name, brand);
    assert.equal(
      edits.reduce((sum, edit) => sum + edit.cost, 0),
      cost,
    );
    assert.equal(distance(name, brand, limit), cost <= limit ? cost : FAR, `${name} ${brand} ${limit}`);
    if (cost <= limit) near++;
  }
  assert.ok(near > 2_000, `only ${near} pairs were near`);
});
