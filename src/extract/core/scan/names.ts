import { MAX_NAME, NAMES, NAME_ENTRY, NAME_SLOTS, NAME_SLOT_BITS, NAME_TEXT } from '../layout.ts';
import { byteAt, isName, multiply, wordAt } from './bytes.ts';

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
export function hashRange(start: i32, end: i32): i32 {
  let hash: i32 = end - start;
  let at = start;
  while (at + 4 <= end) {
    hash = mix(hash, wordAt(at) | FOLD);
    at += 4;
  }
  return at < end ? mix(hash, firstBytes(wordAt(at) | FOLD, end - at)) : hash;
}

/** The slot of `NAME_SLOTS` where the search for a name begins: its first, middle and last letter and its length tell. */
function nameSlot(start: i32, length: i32): i32 {
  const letters =
    byteAt(start) | (byteAt(start + (length >>> 1)) << 8) | (byteAt(start + length - 1) << 16) | FOLD;
  return multiply(letters ^ (length << 24), -1640531535) >>> (32 - NAME_SLOT_BITS);
}

/** The entry in `NAMES` of an element, attribute or link type, in any case of its letters; 0 where it is not known. */
export function findName(start: i32, end: i32): i32 {
  const length = end - start;
  if (length > MAX_NAME || length === 0) return 0;
  let slot = nameSlot(start, length);
  let number = byteAt(NAME_SLOTS + slot);
  while (number !== 0) {
    const entry = NAMES + number * NAME_ENTRY;
    if (byteAt(entry) === length && isName(start, entry + NAME_TEXT, length)) return entry;
    slot = (slot + 1) & ((1 << NAME_SLOT_BITS) - 1);
    number = byteAt(NAME_SLOTS + slot);
  }
  return 0;
}
