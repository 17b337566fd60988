import { EMPTY_BUCKET, type PageSketch } from '#model';
import type { SetKind } from './sketch.ts';

/**
 * Which pages to compare at all (locality-sensitive hashing): the buckets of a set are taken in groups, a band each; two
 * pages that agree in all buckets of a band share its key. A set whose members are shared to the degree j gives b bands of
 * r buckets an equal key with probability 1 − (1 − jʳ)ᵇ.
 */
export interface Banding {
  readonly kind: SetKind;
  readonly bands: number;
  readonly rows: number;
  /** Fewer members than this say too little. */
  readonly least: number;
}

/**
 * Measured on 827 real pages and twelve ways to copy each. Text: found from j = 0.2 on (0.93), since little of a page's
 * text may be left; words: from 0.35 (0.84), since other pages of the language share up to 0.2; paths: from 0.7, since
 * others share 0.3; files of pages share hardly any name, or many.
 */
export const BANDINGS: readonly Banding[] = [
  { kind: 'text', bands: 64, rows: 2, least: 12 },
  { kind: 'words', bands: 42, rows: 3, least: 20 },
  { kind: 'paths', bands: 24, rows: 5, least: 30 },
  { kind: 'files', bands: 32, rows: 2, least: 4 },
  { kind: 'classes', bands: 20, rows: 3, least: 12 },
];

/** Keys of a page, all bandings. */
export const BAND_COUNT = BANDINGS.reduce((sum, { bands }) => sum + bands, 0);

/** Instead of a key, where the page has too little of the kind. */
export const NO_KEY = 0;

/** Of each key, which banding it belongs to. */
export const BANDING_OF: Uint8Array = Uint8Array.from(
  BANDINGS.flatMap(({ bands }, index) => Array.from({ length: bands }, () => index)),
);

/** The band keys of a page, put into `keys`: 32 bits each, `NO_KEY` where there is none. Keys of different bands differ. */
export function bandKeys(sketch: PageSketch, keys = new Uint32Array(BAND_COUNT)): Uint32Array {
  let at = 0;
  for (const { kind, bands, rows, least } of BANDINGS) {
    if (membersOf(sketch, kind) < least) keys.fill(NO_KEY, at, at + bands);
    else writeKeys(keys, at, bands, rows, densify(sketch[kind], filled));
    at += bands;
  }
  return keys;
}

/** Room for the largest set, for the one at hand. */
const filled = new Int32Array(128);

function writeKeys(keys: Uint32Array, at: number, bands: number, rows: number, set: Int32Array): void {
  for (let band = 0; band < bands; band++) {
    let hash = Math.imul(at + band + 1, 0x9e3779b1);
    for (let row = 0; row < rows; row++) hash = mix(hash, set[band * rows + row]!);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = (hash ^ (hash >>> 13)) >>> 0;
    keys[at + band] = hash === NO_KEY ? 1 : hash;
  }
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** How many members, repetitions too, went into a set; of tags as many as of paths. */
export function membersOf({ counts }: PageSketch, kind: SetKind): number {
  if (kind === 'text') return counts.shingles;
  return kind === 'tags' ? counts.paths : counts[kind];
}

const MAX_ATTEMPTS = 1_000;

/**
 * A set (of a power of two of buckets) with its empty buckets filled from others, each from one that its own sequence names (Shrivastava 2017), so that two
 * sets agree in a filled bucket as often as in any: what bands of small sets need. Put into `filled`, which is returned.
 */
export function densify(set: Int32Array, filled: Int32Array): Int32Array {
  for (let bucket = 0; bucket < set.length; bucket++) {
    const value = set[bucket]!;
    filled[bucket] = value === EMPTY_BUCKET ? valueFor(bucket, set) : value;
  }
  return filled;
}

function valueFor(bucket: number, set: Int32Array): number {
  let hash = Math.imul(bucket + 1, 0x9e3779b1);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    hash = mix(hash, attempt);
    const value = set[(hash >>> 8) & (set.length - 1)]!;
    if (value !== EMPTY_BUCKET) return value;
  }
  return EMPTY_BUCKET;
}
