import { CLASSES, GREATER_MARK, EQUALS_MARK, SLASH_MARK, SPACE } from '../layout.ts';
import { byteAt, findByte, findTagWordEnd } from './bytes.ts';
import { isOfName, nameCandidate } from './names.ts';

const AMPERSAND = 38;
/** The first byte of letters that fold into ASCII ones, such as the Kelvin sign. */
const FOLDING = 0xe2;

/** Whether a `<meta>` tag may have a name that rules ask for: some word in it is one, or cannot be told. */
export function isTellingMeta(tagStart: i32, tagEnd: i32): boolean {
  const mayBeOdd = isOdd(tagStart, tagEnd);
  let at = tagStart + 5;
  while (at < tagEnd) {
    while (at < tagEnd && isDelimiter(byteAt(at))) at++;
    const start = at;
    at = findTagWordEnd(start, tagEnd);
    const candidate = nameCandidate(start, at - start);
    if (byteAt(candidate + 4) !== 0 && isOfName(candidate, start, at - start)) return true;
    // the name may be an attribute of the tag, too: what is odd counts only where it is a short value
    if (mayBeOdd && at - start <= 64 && isOdd(start, at)) return true;
  }
  return false;
}

function isOdd(start: i32, end: i32): boolean {
  return findByte(start, end, AMPERSAND) < end || findByte(start, end, FOLDING) < end;
}

function isDelimiter(byte: i32): boolean {
  return (
    byte === 34 ||
    byte === 39 ||
    (byteAt(CLASSES + byte) & (SPACE | EQUALS_MARK | GREATER_MARK | SLASH_MARK)) !== 0
  );
}
