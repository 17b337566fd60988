import { KEYWORDS } from './tables/keywords.ts';
import { WORDS } from './tables/words.ts';

/** What a word beside a brand says: see KEYWORDS. */
export type KeywordKind = keyof typeof KEYWORDS;

const split = (text: string): string[] => text.trim().split(/\s+/);

/** Keyword → its kind; where a word has several, the most pressing. Hyphens are gone. */
export const KEYWORD_KINDS: ReadonlyMap<string, KeywordKind> = new Map(
  (['web', 'loose', 'pressing'] as const).flatMap((kind) =>
    split(KEYWORDS[kind]).map((word) => [word.replaceAll('-', ''), kind] as const),
  ),
);

const words = new Set(split(WORDS));

/** Whether it is a common English word, or an inflection of one. */
export function isWord(text: string): boolean {
  if (words.has(text)) return true;
  if (text.endsWith('s') && words.has(text.slice(0, -1))) return true;
  for (const ending of ['ed', 'er', 'ing', 'es', 'ers'])
    if (text.endsWith(ending)) {
      const stem = text.slice(0, -ending.length);
      if (words.has(stem) || words.has(`${stem}e`)) return true;
    }
  return false;
}

/** Text cut into known parts: keywords, words, numbers. */
export interface Segments {
  readonly pressing: readonly string[];
  readonly loose: readonly string[];
  readonly web: readonly string[];
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

/** Keywords, numbers, common words of three letters or more. */
export function isKnownPart(part: string): boolean {
  return KEYWORD_KINDS.has(part) || /^\d+$/.test(part) || (part.length >= 3 && isWord(part));
}

function sortParts(parts: readonly string[], isKnown: (part: string) => boolean): Segments {
  const sorted = {
    pressing: [] as string[],
    loose: [] as string[],
    web: [] as string[],
    other: [] as string[],
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
