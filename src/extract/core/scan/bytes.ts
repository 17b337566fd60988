import {
  ALPHANUMERIC,
  CLASSES,
  CSS_MARK,
  EQUALS_MARK,
  GREATER_MARK,
  MEMORY_BYTES,
  PADDING,
  SLASH_MARK,
  SPACE,
  TEXT_CLASSES,
} from '../layout.ts';

/**
 * The scanner's primitives in plain TypeScript. `bytes-simd.as` holds the same functions for WebAssembly, sixteen bytes
 * at a time, and takes this file's place there. Memory of its own for each thread.
 */
export const MEMORY = new Uint8Array(MEMORY_BYTES);
const CELLS = new Int32Array(MEMORY.buffer);

/** The byte there. */
export function byteAt(at: i32): i32 {
  return MEMORY[at]!;
}

export function setByte(at: i32, value: i32): void {
  MEMORY[at] = value;
}

/** Four bytes of text as one integer, little-endian, at any offset. */
export function wordAt(at: i32): i32 {
  return MEMORY[at]! | (MEMORY[at + 1]! << 8) | (MEMORY[at + 2]! << 16) | (MEMORY[at + 3]! << 24);
}

/** The cell at an offset that four divides. */
export function cellAt(at: i32): i32 {
  return CELLS[at >> 2]!;
}

export function setCell(at: i32, value: i32): void {
  CELLS[at >> 2] = value;
}

/** The 16-bit number there, little-endian. */
export function halfAt(at: i32): i32 {
  return MEMORY[at]! | (MEMORY[at + 1]! << 8);
}

export function setHalf(at: i32, value: i32): void {
  MEMORY[at] = value;
  MEMORY[at + 1] = value >> 8;
}

export function clear(start: i32, end: i32): void {
  MEMORY.fill(0, start, end);
}

/** Copies bytes; the two ranges do not overlap. */
export function copy(to: i32, from: i32, size: i32): void {
  MEMORY.copyWithin(to, from, from + size);
}

/** Product of two 32-bit integers, overflow dropped. */
export function multiply(left: i32, right: i32): i32 {
  return Math.imul(left, right);
}

/** Number of the highest bit that is set. */
export function highestBit(bits: i32): i32 {
  return 31 - Math.clz32(bits);
}

/** Number of the lowest bit that is set. */
export function lowestBit(bits: i32): i32 {
  return 31 - Math.clz32(bits & -bits);
}

/** Goes on with the FNV-1a hash of a word by its next ASCII letters and digits, up to 16, in lower case. */
export function hashLetters(before: i32, at: i32, length: i32): i32 {
  let hash = before;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (MEMORY[at + i]! | 32), 16777619);
  return hash;
}

/** Bit i: byte i of 16 is neither letter nor digit. */
export function otherBits(at: i32): i32 {
  let bits = 0;
  for (let i = 0; i < 16; i++) {
    if ((MEMORY[TEXT_CLASSES + MEMORY[at + i]!]! & ALPHANUMERIC) === 0) bits |= 1 << i;
  }
  return bits;
}

/** The next block of 16 bytes whose first eleven are letters and digits; `end` or an offset behind it where none is. */
export function findAlphanumericBlock(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && (otherBits(at) & 0x7ff) !== 0) at += 16;
  return at;
}

/** Bit i: byte i of 16 is no ASCII, or `&`. */
export function oddBits(at: i32): i32 {
  let bits = 0;
  for (let i = 0; i < 16; i++) if (MEMORY[at + i]! >= 128 || MEMORY[at + i] === 38) bits |= 1 << i;
  return bits;
}

/** Where the byte occurs next; `end` where it does not. */
export function findByte(from: i32, end: i32, byte: i32): i32 {
  const near = from + PADDING < end ? from + PADDING : end;
  for (let at = from; at < near; at++) if (MEMORY[at] === byte) return at;
  if (near >= end) return end;
  const at = MEMORY.subarray(near, end).indexOf(byte); // memchr: pays from some dozens of bytes on
  return at === -1 ? end : near + at;
}

/** Where the next byte above a space stands; `end` where none does. */
export function skipBlank(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && MEMORY[at]! <= 32) at++;
  return at;
}

/** Where a tag's name ends: white space, `/` or `>`. */
export function findTagNameEnd(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && (MEMORY[CLASSES + MEMORY[at]!]! & (SPACE | SLASH_MARK | GREATER_MARK)) === 0) at++;
  return at;
}

/** Where white space (or any byte up to a space) stands next; `end` where none does. */
export function findBlank(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && MEMORY[at]! > 32) at++;
  return at;
}

/** Where an attribute's name ends: white space, `/`, `>` or `=`. */
export function findAttributeNameEnd(from: i32, end: i32): i32 {
  let at = from;
  for (; at < end; at++) {
    const byte = MEMORY[at]!;
    if (byte <= 62 && (byte === 61 || byte === 62 || byte === 47 || byte === 32)) break;
    if (byte <= 13 && byte >= 9 && byte !== 11) break;
  }
  return at;
}

/** Where a word in a tag ends: white space, a quote, `=`, `/` or `>`. */
export function findTagWordEnd(from: i32, end: i32): i32 {
  let at = from;
  for (; at < end; at++) {
    const byte = MEMORY[at]!;
    if (byte === 34 || byte === 39) break;
    if ((MEMORY[CLASSES + byte]! & (SPACE | EQUALS_MARK | SLASH_MARK | GREATER_MARK)) !== 0) break;
  }
  return at;
}

/** Where something begins in CSS: `/`, a quote, `\\`, `(` or `@`. */
export function findCssMark(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && (MEMORY[TEXT_CLASSES + MEMORY[at]!]! & CSS_MARK) === 0) at++;
  return at;
}

/** Whether the text at an offset is the (lower-case) name of up to 32 bytes, in any case of its letters. */
export function isName(at: i32, name: i32, length: i32): boolean {
  for (let i = 0; i < length; i++) {
    const wanted = MEMORY[name + i]!;
    const fold = wanted >= 97 && wanted <= 122 ? 32 : 0;
    if ((MEMORY[at + i]! | fold) !== wanted) return false;
  }
  return true;
}

/** Whether two texts are the same but for these bits of each byte: 32 is that by which upper and lower case differ. */
export function isSameText(one: i32, other: i32, length: i32, but: i32): boolean {
  for (let i = 0; i < length; i++) if ((MEMORY[one + i]! | but) !== (MEMORY[other + i]! | but)) return false;
  return true;
}

/** Copies text, ASCII letters in lower case. Up to 16 bytes behind the copy may change, too. */
export function copyLower(from: i32, to: i32, length: i32): void {
  for (let i = 0; i < length; i++) {
    const byte = MEMORY[from + i]!;
    MEMORY[to + i] = byte >= 65 && byte <= 90 ? byte + 32 : byte;
  }
}

/** Line ends in a range of no more than 4,080 bytes: LF, or CR without LF after it. */
export function countBreaks(from: i32, end: i32): i32 {
  let breaks = 0;
  for (let at = from; at < end; at++) {
    const byte = MEMORY[at]!;
    if (byte === 10 || (byte === 13 && MEMORY[at + 1] !== 10)) breaks++;
  }
  return breaks;
}

/** The last line end in a range that has one. */
export function findLastBreak(from: i32, end: i32): i32 {
  let at = end - 1;
  while (at > from && MEMORY[at] !== 10 && (MEMORY[at] !== 13 || MEMORY[at + 1] === 10)) at--;
  return at;
}

/** UTF-16 units of the UTF-8 text in a range of no more than 4,080 bytes. */
export function countUnits(from: i32, end: i32): i32 {
  let units = 0;
  for (let at = from; at < end; at++) {
    const byte = MEMORY[at]!;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
