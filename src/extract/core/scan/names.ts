import { CLASSES, LETTER, MAX_NAME, NAMES, NAME_ENTRY, NAME_SLOTS, NAME_SLOT_BITS } from '../layout.ts';
import { byteAt, multiply, wordAt } from './bytes.ts';

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

/** The slot of `NAME_SLOTS` where the search for a name with this hash begins. */
function nameSlot(hash: i32): i32 {
  return hash >>> (32 - NAME_SLOT_BITS);
}

/** The entry in `NAMES` of an element, attribute or link type, in any case of its letters; 0 where it is not known. */
export function findName(start: i32, end: i32): i32 {
  const length = end - start;
  if (length > MAX_NAME || length === 0) return 0;
  let slot = nameSlot(hashRange(start, end));
  let number = byteAt(NAME_SLOTS + slot);
  while (number !== 0) {
    const entry = NAMES + number * NAME_ENTRY;
    if (byteAt(entry) === length && isSameName(start, entry + 8, length)) return entry;
    slot = (slot + 1) & ((1 << NAME_SLOT_BITS) - 1);
    number = byteAt(NAME_SLOTS + slot);
  }
  return 0;
}

/** Whether the text there is the (lower-case) name, in any case. Of bytes that differ only letters may. */
function isSameName(start: i32, name: i32, length: i32): boolean {
  for (let i = 0; i < length; i++) {
    const byte = byteAt(start + i);
    const wanted = byteAt(name + i);
    if (byte !== wanted && ((byte | 32) !== wanted || (byteAt(CLASSES + byte) & LETTER) === 0)) return false;
  }
  return true;
}
