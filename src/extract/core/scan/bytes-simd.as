// The primitives of `bytes.ts` for WebAssembly (AssemblyScript, SIMD). Text may be read up to 16 bytes beyond its end:
// zeros follow every page.
//
// Two things that V8 makes dear: a vector constant is made anew wherever it is used, so that loops load theirs before they
// begin; and `swizzle` must give 0 for numbers above 15, which the relaxed form may leave to the machine. All numbers here
// are halves of bytes, so both forms give the same. Together they halved the time of what follows.
import { BYTES } from '../layout';

// @ts-ignore
@lazy const CONSTANTS = memory.data<u8>([
  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
  5, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 2, 2, 2, 2, 2,
  0, 0, 0, 1, 2, 4, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0,
  10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,
  13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13,
  0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0, 0xc0,
  0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0, 0xf0,
]);

// Sets of bytes, each by its low and its high half: what ends a tag's name, what ends an attribute's, what begins something in CSS, what
// ends any word in a tag.
// @ts-ignore
@lazy const SETS = memory.data<u8>([
  2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 4, 2,
  1, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 5, 4, 2,
  1, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 4, 0, 0, 1,
  0, 0, 1, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  2, 0, 2, 0, 0, 0, 0, 2, 0, 1, 1, 0, 1, 5, 4, 2,
  1, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

// A byte sixteen times, loaded from memory: see above.
// @ts-ignore: decorators on functions are AssemblyScript's
@inline function all(byte: i32): v128 { return v128.load8_splat(BYTES + byte); }

// @ts-ignore
@inline export function byteAt(at: i32): i32 { return <i32>load<u8>(at); }
// @ts-ignore
@inline export function setByte(at: i32, value: i32): void { store<u8>(at, <u8>value); }
// @ts-ignore
@inline export function wordAt(at: i32): i32 { return load<i32>(at); }
// @ts-ignore
@inline export function cellAt(at: i32): i32 { return load<i32>(at); }
// @ts-ignore
@inline export function setCell(at: i32, value: i32): void { store<i32>(at, value); }
// @ts-ignore
@inline export function halfAt(at: i32): i32 { return <i32>load<u16>(at); }
// @ts-ignore
@inline export function setHalf(at: i32, value: i32): void { store<u16>(at, <u16>value); }
// @ts-ignore
@inline export function clear(start: i32, end: i32): void { memory.fill(start, 0, end - start); }
// @ts-ignore
@inline export function copy(to: i32, from: i32, size: i32): void { memory.copy(to, from, size); }
// @ts-ignore
@inline export function multiply(left: i32, right: i32): i32 { return left * right; }
// @ts-ignore
@inline export function highestBit(bits: i32): i32 { return 31 - clz<i32>(bits); }
// @ts-ignore
@inline export function lowestBit(bits: i32): i32 { return ctz<i32>(bits); }

// A byte is looked up by its low and its high half; it is in the set where both looks share a bit.
// @ts-ignore
@inline export function bitsOf(lows: v128, highs: v128, low: v128, high: v128): v128 {
  return v128.and(i8x16.relaxed_swizzle(lows, low), i8x16.relaxed_swizzle(highs, high));
}

// @ts-ignore
@inline export function highHalves(bytes: v128, lowBits: v128): v128 { return v128.and(i16x8.shr_u(bytes, 4), lowBits); }

// @ts-ignore
@inline function otherBitsBy(lows: v128, highs: v128, lowBits: v128, at: i32): i32 {
  const bytes = v128.load(at);
  const found = bitsOf(lows, highs, v128.and(bytes, lowBits), highHalves(bytes, lowBits));
  return i8x16.bitmask(i8x16.eq(found, i8x16.splat(0)));
}

export function otherBits(at: i32): i32 {
  return otherBitsBy(v128.load(CONSTANTS, 16), v128.load(CONSTANTS, 32), v128.load(CONSTANTS), at);
}

export function findAlphanumericBlock(from: i32, end: i32): i32 {
  const lowBits = v128.load(CONSTANTS);
  const lows = v128.load(CONSTANTS, 16);
  const highs = v128.load(CONSTANTS, 32);
  let at = from;
  while (at < end && (otherBitsBy(lows, highs, lowBits, at) & 0x7ff) !== 0) at += 16;
  return at;
}

// @ts-ignore
@inline export function oddBits(at: i32): i32 {
  const bytes = v128.load(at);
  return i8x16.bitmask(v128.or(bytes, i8x16.eq(bytes, all(38))));
}

// @ts-ignore
@inline export function findByte(from: i32, end: i32, byte: i32): i32 {
  const wanted = all(byte);
  let at = from;
  while (at < end) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted)) | (i8x16.bitmask(i8x16.eq(v128.load(at, 16), wanted)) << 16);
    if (found !== 0) {
      at += ctz<i32>(found);
      return at < end ? at : end;
    }
    at += 32;
  }
  return end;
}

// @ts-ignore
@inline export function skipBlank(from: i32, end: i32): i32 {
  let at = from;
  while (at < end) {
    const found = i8x16.bitmask(i8x16.le_u(v128.load(at), all(32))) ^ 0xffff;
    if (found !== 0) {
      at += ctz<i32>(found);
      return at < end ? at : end;
    }
    at += 16;
  }
  return end;
}

// @ts-ignore
@inline export function findBlank(from: i32, end: i32): i32 {
  let at = from;
  while (at < end) {
    const found = i8x16.bitmask(i8x16.le_u(v128.load(at), all(32)));
    if (found !== 0) {
      at += ctz<i32>(found);
      return at < end ? at : end;
    }
    at += 16;
  }
  return end;
}

// What undoes the last of eight steps, by their number: powers of the inverse of 16777619 modulo 2³².
// @ts-ignore
@lazy const UNDO = memory.data<u32>([0x1, 0x359c449b, 0xdd4ab5d9, 0x91c5be63, 0x4ca091f1, 0xdfd860eb, 0xb7f51a49, 0x9dde4e33, 0xd872e4e1]);

// @ts-ignore
@inline function hashEight(hash: i32, letters: i64): i32 {
  hash = (hash ^ <i32>(letters & 255)) * 16777619;
  hash = (hash ^ <i32>((letters >>> 8) & 255)) * 16777619;
  hash = (hash ^ <i32>((letters >>> 16) & 255)) * 16777619;
  hash = (hash ^ <i32>((letters >>> 24) & 255)) * 16777619;
  hash = (hash ^ <i32>((letters >>> 32) & 255)) * 16777619;
  hash = (hash ^ <i32>((letters >>> 40) & 255)) * 16777619;
  hash = (hash ^ <i32>((letters >>> 48) & 255)) * 16777619;
  return (hash ^ <i32>(letters >>> 56)) * 16777619;
}

// Always eight letters, without a branch that words of any length would make a guess: a letter that is not there is zero, and its
// step a mere product, which is undone.
// @ts-ignore
@inline export function hashLetters(before: i32, at: i32, length: i32): i32 {
  let hash = before;
  while (length >= 8) {
    hash = hashEight(hash, load<i64>(at) | 0x2020202020202020);
    at += 8;
    length -= 8;
  }
  const letters = (load<i64>(at) | 0x2020202020202020) & ((<i64>1 << (<i64>length * 8)) - 1);
  return hashEight(hash, letters) * load<i32>(UNDO + (8 - length) * 4);
}

// `set` are two rows of `SETS`.
// @ts-ignore
@inline function findInSet(from: i32, end: i32, set: usize): i32 {
  const lowBits = v128.load(CONSTANTS);
  const lows = v128.load(set);
  const highs = v128.load(set, 16);
  let at = from;
  while (at < end) {
    const bytes = v128.load(at);
    const shared = bitsOf(lows, highs, v128.and(bytes, lowBits), highHalves(bytes, lowBits));
    const found = i8x16.bitmask(i8x16.eq(shared, i8x16.splat(0))) ^ 0xffff;
    if (found !== 0) {
      at += ctz<i32>(found);
      return at < end ? at : end;
    }
    at += 16;
  }
  return end;
}

// @ts-ignore
@inline export function findTagNameEnd(from: i32, end: i32): i32 { return findInSet(from, end, SETS); }
// @ts-ignore
@inline export function findAttributeNameEnd(from: i32, end: i32): i32 { return findInSet(from, end, SETS + 32); }
// @ts-ignore
@inline export function findCssMark(from: i32, end: i32): i32 { return findInSet(from, end, SETS + 64); }
// @ts-ignore
@inline export function findTagWordEnd(from: i32, end: i32): i32 { return findInSet(from, end, SETS + 96); }

// @ts-ignore
@inline function bitsThatDiffer(at: i32, name: i32): i32 {
  const wanted = v128.load(name);
  const letters = i8x16.le_u(i8x16.sub(wanted, all(0x61)), all(25));
  const folded = v128.or(v128.load(at), v128.and(letters, all(0x20)));
  return i8x16.bitmask(i8x16.eq(folded, wanted)) ^ 0xffff;
}

// @ts-ignore
@inline export function isName(at: i32, name: i32, length: i32): bool {
  if (length <= 16) return (bitsThatDiffer(at, name) & ((1 << length) - 1)) === 0;
  return (bitsThatDiffer(at, name) | (bitsThatDiffer(at + 16, name + 16) & ((1 << (length - 16)) - 1))) === 0;
}

// @ts-ignore
@inline export function isSameText(one: i32, other: i32, length: i32, but: i32): bool {
  const fold = all(but);
  for (let i = 0; i < length; i += 16) {
    const differ = i8x16.bitmask(i8x16.eq(v128.or(v128.load(one + i), fold), v128.or(v128.load(other + i), fold))) ^ 0xffff;
    if ((differ & bitsBefore(i, length)) !== 0) return false;
  }
  return true;
}

// @ts-ignore
@inline export function copyLower(from: i32, to: i32, length: i32): void {
  for (let i = 0; i < length; i += 16) {
    const bytes = v128.load(from + i);
    const capitals = i8x16.le_u(i8x16.sub(bytes, all(0x41)), all(25));
    v128.store(to + i, v128.or(bytes, v128.and(capitals, all(0x20))));
  }
}

// The bits of the bytes before `end`.
// @ts-ignore
@inline function bitsBefore(at: i32, end: i32): i32 { return end - at >= 16 ? 0xffff : (1 << (end - at)) - 1; }

// @ts-ignore
@inline function breakBits(at: i32): i32 {
  const bytes = v128.load(at);
  const feeds = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(10)));
  const returns = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(13)));
  if (returns === 0) return feeds;
  return feeds | (returns & ~i8x16.bitmask(i8x16.eq(v128.load(at, 1), i8x16.splat(10))));
}

// Sum of the sixteen bytes.
// @ts-ignore
@inline function sumOf(bytes: v128): i32 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

// Line feeds are counted lane by lane; only where returns stand, those are looked for that none follows.
export function countBreaks(from: i32, end: i32): i32 {
  const feed = v128.load(CONSTANTS, 48);
  const carriageReturn = v128.load(CONSTANTS, 64);
  let feeds = i8x16.splat(0);
  let returns = i8x16.splat(0);
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    feeds = i8x16.sub(feeds, i8x16.eq(bytes, feed));
    returns = v128.or(returns, i8x16.eq(bytes, carriageReturn));
  }
  let breaks = sumOf(feeds);
  if (at < end) breaks += popcnt<i32>(breakBits(at) & bitsBefore(at, end));
  if (!v128.any_true(returns)) return breaks;
  let lone = i8x16.splat(0);
  for (at = from; at + 16 <= end; at += 16)
    lone = i8x16.sub(lone, v128.andnot(i8x16.eq(v128.load(at), carriageReturn), i8x16.eq(v128.load(at, 1), feed)));
  return breaks + sumOf(lone);
}

// @ts-ignore
@inline export function findLastBreak(from: i32, end: i32): i32 {
  let at = end - 16;
  while (at > from) {
    const bits = breakBits(at);
    if (bits !== 0) return at + 31 - clz<i32>(bits);
    at -= 16;
  }
  return from + 31 - clz<i32>(breakBits(from) & bitsBefore(from, at + 16 < end ? at + 16 : end));
}

// A byte is a unit, save those that continue a character; one that begins four bytes is two.
export function countUnits(from: i32, end: i32): i32 {
  const firstLead = v128.load(CONSTANTS, 80);
  const firstOfFour = v128.load(CONSTANTS, 96);
  let continuing = i8x16.splat(0);
  let ofFour = i8x16.splat(0);
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const bytes = v128.load(at);
    continuing = i8x16.sub(continuing, i8x16.lt_s(bytes, firstLead));
    ofFour = i8x16.sub(ofFour, i8x16.eq(v128.and(bytes, firstOfFour), firstOfFour));
  }
  let units = end - from - sumOf(continuing) + sumOf(ofFour);
  if (at < end) {
    const bytes = v128.load(at);
    const here = bitsBefore(at, end);
    units -= popcnt<i32>(i8x16.bitmask(i8x16.lt_s(bytes, firstLead)) & here);
    units += popcnt<i32>(i8x16.bitmask(i8x16.eq(v128.and(bytes, firstOfFour), firstOfFour)) & here);
  }
  return units;
}
