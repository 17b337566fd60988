import { lengths } from './pattern-cost.ts';
import { tellingNeighbours, type Neighbour } from './pattern-neighbours.ts';
import { ANY, charSet, parsePattern, unitsOf, type PatternNode } from './pattern.ts';

/** Literals (letters in lower case) of which every match contains one, and where that can be. */
export interface RequiredLiterals {
  readonly literals: readonly string[];
  /** By literal: what must stand near it. */
  readonly neighbours: readonly (readonly Neighbour[])[];
  /** The literal starts at most this many units after the start of the match. */
  readonly before: number;
}

/** Shortest literal that a scan can look for. */
export const MIN_LITERAL = 3;

const MAX_ALTERNATIVES = 40;
const LONG_LITERAL = 5;

/** The literals to look for before the pattern itself is tried; undefined where it has none that are long enough. */
export function requiredLiterals(pattern: RegExp): RequiredLiterals | undefined {
  const best = bestOf(analyse(parsePattern(pattern)));
  return (
    best && {
      literals: best.literals.map(({ text }) => text),
      // Of other literals the core does not know in units how far it is to their end.
      neighbours: best.literals.map(({ text, left, right }) =>
        tellingNeighbours(left, isAscii(text) ? right : []),
      ),
      before: best.before,
    }
  );
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

/** A literal of a pattern, and the parts that stand on either side of it, nearest first. */
interface PlacedLiteral {
  readonly text: string;
  readonly left: readonly PatternNode[];
  readonly right: readonly PatternNode[];
}

interface PlacedLiterals {
  readonly literals: readonly PlacedLiteral[];
  readonly before: number;
}

/** Stands for parts that are not known. */
const ANYTHING: PatternNode = { kind: 'repeat', body: { kind: 'set', set: ANY }, min: 0, max: Infinity };

/** The same literals with parts around them. */
function within(
  { literals, before }: PlacedLiterals,
  left: readonly PatternNode[],
  right: readonly PatternNode[],
  offset = 0,
): PlacedLiterals {
  return {
    literals: literals.map((literal) => ({
      text: literal.text,
      left: [...literal.left, ...left],
      right: [...literal.right, ...right],
    })),
    before: before + offset,
  };
}

interface Analysis {
  /** Every text that the node matches, where they are few. */
  readonly exact: readonly string[] | undefined;
  /** Texts of which every match begins with one, where they are few. */
  readonly starts?: readonly string[] | undefined;
  readonly best: PlacedLiterals | undefined;
}

function bestOf({ exact, best }: Analysis): PlacedLiterals | undefined {
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
  const literals: PlacedLiteral[] = [];
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
  const ofBody = bestOf(inner);
  const best = ofBody && within(ofBody, [ANYTHING], [ANYTHING]);
  if (min !== max || inner.exact === undefined) return { exact: undefined, starts: inner.exact, best };
  let exact: readonly string[] | undefined = [''];
  for (let round = 0; round < min && exact !== undefined; round++) exact = product(exact, inner.exact);
  return { exact, starts: inner.exact, best };
}

/** Neighbouring exact parts are joined into runs; the best run, or the best of an inner part, is taken. */
function analyseSequence(sequence: readonly PatternNode[]): Analysis {
  const parts = flatten(sequence);
  let best: PlacedLiterals | undefined;
  let run: readonly string[] = [''];
  let runStart = 0;
  /** The parts of the run, without lookarounds at its edges. */
  let runParts = { from: 0, to: 0 };
  let isExact = true;
  let offset = 0;
  const leftOf = (part: number): readonly PatternNode[] => parts.slice(0, part).toReversed();
  const take = (found: PlacedLiterals | undefined, right = parts.slice(runParts.to)): void => {
    best = better(best, found && within(found, leftOf(runParts.from), right));
  };
  for (const [index, part] of parts.entries()) {
    const { exact, starts, best: inner } = analyse(part);
    const joined = exact === undefined || isLongEnough(run, exact) ? undefined : product(run, exact);
    if (joined !== undefined) {
      run = joined;
      const isEmpty = run.length === 1 && run[0] === '';
      if (isEmpty) runParts = { from: index + 1, to: index + 1 };
      else if (part.kind !== 'assertion') runParts = { from: runParts.from, to: index + 1 };
    } else {
      isExact = false;
      take(usable(run, runStart));
      // What follows for certain makes a short run rarer.
      const longer = starts === undefined || isLongEnough(run, starts) ? undefined : product(run, starts);
      if (longer !== undefined) take(usable(longer, runStart), [ANYTHING]);
      if (inner !== undefined)
        best = better(best, within(inner, leftOf(index), parts.slice(index + 1), offset));
      run = exact ?? [''];
      runStart = exact === undefined ? offset + lengths(part).maxLength : offset;
      runParts = { from: exact === undefined ? index + 1 : index, to: index + 1 };
    }
    offset += lengths(part).maxLength;
  }
  take(usable(run, runStart));
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
function usable(exact: readonly string[], before: number): PlacedLiterals | undefined {
  if (exact.length === 0 || exact.some((text) => text.length < MIN_LITERAL)) return undefined;
  // What contains another literal of the set is found with that one.
  const distinct = [...new Set(exact)];
  const literals = distinct.filter(
    (text) => !distinct.some((other) => other !== text && text.startsWith(other)),
  );
  return {
    literals: literals.map((text) => ({ text, left: [], right: [restOf(text, distinct)] })),
    before,
  };
}

/** What follows a text in those that begin with it. */
function restOf(text: string, texts: readonly string[]): PatternNode {
  const rests = texts.filter((other) => other.startsWith(text)).map((other) => other.slice(text.length));
  const options = rests.map((rest): PatternNode => ({ kind: 'sequence', parts: Array.from(rest, setOf) }));
  return { kind: 'choice', options };
}

const setOf = (letter: string): PatternNode => ({ kind: 'set', set: charSet(letter.charCodeAt(0)) });

function better(a: PlacedLiterals | undefined, b: PlacedLiterals | undefined): PlacedLiterals | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return rarity(b) > rarity(a) ? b : a;
}

/** How rarely a scan will stop at the literals: the weakest decides; many of them are worse than one. */
function rarity({ literals }: PlacedLiterals): number {
  const weakest = Math.min(...literals.map(({ text }) => textRarity(text)));
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
