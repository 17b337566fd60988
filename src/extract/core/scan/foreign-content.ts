import { BREAKOUT, END_BREAKOUT, FOREIGN, FOREIGN_ROOT, INTEGRATION_POINT, MAX_FOREIGN } from '../layout.ts';
import { byteAt, setByte } from './bytes.ts';

/** Entries of the stack: an `svg` or `math` element, or an element inside whose children are HTML again. */
const ROOT = 1;
const INTEGRATION = 2;

let depth: i32 = 0;

export function leaveAllForeign(): void {
  depth = 0;
}

/** Whether the scanner stands in SVG or MathML. The tree builder's rule without a tree: see `html/foreign-content.ts`. */
export function isForeign(): boolean {
  return depth > 0 && byteAt(FOREIGN + depth) === ROOT;
}

/** Whether SVG or MathML is open, even if HTML stands in it. */
export function isForeignWithin(): boolean {
  return depth > 0;
}

/** Notes a start tag; says whether it is an HTML element, so that it may hold raw text. */
export function enterForeign(flags: i32, isSelfClosing: boolean): boolean {
  if ((flags & FOREIGN_ROOT) !== 0) return push(ROOT, isSelfClosing);
  if (!isForeign()) return true;
  if ((flags & INTEGRATION_POINT) !== 0) return push(INTEGRATION, isSelfClosing);
  if ((flags & BREAKOUT) === 0) return false;
  breakOut();
  return true;
}

/** Notes an end tag. */
export function leaveForeign(flags: i32): void {
  if ((flags & FOREIGN_ROOT) !== 0) popThrough(ROOT);
  else if ((flags & INTEGRATION_POINT) !== 0) popThrough(INTEGRATION);
  else if ((flags & END_BREAKOUT) !== 0 && isForeign()) breakOut();
}

function push(kind: i32, isSelfClosing: boolean): boolean {
  if (!isSelfClosing && depth < MAX_FOREIGN) setByte(FOREIGN + ++depth, kind);
  return false;
}

function popThrough(kind: i32): void {
  let at = depth;
  while (at > 0 && byteAt(FOREIGN + at) !== kind) at--;
  if (at > 0) depth = at - 1;
}

function breakOut(): void {
  while (isForeign()) depth--;
}
