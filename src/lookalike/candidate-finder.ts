import { ClassCode } from './class-code.ts';
import { DeletionIndex } from './deletion-index.ts';
import { boundedDistance, COSTS, FAR, LONG, UNIT } from './distance.ts';
import { LabelScanner } from './label-scanner.ts';
import { AFFIX_WORDS } from './vocabulary.ts';
import { WordSet } from './word-set.ts';

/**
 * The fast half of matching: which brand labels stand in a name, where, and how far from the letter. Nearly all names leave it
 * without a trace; what it proposes is judged in judge.ts.
 *
 * For each label of the name, in order of cost: the whole label through the deletion index (typos, homoglyphs, hyphens
 * inserted), through the scanner (the brand inside a longer label), then its hyphenated words and what is left of
 * them once keywords at either end are taken off (`login-paypol`, `coinbsae2fa`), through the deletion index again.
 */

/** Shorter brand names are found as whole words only. */
const INSIDE_FROM = 5;
/** Parts beyond this many are not looked at: no honest name has them, and hostile ones must not cost more. */
const MAX_LOOKUPS = 24;
const MAX_FOUND = 48;
/** Keywords at an end are taken off a word of at least this length. */
const AFFIXES_FROM = 7;
const REST_FROM = 4;

const AFFIXES = new WordSet(AFFIX_WORDS);

const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
const DOT = 0x2e;
const isJoint = (byte: number): boolean => byte === HYPHEN || byte === UNDERSCORE || byte === DOT;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/**
 * The greatest distance that is worth judging, in COSTS: 0.15 of an edit a letter, 0.18 in long names. Short ones get less:
 * nearly everything is close to them.
 */
function distanceLimit(length: number): number {
  if (length <= 2) return 0;
  if (length === 3) return COSTS.homoglyph;
  if (length === 4) return COSTS.doubled;
  return Math.floor(length * UNIT * (length < LONG ? 0.15 : 0.18));
}

const DISTANCE_LIMITS = Int32Array.from({ length: 64 }, (_, length) => distanceLimit(length));

/** What the distance limit leaves room for, in class codes. */
const deletionsFor = (length: number): number => (length < 6 ? 0 : length < TWO_FROM ? 1 : 2);
const TWO_FROM = 9;

/** Inside longer labels only look-alike letters count: slips there would be everywhere. */
const insideLimit = (length: number): number => Math.floor(length * UNIT * 0.06);

export class CandidateFinder {
  /** All labels' bytes in one array: label n is `#bytes[#offsets[n]]` to before `#bytes[#offsets[n + 1]]`. */
  readonly #bytes: Uint8Array;
  readonly #offsets: Int32Array;
  /** What the indexes hold: each label's code, then the codes without pairs of those that have another. */
  readonly #entries: Int32Array;
  /** Where each entry's label lies in `#bytes`: one cache line instead of three. */
  readonly #spans: Int32Array;
  readonly #deletions: DeletionIndex;
  readonly #scanner: LabelScanner;
  readonly #code = new ClassCode();
  readonly #starts = new Int32Array(4);
  readonly #ends = new Int32Array(4);
  #lookups = 0;

  /** What was found, until the next `clear`: label number, first and past-the-last byte, distance. */
  count = 0;
  readonly label = new Int32Array(MAX_FOUND);
  readonly start = new Int32Array(MAX_FOUND);
  readonly end = new Int32Array(MAX_FOUND);
  readonly distance = new Int32Array(MAX_FOUND);

  /** Lower-case ASCII labels; their numbers are their places. */
  constructor(labels: readonly string[]) {
    this.#bytes = Uint8Array.from(Buffer.from(labels.join('')));
    this.#offsets = new Int32Array(labels.length + 1);
    for (let at = 0; at < labels.length; at++) this.#offsets[at + 1] = this.#offsets[at] + labels[at].length;
    const code = new ClassCode();
    const fill = (label: number, isPairing: boolean): ClassCode =>
      code.fill(this.#bytes, this.#offsets[label], this.#offsets[label + 1], isPairing);
    const entries = Array.from(labels, (_, label) => label);
    for (let label = 0; label < labels.length; label++) if (fill(label, true).hasPairs) entries.push(label);
    this.#entries = Int32Array.from(entries);
    this.#spans = Int32Array.from(
      entries.flatMap((label) => [this.#offsets[label], this.#offsets[label + 1]]),
    );
    const codeOf = (entry: number): ClassCode => fill(entries[entry], entry < labels.length);
    const lengthOf = (entry: number): number => labels[entries[entry]].length;
    this.#deletions = new DeletionIndex(entries.length, codeOf, (entry) => deletionsFor(lengthOf(entry)));
    const empty = new ClassCode();
    this.#scanner = new LabelScanner(entries.length, (entry) =>
      lengthOf(entry) < INSIDE_FROM ? empty : codeOf(entry),
    );
  }

  /** Begins a new name. */
  clear(): void {
    this.count = 0;
    this.#lookups = 0;
  }

  /** Looks at one label of a name, lower-case ASCII bytes `from` to before `to`, and adds what it finds. */
  find(bytes: Uint8Array, from: number, to: number): void {
    if (to - from < 2) return;
    this.#near(bytes, from, to);
    if (to - from >= INSIDE_FROM) this.#inside(bytes, from, to);
    let wordStart = from;
    let hasJoint = false;
    for (let at = from; at <= to; at++) {
      if (at < to && !isJoint(bytes[at])) continue;
      if (at < to) hasJoint = true;
      if (hasJoint && at - wordStart >= 2) {
        this.#near(bytes, wordStart, at);
        if (at - wordStart >= AFFIXES_FROM) this.#withoutAffixes(bytes, wordStart, at);
      }
      wordStart = at + 1;
    }
    if (to - from >= AFFIXES_FROM) this.#withoutAffixes(bytes, from, to);
  }

  /** Brand labels near the whole of a part. */
  #near(bytes: Uint8Array, from: number, to: number): void {
    if (this.#lookups++ >= MAX_LOOKUPS) return;
    this.#nearCode(bytes, from, to, this.#code.fill(bytes, from, to));
    if (this.#code.hasPairs) this.#nearCode(bytes, from, to, this.#code.fill(bytes, from, to, false));
  }

  #nearCode(bytes: Uint8Array, from: number, to: number, code: ClassCode): void {
    const proposed = this.#deletions.query(code);
    for (let at = 0; at < proposed; at++) {
      const entry = this.#deletions.found(at);
      const brandFrom = this.#spans[entry * 2];
      const brandTo = this.#spans[entry * 2 + 1];
      const limit = DISTANCE_LIMITS[brandTo - brandFrom];
      const distance = boundedDistance(bytes, from, to, this.#bytes, brandFrom, brandTo, limit);
      if (distance < FAR) this.#add(this.#entries[entry], from, to, distance);
    }
  }

  /** Brand labels inside, with look-alike letters. */
  #inside(bytes: Uint8Array, from: number, to: number): void {
    this.#insideCode(bytes, this.#code.fill(bytes, from, to));
    if (this.#code.hasPairs) this.#insideCode(bytes, this.#code.fill(bytes, from, to, false));
  }

  #insideCode(bytes: Uint8Array, code: ClassCode): void {
    const found = this.#scanner.scan(code);
    for (let at = 0; at < found; at++) {
      const label = this.#entries[this.#scanner.label(at)];
      const first = this.#scanner.start(at);
      const last = this.#scanner.end(at) - 1;
      if (first === 0 && last === code.length - 1) continue; // the whole part: #near has seen it
      // A run at either end may belong to the neighbour: in `usssteam`, not all s are the brand's.
      const firstEnd = code.ends[first];
      const lastStart = code.starts[last];
      this.#bestSpan(bytes, label, code.starts[first], firstEnd, lastStart, code.ends[last]);
    }
  }

  #bestSpan(
    bytes: Uint8Array,
    label: number,
    from: number,
    fromLast: number,
    toFirst: number,
    to: number,
  ): void {
    const brandFrom = this.#offsets[label];
    const brandTo = this.#offsets[label + 1];
    let best = insideLimit(brandTo - brandFrom) + 1;
    let bestFrom = 0;
    let bestTo = 0;
    for (let start = from; start < fromLast; start++)
      for (let end = toFirst + 1; end <= to; end++) {
        if (isJoint(bytes[start]) || isJoint(bytes[end - 1])) continue;
        const distance = boundedDistance(bytes, start, end, this.#bytes, brandFrom, brandTo, best - 1);
        if (distance >= best) continue;
        best = distance;
        bestFrom = start;
        bestTo = end;
      }
    if (bestTo > 0) this.#add(label, bestFrom, bestTo, best);
  }

  /** Brand labels near what is left once keywords and numbers at the ends are taken off. */
  #withoutAffixes(bytes: Uint8Array, from: number, to: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    starts[0] = from;
    ends[0] = to;
    const startCount = this.#innerStarts(bytes, to);
    const endCount = this.#innerEnds(bytes, from);
    for (let i = 0; i < startCount; i++)
      for (let j = 0; j < endCount; j++) {
        if ((i === 0 && j === 0) || ends[j] - starts[i] < REST_FROM) continue;
        this.#near(bytes, starts[i], ends[j]);
      }
  }

  /** Where the rest may begin: after a keyword, after numbers, after the two keywords that reach farthest. */
  #innerStarts(bytes: Uint8Array, to: number): number {
    const starts = this.#starts;
    let count = 1;
    for (let round = 0; round < count && count < starts.length; round++) {
      const begin = starts[round];
      let digits = begin;
      while (digits < to && isDigit(bytes[digits])) digits++;
      const longest = AFFIXES.longestPrefix(bytes, begin, to - REST_FROM);
      for (let end of [digits, longest]) {
        if (end <= begin || to - end < REST_FROM || count === starts.length) continue;
        while (end < to && isJoint(bytes[end])) end++;
        starts[count++] = end;
      }
    }
    return count;
  }

  #innerEnds(bytes: Uint8Array, from: number): number {
    const ends = this.#ends;
    let count = 1;
    for (let round = 0; round < count && count < ends.length; round++) {
      const close = ends[round];
      let digits = close;
      while (digits > from && isDigit(bytes[digits - 1])) digits--;
      const longest = AFFIXES.longestSuffix(bytes, from + REST_FROM, close);
      for (let start of [digits, longest]) {
        if (start >= close || start - from < REST_FROM || count === ends.length) continue;
        while (start > from && isJoint(bytes[start - 1])) start--;
        ends[count++] = start;
      }
    }
    return count;
  }

  #add(label: number, start: number, end: number, distance: number): void {
    for (let at = 0; at < this.count; at++)
      if (this.label[at] === label && this.start[at] === start && this.end[at] === end) return;
    if (this.count === MAX_FOUND) return;
    this.label[this.count] = label;
    this.start[this.count] = start;
    this.end[this.count] = end;
    this.distance[this.count++] = distance;
  }
}
