import { isWithin } from '#model';
import {
  contentEvidence,
  tieEvidence,
  type CopyEvidence,
  type EvidenceKind,
  type Reference,
} from './evidence.ts';
import { likenessOf, type Likeness } from './likeness.ts';
import type { PageProfile } from './page.ts';
import type { HostCount } from './sketch.ts';

/** Whether a page imitates another, and why. */
export interface CopyVerdict {
  /** Its contents are the other's, whoever made it. */
  readonly isCopy: boolean;
  /** HIGH from 0.75 on, MEDIUM from 0.4, LOW from 0.15; NONE where the page belongs to the same owner. */
  readonly level: 'HIGH' | 'MEDIUM' | 'LOW' | 'NONE';
  /** 0 to 1. */
  readonly score: number;
  /** The strongest first. */
  readonly evidence: readonly CopyEvidence[];
  /** What speaks against it. */
  readonly counterEvidence: readonly string[];
  readonly likeness: Likeness;
}

/** Of these each is enough to call a page a copy; the others only support. */
const OF_CONTENT = new Set<EvidenceKind>(['text', 'part', 'reworded', 'markup']);
/**
 * Agreement of contents that makes ties (hotlinks, ids) a copy: less than would do by itself, more than chance. Markup and
 * classes are none: sites of one platform share them, and its files.
 */
const SUPPORTING = { text: 0.15, words: 0.25 };
/** Most that a page without common contents can reach: dressed in the owner's files, or only named after it. */
const MOST_BY_TIES = 0.6;
const MOST_BY_NAME = 0.39;

/** Compares a page with one of an owner's. Pure; a few microseconds. */
export function judge(page: PageProfile, reference: Reference, hosts?: HostCount): CopyVerdict {
  const likeness = likenessOf(page.sketch, reference.sketch, hosts);
  const content = contentEvidence(likeness);
  const ties = tieEvidence(page, reference);
  const evidence = [...content, ...ties].sort((a, b) => b.score - a.score);
  const score = evidence.reduce((rest, each) => rest * (1 - each.score), 1);
  const isSupported = likeness.text >= SUPPORTING.text || likeness.words >= SUPPORTING.words;
  const isTied = ties.some(
    ({ kind, score: weight }) => (kind === 'hotlinks' || kind === 'ids') && weight >= 0.6,
  );
  const isCopy = content.some(({ kind }) => OF_CONTENT.has(kind)) || (isTied && isSupported);
  if (reference.owned.some((domain) => isWithin(page.host, domain)))
    return {
      isCopy,
      level: 'NONE',
      score: 0,
      evidence,
      counterEvidence: ['it is a page of the same owner'],
      likeness,
    };
  // Without a copy there is at most a suspicion: stamps, claims and badges stand on innocent pages, too.
  const most = isCopy ? 1 : isTied ? MOST_BY_TIES : MOST_BY_NAME;
  const rounded = Math.round(Math.min(most, 1 - score) * 100) / 100;
  return {
    isCopy,
    level: rounded >= 0.75 ? 'HIGH' : rounded >= 0.4 ? 'MEDIUM' : rounded >= 0.15 ? 'LOW' : 'NONE',
    score: rounded,
    evidence,
    counterEvidence: isCopy || evidence.length === 0 ? [] : ['its contents are others'],
    likeness,
  };
}
