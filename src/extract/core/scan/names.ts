import { NAMES, NAME_ENTRY, NAME_FACTOR, NAME_SLOTS, NAME_SLOT_BITS, NAME_TEXT } from '../layout.ts';
import { byteAt, cellAt, isName, multiply, wordAt } from './bytes.ts';

/** Sets the bit that makes ASCII letters lower case, in each of four bytes. */
export const FOLD = 0x20202020;

/** Keeps the first 1, 2 or 3 of four bytes. */
export function firstBytes(word: i32, length: i32): i32 {
  return word & ((1 << (length * 8)) - 1);
}

/** One step of the hash of names, hosts and words. */
export function mix(hash: i32, word: i32): i32 {
  const mixed = multiply(hash ^ word, -1640531535);
  return mixed ^ (mixed >>> 15);
}

/** Hash of a range, ASCII case folded. */
/* @inline */ export function hashRange(start: i32, end: i32): i32 {
  let hash: i32 = end - start;
  let at = start;
  while (at + 4 <= end) {
    hash = mix(hash, wordAt(at) | FOLD);
    at += 4;
  }
  return at < end ? mix(hash, firstBytes(wordAt(at) | FOLD, end - at)) : hash;
}

/**
 * The one entry in `NAMES` that may be that of a name, by its first, middle and last letter and its length; where none may, one
 * that is empty. No branch: which names follow each other on a page is a guess.
 */
/* @inline */ export function nameCandidate(start: i32, length: i32): i32 {
  const letters =
    byteAt(start) | (byteAt(start + (length >>> 1)) << 8) | (byteAt(start + length - 1) << 16) | FOLD;
  const slot = multiply(letters ^ (length << 24), cellAt(NAME_FACTOR)) >>> (32 - NAME_SLOT_BITS);
  return NAMES + byteAt(NAME_SLOTS + slot) * NAME_ENTRY;
}

/** Whether an entry is that of a name, in any case of its letters. */
/* @inline */ export function isOfName(entry: i32, start: i32, length: i32): boolean {
  return byteAt(entry) === length && isName(start, entry + NAME_TEXT, length);
}

/** The entry in `NAMES` of an element, attribute or link type; 0 where it is not known. */
/* @inline */ export function findName(start: i32, end: i32): i32 {
  const length = end - start;
  if (length === 0) return 0;
  const entry = nameCandidate(start, length);
  return isOfName(entry, start, length) ? entry : 0;
}
