import { useMemo, type ReactNode } from 'react';
import { href } from '../../app/screens.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import type { Reply } from '../../client/call.ts';
import { useAction, useApi } from '../../client/use-api.ts';
import { useLiveAnswers } from '../../client/use-live.ts';
import { Badge, Button, ButtonLink } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { sayFault } from '../../design/toasts.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';

type Alert = Reply<'listAlerts'>['alerts'][number];

/** New answers of watched searches, the latest first; they come by themselves. */
export function AlertsScreen(): ReactNode {
  const alerts = useApi('listAlerts', {});
  const acknowledge = useAction('acknowledgeAlerts', ['listAlerts', 'listSearches']);
  useLiveAnswers(['alert', 'reset'], ['listAlerts']);
  const rows = alerts.data?.alerts ?? [];
  const open = rows.filter(({ acknowledgedAt }) => acknowledgedAt === undefined);
  const see = (ids: readonly number[]): void => {
    if (ids.length > 0) acknowledge.mutate({ body: { ids: [...ids] } }, { onError: sayFault });
  };
  useShortcuts([{ keys: 'e', title: 'Mark all alerts as seen', run: () => see(open.map(({ id }) => id)) }]);
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
        {open.length > 0 && (
          <Button isDisabled={acknowledge.isPending} onPress={() => see(open.map(({ id }) => id))}>
            Mark all as seen
          </Button>
        )}
      </header>
      {alerts.error !== null && <Fault error={alerts.error} onRetry={() => void alerts.refetch()} />}
      {alerts.isPending && <Wait />}
      {alerts.data !== undefined && rows.length === 0 && (
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
            if (acknowledgedAt === undefined) see([id]);
          }}
        />
      )}
    </>
  );
}
