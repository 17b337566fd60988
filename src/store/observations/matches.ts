import { DATASET_IDS, DATASETS, type ArtifactType, type DatasetId } from '#model';
import { Bindings } from './bindings.ts';
import type { Connection } from './connection.ts';
import { detailColumn, isVariant } from './detail.ts';
import { MEASURE_COLUMNS, NUMBER_COLUMNS, toEdge, type Edge, type EdgeRow } from './edges.ts';
import { holdsHosts, type Side } from './key.ts';
import { HOST_KEYS, keySpaceOf, type KeySpace, type MatchKey } from './match-key.ts';
import { isRange, sideCondition, textCondition, type Pattern } from './pattern.ts';
import { DATABASE } from './schema.ts';

/** From and to, both included; milliseconds since the epoch, or a number of observations. */
export interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** When something must have been seen. */
export interface SeenScope {
  /** Overlap of life spans. */
  readonly seen?: Span | undefined;
  readonly firstSeen?: Span | undefined;
  readonly lastSeen?: Span | undefined;
}

/** Edges of a dataset that answer a question; what is left out is not asked. */
export interface EdgeMatch extends SeenScope {
  readonly dataset: DatasetId;
  /** The side that is the answer. */
  readonly own: Side;
  readonly ownPattern?: Pattern | undefined;
  readonly otherPattern?: Pattern | undefined;
  readonly label?: Pattern | undefined;
  readonly details?: readonly { readonly field: string; readonly pattern: Pattern }[] | undefined;
  readonly count?: Span | undefined;
  readonly isObserved?: boolean | undefined;
}

/** When something was seen first and last; RFC 3339 UTC. */
export interface SeenSpan {
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** Keys of one look-up. */
const MAX_MATCH_KEYS = 5_000;

const IN_ORDER = 'SETTINGS optimize_aggregation_in_order = 1';

/**
 * About how many edges match, by the index alone: an upper bound. Of a column, since of `count()` it would say only what is
 * left to read where the index itself counts the rest.
 */
export async function estimateMatch(connection: Connection, match: EdgeMatch): Promise<number> {
  const bindings = new Bindings();
  const rows = await connection.rows<{ rows: string }>(
    `EXPLAIN ESTIMATE SELECT ${match.own} FROM ${DATABASE}.${tableBy(sideToReadBy(match))}
     WHERE ${conditionsOf(bindings, match).join(' AND ')}`,
    bindings.parameters,
  );
  return rows.reduce((sum, row) => sum + Number(row.rows), 0);
}

/** The edges by which keys match, `each` of a key at most, those last seen first. */
export async function matchedEdges(
  connection: Connection,
  match: EdgeMatch,
  keys: readonly MatchKey[],
  each: number,
): Promise<Map<MatchKey, Edge[]>> {
  const found = new Map<MatchKey, Edge[]>();
  const own = ownKeys(match, keys).slice(0, MAX_MATCH_KEYS);
  if (own.length === 0) return found;
  const bindings = new Bindings();
  const { table, where } = amongOf(bindings, match, own);
  const having = havingOf(bindings, match);
  const rows = await connection.rows<EdgeRow>(
    `SELECT source, label, target, variant, ${MEASURE_COLUMNS}
     FROM ${DATABASE}.${table} WHERE ${where} GROUP BY ${edgeOf(table)} ${having === '' ? '' : `HAVING ${having}`}
     ORDER BY ${match.own}, last_ms DESC, source, target, label, variant
     LIMIT ${bindings.bind(each, 'UInt32')} BY ${match.own} ${IN_ORDER}`,
    bindings.parameters,
  );
  for (const row of rows) {
    const key = toMatchKey(match, row[match.own]);
    const edges = found.get(key);
    if (edges === undefined) found.set(key, [toEdge(match.dataset, row)]);
    else edges.push(toEdge(match.dataset, row));
  }
  return found;
}

/** From when to when hosts were seen, as sources or else as targets of any dataset. */
export async function readSpans(
  connection: Connection,
  keys: readonly MatchKey[],
): Promise<Map<MatchKey, SeenSpan>> {
  const spans = new Map<MatchKey, SeenSpan>();
  for (const side of ['source', 'target'] as const) {
    const missing = keys.filter((key) => !spans.has(key) && !key.startsWith('~'));
    if (missing.length === 0) break;
    const bindings = new Bindings();
    const rows = await connection.rows<{ key: string; first: string; last: string }>(
      `SELECT ${side} AS key, toUnixTimestamp64Milli(min(first_seen)) AS first, toUnixTimestamp64Milli(max(last_seen)) AS last
       FROM ${DATABASE}.${tableBy(side)} WHERE dataset IN ${bindings.bind(hostDatasets(side), 'Array(String)')}
         AND ${side} IN ${bindings.bind(missing.slice(0, MAX_MATCH_KEYS), 'Array(String)')} GROUP BY key`,
      bindings.parameters,
    );
    for (const { key, first, last } of rows)
      spans.set(key, {
        firstSeen: new Date(Number(first)).toISOString(),
        lastSeen: new Date(Number(last)).toISOString(),
      });
  }
  return spans;
}

/** Datasets with hosts or addresses on that side. */
export function hostDatasets(side: Side): readonly DatasetId[] {
  return DATASET_IDS.filter(
    (dataset) => holdsHosts(dataset, side) || DATASETS[dataset][`${side}Type`] === 'ip',
  );
}

type Table = 'edges_fwd' | 'edges_rev';

const otherOf = ({ own }: EdgeMatch): Side => (own === 'source' ? 'target' : 'source');
export const tableBy = (side: Side): Table => (side === 'source' ? 'edges_fwd' : 'edges_rev');

/** The columns of an edge, in the order of the table. */
function edgeOf(table: Table): string {
  return `dataset, ${table === 'edges_fwd' ? 'source, target' : 'target, source'}, label, variant`;
}

export const measuresOf = ({ details = [] }: EdgeMatch): string =>
  details.length === 0 ? NUMBER_COLUMNS : MEASURE_COLUMNS;

/** By which side all that match are read: by the other where that is a range of its table, else by their own. */
export function sideToReadBy({ dataset, own, ownPattern, otherPattern }: EdgeMatch): Side {
  const other = own === 'source' ? 'target' : 'source';
  const isByOther =
    otherPattern !== undefined &&
    isRange(dataset, other, otherPattern) &&
    !(ownPattern?.kind === 'exact' && !isOneValue(otherPattern));
  return isByOther ? other : own;
}

/** Whether the edges of the pattern lie in the order of the side that answers. */
export function isOneValue(pattern: Pattern | undefined): boolean {
  return pattern?.kind === 'exact' || (pattern?.kind === 'oneOf' && pattern.keys.length === 1);
}

/** How to look at some keys only. With one value on the other side, that value's range is the shorter one. */
function amongOf(
  bindings: Bindings,
  match: EdgeMatch,
  keys: readonly string[],
): { readonly table: Table; readonly where: string } {
  const { own, otherPattern } = match;
  const where = [...conditionsOf(bindings, match), `${own} IN ${bindings.bind(keys, 'Array(String)')}`];
  const table = tableBy(isOneValue(otherPattern) ? otherOf(match) : own);
  return { table, where: where.join(' AND ') };
}

/** What holds of every row of an edge that matches. */
export function conditionsOf(bindings: Bindings, match: EdgeMatch): string[] {
  const { dataset, own, ownPattern, otherPattern, label } = match;
  const where = [`dataset = ${bindings.bind(dataset)}`];
  if (ownPattern !== undefined) where.push(sideCondition(bindings, dataset, own, ownPattern));
  if (otherPattern !== undefined) where.push(sideCondition(bindings, dataset, otherOf(match), otherPattern));
  // Of names that stand among addresses (aliases, texts) no artifact is made.
  if (typeOf(match) === 'ip') where.push(`(isIPv4String(${own}) OR isIPv6String(${own}))`);
  if (label !== undefined) where.push(textCondition(bindings, 'label', label));
  for (const { field, pattern } of match.details ?? [])
    if (isVariant(dataset, field)) where.push(textCondition(bindings, 'variant', pattern));
  return where;
}

/** What holds of one row at least of an edge that matches: a single condition, since two could hold of two rows. */
export function rowConditionOf(bindings: Bindings, match: EdgeMatch): string | undefined {
  const [bound] = spanBoundsOf(match);
  if (bound === undefined) return match.isObserved === true ? 'is_observed = 1' : undefined;
  const { column, way, at } = bound;
  return `${column} ${way} fromUnixTimestamp64Milli(${bindings.bind(at, 'Int64')}, 'UTC')`;
}

/** Whether that says all there is to ask. */
export function isSaidByRows(match: EdgeMatch): boolean {
  const { dataset, isObserved, count, firstSeen, lastSeen, details = [] } = match;
  const asked = spanBoundsOf(match).length + Number(isObserved !== undefined);
  return (
    asked <= 1 &&
    isObserved !== false &&
    (count?.from ?? count?.to) === undefined &&
    firstSeen?.from === undefined &&
    lastSeen?.to === undefined &&
    details.every(({ field }) => isVariant(dataset, field))
  );
}

/** Ends of life spans for which one row is enough: the greatest is at or above, the least at or below. */
function spanBoundsOf({ seen, firstSeen, lastSeen }: EdgeMatch) {
  return [
    { column: 'last_seen', way: '>=', at: greatest(seen?.from, lastSeen?.from) },
    { column: 'first_seen', way: '<=', at: least(seen?.to, firstSeen?.to) },
  ].filter((bound): bound is typeof bound & { readonly at: number } => bound.at !== undefined);
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** What must hold of an edge as its rows come to. */
export function havingOf(bindings: Bindings, match: EdgeMatch): string {
  const { count, isObserved } = match;
  const having = [...spanConditions(bindings, match), ...between(bindings, 'seen', count)];
  if (isObserved !== undefined) having.push(`observed = ${isObserved ? 1 : 0}`);
  for (const { field, pattern } of match.details ?? [])
    if (!isVariant(match.dataset, field))
      having.push(textCondition(bindings, detailColumn(bindings, 'newest', field), pattern));
  return having.join(' AND ');
}

/** The scope as conditions on `first_ms` and `last_ms`, instants in milliseconds. */
export function spanConditions(bindings: Bindings, { seen, firstSeen, lastSeen }: SeenScope): string[] {
  return [
    ...between(bindings, 'last_ms', { from: seen?.from }),
    ...between(bindings, 'first_ms', { to: seen?.to }),
    ...between(bindings, 'first_ms', firstSeen),
    ...between(bindings, 'last_ms', lastSeen),
  ];
}

function between(bindings: Bindings, column: string, { from, to }: Span = {}): string[] {
  return [
    ...(from === undefined ? [] : [`${column} >= ${bindings.bind(from, 'Int64')}`]),
    ...(to === undefined ? [] : [`${column} <= ${bindings.bind(to, 'Int64')}`]),
  ];
}

const typeOf = ({ dataset, own }: EdgeMatch): ArtifactType =>
  own === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;

/** What the keys of the side that answers begin with; addresses are hosts, too. */
export function spaceOfMatch(match: EdgeMatch): KeySpace {
  const type = typeOf(match);
  return holdsHosts(match.dataset, match.own) || type === 'ip' ? HOST_KEYS : `~${type}~`;
}

function toMatchKey(match: EdgeMatch, key: string): MatchKey {
  return spaceOfMatch(match) + key;
}

/** Those of the keys that this side of the dataset may hold, as it holds them. */
function ownKeys(match: EdgeMatch, keys: readonly MatchKey[]): string[] {
  const space = spaceOfMatch(match);
  return keys.flatMap((key) => (keySpaceOf(key) === space ? key.slice(space.length) : []));
}
