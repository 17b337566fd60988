import { isHomoglyphic, type Evidence } from './evidence.ts';
import { ABUSED_SUFFIXES, SLIP_SUFFIXES } from './tables/suffixes.ts';
import type { CounterEvidence, Level } from './verdict.ts';
import { isMadeOfWords } from './vocabulary.ts';

/** From these scores on. */
const HIGH = 0.75;
const MEDIUM = 0.4;
const LOW = 0.15;

/** Undefined: not worth a verdict. */
export function levelOf(score: number): Level | undefined {
  if (score >= HIGH) return 'HIGH';
  if (score >= MEDIUM) return 'MEDIUM';
  return score >= LOW ? 'LOW' : undefined;
}

export interface Scored {
  readonly score: number;
  readonly counterEvidence: readonly CounterEvidence[];
}

/** What is known of the name beside its letters. */
export interface Standing {
  readonly isPopular: boolean;
}

/** How surely the name imitates the brand, from what one hit shows. The numbers are fitted: see docs/lookalike.md. */
export function scoreEvidence(evidence: Evidence, standing: Standing): Scored {
  const counterEvidence: CounterEvidence[] = [];
  const counter = (kind: CounterEvidence['kind'], detail: string): void => {
    counterEvidence.push({ kind, detail });
  };
  const { hit, foreign } = evidence;
  const { text: meant, isCommon } = hit.brandLabel;
  const isIdn = foreign.length > 0;
  const isExact = !isIdn && evidence.edits.length === 0;
  let score = isExact ? exactScore(evidence) : similarScore(evidence);
  const isSlip = !isIdn && evidence.edits.length > 0 && !isHomoglyphic(evidence);
  if (isSlip && isMadeOfWords(evidence.text)) {
    counter('word', `“${evidence.text}” is made of common words`);
    score *= 0.4;
  }
  if (isCommon && !isIdn && evidence.pressing.length === 0) {
    counter('common-brand-word', `“${meant}” is a common word or very short`);
    score = Math.min(score, evidence.form === 'whole' ? 0.45 : 0.3);
  }
  if (evidence.loose.length > 0 && evidence.pressing.length === 0 && isExact)
    counter('loose-context', `“${evidence.loose[0]}” marks fans, shops and news more than fraud`);
  if (evidence.place === 'tenant') {
    counter('tenant', 'names there are mostly given to the brands themselves');
    score = Math.min(score, 0.2);
  }
  if (standing.isPopular && !isIdn) {
    counter('popular', 'the domain itself has many users');
    score = Math.min(score, 0.3);
  }
  return { score: Math.round(Math.max(0, Math.min(0.99, score)) * 100) / 100, counterEvidence };
}

/** The brand's name, letter for letter (hyphens apart): where it stands decides. */
function exactScore(evidence: Evidence): number {
  const { hit, form, place, pressing, loose, hyphens } = evidence;
  const { length } = hit.brandLabel.text;
  if (evidence.isFollowedBySuffix && place === 'subdomain') return length >= 4 ? 0.97 : 0.6;
  if (form === 'affixed') return length >= 5 ? 0.92 : 0.5;
  if (form === 'whole') {
    if (place === 'subdomain') return pressing.length > 0 ? 0.75 : 0.42;
    if (place === 'hosting') return pressing.length > 0 ? 0.75 : 0.6;
    if (hyphens > 0) return length >= 6 ? 0.85 : 0.5;
    return suffixSwapScore(evidence);
  }
  const isFew = length < 5 ? 0.25 : 0;
  if (form === 'inside') {
    if (length < 6) return 0;
    return (pressing.length > 0 ? 0.6 : length >= 9 ? 0.5 : 0.3) - isFew;
  }
  const near = place === 'subdomain' ? 0.1 : 0;
  if (evidence.isFollowedBySuffix) return 0.92 - isFew;
  if (pressing.length > 0) return 0.9 - near - isFew;
  if (loose.length > 0) return 0.42 - near - isFew;
  return (form === 'glued' ? 0.45 : 0.55) - near - isFew;
}

/** The label letter for letter under a suffix that is not the brand's. */
function suffixSwapScore({ hit, brand, suffix }: Evidence): number {
  const { length } = hit.brandLabel.text;
  const base = length >= 7 ? 0.6 : length >= 5 ? 0.5 : 0.3;
  if ([...brand.suffixes].some((own) => SLIP_SUFFIXES[own]?.includes(suffix))) return base + 0.27;
  return ABUSED_SUFFIXES.has(suffix) ? base + 0.27 : base;
}

/** Letters differ: how likely they are meant to be taken for the brand's, then where they stand. */
function similarScore(evidence: Evidence): number {
  const { form, place, pressing, foreign } = evidence;
  const likeness = likenessOf(evidence);
  const isPressing = pressing.length > 0;
  if (evidence.isFollowedBySuffix || form === 'affixed') return likeness;
  if (form === 'inside') return likeness * 0.6;
  if (form === 'glued') return likeness * (isPressing ? 0.95 : 0.75);
  if (form === 'word') return likeness * (isPressing ? 1 : 0.8);
  if (place === 'subdomain') return likeness * (foreign.length > 0 ? 0.95 : 0.75);
  if (place === 'hosting') return likeness * 0.9;
  return likeness + (evidence.brand.suffixes.has(evidence.suffix) ? 0.05 : 0);
}

/** From how many edits a letter, how surely a slip of the brand's name is meant. */
const SLIP_LIKENESS: readonly (readonly [ratio: number, likeness: number])[] = [
  [0.06, 0.9],
  [0.09, 0.85],
  [0.12, 0.78],
  [0.15, 0.65],
  [0.18, 0.35],
];

function likenessOf(evidence: Evidence): number {
  const { hit, foreign, edits, distance } = evidence;
  const { length } = hit.brandLabel.text;
  if (foreign.length > 0 && edits.length === 0) return length >= 4 ? 0.99 : length === 3 ? 0.7 : 0.2;
  if (isHomoglyphic(evidence)) return length >= 6 ? 0.93 : length === 5 ? 0.85 : length === 4 ? 0.6 : 0.2;
  const ratio = distance / length;
  const likeness = SLIP_LIKENESS.find(([most]) => ratio <= most)?.[1] ?? 0.2;
  const forLength = length >= 9 ? 0 : length >= 7 ? 0.05 : length === 6 ? 0.12 : 0.3;
  return likeness - forLength + (foreign.length > 0 ? 0.1 : 0);
}
