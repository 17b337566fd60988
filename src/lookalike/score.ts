import { LONG } from './distance.ts';
import { isHomoglyphic, type Evidence } from './evidence.ts';
import { ABUSED_SUFFIXES, SLIP_SUFFIXES } from './tables/suffixes.ts';
import type { CounterEvidence, Level } from './verdict.ts';
import { isMadeOfWords } from './vocabulary.ts';

/** From these scores on. */
/** The score from which on a name is of that level. */
export const LEAST_SCORE: Readonly<Record<Level, number>> = { HIGH: 0.75, MEDIUM: 0.4, LOW: 0.15 };

/** Undefined: not worth a verdict. */
export function levelOf(score: number): Level | undefined {
  if (score >= LEAST_SCORE.HIGH) return 'HIGH';
  if (score >= LEAST_SCORE.MEDIUM) return 'MEDIUM';
  return score >= LEAST_SCORE.LOW ? 'LOW' : undefined;
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
  const isIdn = evidence.foreign.length > 0;
  const isExact = !isIdn && evidence.edits.length === 0;
  const counterEvidence = counterEvidenceOf(evidence, standing, isExact);
  let score = isExact ? exactScore(evidence) : similarScore(evidence);
  for (const { kind } of counterEvidence) score = lowered(score, kind, evidence);
  return { score: Math.round(Math.max(0, Math.min(0.99, score)) * 100) / 100, counterEvidence };
}

/** Names of so many letters are hardly met by chance as words; LONG ones not even nearly. */
const DISTINCTIVE = 7;
/** A lone slip that makes words out of so long a name is none by chance. */
const WORDS_BELOW = 10;

function counterEvidenceOf(evidence: Evidence, standing: Standing, isExact: boolean): CounterEvidence[] {
  const { hit, text, foreign, form, pressing, mild, loose, place, isFollowedBySuffix } = evidence;
  const { text: meant, isCommon } = hit.brandLabel;
  const found: CounterEvidence[] = [];
  if (foreign.length === 0) {
    const isSlip = !isExact && !isHomoglyphic(evidence);
    if (isSlip && (meant.length < WORDS_BELOW || evidence.distance >= 1) && isMadeOfWords(text))
      found.push({ kind: 'word', detail: `“${text}” is made of common words` });
    if (isCommon && pressing.length === 0 && !isFollowedBySuffix)
      found.push({ kind: 'common-brand-word', detail: `“${meant}” is a common word or very short` });
    if (isExact && form !== 'whole' && loose.length > 0 && pressing.length + mild.length === 0)
      found.push({
        kind: 'loose-context',
        detail: `“${loose[0]}” marks fans, shops and news more than fraud`,
      });
    if (standing.isPopular) found.push({ kind: 'popular', detail: 'the domain itself has many users' });
  }
  if (place === 'tenant')
    found.push({ kind: 'tenant', detail: 'names there are mostly given to the brands themselves' });
  return found;
}

function lowered(score: number, kind: CounterEvidence['kind'], { form, mild, loose }: Evidence): number {
  switch (kind) {
    case 'word':
      return score * 0.4;
    case 'common-brand-word':
      if (form === 'whole' || (form === 'word' && loose.length > 0)) return Math.min(score, 0.45);
      return form === 'inside' || (form === 'glued' && mild.length + loose.length === 0)
        ? 0
        : Math.min(score, 0.3);
    case 'loose-context':
      return Math.min(score, 0.45);
    case 'popular':
      return Math.min(score, 0.3);
    case 'tenant':
      return Math.min(score, 0.2);
  }
}

/** The brand's name, letter for letter (hyphens apart): where it stands decides. */
function exactScore(evidence: Evidence): number {
  const { hit, form, place, pressing, mild, hyphens, suffix } = evidence;
  const { length } = hit.brandLabel.text;
  const forShort = length < 5 ? 0.25 : 0;
  if (evidence.isFollowedBySuffix) return (place === 'subdomain' ? 0.97 : 0.92) - forShort;
  if (form === 'affixed') return 0.92 - forShort;
  if (form === 'whole') {
    if (place === 'subdomain') return pressing.length > 0 ? 0.75 : length >= LONG ? 0.6 : 0.42;
    if (place === 'hosting') return pressing.length > 0 ? 0.75 : 0.6;
    if (hyphens > 0) return length >= 6 ? 0.85 : 0.5;
    return suffixSwapScore(evidence);
  }
  const near = place === 'subdomain' ? 0.1 : 0;
  const isAbused = ABUSED_SUFFIXES.has(suffix);
  if (form === 'inside') {
    if (length < 6) return 0;
    if (pressing.length > 0) return 0.6;
    return (length >= 9 ? 0.5 : 0.3) + (isAbused ? 0.1 : 0);
  }
  if (pressing.length > 0) return 0.9 - near - forShort;
  const base =
    form === 'word' && length >= DISTINCTIVE ? 0.76 : mild.length > 0 ? 0.7 : form === 'glued' ? 0.45 : 0.55;
  return base + (isAbused ? 0.3 : 0) + (evidence.hasForeignBeside ? 0.25 : 0) - near - forShort;
}

/** The label letter for letter under a suffix that is not the brand's. */
function suffixSwapScore({ hit, suffix }: Evidence): number {
  const { length } = hit.brandLabel.text;
  const base = length >= 7 ? 0.6 : length >= 5 ? 0.5 : 0.3;
  return SLIP_SUFFIXES.has(suffix) || ABUSED_SUFFIXES.has(suffix) ? base + 0.27 : base;
}

/** Letters differ: how likely they are meant to be taken for the brand's, then where they stand. */
function similarScore(evidence: Evidence): number {
  const { form, place, pressing, foreign } = evidence;
  const likeness = likenessOf(evidence);
  const isPressing = pressing.length > 0;
  if (evidence.isFollowedBySuffix || form === 'affixed') return likeness;
  if (form === 'inside') return likeness * (isPressing ? 0.85 : 0.65);
  if (form === 'glued') return likeness * (isPressing ? 0.95 : 0.75);
  if (form === 'word') return likeness * (isPressing ? 1 : 0.8);
  if (place === 'subdomain') return likeness * (foreign.length > 0 ? 0.95 : 0.75);
  if (place === 'hosting') return likeness * 0.9;
  return likeness + (evidence.brand.suffixes.has(evidence.suffix) ? 0.1 : 0);
}

/** From how many edits a letter, how surely a slip of the brand's name is meant: for long names, and for others. */
const SLIP_LIKENESS: readonly (readonly [ratio: number, forLong: number, forOthers: number])[] = [
  [0.06, 0.92, 0.9],
  [0.09, 0.88, 0.85],
  [0.12, 0.82, 0.78],
  [0.15, 0.78, 0.65],
  [0.18, 0.5, 0],
];

function likenessOf(evidence: Evidence): number {
  const { hit, foreign, edits, distance } = evidence;
  const { length } = hit.brandLabel.text;
  if (foreign.length > 0 && edits.length === 0) return length >= 4 ? 0.99 : length === 3 ? 0.7 : 0.2;
  if (isHomoglyphic(evidence)) return length >= 6 ? 0.93 : length === 5 ? 0.85 : length === 4 ? 0.6 : 0.2;
  const ratio = distance / length;
  const row = SLIP_LIKENESS.find(([most]) => ratio <= most);
  if (row === undefined) return 0;
  const isInserted = edits.every(({ kind }) => kind === 'insertion');
  const forPlace = isAtEdge(evidence) ? -0.08 : isInserted ? 0.03 : 0;
  const forLength = length >= 9 ? 0 : length >= 7 ? 0.05 : length === 6 ? 0.12 : 0.3;
  return (length >= LONG ? row[1] : row[2]) - forLength + forPlace + (foreign.length > 0 ? 0.1 : 0);
}

/** Whether only the first letter differs or letters are put before or after: names of their own do that (hank and tank). */
function isAtEdge({ edits, text, hit }: Evidence): boolean {
  return edits.every(
    ({ at, width, kind }) =>
      at === 0 ||
      (kind === 'insertion' && at + width === text.length && text.length > hit.brandLabel.text.length),
  );
}
