import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffTexts, type TextDiff } from './text-diff.ts';

const changed = (diff: TextDiff): [removed: string[], added: string[]][] =>
  diff.blocks
    .filter(({ kind }) => kind === 'changed')
    .map(({ from, to }) => [
      diff.from.slice(from.start, from.end).map(({ text }) => text),
      diff.to.slice(to.start, to.end).map(({ text }) => text),
    ]);

function assertWhole({ from, to, blocks }: TextDiff): void {
  let [i, j] = [0, 0];
  for (const block of blocks) {
    assert.deepEqual([block.from.start, block.to.start], [i, j], 'no gap, no overlap');
    [i, j] = [block.from.end, block.to.end];
    if (block.kind === 'same') assert.equal(block.from.end - block.from.start, block.to.end - block.to.start);
  }
  assert.deepEqual([i, j], [from.length, to.length]);
}

test('a page written on one line is compared tag by tag', () => {
  const genuine = '<body><h1>Wallet</h1><a href="/about">About</a></body>';
  const fake = `<body><h1>Wallet</h1><button onclick="go()">Download</button><a href='/about'>About</a></body>`;
  const diff = diffTexts(genuine, fake, true);
  assertWhole(diff);
  assert.deepEqual(changed(diff), [[[], ['<button onclick="go()">Download', '</button>']]]);
});

test('what serialising a DOM changes is no difference', () => {
  const diff = diffTexts("<P>\n<BR/><img src='a' hidden/>\n", '<p><br><img src="a" hidden="">', true);
  assert.deepEqual(changed(diff), []);
});

test('every piece of both texts is in exactly one block, same ones are the same', () => {
  let state = 11;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  for (let round = 0; round < 300; round++) {
    const left = Array.from({ length: random(40) }, () => `line ${random(12)}`);
    const right = left.filter(() => random(5) > 0);
    for (let edits = random(6); edits > 0; edits--)
      right.splice(random(right.length + 1), 0, `new ${random(9)}`);
    const diff = diffTexts(left.join('\n'), right.join('\n'), false);
    assertWhole(diff);
    for (const { kind, from, to } of diff.blocks)
      if (kind === 'same')
        assert.deepEqual(
          diff.from.slice(from.start, from.end).map(({ text }) => text),
          diff.to.slice(to.start, to.end).map(({ text }) => text),
        );
  }
});

test('large texts without anything in common, or of one line over and over, end', () => {
  const left = Array.from({ length: 60_000 }, (_, index) => `a${index % 3}`).join('\n');
  const right = Array.from({ length: 60_000 }, (_, index) => `b${index % 5}`).join('\n');
  assertWhole(diffTexts(left, right, false));
  assertWhole(diffTexts('<p>x'.repeat(100_000), '<p>y'.repeat(90_000), true));
});
