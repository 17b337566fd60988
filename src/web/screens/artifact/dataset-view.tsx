import { registrableDomain, sideArtifact, type Artifact, type Host } from '#model';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { changeQuery, usePlace, useQueryParam } from '../../app/location.ts';
import { addressOf, ApiError, call, type Input, type Reply } from '../../client/call.ts';
import { Button, ButtonLink, Check, Select } from '../../design/controls.tsx';
import controls from '../../design/controls.module.css';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { DataTable, type Column, type Sort } from '../../table/data-table.tsx';
import { Rarity } from '../../value/rarity.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import {
  DETAIL_COLUMNS,
  labelTitle,
  otherType,
  sharers,
  tabHint,
  tabTitle,
  type DatasetTab,
} from './dataset-tab.ts';
import { EvidenceDrawer } from './evidence-drawer.tsx';
import { Facets } from './facets.tsx';
import styles from './artifact.module.css';

export type Edge = Reply<'pivot'>['edges'][number];
type Filter = Input<'getFacets'>['query'];
type SortField = 'value' | 'firstSeen' | 'lastSeen' | 'count';

const PAGE = 200;
const edgeKey = ({ source, label, target, dataset }: Edge): string =>
  JSON.stringify([dataset, source, label, target]);

const SEEN = [
  { id: 'all', name: 'Reached and named' },
  { id: 'true', name: 'Reached by the browser' },
  { id: 'false', name: 'Only named by the page' },
] as const;

const COMMON = [
  { id: 'all', name: 'However common' },
  { id: '3', name: 'Shared by at most 3' },
  { id: '20', name: 'Shared by at most 20' },
  { id: '200', name: 'Shared by at most 200' },
] as const;

/** The rows of one tab: filters, table, evidence. What is shown is in the address. */
export function DatasetView(props: {
  readonly artifact: Artifact;
  readonly tab: DatasetTab;
  /** Edges there are without any filter. */
  readonly total: number;
}): ReactNode {
  const { artifact, tab } = props;
  const [open, setOpen] = useState<Edge>();
  const [contains, setContains] = useQueryParam('contains');
  const place = new URLSearchParams(usePlace().query);
  const chosen = {
    label: place.getAll('label'),
    within: place.getAll('within'),
    detail: place.getAll('detail'),
  };
  const [common, setCommon] = useQueryParam('common');
  const [foreign, setForeign] = useQueryParam('foreign');
  const [seen, setSeen] = useQueryParam('seen');
  const [from] = useQueryParam('from');
  const [to] = useQueryParam('to');
  const [sorting] = useQueryParam('sort');
  const sort = parseSort(sorting);
  const isHost = artifact.type === 'host' || artifact.type === 'domain' || artifact.type === 'ip';
  const isOtherHost = otherType(tab) === 'host';
  const own = isHost ? (registrableDomain(artifact.value as Host) ?? artifact.value) : undefined; // of that type
  const filter: Filter = {
    dataset: tab.dataset,
    direction: tab.direction,
    value: artifact.value,
    ...(isHost && { withSubdomains: 'true' as const }),
    ...(chosen.label.length > 0 && { label: chosen.label }),
    ...(chosen.within.length > 0 && { within: chosen.within }),
    ...(chosen.detail.length > 0 && { detail: chosen.detail }),
    ...(contains !== undefined && { contains }),
    ...(foreign === '1' && own !== undefined && { foreignTo: own }),
    ...(from !== undefined && { seenFrom: from }),
    ...(to !== undefined && { seenTo: to }),
    ...((seen === 'true' || seen === 'false') && { isObserved: seen }),
  };
  const sharedAtMost = COMMON.find(({ id }) => id === common && id !== 'all');
  const query = {
    ...filter,
    ...(sharedAtMost !== undefined && { sharedAtMost: Number(sharedAtMost.id) }),
    sort: sort.by,
    order: sort.order,
  };
  const rows = useInfiniteQuery<
    Reply<'pivot'>,
    ApiError,
    { edges: Edge[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ['pivot', query],
    queryFn: ({ pageParam, signal }) =>
      call(
        'pivot',
        { query: { ...query, limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: undefined,
    getNextPageParam: ({ cursor }) => cursor,
    select: ({ pages }) => ({ edges: pages.flatMap(({ edges }) => edges) }),
    placeholderData: (before) => before,
  });
  const edges = rows.data?.edges;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = rows;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const columns = useColumns(tab, artifact, edges ?? []);
  const isFiltered =
    [contains, foreign, seen, from, to, sharedAtMost].some((each) => each !== undefined) ||
    Object.values(chosen).some(({ length }) => length > 0);
  const reset = (): void =>
    changeQuery({
      contains: undefined,
      label: undefined,
      within: undefined,
      detail: undefined,
      common: undefined,
      foreign: undefined,
      seen: undefined,
      from: undefined,
      to: undefined,
    });
  return (
    <div className={styles.view}>
      <div className={styles.filters}>
        <input
          className={controls.input}
          type="search"
          aria-label={`Filter ${tabTitle(tab)}`}
          placeholder="Contains…"
          defaultValue={contains ?? ''}
          key={contains ?? ''}
          onBlur={(event) => setContains(event.target.value.trim() || undefined)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setContains(event.currentTarget.value.trim() || undefined);
          }}
        />
        {tab.dataset === 'host-pairs' && (
          <Select
            label="Which"
            showLabel={false}
            choices={SEEN}
            value={SEEN.find(({ id }) => id === seen)?.id ?? 'all'}
            onChange={(id) => setSeen(id === 'all' ? undefined : id)}
          />
        )}
        {own !== undefined && isOtherHost && (
          <Check isSelected={foreign === '1'} onChange={(is) => setForeign(is ? '1' : undefined)}>
            Foreign only
          </Check>
        )}
        <Select
          label="How common"
          showLabel={false}
          choices={COMMON}
          value={sharedAtMost?.id ?? 'all'}
          onChange={(id) => setCommon(id === 'all' ? undefined : id)}
        />
        {from !== undefined && (
          <Button onPress={() => changeQuery({ from: undefined, to: undefined })}>
            Seen {from} to {to ?? 'now'} ✕
          </Button>
        )}
        {isFiltered && (
          <Button kind="quiet" onPress={reset}>
            Clear
          </Button>
        )}
        <span className={styles.spring} />
        {(['csv', 'json'] as const).map((format) => (
          <ButtonLink
            key={format}
            isDownload
            href={addressOf('exportEdges', {
              query: { ...query, format },
            })}
          >
            {format.toUpperCase()}
          </ButtonLink>
        ))}
      </div>
      <div className={styles.beside}>
        <Facets tab={tab} filter={filter} chosen={chosen} />
        <div className={styles.rows}>
          {rows.error !== null && <Fault error={rows.error} onRetry={() => void rows.refetch()} />}
          {edges === undefined && rows.error === null && <Wait />}
          {edges !== undefined && edges.length === 0 && (
            <Empty
              title={isFiltered ? 'No row fits the filters' : 'Nothing here'}
              actions={isFiltered && <Button onPress={reset}>Clear the filters</Button>}
            >
              {isFiltered ? 'There are rows that they leave out.' : tabHint(tab)}
            </Empty>
          )}
          {edges !== undefined && edges.length > 0 && (
            <DataTable
              label={`${tabTitle(tab)}: ${tabHint(tab)}`}
              columns={columns}
              rows={edges}
              rowKey={edgeKey}
              openKey={open === undefined ? undefined : edgeKey(open)}
              onOpen={setOpen}
              sort={sort}
              onSort={({ by, order }) => changeQuery({ sort: `${by}.${order}` })}
              {...(!isFiltered && { total: props.total })}
              onEnd={onEnd}
              footer={
                rows.isFetchingNextPage
                  ? 'Loading more…'
                  : rows.hasNextPage
                    ? `${figure(edges.length)} rows so far; more as you scroll`
                    : counted(edges.length, 'row')
              }
            />
          )}
        </div>
      </div>
      {open !== undefined && <EvidenceDrawer edge={open} tab={tab} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function parseSort(text: string | undefined): Sort & { readonly by: SortField } {
  const [by, order] = (text ?? '').split('.');
  const fields: readonly SortField[] = ['value', 'firstSeen', 'lastSeen', 'count'];
  return { by: fields.find((field) => field === by) ?? 'lastSeen', order: order === 'asc' ? 'asc' : 'desc' };
}

function useColumns(tab: DatasetTab, artifact: Artifact, edges: readonly Edge[]): readonly Column<Edge>[] {
  const { dataset, direction } = tab;
  const isElsewhere = edges.some(
    (edge) => edge[direction === 'forward' ? 'source' : 'target'] !== artifact.value,
  );
  return useMemo<Column<Edge>[]>(() => {
    const [here, there] =
      direction === 'forward' ? (['source', 'target'] as const) : (['target', 'source'] as const);
    const details = DETAIL_COLUMNS[dataset] ?? [];
    const all: Column<Edge>[] = [
      {
        id: 'value',
        title:
          direction === 'reverse' && dataset === 'host-pairs'
            ? 'Parent'
            : dataset === 'host-pairs'
              ? 'Child'
              : 'Value',
        width: 'minmax(150px, 3fr)',
        isSortable: true,
        cell: (edge) => <Value {...sideArtifact(dataset, there, edge[there])} />,
      },
      {
        id: 'label',
        title: labelTitle(dataset),
        width: 'minmax(118px, 1fr)',
        cell: ({ label, isObserved }) => (
          <span className={styles.label}>
            <button
              type="button"
              tabIndex={-1}
              className={styles.labelButton}
              title={`Only ${label}`}
              onClick={() => changeQuery({ label: [label] })}
            >
              <Inert text={label} clamp={60} />
            </button>
            {dataset === 'host-pairs' && !isObserved && <span className={styles.named}>named</span>}
          </span>
        ),
      },
      ...details.map(([field, title]): Column<Edge> => ({
        id: field,
        title,
        width: 'minmax(60px, 1.2fr)',
        isSecondary: true,
        cell: ({ detail }) =>
          field.endsWith('At') ? (
            <Time at={detail[field] as string | undefined} /> // by the dataset's schema
          ) : (
            <Inert text={String(detail[field] ?? '')} clamp={120} />
          ),
      })),
      {
        id: 'here',
        title: 'Seen on',
        width: 'minmax(80px, 1.4fr)',
        isSecondary: true,
        cell: (edge) =>
          edge[here] === artifact.value ? (
            <span className="soft">itself</span>
          ) : (
            <Value {...sideArtifact(dataset, here, edge[here])} showAscii={false} />
          ),
      },
      {
        id: 'shared',
        title: 'Shared by',
        width: '92px',
        cell: ({ shared }) => <Rarity shared={shared} what={sharers(tab)} />,
      },
      {
        id: 'count',
        title: 'Times',
        width: '56px',
        align: 'end',
        isSortable: true,
        isSecondary: true,
        cell: ({ count }) => figure(count),
      },
      {
        id: 'firstSeen',
        title: 'First seen',
        width: '122px',
        isSortable: true,
        isSecondary: true,
        cell: ({ firstSeen }) => <Time at={firstSeen} />,
      },
      {
        id: 'lastSeen',
        title: 'Last seen',
        width: '122px',
        isSortable: true,
        isSecondary: true,
        cell: ({ lastSeen }) => <Time at={lastSeen} />,
      },
    ];
    return isElsewhere ? all : all.filter(({ id }) => id !== 'here');
    // The tab is made anew with every answer; its two words are what counts.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [dataset, direction, artifact.value, isElsewhere]);
}
