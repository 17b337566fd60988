import { hostOfUrl, type Host } from '#model';
import type { StoredCapture } from './batch.ts';
import type { Connection } from './connection.ts';
import { prefixBelow, toKey } from './key.ts';
import { DATABASE } from './schema.ts';

const DEFAULT_PAGE = 100;
const MAX_PAGE = 10_000;

/** Captures of a host and all below it, or of one address, newest first; of all where none is given. */
export async function readCaptures(
  connection: Connection,
  {
    host,
    url,
    limit = DEFAULT_PAGE,
  }: {
    readonly host?: Host | undefined;
    readonly url?: string | undefined;
    readonly limit?: number | undefined;
  },
): Promise<StoredCapture[]> {
  const newest = 'ORDER BY started_at DESC, id LIMIT {limit:UInt32}';
  const parameters = { limit: Math.min(limit, MAX_PAGE) };
  if (url !== undefined) {
    const of = hostOfUrl(url); // rows lie in the order of their hosts
    const key = of === undefined ? '' : toKey('host-pairs', 'source', of);
    return select(connection, `WHERE host = {key:String} AND url = {url:String} ${newest}`, {
      ...parameters,
      key,
      url,
    });
  }
  if (host === undefined) return select(connection, newest, parameters);
  const key = toKey('host-pairs', 'source', host);
  const prefix = prefixBelow('host-pairs', 'source', host) ?? key; // an address has nothing below it
  return select(connection, `WHERE host = {key:String} OR startsWith(host, {prefix:String}) ${newest}`, {
    ...parameters,
    key,
    prefix,
  });
}

export async function readCapture(connection: Connection, id: string): Promise<StoredCapture | undefined> {
  return (await select(connection, 'WHERE id = {id:String} LIMIT 1', { id }))[0];
}

/** The newest capture of each of the hosts themselves, by host; those never visited are left out. */
export async function readNewestCaptures(
  connection: Connection,
  hosts: readonly Host[],
): Promise<Map<Host, string>> {
  if (hosts.length === 0) return new Map();
  const hostOfKey = new Map(hosts.map((host) => [toKey('host-pairs', 'source', host), host]));
  const rows = await connection.rows<{ key: string; id: string }>(
    `SELECT host AS key, argMax(captures.id, started_at) AS id FROM ${DATABASE}.captures
     WHERE host IN {keys:Array(String)} GROUP BY host`,
    { keys: [...hostOfKey.keys()] },
  );
  return new Map(rows.map(({ key, id }) => [hostOfKey.get(key)!, id])); // only what was asked for
}

interface CaptureRow {
  readonly id: string;
  readonly url: string;
  readonly final_url: string;
  readonly title: string;
  readonly outcome: string;
  readonly persona: string;
  readonly lane: string;
  readonly bundle: string;
  readonly sha256: string;
  readonly started_ms: string;
}

async function select(
  connection: Connection,
  rest: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<StoredCapture[]> {
  const rows = await connection.rows<CaptureRow>(
    `SELECT id, url, final_url, title, outcome, persona, lane, bundle, sha256, toUnixTimestamp64Milli(started_at) AS started_ms
     FROM ${DATABASE}.captures FINAL ${rest}`,
    parameters,
  );
  return rows.map(({ final_url, title, started_ms, ...row }) => ({
    ...row,
    finalUrl: final_url === '' ? undefined : final_url,
    title: title === '' ? undefined : title,
    startedAt: new Date(Number(started_ms)).toISOString(),
  }));
}
