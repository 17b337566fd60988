/**
 * A regular expression as a tree, for reasoning about rules: how long a match can be, how much work it can cost, and
 * which literals it cannot do without. Only what rules need is understood; anything else is a `PatternFault`, so a rule
 * that cannot be reasoned about cannot be shipped.
 */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly min: number; readonly max: number }
  | {
      readonly kind: 'assertion';
      readonly body: PatternNode | undefined;
      /** Of `(?<!…)` and `(?!…)` with one unit: on which side it may not be one of these, in either case. */
      readonly denies?: { readonly side: Side; readonly units: CharSet } | undefined;
      /** `^` or `$`: only of use where a whole value is matched, not a place in a text. */
      readonly isEdge?: boolean;
    };

/** A direction in a text, seen from a place. */
export type Side = 'before' | 'behind';

/** Bit n: the UTF-16 unit n, for n < 256; bit 256: every other unit. Letters are folded to lower case. */
export type CharSet = bigint;

/** A rule's pattern is not of the kind that rules may have. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault';
}

const OTHER = 256n;
const SINGLE: readonly CharSet[] = Array.from({ length: 256 }, (_, unit) => 1n << BigInt(unit));
/** Every unit. */
export const ANY: CharSet = (1n << 257n) - 1n;

const ranges = new Map<number, CharSet>();

function range(from: number, to: number): CharSet {
  const key = from * 512 + to;
  let set = ranges.get(key);
  if (set === undefined) {
    set = 0n;
    for (let unit = from; unit <= to; unit++) set |= charSet(unit);
    ranges.set(key, set);
  }
  return set;
}

/** The set of one unit, letters folded to lower case. */
export function charSet(unit: number): CharSet {
  if (unit > 255) return 1n << OTHER;
  return SINGLE[unit >= 65 && unit <= 90 ? unit + 32 : unit]!;
}

const DIGIT = range(48, 57);
const WORD = DIGIT | range(97, 122) | charSet(95);
const SPACE = range(9, 13) | charSet(32) | charSet(0xa0) | (1n << OTHER);
const NEWLINE = charSet(10) | charSet(13);

/** Complement; case folding makes the upper-case units redundant, and they stay out of every set. */
const not = (set: CharSet): CharSet => ANY & ~set & ~UPPER;
const UPPER = (() => {
  let set = 0n;
  for (let unit = 65n; unit <= 90n; unit++) set |= 1n << unit;
  return set;
})();

const CLASS_ESCAPES: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: not(DIGIT),
  w: WORD,
  W: not(WORD),
  s: SPACE,
  S: not(SPACE),
};
const CONTROL_ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

/** The tree of a pattern. Throws `PatternFault` for back references and other constructs that rules do without. */
export function parsePattern(pattern: RegExp): PatternNode {
  const parser = new PatternParser(pattern);
  return parser.parse();
}

class PatternParser {
  readonly #source: string;
  readonly #flags: string;
  readonly #dotAll: boolean;
  #at = 0;

  constructor({ source, flags, dotAll }: RegExp) {
    this.#source = source;
    this.#flags = flags.replace(/[gy]/g, '');
    this.#dotAll = dotAll;
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#source.length) this.#fault('unbalanced parenthesis');
    return node;
  }

  #fault(reason: string): never {
    throw new PatternFault(`${reason} at ${this.#at} in /${this.#source}/`);
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      parts.push(this.#quantified(this.#atom()));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #quantified(body: PatternNode): PatternNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return body;
    this.#take('?'); // lazy or greedy: the same set of paths
    if (body.kind === 'assertion') this.#fault('a repeated assertion');
    return { kind: 'repeat', body, ...bounds };
  }

  #bounds(): { min: number; max: number } | undefined {
    if (this.#take('?')) return { min: 0, max: 1 };
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#source[this.#at] !== '{') return undefined;
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at, this.#at + 16));
    if (braces === null) return undefined;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    if (braces[2] === undefined) return { min, max: min };
    return { min, max: braces[3] === '' ? Infinity : Number(braces[3]) };
  }

  #atom(): PatternNode {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return { kind: 'set', set: this.#class() };
    if (this.#take('^') || this.#take('$')) return { kind: 'assertion', body: undefined, isEdge: true };
    if (this.#take('.')) return { kind: 'set', set: this.#dotAll ? ANY & ~UPPER : not(NEWLINE) };
    if (this.#take('\\')) return this.#escape();
    const unit = this.#source.charCodeAt(this.#at++);
    if ('*+?'.includes(String.fromCharCode(unit))) this.#fault('nothing to repeat');
    return { kind: 'set', set: charSet(unit) };
  }

  #group(): PatternNode {
    const side = this.#take('?!') ? 'behind' : this.#take('?<!') ? 'before' : undefined;
    const isAssertion = side !== undefined || this.#take('?=') || this.#take('?<=');
    const start = this.#at;
    if (!isAssertion && !this.#take('?:') && this.#take('?<')) {
      this.#at = this.#source.indexOf('>', this.#at) + 1; // a named group
    }
    const body = this.#choice();
    if (!this.#take(')')) this.#fault('unbalanced parenthesis');
    if (!isAssertion) return body;
    if (side === undefined || body.kind !== 'set') return { kind: 'assertion', body };
    return {
      kind: 'assertion',
      body,
      denies: { side, units: unitsOfBothCases(this.#source.slice(start, this.#at - 1), this.#flags) },
    };
  }

  #escape(): PatternNode {
    const letter = this.#source[this.#at]!;
    if (letter === 'b' || letter === 'B') {
      this.#at++;
      return { kind: 'assertion', body: undefined };
    }
    return { kind: 'set', set: this.#escapedSet() };
  }

  /** What follows a backslash, outside and inside classes. */
  #escapedSet(): CharSet {
    const letter = this.#source[this.#at++]!;
    const shorthand = CLASS_ESCAPES[letter];
    if (shorthand !== undefined) return shorthand;
    const control = CONTROL_ESCAPES[letter];
    if (control !== undefined) return charSet(control);
    if (letter === 'x' || letter === 'u') {
      const digits = letter === 'x' ? 2 : 4;
      const unit = Number.parseInt(this.#source.slice(this.#at, this.#at + digits), 16);
      if (Number.isNaN(unit)) this.#fault('an escape that is not understood');
      this.#at += digits;
      return charSet(unit);
    }
    if (/[A-Za-z1-9]/.test(letter)) this.#fault('an escape that is not understood');
    return charSet(letter.charCodeAt(0));
  }

  #class(): CharSet {
    const isNegated = this.#take('^');
    let set = 0n;
    while (!this.#take(']')) {
      if (this.#at >= this.#source.length) this.#fault('unbalanced bracket');
      const from = this.#classUnit();
      if (typeof from === 'bigint') {
        set |= from;
      } else if (this.#source[this.#at] === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at++;
        const to = this.#classUnit();
        if (typeof to === 'bigint') this.#fault('a range to a class');
        set |= range(from, Math.min(to, 256));
      } else {
        set |= charSet(from);
      }
    }
    return isNegated ? not(set) : set;
  }

  /** A unit that may start a range, or the set of a class escape. */
  #classUnit(): number | CharSet {
    if (!this.#take('\\')) return this.#source.charCodeAt(this.#at++);
    const letter = this.#source[this.#at]!;
    if (letter in CLASS_ESCAPES || letter === 'x' || letter === 'u') return this.#escapedSet();
    this.#at++;
    return CONTROL_ESCAPES[letter] ?? letter.charCodeAt(0);
  }
}

const bothCases = new Map<string, CharSet>();

/** The units below 256 that a pattern of one unit matches in upper and lower case. */
function unitsOfBothCases(source: string, flags: string): CharSet {
  const key = `${flags} ${source}`;
  let set = bothCases.get(key);
  if (set === undefined) {
    const pattern = new RegExp(`^${source}$`, flags);
    const matches = (unit: number): boolean => pattern.test(String.fromCharCode(unit));
    const units = Array.from({ length: 256 }, (_, unit) => unit).filter(matches);
    const isInOtherCase = (unit: number): boolean =>
      !/[a-z]/i.test(String.fromCharCode(unit)) || matches(unit ^ 32);
    set = units.filter(isInOtherCase).reduce((all, unit) => all | charSet(unit), 0n);
    bothCases.set(key, set);
  }
  return set;
}

const FEW_UNITS = 16;
const fewUnits = new Map<CharSet, readonly number[] | undefined>();

/** The units of a set in order, where they are at most sixteen, all below 256. */
export function unitsOf(set: CharSet): readonly number[] | undefined {
  if (!fewUnits.has(set)) fewUnits.set(set, listUnits(set));
  return fewUnits.get(set);
}

function listUnits(set: CharSet): readonly number[] | undefined {
  if (((set >> OTHER) & 1n) === 1n) return undefined;
  const units: number[] = [];
  for (let unit = 0; unit < 256; unit++) {
    if (((set >> BigInt(unit)) & 1n) === 0n) continue;
    if (units.length === FEW_UNITS) return undefined;
    units.push(unit);
  }
  return units;
}
