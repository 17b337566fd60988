import { CLASSES, GREATER_MARK, EQUALS_MARK, SLASH_MARK, SPACE } from '../layout.ts';
import { byteAt } from './bytes.ts';
import { findName } from './names.ts';

const AMPERSAND = 38;
/** The first byte of letters that fold into ASCII ones, such as the Kelvin sign. */
const FOLDING = 0xe2;

/** Whether a `<meta>` tag may have a name that rules ask for: some word in it is one, or cannot be told. */
export function isTellingMeta(tagStart: i32, tagEnd: i32): boolean {
  let at = tagStart + 5;
  while (at < tagEnd) {
    while (at < tagEnd && isDelimiter(byteAt(at))) at++;
    const start = at;
    let isOdd = false;
    while (at < tagEnd && !isDelimiter(byteAt(at))) {
      if (byteAt(at) === AMPERSAND || byteAt(at) === FOLDING) isOdd = true;
      at++;
    }
    const entry = findName(start, at);
    if (entry !== 0 && byteAt(entry + 4) !== 0) return true;
    // the name may be an attribute of the tag, too: what is odd counts only where it is a short value
    if (isOdd && at - start <= 64) return true;
  }
  return false;
}

function isDelimiter(byte: i32): boolean {
  return (
    byte === 34 ||
    byte === 39 ||
    (byteAt(CLASSES + byte) & (SPACE | EQUALS_MARK | GREATER_MARK | SLASH_MARK)) !== 0
  );
}
