import assert from 'node:assert/strict';
import test from 'node:test';
import { openPlainEngine, openSimdEngine, type Engine } from './engine.ts';
import * as layout from './layout.ts';
import { INSIDE_WORD } from './literal-set.ts';
import { literalSets, openLiterals } from './literals.ts';

/** Numbers below a limit, the same for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Rows of `MARKS`, as text. */
function found({ memory, cells, scanner }: Engine, set: number, text: Buffer, indent: number): string[] {
  const start = layout.INPUT + indent;
  memory.fill(0x61, layout.INPUT, start);
  memory.set(text, start);
  memory.fill(0, start + text.length, start + text.length + layout.PADDING);
  scanner.clearMarks();
  scanner.findLiterals(set, start, start + text.length);
  return Array.from({ length: cells[layout.MARK_COUNT / 4]! }, (_, mark) => {
    const row = (layout.MARKS + mark * layout.MARK_ROW) / 4;
    return `${cells[row + 1]! - start} ${cells[row]!}`;
  });
}

/** The same by looking for one after the other, in order. What must stand inside of a word may be listed elsewhere, too. */
function check(rows: readonly string[], literals: readonly Buffer[], text: Buffer): void {
  const folded = Buffer.from(text.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)));
  const wanted: [number, number][] = [];
  const allowed = new Set<string>();
  for (const [number, literal] of literals.entries()) {
    const isInside = literal[0] === INSIDE_WORD.charCodeAt(0);
    const letters = isInside ? literal.subarray(1) : literal;
    for (let at = folded.indexOf(letters); at >= 0; at = folded.indexOf(letters, at + 1)) {
      const around = folded.toString('latin1', at - 1, at + letters.length + 1);
      if (!isInside || /^[\w+-].[a-z0-9-]$/.test(around)) wanted.push([at, number]);
      else allowed.add(`${at} ${number}`);
    }
  }
  assert.deepEqual(
    rows.filter((row) => !allowed.has(row)),
    wanted.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((row) => row.join(' ')),
    text.toString('latin1'),
  );
}

/** Literals in either case, whole or cut, close to each other or apart, and other bytes. */
function randomText(literals: readonly Buffer[], random: (limit: number) => number): Buffer {
  return Buffer.concat(
    Array.from({ length: 1 + random(12) }, () => {
      const literal = literals[random(literals.length)]!;
      const written =
        random(2) === 0 ? Buffer.from(literal.toString('latin1').toUpperCase(), 'latin1') : literal;
      switch (random(4)) {
        case 0:
          return written.subarray(random(literal.length), random(literal.length + 1));
        case 1:
          return Buffer.from(Array.from({ length: random(40) }, () => random(256)));
        default:
          return written;
      }
    }),
  );
}

for (const engine of [openPlainEngine(), openSimdEngine()]) {
  if (engine === undefined) continue;
  openLiterals(engine.memory);
  for (const { set, literals } of literalSets()) {
    const bytes = literals.map((literal) => Buffer.from(literal));
    test(`${engine.kind}: each literal of the set at ${set} is found at each offset`, () => {
      for (const [number, literal] of bytes.entries()) {
        if (literals[number]!.startsWith(INSIDE_WORD)) continue;
        for (let indent = 0; indent < 16; indent++) {
          const rows = found(engine, set, literal, indent);
          assert.ok(rows.includes(`0 ${number}`), `${literals[number]} at ${indent}`);
        }
      }
    });

    test(`${engine.kind}: what is found of the set at ${set} in random texts is what stands there`, () => {
      const random = randomNumbers(set);
      let marks = 0;
      for (let round = 0; round < 300; round++) {
        const text = randomText(bytes, random);
        const rows = found(engine, set, text, random(16));
        marks += rows.length;
        check(rows, bytes, text);
      }
      assert.ok(marks > 1_000, String(marks));
    });
  }

  test(`${engine.kind}: literals on both sides of a stretch, and more marks than there is room for`, () => {
    const [{ set, literals }] = literalSets() as [{ set: number; literals: readonly string[] }];
    const literal = Buffer.from('ca-pub-');
    const number = literals.indexOf('ca-pub-');
    for (let before = 8_170; before < 8_200; before++) {
      const text = Buffer.concat([Buffer.alloc(before, ' '), literal]);
      assert.deepEqual(found(engine, set, text, 0), [`${before} ${number}`]);
    }
    found(engine, set, Buffer.alloc((layout.MAX_MARKS + 5) * literal.length, literal), 0);
    assert.equal(engine.cells[layout.MARK_COUNT / 4], layout.MAX_MARKS);
    assert.equal(engine.cells[layout.MARKS_ARE_CUT / 4], 1);
  });
}
