import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextRows } from './text-rows.ts';

/** The slow twin: every line and column by splitting. */
function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

/** A small generator with a seed, so that a failure comes again. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

test('rows hold the whole text, in lines as HTML counts them', () => {
  const random = randomFrom(7);
  const alphabet = ['a', '<', '\n', '\r', '\r\n', '\u{1f600}', '\0', 'x'.repeat(399), 'y'.repeat(401), ' '];
  for (let round = 0; round < 300; round++) {
    const text = Array.from({ length: random(30) }, () => alphabet[random(alphabet.length)]).join('');
    const rows = new TextRows(text);
    const lines = linesOf(text);
    assert.equal(rows.lineCount, lines.length, JSON.stringify(text));
    const all = rows.rows(0, rows.rowCount);
    const joined = Map.groupBy(all, ({ line }) => line);
    lines.forEach((line, index) => {
      const parts = joined.get(index + 1) ?? [];
      assert.equal(parts.map((part) => part.text).join(''), line, JSON.stringify(text));
      for (const { column, text: part } of parts) {
        assert.equal(line.slice(column - 1, column - 1 + part.length), part);
        assert.ok(part.length <= 401, 'a row is short');
        assert.ok(!/^[\udc00-\udfff]/.test(part), 'no character is cut in two');
      }
    });
  }
});

test('a place is in the row that shows it', () => {
  const text = `first\n${'a'.repeat(900)}needle${'b'.repeat(900)}\nlast`;
  const rows = new TextRows(text);
  const row = rows.rowOf({ line: 2, column: 901 });
  const [shown] = rows.rows(row, 1);
  assert.equal(shown!.line, 2);
  assert.ok(shown!.text.includes('needle'));
  assert.equal(rows.rowOf({ line: 99, column: 1 }), rows.rowCount - 1, 'beyond the end: the last row');
  assert.equal(rows.rowOf({ line: 2, column: 1e9 }), rows.rowOf({ line: 3, column: 1 }) - 1);
});

test('words are found wherever they stand, as text and not as a pattern', () => {
  const rows = new TextRows('one (a+)+$ two\nThree (A+)+$ \\d');
  assert.deepEqual(rows.find('(a+)+$', 10), [
    { row: 0, line: 1, column: 5, length: 6 },
    { row: 1, line: 2, column: 7, length: 6 },
  ]);
  assert.equal(rows.find('.', 10).length, 0);
  assert.equal(rows.find('o', 1).length, 1, 'not more than asked for');
  for (const words of ['[', '-', '\\', 'a-z', '/', '^', '{2}', '|']) rows.find(words, 1);
});

test('texts made to be slow are read in time', () => {
  for (const text of ['\r'.repeat(2_000_000), 'a'.repeat(10_000_000), '\r\n'.repeat(1_000_000)]) {
    const rows = new TextRows(text);
    assert.ok(rows.rowCount > 1);
    assert.equal(rows.rows(rows.rowCount - 3, 10).length, 3);
  }
});
