import {
  CLASS,
  CLASSES,
  EQUALS_MARK,
  GREATER_MARK,
  INTEREST,
  IS_SKETCHING,
  SLASH_MARK,
  SPACE,
  TAG_COUNT,
  VALUES,
} from '../layout.ts';
import { byteAt, cellAt, findAttributeNameEnd, findByte, findTagNameEnd, setCell } from './bytes.ts';
import { findName, isOfName, nameCandidate } from './names.ts';
import { count } from './results.ts';
import { addTag } from './structure.ts';

// The tag that was read last.
let entry: i32 = 0;
let element: i32 = 0;
let nameEnd: i32 = 0;
let attributes: i32 = 0;
let isSelfClosing: boolean = false;

/** Number of the start tag's element; 0 where it is none that matters. */
export function tagElement(): i32 {
  return element;
}

/** The entry of a start tag's name in `NAMES`; 0 where it has none. */
export function tagEntry(): i32 {
  return entry;
}

export function tagNameEnd(): i32 {
  return nameEnd;
}

/** The attributes that matter and are there, as bits; their values are in `VALUES`. `CLASS` is there where a sketch is made. */
export function tagAttributes(): i32 {
  return attributes;
}

export function isTagSelfClosing(): boolean {
  return isSelfClosing;
}

export function valueStart(attribute: i32): i32 {
  return cellAt(VALUES + attribute * 8);
}

export function valueEnd(attribute: i32): i32 {
  return cellAt(VALUES + attribute * 8 + 4);
}

function classAt(at: i32): i32 {
  return byteAt(CLASSES + byteAt(at));
}

/**
 * Reads a tag whose name starts here (WHATWG HTML §13.2.5.8 and 32–40). Returns the offset after `>`, or -1 where the
 * page ends inside the tag. Of attributes, the first of each name counts.
 */
export function readTag(nameStart: i32, end: i32, isStart: boolean): i32 {
  let at = findTagNameEnd(nameStart, end);
  if (at >= end) return -1;
  nameEnd = at;
  attributes = 0;
  let interest: i32 = 0;
  if (isStart) {
    entry = findName(nameStart, at);
    element = entry === 0 ? 0 : byteAt(entry + 1);
    interest = cellAt(INTEREST + element * 4) | (cellAt(IS_SKETCHING) << CLASS);
  }
  let slash: i32 = -1;
  for (;;) {
    let kind = classAt(at);
    while ((kind & (SPACE | SLASH_MARK)) !== 0) {
      if ((kind & SLASH_MARK) !== 0) slash = at;
      kind = classAt(++at);
    }
    if (at >= end) return -1;
    if ((kind & GREATER_MARK) !== 0) break;
    at = readAttribute(at, end, interest);
    if (at === -1) return -1;
  }
  isSelfClosing = slash === at - 1;
  count(TAG_COUNT);
  addTag(nameStart, isStart ? nameEnd : 0);
  return at + 1;
}

/** Reads an attribute and returns the offset after it; -1 where the page ends in it. */
/* @inline */ function readAttribute(nameStart: i32, end: i32, interest: i32): i32 {
  let at = findAttributeNameEnd(nameStart + 1, end); // a leading `=` belongs to the name
  const attributeNameEnd = at;
  while ((classAt(at) & SPACE) !== 0) at++;
  if (at >= end) return -1;
  let start = attributeNameEnd;
  let stop = attributeNameEnd;
  if ((classAt(at) & EQUALS_MARK) !== 0) {
    at++;
    while ((classAt(at) & SPACE) !== 0) at++;
    if (at >= end) return -1;
    const quote = byteAt(at);
    if (quote === 34 || quote === 39) {
      start = at + 1;
      stop = findByte(start, end, quote);
      if (stop >= end) return -1;
      at = stop + 1;
    } else {
      start = at;
      while ((classAt(at) & (SPACE | GREATER_MARK)) === 0 && at < end) at++;
      if (at >= end) return -1;
      stop = at;
    }
  }
  const length = attributeNameEnd - nameStart;
  const candidate = nameCandidate(nameStart, length);
  const attribute = byteAt(candidate + 2); // 0 is of no interest
  if ((interest & ~attributes & (1 << attribute)) !== 0 && isOfName(candidate, nameStart, length))
    noteAttribute(attribute, start, stop);
  return at;
}

function noteAttribute(attribute: i32, start: i32, stop: i32): void {
  attributes |= 1 << attribute;
  setCell(VALUES + attribute * 8, start);
  setCell(VALUES + attribute * 8 + 4, stop);
}
