import { FILTER, FILTER_MASKS, FILTER_SHIFT, TRIPLE_CLASSES } from '../layout';
import { bitsOf, highHalves } from './bytes';

// The same for WebAssembly; on constants and `swizzle` see `bytes-simd.as`. Each of four bytes of the filter is loaded into a lane of
// its own and tested there: half the instructions of testing them one by one.
// @ts-ignore
@lazy const CONSTANTS = memory.data<u8>([
  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
  32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
  0xb1, 0x79, 0x37, 0x9e, 0xb1, 0x79, 0x37, 0x9e, 0xb1, 0x79, 0x37, 0x9e, 0xb1, 0x79, 0x37, 0x9e,
  15, 0, 0, 0, 15, 0, 0, 0, 15, 0, 0, 0, 15, 0, 0, 0,
]);

// Bit i: the five letters at i, a number that four divides, are in the filter.
// @ts-ignore
@inline function gramBits(bytes: v128, fifths: v128, filter: v128, masks: v128, fold: v128, factor: v128, lowBits: v128, none: v128): i32 {
  const hashes = v128.xor(i32x4.mul(v128.or(bytes, fold), factor), i32x4.shl(fifths, 27));
  const places = i32x4.add(i32x4.shr_u(hashes, FILTER_SHIFT), filter);
  const two = i64x2.extract_lane(places, 0);
  const others = i64x2.extract_lane(places, 1);
  let found = v128.load8_lane(<i32>two, none, 0);
  found = v128.load8_lane(<i32>(two >>> 32), found, 4);
  found = v128.load8_lane(<i32>others, found, 8);
  found = v128.load8_lane(<i32>(others >>> 32), found, 12);
  const mask = i8x16.relaxed_swizzle(masks, v128.and(i32x4.shr_u(hashes, FILTER_SHIFT - 4), lowBits));
  return i8x16.bitmask(i8x16.eq(v128.and(found, mask), mask));
}

export function sift(set: i32, from: i32, end: i32, rows: i32): i32 {
  const lowBits = v128.load(CONSTANTS);
  const fold = v128.load(CONSTANTS, 16);
  const factor = v128.load(CONSTANTS, 32);
  const lowOfFour = v128.load(CONSTANTS, 48);
  const none = i8x16.splat(0);
  const filter = i32x4.splat(set + FILTER);
  const masks = v128.load(set + FILTER_MASKS);
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
  let row = rows;
  for (let block = from; block < end; block += 16) {
    const bytes = v128.load(block);
    const grams = gramBits(bytes, v128.load(block, 4), filter, masks, fold, factor, lowOfFour, none);
    const first = v128.and(bytes, lowBits);
    const firstHigh = highHalves(bytes, lowBits);
    const seconds = v128.load(block, 1);
    const second = v128.and(seconds, lowBits);
    const secondHigh = highHalves(seconds, lowBits);
    const thirds = v128.load(block, 2);
    const third = v128.and(thirds, lowBits);
    const thirdHigh = highHalves(thirds, lowBits);
    const shared = v128.or(
      v128.and(
        v128.and(bitsOf(low1, high1, first, firstHigh), bitsOf(low2, high2, second, secondHigh)),
        bitsOf(low3, high3, third, thirdHigh),
      ),
      v128.and(
        v128.and(bitsOf(otherLow1, otherHigh1, first, firstHigh), bitsOf(otherLow2, otherHigh2, second, secondHigh)),
        bitsOf(otherLow3, otherHigh3, third, thirdHigh),
      ),
    );
    const bits = (i8x16.bitmask(i8x16.eq(shared, none)) ^ 0xffff) | (grams << 16);
    store<i32>(row, block);
    store<i32>(row, bits, 4);
    row += <i32>(bits !== 0) << 3;
  }
  return row;
}
