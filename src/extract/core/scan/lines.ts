import { BLOCKS, BLOCK_BITS, PLACE_COLUMN, PLACE_LINE } from '../layout.ts';
import { cellAt, countBreaks, countUnits, findLastBreak, setCell } from './bytes.ts';

let pageStart: i32 = 0;
let line: i32 = 0;
let column: i32 = 0;

/**
 * Counts the lines of a page, and the UTF-16 units of the line, up to every block of it, so that the line and column of
 * any place are near. The page is UTF-8; lines end at LF, CR LF or a lone CR.
 */
export function measureLines(start: i32, end: i32): void {
  pageStart = start;
  line = 0;
  column = 0;
  let row = BLOCKS;
  for (let at = start; at < end; at += 1 << BLOCK_BITS) {
    setCell(row, line);
    setCell(row + 4, column);
    row += 8;
    const next = at + (1 << BLOCK_BITS);
    advance(at, next < end ? next : end);
  }
  if (start >= end) {
    setCell(row, 0);
    setCell(row + 4, 0);
  }
}

/** Puts line and column of an offset of that page into `PLACE_LINE` and `PLACE_COLUMN`. */
export function findPlace(at: i32): void {
  const block = (at - pageStart) >> BLOCK_BITS;
  line = cellAt(BLOCKS + block * 8);
  column = cellAt(BLOCKS + block * 8 + 4);
  advance(pageStart + (block << BLOCK_BITS), at);
  setCell(PLACE_LINE, line);
  setCell(PLACE_COLUMN, column);
}

function advance(from: i32, to: i32): void {
  const breaks = countBreaks(from, to);
  line += breaks;
  if (breaks === 0) column += countUnits(from, to);
  else column = countUnits(findLastBreak(from, to) + 1, to);
}
