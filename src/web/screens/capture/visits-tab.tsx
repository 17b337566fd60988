import { useState, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import type { Reply } from '../../client/call.ts';
import { useApi } from '../../client/use-api.ts';
import { Badge, Button, Panel } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import { OutcomeBadge } from './outcome.tsx';
import styles from './capture.module.css';

type Capture = Reply<'listVisits'>['captures'][number];

/** Captures of the same address over time and by persona, and what changed between any of them and this one. */
export function VisitsTab({ captureId }: { readonly captureId: string }): ReactNode {
  const [other, setOther] = useState<string>();
  const personas = useApi('listPersonas', {}).data?.personas;
  const visits = useApi('listVisits', { params: { id: captureId }, query: {} });
  if (visits.error !== null) return <Fault error={visits.error} onRetry={() => void visits.refetch()} />;
  if (visits.data === undefined) return <Wait />;
  const { captures } = visits.data;
  const columns: readonly Column<Capture>[] = [
    {
      id: 'at',
      title: 'When',
      width: 'minmax(132px, 150px)',
      cell: ({ id, startedAt }) => (
        <a href={href('capture', { id })} tabIndex={-1}>
          <Time at={startedAt} precision="second" />
        </a>
      ),
    },
    {
      id: 'persona',
      title: 'Persona',
      width: 'minmax(100px, 1fr)',
      isSecondary: true,
      cell: ({ persona }) => personas?.find(({ id }) => id === persona)?.title ?? persona,
    },
    {
      id: 'outcome',
      title: 'Outcome',
      width: '96px',
      cell: ({ outcome }) => <OutcomeBadge kind={outcome} />,
    },
    {
      id: 'title',
      title: 'Title',
      width: 'minmax(0, 2fr)',
      isSecondary: true,
      cell: ({ title }) => <Inert text={title ?? ''} clamp={100} />,
    },
    {
      id: 'compare',
      title: 'Actions',
      width: '84px',
      cell: ({ id }) =>
        id === captureId ? (
          <span className="soft">this one</span>
        ) : (
          <Button kind="quiet" onPress={() => setOther(id)}>
            Compare
          </Button>
        ),
    },
  ];
  return (
    <div className={styles.column}>
      <DataTable
        label="Visits of this address, newest first; Enter compares"
        columns={columns}
        rows={captures}
        rowKey={({ id }) => id}
        openKey={other}
        onOpen={({ id }) => id !== captureId && setOther(id)}
        footer={counted(captures.length, 'visit')}
      />
      {captures.length < 2 && (
        <p className="soft">
          This is the only visit of this address. Visit it again, or as another persona, to see what changes.
        </p>
      )}
      {other !== undefined && <Changes captureId={captureId} since={other} />}
    </div>
  );
}

function Changes({ captureId, since }: { readonly captureId: string; readonly since: string }): ReactNode {
  const changes = useApi('getChanges', { params: { id: captureId }, query: { since } });
  if (changes.error !== null) return <Fault error={changes.error} onRetry={() => void changes.refetch()} />;
  if (changes.data === undefined) return <Wait label="Comparing" />;
  const { differences, inconclusive, datasets } = changes.data;
  if (differences.length + datasets.length + inconclusive.length === 0)
    return <Empty title="Nothing changed">Both visits were shown the same.</Empty>;
  return (
    <Panel title="What changed">
      <ul className={styles.changes}>
        {differences.map(({ aspect, isMaterial, says }) => (
          <li key={aspect}>
            {isMaterial && <Badge kind="suspected">cloaking</Badge>} <Inert text={says} clamp={400} />
          </li>
        ))}
        {inconclusive.map(({ persona, why }) => (
          <li key={persona}>
            The visit as {persona} says nothing: <Inert text={why} />
          </li>
        ))}
      </ul>
      {datasets.map(({ dataset, appeared, vanished, isCut }) => (
        <details key={dataset} className={styles.change} open={datasets.length <= 3}>
          <summary>
            {dataset}: <span className={styles.addedWord}>{appeared.length} only here</span>,{' '}
            <span className={styles.removedWord}>{vanished.length} only there</span>
            {isCut && ' and more'}
          </summary>
          <ul>
            {[
              ...appeared.map((pair) => ({ ...pair, sign: '+' })),
              ...vanished.map((pair) => ({ ...pair, sign: '−' })),
            ].map(({ source, label, target, sign }, index) => (
              <li key={index}>
                <span className={sign === '+' ? styles.addedWord : styles.removedWord}>{sign}</span>{' '}
                <Inert text={source} clamp={60} /> <span className="soft">{label}</span>{' '}
                <Inert text={target} clamp={90} />
              </li>
            ))}
          </ul>
        </details>
      ))}
    </Panel>
  );
}
