import { useMemo, type ReactNode } from 'react';
import { changeQuery, useQueryParam } from '../../app/location.ts';
import { call, type Input, type Reply } from '../../client/call.ts';
import { usePages } from '../../client/use-pages.ts';
import { Button, Check, Select } from '../../design/controls.tsx';
import controls from '../../design/controls.module.css';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { DataTable, type Column, type Sort } from '../../table/data-table.tsx';
import { durationWords, sizeWords } from '../../value/size.ts';
import { counted, figure } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { ExchangeDrawer } from './exchange-drawer.tsx';
import styles from './capture.module.css';

type Exchange = Reply<'listExchanges'>['exchanges'][number];
type Query = NonNullable<Input<'listExchanges'>['query']>;
type Facets = Reply<'listExchanges'>['facets'];

const SORTS = ['order', 'host', 'method', 'status', 'type', 'size', 'duration', 'cause', 'address'] as const;
const FILTERS = {
  contains: undefined,
  host: undefined,
  type: undefined,
  status: undefined,
  cause: undefined,
};

/** Every exchange of the capture, as a table that can be filtered and sorted. */
export function RequestsTab({ captureId }: { readonly captureId: string }): ReactNode {
  const [contains, setContains] = useQueryParam('contains');
  const [host] = useQueryParam('host');
  const [type, setType] = useQueryParam('type');
  const [status, setStatus] = useQueryParam('status');
  const [cause, setCause] = useQueryParam('cause');
  const [foreign, setForeign] = useQueryParam('foreign');
  const [sorting] = useQueryParam('sort');
  const [open, setOpen] = useQueryParam('exchange');
  const [by, order] = (sorting ?? 'order.asc').split('.');
  const sort: Sort = {
    by: SORTS.find((field) => field === by) ?? 'order',
    order: order === 'desc' ? 'desc' : 'asc',
  };
  const query: Query = {
    contains,
    host,
    type,
    status: status as Query['status'], // the server says which there are
    cause,
    isForeign: foreign === '1' ? 'true' : undefined,
    sort: sort.by as Query['sort'], // one of SORTS
    order: sort.order,
  };
  const pages = usePages(
    ['listExchanges', captureId, query],
    (cursor, signal) =>
      call('listExchanges', { params: { id: captureId }, query: { ...query, cursor } }, signal),
    ({ exchanges }) => exchanges,
  );
  const { items, first } = pages;
  const isFiltered = [contains, host, type, status, cause, foreign].some((each) => each !== undefined);
  const clear = (): void => changeQuery({ ...FILTERS, foreign: undefined });
  return (
    <>
      <div className={styles.filters}>
        <input
          className={controls.input}
          type="search"
          aria-label="Filter requests by address, media type, IP address or digest"
          placeholder="Address, type, IP or hash…"
          defaultValue={contains ?? ''}
          key={contains ?? ''}
          onBlur={(event) => setContains(event.target.value.trim() || undefined)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setContains(event.currentTarget.value.trim() || undefined);
          }}
        />
        {first !== undefined && (
          <>
            <Facet label="Type" facet={first.facets.type} value={type} onChange={setType} />
            <Facet label="Status" facet={first.facets.status} value={status} onChange={setStatus} />
            <Facet label="Cause" facet={first.facets.cause} value={cause} onChange={setCause} />
            <Facet
              label="Host"
              facet={first.facets.host}
              value={host}
              onChange={(value) => changeQuery({ host: value })}
            />
          </>
        )}
        <Check isSelected={foreign === '1'} onChange={(is) => setForeign(is ? '1' : undefined)}>
          Foreign only
        </Check>
        {isFiltered && (
          <Button kind="quiet" onPress={clear}>
            Clear
          </Button>
        )}
      </div>
      {pages.error !== null && <Fault error={pages.error} onRetry={pages.retry} />}
      {items === undefined && pages.error === null && <Wait />}
      {items !== undefined && items.length === 0 && (
        <Empty
          title={isFiltered ? 'No request fits the filters' : 'No request was made'}
          actions={isFiltered && <Button onPress={clear}>Clear the filters</Button>}
        />
      )}
      {items !== undefined && items.length > 0 && (
        <Table
          rows={items}
          open={open}
          onOpen={(id) => setOpen(id)}
          sort={sort}
          matching={first?.matching ?? items.length}
          total={first?.total ?? items.length}
          onEnd={pages.more}
        />
      )}
      {open !== undefined && (
        <ExchangeDrawer captureId={captureId} exchange={Number(open)} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

const ANY = '';

/** The values of a column with how many rows have each. */
function Facet(props: {
  readonly label: string;
  readonly facet: Facets['type'];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}): ReactNode {
  const choices = [
    { id: ANY, name: `${props.label}: any` },
    ...props.facet
      .filter(({ value }) => value !== ANY)
      .map(({ value, count }) => ({ id: value, name: `${value} (${figure(count)})` })),
  ];
  return (
    <Select
      label={props.label}
      showLabel={false}
      choices={choices}
      value={props.value ?? ANY}
      onChange={(id) => props.onChange(id === ANY ? undefined : id)}
    />
  );
}

function Table(props: {
  readonly rows: readonly Exchange[];
  readonly open: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly sort: Sort;
  readonly matching: number;
  readonly total: number;
  readonly onEnd: () => void;
}): ReactNode {
  const columns = useMemo(() => COLUMNS, []);
  return (
    <DataTable
      label="Requests of this capture"
      columns={columns}
      rows={props.rows}
      rowKey={({ id }) => String(id)}
      openKey={props.open}
      onOpen={({ id }) => props.onOpen(String(id))}
      sort={props.sort}
      onSort={({ by, order }) => changeQuery({ sort: `${by}.${order}` }, { replace: true })}
      total={props.matching}
      onEnd={props.onEnd}
      footer={
        props.matching === props.total
          ? counted(props.total, 'request')
          : `${figure(props.matching)} of ${counted(props.total, 'request')}`
      }
    />
  );
}

const COLUMNS: readonly Column<Exchange>[] = [
  {
    id: 'order',
    title: '#',
    width: '30px',
    align: 'end',
    isSortable: true,
    isSecondary: true,
    cell: ({ id }) => id,
  },
  {
    id: 'method',
    title: 'Method',
    width: '46px',
    isSortable: true,
    isSecondary: true,
    cell: ({ method }) => <Inert text={method} clamp={12} />,
  },
  { id: 'status', title: 'Status', width: '46px', isSortable: true, cell: (row) => <Status row={row} /> },
  {
    id: 'host',
    title: 'Host',
    width: 'minmax(120px, 1.5fr)',
    isSortable: true,
    cell: ({ host, isForeign }) => (
      <span className={isForeign ? styles.foreign : undefined}>
        <Value type="host" value={host} showAscii={false} />
      </span>
    ),
  },
  {
    id: 'path',
    title: 'Path',
    width: 'minmax(100px, 1.8fr)',
    isSecondary: true,
    cell: ({ url }) => <Inert text={pathOf(url)} clamp={200} />,
  },
  {
    id: 'cause',
    title: 'Cause',
    width: '112px',
    isSortable: true,
    isSecondary: true,
    cell: ({ cause }) => cause ?? '–',
  },
  {
    id: 'type',
    title: 'Type',
    width: '76px',
    isSortable: true,
    isSecondary: true,
    cell: ({ mediaType, resourceType }) => (
      <Inert
        text={mediaType === undefined || mediaType === '' ? (resourceType ?? '–') : shortType(mediaType)}
        clamp={30}
      />
    ),
  },
  {
    id: 'size',
    title: 'Size',
    width: '56px',
    align: 'end',
    isSortable: true,
    cell: ({ sizeBytes }) => sizeWords(sizeBytes),
  },
  {
    id: 'sha256',
    title: 'SHA-256',
    width: '76px',
    isSecondary: true,
    cell: ({ sha256 }) => (sha256 === undefined ? '–' : <Value type="hash" value={sha256} />),
  },
  {
    id: 'duration',
    title: 'Time',
    width: '52px',
    align: 'end',
    isSortable: true,
    isSecondary: true,
    cell: ({ durationMs }) => durationWords(durationMs),
  },
  {
    id: 'address',
    title: 'Address',
    width: '108px',
    isSortable: true,
    isSecondary: true,
    cell: ({ address }) => (address === undefined ? '–' : <Value type="ip" value={address} />),
  },
];

function Status({ row }: { readonly row: Exchange }): ReactNode {
  if (row.failure !== undefined)
    return (
      <span className={styles.bad} title={row.failure}>
        failed
      </span>
    );
  if (row.status === undefined) return <span className="soft">none</span>;
  return (
    <span className={row.status >= 400 ? styles.bad : row.status >= 300 ? 'soft' : undefined}>
      {row.status}
    </span>
  );
}

const shortType = (type: string): string =>
  type.replace(/^(?:application|text|image|font|video|audio)\//, '');

function pathOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : parsed.pathname + parsed.search;
}
