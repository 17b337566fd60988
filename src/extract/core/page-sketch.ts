import type { PageSketch } from '#model';
import * as layout from './layout.ts';
import { MEANINGS } from './vocabulary.ts';

/** What a bucket holds that no member fell into. */
const NO_MEMBER = layout.NO_SHINGLE;

const FILE_BUCKETS = 64;
const CELLS_A_LINK = layout.LINK_ROW / 4;
const SLASH = 47;

/** The sketch of the page that was scanned last. */
export function readSketch(memory: Uint8Array, cells: Int32Array): PageSketch {
  const set = (at: number, buckets: number): Int32Array => cells.slice(at / 4, at / 4 + buckets);
  const { files, count } = sketchFiles(memory, cells);
  return {
    text: set(layout.TEXT_SKETCH, layout.TEXT_BUCKETS),
    words: set(layout.WORD_SKETCH, layout.WORD_BUCKETS),
    paths: set(layout.PATH_SKETCH, layout.PATH_BUCKETS),
    tags: set(layout.TAG_SKETCH, layout.TAG_BUCKETS),
    classes: set(layout.CLASS_SKETCH, layout.CLASS_BUCKETS),
    files,
    counts: {
      shingles: cells[layout.SHINGLES_SKETCHED / 4]!,
      words: cells[layout.VOCABULARY_SKETCHED / 4]!,
      paths: cells[layout.PATHS_SKETCHED / 4]!,
      classes: cells[layout.CLASSES_SKETCHED / 4]!,
      files: count,
    },
  };
}

let isLoading: readonly boolean[] = [];

function sketchFiles(memory: Uint8Array, cells: Int32Array): { files: Int32Array; count: number } {
  if (isLoading.length !== MEANINGS.length) isLoading = MEANINGS.map(({ pull }) => pull === 'loads');
  const files = new Int32Array(FILE_BUCKETS).fill(NO_MEMBER);
  const links = cells[layout.LINK_COUNT / 4]!;
  let count = 0;
  for (let link = 0; link < links; link++) {
    const at = layout.LINKS / 4 + link * CELLS_A_LINK;
    const what = cells[at]!;
    const kind = (what >>> 8) & 0x7f;
    if (kind > layout.PLAIN_URL || !isLoading[what & 0xff]!) continue;
    const hash = hashFileName(memory, cells[at + 1]!, cells[at + 2]!);
    if (hash === 0) continue;
    count++;
    const bucket = hash & (FILE_BUCKETS - 1);
    const rest = hash >>> 7;
    if (rest < files[bucket]!) files[bucket] = rest;
  }
  return { files, count };
}

/**
 * Hash of the last part of a URL's path; 0 where it has none of three letters and a dot. HTTrack's four digits before
 * the ending, and what wget makes of a query (`main.css%3Fv=2.css`), are left out.
 */
function hashFileName(memory: Uint8Array, start: number, end: number): number {
  if (memory[start] === 100 && memory[start + 1] === 97 && memory[start + 4] === 58) return 0; // data:
  let stop = start;
  let from = start;
  let dot = 0;
  for (; stop < end; stop++) {
    const byte = memory[stop]!;
    if (byte === 63 || byte === 35) break;
    if (byte === 37 && memory[stop + 1] === 51 && (memory[stop + 2]! | 32) === 102) break; // %3F
    if (byte === SLASH) from = stop + 1;
    else if (byte === 46) dot = stop;
  }
  if (dot < from + 3) return 0;
  const isRenamed = memory[stop] === 63 && dot - from > 4 && isHex(memory, dot - 4, dot);
  const stem = isRenamed ? dot - 4 : dot;
  let hash = -2128831035;
  for (let at = from; at < stem; at++) hash = Math.imul(hash ^ (memory[at]! | 32), 16777619);
  for (let at = dot; at < stop; at++) hash = Math.imul(hash ^ (memory[at]! | 32), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), -2048144789);
  hash = Math.imul(hash ^ (hash >>> 13), -1028477387);
  hash ^= hash >>> 16;
  return hash === 0 ? 1 : hash;
}

function isHex(memory: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = memory[at]!;
    if (!((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))) return false;
  }
  return true;
}
