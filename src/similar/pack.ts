import { EMPTY_BUCKET, type PageSketch } from '#model';
import type { SetKind } from './sketch.ts';

/** Sets in the order in which they are kept, with their buckets. */
const SETS: readonly (readonly [SetKind, number])[] = [
  ['text', 128],
  ['words', 128],
  ['paths', 128],
  ['tags', 64],
  ['classes', 64],
  ['files', 64],
];
const COUNTS = ['shingles', 'words', 'paths', 'classes', 'files'] as const;
const BUCKETS = SETS.reduce((sum, [, buckets]) => sum + buckets, 0);
const EMPTY_CODE = 0xffff;
const MANTISSA_BITS = 11;

/**
 * A smallest hash in sixteen bits: its eleven highest and how far they were shifted. Two hashes that are equal stay so, two
 * that are not become so once in 1,500 times, and how small they are (which tells the size of the set) stays known.
 */
function encode(value: number): number {
  if (value === EMPTY_BUCKET) return EMPTY_CODE;
  const shift = Math.max(0, 32 - Math.clz32(value) - MANTISSA_BITS);
  return (shift << MANTISSA_BITS) | (value >>> shift);
}

function decode(code: number): number {
  if (code === EMPTY_CODE) return EMPTY_BUCKET;
  const shift = code >>> MANTISSA_BITS;
  return (code & ((1 << MANTISSA_BITS) - 1)) << shift;
}

/** The sketch as it is after it was kept: what pages are compared as. */
export function rounded(sketch: PageSketch): PageSketch {
  // one buffer for all sets: making a typed array takes longer than filling it
  const all = new Int32Array(BUCKETS);
  let end = 0;
  const round = (set: Int32Array): Int32Array => {
    const kept = all.subarray(end, (end += set.length));
    for (let bucket = 0; bucket < set.length; bucket++) kept[bucket] = decode(encode(set[bucket]!));
    return kept;
  };
  const { text, words, paths, tags, classes, files, counts } = sketch;
  return {
    text: round(text),
    words: round(words),
    paths: round(paths),
    tags: round(tags),
    classes: round(classes),
    files: round(files),
    counts,
  };
}

/** A sketch in 1,173 bytes: a version, the counts, the buckets. */
export function packSketch(sketch: PageSketch): Uint8Array {
  const bytes = Buffer.alloc(1 + COUNTS.length * 4 + BUCKETS * 2);
  bytes[0] = 1;
  let at = 1;
  for (const count of COUNTS) at = bytes.writeUInt32LE(sketch.counts[count] >>> 0, at);
  for (const [kind] of SETS) {
    const set = sketch[kind];
    for (let bucket = 0; bucket < set.length; bucket++, at += 2) {
      const code = encode(set[bucket]!);
      bytes[at] = code;
      bytes[at + 1] = code >>> 8;
    }
  }
  return bytes;
}

/** What was packed; undefined where it is none, or of another version. */
export function unpackSketch(packed: Uint8Array): PageSketch | undefined {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  if (bytes[0] !== 1 || bytes.length !== 1 + COUNTS.length * 4 + BUCKETS * 2) return undefined;
  let at = 1 + COUNTS.length * 4;
  const set = (buckets: number): Int32Array =>
    Int32Array.from({ length: buckets }, () => {
      at += 2;
      return decode(bytes.readUInt16LE(at - 2));
    });
  const count = (index: number): number => bytes.readUInt32LE(1 + index * 4);
  const [text, words, paths, tags, classes, files] = SETS.map(([, buckets]) => set(buckets));
  return {
    text: text!,
    words: words!,
    paths: paths!,
    tags: tags!,
    classes: classes!,
    files: files!,
    counts: {
      shingles: count(0),
      words: count(1),
      paths: count(2),
      classes: count(3),
      files: count(4),
    },
  };
}
