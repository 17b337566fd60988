import type { Original } from '../test/copy-quality.ts';
import { likenessOf, signPage, type Likeness } from '#similar';

/** A threshold of the judge: what it is put at, what it is put to, and what else the rule asks for, by fixed figures. */
interface Threshold {
  readonly name: string;
  readonly set: number;
  readonly value: (likeness: Likeness) => number;
  readonly applies: (likeness: Likeness) => boolean;
}

/** Those of `contentEvidence` that decide by themselves. */
const THRESHOLDS: readonly Threshold[] = [
  {
    name: 'text that is the same',
    set: 0.3,
    value: ({ text }) => text,
    applies: ({ sizes }) => sizes.text >= 27,
  },
  {
    name: 'shorter text in the longer',
    set: 0.6,
    value: ({ textContained }) => textContained,
    applies: ({ sizes }) => sizes.text >= 30,
  },
  {
    name: 'markup that is the same',
    set: 0.88,
    value: ({ paths }) => paths,
    applies: ({ tags, sizes }) => tags >= 0.8 && sizes.paths >= 30,
  },
  {
    name: 'words, text and markup nearly gone',
    set: 0.3,
    value: ({ words }) => words,
    applies: ({ text, paths, files, sizes }) =>
      text >= 0.05 &&
      sizes.words >= 25 &&
      ((paths >= 0.75 && sizes.paths >= 20) ||
        (paths >= 0.3 && files >= 0.5 && sizes.files >= 3) ||
        (sizes.files < 3 && paths >= 0.35 && text >= 0.08)),
  },
  {
    name: 'shorter text, where its markup is a part',
    set: 0.35,
    value: ({ textContained }) => textContained,
    applies: ({ pathsContained, classesContained, filesContained, sizes }) =>
      sizes.text >= 8 &&
      pathsContained >= 0.75 &&
      sizes.paths >= 15 &&
      ((classesContained >= 0.6 && sizes.classes >= 8) || (filesContained >= 0.6 && sizes.files >= 3)),
  },
];

/**
 * How the thresholds are fitted: of all pairs of different owners' pages, the three highest values that a rule meets. A threshold must lie
 * above them; how far above is a choice, and recall is its price. Run on the fitting half alone.
 */
export function thresholdRows(pages: readonly Original[]): string[] {
  const signed = pages.map(({ reference }) => ({
    owner: reference.owned[0],
    sketch: signPage(reference).sketch,
  }));
  const highest = THRESHOLDS.map(() => [0, 0, 0]);
  for (const [number, left] of signed.entries())
    for (let other = 0; other < number; other++) {
      const right = signed[other]!;
      if (left.owner === right.owner) continue;
      const likeness = likenessOf(left.sketch, right.sketch);
      for (const [at, { applies, value }] of THRESHOLDS.entries())
        if (applies(likeness)) {
          const row = [...highest[at]!, value(likeness)].sort((a, b) => b - a);
          highest[at] = row.slice(0, 3);
        }
    }
  return THRESHOLDS.map(
    ({ name, set }, at) =>
      `${name.padEnd(48)} set to ${set}; highest of the fitting half’s pairs ${highest[at]!.map((value) => value.toFixed(2)).join(', ')}`,
  );
}
