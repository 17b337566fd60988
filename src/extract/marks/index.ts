/**
 * Rules over texts: one walk finds every rule's matches, in time linear in the text, whatever the text's author
 * intended. Patterns are reasoned about when they are loaded (`pattern.ts`, `pattern-cost.ts`,
 * `pattern-literals.ts`); one that is unbounded, ambiguous or without a literal is refused.
 */
export { PatternFault } from './pattern.ts';
export { patternCost, type PatternCost } from './pattern-cost.ts';
export { requiredLiterals } from './pattern-literals.ts';
export {
  RuleScan,
  MAX_PATTERN_LENGTH,
  MAX_PATTERN_PATHS,
  type Place,
  type TextMatch,
  type TextRule,
} from './rule-scan.ts';
