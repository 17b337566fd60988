import {
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
import { byteAt, cellAt, setByte, setCell } from './bytes.ts';
import { addMark, clearMarks, findLiterals } from './literals.ts';

const SLASH = 47;
const DOT = 46;
const COLON = 58;
const QUESTION = 63;
const HASH = 35;
const PERCENT = 37;

/** Marks that one URL may have at most. */
const MAX_URL_MARKS = 16_384;

/**
 * Lists in `MARKS`, from a link on, those that the page loads and whose URLs hold a literal of the rules for URLs, or may: each
 * as a row of its own, and behind it those literals, if they are all that its URL can hold. `asks` says of which shapes
 * of relative URLs (1: from the root, 2: from the folder, 4: from the host) all are listed, because the page's own
 * address is part of a literal. Returns the link to go on with; the number of links where no more are left.
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
  const first = byteAt(start);
  const isRooted = first === SLASH;
  const isAbsolute = !isRooted && findScheme(start, stop) > 0;
  if (isAbsolute && isData(start)) return;
  if (!isSure(start, stop, isAbsolute, asks)) return addMark(UNKNOWN_LOAD, link);
  setByte(SCRATCH, SLASH);
  for (let at = start; at < stop; at++) setByte(SCRATCH + 1 + at - start, byteAt(at));
  const size = stop - start;
  setByte(SCRATCH + 1 + size, SLASH); // a URL that ends with its host gets one
  const marks = cellAt(MARK_COUNT);
  addMark(KNOWN_LOAD, link);
  findLiterals(URL_LITERALS, isRooted || isAbsolute ? SCRATCH + 1 : SCRATCH, SCRATCH + 2 + size);
  if (cellAt(MARK_COUNT) === marks + 1) setCell(MARK_COUNT, marks);
}

/** Whether the literals of a URL are those that stand in it as it is written. */
function isSure(start: i32, stop: i32, isAbsolute: boolean, asks: i32): boolean {
  const first = byteAt(start);
  if (stop - start > MAX_URL || first === QUESTION || first === HASH) return false;
  if (!isPlain(start, stop, isAbsolute)) return false;
  if (first === SLASH) return (asks & (byteAt(start + 1) === SLASH ? 4 : 1)) === 0;
  return isAbsolute || (asks & 2) === 0;
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
function isPlain(start: i32, end: i32, isAbsolute: boolean): boolean {
  let at = start;
  if (isAbsolute) {
    at = findScheme(start, end) + 1;
    if (byteAt(at) !== SLASH || byteAt(at + 1) !== SLASH) return false;
  }
  if (byteAt(at) === SLASH && byteAt(at + 1) === SLASH) {
    at += 2;
    while (at < end && byteAt(at) !== SLASH) {
      if (byteAt(at) === QUESTION || byteAt(at) === HASH) return false; // a slash is put before it
      if ((byteAt(TEXT_CLASSES + byteAt(at)) & URL_PLAIN) === 0) return false;
      at++;
    }
  }
  for (; at < end; at++) {
    const byte = byteAt(at);
    if ((byteAt(TEXT_CLASSES + byte) & URL_PLAIN) === 0) return false;
    // a segment of dots moves about; a colon may be a port, which may be left out
    if ((byte === DOT || byte === PERCENT) && (at === start || byteAt(at - 1) === SLASH)) return false;
  }
  return true;
}
