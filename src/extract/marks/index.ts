/**
 * Rules over texts: one walk finds every rule's matches, in time linear in the text, whatever the text's author
 * intended. Patterns are reasoned about when they are loaded (`pattern.ts`, `pattern-cost.ts`,
 * `pattern-literals.ts`); one that is unbounded, ambiguous or without a literal is refused. `text-marks.ts` holds the
 * rules of all datasets; `page-facts.ts` reads what detectors ask of a page's markup.
 */
export { PatternFault } from './pattern.ts';
export { patternCost } from './pattern-cost.ts';
export { requiredLiterals } from './pattern-literals.ts';
export { BEYOND_ASCII, WholeText, type PartialText } from './partial-text.ts';
export type { Neighbour } from './pattern-neighbours.ts';
export { inPairs, MAX_LITERALS, type Place, type TextMatch } from './rule-scan.ts';
