import { ALPHANUMERIC, TEXT_CLASSES } from '../layout.ts';
import { byteAt, otherBits } from './bytes.ts';

/** Shortest and longest runs of letters and digits that may be a wallet's address: see `trackers/wallet.ts`. */
const MIN_RUN = 26;
const MAX_RUN = 106;
/** Bytes that `otherBits` looks at, and the bits of the first eight. */
const BLOCK = 16;
const HALF = 0xff;

/** The run found last. */
let runEnd: i32 = 0;

export function walletEnd(): i32 {
  return runEnd;
}

/**
 * Where the next run begins that could be a wallet's address by its length and first letters; `end` where none does. A run of
 * 26 covers two neighbouring halves of aligned blocks, so only where these are letters and digits alone is one looked for.
 */
export function findWallet(from: i32, end: i32): i32 {
  let wasFull = false;
  for (let block = from & -BLOCK; block < end; block += BLOCK) {
    const others = otherBits(block);
    const isFull = (others & HALF) === 0;
    const mayBeRun = isFull && (wasFull || others === 0);
    wasFull = others >>> 8 === 0;
    if (!mayBeRun) continue;
    let start = block;
    while (start > from && isAlphanumeric(start - 1)) start--;
    if (start < from) start = from;
    let stop = block + BLOCK / 2;
    while (stop < end && isAlphanumeric(stop)) stop++;
    const length = stop - start;
    if (length >= MIN_RUN && length <= MAX_RUN && mayBeWallet(start, length)) {
      runEnd = stop;
      return start;
    }
    if (stop >= end) return end;
    // goes on in the block in which the run ended
    block = (stop & -BLOCK) - BLOCK;
    wasFull = false;
  }
  return end;
}

function isAlphanumeric(at: i32): boolean {
  return (byteAt(TEXT_CLASSES + byteAt(at)) & ALPHANUMERIC) !== 0;
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
