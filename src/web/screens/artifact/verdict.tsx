import { useState, type ReactNode } from 'react';
import { openDialog } from '../../app/dialogs.ts';
import { useAction } from '../../client/use-api.ts';
import { Badge, Button, Select } from '../../design/controls.tsx';
import { sayFault } from '../../design/toasts.tsx';
import { Inert } from '../../value/value.tsx';
import type { Summary } from './artifact-screen.tsx';
import styles from './artifact.module.css';

const KINDS = {
  malicious: 'confirmed',
  suspicious: 'suspected',
  notable: 'suspected',
  benign: 'good',
  unknown: 'plain',
} as const;
const CLASSES = [
  { id: 'unknown', name: 'Not classified' },
  { id: 'malicious', name: 'Malicious' },
  { id: 'suspicious', name: 'Suspicious' },
  { id: 'benign', name: 'Benign' },
] as const;

/** The score of a host, with all its rules open: those that hold, and those that do not. */
export function Verdict({ verdict }: Pick<Summary, 'verdict'>): ReactNode {
  const [isWhole, setWhole] = useState(false);
  if (verdict === undefined) return null;
  const holding = verdict.rules.filter(({ isTrue }) => isTrue);
  return (
    <section className={styles.verdict} aria-label="Verdict">
      <h2>
        Verdict <Badge kind={KINDS[verdict.level]}>{`${verdict.level} · ${verdict.score}`}</Badge>
      </h2>
      {(holding.length > 0 || isWhole) && (
        <ul>
          {(isWhole ? verdict.rules : holding).map(({ id, text, points, isTrue }) => (
            <li key={id} className={isTrue ? undefined : styles.untrue}>
              <span className={styles.points}>{isTrue ? (points > 0 ? `+${points}` : points) : '0'}</span>
              <span className="only-for-readers">{isTrue ? 'Holds: ' : 'Does not hold: '}</span>
              {text}
            </li>
          ))}
        </ul>
      )}
      <Button kind="quiet" aria-expanded={isWhole} onPress={() => setWhole(!isWhole)}>
        {isWhole ? 'Only what holds' : `All ${verdict.rules.length} rules`}
      </Button>
    </section>
  );
}

/** What people said of it: its class, and tags. */
export function Marks({
  summary: { artifact, classification, tags },
}: {
  readonly summary: Summary;
}): ReactNode {
  const put = useAction('putMark', ['getArtifact', 'getMark', 'search']);
  return (
    <div className={styles.marks}>
      <Select
        label="Classification"
        showLabel={false}
        choices={CLASSES}
        value={classification}
        onChange={(next) =>
          put.mutate({ body: { value: artifact.value, classification: next } }, { onError: sayFault })
        }
      />
      {tags.map((tag) => (
        <Badge key={tag}>
          <Inert isProse text={tag} clamp={40} />
        </Badge>
      ))}
      <Button kind="quiet" onPress={() => openDialog({ kind: 'tags', artifact })}>
        {tags.length === 0 ? 'Add tags' : 'Edit tags'}
      </Button>
    </div>
  );
}
