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
  /** Its hash, where rows are sorted by it. */
  readonly edge?: string;
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

/** What the rows of an edge come to. */
const MEASURES = {
  observed: 'max(is_observed)',
  first_ms: 'toUnixTimestamp64Milli(min(first_seen))',
  last_ms: 'toUnixTimestamp64Milli(max(last_seen))',
  seen: 'sum(count)',
  newest: 'max(latest)',
} as const;
const NUMBERS = ['observed', 'first_ms', 'last_ms', 'seen'] as const;
const columnsOf = (names: readonly (keyof typeof MEASURES)[]): string =>
  names.map((name) => `${MEASURES[name]} AS ${name}`).join(', ');
/** As columns: the numbers alone, and with the text that tells where it was seen last, which is most of what is read. */
export const NUMBER_COLUMNS = columnsOf(NUMBERS);
export const MEASURE_COLUMNS = columnsOf([...NUMBERS, 'newest']);

/** Measure that each order goes by. */
const SORT_COLUMN = { firstSeen: 'first_ms', lastSeen: 'last_ms', count: 'seen' } as const;

/**
 * A page of edges. Pages follow one another by position, not by number, so what arrives meanwhile shifts nothing. By
 * value and by first seen, every edge that was there at the start comes exactly once. By last seen and by count, an edge
 * that is seen again meanwhile changes its place: it may come twice, or (in descending order) not on the pages to come but
 * before the first; those that are not seen again come exactly once. Edges that are equal in what they are sorted by come
 * in an order of no meaning that is always the same.
 */
export async function readEdges(connection: Connection, query: EdgeQuery): Promise<EdgePage> {
  const limit = Math.max(1, Math.min(query.limit ?? DEFAULT_PAGE, MAX_PAGE));
  const { rows, columns } = await (query.sort === undefined || query.sort === 'value'
    ? readByValue(connection, query, limit + 1)
    : readSorted(connection, query, SORT_COLUMN[query.sort], limit + 1));
  const page = rows.slice(0, limit);
  const edges = page.map((row) => toEdge(query.dataset, row));
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { edges };
  const position = columns.map((column) => String(last[column]));
  return { edges, cursor: Buffer.from(JSON.stringify([nameOf(query), ...position])).toString('base64url') };
}

interface Rows {
  readonly rows: readonly EdgeRow[];
  /** What says where a row stands. */
  readonly columns: readonly (keyof EdgeRow)[];
}

const sidesOf = ({ direction }: EdgeQuery): readonly [Side, Side] =>
  direction === 'forward' ? ['source', 'target'] : ['target', 'source'];

const tableOf = ({ direction }: EdgeQuery): string =>
  `${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'}`;

async function readByValue(connection: Connection, query: EdgeQuery, limit: number): Promise<Rows> {
  const { order = 'asc' } = query;
  const [own, other] = sidesOf(query);
  const columns = [own, other, 'label', 'variant'] as const;
  const statement = new EdgeSelection({ limit });
  statement.select(query, own, other);
  if (query.cursor !== undefined) statement.beginBehind(columns, parseCursor(query, columns.length), order);
  const rows = await connection.rows<EdgeRow>(
    `SELECT source, label, target, variant, ${MEASURE_COLUMNS}
      FROM ${tableOf(query)} ${statement.conditions()}
      ORDER BY ${['dataset', ...columns].map((column) => `${column} ${order}`).join(', ')}
      LIMIT {limit:UInt32} ${order === 'asc' ? STREAMED : ''}`,
    statement.parameters,
  );
  return { rows, columns };
}

/**
 * All edges that match are read to be sorted: each as a number alone, and 64 bits of hash by which it is known. Everything
 * else is read only for the page.
 */
async function readSorted(
  connection: Connection,
  query: EdgeQuery,
  sortColumn: (typeof SORT_COLUMN)[keyof typeof SORT_COLUMN],
  limit: number,
): Promise<Rows> {
  const { order = 'desc' } = query;
  const [own, other] = sidesOf(query);
  const columns = [sortColumn, 'edge'] as const;
  const statement = new EdgeSelection({ limit });
  statement.select(query, own, other);
  if (query.cursor !== undefined) statement.beginBehind(columns, parseCursor(query, columns.length), order);
  const sorted = await connection.rows<{ readonly edge: string }>(
    `SELECT ${statement.hash()} AS edge, ${MEASURES[sortColumn]} AS ${sortColumn}
      FROM ${tableOf(query)} ${statement.conditions('hash')}
      ORDER BY ${columns.map((column) => `${column} ${order}`).join(', ')} LIMIT {limit:UInt32}`,
    statement.parameters,
  );
  if (sorted.length === 0) return { rows: [], columns };
  const those = new EdgeSelection({});
  those.select(query, own, other);
  those.only(sorted.map(({ edge }) => edge));
  const whole = await connection.rows<EdgeRow>(
    `SELECT ${those.hash()} AS edge, any(source) AS source, any(label) AS label, any(target) AS target,
        any(variant) AS variant, ${MEASURE_COLUMNS}
      FROM ${tableOf(query)} ${those.conditions('hash')} SETTINGS prefer_column_name_to_alias = 1`,
    those.parameters,
  );
  const wholeOf = new Map(whole.map((row) => [row.edge, row]));
  // An edge that was seen again meanwhile stands where it was: by what it was sorted by.
  return { rows: sorted.map((row) => ({ ...wholeOf.get(row.edge)!, ...row })), columns };
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

function parseCursor(query: EdgeQuery, length: number): string[] {
  const text = query.cursor ?? '';
  const name = nameOf(query);
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
