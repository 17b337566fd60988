import {
  FILES_SKETCHED,
  FILE_BUCKETS,
  FILE_SKETCH,
  LINKS,
  LINK_COUNT,
  LINK_ROW,
  LOADED,
  NO_SHINGLE,
  PLAIN_URL,
} from '../layout.ts';
import { byteAt, cellAt, multiply, setCell } from './bytes.ts';

const SLASH = 47;
const DOT = 46;
const QUESTION = 63;
const HASH = 35;
const PERCENT = 37;

/** The last set of a page's sketch, made when the sketch is asked for: the names of the files that the page loads. */
export function sketchFiles(): void {
  for (let bucket = 0; bucket < FILE_BUCKETS; bucket++) setCell(FILE_SKETCH + bucket * 4, NO_SHINGLE);
  const links = cellAt(LINK_COUNT);
  let files: i32 = 0;
  for (let link = 0; link < links; link++) {
    const row = LINKS + link * LINK_ROW;
    const what = cellAt(row);
    if (((what >>> 8) & 0x7f) > PLAIN_URL || byteAt(LOADED + (what & 0xff)) === 0) continue;
    const hash = hashFileName(cellAt(row + 4), cellAt(row + 8));
    if (hash === 0) continue;
    files++;
    const bucket = FILE_SKETCH + (hash & (FILE_BUCKETS - 1)) * 4;
    const rest = hash >>> 7;
    if (rest < cellAt(bucket)) setCell(bucket, rest);
  }
  setCell(FILES_SKETCHED, files);
}

/**
 * Hash of the last part of a URL's path; 0 where it has none of three letters and a dot. HTTrack's four digits before
 * the ending, and what wget makes of a query (`main.css%3Fv=2.css`), are left out.
 */
function hashFileName(start: i32, end: i32): i32 {
  if (byteAt(start) === 100 && byteAt(start + 1) === 97 && byteAt(start + 4) === 58) return 0; // data:
  let stop = start;
  let from = start;
  let dot: i32 = 0;
  for (; stop < end; stop++) {
    const byte = byteAt(stop);
    if (byte === QUESTION || byte === HASH) break;
    if (byte === PERCENT && byteAt(stop + 1) === 51 && (byteAt(stop + 2) | 32) === 102) break; // %3F
    if (byte === SLASH) from = stop + 1;
    else if (byte === DOT) dot = stop;
  }
  if (dot < from + 3) return 0;
  const isRenamed = byteAt(stop) === QUESTION && dot - from > 4 && isHex(dot - 4, dot);
  let hash: i32 = -2128831035;
  hash = hashBytes(hash, from, isRenamed ? dot - 4 : dot);
  hash = hashBytes(hash, dot, stop);
  hash = multiply(hash ^ (hash >>> 16), -2048144789);
  hash = multiply(hash ^ (hash >>> 13), -1028477387);
  hash ^= hash >>> 16;
  return hash === 0 ? 1 : hash;
}

function hashBytes(before: i32, start: i32, end: i32): i32 {
  let hash = before;
  for (let at = start; at < end; at++) hash = multiply(hash ^ (byteAt(at) | 32), 16777619);
  return hash;
}

function isHex(start: i32, end: i32): boolean {
  for (let at = start; at < end; at++) {
    const byte = byteAt(at);
    if (!((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102))) return false;
  }
  return true;
}
