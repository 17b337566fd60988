import { KEYWORDS } from './tables/keywords.ts';
import { WORDS } from './tables/words.ts';

/** What a word beside a brand says: see KEYWORDS. */
export type KeywordKind = keyof typeof KEYWORDS;

const split = (text: string): string[] => text.trim().split(/\s+/);

/** Keywords of four letters and more, and their plurals. */
function withPlural(word: string): string[] {
  return word.length < 4 || /[s\d]$/.test(word) ? [word] : [word, `${word}s`];
}

/** Keyword → its kind; where a word has several, the last of these. Hyphens are gone. */
export const KEYWORD_KINDS: ReadonlyMap<string, KeywordKind> = new Map(
  (['web', 'loose', 'mild', 'pressing', 'address'] as const).flatMap((kind) =>
    split(KEYWORDS[kind]).flatMap((word) =>
      withPlural(word.replaceAll('-', '')).map((each) => [each, kind] as const),
    ),
  ),
);

const ENDINGS = ['ed', 'er', 'ing', 'es', 'ers'];

/** Common English words with their inflections, so that asking is one look-up: matching asks it of every piece of a token. */
const words = new Set(
  split(WORDS).flatMap((word) => [
    word,
    `${word}s`,
    ...ENDINGS.map((ending) => `${word}${ending}`),
    ...(word.endsWith('y') ? [`${word.slice(0, -1)}ies`] : []),
    ...(word.endsWith('e') ? ENDINGS.map((ending) => `${word.slice(0, -1)}${ending}`) : []),
  ]),
);

/** Whether it is a common English word, or an inflection of one. */
export const isWord = (text: string): boolean => words.has(text);

/** Text cut into known parts: keywords, words, numbers. */
export interface Segments extends Record<KeywordKind, string[]> {
  /** Other words, and numbers. */
  other: string[];
  /** Letters that belong to none. */
  unknownLength: number;
}

const LONGEST = 22;

/** Costs and origins of the cheapest cut before each letter; filled anew for each token. */
const MAX_TOKEN = 63;
const costs = new Int32Array(MAX_TOKEN + 1);
const origins = new Int32Array(MAX_TOKEN + 1);
const LETTER_LEFT = 10;
const PART_MADE = 1;
const FAR = 1 << 20;

/**
 * Cuts a token (letters and digits) into known parts, and `more` ones, so that as few letters as possible are left, then as few
 * parts as possible. Long tokens are cut only in their first 63 characters.
 */
export function segment(token: string, more: ReadonlySet<string> = NONE): Segments {
  const isKnown = (part: string): boolean => isKnownPart(part) || more.has(part);
  const segments = { pressing: [], mild: [], loose: [], web: [], address: [], other: [], unknownLength: 0 };
  // Others that are known whole come out whole below: no cut has fewer parts than one.
  if ((token.length < 3 || token.length > LONGEST) && (KEYWORD_KINDS.has(token) || isKnown(token))) {
    sortPart(segments, token);
    return segments;
  }
  const size = Math.min(token.length, MAX_TOKEN);
  costs.fill(FAR, 1, size + 1);
  for (let start = 0; start < size; start++) {
    if (costs[start] + LETTER_LEFT <= costs[start + 1]) reach(start + 1, start, LETTER_LEFT);
    const last = Math.min(size, start + LONGEST);
    let hash = 0;
    let isDigits = true;
    for (let end = start + 1; end <= last; end++) {
      const code = token.charCodeAt(end - 1);
      isDigits &&= isDigit(code);
      hash = BEGINNINGS.next(hash, code);
      if (!isDigits && more.size === 0 && !BEGINNINGS.has(hash)) break;
      if (costs[start] + PART_MADE < costs[end] && isKnown(token.slice(start, end)))
        reach(end, start, PART_MADE);
    }
  }
  for (let end = size; end > 0; end = origins[end])
    if (costs[end] - costs[origins[end]] === LETTER_LEFT) segments.unknownLength++;
    else sortPart(segments, token.slice(origins[end], end));
  return segments;
}

function sortPart(segments: Segments, part: string): void {
  segments[KEYWORD_KINDS.get(part) ?? 'other'].push(part);
}

function reach(end: number, start: number, cost: number): void {
  costs[end] = costs[start] + cost;
  origins[end] = start;
}

/** Two letters that mean something even where they are grown to others. */
const SHORT_PARTS = new Set(['my', 'id', 'ww', 'go']);

const parts = new Set([...KEYWORD_KINDS.keys(), ...words].filter((part) => part.length > 2));

/**
 * How the known parts begin, as bits of hashes: where no part begins so, none is to be looked for. Wrong now and then, which costs a
 * look-up; asking it made cutting three times as fast.
 */
class Beginnings {
  readonly #bits = new Int32Array(1 << 15);

  constructor(parts: Iterable<string>) {
    for (const part of parts) {
      let hash = 0;
      for (let at = 0; at < part.length; at++) {
        hash = this.next(hash, part.charCodeAt(at));
        this.#bits[hash >>> 17]! |= 1 << (hash >>> 12);
      }
    }
  }

  /** The hash of a beginning that is longer by one letter; 0 is that of nothing. */
  next(hash: number, code: number): number {
    return Math.imul((hash ^ code) + 1, 0x9e3779b1);
  }

  has(hash: number): boolean {
    return ((this.#bits[hash >>> 17]! >>> (hash >>> 12)) & 1) === 1;
  }
}
const BEGINNINGS = new Beginnings([...SHORT_PARTS, ...parts]);
const NONE: ReadonlySet<string> = new Set();

/** Keywords, numbers, common words; such of two letters stand in too many words by chance. */
export function isKnownPart(part: string): boolean {
  return (part.length < 3 ? SHORT_PARTS : parts).has(part) || isNumber(part);
}

function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) return false;
  }
  return text !== '';
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Keywords that are taken off the ends of a word to see what is left. */
export const AFFIX_WORDS: readonly string[] = [...KEYWORD_KINDS.keys()].filter(isKnownPart);

/** Whether the text is one word, or two common words of at least three letters put together: a name of its own. */
export function isMadeOfWords(text: string): boolean {
  if (isWord(text)) return true;
  for (let at = 3; at <= text.length - 3; at++)
    if (isWord(text.slice(0, at)) && isWord(text.slice(at))) return true;
  return false;
}
