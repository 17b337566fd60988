import { parsePattern, type CharSet, type PatternNode } from './pattern.ts';

/** What a match of a pattern can cost at most. */
export interface PatternCost {
  /** Shortest and longest match, in UTF-16 units. */
  readonly minLength: number;
  readonly maxLength: number;
  /** How far lookarounds see beyond the match. */
  readonly margin: number;
  /**
   * Upper bound of the ways that a backtracking matcher can try from one starting place: 1 where the next unit decides
   * every choice. Steps from one place are at most `paths` × (`maxLength` + `margin` + 1), so a search over n units
   * is linear in n, with that factor.
   */
  readonly paths: number;
  /** Whether it has `^` or `$`. */
  readonly hasEdge: boolean;
}

/** Bounds of a pattern's cost. Throws `PatternFault` where the pattern cannot be reasoned about. */
export function patternCost(pattern: RegExp): PatternCost {
  const tree = parsePattern(pattern);
  return { ...lengths(tree), margin: marginOf(tree), paths: paths(tree, 0n), hasEdge: hasEdge(tree) };
}

export function lengths(node: PatternNode): { minLength: number; maxLength: number } {
  switch (node.kind) {
    case 'set':
      return { minLength: 1, maxLength: 1 };
    case 'assertion':
      return { minLength: 0, maxLength: 0 };
    case 'sequence': {
      const parts = node.parts.map(lengths);
      return {
        minLength: parts.reduce((sum, part) => sum + part.minLength, 0),
        maxLength: parts.reduce((sum, part) => sum + part.maxLength, 0),
      };
    }
    case 'choice': {
      const options = node.options.map(lengths);
      return {
        minLength: Math.min(...options.map((option) => option.minLength)),
        maxLength: Math.max(...options.map((option) => option.maxLength)),
      };
    }
    case 'repeat': {
      const body = lengths(node.body);
      return {
        minLength: body.minLength * node.min,
        maxLength: node.max === 0 || body.maxLength === 0 ? 0 : body.maxLength * node.max,
      };
    }
  }
}

function marginOf(node: PatternNode): number {
  switch (node.kind) {
    case 'set':
      return 0;
    case 'assertion':
      return node.body === undefined ? 1 : lengths(node.body).maxLength + marginOf(node.body);
    case 'sequence':
      return Math.max(0, ...node.parts.map(marginOf));
    case 'choice':
      return Math.max(0, ...node.options.map(marginOf));
    case 'repeat':
      return marginOf(node.body);
  }
}

function hasEdge(node: PatternNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'assertion':
      return node.isEdge === true || (node.body !== undefined && hasEdge(node.body));
    case 'sequence':
      return node.parts.some(hasEdge);
    case 'choice':
      return node.options.some(hasEdge);
    case 'repeat':
      return hasEdge(node.body);
  }
}

/** Units that a match can start with, and whether it can be empty. */
function first(node: PatternNode): { set: CharSet; isNullable: boolean } {
  switch (node.kind) {
    case 'set':
      return { set: node.set, isNullable: false };
    case 'assertion':
      return { set: 0n, isNullable: true };
    case 'sequence':
      return firstOfParts(node.parts);
    case 'choice': {
      const options = node.options.map(first);
      return {
        set: options.reduce((set, option) => set | option.set, 0n),
        isNullable: options.some((option) => option.isNullable),
      };
    }
    case 'repeat': {
      const body = first(node.body);
      return { set: body.set, isNullable: node.min === 0 || body.isNullable };
    }
  }
}

function firstOfParts(parts: readonly PatternNode[]): { set: CharSet; isNullable: boolean } {
  let set = 0n;
  for (const part of parts) {
    const { set: own, isNullable } = first(part);
    set |= own;
    if (!isNullable) return { set, isNullable: false };
  }
  return { set, isNullable: true };
}

/** `follow`: the units that may come right after the node. */
function paths(node: PatternNode, follow: CharSet): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'assertion':
      return node.body === undefined ? 1 : paths(node.body, 0n);
    case 'sequence':
      return node.parts.reduce((product, part, index) => {
        const rest = firstOfParts(node.parts.slice(index + 1));
        return product * paths(part, rest.isNullable ? rest.set | follow : rest.set);
      }, 1);
    case 'choice':
      return choicePaths(node.options, follow);
    case 'repeat':
      return repeatPaths(node, follow);
  }
}

function choicePaths(options: readonly PatternNode[], follow: CharSet): number {
  let seen = 0n;
  let isDecided = true;
  const counts = options.map((option) => {
    const { set, isNullable } = first(option);
    const starts = isNullable ? set | follow : set;
    if ((starts & seen) !== 0n) isDecided = false;
    seen |= starts;
    return paths(option, follow);
  });
  return isDecided ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0);
}

function repeatPaths(
  { body, min, max }: { body: PatternNode; min: number; max: number },
  follow: CharSet,
): number {
  const { set, isNullable } = first(body);
  if (max > 1 && isNullable) return Infinity;
  const ofBody = paths(body, max > 1 ? set | follow : follow);
  const ofBodies = ofBody === 1 ? 1 : ofBody ** max;
  const isDecided = min === max || ((set & follow) === 0n && !isNullable);
  return isDecided ? ofBodies : ofBodies * (max - min + 1);
}
