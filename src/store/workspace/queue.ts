import { toJsonb, type Database, type Queries } from './database.ts';

export interface NewJob {
  readonly kind: string;
  readonly payload: unknown;
  /** Host that it visits: jobs of one host wait for their turn. */
  readonly host?: string | undefined;
  /** Higher first; default 0. */
  readonly priority?: number | undefined;
  /** Not before; default now. */
  readonly runAt?: Date | undefined;
  /** Queued again this long after it ended, for good. */
  readonly everySeconds?: number | undefined;
  readonly maxAttempts?: number | undefined;
}

export interface Job {
  readonly id: number;
  readonly kind: string;
  readonly payload: unknown;
  readonly host: string | undefined;
  readonly priority: number;
  readonly state: 'queued' | 'running' | 'done' | 'dead';
  readonly runAt: Date;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly result: unknown;
  readonly lastError: string | undefined;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

export interface TakeOptions {
  readonly owner: string;
  readonly kinds: readonly string[];
  readonly leaseMs: number;
  /** Pause between two jobs of one host. */
  readonly hostDelayMs: number;
}

/** First pause before a failed job is tried again; it doubles with each attempt, up to the longest. */
const BACKOFF_MS = 5_000;
const LONGEST_BACKOFF_MS = 3_600_000;
const CANDIDATES = 50;

/**
 * Work to be done, kept in the database. A job is leased, not handed over: whoever took it must finish or extend it
 * before the lease ends, else it is queued again. A job that failed too often is dead: it stays, can be looked at and retried.
 */
export class Queue {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async add(jobs: readonly NewJob[]): Promise<number[]> {
    const now = this.#now();
    return this.#database.transaction((queries) => insertJobs(queries, jobs, now));
  }

  /** Leases the next job whose host has its turn, or gives undefined when there is none now. */
  async take(options: TakeOptions): Promise<Job | undefined> {
    const now = this.#now();
    return this.#database.transaction(async (queries) => {
      await this.#reclaim(queries, now);
      const candidates = await queries.query<{ id: string; host: string | null }>(
        `SELECT j.id, j.host FROM jobs j LEFT JOIN host_turns t ON t.host = j.host
         WHERE j.state = 'queued' AND j.run_at <= $1 AND j.kind = ANY($2) AND (j.host IS NULL OR t.next_at IS NULL OR t.next_at <= $1)
         ORDER BY j.priority DESC, j.run_at, j.id LIMIT ${CANDIDATES} FOR UPDATE OF j SKIP LOCKED`,
        [now, options.kinds],
      );
      for (const { id, host } of candidates) {
        if (host !== null && !(await takeTurn(queries, host, now, options.hostDelayMs))) continue;
        const [row] = await queries.query<JobRow>(
          `UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_owner = $2, lease_until = $3 WHERE id = $1 RETURNING *`,
          [id, options.owner, new Date(now.getTime() + options.leaseMs)],
        );
        return toJob(row!);
      }
      return undefined;
    });
  }

  /** Lengthens the lease; false where it was lost meanwhile: then the work is somebody else's. */
  async extend(id: number, owner: string, leaseMs: number): Promise<boolean> {
    const until = new Date(this.#now().getTime() + leaseMs);
    const rows = await this.#database.query(
      `UPDATE jobs SET lease_until = $3 WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING id`,
      [id, owner, until],
    );
    return rows.length > 0;
  }

  /** The work is done and its result durable. False where the lease was lost. */
  async finish(id: number, owner: string, result: unknown): Promise<boolean> {
    const now = this.#now();
    const rows = await this.#database.query(
      `UPDATE jobs SET
         state = CASE WHEN every_seconds IS NULL THEN 'done' ELSE 'queued' END,
         run_at = CASE WHEN every_seconds IS NULL THEN run_at ELSE $3::timestamptz + every_seconds * interval '1 second' END,
         attempts = CASE WHEN every_seconds IS NULL THEN attempts ELSE 0 END,
         lease_owner = NULL, lease_until = NULL, result = $4, last_error = NULL, finished_at = $3
       WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING id`,
      [id, owner, now, toJsonb(result)],
    );
    return rows.length > 0;
  }

  /** The work failed: it is tried again later, or is dead where it failed too often or `isFinal`. */
  async fail(
    id: number,
    owner: string,
    error: string,
    options: { readonly isFinal?: boolean } = {},
  ): Promise<boolean> {
    const now = this.#now();
    const rows = await this.#database.query(
      `UPDATE jobs SET
         state = CASE WHEN $5 OR attempts >= max_attempts THEN 'dead' ELSE 'queued' END,
         run_at = $3::timestamptz + least(${LONGEST_BACKOFF_MS}, ${BACKOFF_MS} * power(2, attempts - 1)) * interval '1 millisecond',
         lease_owner = NULL, lease_until = NULL, last_error = $4, finished_at = $3
       WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING id`,
      [id, owner, now, error.slice(0, 2_000), options.isFinal ?? false],
    );
    return rows.length > 0;
  }

  /** Gives back a job untouched, as on shutdown: the attempt does not count. */
  async release(id: number, owner: string): Promise<void> {
    await this.#database.query(
      `UPDATE jobs SET state = 'queued', attempts = attempts - 1, lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_owner = $2 AND state = 'running'`,
      [id, owner],
    );
  }

  /** Queues a dead job again, with all its attempts. False where it is not dead. */
  async retry(id: number): Promise<boolean> {
    const rows = await this.#database.query(
      `UPDATE jobs SET state = 'queued', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead' RETURNING id`,
      [id, this.#now()],
    );
    return rows.length > 0;
  }

  async job(id: number): Promise<Job | undefined> {
    const [row] = await this.#database.query<JobRow>('SELECT * FROM jobs WHERE id = $1', [id]);
    return row === undefined ? undefined : toJob(row);
  }

  /** Of a state, and of one crawl where it is named: the next first, of those that are over the latest. */
  async jobs(state: Job['state'], limit = 100, crawl?: string): Promise<Job[]> {
    const isOver = state === 'done' || state === 'dead';
    const rows = await this.#database.query<JobRow>(
      `SELECT * FROM jobs WHERE state = $1 AND ($3::text IS NULL OR payload->'crawl'->>'id' = $3) ORDER BY ${isOver ? 'finished_at DESC NULLS LAST, id DESC' : 'priority DESC, run_at, id'} LIMIT $2`,
      [state, limit, crawl ?? null],
    );
    return rows.map(toJob);
  }

  /** Jobs by state: all, or those of one crawl. */
  async counts(crawl?: string): Promise<Record<Job['state'], number>> {
    const rows = await this.#database.query<{ state: Job['state']; count: string }>(
      `SELECT state, count(*) AS count FROM jobs WHERE $1::text IS NULL OR payload->'crawl'->>'id' = $1 GROUP BY state`,
      [crawl ?? null],
    );
    return {
      queued: 0,
      running: 0,
      done: 0,
      dead: 0,
      ...Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)])),
    };
  }

  /** Jobs whose lease ended without a word go back, or are dead where that was the last attempt. */
  async #reclaim(queries: Queries, now: Date): Promise<void> {
    await queries.query(
      `UPDATE jobs SET state = CASE WHEN attempts >= max_attempts THEN 'dead' ELSE 'queued' END,
         lease_owner = NULL, lease_until = NULL, last_error = 'the worker went away'
       WHERE state = 'running' AND lease_until < $1`,
      [now],
    );
  }
}

/** Puts jobs into the queue; gives their ids in the same order. */
export async function insertJobs(queries: Queries, jobs: readonly NewJob[], now: Date): Promise<number[]> {
  const ids: number[] = [];
  for (const job of jobs) {
    const [row] = await queries.query<{ id: string }>(
      `INSERT INTO jobs (kind, payload, host, priority, run_at, every_seconds, max_attempts, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
      [
        job.kind,
        toJsonb(job.payload),
        job.host ?? null,
        job.priority ?? 0,
        job.runAt ?? now,
        job.everySeconds ?? null,
        job.maxAttempts ?? 3,
        now,
      ],
    );
    ids.push(Number(row!.id));
  }
  return ids;
}

/** Takes the host's turn if it is due: one statement, so that two takers cannot both have it. */
async function takeTurn(queries: Queries, host: string, now: Date, delayMs: number): Promise<boolean> {
  const rows = await queries.query(
    `INSERT INTO host_turns (host, next_at) VALUES ($1, $3)
     ON CONFLICT (host) DO UPDATE SET next_at = excluded.next_at WHERE host_turns.next_at <= $2 RETURNING host`,
    [host, now, new Date(now.getTime() + delayMs)],
  );
  return rows.length > 0;
}

interface JobRow {
  readonly id: string | number;
  readonly kind: string;
  readonly payload: unknown;
  readonly host: string | null;
  readonly priority: number;
  readonly state: Job['state'];
  readonly run_at: Date;
  readonly attempts: number;
  readonly max_attempts: number;
  readonly result: unknown;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

function toJob(row: JobRow): Job {
  return {
    id: Number(row.id),
    kind: row.kind,
    payload: row.payload,
    host: row.host ?? undefined,
    priority: row.priority,
    state: row.state,
    runAt: row.run_at,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    result: row.result ?? undefined,
    lastError: row.last_error ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
  };
}
