import { keyboardNeighbours } from './keyboard.ts';

/**
 * The weighted distance of a name's part from a brand's label: optimal string alignment (insertion, deletion, substitution,
 * transposition of neighbours) where edits that a reader overlooks are cheap, and two letters may stand for one (`rn` for
 * m). Costs are whole numbers, UNIT to an ordinary edit.
 */
export const UNIT = 20;

/** What edits cost. Fitted on half of the lists that docs/lookalike.md names. */
export const COSTS = {
  /** One glyph for another that is drawn nearly alike: 0 for o, 1 for l, rn for m. */
  homoglyph: 2,
  /** Letters of similar shape, or beside each other on the keyboard and of similar shape. */
  similar: 8,
  vowel: 12,
  keyboard: 16,
  substitution: UNIT,
  /** A letter written twice, or once where it stands twice. */
  doubled: 7,
  hyphen: 6,
  gap: 16,
  transposition: 10,
} as const;

/** Labels of so many letters are not met by chance, nor nearly: more edits are forgiven. */
export const LONG = 11;

const HOMOGLYPHS = ['l1i', 'o0', 's5', 'e3', 'a4', 't7', 'b8', 'g96', 'z2'];
const SIMILAR =
  'mn nr il lt ij lj oc oe ce uv vy nh hb gq pq bd sz kx au ao ft wv un tf rn ec cs ck qk iy ea ou bp vw';
/** Two letters that look like one. */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ['rn', 'm', COSTS.homoglyph],
  ['nn', 'm', COSTS.homoglyph],
  ['vv', 'w', COSTS.homoglyph],
  ['uu', 'w', COSTS.homoglyph],
  ['cl', 'd', COSTS.homoglyph],
  ['ii', 'u', COSTS.homoglyph],
  ['li', 'u', COSTS.homoglyph],
  ['il', 'u', COSTS.homoglyph],
  ['lc', 'k', COSTS.similar],
  ['ln', 'm', COSTS.similar],
  ['ri', 'n', COSTS.similar],
  ['ks', 'x', COSTS.similar],
  ['ph', 'f', COSTS.similar],
];

const index = (a: number, b: number): number => (a << 7) | b;
const substitutions = new Uint8Array(128 * 128).fill(COSTS.substitution);
const pairFor = new Uint8Array(128 * 128);
const pairCosts = new Uint8Array(128 * 128);

function cheaper(a: string, b: string, cost: number): void {
  for (const at of [index(a.charCodeAt(0), b.charCodeAt(0)), index(b.charCodeAt(0), a.charCodeAt(0))])
    substitutions[at] = Math.min(substitutions[at], cost);
}
function eachPairOf(letters: string, cost: number): void {
  for (const a of letters) for (const b of letters) if (a !== b) cheaper(a, b, cost);
}
for (const key of 'abcdefghijklmnopqrstuvwxyz0123456789')
  for (const near of keyboardNeighbours(key, 'qwerty')) cheaper(key, near, COSTS.keyboard);
eachPairOf('aeiouy', COSTS.vowel);
for (const pair of SIMILAR.split(' ')) eachPairOf(pair, COSTS.similar);
for (const group of HOMOGLYPHS) eachPairOf(group, COSTS.homoglyph);
for (let letter = 0; letter < 128; letter++) substitutions[index(letter, letter)] = 0;
for (const [pair, letter, cost] of PAIRS) {
  const at = index(pair.charCodeAt(0), pair.charCodeAt(1));
  pairFor[at] = letter.charCodeAt(0);
  pairCosts[at] = cost;
}

const HYPHEN = 0x2d;

/** Cost of reading `a` as `b`. */
export function substitutionCost(a: number, b: number): number {
  return substitutions[index(a, b)];
}

/** Cost of a character that stands in one text alone, beside its neighbours there (0 where there is none). */
export function gapCost(letter: number, before: number, after: number): number {
  if (letter === before || letter === after) return COSTS.doubled;
  return letter === HYPHEN ? COSTS.hyphen : COSTS.gap;
}

const gapAt = (text: Uint8Array, at: number, from: number, to: number): number =>
  gapCost(text[at], at > from ? text[at - 1] : 0, at + 1 < to ? text[at + 1] : 0);

/** Cost of reading the two letters as the one, or undefined. */
export function pairCost(first: number, second: number, letter: number): number | undefined {
  const at = index(first, second);
  return pairFor[at] === letter ? pairCosts[at] : undefined;
}

/** More than any two labels differ. */
export const FAR = 1 << 20;

const WIDTH = 128;
const rowA = new Int32Array(WIDTH);
const rowB = new Int32Array(WIDTH);
const rowC = new Int32Array(WIDTH);
const brandGaps = new Int32Array(WIDTH);

/**
 * Distance of `name[from..to)` from `brand[brandFrom..brandTo)`, all lower-case ASCII bytes; FAR as soon as it must exceed `limit`. What
 * both begin and end with alike counts as read alike. Agrees with the slow twin in alignment.ts wherever it is within the
 * limit.
 */
export function boundedDistance(
  name: Uint8Array,
  from: number,
  to: number,
  brand: Uint8Array,
  brandFrom: number,
  brandTo: number,
  limit: number,
): number {
  let start = from;
  let end = to;
  let first = brandFrom;
  let last = brandTo;
  while (start < end && first < last && name[start] === brand[first]) {
    start++;
    first++;
  }
  while (start < end && first < last && name[end - 1] === brand[last - 1]) {
    end--;
    last--;
  }
  const size = end - start;
  const width = last - first;
  if (size === 0 && width === 0) return 0;
  if (size === 1 && width === 1) {
    const cost = substitutions[index(name[start], brand[first])];
    const other = gapAt(name, start, from, to) + gapAt(brand, first, brandFrom, brandTo);
    const least = cost < other ? cost : other;
    return least <= limit ? least : FAR;
  }
  if (size >= WIDTH || width >= WIDTH) return FAR;
  let older = rowA;
  let old = rowB;
  let row = rowC;
  old[0] = 0;
  for (let j = 1; j <= width; j++) {
    brandGaps[j] = gapAt(brand, first + j - 1, brandFrom, brandTo);
    old[j] = old[j - 1] + brandGaps[j];
  }
  let oldLeast = 0;
  for (let i = 1; i <= size; i++) {
    const at = start + i - 1;
    const letter = name[at];
    const before = i > 1 ? name[at - 1] : 0;
    const gap = gapAt(name, at, from, to);
    const pairLetter = pairFor[index(before, letter)];
    row[0] = old[0] + gap;
    let least = row[0];
    let beforeTarget = 0;
    for (let j = 1; j <= width; j++) {
      const target = brand[first + j - 1];
      let cost = old[j - 1] + substitutions[index(letter, target)];
      const inserted = old[j] + gap;
      if (inserted < cost) cost = inserted;
      const omitted = row[j - 1] + brandGaps[j];
      if (omitted < cost) cost = omitted;
      if (pairLetter === target) {
        const paired = older[j - 1] + pairCosts[index(before, letter)];
        if (paired < cost) cost = paired;
      }
      if (j > 1) {
        if (letter === beforeTarget && before === target && letter !== before) {
          const swapped = older[j - 2] + COSTS.transposition;
          if (swapped < cost) cost = swapped;
        }
        const brandPair = index(beforeTarget, target);
        if (pairFor[brandPair] === letter && old[j - 2] + pairCosts[brandPair] < cost)
          cost = old[j - 2] + pairCosts[brandPair];
      }
      row[j] = cost;
      if (cost < least) least = cost;
      beforeTarget = target;
    }
    // Transpositions and pairs reach back two rows.
    if (least > limit && oldLeast > limit) return FAR;
    oldLeast = least;
    const free = older;
    older = old;
    old = row;
    row = free;
  }
  return old[width] <= limit ? old[width] : FAR;
}
