/**
 * What a page's contents come to: of each of six sets, the smallest hash in each bucket, `EMPTY_BUCKET` where no member fell in
 * (one-permutation MinHash). The same page gives the same numbers, whoever reads it. `extract` makes them, `similar` compares.
 */
export interface PageSketch {
  /** Shingles of four words, letters that look alike being one: 128 buckets. */
  readonly text: Int32Array;
  /** Words of four letters and more: 128. */
  readonly words: Int32Array;
  /** Ways of elements, three in a row: 128. */
  readonly paths: Int32Array;
  /** Tags, six in a row: 64. */
  readonly tags: Int32Array;
  /** Class names: 64. */
  readonly classes: Int32Array;
  /** Names of files that the page loads, without folder and query: 64. */
  readonly files: Int32Array;
  /** Members that went into each, repetitions too. */
  readonly counts: {
    readonly shingles: number;
    readonly words: number;
    readonly paths: number;
    readonly classes: number;
    readonly files: number;
  };
}

/** What a bucket holds that no member fell into. */
export const EMPTY_BUCKET = 0x7fffffff;
