import type { Database, Queries } from './database.ts';
import { hashOfSecret } from './secret.ts';

/** Failures that cost nothing but the attempt itself; an address may be that of many people. */
const FREE_FAILURES = { account: 5, address: 20 } as const;
/** Then each doubles the pause, up to the longest. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** Failures older than this are forgotten. */
const MEMORY_MS = 24 * 3_600_000;

/**
 * Slows down who guesses passwords, by the account guessed at and by the address it comes from. An attempt is counted before it
 * is looked at, so that many at once are no way around. Success clears the account; the address only gets back what the
 * attempt itself cost, else who has an account of their own could guess at others between two sign-ins.
 */
export class SignInThrottle {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Counts an attempt; how long to wait where it is refused (then it does not count), else 0. */
  async attempt(account: string, address: string): Promise<number> {
    const now = this.#now();
    return this.#database.transaction(async (queries) => {
      await queries.query('DELETE FROM sign_in_failures WHERE last_at < $1 AND blocked_until < $2', [
        new Date(now.getTime() - MEMORY_MS),
        now,
      ]);
      // Always in this order, so that two attempts never wait for each other.
      const subjects = [
        [subjectOf('account', account), FREE_FAILURES.account],
        [subjectOf('address', address), FREE_FAILURES.address],
      ] as const;
      let waitMs = 0;
      for (const [subject] of subjects) waitMs = Math.max(waitMs, await waitOf(queries, subject, now));
      if (waitMs === 0) for (const [subject, free] of subjects) await count(queries, subject, free, now);
      return waitMs;
    });
  }

  /** The attempt that was counted last was right. */
  async succeeded(account: string, address: string): Promise<void> {
    await this.#database.query('DELETE FROM sign_in_failures WHERE subject = $1', [
      subjectOf('account', account),
    ]);
    await this.#database.query(
      'UPDATE sign_in_failures SET failures = greatest(0, failures - 1), blocked_until = last_at WHERE subject = $1',
      [subjectOf('address', address)],
    );
  }

  /** What is held against a subject. */
  async failures(
    kind: 'account' | 'address',
    name: string,
  ): Promise<{ readonly failures: number; readonly blockedUntil: Date } | undefined> {
    const [row] = await this.#database.query<{ failures: number; blocked_until: Date }>(
      'SELECT failures, blocked_until FROM sign_in_failures WHERE subject = $1',
      [subjectOf(kind, name)],
    );
    return row === undefined ? undefined : { failures: row.failures, blockedUntil: row.blocked_until };
  }
}

/** Names that nobody has are counted as well: as digests, so that they take no more room than others. */
const subjectOf = (kind: 'account' | 'address', name: string): string => `${kind} ${hashOfSecret(name)}`;

/** Locks the subject's row until the transaction ends. */
async function waitOf(queries: Queries, subject: string, now: Date): Promise<number> {
  const [row] = await queries.query<{ blocked_until: Date }>(
    `INSERT INTO sign_in_failures (subject, failures, last_at, blocked_until) VALUES ($1, 0, $2, $2)
     ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject RETURNING blocked_until`,
    [subject, now],
  );
  return row!.blocked_until.getTime() - now.getTime();
}

async function count(queries: Queries, subject: string, free: number, now: Date): Promise<void> {
  const [row] = await queries.query<{ failures: number }>(
    'UPDATE sign_in_failures SET failures = failures + 1, last_at = $2 WHERE subject = $1 RETURNING failures',
    [subject, now],
  );
  const over = row!.failures - free;
  if (over < 0) return;
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(over, 30));
  await queries.query('UPDATE sign_in_failures SET blocked_until = $2 WHERE subject = $1', [
    subject,
    new Date(now.getTime() + pauseMs),
  ]);
}
