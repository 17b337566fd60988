import { AditError } from '#model';
import type { Connection } from './connection.ts';
import { parseInstant } from './instant.ts';
import { NumberColumn, TextColumn, toBlock } from './native.ts';
import { DATABASE } from './schema.ts';

/** A page's signature in a batch: by what its copies are found, whenever a page to protect becomes known. */
export interface SeenPage {
  /** Hash of the registrable domain: the pages of one lie together. */
  readonly domain: number;
  /** Hash of host and contents: the same page seen again is the same row. */
  readonly page: number;
  /** Pages that share some may be alike. */
  readonly keys: readonly number[];
  /** What the pages are compared by, as text; nothing here reads it. */
  readonly sketch: string;
  readonly profile: string;
  readonly url: string;
  /** RFC 3339 UTC. */
  readonly seenAt: string;
  readonly captureId?: string | undefined;
}

export type StoredPage = Pick<
  SeenPage,
  'domain' | 'page' | 'sketch' | 'profile' | 'url' | 'seenAt' | 'captureId'
>;

export interface SimilarQuery {
  readonly keys: readonly number[];
  /** Those of them of which one that is shared is enough; of the others two are asked for. */
  readonly tellingKeys: readonly number[];
  /** Pages of this domain are left out. */
  readonly exceptDomain?: number | undefined;
  readonly limit: number;
}

/** Pages of one key that are looked at: what has more is a template's. */
const MOST_OF_KEY = 2_000;
const MAX_PAGES = 2_000;

export function pageBlocks(pages: readonly SeenPage[]): { keys: Uint8Array[]; pages: Uint8Array[] } {
  const rows = pages.reduce((sum, { keys }) => sum + keys.length, 0);
  const key = new NumberColumn('UInt32', rows);
  const [keyDomain, keyPage] = [new NumberColumn('UInt32', rows), new NumberColumn('UInt32', rows)];
  const [domain, page] = [new NumberColumn('UInt32', pages.length), new NumberColumn('UInt32', pages.length)];
  const seenAt = new NumberColumn("DateTime64(3, 'UTC')", pages.length);
  const [url, capture, sketch, profile] = [64, 40, 1_600, 400].map(
    (size) => new TextColumn(pages.length * size),
  );
  for (const each of pages) {
    for (const number of each.keys) {
      key.add(number);
      keyDomain.add(each.domain);
      keyPage.add(each.page);
    }
    domain.add(each.domain);
    page.add(each.page);
    url!.add(each.url);
    seenAt.add(instantOf(each.seenAt));
    capture!.add(each.captureId ?? '');
    sketch!.add(each.sketch);
    profile!.add(each.profile);
  }
  return {
    keys: toBlock(rows, { key, domain: keyDomain, page: keyPage }),
    pages: toBlock(pages.length, {
      domain,
      page,
      url: url!,
      seen_at: seenAt,
      capture: capture!,
      sketch: sketch!,
      profile: profile!,
    }),
  };
}

function instantOf(text: string): number {
  const milliseconds = parseInstant(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new AditError('bad-observation', `“${text}” of a page is no instant.`);
}

/** Pages that share keys, those that share most first. */
export async function readSimilarPages(
  connection: Connection,
  { keys, tellingKeys, exceptDomain = 0, limit }: SimilarQuery,
): Promise<StoredPage[]> {
  if (keys.length === 0) return [];
  const found = await connection.rows<{ domain: number; page: number }>(
    `SELECT domain, page, sum(if(key IN {telling:Array(UInt32)}, 2, 1)) AS weight FROM (
       SELECT DISTINCT key, domain, page FROM ${DATABASE}.page_keys
       PREWHERE key IN ({keys:Array(UInt32)}) WHERE domain != {except:UInt32}
       LIMIT ${MOST_OF_KEY} BY key)
     GROUP BY domain, page HAVING weight >= 2 ORDER BY weight DESC, domain, page LIMIT {limit:UInt32}`,
    { keys, except: exceptDomain, telling: tellingKeys, limit },
  );
  if (found.length === 0) return [];
  const stored = await selectPages(
    connection,
    'WHERE (domain, page) IN (SELECT arrayJoin(arrayZip({domains:Array(UInt32)}, {pages:Array(UInt32)})))',
    { domains: found.map(({ domain }) => domain), pages: found.map(({ page }) => page) },
  );
  const rank = new Map(found.map(({ domain, page }, index) => [`${domain} ${page}`, index]));
  return stored.sort((a, b) => rank.get(`${a.domain} ${a.page}`)! - rank.get(`${b.domain} ${b.page}`)!);
}

/** The pages of domains, each known by its hash; the newest first. */
export async function readPagesOf(connection: Connection, domains: readonly number[]): Promise<StoredPage[]> {
  if (domains.length === 0) return [];
  return selectPages(
    connection,
    `WHERE domain IN {domains:Array(UInt32)} ORDER BY seen_at DESC, page LIMIT ${MAX_PAGES}`,
    { domains },
  );
}

async function selectPages(
  connection: Connection,
  rest: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<StoredPage[]> {
  const rows = await connection.rows<{
    domain: number;
    page: number;
    url: string;
    seen_ms: string;
    capture: string;
    sketch: string;
    profile: string;
  }>(
    `SELECT domain, page, url, toUnixTimestamp64Milli(seen_at) AS seen_ms, capture, sketch, profile
     FROM ${DATABASE}.pages ${rest}`,
    parameters,
  );
  const once = new Map(rows.map((row) => [`${row.domain} ${row.page}`, row]));
  return [...once.values()].map(({ domain, page, url, seen_ms, capture, sketch, profile }) => ({
    domain,
    page,
    url,
    seenAt: new Date(Number(seen_ms)).toISOString(),
    captureId: capture === '' ? undefined : capture,
    sketch,
    profile,
  }));
}
