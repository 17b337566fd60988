import { SHINGLES, WORD_COUNT } from '../layout.ts';
import { cellAt, findWord, findWordEnd, multiply, setCell } from './bytes.ts';
import { hashRange, mix } from './names.ts';

/** Hashes of the last words. */
let first: i32 = 0;
let second: i32 = 0;
let third: i32 = 0;

export function forgetWords(): void {
  first = second = third = 0;
}

/**
 * Takes a run of text into the sketch: of all shingles (four words in a row) whose hash falls into a bucket, the
 * smallest hash is kept. The share of equal buckets of two pages estimates how much of their text is common
 * (one-permutation MinHash, Li et al. 2012).
 */
export function addText(start: i32, end: i32): void {
  let words = cellAt(WORD_COUNT);
  let at = findWord(start, end);
  while (at < end) {
    const wordEnd = findWordEnd(at, end);
    addWord(hashRange(at, wordEnd), words);
    words++;
    at = findWord(wordEnd, end);
  }
  setCell(WORD_COUNT, words);
}

function addWord(word: i32, before: i32): void {
  if (before >= 3) {
    const hash = multiply(mix(mix(mix(first, second), third), word), -2048144789);
    const bucket = SHINGLES + (hash >>> 25) * 4;
    const rest = (hash ^ (hash >>> 13)) & 0x1ffffff;
    if (rest < cellAt(bucket)) setCell(bucket, rest);
  }
  first = second;
  second = third;
  third = word;
}
