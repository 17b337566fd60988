import { FILTER, FILTER_BITS, TRIPLE_BANK, TRIPLE_CLASSES } from '../layout.ts';
import { MEMORY, setCell, wordAt } from './bytes.ts';

/**
 * Writes a row of two cells for each block of 16 bytes in which a piece of a literal may stand: its offset, and as bits where:
 * bits 0–15 the last of three letters, bits 16–19 five letters that begin at four times their number. Returns where the
 * rows end. Most blocks get none: so the other form writes each row without asking, and goes on behind it if it holds a bit.
 */
export function sift(set: i32, from: i32, end: i32, rows: i32): i32 {
  let row = rows;
  for (let block = from; block < end; block += 16) {
    const bits = tripleBits(set + TRIPLE_CLASSES, block) | (gramBits(set + FILTER, block) << 16);
    if (bits === 0) continue;
    setCell(row, block);
    setCell(row + 4, bits);
    row += 8;
  }
  return row;
}

/** Bit i: the bit of the five letters at four times i is set in the filter. */
function gramBits(filter: number, at: number): number {
  let bits = 0;
  for (let i = 0; i < 4; i++) {
    const four = Math.imul(wordAt(at + 4 * i) | 0x20202020, -1640531535);
    const hash = (four ^ (MEMORY[at + 4 * i + 4]! << 27)) >>> (32 - FILTER_BITS);
    bits |= ((MEMORY[filter + (hash >>> 3)]! >>> (hash & 7)) & 1) << i;
  }
  return bits;
}

/** Bit i: the three bytes up to i share a bit in six rows of 16, by the halves of each; of one bank or the other. */
function tripleBits(classes: number, at: number): number {
  let bits = 0;
  for (let i = 0; i < 16; i++)
    if ((shared(classes, at + i - 2) | shared(classes + TRIPLE_BANK, at + i - 2)) !== 0) bits |= 1 << i;
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
