import { ALPHANUMERIC, TEXT_CLASSES } from '../layout.ts';
import { byteAt, highestBit, otherBits } from './bytes.ts';

/** Shortest and longest runs of letters and digits that may be a wallet's address: see `trackers/wallet.ts`. */
const MIN_RUN = 26;
const MAX_RUN = 106;
/** Bytes that `otherBits` looks at. */
const BLOCK = 16;

/** The run found last. */
let runEnd: i32 = 0;

export function walletEnd(): i32 {
  return runEnd;
}

/** Where the next run begins that could be a wallet's address by its length and first letters; `end` where none does. */
export function findWallet(from: i32, end: i32): i32 {
  let at = from;
  while (at + MIN_RUN <= end) {
    // A run that begins here must cover the next 26 bytes; where one of them is no letter the search goes on behind it.
    const others = otherBits(at + MIN_RUN - BLOCK);
    if (others !== 0) {
      at += MIN_RUN - BLOCK + highestBit(others) + 1;
      continue;
    }
    let other = at + MIN_RUN - BLOCK - 1;
    while (other >= at && isAlphanumeric(other)) other--;
    if (other >= at) {
      at = other + 1;
      continue;
    }
    const start = at;
    let stop = at + MIN_RUN;
    while (stop < end && isAlphanumeric(stop)) stop++;
    at = stop + 1;
    const length = stop - start;
    if (length > MAX_RUN || !mayBeWallet(start, length)) continue;
    runEnd = stop;
    return start;
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
