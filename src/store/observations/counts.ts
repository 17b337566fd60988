import { DATASET_IDS, type DatasetId } from '#model';
import type { Connection } from './connection.ts';
import { prefixBelow, toKey, type Side } from './key.ts';
import { DATABASE } from './schema.ts';

/** Of one look-up: each key costs the server a read of its own, and a parameter of it holds 128 KiB with its escapes. */
const MAX_KEYS = 500;
const MAX_KEY_BYTES = 50_000;
/** Values shared by more are common: their counts are remembered. */
const COMMON = 1_000;
const REMEMBERED_MS = 5 * 60_000;
const MOST_REMEMBERED = 20_000;

/** A value on one side of a dataset. */
export interface SideValue {
  readonly dataset: DatasetId;
  readonly side: Side;
  readonly value: string;
}

/**
 * How far values reach: how many distinct values stand on the other side of each. Exact up to some thousands, then within
 * a percent. What is shared by thousands is costly to count and changes little: such counts are remembered for a while.
 */
export class Reach {
  readonly #connection: Connection;
  readonly #common = new Map<string, { readonly others: number; readonly until: number }>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async count(values: readonly SideValue[]): Promise<number[]> {
    const ids = values.map(({ dataset, side, value }) => `${dataset} ${side} ${toKey(dataset, side, value)}`);
    const counts = new Map<string, number>();
    const unknown = values.filter((_, index) => {
      const known = this.#remembered(ids[index]!);
      if (known !== undefined) counts.set(ids[index]!, known);
      return known === undefined;
    });
    for (const [group, members] of Map.groupBy(unknown, ({ dataset, side }) => `${dataset} ${side}`)) {
      const [dataset, side] = group.split(' ') as [DatasetId, Side]; // made in the line above
      const keys = [...new Set(members.map(({ value }) => toKey(dataset, side, value)))];
      for (const some of lookUps(keys))
        for (const { key, others } of await countKeys(this.#connection, dataset, side, some)) {
          counts.set(`${group} ${key}`, Number(others));
          if (Number(others) > COMMON) this.#remember(`${group} ${key}`, Number(others));
        }
    }
    return ids.map((id) => counts.get(id) ?? 0);
  }

  #remembered(id: string): number | undefined {
    const entry = this.#common.get(id);
    return entry === undefined || entry.until < Date.now() ? undefined : entry.others;
  }

  #remember(id: string, others: number): void {
    if (this.#common.size >= MOST_REMEMBERED) this.#common.clear();
    this.#common.set(id, { others, until: Date.now() + REMEMBERED_MS });
  }
}

/** Keys in lists that fit a parameter each. */
export function* lookUps(keys: readonly string[]): Generator<string[]> {
  let some: string[] = [];
  let sizeBytes = 0;
  for (const key of keys) {
    if (some.length >= MAX_KEYS || sizeBytes > MAX_KEY_BYTES) {
      yield some;
      [some, sizeBytes] = [[], 0];
    }
    some.push(key);
    sizeBytes += Buffer.byteLength(key);
  }
  if (some.length > 0) yield some;
}

function countKeys(connection: Connection, dataset: DatasetId, side: Side, keys: readonly string[]) {
  const [other, table] = side === 'source' ? ['target', 'edges_fwd'] : ['source', 'edges_rev'];
  return connection.rows<{ key: string; others: string }>(
    `SELECT ${side} AS key, uniqCombined(${other}) AS others FROM ${DATABASE}.${table}
     WHERE dataset = {dataset:String} AND ${side} IN {keys:Array(String)} GROUP BY key`,
    { dataset, keys },
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
export async function readCounts(connection: Connection, value: string): Promise<DatasetCount[]> {
  const both = await Promise.all([
    readDirection(connection, value, 'forward', 'source', 'target'),
    readDirection(connection, value, 'reverse', 'target', 'source'),
  ]);
  return both.flat();
}

async function readDirection(
  connection: Connection,
  value: string,
  direction: DatasetCount['direction'],
  own: Side,
  other: Side,
): Promise<DatasetCount[]> {
  const parameters: Record<string, string> = {};
  const where = DATASET_IDS.map((dataset, index) => {
    parameters[`d${index}`] = dataset;
    parameters[`k${index}`] = toKey(dataset, own, value);
    const prefix = prefixBelow(dataset, own, value);
    const alone = `${own} = {k${index}:String}`;
    if (prefix === undefined) return `(dataset = {d${index}:String} AND ${alone})`;
    parameters[`p${index}`] = prefix;
    return `(dataset = {d${index}:String} AND (${alone} OR startsWith(${own}, {p${index}:String})))`;
  });
  const rows = await connection.rows<{
    dataset: DatasetId;
    edges: string;
    observations: string;
    first: string;
    last: string;
  }>(
    // Edges are told apart by 64 bits of hash: at a hundred thousand rows that costs a third of grouping by their texts.
    `SELECT dataset, uniqExact(cityHash64(${own}, ${other}, label, variant)) AS edges, sum(count) AS observations,
        toUnixTimestamp64Milli(min(first_seen)) AS first, toUnixTimestamp64Milli(max(last_seen)) AS last
      FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'} WHERE ${where.join(' OR ')}
      GROUP BY dataset ORDER BY dataset`,
    parameters,
  );
  return rows.map(({ dataset, edges, observations, first, last }) => ({
    dataset,
    direction,
    edges: Number(edges),
    observations: Number(observations),
    firstSeen: new Date(Number(first)).toISOString(),
    lastSeen: new Date(Number(last)).toISOString(),
  }));
}
