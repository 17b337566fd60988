const SLASH = 47;
const GREATER = 62;
const DASH = 45;
const LESS = 60;

/** Ends a tag name: white space, `/` or `>`. */
export function endsTagName(unit: number): boolean {
  return unit === GREATER || unit === SLASH || unit === 32 || (unit >= 9 && unit <= 13 && unit !== 11);
}

/** Whether `word` (lower case letters) stands at the offset, in any case, and ends there as a tag name does. */
function isNameAt(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++)
    if ((text.charCodeAt(at + i) | 32) !== word.charCodeAt(i)) return false;
  return at + word.length < text.length && endsTagName(text.charCodeAt(at + word.length));
}

/** Where raw text or RCDATA ends: the offset of the `</name` that closes it, or the end of the text. */
export function findRawTextEnd(text: string, from: number, name: string): number {
  for (let at = text.indexOf('</', from); at !== -1; at = text.indexOf('</', at + 2)) {
    if (isNameAt(text, at + 2, name)) return at;
  }
  return text.length;
}

type ScriptState = 'data' | 'escaped' | 'doubleEscaped';

/**
 * Where script data ends: the offset of its `</script` (or what else `element` names), or the end of the text. Follows the escaped states of the
 * standard (WHATWG HTML §13.2.5.15–31): between `<!--` and `-->` a `<script` … `</script` pair is part of the script.
 */
export function findScriptEnd(text: string, from: number, element = 'script'): number {
  let state: ScriptState = 'data';
  /** Offset of the dashes that opened the comment: they may serve as its end too (`<!-->`). */
  let dashes = 0;
  let at = from;
  for (;;) {
    at = state === 'data' ? text.indexOf('<', at) : nextBracket(text, at);
    if (at === -1) return text.length;
    if (text.charCodeAt(at) === GREATER) {
      const closes = text.charCodeAt(at - 1) === DASH && text.charCodeAt(at - 2) === DASH && at - 2 >= dashes;
      if (closes) state = 'data';
    } else if (text.charCodeAt(at + 1) === SLASH) {
      if (state !== 'doubleEscaped') {
        if (isNameAt(text, at + 2, element)) return at;
      } else if (isNameAt(text, at + 2, 'script')) state = 'escaped';
    } else if (state === 'data') {
      if (text.startsWith('!--', at + 1)) {
        state = 'escaped';
        dashes = at + 2;
        at += 3; // to the second dash: `<!-->` ends the comment at once
      }
    } else if (state === 'escaped' && isNameAt(text, at + 1, 'script')) state = 'doubleEscaped';
    at++;
  }
}

function nextBracket(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === LESS || unit === GREATER) return at;
  }
  return -1;
}
