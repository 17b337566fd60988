import {
  MAX_STRUCTURE_BYTES,
  MAX_STRUCTURE_TAGS,
  MAX_TAGS,
  STRUCTURE,
  STRUCTURE_SIZE,
  TAGS,
  TAGS_ARE_CUT,
  TAG_ROW,
  TAG_ROWS,
} from '../layout.ts';
import { cellAt, copyLower, setByte, setCell } from './bytes.ts';

/** Notes a tag: where its name stands; of end tags `nameEnd` is 0. */
/* @inline */ export function addTag(nameStart: i32, nameEnd: i32): void {
  const tags = cellAt(TAG_ROWS);
  if (tags === MAX_TAGS) return setCell(TAGS_ARE_CUT, 1);
  setCell(TAGS + tags * TAG_ROW, nameStart);
  setCell(TAGS + tags * TAG_ROW + 4, nameEnd);
  setCell(TAG_ROWS, tags + 1);
  if (tags < MAX_STRUCTURE_TAGS) addName(tags, nameStart, nameEnd);
}

/* @inline */ function addName(tags: i32, nameStart: i32, nameEnd: i32): void {
  let size = cellAt(STRUCTURE_SIZE);
  const length = nameEnd === 0 ? 1 : nameEnd - nameStart;
  if (size + length + 1 > MAX_STRUCTURE_BYTES) return setCell(TAGS_ARE_CUT, 1);
  if (tags > 0) setByte(STRUCTURE + size++, 32);
  if (nameEnd === 0) setByte(STRUCTURE + size, 47);
  else copyLower(nameStart, STRUCTURE + size, length);
  setCell(STRUCTURE_SIZE, size + length);
}
