import { DATASET_IDS, type DatasetId } from '#model';
import { Bindings } from './bindings.ts';
import type { Connection } from './connection.ts';
import { prefixBelow, toKey, type Side } from './key.ts';
import { DATABASE } from './schema.ts';

export interface HeatmapQuery {
  readonly value: string;
  readonly by: 'day' | 'month';
  /** Days, both included; default: all there is. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly datasets?: readonly DatasetId[] | undefined;
}

/** How many edges of a dataset were seen for the first, and for the last time, in a day or month (by its first day). */
export interface HeatmapCell {
  readonly at: string;
  readonly dataset: DatasetId;
  readonly direction: 'forward' | 'reverse';
  readonly first: number;
  readonly last: number;
}

/** Cells of a map. */
const MAX_CELLS = 20_000;

/** In order of time; empty cells are left out. */
export async function readHeatmap(connection: Connection, query: HeatmapQuery): Promise<HeatmapCell[]> {
  const both = await Promise.all([
    readDirection(connection, query, 'forward'),
    readDirection(connection, query, 'reverse'),
  ]);
  return both.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

async function readDirection(
  connection: Connection,
  { value, by, from, to, datasets = DATASET_IDS }: HeatmapQuery,
  direction: HeatmapCell['direction'],
): Promise<HeatmapCell[]> {
  const [own, other]: readonly [Side, Side] =
    direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
  const bindings = new Bindings();
  const where = datasets.map((dataset) => {
    const alone = `${own} = ${bindings.bind(toKey(dataset, own, value))}`;
    const prefix = prefixBelow(dataset, own, value);
    const below = prefix === undefined ? '' : ` OR startsWith(${own}, ${bindings.bind(prefix)})`;
    return `(dataset = ${bindings.bind(dataset)} AND (${alone}${below}))`;
  });
  const start = by === 'day' ? 'toDate32' : 'toStartOfMonth';
  const bounds = [
    ...(from === undefined ? [] : [`toString(day) >= ${bindings.bind(from)}`]),
    ...(to === undefined ? [] : [`toString(day) <= ${bindings.bind(to)}`]),
  ];
  const rows = await connection.rows<{ at: string; dataset: DatasetId; first: string; last: string }>(
    `SELECT toString(day) AS at, dataset, countIf(isFirst = 1) AS first, countIf(isFirst = 0) AS last
     FROM (
       SELECT dataset, arrayJoin([(1, ${start}(first_at)), (0, ${start}(last_at))]) AS event,
         event.1 AS isFirst, toDate32(event.2) AS day
       FROM (
         SELECT dataset, min(first_seen) AS first_at, max(last_seen) AS last_at
         FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'} WHERE ${where.join(' OR ')}
         GROUP BY dataset, cityHash64(${own}, ${other}, label, variant)))
     ${bounds.length === 0 ? '' : `WHERE ${bounds.join(' AND ')}`}
     GROUP BY day, dataset ORDER BY day, dataset LIMIT ${MAX_CELLS}`,
    bindings.parameters,
  );
  return rows.map(({ at, dataset, first, last }) => ({
    at,
    dataset,
    direction,
    first: Number(first),
    last: Number(last),
  }));
}
