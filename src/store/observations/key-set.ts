import { AditError } from '#model';
import { Bindings } from './bindings.ts';
import type { Connection } from './connection.ts';
import { lookUps } from './counts.ts';
import { compareKeys, HOST_KEYS, keySpaceOf, type KeySpace, type MatchKey } from './match-key.ts';
import {
  conditionsOf,
  havingOf,
  hostDatasets,
  isOneValue,
  isSaidByRows,
  measuresOf,
  rowConditionOf,
  sideToReadBy,
  spaceOfMatch,
  spanConditions,
  tableBy,
  type EdgeMatch,
  type SeenScope,
} from './matches.ts';
import { nameCondition, withinCondition, type NamePattern } from './names.ts';
import { DATABASE } from './schema.ts';

/** Artifacts by what holds of their edges, by their names, or as they are given; and what follows from such sets. */
export type KeySet =
  | { readonly kind: 'edges'; readonly match: EdgeMatch }
  | { readonly kind: 'names'; readonly pattern: NamePattern; readonly scope: SeenScope }
  /** Sorted. */
  | { readonly kind: 'keys'; readonly keys: readonly MatchKey[]; readonly scope: SeenScope }
  /** Of the parts each; the parts are asked in their order, so that the smallest is best first. */
  | { readonly kind: 'and'; readonly parts: readonly KeySet[]; readonly not: readonly KeySet[] }
  | { readonly kind: 'or'; readonly parts: readonly KeySet[] };

/** The keys behind `after`, as far as `upTo`. */
export interface KeyRange {
  readonly after?: MatchKey | undefined;
  /** Itself included. */
  readonly upTo?: MatchKey | undefined;
}

export interface KeyPage extends KeyRange {
  readonly limit: number;
  /** About how many keys a part of the set has, an upper bound; default: nothing is known. */
  readonly sizeOf?: (set: KeySet) => number;
}

const UNKNOWN = (): number => Number.POSITIVE_INFINITY;
/** Sets of more keys are not looked up one by one in the index, which would cost more than to read past them. */
const MAX_LOOKED_UP = 4_096;
/** Rows that are read to find one key. */
const ROWS_A_LOOK_UP = 512;
/** Characters of sub-queries that are written once more in a statement, which holds 256 KiB. */
const MAX_REPEATED = 10_000;
/** Sets joined by OR that are each narrowed; of more the server would take longer to plan than to read. */
const MAX_NARROWED = 8;
/** `IN (SELECT …)` in one another: by each the server takes twice as long to plan a statement. */
const MAX_NESTED = 6;
const MAX_DEPTH = 12;
const SETTINGS = `SETTINGS use_index_for_in_with_subqueries_max_values = ${MAX_LOOKED_UP}`;
const STREAMED = 'SETTINGS optimize_aggregation_in_order = 1, max_threads = 1';

/** The next keys of the set, in order: fewer than `limit` where the range holds no more. */
export async function walkKeys(connection: Connection, set: KeySet, page: KeyPage): Promise<MatchKey[]> {
  const keys: MatchKey[] = [];
  for (const space of spacesOf(set)) {
    const range = rangeWithin(space, page);
    if (range === undefined) continue;
    const statement = new KeySetStatement(
      space,
      { ...range, within: domainsOf(set) },
      page.sizeOf ?? UNKNOWN,
    );
    const sql = statement.page(set, page.limit - keys.length, 0);
    if (sql === undefined) continue;
    const rows = await connection.rows<{ key: string }>(sql, statement.parameters);
    for (const { key } of rows) keys.push(space + key);
    if (keys.length >= page.limit) break;
  }
  return keys;
}

/**
 * A key with about `count` before it in the range that may be of the set, found by the index alone: so that a costly set is
 * asked piece by piece. Undefined where there are fewer, and of a set that is walked in order without reading all of it.
 */
export async function findBound(
  connection: Connection,
  set: KeySet,
  range: KeyRange,
  count: number,
): Promise<MatchKey | undefined> {
  return set.kind !== 'and' && isLooseExact(set)
    ? undefined
    : boundOf(connection, set, { ...range, within: domainsOf(set) }, count);
}

async function boundOf(
  connection: Connection,
  set: KeySet,
  range: NarrowRange,
  count: number,
): Promise<MatchKey | undefined> {
  switch (set.kind) {
    case 'and':
      return boundOf(connection, set.parts[0]!, range, count);
    case 'or': {
      const bounds = await Promise.all(set.parts.map((part) => boundOf(connection, part, range, count)));
      return bounds.flatMap((bound) => bound ?? []).sort(compareKeys)[0];
    }
    case 'keys':
      return set.keys.filter((key) => range.after === undefined || compareKeys(key, range.after) > 0)[count];
    case 'names':
      return nthKey(connection, { ...set, scope: {} }, range, count);
    case 'edges': {
      const { dataset, own, ownPattern, otherPattern, label } = set.match;
      const match = { dataset, own, ownPattern, otherPattern, label };
      return nthKey(connection, { kind: 'edges', match }, range, count);
    }
  }
}

async function nthKey(
  connection: Connection,
  leaf: KeySet & { readonly kind: 'edges' | 'names' },
  range: NarrowRange,
  count: number,
): Promise<MatchKey | undefined> {
  const space = spacesOf(leaf)[0]!; // a leaf of edges or names is of one kind
  const within = rangeWithin(space, range);
  if (within === undefined) return undefined;
  const statement = new KeySetStatement(space, { ...within, within: range.within }, UNKNOWN);
  const sql = statement.page(leaf, 1, count)!; // it is of this kind
  const [row] = await connection.rows<{ key: string }>(sql, statement.parameters);
  return row === undefined ? undefined : space + row.key;
}

/** Of hosts only those within each of the domains: a range of every table's key. */
interface NarrowRange extends KeyRange {
  readonly within: readonly Domain[];
}
type Domain = NamePattern & { readonly kind: 'within' };

/** Domains that all keys of the set lie within. */
function domainsOf(set: KeySet): Domain[] {
  if (set.kind === 'and') return set.parts.flatMap(domainsOf);
  return set.kind === 'names' && set.pattern.kind === 'within' ? [set.pattern] : [];
}

/** A sub-query that gives keys, any of them perhaps several times. */
class Select {
  readonly #from: string;
  readonly #where: readonly string[];
  /** About how many keys it gives. */
  readonly size: number;
  /** How many `IN (SELECT …)` lie in one another. */
  readonly depth: number;

  constructor(from: string, size: number, depth: number, where: readonly string[] = []) {
    this.#from = from;
    this.size = size;
    this.depth = depth;
    this.#where = where;
  }

  get sql(): string {
    if (this.#where.length === 0) return this.#from;
    return `SELECT key FROM (${this.#from}) WHERE ${this.#where.join(' AND ')}`;
  }

  /** Those of the keys that meet one more condition. */
  that(condition: string, size = this.size, depth = 0): Select {
    const [least, deepest] = [Math.min(size, this.size), Math.max(depth, this.depth)];
    return new Select(this.#from, least, deepest, [...this.#where, condition]);
  }

  in({ sql, size, depth }: Select): Select {
    return this.that(`key IN (${sql})`, size, depth + 1);
  }

  notIn({ sql, depth }: Select): Select {
    return this.that(`key NOT IN (${sql})`, this.size, depth + 1);
  }
}

/**
 * One statement for a whole set, so that no keys go back and forth: `key IN (…)` in one another, the smallest set
 * innermost. What needs all rows of an edge (life spans, counts, details) is first asked loosely, by what must hold of one
 * of its rows, and then exactly of what is left.
 */
class KeySetStatement {
  readonly #bindings = new Bindings();
  readonly #space: KeySpace;
  readonly #range: NarrowRange;
  readonly #sizeOf: (set: KeySet) => number;
  #repeatable = MAX_REPEATED;

  constructor(space: KeySpace, range: NarrowRange, sizeOf: (set: KeySet) => number) {
    this.#space = space;
    this.#range = range;
    this.#sizeOf = sizeOf;
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.#bindings.parameters;
  }

  /** Undefined where no key of this kind can be in the set. */
  page(set: KeySet, limit: number, offset: number): string | undefined {
    const rows = `LIMIT ${this.#bindings.bind(limit, 'UInt32')} OFFSET ${this.#bindings.bind(offset, 'UInt32')}`;
    if (set.kind === 'edges' && isLooseExact(set)) {
      const streamed = this.#streamed(set.match);
      if (streamed !== undefined) return `${streamed} ${rows} ${STREAMED}`;
    }
    const select = this.#exact(set, undefined);
    if (select === undefined) return undefined;
    if (select.depth > MAX_DEPTH)
      throw new AditError('query-too-broad', 'The query has too many brackets in one another.', {
        advice: 'Write it with fewer of them.',
      });
    return `SELECT key FROM (${select.sql}) GROUP BY key ORDER BY key ${rows} ${SETTINGS}`;
  }

  /** In the order of the table, so that the server stops at the limit. */
  #streamed(match: EdgeMatch): string | undefined {
    const side = sideToReadBy(match);
    if (spaceOfMatch(match) !== this.#space) return undefined;
    if (side !== match.own && !isOneValue(match.otherPattern)) return undefined;
    const columns = side === match.own ? `dataset, ${match.own}` : `dataset, ${side}, ${match.own}`;
    return `SELECT ${match.own} AS key FROM ${DATABASE}.${tableBy(side)}
      WHERE ${this.#where(match, undefined, true)} GROUP BY ${columns} ORDER BY ${columns}`;
  }

  #exact(set: KeySet, base: Select | undefined): Select | undefined {
    switch (set.kind) {
      case 'edges':
        return this.#edges(set, base, isLooseExact(set));
      case 'names':
      case 'keys':
        return this.#seenWithin([set.scope], this.#loose(set, base));
      case 'or':
        return this.#any(set, base, false);
      case 'and': {
        let left = this.#allExactly(set.parts, base);
        for (const taken of set.not) left = left && this.#without(left, taken);
        return left;
      }
    }
  }

  #allExactly(parts: readonly KeySet[], base: Select | undefined): Select | undefined {
    if (parts.length === 1) return this.#exact(parts[0]!, base);
    let left = this.#allLoosely(parts, base);
    const scopes: SeenScope[] = [];
    for (const part of parts)
      if (part.kind === 'names' || part.kind === 'keys') scopes.push(part.scope);
      else if (!isLooseExact(part)) left = left && this.#exact(part, left);
    return this.#seenWithin(scopes, left);
  }

  /** More keys than the set has, perhaps. */
  #loose(set: KeySet, base: Select | undefined): Select | undefined {
    switch (set.kind) {
      case 'edges':
        return this.#edges(set, base, true);
      case 'names':
        return this.#names(set, base);
      case 'keys':
        return this.#given(set.keys, base);
      case 'or':
        return this.#any(set, base, true);
      case 'and':
        return this.#allLoosely(set.parts, base);
    }
  }

  #allLoosely(parts: readonly KeySet[], base: Select | undefined): Select | undefined {
    let left = base;
    for (const part of parts) {
      left = this.#loose(part, left);
      if (left === undefined) return undefined;
    }
    return left;
  }

  #any(
    { parts }: KeySet & { readonly kind: 'or' },
    base: Select | undefined,
    isLoose: boolean,
  ): Select | undefined {
    const selects = parts.flatMap((part) => {
      const inner = parts.length <= MAX_NARROWED && this.#mayNarrow(base, part) ? base : undefined;
      return (isLoose ? this.#loose(part, inner) : this.#exact(part, inner)) ?? [];
    });
    if (selects.length === 0) return undefined;
    const size = selects.reduce((sum, select) => sum + select.size, 0);
    const depth = Math.max(...selects.map((select) => select.depth));
    const all = new Select(selects.map(({ sql }) => sql).join(' UNION ALL '), size, depth);
    return base === undefined ? new Select(`SELECT key FROM (${all.sql})`, size, depth) : base.in(all);
  }

  #without(base: Select, taken: KeySet): Select {
    if (
      taken.kind === 'names' &&
      taken.pattern.kind === 'within' &&
      isLooseExact(taken) &&
      this.#space === HOST_KEYS
    )
      return base.that(`NOT ${withinCondition(this.#bindings, taken.pattern)}`);
    const select = this.#exact(taken, this.#mayNarrow(base, taken) ? base : undefined);
    return select === undefined ? base : base.notIn(select);
  }

  /** Whether it pays, and is short enough, to write the base once more, to narrow the set by it. */
  #mayNarrow(base: Select | undefined, set: KeySet): boolean {
    if (base === undefined || base.size >= this.#sizeOf(set) || base.depth >= MAX_NESTED) return false;
    const { length } = base.sql;
    if (length > this.#repeatable) return false;
    this.#repeatable -= length;
    return true;
  }

  #edges(
    set: KeySet & { readonly kind: 'edges' },
    base: Select | undefined,
    isLoose: boolean,
  ): Select | undefined {
    const { match } = set;
    if (spaceOfMatch(match) !== this.#space) return undefined;
    if (base !== undefined && base.depth >= MAX_NESTED) return base.in(this.#edges(set, undefined, isLoose)!);
    const size = this.#sizeOf(set);
    const isFewer = base !== undefined && base.size <= MAX_LOOKED_UP && base.size * ROWS_A_LOOK_UP < size;
    const table = tableBy(isFewer ? match.own : sideToReadBy(match));
    const from = `FROM ${DATABASE}.${table} WHERE ${this.#where(match, base, isLoose)}`;
    // Whole edges by 64 bits of hash, which costs less than by their texts.
    const sql = isLoose
      ? `SELECT ${match.own} AS key ${from}`
      : `SELECT key FROM (SELECT any(${match.own}) AS key, ${measuresOf(match)} ${from}
          GROUP BY cityHash64(source, target, label, variant) HAVING ${havingOf(this.#bindings, match)})`;
    return new Select(sql, Math.min(base?.size ?? size, size), base === undefined ? 0 : base.depth + 1);
  }

  #names(set: KeySet & { readonly kind: 'names' }, base: Select | undefined): Select | undefined {
    if (this.#space !== HOST_KEYS) return undefined;
    const { pattern } = set;
    const size = this.#sizeOf(set);
    if (base !== undefined && pattern.kind === 'within')
      return base.that(withinCondition(this.#bindings, pattern), size);
    if (base !== undefined && base.depth >= MAX_NESTED) return base.in(this.#names(set, undefined)!);
    const where = this.#inRange('key');
    if (base !== undefined) where.push(`key IN (${base.sql})`);
    // The names first: of few of them the keys are looked up among the others.
    const sql = `SELECT key FROM ${DATABASE}.names PREWHERE ${nameCondition(this.#bindings, pattern)}`;
    return new Select(
      where.length === 0 ? sql : `${sql} WHERE ${where.join(' AND ')}`,
      Math.min(base?.size ?? size, size),
      base === undefined ? 0 : base.depth + 1,
    );
  }

  #given(keys: readonly MatchKey[], base: Select | undefined): Select | undefined {
    const own = keys.flatMap((key) => (keySpaceOf(key) === this.#space ? key.slice(this.#space.length) : []));
    if (own.length === 0) return undefined;
    const lists = Array.from(lookUps(own), (some) => this.#bindings.bind(some, 'Array(String)'));
    if (base !== undefined)
      return base.that(`(${lists.map((list) => `key IN ${list}`).join(' OR ')})`, own.length);
    const all = lists.length === 1 ? lists[0]! : `arrayConcat(${lists.join(', ')})`;
    return new Select(`SELECT arrayJoin(${all}) AS key`, own.length, 0, this.#inRange('key'));
  }

  /** Those of the hosts that were seen as the scopes say: as sources, or else as targets. */
  #seenWithin(scopes: readonly SeenScope[], keys: Select | undefined): Select | undefined {
    const having = scopes.flatMap((scope) => spanConditions(this.#bindings, scope));
    if (keys === undefined || having.length === 0) return keys;
    if (this.#space !== HOST_KEYS) return undefined;
    const spans = (['source', 'target'] as const).map(
      (
        side,
        rank,
      ) => `SELECT ${side} AS key, ${rank} AS rank, first_seen, last_seen FROM ${DATABASE}.${tableBy(side)}
        WHERE dataset IN ${this.#bindings.bind(hostDatasets(side), 'Array(String)')}`,
    );
    return new Select(
      `SELECT key FROM (SELECT key, argMin(first, rank) AS first_ms, argMin(last, rank) AS last_ms FROM (
        SELECT key, rank, toUnixTimestamp64Milli(min(first_seen)) AS first, toUnixTimestamp64Milli(max(last_seen)) AS last
          FROM (${spans.join(' UNION ALL ')}) WHERE key IN (${keys.sql}) GROUP BY key, rank)
        GROUP BY key HAVING ${having.join(' AND ')})`,
      keys.size,
      keys.depth + 1,
    );
  }

  #where(match: EdgeMatch, base: Select | undefined, isLoose: boolean): string {
    const where = [...conditionsOf(this.#bindings, match), ...this.#inRange(match.own)];
    const row = isLoose ? rowConditionOf(this.#bindings, match) : undefined;
    if (row !== undefined) where.push(row);
    if (base !== undefined) where.push(`${match.own} IN (${base.sql})`);
    return where.join(' AND ');
  }

  #inRange(column: string): string[] {
    const { after, upTo, within } = this.#range;
    return [
      ...within.map((domain) => withinCondition(this.#bindings, domain, column)),
      ...(after === undefined ? [] : [`${column} > ${this.#bindings.bind(after)}`]),
      ...(upTo === undefined ? [] : [`${column} <= ${this.#bindings.bind(upTo)}`]),
    ];
  }
}

/** Whether what is asked loosely is all there is to ask. */
function isLooseExact(set: KeySet): boolean {
  switch (set.kind) {
    case 'edges':
      return isSaidByRows(set.match);
    case 'names':
    case 'keys':
      return !isScoped(set.scope);
    case 'or':
      return set.parts.every(isLooseExact);
    case 'and':
      return set.not.length === 0 && set.parts.every(isLooseExact);
  }
}

const isScoped = ({ seen, firstSeen, lastSeen }: SeenScope): boolean =>
  [seen, firstSeen, lastSeen].some((span) => (span?.from ?? span?.to) !== undefined);

/** Kinds of keys that the set may hold, in their order. */
function spacesOf(set: KeySet): KeySpace[] {
  switch (set.kind) {
    case 'edges':
      return [spaceOfMatch(set.match)];
    case 'names':
      return [HOST_KEYS];
    case 'keys':
      return inOrder(set.keys.map(keySpaceOf));
    case 'or':
      return inOrder(set.parts.flatMap(spacesOf));
    case 'and':
      return set.parts.map(spacesOf).reduce((a, b) => a.filter((space) => b.includes(space)));
  }
}

const inOrder = (spaces: readonly KeySpace[]): KeySpace[] => [...new Set(spaces)].sort(compareKeys);

/** The range among keys of one kind, as they stand in the tables; undefined where it holds none. */
function rangeWithin(space: KeySpace, { after, upTo }: KeyRange): KeyRange | undefined {
  const isOf = (key: MatchKey): boolean => keySpaceOf(key) === space;
  if (after !== undefined && !isOf(after) && compareKeys(after, space) > 0) return undefined;
  if (upTo !== undefined && !isOf(upTo) && compareKeys(upTo, space) <= 0) return undefined;
  return {
    after: after !== undefined && isOf(after) ? after.slice(space.length) : undefined,
    upTo: upTo !== undefined && isOf(upTo) ? upTo.slice(space.length) : undefined,
  };
}
