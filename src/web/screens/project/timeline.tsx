import type { ReactNode } from 'react';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { outcomeShort } from '../capture/outcome.tsx';
import styles from './project.module.css';

type Entry = Reply<'getTimeline'>['entries'][number];

const KINDS: Readonly<Record<Entry['kind'], string>> = {
  'first-seen': 'first seen',
  'last-seen': 'last seen',
  captured: 'captured',
  copied: 'copied',
  added: 'added',
};

/** What became known of the artifacts, and when it happened, a day after the other. */
export function Timeline({ id }: { readonly id: string }): ReactNode {
  const timeline = useApi('getTimeline', { params: { id }, query: { limit: 1_000 } });
  if (timeline.error !== null)
    return <Fault error={timeline.error} onRetry={() => void timeline.refetch()} />;
  if (timeline.data === undefined) return <Wait label="Putting it in order" />;
  const { entries, isCut } = timeline.data;
  if (entries.length === 0)
    return (
      <Empty title="Nothing dated yet">Captures and first sightings of its artifacts will stand here.</Empty>
    );
  const days = Map.groupBy(entries, ({ at }) => new Date(at).toDateString());
  return (
    <>
      {[...days].map(([day, all]) => (
        <section key={day} className={styles.day}>
          <h2>
            <Time at={all[0]!.at} precision="day" />
          </h2>
          <ol>
            {all.map((entry, index) => (
              <li key={`${entry.at} ${entry.kind} ${entry.artifact.value} ${index}`} data-kind={entry.kind}>
                <Time at={entry.at} precision="second" />
                <span className={styles.kind}>{KINDS[entry.kind]}</span>
                <Value {...entry.artifact} />
                <span className="soft">
                  {entry.captureId === undefined ? (
                    entry.text !== KINDS[entry.kind] && <Inert isProse text={entry.text} clamp={160} />
                  ) : (
                    <a href={`/captures/${encodeURIComponent(entry.captureId)}`}>
                      <Inert isProse text={outcomeShort(entry.text)} clamp={160} />
                    </a>
                  )}
                </span>
              </li>
            ))}
          </ol>
        </section>
      ))}
      {isCut && <p className="soft">There is more than is shown here.</p>}
    </>
  );
}
