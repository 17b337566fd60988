import { FILTER, TRIPLE_CLASSES } from '../layout';
import { bitsOf, highHalves } from './bytes';

// The same for WebAssembly; on constants and `swizzle` see `bytes-simd.as`.
// @ts-ignore
@lazy const CONSTANTS = memory.data<u8>([
  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
  32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
  0xb1, 0x79, 0x37, 0x9e, 0xb1, 0x79, 0x37, 0x9e, 0xb1, 0x79, 0x37, 0x9e, 0xb1, 0x79, 0x37, 0x9e,
]);

// What stands one and two bytes before.
// @ts-ignore
@inline function shiftedBy1(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}
// @ts-ignore
@inline function shiftedBy2(before: v128, here: v128): v128 {
  return i8x16.shuffle(before, here, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

// @ts-ignore
@inline function gramBit(filter: i32, hash: u32): i32 {
  return (load<i32>(filter + ((hash >>> 15) & 0x1fffc)) >>> ((hash >>> 12) & 31)) & 1;
}

export function sift(set: i32, from: i32, end: i32, rows: i32): i32 {
  const lowBits = v128.load(CONSTANTS);
  const fold = v128.load(CONSTANTS, 16);
  const factor = v128.load(CONSTANTS, 32);
  const none = i8x16.splat(0);
  const classes = set + TRIPLE_CLASSES;
  const low1 = v128.load(classes, 0);
  const high1 = v128.load(classes, 16);
  const low2 = v128.load(classes, 32);
  const high2 = v128.load(classes, 48);
  const low3 = v128.load(classes, 64);
  const high3 = v128.load(classes, 80);
  const otherLow1 = v128.load(classes, 96);
  const otherHigh1 = v128.load(classes, 112);
  const otherLow2 = v128.load(classes, 128);
  const otherHigh2 = v128.load(classes, 144);
  const otherLow3 = v128.load(classes, 160);
  const otherHigh3 = v128.load(classes, 176);
  const last = v128.load(from - 16);
  const lastLow = v128.and(last, lowBits);
  const lastHigh = highHalves(last, lowBits);
  let first = bitsOf(low1, high1, lastLow, lastHigh);
  let second = bitsOf(low2, high2, lastLow, lastHigh);
  let otherFirst = bitsOf(otherLow1, otherHigh1, lastLow, lastHigh);
  let otherSecond = bitsOf(otherLow2, otherHigh2, lastLow, lastHigh);
  let row = rows;
  for (let block = from; block < end; block += 16) {
    const bytes = v128.load(block);
    const hashes = v128.xor(i32x4.mul(v128.or(bytes, fold), factor), i32x4.shl(v128.load(block, 4), 27));
    const two = i64x2.extract_lane(hashes, 0);
    const others = i64x2.extract_lane(hashes, 1);
    const grams =
      gramBit(set + FILTER, <u32>two) |
      (gramBit(set + FILTER, <u32>(two >>> 32)) << 1) |
      (gramBit(set + FILTER, <u32>others) << 2) |
      (gramBit(set + FILTER, <u32>(others >>> 32)) << 3);
    const low = v128.and(bytes, lowBits);
    const high = highHalves(bytes, lowBits);
    const first1 = bitsOf(low1, high1, low, high);
    const second1 = bitsOf(low2, high2, low, high);
    const otherFirst1 = bitsOf(otherLow1, otherHigh1, low, high);
    const otherSecond1 = bitsOf(otherLow2, otherHigh2, low, high);
    const shared = v128.or(
      v128.and(v128.and(shiftedBy2(first, first1), shiftedBy1(second, second1)), bitsOf(low3, high3, low, high)),
      v128.and(
        v128.and(shiftedBy2(otherFirst, otherFirst1), shiftedBy1(otherSecond, otherSecond1)),
        bitsOf(otherLow3, otherHigh3, low, high),
      ),
    );
    first = first1;
    second = second1;
    otherFirst = otherFirst1;
    otherSecond = otherSecond1;
    const bits = (i8x16.bitmask(i8x16.eq(shared, none)) ^ 0xffff) | (grams << 16);
    store<i32>(row, block);
    store<i32>(row, bits, 4);
    row += <i32>(bits !== 0) << 3;
  }
  return row;
}
