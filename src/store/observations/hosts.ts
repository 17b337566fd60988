import { AditError } from '#model';
import type { Connection } from './connection.ts';
import { parseInstant } from './instant.ts';
import { fromKey, toKey } from './key.ts';
import { NumberColumn, TextColumn, toBlock } from './native.ts';
import { DATABASE } from './schema.ts';

/** A host name in a batch, with the keys that look-alikes are found by. */
export interface SeenHost {
  readonly host: string;
  /** How it reads in ASCII. */
  readonly fold: string;
  /** Its visual class codes. */
  readonly code: string;
  /** Says how the keys were made. */
  readonly keyVersion: string;
  /** RFC 3339 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
}

export type StoredHost = Pick<SeenHost, 'host' | 'firstSeen' | 'lastSeen'>;

export interface HostQuery {
  /** Only names whose code has one of these in it, or whose keys are not of `keyVersion`; all where undefined. */
  readonly pieces?: readonly string[] | undefined;
  readonly keyVersion: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface HostPage {
  readonly hosts: readonly StoredHost[];
  /** Undefined on the last page. */
  readonly cursor?: string | undefined;
}

/** The most that the server searches for at once. */
export const MAX_PIECES = 250;

export function hostsBlock(hosts: readonly SeenHost[]): Uint8Array[] {
  const [host, fold, code, keyVersion] = [0, 0, 0, 0].map(() => new TextColumn(hosts.length * 24));
  const firstSeen = new NumberColumn("DateTime64(3, 'UTC')", hosts.length);
  const lastSeen = new NumberColumn("DateTime64(3, 'UTC')", hosts.length);
  for (const name of hosts) {
    host!.add(keyOf(name.host));
    fold!.add(name.fold);
    code!.add(name.code);
    keyVersion!.add(name.keyVersion);
    firstSeen.add(instantOf(name.firstSeen));
    lastSeen.add(instantOf(name.lastSeen));
  }
  return toBlock(hosts.length, {
    host: host!,
    fold: fold!,
    code: code!,
    key_version: keyVersion!,
    first_seen: firstSeen,
    last_seen: lastSeen,
  });
}

const keyOf = (host: string): string => toKey('host-pairs', 'source', host);

function instantOf(text: string): number {
  const milliseconds = parseInstant(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new AditError('bad-observation', `“${text}” of a name is no instant.`);
}

/** A page of the names, by the order of their keys: each page is one range of the primary key. */
export async function readHosts(
  connection: Connection,
  { pieces, keyVersion, limit, cursor = '' }: HostQuery,
): Promise<HostPage> {
  const isCandidate =
    pieces === undefined
      ? ''
      : 'AND (multiSearchAny(code, {pieces:Array(String)}) OR key_version != {version:String})';
  const rows = await connection.rows<{ host: string; first_ms: string; last_ms: string }>(
    `SELECT host, toUnixTimestamp64Milli(min(first_seen)) AS first_ms, toUnixTimestamp64Milli(max(last_seen)) AS last_ms
     FROM ${DATABASE}.hosts WHERE host > {after:String} ${isCandidate}
     GROUP BY host ORDER BY host LIMIT {limit:UInt32}
     SETTINGS optimize_aggregation_in_order = 1, optimize_read_in_order = 1`,
    { after: cursor, limit, ...(pieces !== undefined && { pieces, version: keyVersion }) },
  );
  return {
    hosts: rows.map(({ host, first_ms, last_ms }) => ({
      host: fromKey('host-pairs', 'source', host),
      firstSeen: new Date(Number(first_ms)).toISOString(),
      lastSeen: new Date(Number(last_ms)).toISOString(),
    })),
    cursor: rows.length < limit ? undefined : rows.at(-1)?.host,
  };
}
