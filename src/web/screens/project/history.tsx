import type { ReactNode } from 'react';
import { useApi } from '../../client/use-api.ts';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
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

/** One change in words: what was done, to which value, and what it is now. */
function Change({ change }: { readonly change: unknown }): ReactNode {
  if (typeof change !== 'object' || change === null) return <Inert text={String(change)} />;
  const { kind, value, ...rest } = change as Record<string, unknown>; // any JSON object
  const details = Object.entries(rest).filter(
    ([, detail]) =>
      detail !== undefined &&
      detail !== null &&
      detail !== '' &&
      !(Array.isArray(detail) && detail.length === 0),
  );
  return (
    <span className={styles.change}>
      {typeof kind === 'string' && <strong>{kind.replaceAll('-', ' ')}</strong>}
      {typeof value === 'string' && <Inert text={value} clamp={120} />}
      {details.map(([name, detail]) => (
        <span key={name} className="soft">
          {name}: <Inert text={typeof detail === 'string' ? detail : JSON.stringify(detail)} clamp={120} />
        </span>
      ))}
    </span>
  );
}
