import { FILTER, FILTER_MASKS, FILTER_SHIFT, TRIPLE_BANK, TRIPLE_CLASSES } from '../layout.ts';
import { MEMORY, setCell, wordAt } from './bytes.ts';

/**
 * Writes a row of two cells for each block of 16 bytes in which a piece of a literal may stand: its offset, and as bits where:
 * bits 0–15 three letters that begin there, bits 16–31 five letters. Returns where the
 * rows end. Most blocks get none: so the other form writes each row without asking, and goes on behind it if it holds a bit.
 */
export function sift(set: i32, from: i32, end: i32, rows: i32): i32 {
  let row = rows;
  for (let block = from; block < end; block += 16) {
    const bits = tripleBits(set + TRIPLE_CLASSES, block) | (gramBits(set, block) << 16);
    if (bits === 0) continue;
    setCell(row, block);
    setCell(row + 4, bits);
    row += 8;
  }
  return row;
}

/** Bit i: the five letters at i, a number that four divides, are in the filter. */
function gramBits(set: number, at: number): number {
  let bits = 0;
  for (let i = 0; i < 16; i += 4) {
    const four = Math.imul(wordAt(at + i) | 0x20202020, -1640531535);
    const hash = four ^ (MEMORY[at + i + 4]! << 27);
    const mask = MEMORY[set + FILTER_MASKS + ((hash >>> (FILTER_SHIFT - 4)) & 15)]!;
    if ((MEMORY[set + FILTER + (hash >>> FILTER_SHIFT)]! & mask) === mask) bits |= 1 << i;
  }
  return bits;
}

/** Bit i: the three bytes from i on share a bit in six rows of 16, by the halves of each; of one bank or the other. */
function tripleBits(classes: number, at: number): number {
  let bits = 0;
  for (let i = 0; i < 16; i++)
    if ((shared(classes, at + i) | shared(classes + TRIPLE_BANK, at + i)) !== 0) bits |= 1 << i;
  return bits;
}

function shared(classes: number, at: number): number {
  const first = MEMORY[at]!;
  const second = MEMORY[at + 1]!;
  const third = MEMORY[at + 2]!;
  return (
    MEMORY[classes + (first & 15)]! &
    MEMORY[classes + 16 + (first >> 4)]! &
    MEMORY[classes + 32 + (second & 15)]! &
    MEMORY[classes + 48 + (second >> 4)]! &
    MEMORY[classes + 64 + (third & 15)]! &
    MEMORY[classes + 80 + (third >> 4)]!
  );
}
