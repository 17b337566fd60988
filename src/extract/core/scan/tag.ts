import {
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
import { byteAt, cellAt, findAttributeNameEnd, findByte, findTagNameEnd, setCell, wordAt } from './bytes.ts';
import { findName, FOLD } from './names.ts';
import { count } from './results.ts';
import { addTag } from './structure.ts';

// The tag that was read last.
let entry: i32 = 0;
let element: i32 = 0;
let nameEnd: i32 = 0;
let attributes: i32 = 0;
let isSelfClosing: boolean = false;
let classStart: i32 = 0;
let classEnd: i32 = 0;
let isClassWanted: boolean = false;

/** `clas` and `s`, little-endian. */
const CLAS = 0x73616c63;
const S = 115;

/** Number of the tag's element; 0 where it is none that matters. */
export function tagElement(): i32 {
  return element;
}

/** The entry of its name in `NAMES`; 0 where it has none. */
export function tagEntry(): i32 {
  return entry;
}

export function tagNameEnd(): i32 {
  return nameEnd;
}

/** The attributes that matter and are there, as bits; their values are in `VALUES`. */
export function tagAttributes(): i32 {
  return attributes;
}

export function isTagSelfClosing(): boolean {
  return isSelfClosing;
}

/** The value of its `class`, where a sketch is made; both 0 where it has none. */
export function tagClassStart(): i32 {
  return classStart;
}

export function tagClassEnd(): i32 {
  return classEnd;
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
  entry = findName(nameStart, at);
  element = entry === 0 ? 0 : byteAt(entry + 1);
  attributes = 0;
  classStart = classEnd = 0;
  isClassWanted = isStart && cellAt(IS_SKETCHING) !== 0;
  const interest = isStart ? cellAt(INTEREST + element * 4) : 0;
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
function readAttribute(nameStart: i32, end: i32, interest: i32): i32 {
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
  if (isClassWanted && attributeNameEnd - nameStart === 5 && isClassAt(nameStart)) {
    isClassWanted = false;
    classStart = start;
    classEnd = stop;
  } else if (interest !== 0) noteAttribute(nameStart, attributeNameEnd, start, stop, interest);
  return at;
}

function isClassAt(at: i32): boolean {
  return (wordAt(at) | FOLD) === CLAS && (byteAt(at + 4) | 32) === S;
}

function noteAttribute(nameStart: i32, attributeNameEnd: i32, start: i32, stop: i32, interest: i32): void {
  const entry = findName(nameStart, attributeNameEnd);
  if (entry === 0) return;
  const attribute = byteAt(entry + 2);
  const bit = 1 << attribute;
  if (attribute === 0 || (interest & bit) === 0 || (attributes & bit) !== 0) return;
  attributes |= bit;
  setCell(VALUES + attribute * 8, start);
  setCell(VALUES + attribute * 8 + 4, stop);
}
