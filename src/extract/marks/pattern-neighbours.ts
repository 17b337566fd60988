import { BEYOND_ASCII } from './partial-text.ts';
import { ANY, type CharSet, type PatternNode, type Side } from './pattern.ts';

/** What may stand so many units before or behind a literal in every match: all other units rule a match out. */
export interface Neighbour {
  /** -1: right before, 1: right behind. */
  readonly distance: number;
  /** By unit, the last one for all above ASCII: 1 where it may stand there. */
  readonly isAllowed: Uint8Array;
}

/** How far away neighbours are asked for. */
const MAX_DISTANCE = 8;
/** A neighbour that rules out fewer units than this of those that are common in pages is not worth a look. */
const MIN_RULED_OUT = 0.3;

/** The neighbours that rule much out, those that rule out most first, by the parts of the pattern on either side, nearest first. */
export function tellingNeighbours(
  before: readonly PatternNode[],
  behind: readonly PatternNode[],
): readonly Neighbour[] {
  return [...neighboursOn('before', before), ...neighboursOn('behind', behind)]
    .filter(({ ruledOut }) => ruledOut > MIN_RULED_OUT)
    .sort((a, b) => b.ruledOut - a.ruledOut)
    .map(({ side, distance, units }) => toNeighbour(side === 'before' ? -distance : distance, units));
}

interface Units {
  readonly side: Side;
  readonly distance: number;
  readonly units: CharSet;
  readonly ruledOut: number;
}

function neighboursOn(side: Side, parts: readonly PatternNode[]): Units[] {
  return Array.from({ length: MAX_DISTANCE }, (_, beyond) => {
    const units = unitsAt(parts, side, beyond + 1);
    return { side, distance: beyond + 1, units, ruledOut: shareOf(ANY & ~units) };
  });
}

/** Many literals have the same neighbours: there is one object of each, so that little is written down and read. */
const neighbours = new Map<string, Neighbour>();
const tables = new Map<CharSet, Uint8Array>();

function toNeighbour(distance: number, units: CharSet): Neighbour {
  const key = `${distance} ${units}`;
  let neighbour = neighbours.get(key);
  if (neighbour === undefined) {
    const isAllowed = tables.get(units) ?? tableOf(units);
    tables.set(units, isAllowed);
    neighbours.set(key, (neighbour = { distance, isAllowed }));
  }
  return neighbour;
}

function tableOf(units: CharSet): Uint8Array {
  const has = (unit: number): boolean => ((units >> BigInt(unit)) & 1n) === 1n;
  const table = Uint8Array.from({ length: BEYOND_ASCII + 1 }, (_, unit) =>
    has(unit >= 65 && unit <= 90 ? unit + 32 : unit) ? 1 : 0,
  );
  if (units >> BigInt(BEYOND_ASCII) !== 0n) table[BEYOND_ASCII] = 1;
  return table;
}

/** The units that can stand at a distance over these parts: all, where the parts may end before. */
function unitsAt(parts: readonly PatternNode[], side: Side, distance: number): CharSet {
  let units = 0n;
  /** How far it is still to go, each way that there is. */
  let open = new Set([distance]);
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'assertion') {
      if (part.denies?.side !== side || !open.delete(1)) continue;
      units |= unitsAt(parts.slice(index + 1), side, 1) & ~part.denies.units;
    } else {
      const passed = pass(part, side, open);
      units |= passed.units;
      open = passed.open;
    }
  }
  return open.size > 0 ? ANY : units;
}

/** What stands at distances inside a node, and how far it is still to go behind it. */
function pass(
  node: PatternNode,
  side: Side,
  distances: ReadonlySet<number>,
): { units: CharSet; open: Set<number> } {
  switch (node.kind) {
    case 'set': {
      const open = new Set([...distances].filter((distance) => distance > 1).map((distance) => distance - 1));
      return { units: distances.has(1) ? node.set : 0n, open };
    }
    case 'assertion':
      return { units: 0n, open: new Set(distances) };
    case 'sequence': {
      let [units, open] = [0n, new Set(distances)];
      for (const part of side === 'before' ? node.parts.toReversed() : node.parts) {
        const passed = pass(part, side, open);
        units |= passed.units;
        open = passed.open;
      }
      return { units, open };
    }
    case 'choice': {
      const options = node.options.map((option) => pass(option, side, distances));
      return {
        units: options.reduce((set, option) => set | option.units, 0n),
        open: new Set(options.flatMap((option) => [...option.open])),
      };
    }
    case 'repeat': {
      let units = 0n;
      let inner = new Set(distances);
      const open = new Set(node.min === 0 ? distances : []);
      // After so many rounds all that is left has been left before.
      for (let round = 1; round <= Math.min(node.max, node.min + MAX_DISTANCE) && inner.size > 0; round++) {
        const passed = pass(node.body, side, inner);
        units |= passed.units;
        inner = passed.open;
        if (round >= node.min) for (const distance of inner) open.add(distance);
      }
      return { units, open };
    }
  }
}

const COMMON_UNITS = 'eeettaaooiinnssrrllddccuhmpgbfvwykxjqz0123456789   ""==//--..<>:_,;&\'(){}\n';

/** How much of a page's text is of such units, roughly. */
function shareOf(units: CharSet): number {
  let count = 0;
  for (const letter of COMMON_UNITS) if ((units >> BigInt(letter.charCodeAt(0))) & 1n) count++;
  return count / COMMON_UNITS.length;
}
