import {
  ENTRIES,
  ENTRY_ROW,
  GRAM_SLOTS,
  MARKS,
  MARKS_ARE_CUT,
  MARK_COUNT,
  MARK_ROW,
  MAX_MARKS,
  SIFTED,
  SIFTED_ROW,
  SLOT_BITS,
  TEXTS,
  TEXT_ROW,
  TRIPLE_SLOTS,
} from '../layout.ts';
import { byteAt, cellAt, halfAt, lowestBit, multiply, setCell, wordAt } from './bytes.ts';
import { FOLD } from './names.ts';
import { sift } from './sift.ts';

/** Of the hash of four letters; `sift.ts` and `literal-set.ts` use it, too. */
const GRAM_FACTOR = -1640531535;

/** Bytes of a row of `sift`, and those of a stretch: its rows and itself stay in the processor's nearest cache. */
const BLOCK = 16;
const STRETCH = 8_192;
const THREE_LETTERS = 0xffffff;

// The range that is searched.
let from: i32 = 0;
let to: i32 = 0;
/** What is found in it stands from this row on. */
let firstRow: i32 = 0;

/** Forgets the marks found so far. */
export function clearMarks(): void {
  setCell(MARK_COUNT, 0);
  setCell(MARKS_ARE_CUT, 0);
}

/**
 * Looks for all literals of a set at once and adds a row to `MARKS` for each place where one stands, in any case of its
 * ASCII letters; in order. A long literal is filed under four pieces of five letters that begin one after another, so that one of
 * them begins at an offset that four divides: only these offsets are looked at. Short ones are filed under three letters.
 */
export function findLiterals(set: i32, start: i32, end: i32): void {
  from = start;
  to = end;
  firstRow = MARKS + cellAt(MARK_COUNT) * MARK_ROW;
  for (let at = start & -BLOCK; at < end; at += STRETCH) {
    const stop = at + STRETCH < end ? at + STRETCH : end;
    const sifted = sift(set, at, stop, SIFTED);
    for (let row = SIFTED; row < sifted; row += SIFTED_ROW) compareBlock(set, cellAt(row), cellAt(row + 4));
  }
}

/** Looks each piece up that may stand in a block; of both kinds alike, so that nothing must be guessed. */
function compareBlock(set: i32, block: i32, found: i32): void {
  for (let bits = found; bits !== 0; bits &= bits - 1) {
    const bit = lowestBit(bits);
    const isTriple = bit < BLOCK;
    const at = block + (bit & (BLOCK - 1));
    const letters = (wordAt(at) | FOLD) & (isTriple ? THREE_LETTERS : -1);
    const hash = multiply(letters, GRAM_FACTOR) ^ (isTriple ? 0 : byteAt(at + 4) << 27);
    const slots = set + (isTriple ? TRIPLE_SLOTS : GRAM_SLOTS);
    const first = halfAt(slots + (hash >>> (32 - SLOT_BITS)) * 2);
    if (first !== 0) compare(set, first, at);
  }
}

/** Compares the literals of a slot with what stands around `at`; nearly all differ in the letters of their entry already. */
function compare(set: i32, first: i32, at: i32): void {
  let row = set + ENTRIES + (first - 1) * ENTRY_ROW;
  do {
    row += ENTRY_ROW;
    const start = at - halfAt(row + 4) + 1; // one more is stored, so that a literal may begin behind its letters
    if (((wordAt(start + halfAt(row + 6)) | FOLD) & cellAt(row + 12)) !== cellAt(row + 8)) continue;
    const literal = halfAt(row + 2);
    const length = cellAt(set + TEXTS + literal * TEXT_ROW + 4);
    if (start < from || start + length > to) continue;
    if (standsAt(start, cellAt(set + TEXTS + literal * TEXT_ROW), length)) addInOrder(literal, start);
  } while (halfAt(row) !== 0);
}

function standsAt(start: i32, text: i32, length: i32): boolean {
  for (let i = 0; i < length; i++) {
    const byte = byteAt(start + i);
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== byteAt(text + i)) return false;
  }
  return true;
}

/**
 * Adds a row to `MARKS` where its place is: by offset, then by literal. What comes before its turn is at most the length of a
 * literal away, so that few rows move.
 */
function addInOrder(literal: i32, start: i32): void {
  let row = MARKS + cellAt(MARK_COUNT) * MARK_ROW;
  addMark(literal, start);
  if (cellAt(MARKS_ARE_CUT) !== 0) return;
  for (; row > firstRow && isBehind(row - MARK_ROW, literal, start); row -= MARK_ROW) {
    setCell(row, cellAt(row - MARK_ROW));
    setCell(row + 4, cellAt(row - MARK_ROW + 4));
  }
  setCell(row, literal);
  setCell(row + 4, start);
}

/** Whether a row is of a literal that comes later. */
function isBehind(row: i32, literal: i32, start: i32): boolean {
  const at = cellAt(row + 4);
  return at > start || (at === start && cellAt(row) > literal);
}

/** Adds a row to `MARKS`; where there is no room, that is noted. */
export function addMark(literal: i32, start: i32): void {
  const marks = cellAt(MARK_COUNT);
  if (marks === MAX_MARKS) return setCell(MARKS_ARE_CUT, 1);
  setCell(MARKS + marks * MARK_ROW, literal);
  setCell(MARKS + marks * MARK_ROW + 4, start);
  setCell(MARK_COUNT, marks + 1);
}
