import {
  BETWEEN_WORDS,
  CELL_ITEM,
  CHILDLESS,
  CLASSES_SKETCHED,
  CLASS_BUCKETS,
  CLASS_SKETCH,
  ELEMENT_KINDS,
  ELEMENT_KIND_BITS,
  FIRST_ITEM,
  FOLDED_POINTS,
  IGNORED,
  INVISIBLE,
  MATHEMATICAL,
  MATHEMATICAL_END,
  MAX_OPEN,
  NO_SHINGLE,
  OPEN_ELEMENTS,
  PATHS_SKETCHED,
  PATH_BUCKETS,
  PATH_SKETCH,
  ROW_ITEM,
  SHINGLES_SKETCHED,
  SKETCH,
  SKETCH_COUNTS,
  SKETCH_END,
  TAG_BUCKETS,
  TAG_SKETCH,
  TEXT_BUCKETS,
  TEXT_FOLDS,
  TEXT_SKETCH,
  VOCABULARY_SKETCHED,
  WORDS_SKETCHED,
  WORD_BUCKETS,
  WORD_OF_ITS_OWN,
  WORD_SKETCH,
} from '../layout.ts';
import { byteAt, cellAt, halfAt, multiply, setCell, skipBlank } from './bytes.ts';
import { hashRange, mix } from './names.ts';
import { isAtNoscript } from './noscript.ts';
import { count } from './results.ts';
import { isTagSelfClosing, tagClassEnd, tagClassStart, tagNameEnd } from './tag.ts';

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
const HASH_START: i32 = -2128831035;

// The last words, ways and tags, latest first.
let word1: i32 = 0;
let word2: i32 = 0;
let word3: i32 = 0;
let way1: i32 = 0;
let way2: i32 = 0;
let tag1: i32 = 0;
let tag2: i32 = 0;
let tag3: i32 = 0;
let tag4: i32 = 0;
let tag5: i32 = 0;
let depth: i32 = 0;
// The word at hand.
let wordHash: i32 = 0;
let wordLength: i32 = 0;
let isAfterIdeograph: boolean = false;
/** What a character reference stands for, and where it ends. */
let referenceEnd: i32 = 0;

export function clearSketch(): void {
  for (let at = SKETCH; at < SKETCH_END; at += 4) setCell(at, NO_SHINGLE);
  for (let at = SKETCH_COUNTS; at <= CLASSES_SKETCHED; at += 4) setCell(at, 0);
  word1 = word2 = word3 = way1 = way2 = 0;
  tag1 = tag2 = tag3 = tag4 = tag5 = 0;
  depth = 0;
  isAfterIdeograph = false;
}

/** Spreads a hash over all its bits (the last step of MurmurHash3, public domain). */
function spread(hash: i32): i32 {
  let mixed = multiply(hash ^ (hash >>> 16), -2048144789);
  mixed = multiply(mixed ^ (mixed >>> 13), -1028477387);
  return mixed ^ (mixed >>> 16);
}

/** Puts a member into its bucket; the number of buckets is a power of two up to 128. */
function put(sketch: i32, buckets: i32, member: i32): void {
  const hash = spread(member);
  const bucket = sketch + (hash & (buckets - 1)) * 4;
  const rest = hash >>> 7;
  if (rest < cellAt(bucket)) setCell(bucket, rest);
}

/** Takes a run of text. */
export function sketchText(start: i32, end: i32): void {
  if (isAtNoscript()) return;
  wordHash = HASH_START;
  wordLength = 0;
  let at = skipBlank(start, end);
  if (at > start) isAfterIdeograph = false;
  while (at < end) {
    const byte = byteAt(at);
    if (byte === AMPERSAND) {
      const unit = readReference(at + 1, end);
      at = referenceEnd;
      takeUnit(unit);
    } else if (byte < 128) at = takeAscii(at, end);
    else at = takeCharacter(at, byte, end);
  }
  endWord();
}

/** Reads ASCII letters up to what stands between words, and that, too; returns the offset after it. */
function takeAscii(from: i32, end: i32): i32 {
  let hash = wordHash;
  let at = from;
  let byte = byteAt(at);
  let unit = halfAt(TEXT_FOLDS + byte * 2);
  while (unit !== BETWEEN_WORDS) {
    hash = multiply(hash ^ unit, 16777619);
    at++;
    byte = byteAt(at);
    if (at === end || byte >= 128 || byte === AMPERSAND) break;
    unit = halfAt(TEXT_FOLDS + byte * 2);
  }
  wordHash = hash;
  wordLength += at - from;
  if (unit !== BETWEEN_WORDS) return at;
  endWord();
  isAfterIdeograph = false;
  return byteAt(at + 1) > 32 ? at + 1 : skipBlank(at + 1, end);
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
  const before = word1;
  addWord(multiply(point, 16777619));
  if (isAfterIdeograph) addToVocabulary(mix(before, word1));
  isAfterIdeograph = true;
}

function endWord(): void {
  if (wordLength === 0) return;
  isAfterIdeograph = false;
  if (wordLength >= SHORTEST_WORD) addToVocabulary(wordHash);
  addWord(wordHash);
  wordHash = HASH_START;
  wordLength = 0;
}

function addToVocabulary(word: i32): void {
  put(WORD_SKETCH, WORD_BUCKETS, word);
  count(VOCABULARY_SKETCHED);
}

function addWord(word: i32): void {
  count(WORDS_SKETCHED);
  if (cellAt(WORDS_SKETCHED) > 3) {
    put(TEXT_SKETCH, TEXT_BUCKETS, mix(mix(mix(word3, word2), word1), word));
    count(SHINGLES_SKETCHED);
  }
  word3 = word2;
  word2 = word1;
  word1 = word;
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
  const name = hashRange(nameStart, tagNameEnd());
  const kind = kindOf(name);
  if (kind === IGNORED) return;
  if (kind >= FIRST_ITEM) endItems(kind);
  const parent = ancestor(1);
  const way = mix(mix(mix(ancestor(3), ancestor(2)), parent), name);
  put(PATH_SKETCH, PATH_BUCKETS, mix(mix(way2, way1), way));
  count(PATHS_SKETCHED);
  way2 = way1;
  way1 = way;
  addTag(name);
  if (tagClassStart() !== 0) addClasses(tagClassStart(), tagClassEnd());
  if (kind === CHILDLESS || isTagSelfClosing() || depth === MAX_OPEN) return;
  setCell(OPEN_ELEMENTS + depth * 4, name);
  depth++;
}

function ancestor(above: i32): i32 {
  return depth < above ? 0 : cellAt(OPEN_ELEMENTS + (depth - above) * 4);
}

function addTag(name: i32): void {
  put(TAG_SKETCH, TAG_BUCKETS, mix(mix(mix(mix(mix(tag5, tag4), tag3), tag2), tag1), name));
  tag5 = tag4;
  tag4 = tag3;
  tag3 = tag2;
  tag2 = tag1;
  tag1 = name;
}

/** A list item ends the one before it, a row the cell before it, too. */
function endItems(kind: i32): void {
  if (kind === ROW_ITEM && depth > 0 && kindOf(ancestor(1)) === CELL_ITEM) depth--;
  if (depth > 0 && kindOf(ancestor(1)) === kind) depth--;
}

/** Notes an end tag: it closes its element and what is open inside. */
export function closeElement(nameStart: i32): void {
  const name = hashRange(nameStart, tagNameEnd());
  for (let at = depth - 1; at >= 0; at--) {
    if (cellAt(OPEN_ELEMENTS + at * 4) !== name) continue;
    depth = at;
    return;
  }
}

function kindOf(name: i32): i32 {
  let at = kindSlot(name >>> (32 - ELEMENT_KIND_BITS));
  while (cellAt(at + 4) !== 0 && cellAt(at) !== name) at = kindSlot(((at - ELEMENT_KINDS) >> 3) + 1);
  return cellAt(at + 4);
}

function kindSlot(slot: i32): i32 {
  return ELEMENT_KINDS + (slot & ((1 << ELEMENT_KIND_BITS) - 1)) * 8;
}

function addClasses(start: i32, end: i32): void {
  let at = start;
  while (at < end) {
    while (at < end && byteAt(at) <= 32) at++;
    const token = at;
    while (at < end && byteAt(at) > 32) at++;
    if (at === token) return;
    put(CLASS_SKETCH, CLASS_BUCKETS, hashRange(token, at));
    count(CLASSES_SKETCHED);
  }
}
