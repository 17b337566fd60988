import type { WarcBytes } from './archive-bytes.ts';
import type { MemberCursor } from './member-cursor.ts';
import { START_BYTES, startsRecord } from './record-header.ts';

const WINDOW_BYTES = 256 * 1024;
/** The first windows are small: the next mark is often near, and there may be many. */
const FIRST_WINDOW_BYTES = 2 * 1024;
/** So that no mark is missed where two windows meet. */
const OVERLAP_BYTES = 16;
/** What a member or a record may begin with: gzip, Zstandard, WARC, or a line of ARC. */
const MARK = /\x1f\x8b\x08|\x28\xb5\x2f\xfd|WARC\/\d|(?<=\n)(?:https?|filedesc|dns):/g;
const FIRST_BYTES = 2048;
/** Marks of one stretch that may turn out to be none; a file made of them is given up. */
const MAX_MARKS = 20_000;

/** Of files that are compressed: what lies open there is the start of a member that did not compress, seen before. */
const MEMBER_MARK = /\x1f\x8b\x08|\x28\xb5\x2f\xfd/g;

/** The next place of the file from `from` on where a record or a member that holds one begins, else the end of the file. */
export function findStart(bytes: WarcBytes, cursor: MemberCursor, from: number): number {
  let marks = 0;
  let step = FIRST_WINDOW_BYTES;
  for (let at = from; at < bytes.sizeBytes; at += step, step = Math.min(step * 4, WINDOW_BYTES)) {
    const size = Math.min(bytes.sizeBytes - at, step + OVERLAP_BYTES);
    const window = Buffer.from(bytes.read(at, size)).toString('latin1');
    for (const { index } of window.matchAll(cursor.kind === 'plain' ? MARK : MEMBER_MARK)) {
      if (++marks > MAX_MARKS) return bytes.sizeBytes;
      if (startsRecord(cursor.peek(at + index, FIRST_BYTES))) return at + index;
    }
  }
  return bytes.sizeBytes;
}

/** Leaves the cursor at the next record header inside its member; false where none is to be had. */
export function findRecord(
  cursor: MemberCursor,
  { SEARCH_BYTES, MAX_JUNK_BYTES }: { SEARCH_BYTES: number; MAX_JUNK_BYTES: number },
): boolean {
  for (let passed = 0; passed < MAX_JUNK_BYTES;) {
    const available = cursor.ensure(SEARCH_BYTES);
    const data = Buffer.from(cursor.data.buffer, cursor.data.byteOffset, available);
    for (let at = data.indexOf('WARC/', 1); at !== -1; at = data.indexOf('WARC/', at + 1)) {
      if (!startsRecord(data.subarray(at, at + START_BYTES))) continue;
      cursor.skip(at, startsRecord);
      return true;
    }
    if (available < SEARCH_BYTES) return false;
    passed += cursor.skip(available - OVERLAP_BYTES, startsRecord);
  }
  return false;
}
