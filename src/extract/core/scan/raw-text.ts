import { CLASSES, GREATER_MARK, SLASH_MARK, SPACE } from '../layout.ts';
import { byteAt, findByte } from './bytes.ts';

/** `<`, `>`, `/`, `-`, `!` */
const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const DASH = 45;
const BANG = 33;

/** Whether the name that stands at `name` stands at `at`, too, in any case, and ends as a tag's name does. */
function repeatsName(at: i32, end: i32, name: i32, length: i32): boolean {
  if (at + length >= end) return false;
  for (let i = 0; i < length; i++) if ((byteAt(at + i) | 32) !== (byteAt(name + i) | 32)) return false;
  return endsName(at + length);
}

function endsName(at: i32): boolean {
  return (byteAt(CLASSES + byteAt(at)) & (SPACE | SLASH_MARK | GREATER_MARK)) !== 0;
}

/** Where raw text ends: the offset of the `</` whose name repeats that of the start tag, or the page's end. */
export function findRawTextEnd(from: i32, end: i32, name: i32, length: i32): i32 {
  let at = findByte(from, end, LESS);
  while (at < end) {
    if (byteAt(at + 1) === SLASH && repeatsName(at + 2, end, name, length)) return at;
    at = findByte(at + 1, end, LESS);
  }
  return end;
}

function findBracket(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && byteAt(at) !== LESS && byteAt(at) !== GREATER) at++;
  return at;
}

// States of script data (WHATWG HTML §13.2.5.4 and 15–31).
const PLAIN = 0;
const ESCAPED = 1;
const DOUBLE_ESCAPED = 2;

/**
 * Where script data ends: the offset of its `</script`, or the page's end. Between `<!--` and `-->` a pair
 * `<script` … `</script` is part of the script. `name` is where the word `script` stands in the start tag.
 */
export function findScriptEnd(from: i32, end: i32, name: i32): i32 {
  let state: i32 = PLAIN;
  let dashes: i32 = 0;
  let at = findByte(from, end, LESS);
  while (at < end) {
    if (byteAt(at) === GREATER) {
      if (byteAt(at - 1) === DASH && byteAt(at - 2) === DASH && at - 2 >= dashes) state = PLAIN;
    } else if (byteAt(at + 1) === SLASH) {
      if (repeatsName(at + 2, end, name, 6)) {
        if (state !== DOUBLE_ESCAPED) return at;
        state = ESCAPED;
      }
    } else if (state === PLAIN) {
      if (byteAt(at + 1) === BANG && byteAt(at + 2) === DASH && byteAt(at + 3) === DASH && at + 3 < end) {
        state = ESCAPED;
        dashes = at + 2;
        at += 3; // to the second dash: `<!-->` ends the comment at once
      }
    } else if (state === ESCAPED && repeatsName(at + 1, end, name, 6)) state = DOUBLE_ESCAPED;
    at = state === PLAIN ? findByte(at + 1, end, LESS) : findBracket(at + 1, end);
  }
  return end;
}
