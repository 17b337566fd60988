import { COSTS, gapCost, pairCost, substitutionCost } from './distance.ts';

/** One difference between a name's part and the brand's label, in reading order. */
export interface Edit {
  readonly kind: 'substitution' | 'pair' | 'insertion' | 'omission' | 'repetition' | 'transposition';
  /** Where in the part, and how many of its characters. */
  readonly at: number;
  readonly width: number;
  /** What stands there, and what the brand has instead; one of them is empty where a letter was left out or added. */
  readonly text: string;
  readonly meant: string;
  readonly cost: number;
}

interface Step {
  readonly cost: number;
  readonly i: number;
  readonly j: number;
  readonly kind: Edit['kind'] | 'same' | 'start';
}

/**
 * The cheapest way to read `text` as `brand`, with the edits: the slow twin of `boundedDistance`, which explains what that
 * one only measures. What both begin and end with alike counts as read alike.
 */
export function align(
  text: string,
  brand: string,
): { readonly cost: number; readonly edits: readonly Edit[] } {
  let same = 0;
  const shorter = Math.min(text.length, brand.length);
  while (same < shorter && text[same] === brand[same]) same++;
  let sameEnd = 0;
  while (sameEnd < shorter - same && text.at(-1 - sameEnd) === brand.at(-1 - sameEnd)) sameEnd++;
  const size = text.length - same - sameEnd;
  const width = brand.length - same - sameEnd;
  const table = fillTable(text, brand, same, size, width);
  const edits: Edit[] = [];
  for (let i = size, j = width; i > 0 || j > 0;) {
    const step = table[i][j];
    if (step.kind !== 'same' && step.kind !== 'start')
      edits.push({
        kind: step.kind,
        at: same + step.i,
        width: i - step.i,
        text: text.slice(same + step.i, same + i),
        meant: brand.slice(same + step.j, same + j),
        cost: step.cost - table[step.i][step.j].cost,
      });
    i = step.i;
    j = step.j;
  }
  return { cost: table[size][width].cost, edits: edits.reverse() };
}

/** Cheapest costs of reading the first i of `size` characters as the first j of `width`, both from `skip` on. */
function fillTable(text: string, brand: string, skip: number, size: number, width: number): Step[][] {
  const code = (of: string, at: number): number => (at < 0 || at >= of.length ? 0 : of.charCodeAt(at));
  const table: Step[][] = [];
  for (let i = 0; i <= size; i++) {
    const row: Step[] = [];
    table.push(row);
    for (let j = 0; j <= width; j++) {
      let best: Step = { cost: i === 0 && j === 0 ? 0 : Infinity, i, j, kind: 'start' };
      const offer = (fromI: number, fromJ: number, cost: number | undefined, kind: Step['kind']): void => {
        if (fromI < 0 || fromJ < 0 || cost === undefined) return;
        const total = table[fromI][fromJ].cost + cost;
        if (total < best.cost) best = { cost: total, i: fromI, j: fromJ, kind };
      };
      const letter = code(text, skip + i - 1);
      const meant = code(brand, skip + j - 1);
      const before = code(text, skip + i - 2);
      const beforeMeant = code(brand, skip + j - 2);
      offer(i - 1, j - 1, substitutionCost(letter, meant), letter === meant ? 'same' : 'substitution');
      offer(i - 2, j - 1, pairCost(before, letter, meant), 'pair');
      offer(i - 1, j - 2, pairCost(beforeMeant, meant, letter), 'pair');
      if (letter === beforeMeant && before === meant && letter !== before)
        offer(i - 2, j - 2, COSTS.transposition, 'transposition');
      const inserted = gapCost(letter, before, code(text, skip + i));
      offer(i - 1, j, inserted, inserted === COSTS.doubled ? 'repetition' : 'insertion');
      offer(i, j - 1, gapCost(meant, beforeMeant, code(brand, skip + j)), 'omission');
      row.push(best);
    }
  }
  return table;
}
