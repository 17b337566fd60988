import type { ReactNode } from 'react';
import { useQueryParam } from '../../app/location.ts';
import type { Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { Badge, Button } from '../../design/controls.tsx';
import { Fault } from '../../design/states.tsx';
import { say, sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert } from '../../value/value.tsx';
import styles from './crawls.module.css';

type Crawl = Reply<'listCrawls'>['crawls'][number];

const FOLLOWS: Readonly<Record<Crawl['scope'], string>> = {
  page: 'no links',
  host: 'within the host',
  domain: 'within the domain',
  any: 'every link',
};

/** Crawls that follow links, with how far each is. Opening one shows its visits alone. */
export function CrawlList(): ReactNode {
  const crawls = useApi('listCrawls', { query: { limit: 100 } });
  const [open, setOpen] = useQueryParam('crawl');
  const stop = useAction('stopCrawl', ['listCrawls', 'listJobs']);
  const end = (id: string): void =>
    stop.mutate(
      { params: { id } },
      {
        onSuccess: () => say('It follows no more links; visits under way end by themselves.'),
        onError: sayFault,
      },
    );
  if (crawls.error !== null) return <Fault error={crawls.error} onRetry={() => void crawls.refetch()} />;
  if (crawls.data === undefined || crawls.data.crawls.length === 0) return null;
  return (
    <section className={styles.crawls}>
      <h2>Crawls</h2>
      <DataTable
        label="Crawls, newest first; Enter shows the visits of one alone"
        columns={columnsWith(end)}
        rows={crawls.data.crawls}
        rowKey={({ id }) => id}
        openKey={open}
        onOpen={({ id }) => setOpen(id === open ? undefined : id)}
        footer={counted(crawls.data.crawls.length, 'crawl')}
      />
    </section>
  );
}

const isUnderWay = ({ counts, stoppedAt }: Crawl): boolean =>
  counts.running > 0 || (counts.queued > 0 && stoppedAt === undefined);

const columnsWith = (end: (id: string) => void): readonly Column<Crawl>[] => [
  {
    id: 'state',
    title: 'State',
    width: '96px',
    cell: (crawl) =>
      isUnderWay(crawl) ? (
        <Badge kind="suspected">under way</Badge>
      ) : crawl.stoppedAt !== undefined ? (
        <Badge>stopped</Badge>
      ) : (
        <Badge kind="good">done</Badge>
      ),
  },
  {
    id: 'seeds',
    title: 'From',
    width: 'minmax(140px, 2fr)',
    cell: ({ seeds }) => (
      <>
        <Inert text={seeds[0] ?? ''} clamp={100} />
        {seeds.length > 1 && <span className="soft"> and {figure(seeds.length - 1)} more</span>}
      </>
    ),
  },
  {
    id: 'follows',
    title: 'Follows',
    width: 'minmax(120px, 1.4fr)',
    isSecondary: true,
    cell: ({ scope, maxDepth }) => `${FOLLOWS[scope]}, ${counted(maxDepth, 'step')}`,
  },
  {
    id: 'visited',
    title: 'Visited',
    width: '116px',
    align: 'end',
    cell: ({ counts, maxPages }) => `${figure(counts.done + counts.dead)} of ≤ ${figure(maxPages)}`,
  },
  {
    id: 'waiting',
    title: 'Waiting',
    width: '72px',
    align: 'end',
    isSecondary: true,
    cell: ({ counts }) => figure(counts.queued + counts.running),
  },
  {
    id: 'begun',
    title: 'Begun',
    width: '132px',
    isSecondary: true,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
  {
    id: 'stop',
    title: 'Actions',
    width: '64px',
    cell: (crawl) =>
      isUnderWay(crawl) && (
        <Button kind="quiet" onPress={() => end(crawl.id)}>
          Stop
        </Button>
      ),
  },
];
