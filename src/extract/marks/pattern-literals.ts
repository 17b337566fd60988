import { lengths } from './pattern-cost.ts';
import { parsePattern, unitsOf, type PatternNode } from './pattern.ts';

/** Literals (letters in lower case) of which every match contains one, and where that can be. */
export interface RequiredLiterals {
  readonly literals: readonly string[];
  /** The literal starts at most this many units after the start of the match. */
  readonly before: number;
}

/** Shortest literal that a scan can look for. */
export const MIN_LITERAL = 3;

const MAX_ALTERNATIVES = 40;
const LONG_LITERAL = 5;

/** The literals to look for before the pattern itself is tried; undefined where it has none that are long enough. */
export function requiredLiterals(pattern: RegExp): RequiredLiterals | undefined {
  return bestOf(analyse(parsePattern(pattern)));
}

interface Analysis {
  /** Every text that the node matches, where they are few. */
  readonly exact: readonly string[] | undefined;
  /** Texts of which every match begins with one, where they are few. */
  readonly starts?: readonly string[] | undefined;
  readonly best: RequiredLiterals | undefined;
}

function bestOf({ exact, best }: Analysis): RequiredLiterals | undefined {
  return better(best, exact === undefined ? undefined : usable(exact, 0));
}

function analyse(node: PatternNode): Analysis {
  switch (node.kind) {
    case 'set':
      return {
        exact: unitsOf(node.set)?.map((unit) => String.fromCharCode(unit)),
        best: undefined,
      };
    case 'assertion':
      return { exact: [''], best: undefined };
    case 'sequence':
      return analyseSequence(node.parts);
    case 'choice':
      return analyseChoice(node.options.map(analyse));
    case 'repeat':
      return analyseRepeat(node.body, node.min, node.max);
  }
}

function analyseChoice(options: readonly Analysis[]): Analysis {
  const texts = options.every(({ exact }) => exact !== undefined)
    ? options.flatMap(({ exact }) => exact ?? [])
    : undefined;
  const exact = texts !== undefined && texts.length <= MAX_ALTERNATIVES ? texts : undefined;
  const literals: string[] = [];
  let before = 0;
  for (const option of options) {
    const best = bestOf(option);
    if (best === undefined) return { exact, best };
    literals.push(...best.literals);
    before = Math.max(before, best.before);
  }
  return { exact, best: literals.length > MAX_ALTERNATIVES ? undefined : { literals, before } };
}

function analyseRepeat(body: PatternNode, min: number, max: number): Analysis {
  const inner = analyse(body);
  if (min === 0) {
    return {
      exact: max === 1 && inner.exact !== undefined ? ['', ...inner.exact] : undefined,
      best: undefined,
    };
  }
  const best = bestOf(inner);
  if (min !== max || inner.exact === undefined) return { exact: undefined, starts: inner.exact, best };
  let exact: readonly string[] | undefined = [''];
  for (let round = 0; round < min && exact !== undefined; round++) exact = product(exact, inner.exact);
  return { exact, starts: inner.exact, best };
}

/** Neighbouring exact parts are joined into runs; the best run, or the best of an inner part, is taken. */
function analyseSequence(parts: readonly PatternNode[]): Analysis {
  let best: RequiredLiterals | undefined;
  let run: readonly string[] = [''];
  let runStart = 0;
  let isExact = true;
  let offset = 0;
  for (const part of flatten(parts)) {
    const { exact, starts, best: inner } = analyse(part);
    const joined = exact === undefined || isLongEnough(run, exact) ? undefined : product(run, exact);
    if (joined !== undefined) {
      run = joined;
    } else {
      isExact = false;
      best = better(best, usable(run, runStart));
      // What follows for certain makes a short run rarer.
      const longer = starts === undefined || isLongEnough(run, starts) ? undefined : product(run, starts);
      if (longer !== undefined) best = better(best, usable(longer, runStart));
      if (inner !== undefined) {
        best = better(best, { literals: inner.literals, before: inner.before + offset });
      }
      run = exact ?? [''];
      runStart = exact === undefined ? offset + lengths(part).maxLength : offset;
    }
    offset += lengths(part).maxLength;
  }
  best = better(best, usable(run, runStart));
  return { exact: isExact ? run : undefined, best };
}

/** Groups that stand in a sequence are part of its run. */
function flatten(parts: readonly PatternNode[]): readonly PatternNode[] {
  return parts.flatMap((part) => (part.kind === 'sequence' ? flatten(part.parts) : [part]));
}

/** Many endings for what is rare already only make more literals. */
function isLongEnough(run: readonly string[], next: readonly string[]): boolean {
  return next.length > 4 && run.every((text) => text.length >= LONG_LITERAL);
}

function product(left: readonly string[], right: readonly string[]): readonly string[] | undefined {
  if (left.length * right.length > MAX_ALTERNATIVES) return undefined;
  return left.flatMap((head) => right.map((tail) => head + tail));
}

/** The texts as required literals, where each is long enough. */
function usable(exact: readonly string[], before: number): RequiredLiterals | undefined {
  if (exact.length === 0 || exact.some((text) => text.length < MIN_LITERAL)) return undefined;
  // What contains another literal of the set is found with that one.
  const distinct = [...new Set(exact)];
  const literals = distinct.filter(
    (text) => !distinct.some((other) => other !== text && text.startsWith(other)),
  );
  return { literals, before };
}

function better(
  a: RequiredLiterals | undefined,
  b: RequiredLiterals | undefined,
): RequiredLiterals | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return rarity(b) > rarity(a) ? b : a;
}

/** How rarely a scan will stop at the literals: the weakest decides; many of them are worse than one. */
function rarity({ literals }: RequiredLiterals): number {
  const weakest = Math.min(...literals.map(textRarity));
  return weakest - literals.length / 20;
}

const COMMON = [
  'http',
  'www.',
  '.com',
  '.js',
  'script',
  'src=',
  'href',
  'content',
  'class',
  'data-',
  'name=',
  'type',
  '/js/',
  'init',
  'push(',
  'text/',
];

function textRarity(text: string): number {
  let sum = Math.min(text.length, 16);
  for (const common of COMMON) if (text.includes(common)) sum -= common.length - 1;
  return sum;
}
