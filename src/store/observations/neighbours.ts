import { DATASET_IDS, DATASETS, type Artifact, type DatasetId } from '#model';
import { Bindings } from './bindings.ts';
import type { Connection } from './connection.ts';
import { fromKey, holdsHosts, toKey, type Side } from './key.ts';
import { DATABASE } from './schema.ts';

export interface NeighbourQuery {
  readonly artifacts: readonly Artifact[];
  readonly direction: 'forward' | 'reverse';
  readonly datasets?: readonly DatasetId[] | undefined;
  /** Of one artifact and dataset, those last seen first. */
  readonly each: number;
  readonly limit: number;
}

/** An edge without its evidence. */
export interface Neighbour {
  readonly dataset: DatasetId;
  readonly source: string;
  readonly label: string;
  readonly target: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
}

/** Edges of many artifacts at once, in one direction; of hosts alone, without those below them. */
export async function readNeighbours(connection: Connection, query: NeighbourQuery): Promise<Neighbour[]> {
  const { artifacts, direction, datasets = DATASET_IDS, each, limit } = query;
  const [own, other]: readonly [Side, Side] =
    direction === 'forward' ? ['source', 'target'] : ['target', 'source'];
  const bindings = new Bindings();
  const where = datasets.flatMap((dataset) => {
    const keys = artifacts
      .filter(({ type }) => isOfSide(dataset, own, type))
      .map(({ value }) => toKey(dataset, own, value));
    if (keys.length === 0) return [];
    return [`(dataset = ${bindings.bind(dataset)} AND ${own} IN ${bindings.bind(keys, 'Array(String)')})`];
  });
  if (where.length === 0) return [];
  const rows = await connection.rows<{
    dataset: DatasetId;
    source: string;
    label: string;
    target: string;
    first_ms: string;
    last_ms: string;
    seen: string;
  }>(
    `SELECT dataset, source, label, target, toUnixTimestamp64Milli(min(first_seen)) AS first_ms,
       toUnixTimestamp64Milli(max(last_seen)) AS last_ms, sum(count) AS seen
     FROM ${DATABASE}.edges_${direction === 'forward' ? 'fwd' : 'rev'} WHERE ${where.join(' OR ')}
     GROUP BY dataset, ${own}, ${other}, label
     ORDER BY dataset, ${own}, last_ms DESC, ${other}, label
     LIMIT ${bindings.bind(each, 'UInt32')} BY dataset, ${own} LIMIT ${bindings.bind(limit, 'UInt32')}`,
    bindings.parameters,
  );
  return rows.map(({ dataset, source, label, target, first_ms, last_ms, seen }) => ({
    dataset,
    source: fromKey(dataset, 'source', source),
    label,
    target: fromKey(dataset, 'target', target),
    firstSeen: new Date(Number(first_ms)).toISOString(),
    lastSeen: new Date(Number(last_ms)).toISOString(),
    count: Number(seen),
  }));
}

function isOfSide(dataset: DatasetId, side: Side, type: Artifact['type']): boolean {
  const own = side === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
  const isHost = type === 'host' || type === 'domain' || type === 'ip';
  return own === type || (isHost && (holdsHosts(dataset, side) || own === 'ip'));
}
