import { useState, type ReactNode } from 'react';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import type { Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { useLive } from '../../client/use-live.ts';
import { Button } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { OutcomeBadge } from '../capture/outcome.tsx';
import { CrawlList } from './crawl-list.tsx';
import { NewVisits } from './new-visits.tsx';
import { failureWords, visitOf } from './visit-job.ts';
import styles from './crawls.module.css';

type Job = Reply<'listJobs'>['jobs'][number];
type State = Job['state'];

const STATES: readonly { id: State; name: string; empty: string; hint: string }[] = [
  {
    id: 'running',
    name: 'Under way',
    empty: 'No visit is under way',
    hint: 'Ask for some above: they begin at once.',
  },
  {
    id: 'queued',
    name: 'Waiting',
    empty: 'Nothing waits',
    hint: 'Visits wait here for their turn, one host after another.',
  },
  {
    id: 'done',
    name: 'Done',
    empty: 'No visit is done yet',
    hint: 'What virtual users brought back is listed here.',
  },
  {
    id: 'dead',
    name: 'Failed',
    empty: 'Nothing failed',
    hint: 'A visit that Adit could not make, however often it tried, is listed here with the reason.',
  },
];
const EVENTS = ['capture-queued', 'capture-started', 'capture-done', 'capture-failed'] as const;

/** Visits: asked for, under way, done and failed, live. */
export function CrawlsScreen(): ReactNode {
  const [chosen] = useQueryParam('state');
  const state = STATES.find(({ id }) => id === chosen) ?? STATES[0]!;
  const [crawl, setCrawl] = useQueryParam('crawl');
  const jobs = useApi(
    'listJobs',
    { query: { state: state.id, limit: 200, ...(crawl !== undefined && { crawl }) } },
    { keepPrevious: true },
  );
  const retry = useAction('retryJob', ['listJobs']);
  const [latest, setLatest] = useState<string>();
  useLive(EVENTS, (data, name) => setLatest(wordsOf(name, data)));
  const show = (id: State): void => changeQuery({ state: id }, { replace: true });
  useShortcuts(
    STATES.map(({ id, name }, index) => ({
      keys: String(index + 1),
      title: `Visits: ${name}`,
      run: () => show(id),
    })),
  );
  const again = async (id: number): Promise<void> => {
    try {
      await retry.mutateAsync({ params: { id } });
      say('It is in the queue again.');
    } catch (error) {
      sayFault(error);
    }
  };
  const counts = jobs.data?.counts;
  const rows = jobs.data?.jobs.filter(({ kind }) => kind === 'capture') ?? [];
  return (
    <>
      <header className={styles.head}>
        <h1>Crawls and visits</h1>
        <p className={styles.live} role="status">
          {latest !== undefined && <Inert text={latest} clamp={120} />}
        </p>
      </header>
      <NewVisits />
      <CrawlList />
      <div className={styles.visits}>
        <h2>{crawl === undefined ? 'Visits' : 'Visits of the crawl'}</h2>
        {crawl !== undefined && (
          <Button kind="quiet" onPress={() => setCrawl(undefined)}>
            Show all visits
          </Button>
        )}
      </div>
      <div className={styles.states} role="radiogroup" aria-label="Which visits">
        {STATES.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            role="radio"
            aria-checked={id === state.id}
            className={styles.state}
            onClick={() => show(id)}
          >
            <span>{name}</span>
            <strong>{counts === undefined ? '–' : figure(counts[id])}</strong>
          </button>
        ))}
      </div>
      {jobs.error !== null && <Fault error={jobs.error} onRetry={() => void jobs.refetch()} />}
      {jobs.data === undefined && jobs.error === null && <Wait />}
      {jobs.data !== undefined && rows.length === 0 && <Empty title={state.empty}>{state.hint}</Empty>}
      {rows.length > 0 && (
        <DataTable
          label={`Visits: ${state.name}`}
          columns={columnsOf(state.id, (id) => void again(id))}
          rows={rows}
          rowKey={({ id }) => String(id)}
          footer={
            counts !== undefined && counts[state.id] > rows.length
              ? `the latest ${figure(rows.length)} of ${figure(counts[state.id])}`
              : counted(rows.length, 'visit')
          }
        />
      )}
    </>
  );
}

function wordsOf(name: string, data: unknown): string | undefined {
  const { url, outcome } = data as { url?: unknown; outcome?: unknown }; // an event of ours
  const address = typeof url === 'string' ? url : '';
  switch (name) {
    case 'capture-started':
      return `On the way to ${address}`;
    case 'capture-done':
      return `Done: ${address}${typeof outcome === 'string' && outcome !== 'ok' ? ` (${outcome})` : ''}`;
    case 'capture-failed':
      return `Could not be made: ${address}`;
    case 'capture-queued':
      return `Waiting: ${address}`;
    default:
      return undefined;
  }
}

function columnsOf(state: State, retry: (id: number) => void): readonly Column<Job>[] {
  const address: Column<Job> = {
    id: 'url',
    title: 'Address',
    width: 'minmax(160px, 2.4fr)',
    cell: ({ payload }) => {
      const { url, captureId } = visitOf(payload, undefined);
      return captureId === undefined ? <Value type="url" value={url} /> : <Inert text={url} clamp={120} />;
    },
  };
  const persona: Column<Job> = {
    id: 'persona',
    title: 'Persona',
    width: '132px',
    isSecondary: true,
    cell: ({ payload }) => visitOf(payload, undefined).persona,
  };
  const when: Column<Job> = {
    id: 'when',
    title: state === 'queued' ? 'Not before' : state === 'running' ? 'Asked for' : 'Ended',
    width: '148px',
    isSecondary: true,
    cell: ({ runAt, createdAt, finishedAt }) => (
      <Time
        at={state === 'queued' ? runAt : state === 'running' ? createdAt : finishedAt}
        precision="second"
      />
    ),
  };
  if (state === 'done')
    return [
      {
        id: 'outcome',
        title: 'Outcome',
        width: '104px',
        cell: ({ payload, result }) => <OutcomeBadge kind={visitOf(payload, result).outcome ?? 'unknown'} />,
      },
      address,
      persona,
      when,
      {
        id: 'capture',
        title: 'Capture',
        width: '84px',
        cell: ({ payload, result }) => {
          const { captureId } = visitOf(payload, result);
          return captureId === undefined ? (
            '–'
          ) : (
            <a href={`/captures/${encodeURIComponent(captureId)}`} tabIndex={-1}>
              Open
            </a>
          );
        },
      },
    ];
  if (state === 'dead')
    return [
      address,
      {
        id: 'why',
        title: 'Why',
        width: 'minmax(140px, 2fr)',
        cell: ({ lastError }) => <Inert text={failureWords(lastError)} clamp={200} />,
      },
      {
        id: 'attempts',
        title: 'Attempts',
        width: '76px',
        align: 'end',
        isSecondary: true,
        cell: ({ attempts }) => attempts,
      },
      when,
      {
        id: 'retry',
        title: 'Actions',
        width: '88px',
        cell: ({ id }) => (
          <Button kind="quiet" onPress={() => retry(id)}>
            Try again
          </Button>
        ),
      },
    ];
  return [
    address,
    persona,
    {
      id: 'attempts',
      title: 'Attempt',
      width: '76px',
      align: 'end',
      isSecondary: true,
      cell: ({ attempts, maxAttempts }) => `${Math.max(1, attempts)}/${maxAttempts}`,
    },
    {
      id: 'trouble',
      title: 'Trouble so far',
      width: 'minmax(0, 1.2fr)',
      isSecondary: true,
      cell: ({ lastError }) =>
        lastError === undefined ? '' : <Inert text={failureWords(lastError)} clamp={100} />,
    },
    when,
  ];
}
