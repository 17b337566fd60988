import { facets, graph, pivot, pivotValue, type PivotedEdge } from '#investigate';
import { AditError, DATASETS, defang, parseHost, toUnicodeHost, type DatasetId } from '#model';
import { toCsvRow } from '#publish';
import { matchKeyOf, MAX_PAGE, type EdgeFilter, type EdgeQuery, type ObservationStore } from '#store';
import { artifactOf, FileAnswer, hostOf, type AnswerContext, type Answers } from '../answer.ts';

/** Edges of a page while everything is written out. */
const EXPORT_PAGE = MAX_PAGE;
const PIECE_LENGTH = 64 * 1024;

export function edgeAnswers({
  workbench: { store, workspace },
  access,
}: AnswerContext): Pick<Answers, 'pivot' | 'getFacets' | 'getHeatmap' | 'exportEdges' | 'getGraph'> {
  return {
    pivot: ({ query }) => {
      const { sharedAtMost, sort, order, limit, cursor, ...filter } = query;
      return pivot(store, { ...filterOf(filter), sharedAtMost, sort, order, limit, cursor });
    },
    getFacets: ({ query }) => facets(store, filterOf(query)),
    getHeatmap: async ({ query: { value, by = 'month', from, to, dataset } }) => ({
      cells: await store.heatmap({
        value: artifactOf(value).value,
        by,
        from,
        to,
        ...(dataset !== undefined && { datasets: [dataset].flat() }),
      }),
    }),
    exportEdges: async ({ query: { format, sharedAtMost, sort, order, ...filter } }) => {
      const query = { ...filterOf(filter), sharedAtMost, sort, order };
      // What is wrong with the query is said before the file begins.
      const first = await pivot(store, { ...query, limit: EXPORT_PAGE });
      const edges = allEdges(store, query, first);
      return format === 'csv'
        ? new FileAnswer(
            'text/csv; charset=utf-8',
            `${query.dataset}.csv`,
            inPieces(csvOf(query.dataset, edges)),
          )
        : new FileAnswer('application/json', `${query.dataset}.json`, inPieces(jsonOf(edges)));
    },
    getGraph: async ({ body: { values = [], project, ...options }, caller }) => {
      const held =
        project === undefined
          ? []
          : (await workspace.projects.artifacts((await access.find(caller, project, 'read')).id)).filter(
              ({ status }) => status !== 'dismissed',
            );
      const seeds = [...values.map(artifactOf), ...held.map(({ type, value }) => ({ type, value }))];
      if (seeds.length === 0)
        throw new AditError(
          'missing-seed',
          'A graph begins with artifacts, or with a project that holds some.',
          {
            advice: 'Give values, or a project.',
          },
        );
      const statuses = new Map(held.map((artifact) => [matchKeyOf(artifact), artifact.status]));
      const drawn = await graph(store, { ...options, seeds });
      return {
        ...drawn,
        nodes: drawn.nodes.map((node) => {
          const status = statuses.get(node.id);
          return status === undefined ? node : { ...node, status };
        }),
      };
    },
  };
}

/** Filters as a query string has them → as the store takes them. */
function filterOf(query: {
  readonly dataset: DatasetId;
  readonly direction: EdgeFilter['direction'];
  readonly value: string;
  readonly withSubdomains?: boolean | undefined;
  readonly label?: string | readonly string[] | undefined;
  readonly isObserved?: boolean | undefined;
  readonly seenFrom?: string | undefined;
  readonly seenTo?: string | undefined;
  readonly foreignTo?: string | readonly string[] | undefined;
  readonly within?: string | readonly string[] | undefined;
  readonly detail?: string | readonly string[] | undefined;
  readonly contains?: string | undefined;
}): EdgeFilter {
  const { label, foreignTo, within, detail, value, ...rest } = query;
  const listOf = (some: string | readonly string[] | undefined) => (some === undefined ? [] : [some].flat());
  return {
    ...rest,
    value: pivotValue(rest.dataset, rest.direction, value),
    ...(label !== undefined && { labels: listOf(label) }),
    ...(foreignTo !== undefined && { foreignTo: listOf(foreignTo).map(hostOf) }),
    ...(within !== undefined && { within: listOf(within).map(hostOf) }),
    ...(detail !== undefined && { details: detailsOf(rest.dataset, listOf(detail)) }),
  };
}

/** `field=value`, several values of a field being any of them. */
function detailsOf(
  dataset: DatasetId,
  written: readonly string[],
): { readonly field: string; readonly values: readonly string[] }[] {
  const fields = Object.keys(DATASETS[dataset].detail.shape);
  const pairs = written.map((text) => {
    const at = text.indexOf('=');
    const field = text.slice(0, at);
    if (at === -1 || !fields.includes(field))
      throw new AditError('bad-detail', `“${text.slice(0, 100)}” is no detail of ${dataset}.`, {
        advice: `Write field=value, with one of ${fields.join(', ') || 'no fields'}.`,
      });
    return { field, value: text.slice(at + 1) };
  });
  return [...Map.groupBy(pairs, ({ field }) => field)].map(([field, some]) => ({
    field,
    values: some.map(({ value }) => value),
  }));
}

async function* allEdges(
  store: ObservationStore,
  query: EdgeQuery & { readonly sharedAtMost?: number | undefined },
  first: Awaited<ReturnType<typeof pivot>>,
): AsyncGenerator<PivotedEdge> {
  for (let page = first; ;) {
    yield* page.edges;
    if (page.cursor === undefined) return;
    page = await pivot(store, { ...query, limit: EXPORT_PAGE, cursor: page.cursor });
  }
}

/** Larger pieces, since each costs the way out as much. */
async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

async function* csvOf(dataset: DatasetId, edges: AsyncIterable<PivotedEdge>): AsyncGenerator<string> {
  const { detail } = DATASETS[dataset];
  const fields = Object.keys(detail.shape);
  const columns = ['source', 'source_unicode', 'label', 'target', 'target_unicode', 'target_defanged'];
  const measures = ['shared', 'first_seen', 'last_seen', 'count', 'is_observed', 'capture'];
  yield toCsvRow([...columns, ...measures, ...fields.map((field) => `detail.${field}`)]);
  for await (const edge of edges)
    yield toCsvRow([
      edge.source,
      unicode(edge.source),
      edge.label,
      edge.target,
      unicode(edge.target),
      defang(edge.target),
      String(edge.shared),
      edge.firstSeen,
      edge.lastSeen,
      String(edge.count),
      String(edge.isObserved),
      edge.captureId ?? '',
      ...fields.map((field) => String(edge.detail[field] ?? '')),
    ]);
}

function unicode(value: string): string {
  const host = value.includes('xn--') ? parseHost(value) : undefined;
  return host === undefined ? '' : toUnicodeHost(host);
}

async function* jsonOf(edges: AsyncIterable<PivotedEdge>): AsyncGenerator<string> {
  let separator = '{"edges":[\n';
  for await (const edge of edges) {
    yield separator + JSON.stringify(edge);
    separator = ',\n';
  }
  yield separator.startsWith('{') ? '{"edges":[]}\n' : '\n]}\n';
}
