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

/** The sets of a sketch. */
type SketchSets = Omit<PageSketch, 'counts'>;

/** Room for the sets of a sketch: one array for all, since making a typed array takes longer than filling it. */
export function roomForSets(): SketchSets {
  const all = new Int32Array(BUCKETS);
  let end = 0;
  const [text, words, paths, tags, classes, files] = SETS.map(([, buckets]) =>
    all.subarray(end, (end += buckets)),
  );
  return { text: text!, words: words!, paths: paths!, tags: tags!, classes: classes!, files: files! };
}

/** The sketch as it is after it was kept: what pages are compared as. */
export function rounded(sketch: PageSketch): PageSketch {
  return packSketch(sketch, scratch, roomForSets());
}

export const PACKED_BYTES = 1 + COUNTS.length * 4 + BUCKETS * 2;
const scratch = Buffer.alloc(PACKED_BYTES);

/**
 * Puts a sketch into `PACKED_BYTES` bytes: a version, the counts, the buckets. Returns it as it is after that; its sets
 * are put into `room`.
 */
export function packSketch(sketch: PageSketch, bytes: Buffer, room: SketchSets): PageSketch {
  const { counts } = sketch;
  bytes[0] = 1;
  let at = 1;
  for (const count of COUNTS) at = bytes.writeUInt32LE(counts[count] >>> 0, at);
  for (const [kind] of SETS) at = packSet(sketch[kind], bytes, at, room[kind]);
  return { ...room, counts };
}

/**
 * Each smallest hash in sixteen bits: its eleven highest and how far they were shifted. Two hashes that are equal stay so,
 * two that are not become so once in 1,500 times, and how small they are (which tells the size of the set) stays known.
 * There is no branch for empty buckets: in half-filled sets it cost twice as much as all else.
 */
function packSet(set: Int32Array, bytes: Buffer, from: number, kept: Int32Array): number {
  let at = from;
  for (let bucket = 0; bucket < set.length; bucket++, at += 2) {
    const value = set[bucket]!;
    const empty = (value + 1) >> 31; // all bits of EMPTY_BUCKET, the largest integer; none of others
    const shift = Math.max(0, 32 - Math.clz32(value) - MANTISSA_BITS);
    const mantissa = value >>> shift;
    const code = (shift << MANTISSA_BITS) | mantissa | empty;
    bytes[at] = code;
    bytes[at + 1] = code >>> 8;
    kept[bucket] = (mantissa << shift) | (empty & EMPTY_BUCKET);
  }
  return at;
}

function decode(code: number): number {
  if (code === EMPTY_CODE) return EMPTY_BUCKET;
  const shift = code >>> MANTISSA_BITS;
  return (code & ((1 << MANTISSA_BITS) - 1)) << shift;
}

/** What was packed; undefined where it is none, or of another version. */
export function unpackSketch(packed: Uint8Array): PageSketch | undefined {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  if (bytes[0] !== 1 || bytes.length !== PACKED_BYTES) return undefined;
  const sets = roomForSets();
  let at = 1 + COUNTS.length * 4;
  for (const [kind] of SETS) {
    const set = sets[kind];
    for (let bucket = 0; bucket < set.length; bucket++, at += 2) set[bucket] = decode(bytes.readUInt16LE(at));
  }
  const count = (index: number): number => bytes.readUInt32LE(1 + index * 4);
  return {
    ...sets,
    counts: {
      shingles: count(0),
      words: count(1),
      paths: count(2),
      classes: count(3),
      files: count(4),
    },
  };
}
