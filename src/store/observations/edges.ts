import { createHash } from 'node:crypto';
import { AditError, type DatasetId } from '#model';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { EdgeSelection, type EdgeFilter } from './edge-selection.ts';
import { fromKey, type Side } from './key.ts';
import { parseLatest, type LatestSeen } from './latest.ts';
import { DATABASE } from './schema.ts';

export const MAX_PAGE = 2_000;
const DEFAULT_PAGE = 100;

export type EdgeSort = 'value' | 'firstSeen' | 'lastSeen' | 'count';

/** A page of one step. */
export interface EdgeQuery extends EdgeFilter {
  /**
   * `value` (the default): by the value asked for, then by the one on the other side; hosts by their labels from the
   * right. Ascending, it is the order in which edges are stored: a page costs the same however many there are.
   */
  readonly sort?: EdgeSort | undefined;
  /** Default: ascending by value, else descending. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** At most `MAX_PAGE`; default 100. */
  readonly limit?: number | undefined;
  /** Of the page before, with everything else but `limit` as it was. */
  readonly cursor?: string | undefined;
}

/** An edge with its life span, and where it was seen last. Instants are RFC 3339 UTC. */
export interface Edge extends LatestSeen {
  readonly dataset: DatasetId;
  readonly source: string;
  readonly label: string;
  readonly target: string;
  readonly isObserved: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
}

export interface EdgePage {
  readonly edges: readonly Edge[];
  /** Present while there is more. */
  readonly cursor?: string;
}

export interface EdgeRow {
  readonly source: string;
  readonly label: string;
  readonly target: string;
  readonly variant: string;
  readonly observed: number;
  readonly first_ms: string;
  readonly last_ms: string;
  readonly seen: string;
  readonly newest: string;
}

/** Grouped and sorted as the table is, rows stream, and the server stops at the limit; one thread is quickest then. */
const STREAMED = 'SETTINGS optimize_aggregation_in_order = 1, max_threads = 1';

/** Column that each order goes by, before the key. */
const SORT_COLUMN = { value: undefined, firstSeen: 'first_ms', lastSeen: 'last_ms', count: 'seen' } as const;

/**
 * A page of edges. Pages follow one another by position, not by number, so what arrives meanwhile shifts nothing. By
 * value and by first seen, every edge that was there at the start comes exactly once. By last seen and by count, an edge
 * that is seen again meanwhile changes its place: it may come twice, or (in descending order) not on the pages to come but
 * before the first; those that are not seen again come exactly once.
 */
export async function readEdges(connection: Connection, query: EdgeQuery): Promise<EdgePage> {
  const { dataset, direction, sort = 'value', order = sort === 'value' ? 'asc' : 'desc' } = query;
  const limit = Math.max(1, Math.min(query.limit ?? DEFAULT_PAGE, MAX_PAGE));
  const [own, other]: readonly [Side, Side] =
    direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
  const statement = new EdgeSelection({ limit: limit + 1 });
  statement.select(query, own, other);
  const sortColumn = SORT_COLUMN[sort];
  // All that match are read to be sorted: their evidence, the bulk of them, only for the page.
  const isSorted = sortColumn !== undefined;
  const key = [own, other, 'label', 'variant'];
  const columns = sortColumn === undefined ? key : [sortColumn, ...key];
  const name = nameOf(query);
  if (query.cursor !== undefined)
    statement.beginBehind(columns, parseCursor(query.cursor, name, columns.length), order);
  const rows = await connection.rows<EdgeRow>(
    `SELECT source, label, target, variant, max(is_observed) AS observed,
        toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms,
        sum(count) AS seen, ${isSorted ? "'' AS newest" : 'max(latest) AS newest'}
      FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'}
      ${statement.conditions()}
      ORDER BY ${['dataset', ...columns].map((column) => `${column} ${order}`).join(', ')}
      LIMIT {limit:UInt32} ${sort === 'value' && order === 'asc' ? STREAMED : ''}`,
    statement.parameters,
  );
  const page = isSorted
    ? await withNewest(connection, query, own, other, rows.slice(0, limit))
    : rows.slice(0, limit);
  const edges = page.map((row) => toEdge(dataset, row));
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { edges };
  const position = columns.map((column) => String(last[column as keyof EdgeRow])); // all are selected
  return { edges, cursor: Buffer.from(JSON.stringify([name, ...position])).toString('base64url') };
}

/** Adds where each was seen last. */
async function withNewest(
  connection: Connection,
  { dataset, direction }: EdgeQuery,
  own: Side,
  other: Side,
  rows: readonly EdgeRow[],
): Promise<EdgeRow[]> {
  if (rows.length === 0) return [];
  const keyOf = ({ source, target, label, variant }: EdgeRow): string =>
    JSON.stringify([source, target, label, variant]);
  const found = await connection.rows<EdgeRow>(
    `SELECT source, label, target, variant, max(latest) AS newest
     FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'}
     WHERE dataset = {dataset:String} AND ${own} IN {own:Array(String)} AND ${other} IN {other:Array(String)}
     GROUP BY source, target, label, variant`,
    {
      dataset,
      own: [...new Set(rows.map((row) => row[own]))],
      other: [...new Set(rows.map((row) => row[other]))],
    },
  );
  const newest = new Map(found.map((row) => [keyOf(row), row.newest]));
  return rows.map((row) => ({ ...row, newest: newest.get(keyOf(row)) ?? '' }));
}

export function toEdge(dataset: DatasetId, row: EdgeRow): Edge {
  return {
    dataset,
    source: fromKey(dataset, 'source', row.source),
    label: row.label,
    target: fromKey(dataset, 'target', row.target),
    isObserved: Number(row.observed) === 1,
    firstSeen: new Date(Number(row.first_ms)).toISOString(),
    lastSeen: new Date(Number(row.last_ms)).toISOString(),
    count: Number(row.seen),
    ...parseLatest(row.newest), // has what was cut in the key
  };
}

/** Tells a query from others, so that no cursor is used with another. */
function nameOf({ limit: _limit, cursor: _cursor, ...query }: EdgeQuery): string {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined);
  return createHash('sha256').update(JSON.stringify(parts.sort())).digest('base64url').slice(0, 12);
}

function parseCursor(text: string, name: string, length: number): string[] {
  const parts = z.array(z.string()).safeParse(safeJson(Buffer.from(text, 'base64url').toString('utf8'))).data;
  if (parts === undefined || parts.length !== length + 1 || parts[0] !== name)
    throw new AditError('bad-cursor', 'The cursor is not one of this query.', {
      advice: 'Begin again without a cursor.',
    });
  return parts.slice(1);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
