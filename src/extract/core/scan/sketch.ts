import {
  BETWEEN_WORDS,
  CELL_ITEM,
  CHILDLESS,
  CLASS,
  CLASS_VALUES,
  CLASS_VALUE_ROWS,
  FIRST_ITEM,
  FOLDED_POINTS,
  IGNORED,
  INVISIBLE,
  MATHEMATICAL,
  MATHEMATICAL_END,
  MAX_OPEN,
  NAME_HASH,
  OPEN_ELEMENTS,
  ROW_ITEM,
  TEXT_FOLDS,
  WORD_OF_ITS_OWN,
} from '../layout.ts';
import {
  byteAt,
  cellAt,
  clear,
  findBlank,
  halfAt,
  hashLetters,
  isSameText,
  lowestBit,
  multiply,
  oddBits,
  otherBits,
  setCell,
  skipBlank,
} from './bytes.ts';
import {
  addClass,
  addElement,
  addToVocabulary,
  addWord,
  clearMembers,
  countClasses,
  lastWord,
} from './members.ts';
import { findName, hashRange, mix } from './names.ts';
import { isAtNoscript } from './noscript.ts';
import { isTagSelfClosing, tagAttributes, tagEntry, tagNameEnd, valueEnd, valueStart } from './tag.ts';

/**
 * The sketch of a page, by which copies are found: for each of five sets, of all its members that fall into a bucket the
 * smallest hash is kept (one-permutation MinHash, Li et al. 2012). The sets: shingles of four words; words of four
 * letters and more; the way of each element (itself and three above it) with those of the two before it; six tags in a
 * row; class names.
 *
 * Text is read as a person would: letters that look alike are one letter (bitcоin with a Cyrillic о is bitcoin), marks
 * and character references do not matter. The tree is guessed from tags alone, and what parsers, savers and copying
 * tools add or drop is left out of it: html, head, body and tbody, scripts, styles, metas.
 */
const SHORTEST_WORD = 4;
const AMPERSAND = 38;
/** Bytes of text that are looked at at once, and the bit behind theirs. */
const BLOCK = 16;
const BLOCK_END = 0x10000;
const HASH_START: i32 = -2128831035;

/** Cells of a row of `OPEN_ELEMENTS`: hash of the name; where it stands; kind; what the parents make of a child's way. */
const OPEN_ROW = 20;
const NAME_AT = 4;
const NAME_LENGTH = 8;
const KIND = 12;
const PARENTS = 16;

let depth: i32 = 0;
// The word at hand.
let wordHash: i32 = 0;
let wordLength: i32 = 0;
let isAfterIdeograph: boolean = false;
/** What a character reference stands for, and where it ends. */
let referenceEnd: i32 = 0;

export function clearSketch(): void {
  clearMembers();
  clear(CLASS_VALUES, CLASS_VALUES + CLASS_VALUE_ROWS * 16);
  depth = 0;
  isAfterIdeograph = false;
}

/** Takes a run of text. Behind it stands no letter. */
export function sketchText(start: i32, end: i32): void {
  if (isAtNoscript()) return;
  let at = skipBlank(start, end);
  if (at > start) isAfterIdeograph = false;
  wordHash = HASH_START;
  wordLength = 0;
  while (at < end) {
    // of the next 16 bytes: letters that go on with the word, and what stands between it and the next
    const others = otherBits(at);
    const odd = oddBits(at);
    const letters = lowestBit(others | BLOCK_END);
    const next = lowestBit(((~others | odd) & -(1 << letters)) | BLOCK_END);
    wordHash = hashLetters(wordHash, at, letters);
    wordLength += letters;
    at += next;
    if (next > letters) {
      endWord();
      isAfterIdeograph = false;
    } else if (letters < BLOCK) at = takeOdd(at, end);
  }
  endWord();
}

/** Reads a character reference, or a character beyond ASCII; returns the offset after it. */
function takeOdd(at: i32, end: i32): i32 {
  const byte = byteAt(at);
  if (byte !== AMPERSAND) return takeCharacter(at, byte, end);
  const unit = readReference(at + 1, end);
  takeUnit(unit);
  return referenceEnd;
}

/** Reads a character of UTF-8; where it is none, the byte as Latin-1. Returns the offset after it. */
function takeCharacter(at: i32, byte: i32, end: i32): i32 {
  if (byte >= 0xc2 && byte < 0xe0 && at + 1 < end && isTail(at + 1)) {
    takePoint(((byte & 31) << 6) | (byteAt(at + 1) & 63));
    return at + 2;
  }
  if (byte >= 0xe0 && byte < 0xf0 && at + 2 < end && isTail(at + 1) && isTail(at + 2)) {
    takePoint(((byte & 15) << 12) | ((byteAt(at + 1) & 63) << 6) | (byteAt(at + 2) & 63));
    return at + 3;
  }
  if (byte >= 0xf0 && byte < 0xf5 && at + 3 < end && isTail(at + 1) && isTail(at + 2) && isTail(at + 3)) {
    takePoint(
      ((byte & 7) << 18) |
        ((byteAt(at + 1) & 63) << 12) |
        ((byteAt(at + 2) & 63) << 6) |
        (byteAt(at + 3) & 63),
    );
    return at + 4;
  }
  takePoint(byte);
  return at + 1;
}

function isTail(at: i32): boolean {
  return (byteAt(at) & 0xc0) === 0x80;
}

function takePoint(point: i32): void {
  const unit = unitOf(point);
  if (unit === WORD_OF_ITS_OWN) takeIdeograph(point);
  else takeUnit(unit);
}

/** What a code point reads as. */
function unitOf(point: i32): i32 {
  if (point < FOLDED_POINTS) return halfAt(TEXT_FOLDS + point * 2);
  if (point >= MATHEMATICAL && point < MATHEMATICAL_END)
    return halfAt(TEXT_FOLDS + (FOLDED_POINTS + point - MATHEMATICAL) * 2);
  if (point > 0xff00 && point < 0xff5f) return halfAt(TEXT_FOLDS + (point - 0xfee0) * 2); // full width
  if (point >= 0xfe00 && point < 0xfe10) return INVISIBLE; // variation selectors
  if (point === 0xfeff) return INVISIBLE;
  if (point >= 0xac00 && point < 0xd7a4) return point; // Hangul puts spaces between words
  if (point < 0x3400) return point < 0x3041 ? BETWEEN_WORDS : WORD_OF_ITS_OWN;
  if (point >= 0xd800 && point < 0xf900) return BETWEEN_WORDS;
  if (point > 0xfaff && point < 0x20000) return BETWEEN_WORDS; // pictures
  return WORD_OF_ITS_OWN;
}

function takeUnit(unit: i32): void {
  if (unit === INVISIBLE) return;
  if (unit === BETWEEN_WORDS) {
    endWord();
    isAfterIdeograph = false;
    return;
  }
  wordHash = multiply(wordHash ^ unit, 16777619);
  wordLength++;
}

/** A word of its own; two in a row count as vocabulary. */
function takeIdeograph(point: i32): void {
  endWord();
  const before = lastWord();
  const word = multiply(point, 16777619);
  addWord(word);
  if (isAfterIdeograph) addToVocabulary(mix(before, word), true);
  isAfterIdeograph = true;
}

/* @inline */ function endWord(): void {
  if (wordLength === 0) return;
  isAfterIdeograph = false;
  addToVocabulary(wordHash, wordLength >= SHORTEST_WORD);
  addWord(wordHash);
  wordHash = HASH_START;
  wordLength = 0;
}

/** What the character reference after an ampersand reads as; where it is none, the ampersand stands between words. */
function readReference(from: i32, end: i32): i32 {
  referenceEnd = from;
  if (byteAt(from) === 35) return readNumber(from + 1, end);
  let at = from;
  while (at < end && at - from < 9 && (byteAt(at) | 32) >= 97 && (byteAt(at) | 32) <= 122) at++;
  if (byteAt(at) !== 59 || at - from < 3) return BETWEEN_WORDS;
  referenceEnd = at + 1;
  const second = byteAt(from + 1);
  const third = byteAt(from + 2);
  if (second === 104 && third === 121 && at - from === 3) return INVISIBLE; // shy
  if (at - from >= 4 && isAccent(second, third, byteAt(from + 3))) return byteAt(from) | 32;
  return BETWEEN_WORDS;
}

/** Whether the letters begin `acute`, `grave`, `circ`, `uml`, `tilde`, `cedil`, `ring`, `slash` or `caron`. */
function isAccent(first: i32, second: i32, third: i32): boolean {
  const letters = (first << 16) | (second << 8) | third;
  return (
    letters === 0x616375 ||
    letters === 0x677261 ||
    letters === 0x636972 ||
    letters === 0x756d6c ||
    letters === 0x74696c ||
    letters === 0x636564 ||
    letters === 0x72696e ||
    letters === 0x736c61 ||
    letters === 0x636172
  );
}

function readNumber(from: i32, end: i32): i32 {
  let at = from;
  let point: i32 = 0;
  const isHex = (byteAt(at) | 32) === 120;
  if (isHex) at++;
  const digits = at;
  while (at < end && at - digits < 7) {
    const byte = byteAt(at);
    const letter = byte | 32;
    if (byte >= 48 && byte <= 57) point = point * (isHex ? 16 : 10) + byte - 48;
    else if (isHex && letter >= 97 && letter <= 102) point = point * 16 + letter - 87;
    else break;
    at++;
  }
  if (at === digits) return BETWEEN_WORDS;
  referenceEnd = at < end && byteAt(at) === 59 ? at + 1 : at;
  const unit = unitOf(point);
  if (unit !== WORD_OF_ITS_OWN) return unit;
  takeIdeograph(point);
  return INVISIBLE;
}

/** Notes the start tag that was read last. */
export function openElement(nameStart: i32): void {
  const kind = kindOf(tagEntry());
  if (kind === IGNORED) return;
  if (kind >= FIRST_ITEM) endItems(kind);
  const name = nameHash(nameStart);
  addElement(mix(depth === 0 ? 0 : cellAt(rowAbove(1) + PARENTS), name), name);
  if ((tagAttributes() & (1 << CLASS)) !== 0) addClasses(valueStart(CLASS), valueEnd(CLASS));
  if (kind !== CHILDLESS && !isTagSelfClosing() && depth < MAX_OPEN) push(name, nameStart, kind);
}

/* @inline */ function push(name: i32, nameStart: i32, kind: i32): void {
  depth++;
  const row = rowAbove(1);
  setCell(row, name);
  setCell(row + NAME_AT, nameStart);
  setCell(row + NAME_LENGTH, tagNameEnd() - nameStart);
  setCell(row + KIND, kind);
  setCell(row + PARENTS, mix(mix(nameAbove(3), nameAbove(2)), name));
}

/** Row of the open element that many levels up, 1 being the innermost. */
function rowAbove(levels: i32): i32 {
  return OPEN_ELEMENTS + (depth - levels) * OPEN_ROW;
}

function nameAbove(levels: i32): i32 {
  return depth < levels ? 0 : cellAt(rowAbove(levels));
}

function kindOf(entry: i32): i32 {
  return entry === 0 ? 0 : byteAt(entry + 5);
}

function nameHash(nameStart: i32): i32 {
  const entry = tagEntry();
  return entry === 0 ? hashRange(nameStart, tagNameEnd()) : cellAt(entry + NAME_HASH);
}

/** A list item ends the one before it, a row the cell before it, too. */
function endItems(kind: i32): void {
  if (kind === ROW_ITEM && depth > 0 && cellAt(rowAbove(1) + KIND) === CELL_ITEM) depth--;
  if (depth > 0 && cellAt(rowAbove(1) + KIND) === kind) depth--;
}

/** Notes an end tag: it closes its element and what is open inside. */
/* @inline */ export function closeElement(nameStart: i32): void {
  const length = tagNameEnd() - nameStart;
  if (depth > 0 && cellAt(rowAbove(1) + NAME_LENGTH) === length) {
    if (isSameText(nameStart, cellAt(rowAbove(1) + NAME_AT), length, 32)) {
      depth--; // by far the most common
      return;
    }
  }
  const kind = kindOf(findName(nameStart, tagNameEnd()));
  if (kind === IGNORED || kind === CHILDLESS) return; // never open
  const name = hashRange(nameStart, tagNameEnd());
  for (let at = depth - 1; at >= 0; at--) {
    if (cellAt(OPEN_ELEMENTS + at * OPEN_ROW) !== name) continue;
    depth = at;
    return;
  }
}

/** Adds the names of a `class`; the same value in many elements adds nothing but to their number. */
function addClasses(start: i32, end: i32): void {
  const key = (end - start) ^ byteAt(start) ^ (byteAt(end - 1) << 2);
  const row = CLASS_VALUES + (key & (CLASS_VALUE_ROWS - 1)) * 16;
  const before = cellAt(row);
  if (cellAt(row + 4) - before === end - start && isSameText(start, before, end - start, 0))
    return countClasses(cellAt(row + 8));
  let names: i32 = 0;
  for (let at = skipBlank(start, end); at < end; names++) {
    const stop = findBlank(at, end);
    addClass(hashRange(at, stop));
    at = skipBlank(stop, end);
  }
  setCell(row, start);
  setCell(row + 4, end);
  setCell(row + 8, names);
}
