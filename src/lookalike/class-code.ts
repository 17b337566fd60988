/**
 * The visual class code: a label as the eye groups its letters. Letters that are easily taken for each other share a symbol
 * (m and n; i, l, 1 and j; u, v and w; …), `rn` counts as m and `cl` as d, hyphens vanish, runs of one symbol collapse.
 * (Whether two letters are to be taken as one cannot be known, so labels that have such a pair get a second code without.)
 * Two labels that people confuse mostly have codes that are equal or one or two deletions apart: `rnicr0soft` and
 * `microsoft` both give n-l-c-r-o-s-o-f-t. The code only proposes; the weighted distance decides.
 */

const CLASSES = [
  'a4',
  'b8',
  'ce3',
  'd',
  'f',
  'gq96',
  'h',
  'il1j',
  'nm',
  'o0',
  'p',
  'r',
  's5z2',
  't7',
  'uvw',
  'xk',
  'y',
];

/** Symbols are 1 to 17; 0 is a character of no class (underscore, dot, what could not be read), which matches nothing. */
export const SYMBOLS = CLASSES.length + 1;
const MAX_CODE = 64;

const HYPHEN = 0x2d;
const C = 0x63;
const L = 0x6c;
const N = 0x6e;
const R = 0x72;
const SYMBOL_OF = new Uint8Array(256);
CLASSES.forEach((letters, index) => {
  for (const letter of letters) SYMBOL_OF[letter.charCodeAt(0)] = index + 1;
});
const LIKE_M = SYMBOL_OF[N];
const LIKE_D = SYMBOL_OF[0x64];

/** A class code, and which bytes each symbol stands for: `bytes[starts[i]]` to before `bytes[ends[i]]`. Made once, filled often. */
export class ClassCode {
  readonly symbols = new Uint8Array(MAX_CODE);
  readonly starts = new Uint16Array(MAX_CODE);
  readonly ends = new Uint16Array(MAX_CODE);
  length = 0;
  /** Whether two letters were taken as one; then the code without pairs is another. */
  hasPairs = false;

  /** Reads lower-case ASCII bytes; at most MAX_CODE symbols, the rest is left out. */
  fill(bytes: Uint8Array, from: number, to: number, isPairing = true): this {
    const { symbols, starts, ends } = this;
    let length = 0;
    let before = 0;
    this.hasPairs = false;
    for (let at = from; at < to;) {
      const byte = bytes[at];
      if (byte === HYPHEN) {
        at++;
        continue;
      }
      let symbol = SYMBOL_OF[byte];
      let width = 1;
      if (isPairing && at + 1 < to) {
        const next = bytes[at + 1];
        if (byte === R && next === N) {
          symbol = LIKE_M;
          width = 2;
        } else if (byte === C && next === L) {
          symbol = LIKE_D;
          width = 2;
        }
      }
      if (symbol === before && symbol !== 0) ends[length - 1] = at + width;
      else {
        if (length === MAX_CODE) break;
        symbols[length] = symbol;
        starts[length] = at;
        ends[length++] = at + width;
        before = symbol;
      }
      if (width > 1) this.hasPairs = true;
      at += width;
    }
    this.length = length;
    return this;
  }

  /** The code as text, one lower-case letter a symbol: the first letter of its class; `.` where nothing matches. */
  toString(): string {
    let text = '';
    for (let at = 0; at < this.length; at++) text += CLASSES[this.symbols[at] - 1]?.[0] ?? '.';
    return text;
  }
}
