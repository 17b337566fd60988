import {
  CLASSES,
  HARD,
  HOST,
  HOST_END,
  LAST_PAIRS,
  LETTER,
  LINK_COUNT,
  MAX_PAIRS,
  NO_HOST,
  PAIRS,
  PAIR_COUNT,
  PAIR_ROW,
  PAIR_SLOTS,
  PAIR_SLOT_BITS,
  RELATIVE,
  SCHEME,
} from '../layout.ts';
import { byteAt, cellAt, clear, halfAt, isSameText, setCell, setHalf, wordAt } from './bytes.ts';
import { firstBytes, FOLD, hashRange, mix } from './names.ts';

const HTTP = 0x70747468;
/** `://` and two bytes of it, little-endian. */
const COLON_SLASHES = 0x2f2f3a;
const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const HASH_BITS = 32 - PAIR_SLOT_BITS;
const MAX_VALUE = 65_536;
/** Slots that are tried before a host counts as a hard case: keeps hostile pages linear. */
const MAX_PROBES = 64;

export function clearPairs(): void {
  clear(PAIR_SLOTS, PAIR_SLOTS + (2 << PAIR_SLOT_BITS));
  clear(LAST_PAIRS, LAST_PAIRS + 512);
}

/**
 * Counts the host of a URL under a meaning and returns its row in `PAIRS`; or `RELATIVE`, `NO_HOST`, or `HARD` where
 * only the WHATWG URL parser can tell. It may give up on any URL, but what it takes for a host is the host that parser
 * would find in it: plain names that IDNA leaves alone, no addresses, no user, no escapes, no odd slashes.
 * `start` stands after leading white space, and before `end`.
 */
/* @inline */ export function countHost(start: i32, end: i32, meaning: i32, tagStart: i32): i32 {
  if (end - start > MAX_VALUE) return HARD;
  const authority = findAuthority(start, end);
  if (authority < 0) return authority;
  const last = halfAt(LAST_PAIRS + meaning * 2);
  if (last !== 0 && repeatsHost(PAIRS + (last - 1) * PAIR_ROW, authority, end)) return last - 1;
  const hostEnd = findHostEnd(authority, end);
  return hostEnd === -1 ? HARD : countPair(authority, hostEnd, meaning, tagStart);
}

/** Counts the host of a pair once more, if it stands there, spelled in the same way, and a path follows: most links of a page. */
/* @inline */ function repeatsHost(row: i32, start: i32, end: i32): boolean {
  const host = cellAt(row);
  const stop = start + cellAt(row + 4) - host;
  if (stop >= end || (byteAt(CLASSES + byteAt(stop)) & HOST_END) === 0) return false;
  if (!isSameText(start, host, stop - start, 0)) return false;
  setCell(row + 12, cellAt(row + 12) + 1);
  return true;
}

/** Where the authority begins; `RELATIVE`, `NO_HOST` or `HARD` where there is none, or none that is sure. */
/* @inline */ function findAuthority(start: i32, end: i32): i32 {
  const first = byteAt(start);
  if ((byteAt(CLASSES + first) & LETTER) !== 0) {
    if ((wordAt(start) | FOLD) === HTTP) {
      if (start + 7 <= end && firstBytes(wordAt(start + 4), 3) === COLON_SLASHES) return start + 7;
      if (
        start + 8 <= end &&
        (byteAt(start + 4) | 32) === 115 &&
        firstBytes(wordAt(start + 5), 3) === COLON_SLASHES
      )
        return start + 8;
    }
    return judgeScheme(start, end);
  }
  if (first === 47) {
    if (end - start < 2) return RELATIVE;
    const second = byteAt(start + 1);
    if (second === 47) return start + 2;
    return isSlippery(second) ? HARD : RELATIVE;
  }
  return isSlippery(first) ? HARD : RELATIVE;
}

/** What the URL parser drops, or takes for a slash, or what may be a character reference. */
function isSlippery(byte: i32): boolean {
  return (
    byte === 92 || byte === 38 || byte === TAB || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 0
  );
}

/** Text that begins with a letter: a scheme other than plain `http(s)://`, or a relative URL. */
function judgeScheme(start: i32, end: i32): i32 {
  let at = start;
  while (at < end && (byteAt(CLASSES + byteAt(at)) & SCHEME) !== 0) at++;
  if (at >= end) return RELATIVE;
  const next = byteAt(at);
  if (next !== 58) return isSlippery(next) && next !== 92 ? HARD : RELATIVE;
  const head = wordAt(start) | FOLD;
  if (head === HTTP) return HARD;
  return (head & 0xffff) === 0x7377 && (at - start === 2 || at - start === 3) ? HARD : NO_HOST; // ws, wss
}

/** Where the host ends that begins here; -1 where it is no plain name, or something odd follows it. */
function findHostEnd(start: i32, end: i32): i32 {
  let at = start;
  let label = start;
  for (; at < end; at++) {
    const byte = byteAt(at);
    if ((byteAt(CLASSES + byte) & HOST) === 0) break;
    if (byte === 46) {
      if (at === label || at - label > 63) return -1;
      label = at + 1;
    } else if (byte === 45 && at > start && byteAt(at - 1) === 45) return -1; // xn-- and its like
  }
  if (at === label || at - label > 63 || at - start > 253) return -1; // empty or too long
  const last = byteAt(label);
  if (last >= 48 && last <= 57) return -1; // maybe an IPv4 address
  return at === end || isHostEnd(at, end) ? at : -1;
}

/** Whether a path, a query, a fragment, or a port of up to four digits follows. */
function isHostEnd(at: i32, end: i32): boolean {
  const byte = byteAt(at);
  if ((byteAt(CLASSES + byte) & HOST_END) !== 0) return true;
  if (byte !== 58) return false;
  let port = at + 1;
  while (port < end && byteAt(port) >= 48 && byteAt(port) <= 57) port++;
  if (port - at > 5) return false;
  return port === end || (byteAt(CLASSES + byteAt(port)) & HOST_END) !== 0;
}

function countPair(start: i32, end: i32, meaning: i32, tagStart: i32): i32 {
  const hash = mix(hashRange(start, end), meaning);
  let slot = hash >>> HASH_BITS;
  for (let probes = 0; probes < MAX_PROBES; probes++) {
    const number = halfAt(PAIR_SLOTS + slot * 2);
    if (number === 0) return addPair(slot, start, end, meaning, tagStart, hash);
    const row = PAIRS + (number - 1) * PAIR_ROW;
    if (cellAt(row + 20) === hash && cellAt(row + 8) === meaning && isSameHost(row, start, end)) {
      setCell(row + 12, cellAt(row + 12) + 1);
      setHalf(LAST_PAIRS + meaning * 2, number);
      return number - 1;
    }
    slot = (slot + 1) & ((1 << PAIR_SLOT_BITS) - 1);
  }
  return HARD;
}

function addPair(slot: i32, start: i32, end: i32, meaning: i32, tagStart: i32, hash: i32): i32 {
  const pairs = cellAt(PAIR_COUNT);
  if (pairs === MAX_PAIRS) return HARD;
  const row = PAIRS + pairs * PAIR_ROW;
  setCell(row, start);
  setCell(row + 4, end);
  setCell(row + 8, meaning);
  setCell(row + 12, 1);
  setCell(row + 16, tagStart);
  setCell(row + 20, hash);
  setCell(row + 24, cellAt(LINK_COUNT)); // the link is added next
  setHalf(PAIR_SLOTS + slot * 2, pairs + 1);
  setHalf(LAST_PAIRS + meaning * 2, pairs + 1);
  setCell(PAIR_COUNT, pairs + 1);
  return pairs;
}

/** Of the bytes that stand in plain names only letters differ in the folded bit. */
function isSameHost(row: i32, start: i32, end: i32): boolean {
  let other = cellAt(row);
  if (cellAt(row + 4) - other !== end - start) return false;
  let at = start;
  while (at + 4 <= end) {
    if ((wordAt(at) | FOLD) !== (wordAt(other) | FOLD)) return false;
    at += 4;
    other += 4;
  }
  return at === end || firstBytes(wordAt(at) | FOLD, end - at) === firstBytes(wordAt(other) | FOLD, end - at);
}
