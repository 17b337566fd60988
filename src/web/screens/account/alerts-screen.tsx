import { useMemo, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { call, type Reply } from '../../client/call.ts';
import { useAction } from '../../client/use-api.ts';
import { usePages } from '../../client/use-pages.ts';
import { Badge, Button, ButtonLink } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { counted, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';

type Alert = Reply<'listAlerts'>['alerts'][number];

const PAGE = 200;

/** New answers of watched searches, the latest first; they come by themselves. */
export function AlertsScreen(): ReactNode {
  const pages = usePages(
    ['listAlerts', 'all'],
    async (before, signal) => {
      const { alerts } = await call('listAlerts', { query: { before, limit: PAGE } }, signal);
      return { alerts, cursor: alerts.length < PAGE ? undefined : alerts.at(-1)?.id };
    },
    ({ alerts }) => alerts,
  );
  const acknowledge = useAction('acknowledgeAlerts', ['listAlerts', 'listSearches']);
  const rows = pages.items ?? [];
  const hasOpen = rows.some(({ acknowledgedAt }) => acknowledgedAt === undefined);
  const see = (which: { readonly ids?: number[] }): void =>
    acknowledge.mutate({ body: which }, { onError: sayFault });
  useShortcuts(hasOpen ? [{ keys: 'e', title: 'Mark all alerts as seen', run: () => see({}) }] : []);
  const columns = useMemo<Column<Alert>[]>(
    () => [
      { id: 'at', title: 'When', width: '132px', cell: ({ at }) => <Time at={at} /> },
      {
        id: 'artifact',
        title: 'New answer',
        width: 'minmax(200px, 3fr)',
        cell: ({ artifact: { type, value } }) => <Value type={type} value={value} />,
      },
      {
        id: 'search',
        title: 'Watched search',
        width: 'minmax(140px, 2fr)',
        cell: ({ search }) => (
          <a href={href('search', {}, { q: search.query })} tabIndex={-1}>
            <Inert isProse text={search.name} clamp={80} />
          </a>
        ),
      },
      {
        id: 'state',
        title: 'State',
        width: '90px',
        cell: ({ acknowledgedAt }) =>
          acknowledgedAt === undefined ? <Badge kind="suspected">new</Badge> : <Badge>seen</Badge>,
      },
    ],
    [],
  );
  return (
    <>
      <header className="screen-head">
        <h1>Alerts</h1>
        {hasOpen && (
          <Button isDisabled={acknowledge.isPending} onPress={() => see({})}>
            Mark all as seen
          </Button>
        )}
      </header>
      {pages.error !== null && <Fault error={pages.error} onRetry={pages.retry} />}
      {pages.items === undefined && pages.error === null && <Wait />}
      {pages.items?.length === 0 && (
        <Empty title="No alert yet" actions={<ButtonLink href={href('search')}>Search</ButtonLink>}>
          Save a search and watch it: whatever new answer it has shows up here as it comes in.
        </Empty>
      )}
      {rows.length > 0 && (
        <DataTable
          label="Alerts"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => String(id)}
          onOpen={({ id, acknowledgedAt }) => {
            if (acknowledgedAt === undefined) see({ ids: [id] });
          }}
          onEnd={pages.more}
          footer={
            pages.hasMore
              ? `${counted(rows.length, 'alert')} so far; more as you scroll`
              : counted(rows.length, 'alert')
          }
        />
      )}
    </>
  );
}
