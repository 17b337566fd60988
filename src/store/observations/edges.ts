import type { ClickHouseClient } from '@clickhouse/client';
import { AditError, DATASET_IDS, type DatasetId, type Host } from '#model';
import { parseLatest, type LatestSeen } from './batch.ts';
import { domainPrefix, fromKey, toKey, type Side } from './key.ts';
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
  /** Text within the value on the other side. */
  readonly contains?: string | undefined;
  readonly sort?: EdgeSort | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly limit?: number | undefined;
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

interface EdgeRow {
  readonly source: string;
  readonly label: string;
  readonly target: string;
  readonly variant: string;
  readonly observed: number;
  readonly firstMs: string;
  readonly lastMs: string;
  readonly seen: string;
  readonly newest: string;
}

/** What a page ends with: the sort value and the whole key, so that the next one begins right behind it. */
type Position = readonly [sortValue: string, other: string, own: string, label: string, variant: string];

const SORT_EXPRESSION: Readonly<Record<EdgeSort, string>> = {
  value: "''",
  firstSeen: 'toString(first_ms)',
  lastSeen: 'toString(last_ms)',
  count: "leftPad(toString(seen), 20, '0')",
};

/**
 * A page of edges. Pages follow one another by position, not by number, so what arrives meanwhile shifts nothing: sorted
 * by value (the default) or by first seen, every edge that was there at the start comes exactly once.
 */
export async function readEdges(client: ClickHouseClient, query: EdgeQuery): Promise<EdgePage> {
  const { dataset, direction } = query;
  const [own, other]: readonly [Side, Side] =
    direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
  const sort = query.sort ?? 'value';
  const isDescending = (query.order ?? (sort === 'value' ? 'asc' : 'desc')) === 'desc';
  const limit = Math.max(1, Math.min(query.limit ?? DEFAULT_PAGE, MAX_PAGE));
  const conditions = [`dataset = {dataset:String}`];
  const having: string[] = [];
  const parameters: Record<string, unknown> = { dataset, limit: limit + 1 };
  const key = toKey(dataset, own, query.value);
  parameters['key'] = key;
  if (query.withSubdomains !== false && key !== query.value) {
    conditions.push(`(${own} = {key:String} OR startsWith(${own}, {prefix:String}))`);
    parameters['prefix'] = domainPrefix(fromKey(dataset, own, key) as Host); // toKey found it to be one
  } else conditions.push(`${own} = {key:String}`);
  if (query.labels !== undefined && query.labels.length > 0) {
    conditions.push('label IN {labels:Array(String)}');
    parameters['labels'] = query.labels;
  }
  if (query.isObserved === true) having.push('observed = 1');
  if (query.seenFrom !== undefined) {
    having.push('last_ms >= {seenFrom:Int64}');
    parameters['seenFrom'] = parseInstant(query.seenFrom);
  }
  if (query.seenTo !== undefined) {
    having.push('first_ms <= {seenTo:Int64}');
    parameters['seenTo'] = parseInstant(query.seenTo);
  }
  for (const [index, domain] of (query.foreignTo ?? []).entries()) {
    conditions.push(
      `NOT (${other} = {foreign${index}:String} OR startsWith(${other}, {foreignPrefix${index}:String}))`,
    );
    parameters[`foreign${index}`] = toKey(dataset, other, domain);
    parameters[`foreignPrefix${index}`] = domainPrefix(domain);
  }
  if (query.contains !== undefined && query.contains !== '') {
    // Hosts are stored reversed, so their text is looked for in the readable form.
    const readable =
      toKey(dataset, other, 'a.b') === 'a.b'
        ? other
        : `arrayStringConcat(reverse(splitByChar('.', ${other})), '.')`;
    conditions.push(`positionCaseInsensitiveUTF8(${readable}, {contains:String}) > 0`);
    parameters['contains'] = query.contains;
  }
  if (query.cursor !== undefined) {
    const position = parseCursor(query.cursor, `${sort} ${isDescending}`);
    having.push(
      `(sort_value, ${other}, ${own}, label, variant) ${isDescending ? '<' : '>'} ({at0:String}, {at1:String}, {at2:String}, {at3:String}, {at4:String})`,
    );
    position.forEach((part, index) => (parameters[`at${index}`] = part));
  }
  const way = isDescending ? 'DESC' : 'ASC';
  const result = await client.query({
    query: `SELECT source, label, target, variant, max(is_observed) AS observed,
        toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms,
        sum(count) AS seen, max(latest) AS newest, ${SORT_EXPRESSION[sort]} AS sort_value,
        first_ms AS firstMs, last_ms AS lastMs
      FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'}
      WHERE ${conditions.join(' AND ')}
      GROUP BY source, label, target, variant
      ${having.length === 0 ? '' : `HAVING ${having.join(' AND ')}`}
      ORDER BY sort_value ${way}, ${other} ${way}, ${own} ${way}, label ${way}, variant ${way}
      LIMIT {limit:UInt32}`,
    query_params: parameters,
    format: 'JSONEachRow',
  });
  const rows = await result.json<EdgeRow & { sort_value: string }>();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const edges = page.map((row) => toEdge(dataset, row));
  if (rows.length <= limit || last === undefined) return { edges };
  const position: Position = [last.sort_value, last[other], last[own], last.label, last.variant];
  return { edges, cursor: toCursor(position, `${sort} ${isDescending}`) };
}

function toEdge(dataset: DatasetId, row: EdgeRow): Edge {
  return {
    dataset,
    source: fromKey(dataset, 'source', row.source),
    label: row.label,
    target: fromKey(dataset, 'target', row.target),
    isObserved: Number(row.observed) === 1,
    firstSeen: new Date(Number(row.firstMs)).toISOString(),
    lastSeen: new Date(Number(row.lastMs)).toISOString(),
    count: Number(row.seen),
    ...parseLatest(row.newest),
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

function toCursor(position: Position, order: string): string {
  return Buffer.from(JSON.stringify([order, ...position])).toString('base64url');
}

function parseCursor(text: string, order: string): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    parts = undefined;
  }
  const isPosition =
    Array.isArray(parts) &&
    parts.length === 6 &&
    parts.every((part) => typeof part === 'string') &&
    parts[0] === order;
  if (!isPosition)
    throw new AditError('bad-cursor', 'The cursor is not one of this query.', {
      advice: 'Begin again without a cursor.',
    });
  return (parts as string[]).slice(1) as unknown as Position; // checked above
}

/** How far a value reaches: for each, the distinct values on the other side, counted up to a bound. */
export async function countOthers(
  client: ClickHouseClient,
  queries: readonly { readonly dataset: DatasetId; readonly side: Side; readonly value: string }[],
): Promise<number[]> {
  const counts = new Map<string, number>();
  const idOf = (dataset: string, side: string, key: string): string => `${dataset} ${side} ${key}`;
  for (const [group, members] of Map.groupBy(queries, ({ dataset, side }) => `${dataset} ${side}`)) {
    const [dataset, side] = group.split(' ') as [DatasetId, Side]; // made in the line above
    const other = side === 'source' ? 'target' : 'source';
    const keys = [...new Set(members.map(({ value }) => toKey(dataset, side, value)))];
    const result = await client.query({
      query: `SELECT ${side} AS key, uniqExact(${other}) AS others FROM ${DATABASE}.edges_${side === 'source' ? 'fwd' : 'rev'}
        WHERE dataset = {dataset:String} AND ${side} IN {keys:Array(String)} GROUP BY key`,
      query_params: { dataset, keys },
      format: 'JSONEachRow',
    });
    for (const { key, others } of await result.json<{ key: string; others: string }>())
      counts.set(idOf(dataset, side, key), Number(others));
  }
  return queries.map(
    ({ dataset, side, value }) => counts.get(idOf(dataset, side, toKey(dataset, side, value))) ?? 0,
  );
}

/** What one dataset holds of a value, in one direction. */
export interface DatasetCount {
  readonly dataset: DatasetId;
  readonly direction: 'forward' | 'reverse';
  readonly edges: number;
  /** Observations behind them. */
  readonly observations: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** Counts a dataset and direction; those with nothing are left out. */
export async function readCounts(client: ClickHouseClient, value: string): Promise<DatasetCount[]> {
  const counts: DatasetCount[] = [];
  for (const [direction, own] of [
    ['forward', 'source'],
    ['reverse', 'target'],
  ] as const) {
    const branches = DATASET_IDS.map((dataset, index) => {
      const key = toKey(dataset, own, value);
      return { dataset, index, key, prefix: key === value ? undefined : `${key}.` };
    });
    const where = branches.map(({ index, prefix }) =>
      prefix === undefined
        ? `(dataset = {d${index}:String} AND ${own} = {k${index}:String})`
        : `(dataset = {d${index}:String} AND (${own} = {k${index}:String} OR startsWith(${own}, {p${index}:String})))`,
    );
    const result = await client.query({
      query: `SELECT dataset, count() AS edges, sum(seen) AS observations, min(first_ms) AS first, max(last_ms) AS last FROM (
          SELECT dataset, source, target, label, variant, sum(count) AS seen,
            toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms
          FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'} WHERE ${where.join(' OR ')}
          GROUP BY dataset, source, target, label, variant) GROUP BY dataset ORDER BY dataset`,
      query_params: Object.fromEntries(
        branches.flatMap(({ dataset, index, key, prefix }) => [
          [`d${index}`, dataset],
          [`k${index}`, key],
          ...(prefix === undefined ? [] : [[`p${index}`, prefix]]),
        ]),
      ),
      format: 'JSONEachRow',
    });
    for (const row of await result.json<{
      dataset: DatasetId;
      edges: string;
      observations: string;
      first: string;
      last: string;
    }>())
      counts.push({
        dataset: row.dataset,
        direction,
        edges: Number(row.edges),
        observations: Number(row.observations),
        firstSeen: new Date(Number(row.first)).toISOString(),
        lastSeen: new Date(Number(row.last)).toISOString(),
      });
  }
  return counts;
}
