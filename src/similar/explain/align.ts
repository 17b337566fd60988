/** Which items of two sequences belong together: indexes of both, in order. */
export type Pair = readonly [left: number, right: number];

/** Gaps up to this many cells are compared in full; larger ones only from both ends. */
const MAX_CELLS = 400_000;
const MAX_DEPTH = 40;

/**
 * Aligns two sequences of keys: keys that occur once in both are anchors, as far as they stand in the same order (patience
 * diff); what lies between is aligned likewise, and where no anchors are left by the longest common subsequence. Time is
 * bounded whatever the pages hold.
 */
export function align(left: readonly string[], right: readonly string[]): Pair[] {
  const pairs: Pair[] = [];
  alignRange(left, right, [0, left.length], [0, right.length], pairs, 0);
  return pairs.sort((a, b) => a[0] - b[0]);
}

type Range = readonly [from: number, to: number];

function alignRange(
  left: readonly string[],
  right: readonly string[],
  [leftFrom, leftTo]: Range,
  [rightFrom, rightTo]: Range,
  pairs: Pair[],
  depth: number,
): void {
  let [a, b, c, d] = [leftFrom, leftTo, rightFrom, rightTo];
  while (a < b && c < d && left[a] === right[c]) pairs.push([a++, c++]);
  while (a < b && c < d && left[b - 1] === right[d - 1]) pairs.push([--b, --d]);
  if (a === b || c === d) return;
  const anchors = depth < MAX_DEPTH ? anchorsOf(left, right, [a, b], [c, d]) : [];
  if (anchors.length === 0) {
    if ((b - a) * (d - c) <= MAX_CELLS) longest(left, right, [a, b], [c, d], pairs);
    return;
  }
  for (const [i, j] of [...anchors, [b, d] as const]) {
    alignRange(left, right, [a, i], [c, j], pairs, depth + 1);
    if (i < b) pairs.push([i, j]);
    a = i + 1;
    c = j + 1;
  }
}

/** Keys that occur once on each side, in the longest order that both sides share. */
function anchorsOf(left: readonly string[], right: readonly string[], [a, b]: Range, [c, d]: Range): Pair[] {
  const onceLeft = onceIn(left, a, b);
  const onceRight = onceIn(right, c, d);
  const common: Pair[] = [];
  for (const [key, i] of onceLeft) {
    const j = onceRight.get(key);
    if (i >= 0 && j !== undefined && j >= 0) common.push([i, j]);
  }
  return longestIncreasing(common.sort((x, y) => x[0] - y[0]));
}

/** Of each key where it stands; -1 where it stands twice. */
function onceIn(keys: readonly string[], from: number, to: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let at = from; at < to; at++) places.set(keys[at]!, places.has(keys[at]!) ? -1 : at);
  return places;
}

/** The longest part of the pairs whose right sides rise. */
function longestIncreasing(pairs: readonly Pair[]): Pair[] {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, [, right]] of pairs.entries()) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]!]![1] < right) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : tails[low - 1]!;
    tails[low] = index;
  }
  const found: Pair[] = [];
  for (let at = tails.at(-1) ?? -1; at !== -1; at = before[at]!) found.push(pairs[at]!);
  return found.reverse();
}

function longest(
  left: readonly string[],
  right: readonly string[],
  [a, b]: Range,
  [c, d]: Range,
  pairs: Pair[],
): void {
  const columns = d - c + 1;
  const lengths = new Uint32Array((b - a + 1) * columns);
  for (let i = b - 1; i >= a; i--)
    for (let j = d - 1; j >= c; j--) {
      const at = (i - a) * columns + (j - c);
      lengths[at] =
        left[i] === right[j]
          ? lengths[at + columns + 1]! + 1
          : Math.max(lengths[at + columns]!, lengths[at + 1]!);
    }
  let [i, j] = [a, c];
  while (i < b && j < d) {
    const at = (i - a) * columns + (j - c);
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (lengths[at + columns]! >= lengths[at + 1]!) i++;
    else j++;
  }
}
