import { useState, type ReactNode } from 'react';
import { Button } from '../../design/controls.tsx';
import { counted } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import type { Summary } from './artifact-screen.tsx';
import styles from './artifact.module.css';

/** Shown at first: the rows below are what most people come for. */
const SHOWN = 4;

/** What stands out: each statement, true or not, with why. Those that hold come first, a few of them; the others unfold. */
export function Insights({ insights }: Pick<Summary, 'insights'>): ReactNode {
  const [isWhole, setWhole] = useState(false);
  if (insights.length === 0) return null;
  const holding = insights.filter(({ isTrue }) => isTrue);
  const all = [...holding, ...insights.filter(({ isTrue }) => !isTrue)];
  const shown = isWhole ? all : holding.slice(0, SHOWN);
  return (
    <section className={styles.insights} aria-label="Insights">
      <h2>Insights</h2>
      <ul>
        {shown.map(({ id, isTrue, text }) => (
          <li key={id} className={isTrue ? undefined : styles.untrue}>
            <span aria-hidden="true" className={styles.sign}>
              {isTrue ? '●' : '○'}
            </span>
            <span className="only-for-readers">{isTrue ? 'True: ' : 'Not so: '}</span>
            <Inert isProse text={text} />
          </li>
        ))}
      </ul>
      {all.length > SHOWN && (
        <Button kind="quiet" onPress={() => setWhole(!isWhole)} aria-expanded={isWhole}>
          {isWhole ? 'Only the first' : `All ${counted(all.length, 'check')}, ${holding.length} hold`}
        </Button>
      )}
    </section>
  );
}
