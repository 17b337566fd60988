import {
  CLASSES,
  COMMENT_SPAN,
  ELEMENT_FLAGS,
  HARD,
  IS_CUT,
  IS_SKETCHING,
  LETTER,
  MARKUP,
  NOSCRIPT,
  PLAIN_TEXT,
  RAW_TEXT,
  SCRIPT,
  SCRIPT_DATA,
  SCRIPT_SPAN,
  STYLE,
  STYLE_SPAN,
  TITLE,
  TITLE_SPAN,
} from '../layout.ts';
import { byteAt, cellAt, findByte, wordAt } from './bytes.ts';
import { scanCss } from './css.ts';
import {
  enterForeign,
  isForeign,
  isForeignWithin,
  leaveAllForeign,
  leaveForeign,
} from './foreign-content.ts';
import { clearPairs } from './hosts.ts';
import { addTagLinks, describe, isSpeculation } from './links.ts';
import { findName, FOLD } from './names.ts';
import { enterNoscript, isAtNoscript, leaveAllNoscript, leaveNoscript } from './noscript.ts';
import { findRawTextEnd, findScriptEnd } from './raw-text.ts';
import { addLinkRow, addSpan, clearResults } from './results.ts';
import { finishMembers } from './members.ts';
import { clearSketch, closeElement, openElement, sketchText } from './sketch.ts';
import { isTagSelfClosing, readTag, tagElement, tagNameEnd } from './tag.ts';

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const BANG = 33;
const QUESTION = 63;
const DASH = 45;
const CLOSE_BRACKET = 93;
/** `[CDA` and `ATA[`, little-endian. */
const CDATA_BEGIN = 0x4144435b;
const CDATA_END = 0x5b415441;
/** `doct` and `type`, likewise. */
const DOCT = 0x74636f64;
const TYPE_WORD = 0x65707974;

/**
 * Reads the page between two offsets of the memory; what it finds stands at the places that `layout.ts` names. The
 * tokenizer states of WHATWG HTML §13.2.5 as far as markup is told from text; with the reader's liberties of
 * `html/tokenizer.ts`. Linear in time; a limit that is met ends the reading and is noted.
 */
export function scan(start: i32, end: i32): void {
  clearResults();
  clearPairs();
  leaveAllForeign();
  leaveAllNoscript();
  const isSketching = cellAt(IS_SKETCHING) !== 0;
  if (isSketching) clearSketch();
  let at = start;
  while (at < end && cellAt(IS_CUT) === 0) {
    const open = findByte(at, end, LESS);
    if (isSketching && open > at) sketchText(at, open);
    at = open < end ? readMarkup(open, end) : end;
  }
  if (isSketching) finishMembers();
}

/** Reads what `<` begins and returns the offset after it. */
/* @inline */ function readMarkup(open: i32, end: i32): i32 {
  const next = byteAt(open + 1);
  if ((byteAt(CLASSES + next) & LETTER) !== 0) return readStartTag(open, end);
  if (next === SLASH) return readEndTag(open, end);
  if (next === BANG) return readDeclaration(open, end);
  return next === QUESTION ? readBogusComment(open + 1, end) : open + 1;
}

/* @inline */ function readStartTag(open: i32, end: i32): i32 {
  const after = readTag(open + 1, end, true);
  if (after === -1) return end;
  const element = tagElement();
  addTagLinks(open, after);
  if (cellAt(IS_SKETCHING) !== 0) openElement(open + 1);
  const flags = byteAt(ELEMENT_FLAGS + element);
  if (flags === 0) return after;
  if ((flags & NOSCRIPT) !== 0) enterNoscript();
  if (enterForeign(flags, isTagSelfClosing())) return readContent(flags, open, after, end);
  if (element === STYLE) scanForeignStyle(open, after, end);
  return after;
}

/** Reads the content of elements that hold no markup, if the one that begins here is such; returns the offset after it. */
function readContent(flags: i32, open: i32, after: i32, end: i32): i32 {
  const name = open + 1;
  const element = tagElement();
  if ((flags & SCRIPT_DATA) !== 0) {
    const stop = findScriptEnd(after, end, name);
    addSpan(SCRIPT_SPAN, after, stop);
    if (isSpeculation()) addLinkRow(describe(0, MARKUP, 0, SCRIPT), open, stop, open, after, HARD);
    return stop;
  }
  if ((flags & RAW_TEXT) !== 0) {
    const stop = findRawTextEnd(after, end, name, tagNameEnd() - name);
    if (element === STYLE) {
      addSpan(STYLE_SPAN, after, stop);
      scanCss(after, stop, open, after, STYLE, 0);
    } else if (element === TITLE) addSpan(TITLE_SPAN, after, stop);
    return stop;
  }
  return (flags & PLAIN_TEXT) !== 0 ? end : after;
}

/** In SVG a style element is markup: its text, or its CDATA section, is read ahead. */
function scanForeignStyle(open: i32, after: i32, end: i32): void {
  const isCdata = byteAt(after) === LESS && byteAt(after + 1) === BANG && isCdataAt(after + 2, end);
  const start = isCdata ? after + 9 : after;
  const stop = isCdata ? findCdataEnd(start, end) : findByte(start, end, LESS);
  if (stop > start) scanCss(start, stop, open, after, STYLE, 0);
}

/* @inline */ function readEndTag(open: i32, end: i32): i32 {
  if (open + 2 >= end) return end;
  const next = byteAt(open + 2);
  if ((byteAt(CLASSES + next) & LETTER) === 0)
    return next === GREATER ? open + 3 : readBogusComment(open + 2, end);
  const after = readTag(open + 2, end, false);
  if (after === -1) return end;
  if (cellAt(IS_SKETCHING) !== 0) closeElement(open + 2);
  if (isForeignWithin() || isAtNoscript()) leaveElement(open + 2);
  return after;
}

function leaveElement(nameStart: i32): void {
  const entry = findName(nameStart, tagNameEnd());
  const flags = entry === 0 ? 0 : byteAt(ELEMENT_FLAGS + byteAt(entry + 1));
  leaveForeign(flags);
  if ((flags & NOSCRIPT) !== 0) leaveNoscript();
}

/** A comment, a doctype, a CDATA section of foreign content, or a bogus comment. */
function readDeclaration(open: i32, end: i32): i32 {
  if (byteAt(open + 2) === DASH && byteAt(open + 3) === DASH) return readComment(open + 4, end);
  if (isForeign() && isCdataAt(open + 2, end)) {
    const stop = findCdataEnd(open + 9, end);
    return stop < end ? stop + 3 : end;
  }
  return readBogusComment(open + 2, end);
}

function readBogusComment(content: i32, end: i32): i32 {
  const close = findByte(content, end, GREATER);
  if (!isDoctypeAt(content, end)) addSpan(COMMENT_SPAN, content, close);
  return close < end ? close + 1 : end;
}

/** `from` is the offset after `<!--`. Ends at `-->` and `--!>`, and at once with `<!-->` and `<!--->`. */
function readComment(from: i32, end: i32): i32 {
  let close = findByte(from, end, GREATER);
  while (close < end && !closesComment(close, from)) close = findByte(close + 1, end, GREATER);
  addSpan(COMMENT_SPAN, from, findContentEnd(from, close));
  return close < end ? close + 1 : end;
}

/** Where a comment's content ends: before the `--`, `--!` or `-` that stands before its `>` or the page's end. */
function findContentEnd(from: i32, close: i32): i32 {
  let end = close;
  if (end - 3 >= from && byteAt(end - 1) === BANG && byteAt(end - 2) === DASH && byteAt(end - 3) === DASH)
    end--;
  if (end > from && byteAt(end - 1) === DASH) end--;
  return end < close && end > from && byteAt(end - 1) === DASH ? end - 1 : end;
}

function closesComment(close: i32, from: i32): boolean {
  if (byteAt(close - 1) === DASH) return byteAt(close - 2) === DASH && close >= from;
  return (
    byteAt(close - 1) === BANG &&
    byteAt(close - 2) === DASH &&
    byteAt(close - 3) === DASH &&
    close - 3 >= from
  );
}

function isDoctypeAt(at: i32, end: i32): boolean {
  const isAfterBang = byteAt(at - 1) === BANG && at + 7 <= end;
  return isAfterBang && (wordAt(at) | FOLD) === DOCT && (wordAt(at + 3) | FOLD) === TYPE_WORD;
}

function isCdataAt(at: i32, end: i32): boolean {
  return wordAt(at) === CDATA_BEGIN && wordAt(at + 3) === CDATA_END && at + 7 <= end;
}

/** Offset of `]]>`, or the page's end. */
function findCdataEnd(from: i32, end: i32): i32 {
  let at = findByte(from, end, GREATER);
  while (at < end) {
    if (byteAt(at - 1) === CLOSE_BRACKET && byteAt(at - 2) === CLOSE_BRACKET && at - 2 >= from) return at - 2;
    at = findByte(at + 1, end, GREATER);
  }
  return end;
}
