import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseHost } from '#model';
import type { Reply, Site } from '../site.ts';
import { readResponseRecord } from './warc.ts';

/** A real page that can be visited at its own address. */
export interface ReplayPage {
  readonly url: string;
  /** Whether that is where the page was found; otherwise the address was made up for it. */
  readonly isOwnUrl: boolean;
  readonly sizeBytes: number;
}

export interface Replay {
  readonly urls: readonly string[];
  /** The same addresses with what is known of each page. */
  readonly pages: readonly ReplayPage[];
  /** One site for each host; bodies are read from the file when asked for. */
  readonly sites: readonly Site[];
  /**
   * For `openTestnet({ elsewhere })`: hosts that are not part of it exist and answer 404 at once. Left out, they do not
   * exist, which is quicker still and what an offline page meets.
   */
  readonly elsewhere: Reply;
}

const FIELDS_NOT_REPLAYED = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'content-encoding',
]);

/**
 * Pages of a WARC file (one gzip member a record) served at their own URLs, by the table beside it: tab-separated, with
 * the columns url, url_is_true, offset and length of the member. Rows without a usable address are left out.
 */
export function replaySites(warcPath: string, tablePath: string): Replay {
  const archive = readFileSync(warcPath);
  const rows = readTable(readFileSync(tablePath, 'utf8'));
  const pages = new Map<string, ReplayPage>();
  const routes = new Map<string, Map<string, Map<string, () => Reply>>>();
  for (const row of rows) {
    const url = URL.parse(row['url'] ?? '');
    const host = url === null ? undefined : parseHost(url.hostname);
    if (url === null || host === undefined || !/^https?:$/.test(url.protocol) || url.port !== '') continue;
    url.hash = '';
    if (pages.has(url.href)) continue;
    const [offset, length] = [Number(row['offset']), Number(row['length'])];
    pages.set(url.href, {
      url: url.href,
      isOwnUrl: row['url_is_true'] === 'true',
      sizeBytes: Number(row['bytes']),
    });
    const byPath = getOrAdd(routes, host, () => new Map<string, Map<string, () => Reply>>());
    const byQuery = getOrAdd(byPath, url.pathname, () => new Map<string, () => Reply>());
    byQuery.set(url.search, () => toReply(archive.subarray(offset, offset + length)));
  }
  return {
    urls: [...pages.keys()],
    pages: [...pages.values()],
    sites: Array.from(routes, ([host, byPath]): Site => ({ host, routes: routesOf(byPath) })),
    elsewhere: notFound,
  };
}

const CHECKOUT = resolve(import.meta.dirname, '../../..');

/** The real pages of the shared data folder (`ADIT_DATA`, else beside the checkout); undefined where they are absent. */
export function replayPages(): Replay | undefined {
  const folder = join(process.env['ADIT_DATA'] ?? resolve(CHECKOUT, '../shared/data'), 'pages');
  const warcPath = join(folder, 'real-pages.warc.gz');
  const tablePath = join(folder, 'real-pages.tsv');
  return existsSync(warcPath) && existsSync(tablePath) ? replaySites(warcPath, tablePath) : undefined;
}

const notFound: Reply = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'not part of this replay',
};

function routesOf(byPath: ReadonlyMap<string, ReadonlyMap<string, () => Reply>>): Site['routes'] {
  return Object.fromEntries(
    Array.from(byPath, ([path, byQuery]) => [
      path,
      ({ url }: { url: URL }) => byQuery.get(url.search)?.() ?? notFound,
    ]),
  );
}

function toReply(member: Uint8Array): Reply {
  const response = readResponseRecord(member);
  if (response === undefined) return { status: 502, body: 'the record cannot be read' };
  const kept = response.headers.filter(([name]) => !FIELDS_NOT_REPLAYED.has(name.toLowerCase()));
  const headers = Map.groupBy(kept, ([name]) => name.toLowerCase());
  return {
    status: response.status,
    headers: Object.fromEntries(
      Array.from(headers, ([name, fields]) => [name, fields.map(([, value]) => value)]),
    ),
    body: response.body,
  };
}

function readTable(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
