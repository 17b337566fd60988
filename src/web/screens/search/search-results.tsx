import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { openDialog } from '../../app/dialogs.ts';
import { navigate, useQueryParam } from '../../app/location.ts';
import { href } from '../../app/screens.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { useTitle } from '../../app/title.ts';
import { ApiError, call, type Reply } from '../../client/call.ts';
import { Badge, Button, Select } from '../../design/controls.tsx';
import { Empty, Fault, Wait } from '../../design/states.tsx';
import { DataTable, type Column } from '../../table/data-table.tsx';
import { Rarity } from '../../value/rarity.tsx';
import { counted, figure, Time } from '../../value/time.tsx';
import { Inert, Value } from '../../value/value.tsx';
import { SaveSearch } from './saved-searches.tsx';
import { Why } from './why.tsx';
import styles from './search.module.css';

export type Hit = Reply<'search'>['hits'][number];

const PAGE = 100;
const SORTS = [
  { id: 'name', name: 'By name' },
  { id: 'lastSeen', name: 'Last seen first' },
  { id: 'firstSeen', name: 'First seen, newest first' },
  { id: 'rarity', name: 'Rarest evidence first' },
] as const;
type SearchSort = (typeof SORTS)[number]['id'];

/** The answers to a query, each with why. */
export function SearchResults({ query }: { readonly query: string }): ReactNode {
  const [sorting, setSorting] = useQueryParam('sort');
  const sort: SearchSort = SORTS.find(({ id }) => id === sorting)?.id ?? 'name';
  const [isSaving, setSaving] = useState(false);
  useTitle(query);
  const pages = useInfiniteQuery<
    Reply<'search'>,
    ApiError,
    { hits: Hit[]; first: Reply<'search'> | undefined; limits: string[] },
    readonly unknown[],
    string | undefined
  >({
    queryKey: ['search', query, sort],
    queryFn: ({ pageParam, signal }) =>
      call(
        'search',
        { query: { query, sort, limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) } },
        signal,
      ),
    initialPageParam: undefined,
    getNextPageParam: ({ cursor }) => cursor,
    select: ({ pages: all }) => ({
      hits: all.flatMap(({ hits }) => hits),
      first: all[0],
      limits: all.at(-1)?.limits.map(({ text }) => text) ?? [],
    }),
    retry: false,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  useShortcuts([{ keys: 's', title: 'Save this search', run: () => setSaving(true) }]);
  const columns = useMemo<Column<Hit>[]>(
    () => [
      {
        id: 'artifact',
        title: 'Artifact',
        width: 'minmax(150px, 2fr)',
        cell: ({ artifact, classification, tags }) => (
          <span className={styles.hit}>
            <Value {...artifact} />
            <span className={styles.marks}>
              {classification !== undefined && classification !== 'unknown' && (
                <Badge
                  kind={
                    classification === 'malicious'
                      ? 'confirmed'
                      : classification === 'suspicious'
                        ? 'suspected'
                        : 'good'
                  }
                >
                  {classification}
                </Badge>
              )}
              {tags.slice(0, 3).map((tag) => (
                <Badge key={tag}>
                  <Inert isProse text={tag} clamp={24} />
                </Badge>
              ))}
            </span>
          </span>
        ),
      },
      { id: 'why', title: 'Why it matched', width: 'minmax(140px, 3fr)', cell: (hit) => <Why hit={hit} /> },
      {
        id: 'rarest',
        title: 'Rarest',
        width: '92px',
        isSecondary: true,
        cell: ({ rarest }) => (rarest === undefined ? '' : <Rarity shared={rarest} what="host" />),
      },
      {
        id: 'firstSeen',
        title: 'First seen',
        width: '122px',
        isSecondary: true,
        cell: ({ firstSeen }) => <Time at={firstSeen} />,
      },
      {
        id: 'lastSeen',
        title: 'Last seen',
        width: '122px',
        isSecondary: true,
        cell: ({ lastSeen }) => <Time at={lastSeen} />,
      },
    ],
    [],
  );
  const { data } = pages;
  const total = data?.first?.total;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.asked}>
          <h1>
            {total === undefined
              ? 'Search'
              : `${total.isExact ? '' : 'At most '}${counted(total.count, 'answer')}`}
          </h1>
          <Query query={query} error={pages.error} />
        </div>
        <div className={styles.actions}>
          <Select
            label="Order"
            showLabel={false}
            choices={SORTS}
            value={sort}
            onChange={(id) => setSorting(id === 'name' ? undefined : id)}
          />
          <Button
            isDisabled={data === undefined || data.hits.length === 0}
            onPress={() =>
              openDialog({
                kind: 'add-to-project',
                artifacts: data?.hits.map(({ artifact }) => artifact) ?? [],
              })
            }
          >
            Add {data === undefined ? 'all' : figure(data.hits.length)} to project…
          </Button>
          <Button onPress={() => setSaving(true)}>Save search…</Button>
        </div>
      </header>
      {data?.first?.recognised.filter(isGuess).map(({ text, artifact }) => (
        <p key={text} className={styles.recognised}>
          <Inert text={text} clamp={80} /> was taken for the {artifact.type} <Value {...artifact} />
        </p>
      ))}
      {data?.limits.map((text) => (
        <p key={text} className={styles.recognised} role="status">
          {text}
        </p>
      ))}
      {pages.error !== null && <Fault error={pages.error} />}
      {pages.isPending && <Wait label="Searching" />}
      {data !== undefined && data.hits.length === 0 && (
        <Empty title="No answer" actions={<a href={href('search')}>Fields and examples</a>}>
          Nothing held here fits all conditions. Leave one out, use * for what you do not know, or capture
          what is missing.
        </Empty>
      )}
      {data !== undefined && data.hits.length > 0 && (
        <DataTable
          label="Answers"
          columns={columns}
          rows={data.hits}
          rowKey={({ artifact }) => `${artifact.type} ${artifact.value}`}
          rowPx={54}
          onOpen={({ artifact }) => navigate(href('artifact', {}, { value: artifact.value }))}
          onEnd={onEnd}
          {...(total?.isExact === true && { total: total.count })}
          footer={
            pages.isFetchingNextPage
              ? 'Loading more…'
              : pages.hasNextPage
                ? `${figure(data.hits.length)} answers so far; more as you scroll`
                : counted(data.hits.length, 'answer')
          }
        />
      )}
      {isSaving && <SaveSearch query={query} onClose={() => setSaving(false)} />}
    </>
  );
}

/** A bare word that was taken for an artifact; where a field says what it is, nothing was guessed. */
const isGuess = ({
  text,
  artifact,
}: {
  readonly text: string;
  readonly artifact: { readonly value: string };
}): boolean => !/^[a-z-]+:/i.test(text) && text !== artifact.value;

/** The query as it was understood, with the place of a mistake marked. */
function Query({ query, error }: { readonly query: string; readonly error: ApiError | null }): ReactNode {
  const place = error?.problem.errors?.find(({ start }) => start !== undefined);
  if (place?.start === undefined) return <Inert text={query} />;
  const end = Math.max(place.end ?? place.start + 1, place.start + 1);
  return (
    <span>
      <Inert text={query.slice(0, place.start)} />
      <mark>
        <Inert text={query.slice(place.start, end) || ' '} />
      </mark>
      <Inert text={query.slice(end)} />
    </span>
  );
}
