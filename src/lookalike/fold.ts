import { LETTERS } from './letters.ts';

/** A label as it reads in ASCII. */
export interface Reading {
  /** Letters, digits and hyphens; UNREAD for what reads as nothing; `.` for what looks like a dot. */
  readonly text: string;
  /** For each character of `text`, the index of the code point that it comes from. */
  readonly origins: readonly number[];
}

/** Stands for a character that reads as nothing in ASCII. */
export const UNREAD = '?';

/** More readings than this are not followed up; most labels have one. */
const MAX_READINGS = 8;
const MAX_AMBIGUOUS = 5;

const IGNORED = /^[\p{M}\p{Default_Ignorable_Code_Point}]$/u;
const DOT_LIKE = new Set([
  0x2024, 0x3002, 0xff0e, 0xff61, 0x0701, 0x0702, 0xa4f8, 0x06d4, 0xfe52, 0x2027, 0xb7,
]);
const HYPHEN = /^\p{Pd}$/u;
const unread: readonly string[] = [UNREAD];
const nothing: readonly string[] = [''];
const ASCII: readonly (readonly string[])[] = Array.from({ length: 0x80 }, (_, point) => {
  const letter = String.fromCharCode(point).toLowerCase();
  return /[a-z0-9-]/.test(letter) ? [letter] : unread;
});
const cache = new Map<number, readonly string[]>();
const MAX_CACHE = 20_000;

/** What a code point reads as in ASCII, the likeliest first: `['u']` for ü, `['']` for a combining mark, `['?']` for 中. */
export function readingsOf(point: number): readonly string[] {
  if (point < 0x80) return ASCII[point]!;
  const known = LETTERS.get(point)?.readings ?? cache.get(point);
  if (known !== undefined) return known;
  const readings = derive(point);
  if (cache.size < MAX_CACHE) cache.set(point, readings);
  return readings;
}

function derive(point: number): readonly string[] {
  if (DOT_LIKE.has(point)) return ['.'];
  const letter = String.fromCodePoint(point);
  if (IGNORED.test(letter)) return nothing;
  if (HYPHEN.test(letter)) return ['-'];
  // Capitals, full-width and mathematical letters, ligatures: what IDNA would have mapped.
  const plain = letter.normalize('NFKD').toLowerCase().normalize('NFKD');
  if (plain === letter) return unread;
  let text = '';
  for (const part of plain) text += readingsOf(part.codePointAt(0)!)[0]!;
  return [/^[a-z0-9.-]*$/.test(text) ? text : UNREAD];
}

function extended(
  reading: { text: string; origins: number[] },
  choice: string,
  origin: number,
): { text: string; origins: number[] } {
  reading.text += choice;
  for (let at = 0; at < choice.length; at++) reading.origins.push(origin);
  return reading;
}

/**
 * All ways to read a label's code points in ASCII, at most 8, the likeliest first: þ may be p or b, œ may be oe or ce. Empty
 * where nearly nothing of it reads as ASCII.
 */
export function foldLabel(points: readonly number[]): readonly Reading[] {
  const letters: (readonly string[])[] = [];
  let readCount = 0;
  for (const point of points) {
    const each = readingsOf(point);
    if (each[0] !== UNREAD && each[0] !== '') readCount++;
    letters.push(each);
  }
  if (readCount * 2 < letters.length || readCount === 0) return [];
  let readings: { text: string; origins: number[] }[] = [{ text: '', origins: [] }];
  let ambiguous = 0;
  for (let origin = 0; origin < letters.length; origin++) {
    const choices = letters[origin];
    if (
      choices.length > 1 &&
      ++ambiguous <= MAX_AMBIGUOUS &&
      readings.length * choices.length <= MAX_READINGS
    )
      readings = choices.flatMap((choice) =>
        readings.map((reading) =>
          extended({ text: reading.text, origins: [...reading.origins] }, choice, origin),
        ),
      );
    else for (const reading of readings) extended(reading, choices[0]!, origin);
  }
  return readings;
}
