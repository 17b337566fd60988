import { randomUUID } from 'node:crypto';
import { toJsonb, toUuid, type Database } from './database.ts';
import { insertJobs, type Job, type NewJob } from './queue.ts';

/** A crawl whose visits are jobs of the queue: each names it as `payload.crawl.id`. */
export interface StoredCrawl {
  readonly id: string;
  /** What was asked for, as it was given. */
  readonly request: unknown;
  readonly createdAt: Date;
  /** When it was told to stop. */
  readonly stoppedAt: Date | undefined;
  readonly counts: Readonly<Record<Job['state'], number>>;
}

interface CrawlRow extends Record<Job['state'], string> {
  readonly id: string;
  readonly request: unknown;
  readonly created_at: Date;
  readonly stopped_at: Date | null;
}

const STATES = ['queued', 'running', 'done', 'dead'] as const satisfies readonly Job['state'][];
const SELECT = `SELECT c.*, ${STATES.map((state) => `count(j.id) FILTER (WHERE j.state = '${state}') AS ${state}`).join(', ')}
  FROM crawls c LEFT JOIN jobs j ON j.payload->'crawl'->>'id' = c.id::text`;

/** Crawls that follow links: what each asks for, and how far it is. */
export class Crawls {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Notes a crawl with its first jobs, which are made for its id. */
  async add(
    request: unknown,
    jobsOf: (id: string) => readonly NewJob[],
  ): Promise<{ id: string; jobs: number[] }> {
    const id = randomUUID();
    const now = this.#now();
    return this.#database.transaction(async (queries) => {
      await queries.query('INSERT INTO crawls (id, request, created_at) VALUES ($1, $2, $3)', [
        id,
        toJsonb(request),
        now,
      ]);
      return { id, jobs: await insertJobs(queries, jobsOf(id), now) };
    });
  }

  /** Newest first. */
  async list(limit: number): Promise<StoredCrawl[]> {
    const rows = await this.#database.query<CrawlRow>(
      `${SELECT} GROUP BY c.id ORDER BY c.created_at DESC, c.id LIMIT $1`,
      [limit],
    );
    return rows.map(toCrawl);
  }

  async get(id: string): Promise<StoredCrawl | undefined> {
    const [row] = await this.#database.query<CrawlRow>(`${SELECT} WHERE c.id = $1 GROUP BY c.id`, [
      toUuid(id),
    ]);
    return row === undefined ? undefined : toCrawl(row);
  }

  /**
   * Adds the jobs that `next` makes of the addresses asked for so far. One at a time for each crawl, so that two pages
   * with the same link ask for it once. Nothing is added to a crawl that was stopped or is not known.
   */
  async grow(
    id: string,
    next: (request: unknown, urls: readonly string[]) => readonly NewJob[],
  ): Promise<number[]> {
    return this.#database.transaction(async (queries) => {
      const [crawl] = await queries.query<{ request: unknown }>(
        'SELECT request FROM crawls WHERE id = $1 AND stopped_at IS NULL FOR UPDATE',
        [toUuid(id)],
      );
      if (crawl === undefined) return [];
      const seen = await queries.query<{ url: string }>(
        `SELECT payload->>'url' AS url FROM jobs WHERE payload->'crawl'->>'id' = $1`,
        [id],
      );
      return insertJobs(
        queries,
        next(
          crawl.request,
          seen.map(({ url }) => url),
        ),
        this.#now(),
      );
    });
  }

  /** Takes what waits out of the queue and adds nothing more; visits under way end by themselves. */
  async stop(id: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await queries.query('UPDATE crawls SET stopped_at = coalesce(stopped_at, $2) WHERE id = $1', [
        toUuid(id),
        this.#now(),
      ]);
      await queries.query(`DELETE FROM jobs WHERE state = 'queued' AND payload->'crawl'->>'id' = $1`, [id]);
    });
  }
}

function toCrawl({ id, request, created_at, stopped_at, ...counts }: CrawlRow): StoredCrawl {
  return {
    id,
    request,
    createdAt: created_at,
    stoppedAt: stopped_at ?? undefined,
    counts: {
      queued: Number(counts.queued),
      running: Number(counts.running),
      done: Number(counts.done),
      dead: Number(counts.dead),
    },
  };
}
