import type { ArtifactStatus } from '#model';
import type { Classification, DatasetCount } from '#store';
import { edgesBy } from './insights.ts';

/** One rule of the verdict: open, whether it holds or not. */
interface VerdictRule {
  readonly id: string;
  readonly text: string;
  /** Added to the score where it holds. */
  readonly points: number;
  readonly isTrue: boolean;
}

/** A sum of open rules; a person's word stands above it. */
export interface Verdict {
  /** From 0 to 100. */
  readonly score: number;
  readonly level: 'malicious' | 'suspicious' | 'notable' | 'benign' | 'unknown';
  readonly rules: readonly VerdictRule[];
}

const LEVELS = [
  [75, 'malicious'],
  [50, 'suspicious'],
  [25, 'notable'],
] as const;

/** What people and the datasets say of a host. */
export function verdictOf(known: {
  readonly counts: readonly DatasetCount[];
  readonly isIdn: boolean;
  readonly classification: Classification;
  /** Its status in each project that holds it. */
  readonly statuses: readonly ArtifactStatus[];
}): Verdict {
  const { counts, isIdn, classification, statuses } = known;
  const edges = edgesBy(counts);
  const isLookAlike = edges('look-alikes', 'forward') > 0;
  const rules: VerdictRule[] = [
    {
      id: 'classified-malicious',
      text: 'Somebody classified it as malicious',
      points: 100,
      isTrue: classification === 'malicious',
    },
    { id: 'confirmed', text: 'Confirmed in a project', points: 75, isTrue: statuses.includes('confirmed') },
    {
      id: 'classified-suspicious',
      text: 'Somebody classified it as suspicious',
      points: 50,
      isTrue: classification === 'suspicious',
    },
    {
      id: 'copy',
      text: 'Its pages copy those of another host',
      points: 40,
      isTrue: edges('copies', 'forward') > 0,
    },
    { id: 'look-alike', text: 'Its name imitates a protected name', points: 35, isTrue: isLookAlike },
    { id: 'suspected', text: 'Suspected in a project', points: 30, isTrue: statuses.includes('suspected') },
    {
      id: 'mirror-stamp',
      text: 'A page carries the stamp of a copying tool',
      points: 20,
      isTrue: edges('mirror-stamps', 'forward') > 0,
    },
    {
      id: 'idn-look-alike',
      text: 'The imitation uses letters beyond ASCII',
      points: 15,
      isTrue: isLookAlike && isIdn,
    },
  ];
  const score = Math.min(
    100,
    rules.reduce((sum, { points, isTrue }) => sum + (isTrue ? points : 0), 0),
  );
  if (classification === 'benign') return { score: 0, level: 'benign', rules };
  const level = LEVELS.find(([least]) => score >= least)?.[1] ?? 'unknown';
  return { score, level, rules };
}
