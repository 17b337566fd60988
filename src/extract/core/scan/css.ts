import {
  CLASSES,
  CSS_BARE_END,
  CSS_IMPORT,
  CSS_URL,
  CSS_WORD,
  LETTER,
  ONE_URL,
  PLAIN_URL,
  SPACE,
  TEXT_CLASSES,
} from '../layout.ts';
import { byteAt, findByte, findCssMark, wordAt } from './bytes.ts';
import { addHardCss, addUrl, describe } from './links.ts';
import { firstBytes, FOLD } from './names.ts';

const SLASH = 47;
const STAR = 42;
const BACKSLASH = 92;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const AT = 64;
const DASH = 45;
const CLOSE = 41;
/** `url`, `src`, and `impo`, `rt` of `@import`, `name` of `@namespace`, `-set` of `image-set`, little-endian. */
const URL_WORD = 0x6c7275;
const SRC_WORD = 0x637273;
const IMPO = 0x6f706d69;
const RT = 0x7472;
const NAME = 0x656d616e;
const DASH_SET = 0x7465732d;

// Where its links stand.
let textEnd: i32 = 0;
let fromTag: i32 = 0;
let toTag: i32 = 0;
let ofElement: i32 = 0;
let ofAttribute: i32 = 0;

/**
 * Records the URLs of a stylesheet or style attribute: `url()`, `src()` and `@import` in their plain spellings. At the
 * first thing beyond them (escapes in a URL, a namespace, `image-set`, a broken argument) the rest of the text becomes
 * one hard case. Character references are none here: attributes that hold some do not come here.
 */
export function scanCss(
  start: i32,
  end: i32,
  tagStart: i32,
  tagEnd: i32,
  element: i32,
  attribute: i32,
): void {
  textEnd = end;
  fromTag = tagStart;
  toTag = tagEnd;
  ofElement = element;
  ofAttribute = attribute;
  let at = start;
  while (at < end) {
    const mark = findCssMark(at, end);
    if (mark >= end) return;
    const next = readMark(mark, at);
    if (next === -1) {
      addHardCss(attribute, element, hardStart(mark, at), end, tagStart, tagEnd);
      return;
    }
    at = next;
  }
}

/** A hard case is read again from the function's name on, as far as that name is not part of something before it. */
function hardStart(mark: i32, from: i32): i32 {
  return mark - 9 > from ? mark - 9 : from;
}

/** Reads what begins at a comment, string, escape, at-rule or parenthesis; returns the offset after it, -1 for a hard case. */
function readMark(mark: i32, from: i32): i32 {
  const byte = byteAt(mark);
  if (byte === SLASH) return byteAt(mark + 1) === STAR ? skipComment(mark + 2) : mark + 1;
  if (byte === BACKSLASH) return mark + 2;
  if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) return findStringEnd(mark + 1, byte) + 1;
  if (byte === AT) return readAtRule(mark);
  const name = firstBytes((wordAt(mark - 4) >>> 8) | FOLD, 3);
  if (mark - 3 < from || isWordAt(mark - 4)) return isImageSet(mark, from) ? -1 : mark + 1;
  if (name === URL_WORD) return readUrl(mark + 1, CSS_URL, true);
  if (name === SRC_WORD) return readUrl(mark + 1, CSS_URL, false);
  return isImageSet(mark, from) ? -1 : mark + 1;
}

function isWordAt(at: i32): boolean {
  return (byteAt(TEXT_CLASSES + byteAt(at)) & CSS_WORD) !== 0;
}

function isSpaceAt(at: i32): boolean {
  return (byteAt(CLASSES + byteAt(at)) & SPACE) !== 0;
}

/** Whether `image-set` (or what ends like it) stands before the parenthesis. */
function isImageSet(mark: i32, from: i32): boolean {
  return mark - 4 >= from && (wordAt(mark - 4) | FOLD) === DASH_SET;
}

function skipComment(from: i32): i32 {
  let at = findByte(from, textEnd, STAR);
  while (at < textEnd) {
    if (byteAt(at + 1) === SLASH && at + 1 < textEnd) return at + 2;
    at = findByte(at + 1, textEnd, STAR);
  }
  return textEnd;
}

/** Offset of the closing quote, or of the line end that breaks the string. */
function findStringEnd(from: i32, quote: i32): i32 {
  let at = from;
  for (; at < textEnd; at++) {
    const byte = byteAt(at);
    if (byte === quote || byte === 10 || byte === 13 || byte === 12) return at;
    if (byte === BACKSLASH) at += byteAt(at + 1) === 13 && byteAt(at + 2) === 10 ? 2 : 1;
  }
  return textEnd;
}

function readAtRule(mark: i32): i32 {
  let at = mark + 1;
  while (at < textEnd && (byteAt(at) === DASH || (byteAt(CLASSES + byteAt(at)) & LETTER) !== 0)) at++;
  if (at - mark === 10 && (wordAt(mark + 1) | FOLD) === NAME) return -1;
  const isImport =
    at - mark === 7 && (wordAt(mark + 1) | FOLD) === IMPO && firstBytes(wordAt(mark + 5) | FOLD, 2) === RT;
  if (!isImport) return at;
  while (at < textEnd && isSpaceAt(at)) at++;
  const quote = byteAt(at);
  if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) return readString(at + 1, quote, CSS_IMPORT, true);
  const isUrl = firstBytes(wordAt(at) | FOLD, 3) === URL_WORD && byteAt(at + 3) === 40 && at + 3 < textEnd;
  return isUrl ? readUrl(at + 4, CSS_IMPORT, true) : -1;
}

/** Reads the argument of `url(` or `src(`; only the first may be without quotes. */
function readUrl(from: i32, meaning: i32, mayBeBare: boolean): i32 {
  let start = from;
  while (start < textEnd && isSpaceAt(start)) start++;
  const quote = byteAt(start);
  if (start < textEnd && (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE))
    return readString(start + 1, quote, meaning, false);
  if (!mayBeBare) return start;
  let at = start;
  while (at < textEnd && (byteAt(TEXT_CLASSES + byteAt(at)) & CSS_BARE_END) === 0) at++;
  const end = at;
  while (at < textEnd && isSpaceAt(at)) at++;
  if (at < textEnd && byteAt(at) !== CLOSE) return -1;
  addCssUrl(meaning, start, end);
  return at + 1;
}

/** Reads a string that is a URL; after a line end inside it is none, save in `@import`. */
function readString(start: i32, quote: i32, meaning: i32, mayBreak: boolean): i32 {
  const end = findStringEnd(start, quote);
  if (findByte(start, end, BACKSLASH) < end) return -1;
  if (mayBreak || end === textEnd || byteAt(end) === quote) addCssUrl(meaning, start, end);
  return end + 1;
}

function addCssUrl(meaning: i32, start: i32, end: i32): void {
  const kind = ofAttribute === 0 ? PLAIN_URL : ONE_URL;
  addUrl(describe(meaning, kind, ofAttribute, ofElement), start, end, fromTag, toTag);
}
