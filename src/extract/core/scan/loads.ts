import {
  ALPHANUMERIC,
  CSS_TEXT,
  KNOWN_LOAD,
  LINKS,
  LINK_COUNT,
  LINK_ROW,
  LOADED,
  MARKUP,
  MARK_COUNT,
  MAX_MARKS,
  MAX_URL,
  SCRATCH,
  STYLE_ATTRIBUTE,
  TEXT_CLASSES,
  UNKNOWN_LOAD,
  URL_LITERALS,
  URL_PLAIN,
} from '../layout.ts';
import { byteAt, cellAt, copy, findByte, lowestBit, otherBits, setByte, setCell } from './bytes.ts';
import { addMark, clearMarks, findLiterals } from './literals.ts';

const SLASH = 47;
const DOT = 46;
const COLON = 58;
const QUESTION = 63;
const HASH = 35;
const PERCENT = 37;
const AMPERSAND = 38;
const ZERO = 48;
const SEMICOLON = 59;
const EQUALS = 61;

/** Bytes that `otherBits` looks at. */
const BLOCK = 16;
/** Marks that one URL may have at most. */
const MAX_URL_MARKS = 16_384;

/**
 * Lists in `MARKS`, from a link on, those that the page loads and whose URLs hold a literal of the rules for URLs, or may: each
 * as a row of its own, and behind it those literals, if they are all that its URL can hold. `asks` says of which shapes
 * of relative URLs (1: from the root, 2: from a folder, 4: from the host, 8: a fragment alone) all are listed, because the
 * page's own address is part of a literal or holds one. Returns the link to go on with; the number of links where no more are left.
 */
export function findLoads(from: i32, asks: i32): i32 {
  clearMarks();
  const links = cellAt(LINK_COUNT);
  let link = from;
  for (; link < links && cellAt(MARK_COUNT) < MAX_MARKS - MAX_URL_MARKS; link++) {
    const row = LINKS + link * LINK_ROW;
    const what = cellAt(row);
    const kind = (what >>> 8) & 0x7f;
    const attribute = (what >>> 16) & 0xff;
    if (kind === MARKUP) addMark(UNKNOWN_LOAD, link);
    else if (kind !== CSS_TEXT && attribute !== 0 && attribute !== STYLE_ATTRIBUTE)
      if (byteAt(LOADED + (what & 0xff)) !== 0) addLoad(link, cellAt(row + 4), cellAt(row + 8), asks);
  }
  return link;
}

function addLoad(link: i32, start: i32, end: i32, asks: i32): void {
  let stop = end;
  while (stop > start && byteAt(stop - 1) <= 32) stop--;
  if (isData(start)) return;
  const marks = cellAt(MARK_COUNT);
  const size = stop - start > MAX_URL ? 0 : decode(start, stop);
  const first = size === 0 ? 0 : searchStart(SCRATCH + 1, SCRATCH + 1 + size, asks);
  if (first === 0) return addMark(UNKNOWN_LOAD, link);
  addMark(KNOWN_LOAD, link);
  findLiterals(URL_LITERALS, first, SCRATCH + 2 + size);
  if (cellAt(MARK_COUNT) === marks + 1) setCell(MARK_COUNT, marks);
}

/**
 * Writes a value behind `SCRATCH` with its character references decoded, a slash before it and one behind it (a URL that ends
 * with its host gets one). Returns its size; 0 where a reference is none of those that stand for `&`.
 */
function decode(start: i32, stop: i32): i32 {
  setByte(SCRATCH, SLASH);
  let to = SCRATCH + 1;
  for (let at = start; at < stop;) {
    const found = findByte(at, stop, AMPERSAND);
    copy(to, at, found - at);
    to += found - at;
    at = found;
    if (found === stop) break;
    const length = ampersandLength(found, stop);
    if (length === 0) return 0;
    setByte(to++, AMPERSAND);
    at += length;
  }
  setByte(to, SLASH);
  return to - SCRATCH - 1;
}

/** How long what stands for `&` is: the letter itself, `&amp;` or `&#038;`; 0 where it may be another reference. */
function ampersandLength(at: i32, stop: i32): i32 {
  let end = at + 1;
  if (byteAt(end) === HASH) {
    for (end++; end < stop && byteAt(end) === ZERO;) end++;
    return end + 2 < stop && byteAt(end) === 51 && byteAt(end + 1) === 56 && byteAt(end + 2) === SEMICOLON
      ? end + 3 - at
      : 0;
  }
  while (end < stop && (byteAt(TEXT_CLASSES + byteAt(end)) & ALPHANUMERIC) !== 0) end++;
  // In attributes a name before `=` is none of a reference.
  if (end < stop && (end === at + 1 || byteAt(end) === EQUALS)) return 1;
  const isName = end === at + 4 && byteAt(at + 1) === 97 && byteAt(at + 2) === 109 && byteAt(at + 3) === 112;
  return isName && end < stop && byteAt(end) === SEMICOLON ? 5 : 0;
}

/** Where in a URL as it is written the search for all its literals begins; 0 where it could have others. */
function searchStart(start: i32, stop: i32, asks: i32): i32 {
  const first = byteAt(start);
  if (first === HASH) return (asks & 8) === 0 && isPlain(start, stop, true) ? start : 0;
  if (first === QUESTION) return 0;
  if (first === SLASH) {
    const isSure = (asks & (byteAt(start + 1) === SLASH ? 4 : 1)) === 0;
    return isSure && isPlain(start, stop, true) ? start : 0;
  }
  const colon = findScheme(start, stop);
  if (colon > 0) {
    const isSure = byteAt(colon + 1) === SLASH && byteAt(colon + 2) === SLASH;
    return isSure && isPlain(colon + 1, stop, true) ? start : 0;
  }
  // from the folder, or from one above it
  let at = start;
  while (byteAt(at) === DOT) {
    if (byteAt(at + 1) === SLASH) at += 2;
    else if (byteAt(at + 1) === DOT && byteAt(at + 2) === SLASH) at += 3;
    else return 0;
  }
  const next = byteAt(at);
  const isSure = at < stop && next !== SLASH && next !== QUESTION && next !== HASH && (asks & 2) === 0;
  return isSure && isPlain(at, stop, false) ? at - 1 : 0;
}

/** Offset of the colon of `http:` or `https:` or any other scheme; 0 where there is none. */
function findScheme(start: i32, end: i32): i32 {
  let at = start;
  while (at < end && (byteAt(at) | 32) >= 97 && (byteAt(at) | 32) <= 122) at++;
  return at > start && at < end && byteAt(at) === COLON ? at : 0;
}

/** `data:` URLs are none that rules see. */
function isData(start: i32): boolean {
  return (
    (byteAt(start) | 32) === 100 &&
    (byteAt(start + 1) | 32) === 97 &&
    (byteAt(start + 2) | 32) === 116 &&
    (byteAt(start + 3) | 32) === 97 &&
    byteAt(start + 4) === COLON
  );
}

/** Whether the URL parser would leave the text as it is: nothing dropped, encoded, decoded or folded away. */
function isPlain(start: i32, end: i32, mayHaveColon: boolean): boolean {
  const hasHost = byteAt(start) === SLASH && byteAt(start + 1) === SLASH;
  const path = hasHost ? findByte(start + 2, end, SLASH) : start;
  for (let block = start; block < end; block += BLOCK) {
    for (let bits = otherBits(block); bits !== 0; bits &= bits - 1) {
      const at = block + lowestBit(bits);
      if (at >= end) return true;
      const byte = byteAt(at);
      if ((byteAt(TEXT_CLASSES + byte) & URL_PLAIN) === 0)
        if (at < path || (byte !== AMPERSAND && (byte !== COLON || !mayHaveColon))) return false; // a colon may end a scheme
      if (at < path && (byte === QUESTION || byte === HASH)) return false; // a slash is put before it
      // a segment of dots moves about
      if (at >= path && (byte === DOT || byte === PERCENT))
        if (at === start || byteAt(at - 1) === SLASH) return false;
    }
  }
  return true;
}
