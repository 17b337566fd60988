import type { ReactNode } from 'react';
import { useApi } from '../../client/use-api.ts';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import { changeWords } from './change-words.ts';
import styles from './project.module.css';

/** Every change of a project, who made it and when. */
export function History({ id }: { readonly id: string }): ReactNode {
  const history = useApi('getHistory', { params: { id }, query: { limit: 500 } });
  if (history.error !== null) return <Fault error={history.error} onRetry={() => void history.refetch()} />;
  if (history.data === undefined) return <Wait />;
  if (history.data.history.length === 0) return <Empty title="No change yet" />;
  return (
    <ol className={styles.history}>
      {history.data.history.map(({ at, actor, change }, index) => (
        <li key={`${at} ${index}`}>
          <Time at={at} precision="second" />
          <span className="soft">
            <Inert isProse text={actor ?? ''} clamp={60} />
          </span>
          <Change change={change} />
        </li>
      ))}
    </ol>
  );
}

/** What was done, to which value, and what it is now. */
function Change({ change }: { readonly change: unknown }): ReactNode {
  const { kind, value, details } = changeWords(change);
  return (
    <span className={styles.change}>
      <strong>{kind}</strong>
      {value !== undefined && <Inert text={value} clamp={120} />}
      {details.map((detail) => (
        <span key={detail} className="soft">
          <Inert isProse text={detail} clamp={200} />
        </span>
      ))}
    </span>
  );
}
