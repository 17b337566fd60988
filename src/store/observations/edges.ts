import { createHash } from 'node:crypto';
import { AditError, type DatasetId, type Host } from '#model';
import { z } from 'zod';
import type { Connection } from './connection.ts';
import { cutKey, fromKey, holdsHosts, prefixBelow, toKey, type Side } from './key.ts';
import { parseLatest, type LatestSeen } from './latest.ts';
import { DATABASE } from './schema.ts';

export const MAX_PAGE = 2_000;
const DEFAULT_PAGE = 100;

export type EdgeSort = 'value' | 'firstSeen' | 'lastSeen' | 'count';

/** One step from a value: forward from a source to its targets, in reverse from a target to its sources. */
export interface EdgeQuery {
  readonly dataset: DatasetId;
  readonly direction: 'forward' | 'reverse';
  readonly value: string;
  /** A domain includes all below it; default true for datasets whose side holds hosts. */
  readonly withSubdomains?: boolean | undefined;
  readonly labels?: readonly string[] | undefined;
  /** Leaves out what a page only names. */
  readonly isObserved?: boolean | undefined;
  /** RFC 3339; keeps edges whose life span overlaps: last seen at or after `seenFrom`, first seen at or before `seenTo`. */
  readonly seenFrom?: string | undefined;
  readonly seenTo?: string | undefined;
  /** Leaves out these domains and all below them on the other side: foreign hosts only. */
  readonly foreignTo?: readonly Host[] | undefined;
  /** Text within the value on the other side; of a long value within its first 300 characters. */
  readonly contains?: string | undefined;
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
  const statement = new Statement({ limit: limit + 1 });
  statement.select(query, own, other);
  const sortColumn = SORT_COLUMN[sort];
  const key = [own, other, 'label', 'variant'];
  const columns = sortColumn === undefined ? key : [sortColumn, ...key];
  const name = nameOf(query);
  if (query.cursor !== undefined)
    statement.beginBehind(columns, parseCursor(query.cursor, name, columns.length), order);
  const rows = await connection.rows<EdgeRow>(
    `SELECT source, label, target, variant, max(is_observed) AS observed,
        toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms,
        sum(count) AS seen, max(latest) AS newest
      FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'}
      ${statement.conditions()}
      ORDER BY ${['dataset', ...columns].map((column) => `${column} ${order}`).join(', ')}
      LIMIT {limit:UInt32} ${sort === 'value' && order === 'asc' ? STREAMED : ''}`,
    statement.parameters,
  );
  const page = rows.slice(0, limit);
  const edges = page.map((row) => toEdge(dataset, row));
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { edges };
  const position = columns.map((column) => String(last[column as keyof EdgeRow])); // all are selected
  return { edges, cursor: Buffer.from(JSON.stringify([name, ...position])).toString('base64url') };
}

/** WHERE, GROUP BY and HAVING, with the values bound. */
class Statement {
  readonly parameters: Record<string, unknown>;
  readonly #where: string[] = [];
  readonly #having: string[] = [];
  #group = '';

  constructor(parameters: Record<string, unknown>) {
    this.parameters = parameters;
  }

  /** Binds a value and gives its placeholder. */
  #bind(value: unknown, type: 'String' | 'Int64' | 'Array(String)' = 'String'): string {
    const name = `p${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `{${name}:${type}}`;
  }

  select(query: EdgeQuery, own: Side, other: Side): void {
    const {
      dataset,
      withSubdomains = true,
      labels = [],
      isObserved,
      seenFrom,
      seenTo,
      foreignTo = [],
      contains = '',
    } = query;
    this.#group = `dataset, ${own}, ${other}, label, variant`;
    this.#where.push(
      `dataset = ${this.#bind(dataset)}`,
      this.#within(dataset, own, query.value, withSubdomains),
    );
    if (labels.length > 0) this.#where.push(`label IN ${this.#bind(labels.map(cutKey), 'Array(String)')}`);
    for (const domain of foreignTo) this.#where.push(`NOT ${this.#within(dataset, other, domain, true)}`);
    if (contains !== '')
      this.#where.push(
        `positionCaseInsensitiveUTF8(${readable(dataset, other)}, ${this.#bind(contains)}) > 0`,
      );
    if (isObserved === true) this.#having.push('observed = 1');
    if (seenFrom !== undefined)
      this.#having.push(`last_ms >= ${this.#bind(parseInstant(seenFrom), 'Int64')}`);
    if (seenTo !== undefined) this.#having.push(`first_ms <= ${this.#bind(parseInstant(seenTo), 'Int64')}`);
  }

  /** The value; where it is a host, also what lies below it: one range of the key each. */
  #within(dataset: DatasetId, side: Side, value: string, withSubdomains: boolean): string {
    const alone = `${side} = ${this.#bind(toKey(dataset, side, value))}`;
    const prefix = withSubdomains ? prefixBelow(dataset, side, value) : undefined;
    return prefix === undefined ? alone : `(${alone} OR startsWith(${side}, ${this.#bind(prefix)}))`;
  }

  /** Only what comes after the position. The leading key columns are said twice: so the primary key serves as an index. */
  beginBehind(columns: readonly string[], position: readonly string[], order: 'asc' | 'desc'): void {
    const way = order === 'asc' ? '>' : '<';
    const isNumber = (column: string): boolean => column === 'seen' || column.endsWith('_ms');
    const values = columns.map((column, index) =>
      this.#bind(position[index], isNumber(column) ? 'Int64' : 'String'),
    );
    const behind = `(${columns.join(', ')}) ${way} (${values.join(', ')})`;
    if (isNumber(columns[0]!)) {
      this.#having.push(behind);
      return;
    }
    const [own, other] = columns;
    this.#where.push(
      `(${own} ${way} ${values[0]} OR (${own} = ${values[0]} AND ${other} ${way}= ${values[1]}))`,
      behind,
    );
  }

  conditions(): string {
    const having = this.#having.length === 0 ? '' : `HAVING ${this.#having.join(' AND ')}`;
    return `WHERE ${this.#where.join(' AND ')} GROUP BY ${this.#group} ${having}`;
  }
}

/** The text of a side as people read it. */
function readable(dataset: DatasetId, side: Side): string {
  return holdsHosts(dataset, side) ? `arrayStringConcat(reverse(splitByChar('.', ${side})), '.')` : side;
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

function parseInstant(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds))
    throw new AditError('bad-date', `“${text}” is no date.`, {
      advice: 'Dates are written 2017-11-17 or 2017-11-17T03:27:29Z.',
    });
  return milliseconds;
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
