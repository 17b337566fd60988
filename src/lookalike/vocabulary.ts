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
export interface Segments extends Readonly<Record<KeywordKind, readonly string[]>> {
  /** Other words, and numbers. */
  readonly other: readonly string[];
  /** Letters that belong to none. */
  readonly unknownLength: number;
}

const LONGEST = 22;

/**
 * Cuts a token (letters and digits) into known parts so that as few letters as possible are left, then as few parts as
 * possible. Long tokens are cut only in their first 63 characters.
 */
export function segment(token: string, isKnown: (part: string) => boolean = isKnownPart): Segments {
  if (KEYWORD_KINDS.has(token) || isKnown(token)) return sortParts([token], () => true);
  const size = Math.min(token.length, 63);
  const cost = new Float64Array(size + 1);
  const from = new Int32Array(size + 1);
  for (let end = 1; end <= size; end++) {
    cost[end] = cost[end - 1] + 10;
    from[end] = end - 1;
    for (let start = Math.max(0, end - LONGEST); start <= end - 1; start++) {
      if (cost[start] + 1 >= cost[end] || !isKnown(token.slice(start, end))) continue;
      cost[end] = cost[start] + 1;
      from[end] = start;
    }
  }
  const parts: string[] = [];
  for (let end = size; end > 0; end = from[end]) parts.push(token.slice(from[end], end));
  return sortParts(parts, isKnown);
}

/** Two letters that mean something even where they are grown to others. */
const SHORT_PARTS = new Set(['my', 'id', 'ww', 'go']);

const parts = new Set([...KEYWORD_KINDS.keys(), ...words].filter((part) => part.length > 2));

/** Keywords, numbers, common words; such of two letters stand in too many words by chance. */
export function isKnownPart(part: string): boolean {
  return (part.length < 3 ? SHORT_PARTS : parts).has(part) || isNumber(part);
}

function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== '';
}

/** Keywords that are taken off the ends of a word to see what is left. */
export const AFFIX_WORDS: readonly string[] = [...KEYWORD_KINDS.keys()].filter(isKnownPart);

function sortParts(parts: readonly string[], isKnown: (part: string) => boolean): Segments {
  const sorted: Record<KeywordKind | 'other', string[]> = {
    pressing: [],
    mild: [],
    loose: [],
    web: [],
    address: [],
    other: [],
  };
  let unknownLength = 0;
  for (const part of parts) {
    if (!isKnown(part)) unknownLength += part.length;
    else sorted[KEYWORD_KINDS.get(part) ?? 'other'].push(part);
  }
  return { ...sorted, unknownLength };
}

/** Whether the text is one word, or two common words of at least three letters put together: a name of its own. */
export function isMadeOfWords(text: string): boolean {
  if (isWord(text)) return true;
  for (let at = 3; at <= text.length - 3; at++)
    if (isWord(text.slice(0, at)) && isWord(text.slice(at))) return true;
  return false;
}
