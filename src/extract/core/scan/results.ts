import {
  IS_CUT,
  LINKS,
  LINK_COUNT,
  LINK_ROW,
  MAX_LINKS,
  MAX_SPANS,
  RESULT,
  RESULT_END,
  SPANS,
  SPAN_COUNT,
  SPAN_ROW,
} from '../layout.ts';
import { cellAt, clear, setCell } from './bytes.ts';

/** Forgets the page before. */
export function clearResults(): void {
  clear(RESULT, RESULT_END);
}

/** Adds one to a counter of the results. */
export function count(counter: i32): void {
  setCell(counter, cellAt(counter) + 1);
}

/** Adds a link. The last one that there is room for cuts the page. */
/* @inline */ export function addLinkRow(
  what: i32,
  start: i32,
  end: i32,
  tagStart: i32,
  tagEnd: i32,
  row: i32,
): void {
  const links = cellAt(LINK_COUNT);
  if (links === MAX_LINKS) return;
  const at = LINKS + links * LINK_ROW;
  setCell(at, what);
  setCell(at + 4, start);
  setCell(at + 8, end);
  setCell(at + 12, tagStart);
  setCell(at + 16, tagEnd);
  setCell(at + 20, row);
  setCell(LINK_COUNT, links + 1);
  if (links + 1 === MAX_LINKS) setCell(IS_CUT, 1);
}

/** Adds a range that other readers want: a comment, a script's text, a title, …; the first ones are kept. */
export function addSpan(kind: i32, start: i32, end: i32): void {
  const spans = cellAt(SPAN_COUNT);
  if (spans === MAX_SPANS) return;
  const at = SPANS + spans * SPAN_ROW;
  setCell(at, kind);
  setCell(at + 4, start);
  setCell(at + 8, end);
  setCell(SPAN_COUNT, spans + 1);
}
