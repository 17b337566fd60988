import { byteAt, findAlphanumericBlock, highestBit, lowestBit, otherBits } from './bytes.ts';

/** Shortest and longest runs of letters and digits that may be a wallet's address: see `trackers/wallet.ts`. */
const MIN_RUN = 26;
const MAX_RUN = 106;
/** Bytes that `otherBits` looks at. */
const BLOCK = 16;
/** Of these, bytes that `findAlphanumericBlock` asks for. */
const FULL = 11;

/** The run found last. */
let runEnd: i32 = 0;

export function walletEnd(): i32 {
  return runEnd;
}

/**
 * Where the next run begins that could be a wallet's address by its length and first letters; `end` where none does. A run of
 * 26 has in it the first eleven bytes of a block of sixteen, wherever it begins: only around such blocks is one looked for.
 */
export function findWallet(from: i32, end: i32): i32 {
  let block = findAlphanumericBlock(from & -BLOCK, end);
  while (block < end) {
    const start = runStart(block, from);
    const stop = runStop(block);
    const length = stop - start;
    if (length >= MIN_RUN && length <= MAX_RUN && mayBeWallet(start, length)) {
      runEnd = stop;
      return start;
    }
    // where the run ends in a block behind these eleven bytes, they are its own
    block = findAlphanumericBlock((stop + BLOCK - FULL) & -BLOCK, end);
  }
  return end;
}

/** Where the run begins that goes on in a block. */
function runStart(block: i32, from: i32): i32 {
  let before = block - BLOCK;
  let others = otherBits(before);
  while (others === 0 && before >= from) others = otherBits((before -= BLOCK));
  const start = before + highestBit(others) + 1;
  return start > from ? start : from;
}

/** Where it ends: zeros follow every page. */
function runStop(block: i32): i32 {
  let last = block;
  let others = otherBits(last);
  while (others === 0) others = otherBits((last += BLOCK));
  return last + lowestBit(others);
}

function mayBeWallet(start: i32, length: i32): boolean {
  const first = byteAt(start);
  const second = byteAt(start + 1) | 32;
  if (length === 42 && first === 48 && second === 120) return true; // 0x
  if ((first | 32) === 98 && second === 99) return true; // bc1
  if ((first | 32) === 108 && second === 116) return true; // ltc1
  if (length === 95 || length === 106) return first === 52 || first === 56;
  if (length > 35) return (length === 43 || length === 44) && isBase58(start, length);
  const isVersion =
    first === 49 ||
    first === 51 ||
    first === 57 ||
    first === 65 ||
    first === 68 ||
    first === 76 ||
    first === 77 ||
    first === 84 ||
    first === 88; // 1 3 9 A D L M T X
  return isVersion && isBase58(start, length);
}

/** Letters and digits without `0`, `O`, `I` and `l`. */
function isBase58(start: i32, length: i32): boolean {
  for (let at = start; at < start + length; at++) {
    const byte = byteAt(at);
    if (byte === 48 || byte === 79 || byte === 73 || byte === 108) return false;
  }
  return true;
}
