import { ALLOWED_TABLE } from './tables/allowed-table.ts';
import { LETTER_TABLE } from './tables/letter-table.ts';

/**
 * How a letter comes to be read as another: the same glyph in another script, a letter with marks or a stroke, one that
 * merely looks alike, a digit of another script.
 */
export type LetterKind = 'identical' | 'diacritic' | 'near' | 'digit';

/** A letter outside ASCII that reads as ASCII. */
export interface LetterEntry {
  readonly point: number;
  readonly kind: LetterKind;
  /** Identifier_Status Allowed (UTS #39): browsers and registries may take it. */
  readonly isAllowed: boolean;
  /** ASCII texts, the likeliest first. */
  readonly readings: readonly string[];
  readonly name: string | undefined;
}

const KINDS: Readonly<Record<string, LetterKind>> = {
  '=': 'identical',
  '^': 'diacritic',
  '~': 'near',
  '#': 'digit',
};

/** All entries of the table, by code point. */
export const LETTERS: ReadonlyMap<number, LetterEntry> = new Map(
  LETTER_TABLE.trim()
    .split('\n')
    .map((line) => {
      const [hex, sign, readings, ...name] = line.split(' ');
      const point = Number.parseInt(hex!, 16);
      return [
        point,
        {
          point,
          kind: KINDS[sign![0]!]!,
          isAllowed: !sign!.endsWith('!'),
          readings: readings!.split('|'),
          name: name.length === 0 ? undefined : name.join(' '),
        },
      ];
    }),
);

const allowedRanges = parseRanges(ALLOWED_TABLE);

function parseRanges(table: string): Uint32Array {
  const bounds: number[] = [];
  let end = 0;
  for (const part of table.trim().split(/\s+/)) {
    const [gap, length] = part.split('+');
    const first = end + Number.parseInt(gap!, 36);
    end = first + (length === undefined ? 0 : Number.parseInt(length, 36));
    bounds.push(first, end);
  }
  return Uint32Array.from(bounds);
}

/** Whether UTS #39 allows the code point in identifiers. */
export function isAllowedLetter(point: number): boolean {
  let low = 0;
  let high = allowedRanges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < allowedRanges[middle * 2]!) high = middle - 1;
    else if (point > allowedRanges[middle * 2 + 1]!) low = middle + 1;
    else return true;
  }
  return false;
}

const DIGITS = ['ZERO', 'ONE', 'TWO', 'THREE', 'FOUR', 'FIVE', 'SIX', 'SEVEN', 'EIGHT', 'NINE'];

/** The character's name in Unicode, for ASCII letters and digits and for what the table knows. */
export function letterName(point: number): string | undefined {
  const ascii = String.fromCharCode(point);
  if (/^[a-z]$/.test(ascii)) return `LATIN SMALL LETTER ${ascii.toUpperCase()}`;
  if (/^[0-9]$/.test(ascii)) return `DIGIT ${DIGITS[point - 0x30]!}`;
  return LETTERS.get(point)?.name;
}

/** `U+00FC` */
export function codePointText(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Scripts that host names are written in; Common and Inherited are no scripts of their own. */
const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Arabic',
  'Hebrew',
  'Thai',
  'Devanagari',
  'Armenian',
  'Georgian',
  'Bengali',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Gujarati',
  'Gurmukhi',
  'Oriya',
  'Sinhala',
  'Lao',
  'Khmer',
  'Myanmar',
  'Ethiopic',
  'Tibetan',
  'Mongolian',
  'Bopomofo',
  'Thaana',
  'Syriac',
  'Cherokee',
  'Canadian_Aboriginal',
  'Coptic',
  'Lisu',
  'Osage',
  'Tifinagh',
  'Vai',
  'Yi',
] as const;
const scriptTests = SCRIPTS.map((script) => ({ script, test: new RegExp(`^\\p{Script=${script}}$`, 'u') }));
const COMMON = /^[\p{Script=Common}\p{Script=Inherited}]$/u;

/** The script of a code point by its name in Unicode; undefined for digits, marks and others that belong to none. */
export function scriptOf(point: number): string | undefined {
  const letter = String.fromCodePoint(point);
  if (COMMON.test(letter)) return undefined;
  return scriptTests.find(({ test }) => test.test(letter))?.script ?? 'Other';
}
