import { diffArrays } from 'diff';

/** A piece of a text: a line, or of markup a tag with the text after it. */
interface DiffUnit {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/** A stretch of two texts that is the same in both, or was put in place of another. */
interface DiffBlock {
  readonly kind: 'same' | 'changed';
  readonly from: { readonly start: number; readonly end: number };
  readonly to: { readonly start: number; readonly end: number };
}

/** Texts in pieces, and how the second comes from the first. */
export interface TextDiff {
  readonly from: readonly DiffUnit[];
  readonly to: readonly DiffUnit[];
  readonly blocks: readonly DiffBlock[];
}

/** Edits searched for between two anchors; beyond, the stretch counts as replaced. Keeps the time linear in the texts. */
const MAX_EDITS = 1_000;

/**
 * Compares two texts piece by piece. Markup is cut before each tag, so that pages written on one line are compared as
 * well as others; white space, quotes and the case of tag names, which serialising a DOM changes, are no difference.
 */
export function diffTexts(from: string, to: string, isMarkup: boolean): TextDiff {
  const left = unitsOf(from, isMarkup);
  const right = unitsOf(to, isMarkup);
  const numbers = new Map<string, number>();
  const keyed = (units: readonly DiffUnit[]): number[] =>
    units.map(({ text }) => {
      const key = isMarkup ? keyOf(text) : text.trimEnd();
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = numbers.size));
      return number;
    });
  return { from: left, to: right, blocks: merged(diffNumbers(keyed(left), keyed(right))) };
}

function unitsOf(text: string, isMarkup: boolean): DiffUnit[] {
  const units: DiffUnit[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    const pieces = isMarkup ? line.split(/(?=<[a-z/!])/i) : [line];
    for (const piece of pieces)
      if (!isMarkup || piece.trim() !== '') units.push({ line: index + 1, text: piece });
  });
  return units;
}

function keyOf(unit: string): string {
  return unit
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/^<\/?[a-z][a-z0-9-]*/i, (name) => name.toLowerCase())
    .replace(/ ?\/>/, '>')
    .replaceAll("'", '"')
    .replaceAll('=""', '');
}

/** Between pieces that stand once in each text, in the same order in both (patience), the shortest edit (Myers). */
function diffNumbers(from: readonly number[], to: readonly number[]): DiffBlock[] {
  const blocks: DiffBlock[] = [];
  let i = 0;
  let j = 0;
  for (const [left, right] of [...anchors(from, to), [from.length, to.length] as const]) {
    blocks.push(...between(from, to, i, left, j, right));
    if (left < from.length) blocks.push(block('same', left, left + 1, right, right + 1));
    i = left + 1;
    j = right + 1;
  }
  return blocks;
}

function between(
  from: readonly number[],
  to: readonly number[],
  i: number,
  iEnd: number,
  j: number,
  jEnd: number,
): DiffBlock[] {
  if (i === iEnd && j === jEnd) return [];
  if (i === iEnd || j === jEnd) return [block('changed', i, iEnd, j, jEnd)];
  const changes = diffArrays(from.slice(i, iEnd), to.slice(j, jEnd), { maxEditLength: MAX_EDITS });
  if (changes === undefined) return [block('changed', i, iEnd, j, jEnd)];
  return changes.map(({ added, removed, count }) => {
    const [iStart, jStart] = [i, j];
    if (!added) i += count;
    if (!removed) j += count;
    return block(added || removed ? 'changed' : 'same', iStart, i, jStart, j);
  });
}

/** The longest run of pieces that are unique in both texts and ascend in both. */
function anchors(from: readonly number[], to: readonly number[]): (readonly [number, number])[] {
  const inFrom = uniquePlaces(from);
  const inTo = uniquePlaces(to);
  const pairs: (readonly [number, number])[] = [];
  for (const [number, left] of inFrom) {
    const right = inTo.get(number);
    if (left !== -1 && right !== undefined && right !== -1) pairs.push([left, right]);
  }
  return longestAscent(pairs);
}

/** By number, where it stands; -1 where it stands more than once. */
function uniquePlaces(numbers: readonly number[]): Map<number, number> {
  const places = new Map<number, number>();
  numbers.forEach((number, index) => places.set(number, places.has(number) ? -1 : index));
  return places;
}

/** Of pairs ascending on the left, the most that ascend on the right, too (patience sorting). */
function longestAscent(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const tops: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, right], index) => {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tops[middle]!]![1] < right) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[index] = tops[low - 1]!;
    tops[low] = index;
  });
  const ascent: (readonly [number, number])[] = [];
  for (let index = tops.at(-1) ?? -1; index !== -1; index = before[index]!) ascent.push(pairs[index]!);
  return ascent.reverse();
}

function block(
  kind: DiffBlock['kind'],
  start: number,
  end: number,
  toStart: number,
  toEnd: number,
): DiffBlock {
  return { kind, from: { start, end }, to: { start: toStart, end: toEnd } };
}

/** Neighbours of one kind become one. */
function merged(blocks: readonly DiffBlock[]): DiffBlock[] {
  const result: DiffBlock[] = [];
  for (const next of blocks) {
    const last = result.at(-1);
    if (last?.kind === next.kind)
      result[result.length - 1] = block(
        next.kind,
        last.from.start,
        next.from.end,
        last.to.start,
        next.to.end,
      );
    else result.push(next);
  }
  return result;
}
