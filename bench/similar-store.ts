import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BAND_COUNT,
  judge,
  keepSignature,
  keptKeys,
  openProfile,
  signPage,
  type PageProfile,
  type Reference,
} from '#similar';
import { startEmbeddedServer } from '../src/store/embedded/server.ts';
import { Connection } from '../src/store/observations/connection.ts';
import { pageBlocks, readSimilarPages } from '../src/store/observations/pages.ts';
import { DATABASE, SCHEMA } from '../src/store/observations/schema.ts';

const CHUNK = 100_000;
const ROUNDS = 3;
const CANDIDATES = 200;
/** Stored pages of one host. */
const PAGES_OF_HOST = 20;
/** Stored pages that have some key of a real page. */
const PAGES_OF_REAL_KEY = 60;

/** A page to look for, and pages that were made of it. */
export interface Copied {
  readonly reference: Reference;
  readonly copies: readonly PageProfile[];
}

/** What looking for copies among stored pages took. */
export interface RetroHunt {
  readonly storeSeconds: number;
  /** Of the table of keys, once nothing is merged any more. */
  readonly parts: number;
  /** Median and worst of warm questions: candidates read, opened and compared. */
  readonly medianMs: number;
  readonly worstMs: number;
  /** Pages that a question compares, on the average. */
  readonly candidates: number;
  /** Of the copies that were stored, the share that was found. */
  readonly found: number;
}

/**
 * The copies of one page among so many stored ones, in the embedded server. Stored pages are made there by number: twenty a host, half of
 * whose keys all twenty share. Each key of each real page stands on sixty stored pages, so that those which real pages share,
 * templates' keys, stand on thousands. The copies of the pages asked for are stored, too.
 */
export async function retroHunt(
  pages: number,
  real: readonly Reference[],
  asked: readonly Copied[],
): Promise<RetroHunt> {
  const directory = await mkdtemp(join(tmpdir(), 'adit-bench-pages-'));
  try {
    await using server = await startEmbeddedServer(directory);
    const connection = new Connection(server);
    for (const statement of SCHEMA) await connection.command(statement);
    const startedMs = performance.now();
    for (let from = 0; from < pages; from += CHUNK)
      await makePages(connection, from, Math.min(CHUNK, pages - from));
    await shareKeys(connection, pages, real);
    await storeCopies(connection, asked);
    const storeSeconds = (performance.now() - startedMs) / 1_000;
    const parts = await settle(connection);
    const looks: Look[] = [];
    for (let round = 0; round <= ROUNDS; round++)
      for (const each of asked) {
        const look = await lookFor(connection, each);
        if (round > 0) looks.push(look); // the first round is cold
      }
    await connection.close();
    const times = looks.map(({ ms }) => ms).sort((a, b) => a - b);
    const sum = (of: (look: Look) => number): number => looks.reduce((total, look) => total + of(look), 0);
    return {
      storeSeconds,
      parts,
      medianMs: times[times.length >> 1]!,
      worstMs: times.at(-1)!,
      candidates: sum(({ candidates }) => candidates) / looks.length,
      found: sum(({ found }) => found) / sum(({ copies }) => copies),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const SETTLED_MS = 3_000;
const MAX_SETTLING_MS = 120_000;

/** Waits until the server has merged what was inserted; gives the parts that are left of the table of keys. */
async function settle(connection: Connection): Promise<number> {
  const deadline = performance.now() + MAX_SETTLING_MS;
  for (let quietMs = 0; quietMs < SETTLED_MS && performance.now() < deadline;) {
    const [busy] = await connection.rows<{ merges: string }>('SELECT count() AS merges FROM system.merges');
    quietMs = busy?.merges === '0' ? quietMs + 500 : 0;
    await sleep(500);
  }
  const [left] = await connection.rows<{ parts: string }>(
    `SELECT count() AS parts FROM system.parts WHERE active AND database = '${DATABASE}' AND table = 'page_keys'`,
  );
  return Number(left?.parts);
}

interface Look {
  readonly ms: number;
  readonly candidates: number;
  readonly found: number;
  readonly copies: number;
}

/** What is asked when a page becomes one to protect. */
async function lookFor(connection: Connection, { reference, copies }: Copied): Promise<Look> {
  const own = signPage(reference);
  const startedMs = performance.now();
  const stored = await readSimilarPages(connection, { ...keptKeys(own), limit: CANDIDATES });
  let found = 0;
  for (const each of stored) {
    const page = openProfile(each);
    // Made-up pages have no profile.
    if (page?.url !== undefined && judge(page, own).isCopy) found++;
  }
  return { ms: performance.now() - startedMs, candidates: stored.length, found, copies: copies.length };
}

async function makePages(connection: Connection, from: number, size: number): Promise<void> {
  const host = `toUInt32(cityHash64(intDiv(number, ${PAGES_OF_HOST})))`;
  await connection.command(
    `INSERT INTO ${DATABASE}.page_keys
     SELECT toUInt32(cityHash64(band, if(band % 2 = 0, number, intDiv(number, ${PAGES_OF_HOST})), 1)), ${host}, toUInt32(number)
     FROM (SELECT number, arrayJoin(range(${KEYS})) AS band FROM numbers(${from}, ${size}))`,
  );
  await connection.command(
    `INSERT INTO ${DATABASE}.pages SELECT ${host}, toUInt32(number), concat('https://h', toString(number), '.example/'),
       now64(3), '', base64Encode(randomString(1173)), '{}' FROM numbers(${from}, ${size})`,
  );
}

/** Of a page that has enough of everything. */
const KEYS = keptKeys({ keys: new Uint32Array(BAND_COUNT).fill(1) }).keys.length;

async function shareKeys(connection: Connection, pages: number, real: readonly Reference[]): Promise<void> {
  const rows = real.flatMap((page) => keptKeys(signPage(page)).keys);
  const CHUNK_ROWS = 10_000;
  for (let at = 0; at < rows.length; at += CHUNK_ROWS)
    await connection.command(
      `INSERT INTO ${DATABASE}.page_keys
       SELECT key, toUInt32(cityHash64(intDiv(page, ${PAGES_OF_HOST}))), page
       FROM (SELECT key, toUInt32(rand64(copy) % ${pages}) AS page
         FROM (SELECT arrayJoin(CAST([${rows.slice(at, at + CHUNK_ROWS).join()}], 'Array(UInt32)')) AS key)
         ARRAY JOIN range(${PAGES_OF_REAL_KEY}) AS copy)`,
    );
}

async function storeCopies(connection: Connection, asked: readonly Copied[]): Promise<void> {
  const kept = asked.flatMap(({ copies }) =>
    copies.map((page) => ({
      ...keepSignature(signPage(page)),
      url: page.url,
      seenAt: '2020-01-01T00:00:00.000Z',
    })),
  );
  const { keys, pages } = pageBlocks(kept);
  await connection.insert('page_keys', keys, 'copies');
  await connection.insert('pages', pages, 'copies');
}
