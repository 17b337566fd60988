import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClassCode } from './class-code.ts';
import { DeletionIndex } from './deletion-index.ts';
import { LabelScanner } from './label-scanner.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const code = new ClassCode();
const codeOf = (text: string): ClassCode => code.fill(bytes(text), 0, text.length);

let seed = 5;
const random = (below: number): number =>
  ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 8) % below;
const randomLabel = (letters: string, least: number, spread: number): string =>
  Array.from({ length: least + random(spread) }, () => letters[random(letters.length)]).join('');

/** Codes with up to two symbols left out. */
function deletions(text: string, most: number): Set<string> {
  const all = new Set([text]);
  let last = [text];
  for (let round = 0; round < most; round++) {
    last = last.flatMap((each) => Array.from(each, (_, at) => each.slice(0, at) + each.slice(at + 1)));
    for (const each of last) all.add(each);
  }
  return all;
}

test('names that people confuse share a class code', () => {
  for (const [name, brand] of [
    ['rnicr0soft', 'microsoft'],
    ['vvikipedia', 'wikipedia'],
    ['paypa1', 'paypal'],
    ['bit-coin-gold', 'bitcoingold'],
    ['coinbasse', 'coinbase'],
    ['cliscord', 'discord'],
  ] as const) {
    assert.equal(codeOf(name).toString(), codeOf(brand).toString(), name);
  }
});

test('a code knows which bytes each symbol stands for', () => {
  codeOf('a-rnno_x');
  assert.equal(code.toString(), 'ano.x');
  assert.deepEqual(Array.from(code.starts.slice(0, 5)), [0, 2, 5, 6, 7]);
  assert.deepEqual(Array.from(code.ends.slice(0, 5)), [1, 5, 6, 7, 8]);
});

test('the index proposes every label within two deletions, as comparing one by one would', () => {
  const labels = Array.from({ length: 400 }, () => randomLabel('abdfhloprty', 3, 12));
  const codes = labels.map((label) => codeOf(label).toString());
  const index = new DeletionIndex(
    labels.length,
    (at) => codeOf(labels[at]),
    () => 2,
  );
  let met = 0;
  for (let round = 0; round < 400; round++) {
    const from = labels[random(labels.length)];
    const at = random(from.length);
    const name = from.slice(0, at) + randomLabel('abdfhl', 0, 2) + from.slice(at + random(2));
    const text = codeOf(name).toString();
    const count = index.query(codeOf(name));
    const proposed = new Set(Array.from({ length: count }, (_, found) => index.found(found)));
    const most = (length: number): number => (length < 4 ? 0 : length < 8 ? 1 : 2);
    const own = deletions(text, most(text.length));
    for (const [label, other] of codes.entries()) {
      const isNear = [...deletions(other, most(other.length))].some((each) => own.has(each));
      if (isNear) met++;
      assert.equal(proposed.has(label), isNear, `${name} ${labels[label]}`);
    }
  }
  assert.ok(met > 400, `only ${met} pairs met`);
});

test('the scanner finds every label inside a longer code, as searching for each would', () => {
  const labels = Array.from({ length: 60 }, () => randomLabel('abd', 3, 3));
  const codes = labels.map((label) => codeOf(label).toString());
  const scanner = new LabelScanner(labels.length, (at) => codeOf(labels[at]));
  for (let round = 0; round < 200; round++) {
    const name = randomLabel('abdx_', 1, 14);
    const text = codeOf(name).toString();
    const expected = codes.flatMap((each, label) =>
      Array.from(text, (_, at) => at)
        .filter((at) => text.startsWith(each, at))
        .map((at) => `${label}:${at}-${at + each.length}`),
    );
    const count = scanner.scan(codeOf(name));
    const found = Array.from(
      { length: count },
      (_, at) => `${scanner.label(at)}:${scanner.start(at)}-${scanner.end(at)}`,
    );
    if (expected.length <= 64) assert.deepEqual(found.sort(), expected.sort(), name);
  }
});
