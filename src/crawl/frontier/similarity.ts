/** A text as far as its likeness to others is concerned. */
export interface TextPrint {
  readonly wordCount: number;
  readonly words: ReadonlySet<number>;
  /** Every three words in a row. */
  readonly shingles: ReadonlySet<number>;
}

const MAX_WORDS = 20_000;
const MAX_ELEMENTS = 20_000;
const WORDS_IN_SHINGLE = 3;
const ELEMENTS_IN_SHINGLE = 4;

/** Scripts without spaces between words: each character counts as one. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_-]+/gu;

/**
 * Words and shingles of a text, as hashes. What changes from one visit to the next says nothing and is folded: numbers
 * (prices, dates, counters) into one token, identifiers (long words with digits in them) into another.
 */
export function fingerprintText(text: string): TextPrint {
  const words: string[] = [];
  for (const [word] of text.toLowerCase().normalize('NFKC').matchAll(WORD)) {
    if (words.length === MAX_WORDS) break;
    words.push(foldWord(word));
  }
  return {
    wordCount: words.length,
    words: new Set(words.map(hash)),
    shingles: shinglesOf(words, WORDS_IN_SHINGLE),
  };
}

/** Shingles over the start tags of a page in their order; runs of one element (list items, rows) count as one. */
export function fingerprintStructure(elements: readonly string[]): Set<number> {
  const folded = elements.slice(0, MAX_ELEMENTS).filter((name, index) => name !== elements[index - 1]);
  return shinglesOf(folded, ELEMENTS_IN_SHINGLE);
}

/** How much of the smaller set the larger one holds, 0 to 1: a shortened page is still the same page. Two empty sets are alike. */
export function containment(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size === 0) return large.size === 0 ? 1 : 0;
  let common = 0;
  for (const value of small) if (large.has(value)) common++;
  return common / small.size;
}

function foldWord(word: string): string {
  if (/^[\d_-]+$/.test(word)) return '0';
  return word.length >= 16 && /\d/.test(word) ? '#' : word.replace(/\d+/g, '0');
}

function shinglesOf(items: readonly string[], size: number): Set<number> {
  const shingles = new Set<number>();
  for (let at = 0; at + size <= items.length; at++) shingles.add(hash(items.slice(at, at + size).join(' ')));
  // Too little for even one: the whole stands for itself.
  if (shingles.size === 0 && items.length > 0) shingles.add(hash(items.join(' ')));
  return shingles;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
