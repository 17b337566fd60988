import { DATASETS } from '#model';
import type { ReactNode } from 'react';
import { Rarity } from '../../value/rarity.tsx';
import { Inert, Value } from '../../value/value.tsx';
import type { ProjectArtifact } from './project-screen.tsx';
import styles from './project.module.css';

type Path = ProjectArtifact['path'];

/** The path to an artifact on one line: what it started from, and the value that both share. */
export function PathLine({ path }: { readonly path: Path }): ReactNode {
  const [first, ...rest] = path;
  if (first === undefined) return null;
  return (
    <span className={styles.path}>
      <Value {...first.from} showAscii={false} />
      {[first, ...rest].slice(0, Math.max(1, rest.length)).map(({ to, dataset, shared }, index) => (
        <span key={`${dataset} ${to.value}`} className={styles.step}>
          <span aria-hidden="true">→</span>
          <span className="soft">{DATASETS[dataset].title.toLowerCase()}</span>
          {index < rest.length && <Value {...to} showAscii={false} />}
          {index < rest.length && shared !== undefined && <Rarity shared={shared} what="host" />}
        </span>
      ))}
    </span>
  );
}

/** The same, a step a line, with its datasets and how many share each value. */
export function PathSteps({ path }: { readonly path: Path }): ReactNode {
  const [first] = path;
  if (first === undefined) return null;
  return (
    <ol className={styles.steps}>
      <li>
        <Value {...first.from} />
      </li>
      {path.map(({ to, dataset, label, shared, direction }) => (
        <li key={`${dataset} ${label} ${to.value}`}>
          <span className={styles.by}>
            <span aria-hidden="true">{direction === 'forward' ? '↓' : '↑'}</span> {DATASETS[dataset].title}{' '}
            <Inert text={label} clamp={80} />
            {shared !== undefined && <Rarity shared={shared} what="host" />}
          </span>
          <Value {...to} />
        </li>
      ))}
    </ol>
  );
}
