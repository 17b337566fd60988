import { LiteralIndex } from './literal-index.ts';
import { WholeText, type PartialText } from './partial-text.ts';
import { patternCost } from './pattern-cost.ts';
import { requiredLiterals, type RequiredLiterals } from './pattern-literals.ts';
import type { Neighbour } from './pattern-neighbours.ts';
import { PatternFault } from './pattern.ts';

/** Kinds of text that a rule can be looked for in. */
export type Place = 'page' | 'script' | 'url' | 'header';

/** A pattern to look for in texts, and what it stands for. */
export interface TextRule<Rule> {
  readonly places: readonly Place[];
  readonly pattern: RegExp;
  readonly rule: Rule;
  /** Only the first match in a text counts; the others are not looked for. */
  readonly isOnce?: boolean;
}

/** Where a rule's pattern stands in a text. */
export interface TextMatch<Rule> {
  readonly rule: Rule;
  /** UTF-16 units from the start of the text. */
  readonly offset: number;
  /** The pattern's match: groups as usual; `index` is within the window, use `offset`. */
  readonly match: RegExpExecArray;
}

/** Bounds that every rule keeps: with them the work for a text is linear in its length. */
export const MAX_PATTERN_LENGTH = 640;
export const MAX_PATTERN_PATHS = 64;

/** More literals than there are: places and literals stand in one number, so that they are sorted in one go. */
export const MAX_LITERALS = 0x10000;

/** Literals that are found before they move out of the heap: a text of one letter may hold one at each place. */
const LOT = 0x10000;

/** `offset × MAX_LITERALS + literal`, in any order → literal and offset in turn, in order of offsets. */
export function inPairs(marks: ArrayLike<number>): Int32Array {
  const sorted = Float64Array.from(marks).sort();
  const pairs = new Int32Array(2 * sorted.length);
  for (let i = 0; i < sorted.length; i++) {
    pairs[2 * i] = sorted[i]! % MAX_LITERALS;
    pairs[2 * i + 1] = Math.floor(sorted[i]! / MAX_LITERALS);
  }
  return pairs;
}

function joined(lots: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lots.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const lot of lots) {
    all.set(lot, at);
    at += lot.length;
  }
  return all;
}

/**
 * All rules over a text in one walk: the literals that rules cannot do without are looked for together, and only
 * around a literal a rule's own pattern is tried, in a window as wide as its longest match. Windows of one rule that
 * overlap are joined, so that no unit is searched twice for the same rule.
 */
export class RuleScan<Rule> {
  readonly #rules: readonly CompiledRule<Rule>[];
  readonly #byPlace = new Map<Place, PlaceIndex>();

  /** `known`: what was found out about patterns before, by `patternKey`. */
  constructor(rules: readonly TextRule<Rule>[], known?: ReadonlyMap<string, CompiledPattern>) {
    this.#rules = rules.map((rule) => compileRule(rule, known?.get(patternKey(rule))));
  }

  /** Matches of the rules that are for such a place: in the order of rules, those of one rule from first to last. */
  matches(text: string, place: Place): TextMatch<Rule>[] {
    const found: number[] = [];
    const lots: Float64Array[] = [];
    this.#indexFor(place)
      .index()
      .scan(text, (literal, offset) => {
        if (found.push(offset * MAX_LITERALS + literal) < LOT) return;
        lots.push(Float64Array.from(found));
        found.length = 0;
      });
    if (found.length === 0 && lots.length === 0) return [];
    const marks = lots.length === 0 ? found : joined([...lots, Float64Array.from(found)]);
    return this.matchesAround(new WholeText(text), place, inPairs(marks));
  }

  /** The literals that rules for such a place cannot do without, by number. */
  literals(place: Place): readonly string[] {
    return this.#indexFor(place).literals;
  }

  /** The rules that a literal belongs to. */
  rulesOf(place: Place, literal: number): readonly Rule[] {
    return this.#indexFor(place).rulesOf[literal]!.map(({ ruleId }) => this.#rules[ruleId]!.rule);
  }

  /**
   * The same matches, where others found the literals: `found` holds the number of a literal and its offset in turn, in
   * order of offsets.
   */
  matchesAround(text: PartialText, place: Place, found: ArrayLike<number>): TextMatch<Rule>[] {
    const { rulesOf } = this.#indexFor(place);
    const tried: number[] = [];
    try {
      this.#openWindows(text, rulesOf, found, tried);
      const matches: TextMatch<Rule>[] = [];
      if (tried.length > 1) tried.sort((a, b) => a - b);
      for (const ruleId of tried) this.#search(text, this.#rules[ruleId]!, matches);
      return matches;
    } finally {
      for (const ruleId of tried) closeWindows(this.#rules[ruleId]!);
    }
  }

  /** Puts the windows in which rules are worth trying into these, and the rules into `tried`. */
  #openWindows(
    text: PartialText,
    rulesOf: PlaceIndex['rulesOf'],
    found: ArrayLike<number>,
    tried: number[],
  ): void {
    for (let i = 0; i < found.length; i += 2) {
      const offset = found[i + 1]!;
      const candidates = rulesOf[found[i]!]!;
      for (let number = 0; number < candidates.length; number++) {
        const { ruleId, neighbours, length } = candidates[number]!;
        if (!text.mayHave(neighbours, offset, offset + length)) continue;
        const compiled = this.#rules[ruleId]!;
        const { windows, before, after, windowsEnd: end } = compiled;
        if (end === 0) tried.push(ruleId);
        if (end > 0 && text.isNear(windows[end - 1]!, offset, before + after)) windows[end - 1] = offset;
        else {
          windows[end] = windows[end + 1] = offset;
          compiled.windowsEnd = end + 2;
        }
      }
    }
  }

  #search(text: PartialText, compiled: CompiledRule<Rule>, matches: TextMatch<Rule>[]): void {
    const { windows, windowsEnd, isOnce } = compiled;
    const known = matches.length;
    for (let i = 0; i < windowsEnd; i += 2) {
      this.#searchAround(text, compiled, windows[i]!, windows[i + 1]!, matches);
      if (isOnce && matches.length > known) break;
    }
  }

  #searchAround(
    text: PartialText,
    compiled: CompiledRule<Rule>,
    first: number,
    last: number,
    matches: TextMatch<Rule>[],
  ): void {
    const { pattern, margin, before, after, rule, isOnce } = compiled;
    const { text: window, head } = text.around(first, last, before + margin, after + margin);
    const begin = head - before; // what starts in the margin was cut off from what stands before it
    pattern.lastIndex = 0;
    for (let match = pattern.exec(window); match !== null; match = pattern.exec(window)) {
      const { index } = match;
      if (index < begin) continue;
      const offset =
        index < head
          ? text.move(first, window.slice(index, head), true)
          : text.move(first, window.slice(head, index));
      matches.push({ rule, offset, match });
      if (isOnce) pattern.lastIndex = window.length; // no further match
    }
  }

  /** The literals of the rules for a place, so that rules for others cost nothing there. */
  #indexFor(place: Place): PlaceIndex {
    const made = this.#byPlace.get(place) ?? indexRules(this.#rules, place);
    this.#byPlace.set(place, made);
    return made;
  }
}

interface PlaceIndex {
  /** Made when first used: where others find the literals it is not. */
  readonly index: () => LiteralIndex;
  readonly literals: readonly string[];
  /** Literal → rules that it belongs to. */
  readonly rulesOf: readonly (readonly Candidate[])[];
}

/** A rule that a literal is part of. */
interface Candidate {
  readonly ruleId: number;
  /** Of the literal. */
  readonly length: number;
  readonly neighbours: readonly Neighbour[];
}

function indexRules(rules: readonly CompiledRule<unknown>[], place: Place): PlaceIndex {
  const ids = new Map<string, number>();
  const rulesOf: Candidate[][] = [];
  rules.forEach(({ literals, neighbours, places }, ruleId) => {
    if (!places.has(place)) return;
    for (const [number, literal] of literals.entries()) {
      const id = ids.get(literal) ?? ids.size;
      ids.set(literal, id);
      (rulesOf[id] ??= []).push({ ruleId, length: literal.length, neighbours: neighbours[number]! });
    }
  });
  const literals = [...ids.keys()];
  if (literals.length > MAX_LITERALS) throw new RangeError(`more than ${MAX_LITERALS} literals`);
  let index: LiteralIndex | undefined;
  return { index: () => (index ??= new LiteralIndex(literals)), literals, rulesOf };
}

/** What is known of a pattern before it is looked for. */
export interface CompiledPattern {
  /** As it is looked for. */
  readonly source: string;
  readonly literals: readonly string[];
  readonly neighbours: RequiredLiterals['neighbours'];
  /** How far a literal stands from the start of a match, how long a match is, and how far it sees beyond: at most. */
  readonly before: number;
  readonly after: number;
  readonly margin: number;
}

interface CompiledRule<Rule> {
  readonly rule: Rule;
  readonly places: ReadonlySet<Place>;
  readonly pattern: RegExp;
  readonly literals: readonly string[];
  readonly neighbours: RequiredLiterals['neighbours'];
  readonly before: number;
  readonly after: number;
  readonly margin: number;
  readonly isOnce: boolean;
  /** First and last literal of each window of the text at hand, in turn, up to `windowsEnd`. */
  readonly windows: number[];
  windowsEnd: number;
}

/** So much room for windows is kept for the next text: with it most texts need none of their own. */
const KEPT_WINDOWS = 16;

function closeWindows(compiled: CompiledRule<unknown>): void {
  compiled.windowsEnd = 0;
  if (compiled.windows.length > KEPT_WINDOWS) compiled.windows.length = KEPT_WINDOWS;
}

function compileRule<Rule>(
  textRule: TextRule<Rule>,
  known: CompiledPattern = compilePattern(textRule),
): CompiledRule<Rule> {
  const { pattern, places, rule, isOnce = false } = textRule;
  const { source, literals, neighbours, before, after, margin } = known;
  const flags = `${pattern.flags.replace(/[gy]/g, '')}g`;
  return {
    rule,
    places: new Set(places),
    pattern: new RegExp(source, flags),
    literals,
    neighbours,
    before,
    after,
    margin,
    isOnce,
    windows: [],
    windowsEnd: 0,
  };
}

/** Addresses by themselves have no escapes. */
const isInCode = ({ places }: TextRule<unknown>): boolean =>
  places.includes('page') || places.includes('script');

/** Names all that `compilePattern` depends on. */
export const patternKey = (rule: TextRule<unknown>): string =>
  `${isInCode(rule) ? 'code' : 'plain'} ${rule.pattern}`;

/** Reasons about a rule's pattern; throws `PatternFault` where a rule may not have it. */
export function compilePattern(rule: TextRule<unknown>): CompiledPattern {
  const { pattern } = rule;
  const escaped = isInCode(rule) ? withEscapedSlashes(pattern) : pattern;
  const { minLength, maxLength, margin, paths, hasEdge } = patternCost(escaped);
  if (hasEdge) throw new PatternFault(`has an edge of a whole value: ${pattern}`);
  if (minLength === 0) throw new PatternFault(`matches nothing at all: ${pattern}`);
  if (maxLength > MAX_PATTERN_LENGTH) throw new PatternFault(`unbounded or too long: ${pattern}`);
  if (paths > MAX_PATTERN_PATHS) throw new PatternFault(`ambiguous (${paths} paths): ${pattern}`);
  const required = requiredLiterals(escaped);
  if (required === undefined) throw new PatternFault(`has no literal to look for: ${pattern}`);
  return { ...required, source: escaped.source, after: maxLength, margin };
}

/** `\/` in a rule also stands for `\\\/`, as slashes are written inside JSON in pages. */
export function withEscapedSlashes(pattern: RegExp): RegExp {
  let isInClass = false;
  const source = pattern.source.replace(/\\[\s\S]|[[\]]/g, (token) => {
    if (token === '[') isInClass = true;
    else if (token === ']') isInClass = false;
    else if (token === '\\/' && !isInClass) return '\\\\?\\/';
    return token;
  });
  return new RegExp(source, pattern.flags);
}
