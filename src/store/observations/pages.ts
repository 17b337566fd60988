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
  /** Numbers of bands, and the key in each: pages that share one may be alike. */
  readonly bands: readonly number[];
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
  readonly bands: readonly number[];
  readonly keys: readonly number[];
  /** Bands of which one shared key is enough; of the others two are asked for. */
  readonly tellingBands: readonly number[];
  /** Pages of this domain are left out. */
  readonly exceptDomain?: number | undefined;
  readonly limit: number;
}

/** Pages of one key that are looked at: what has more is a template's. */
const MOST_OF_KEY = 2_000;
const MAX_PAGES = 2_000;

export function pageBlocks(pages: readonly SeenPage[]): { keys: Uint8Array[]; pages: Uint8Array[] } {
  const rows = pages.reduce((sum, { bands }) => sum + bands.length, 0);
  const [band, key] = [new NumberColumn('UInt8', rows), new NumberColumn('UInt32', rows)];
  const [keyDomain, keyPage] = [new NumberColumn('UInt32', rows), new NumberColumn('UInt32', rows)];
  const [domain, page] = [new NumberColumn('UInt32', pages.length), new NumberColumn('UInt32', pages.length)];
  const seenAt = new NumberColumn("DateTime64(3, 'UTC')", pages.length);
  const [url, capture, sketch, profile] = [64, 40, 1_600, 400].map(
    (size) => new TextColumn(pages.length * size),
  );
  for (const each of pages) {
    for (const [index, number] of each.bands.entries()) {
      band.add(number);
      key.add(each.keys[index]!);
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
    keys: toBlock(rows, { band, key, domain: keyDomain, page: keyPage }),
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
  { bands, keys, tellingBands, exceptDomain = 0, limit }: SimilarQuery,
): Promise<StoredPage[]> {
  if (keys.length === 0) return [];
  const found = await connection.rows<{ domain: number; page: number }>(
    `SELECT domain, page FROM (
       SELECT band, domain, page FROM ${DATABASE}.page_keys
       WHERE (band, key) IN (SELECT arrayJoin(arrayZip({bands:Array(UInt8)}, {keys:Array(UInt32)}))) AND domain != {except:UInt32}
       LIMIT ${MOST_OF_KEY} BY band)
     GROUP BY domain, page
     HAVING sum(if(has({telling:Array(UInt8)}, band), 2, 1)) >= 2
     ORDER BY sum(if(has({telling:Array(UInt8)}, band), 2, 1)) DESC, domain, page LIMIT {limit:UInt32}`,
    { bands, keys, except: exceptDomain, telling: tellingBands, limit },
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
