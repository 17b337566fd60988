import {
  BASE,
  BASE_END,
  BASE_START,
  CLASS,
  CLASSES,
  CONTENT,
  CSS_TEXT,
  DATA_LAZY_SRCSET,
  DATA_SRCSET,
  HARD,
  HREF,
  HTTP_EQUIV,
  IMAGESRCSET,
  IS_CUT,
  LINK,
  MARKUP,
  MEANINGS,
  META,
  META_SPAN,
  ONE_URL,
  PING,
  REL,
  REL_MEANINGS,
  SCRIPT,
  SPACE,
  SRCDOC,
  SRCSET,
  STYLE_ATTRIBUTE,
  TELLING_META_SPAN,
  TYPE,
} from '../layout.ts';
import { byteAt, cellAt, findByte, lowestBit, setCell } from './bytes.ts';
import { isForeign } from './foreign-content.ts';
import { countHost } from './hosts.ts';
import { findName } from './names.ts';
import { addLinkRow, addSpan } from './results.ts';
import { scanCss } from './css.ts';
import { isTellingMeta } from './meta.ts';
import { isAtNoscript } from './noscript.ts';
import { tagAttributes, tagElement, valueEnd, valueStart } from './tag.ts';

const AMPERSAND = 38;
const SRCSETS = (1 << SRCSET) | (1 << IMAGESRCSET) | (1 << DATA_SRCSET) | (1 << DATA_LAZY_SRCSET);
/** Candidates of one srcset that are read. */
const MAX_CANDIDATES = 1_000;

/** Records what the tag that was read last names. Tags of uncommon shape are recorded as one hard case. */
export function addTagLinks(tagStart: i32, tagEnd: i32): void {
  const element = tagElement();
  if (element === META)
    addSpan(isTellingMeta(tagStart, tagEnd) ? TELLING_META_SPAN : META_SPAN, tagStart, tagEnd);
  const attributes = tagAttributes() & ~(1 << CLASS);
  if (attributes === 0) return;
  if (element === BASE && (attributes & (1 << HREF)) !== 0 && cellAt(BASE_START) === 0) {
    setCell(BASE_START, valueStart(HREF));
    setCell(BASE_END, valueEnd(HREF));
  }
  if (element === SCRIPT && isSpeculation() && !isForeign()) return; // read with its content
  if (isHardTag(element, attributes)) {
    addLinkRow(describe(0, MARKUP, 0, element), tagStart, tagEnd, tagStart, tagEnd, HARD);
    return;
  }
  for (let rest = attributes; rest !== 0;) {
    const attribute = firstOf(rest);
    rest &= ~(1 << attribute);
    let meaning = byteAt(MEANINGS + element * 32 + attribute);
    if (meaning === 0) continue;
    if (element === LINK && attribute === HREF) meaning = linkMeaning(attributes);
    const what = describe(meaning, ONE_URL, attribute, element);
    const start = valueStart(attribute);
    const end = valueEnd(attribute);
    if (attribute === STYLE_ATTRIBUTE) scanCss(start, end, tagStart, tagEnd, element, attribute);
    else if (((1 << attribute) & SRCSETS) !== 0) addCandidates(what, start, end, tagStart, tagEnd);
    else addUrl(what, start, end, tagStart, tagEnd);
  }
}

/** Of attributes the one that stands first in the tag. */
function firstOf(attributes: i32): i32 {
  let first = lowestBit(attributes);
  for (let rest = attributes & (attributes - 1); rest !== 0; rest &= rest - 1) {
    const other = lowestBit(rest);
    if (valueStart(other) < valueStart(first)) first = other;
  }
  return first;
}

/** The first cell of a link: its meaning, what its value is, whether it stands in `noscript`, attribute, element. */
export function describe(meaning: i32, kind: i32, attribute: i32, element: i32): i32 {
  return meaning | (kind << 8) | (isAtNoscript() ? 0x8000 : 0) | (attribute << 16) | (element << 24);
}

/** Records one URL. */
export function addUrl(what: i32, from: i32, end: i32, tagStart: i32, tagEnd: i32): void {
  let start = from;
  while (start < end && byteAt(start) <= 32 && byteAt(start) !== 0) start++;
  if (start >= end || cellAt(IS_CUT) !== 0) return;
  addLinkRow(what, start, end, tagStart, tagEnd, countHost(start, end, what & 0xff, tagStart));
}

/** Records a stylesheet, or what is left of it, as one hard case. */
export function addHardCss(
  attribute: i32,
  element: i32,
  start: i32,
  end: i32,
  tagStart: i32,
  tagEnd: i32,
): void {
  addLinkRow(describe(0, CSS_TEXT, attribute, element), start, end, tagStart, tagEnd, HARD);
}

function isHardTag(element: i32, attributes: i32): boolean {
  if ((attributes & ((1 << SRCDOC) | (1 << PING))) !== 0) return true;
  if ((attributes & (1 << STYLE_ATTRIBUTE)) !== 0 && hasReference(STYLE_ATTRIBUTE)) return true;
  for (let rest = attributes & SRCSETS; rest !== 0; rest &= rest - 1)
    if (hasReferenceButAmp(lowestBit(rest))) return true;
  if (element === LINK) return (attributes & (1 << REL)) !== 0 && !isPlain(REL);
  return element === META && (attributes & (1 << CONTENT)) !== 0 && isRefresh(attributes);
}

/** Whether the script that was read last holds speculation rules, as far as its tag tells without doubt. */
export function isSpeculation(): boolean {
  if ((tagAttributes() & (1 << TYPE)) === 0) return false;
  return !isPlain(TYPE) || (byteAt(trimmedStart(TYPE)) | 32) === 115; // an `s`, which no type of code begins with
}

function isRefresh(attributes: i32): boolean {
  if ((attributes & (1 << HTTP_EQUIV)) === 0) return false;
  return !isPlain(HTTP_EQUIV) || (byteAt(trimmedStart(HTTP_EQUIV)) | 32) === 114; // an `r`
}

function trimmedStart(attribute: i32): i32 {
  const end = valueEnd(attribute);
  let at = valueStart(attribute);
  while (at < end && byteAt(at) <= 32) at++;
  return at;
}

/** Whether a value is ASCII without NUL and character references. */
function isPlain(attribute: i32): boolean {
  const end = valueEnd(attribute);
  for (let at = valueStart(attribute); at < end; at++) {
    const byte = byteAt(at);
    if (byte >= 128 || byte === AMPERSAND || byte === 0) return false;
  }
  return true;
}

function hasReference(attribute: i32): boolean {
  const end = valueEnd(attribute);
  return findByte(valueStart(attribute), end, AMPERSAND) < end;
}

/** `&amp;` inside a URL changes neither where it ends nor its host. */
function hasReferenceButAmp(attribute: i32): boolean {
  const end = valueEnd(attribute);
  let at = findByte(valueStart(attribute), end, AMPERSAND);
  while (at < end) {
    const isAmp =
      byteAt(at + 1) === 97 && byteAt(at + 2) === 109 && byteAt(at + 3) === 112 && byteAt(at + 4) === 59;
    if (!isAmp) return true;
    at = findByte(at + 1, end, AMPERSAND);
  }
  return false;
}

/** What the address of a `<link>` is for: the strongest of its types decides. */
function linkMeaning(attributes: i32): i32 {
  let strongest: i32 = 0;
  if ((attributes & (1 << REL)) !== 0) {
    const end = valueEnd(REL);
    let at = valueStart(REL);
    while (at < end) {
      let stop = at;
      while (stop < end && !isSpaceAt(stop)) stop++;
      const entry = findName(at, stop);
      if (entry !== 0 && byteAt(entry + 3) > strongest) strongest = byteAt(entry + 3);
      at = stop + 1;
    }
  }
  return byteAt(REL_MEANINGS + strongest);
}

function isSpaceAt(at: i32): boolean {
  return (byteAt(CLASSES + byteAt(at)) & SPACE) !== 0;
}

/** The URLs of a `srcset` (WHATWG HTML §4.8.4.2.1): a comma ends one only after white space or a descriptor. */
function addCandidates(what: i32, from: i32, end: i32, tagStart: i32, tagEnd: i32): void {
  let at = from;
  for (let candidates = 0; candidates < MAX_CANDIDATES; candidates++) {
    while (at < end && (isSpaceAt(at) || byteAt(at) === 44)) at++;
    if (at >= end) return;
    const start = at;
    while (at < end && !isSpaceAt(at)) at++;
    let stop = at;
    while (byteAt(stop - 1) === 44) stop--; // a candidate begins with no comma
    addUrl(what, start, stop, tagStart, tagEnd);
    if (stop === at) at = skipDescriptors(at, end);
  }
}

function skipDescriptors(from: i32, end: i32): i32 {
  let depth: i32 = 0;
  for (let at = from; at < end; at++) {
    const byte = byteAt(at);
    if (byte === 40) depth++;
    else if (byte === 41 && depth > 0) depth--;
    else if (byte === 44 && depth === 0) return at + 1;
  }
  return end;
}
