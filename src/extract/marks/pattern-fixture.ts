import { parsePattern, type CharSet, type PatternNode } from './pattern.ts';

/** A text that the pattern matches, the shortest and plainest; for tests. */
export function samplePattern(pattern: RegExp): string {
  return sample(parsePattern(pattern));
}

function sample(node: PatternNode): string {
  switch (node.kind) {
    case 'set':
      return plainUnit(node.set);
    case 'assertion':
      return '';
    case 'sequence':
      return node.parts.map(sample).join('');
    case 'choice':
      return sample(node.options[0]!);
    case 'repeat':
      return sample(node.body).repeat(node.min);
  }
}

function plainUnit(set: CharSet): string {
  const preferred = [...'a0 -/"'].map((letter) => letter.charCodeAt(0));
  const unit = [...preferred, ...Array.from({ length: 256 }, (_, code) => code)].find(
    (code) => ((set >> BigInt(code)) & 1n) === 1n,
  );
  return String.fromCharCode(unit ?? 0x100);
}

const units = new Map<CharSet, readonly number[]>();

function unitsIn(set: CharSet): readonly number[] {
  let list = units.get(set);
  if (list === undefined) {
    list = Array.from({ length: 257 }, (_, unit) => unit).filter((unit) => has(set, unit));
    units.set(set, list);
  }
  return list;
}

/** Any text that the pattern matches, lookarounds aside. */
export function randomSample(pattern: RegExp, random: (limit: number) => number): string {
  const sampleOf = (node: PatternNode): string => {
    switch (node.kind) {
      case 'set': {
        const own = unitsIn(node.set);
        const unit = own[random(own.length)]!;
        return String.fromCharCode(
          pattern.ignoreCase && unit >= 97 && unit <= 122 && random(2) === 0 ? unit - 32 : unit,
        );
      }
      case 'assertion':
        return '';
      case 'sequence':
        return node.parts.map(sampleOf).join('');
      case 'choice':
        return sampleOf(node.options[random(node.options.length)]!);
      case 'repeat': {
        const more = random(Math.min(4, node.max - node.min + 1));
        return Array.from({ length: node.min + more }, () => sampleOf(node.body)).join('');
      }
    }
  };
  return sampleOf(parsePattern(pattern));
}

/**
 * Tries the pattern at the start of the text as a backtracking matcher does, and counts how many units it compares;
 * for tests of `patternCost`. Lookarounds are taken as true, so every path is walked to its end.
 */
export function countSteps(pattern: RegExp, text: string): number {
  let steps = 0;
  const matches = (node: PatternNode, at: number, then: (at: number) => boolean): boolean => {
    switch (node.kind) {
      case 'set':
        steps++;
        return at < text.length && has(node.set, text.charCodeAt(at)) && then(at + 1);
      case 'assertion':
        return then(at);
      case 'sequence':
        return matchParts(node.parts, 0, at, then);
      case 'choice':
        return node.options.some((option) => matches(option, at, then));
      case 'repeat':
        return matchRepeat(node, 0, at, then);
    }
  };
  const matchParts = (
    parts: readonly PatternNode[],
    index: number,
    at: number,
    then: (at: number) => boolean,
  ): boolean =>
    index === parts.length
      ? then(at)
      : matches(parts[index]!, at, (next) => matchParts(parts, index + 1, next, then));
  const matchRepeat = (
    node: PatternNode & { kind: 'repeat' },
    count: number,
    at: number,
    then: (at: number) => boolean,
  ): boolean => {
    const isMore =
      count < node.max && matches(node.body, at, (next) => matchRepeat(node, count + 1, next, then));
    return isMore || (count >= node.min && then(at));
  };
  matches(parsePattern(pattern), 0, () => true);
  return steps;
}

function has(set: CharSet, unit: number): boolean {
  const folded = unit >= 65 && unit <= 90 ? unit + 32 : Math.min(unit, 256);
  return ((set >> BigInt(folded)) & 1n) === 1n;
}
