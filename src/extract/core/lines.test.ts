import assert from 'node:assert/strict';
import test from 'node:test';
import { SourceText } from '../source-text.ts';
import { openPlainEngine, openSimdEngine, type Engine } from './engine.ts';
import * as layout from './layout.ts';

function placeOf({ cells, scanner }: Engine, offset: number): { line: number; column: number } {
  scanner.findPlace(offset);
  return { line: cells[layout.PLACE_LINE / 4]! + 1, column: cells[layout.PLACE_COLUMN / 4]! + 1 };
}

/** Letters of one to four bytes, and line ends of each kind, in pages that favour one or have few of any. */
const LETTERS = ['a', 'é', '漢', '\u{1f600}', '\n', '\r\n', '\r', '\r\r\n'];

for (const engine of [openPlainEngine(), openSimdEngine()]) {
  if (engine === undefined) continue;
  test(`${engine.kind}: line and column of every character are those of the text`, () => {
    let state = 1;
    const random = (limit: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (let round = 0; round < 60; round++) {
      const favourite = LETTERS[random(LETTERS.length)]!;
      const rarity = 1 + random(3_000);
      const text = Array.from({ length: random(7_000) }, () =>
        random(rarity) === 0 ? LETTERS[random(LETTERS.length)]! : favourite,
      ).join('');
      const bytes = Buffer.from(text);
      const start = layout.INPUT + random(20);
      const end = start + bytes.length;
      engine.memory.set(bytes, start);
      engine.memory.fill(0, end, end + layout.PADDING);
      engine.scanner.measureLines(start, end);
      const source = new SourceText(text);
      let offset = start;
      let units = 0;
      for (const letter of text) {
        if (letter !== '\n' && letter !== '\r')
          assert.deepEqual(placeOf(engine, offset), source.positionOf(units), `round ${round}, ${units}`);
        offset += Buffer.byteLength(letter);
        units += letter.length;
      }
    }
  });
}
