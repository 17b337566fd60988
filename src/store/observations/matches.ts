import { DATASET_IDS, DATASETS, type DatasetId } from '#model';
import { Bindings } from './bindings.ts';
import type { Connection } from './connection.ts';
import { detailColumn, isVariant } from './detail.ts';
import { toEdge, type Edge, type EdgeRow } from './edges.ts';
import { holdsHosts, type Side } from './key.ts';
import type { MatchKey } from './match-key.ts';
import { isRange, sideCondition, textCondition, type Pattern } from './pattern.ts';
import { DATABASE } from './schema.ts';

/** From and to, both included; milliseconds since the epoch, or a number of observations. */
export interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Edges of a dataset that answer a question; what is left out is not asked. */
export interface EdgeMatch {
  readonly dataset: DatasetId;
  /** The side that is the answer. */
  readonly own: Side;
  readonly ownPattern?: Pattern | undefined;
  readonly otherPattern?: Pattern | undefined;
  readonly label?: Pattern | undefined;
  readonly details?: readonly { readonly field: string; readonly pattern: Pattern }[] | undefined;
  /** Overlap of life spans. */
  readonly seen?: Span | undefined;
  readonly firstSeen?: Span | undefined;
  readonly lastSeen?: Span | undefined;
  readonly count?: Span | undefined;
  readonly isObserved?: boolean | undefined;
}

/** The keys behind one, or from the first. */
export interface WalkPage {
  readonly after: MatchKey | undefined;
  readonly limit: number;
}

/** When something was seen first and last; RFC 3339 UTC. */
export interface SeenSpan {
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** Keys of one look-up. */
const MAX_MATCH_KEYS = 5_000;

/** What the rows of an edge come to, by name. */
const MEASURES = `max(is_observed) AS observed, toUnixTimestamp64Milli(min(first_seen)) AS first_ms,
  toUnixTimestamp64Milli(max(last_seen)) AS last_ms, sum(count) AS seen`;
const NEWEST = 'max(latest) AS newest';
const IN_ORDER = 'SETTINGS optimize_aggregation_in_order = 1';

/** About how many edges match, by the index alone: an upper bound. */
export async function estimateMatch(connection: Connection, match: EdgeMatch): Promise<number> {
  const bindings = new Bindings();
  const { table, where } = walkOf(bindings, match, undefined);
  const rows = await connection.rows<{ rows: string }>(
    `EXPLAIN ESTIMATE SELECT count() FROM ${DATABASE}.${table} WHERE ${where}`,
    bindings.parameters,
  );
  return rows.reduce((sum, row) => sum + Number(row.rows), 0);
}

/** The next keys that match, in order; fewer than `limit` where there are no more. */
export async function walkMatch(
  connection: Connection,
  match: EdgeMatch,
  page: WalkPage,
): Promise<MatchKey[]> {
  const bindings = new Bindings();
  const after = page.after === undefined ? undefined : afterOf(match, page.after);
  if (after === 'all') return [];
  const { table, where, order } = walkOf(bindings, match, after);
  const having = havingOf(bindings, match);
  const limit = bindings.bind(page.limit, 'UInt32');
  const { own } = match;
  const edges = `FROM ${DATABASE}.${table} WHERE ${where}`;
  const grouped = `SELECT ${own} AS key, ${measuresOf(match)} ${edges} GROUP BY ${edgeOf(table)} HAVING ${having}`;
  let sql: string;
  if (having === '') {
    // In the order of the table the server stops at the limit; else it reads all that match.
    const columns = order ?? own;
    sql = `SELECT ${own} AS key ${edges} GROUP BY ${columns} ORDER BY ${columns} LIMIT ${limit}`;
  } else if (order === undefined)
    sql = `SELECT key FROM (${grouped}) GROUP BY key ORDER BY key LIMIT ${limit}`;
  else sql = `SELECT DISTINCT key FROM (${grouped} ORDER BY ${edgeOf(table)}) LIMIT ${limit}`;
  const rows = await connection.rows<{ key: string }>(
    `${sql} ${IN_ORDER}${order === undefined ? '' : ', max_threads = 1'}`,
    bindings.parameters,
  );
  return rows.map(({ key }) => toMatchKey(match, key));
}

/** Which of the keys match. */
export async function filterMatch(
  connection: Connection,
  match: EdgeMatch,
  keys: readonly MatchKey[],
): Promise<Set<MatchKey>> {
  const found = new Set<MatchKey>();
  const own = ownKeys(match, keys);
  for (let from = 0; from < own.length; from += MAX_MATCH_KEYS) {
    const bindings = new Bindings();
    const { table, where } = amongOf(bindings, match, own.slice(from, from + MAX_MATCH_KEYS));
    const having = havingOf(bindings, match);
    const edges = `FROM ${DATABASE}.${table} WHERE ${where}`;
    const rows = await connection.rows<{ key: string }>(
      having === ''
        ? `SELECT DISTINCT ${match.own} AS key ${edges}`
        : `SELECT DISTINCT key FROM (SELECT ${match.own} AS key, ${measuresOf(match)} ${edges}
             GROUP BY ${edgeOf(table)} HAVING ${having})`,
      bindings.parameters,
    );
    for (const { key } of rows) found.add(toMatchKey(match, key));
  }
  return found;
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
    `SELECT source, label, target, variant, ${MEASURES}, ${NEWEST}
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
    const datasets = DATASET_IDS.filter(
      (dataset) => holdsHosts(dataset, side) || DATASETS[dataset][`${side}Type`] === 'ip',
    );
    const rows = await connection.rows<{ key: string; first: string; last: string }>(
      `SELECT ${side} AS key, toUnixTimestamp64Milli(min(first_seen)) AS first, toUnixTimestamp64Milli(max(last_seen)) AS last
       FROM ${DATABASE}.${tableBy(side)} WHERE dataset IN ${bindings.bind(datasets, 'Array(String)')}
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

type Table = 'edges_fwd' | 'edges_rev';

const otherOf = ({ own }: EdgeMatch): Side => (own === 'source' ? 'target' : 'source');
const tableBy = (side: Side): Table => (side === 'source' ? 'edges_fwd' : 'edges_rev');

/** The columns of an edge, in the order of the table. */
function edgeOf(table: Table): string {
  return `dataset, ${table === 'edges_fwd' ? 'source, target' : 'target, source'}, label, variant`;
}

const measuresOf = ({ details = [] }: EdgeMatch): string =>
  details.length === 0 ? MEASURES : `${MEASURES}, ${NEWEST}`;

/** How to read all that match: by the other side where that is a range of its table, else by the own. */
function walkOf(
  bindings: Bindings,
  match: EdgeMatch,
  after: string | undefined,
): { readonly table: Table; readonly where: string; readonly order: string | undefined } {
  const { dataset, own, ownPattern, otherPattern } = match;
  const other = otherOf(match);
  const isByOther =
    otherPattern !== undefined &&
    isRange(dataset, other, otherPattern) &&
    !(ownPattern?.kind === 'exact' && otherPattern.kind !== 'exact');
  const behind = after === undefined ? [] : [`${own} > ${bindings.bind(after)}`];
  const where = [...conditionsOf(bindings, match), ...behind].join(' AND ');
  if (!isByOther) return { table: tableBy(own), where, order: `dataset, ${own}` };
  const order = otherPattern.kind === 'exact' ? `dataset, ${other}, ${own}` : undefined;
  return { table: tableBy(other), where, order };
}

/** How to look at some keys only. With one value on the other side, that value's range is the shorter one. */
function amongOf(
  bindings: Bindings,
  match: EdgeMatch,
  keys: readonly string[],
): { readonly table: Table; readonly where: string } {
  const { own, otherPattern } = match;
  const where = [...conditionsOf(bindings, match), `${own} IN ${bindings.bind(keys, 'Array(String)')}`];
  const table = otherPattern?.kind === 'exact' ? tableBy(otherOf(match)) : tableBy(own);
  return { table, where: where.join(' AND ') };
}

/** What can be said of each row by itself. */
function conditionsOf(bindings: Bindings, match: EdgeMatch): string[] {
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

/** What must hold of an edge as its rows come to. */
function havingOf(bindings: Bindings, match: EdgeMatch): string {
  const { seen, firstSeen, lastSeen, count, isObserved } = match;
  const having: string[] = [];
  const within = (column: string, { from, to }: Span = {}): void => {
    if (from !== undefined) having.push(`${column} >= ${bindings.bind(from, 'Int64')}`);
    if (to !== undefined) having.push(`${column} <= ${bindings.bind(to, 'Int64')}`);
  };
  within('last_ms', { from: seen?.from });
  within('first_ms', { to: seen?.to });
  within('first_ms', firstSeen);
  within('last_ms', lastSeen);
  within('seen', count);
  if (isObserved !== undefined) having.push(`observed = ${isObserved ? 1 : 0}`);
  for (const { field, pattern } of match.details ?? [])
    if (!isVariant(match.dataset, field))
      having.push(textCondition(bindings, detailColumn(bindings, 'newest', field), pattern));
  return having.join(' AND ');
}

const typeOf = ({ dataset, own }: EdgeMatch): string =>
  own === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;

/** Addresses are hosts, too. */
const holdsHostKeys = (match: EdgeMatch): boolean =>
  holdsHosts(match.dataset, match.own) || typeOf(match) === 'ip';

function toMatchKey(match: EdgeMatch, key: string): MatchKey {
  return holdsHostKeys(match) ? key : `~${typeOf(match)}~${key}`;
}

/** Those of the keys that this side of the dataset may hold, as it holds them. */
function ownKeys(match: EdgeMatch, keys: readonly MatchKey[]): string[] {
  if (holdsHostKeys(match)) return keys.filter((key) => !key.startsWith('~'));
  const prefix = `~${typeOf(match)}~`;
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** The position behind a key of any type, on this side; `all` where everything lies before it. */
function afterOf(match: EdgeMatch, key: MatchKey): string | undefined {
  if (holdsHostKeys(match)) return key.startsWith('~') ? 'all' : key;
  const prefix = `~${typeOf(match)}~`;
  if (key.startsWith(prefix)) return key.slice(prefix.length);
  return key > prefix ? 'all' : undefined;
}
