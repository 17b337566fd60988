import { randomUUID } from 'node:crypto';
import type { Role } from '#model';
import { toUuid, type Database } from './database.ts';
import { hashOfSecret, newSecret } from './secret.ts';

/** A sign-in that holds: of a user, or of who came by a guest link. */
export interface Session {
  readonly id: string;
  readonly user: { readonly id: string; readonly name: string; readonly role: Role } | undefined;
  readonly link: { readonly id: string; readonly project: string } | undefined;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** Where it was begun, and with what. */
  readonly address: string;
  readonly agent: string;
}

const HOUR_MS = 3_600_000;
/** A session ends this long after it began, used or not, … */
export const USER_SESSION_MS = 14 * 24 * HOUR_MS;
export const GUEST_SESSION_MS = 12 * HOUR_MS;
/** … and when it was not used for this long. */
const IDLE_MS = 24 * HOUR_MS;
/** Use is written down at most this often. */
const NOTE_EVERY_MS = 60_000;
const MAX_AGENT = 300;

/** Sign-ins. Their secrets are kept as hashes only. */
export class Sessions {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** Begins one; the secret is given here and never again. */
  async begin(
    whose: { readonly user: string } | { readonly link: string },
    from: { readonly address: string; readonly agent: string },
  ): Promise<{ readonly id: string; readonly secret: string; readonly lifeMs: number }> {
    const [id, secret, now] = [randomUUID(), newSecret(), this.#now()];
    const [user, link] = 'user' in whose ? [whose.user, null] : [null, whose.link];
    const lifeMs = user === null ? GUEST_SESSION_MS : USER_SESSION_MS;
    const [expiresAt, idleSince] = [new Date(now.getTime() + lifeMs), new Date(now.getTime() - IDLE_MS)];
    await this.#database.transaction(async (queries) => {
      await queries.query('DELETE FROM sessions WHERE expires_at < $1 OR last_seen_at < $2', [
        now,
        idleSince,
      ]);
      await queries.query(
        `INSERT INTO sessions (id, hash, member, link, created_at, last_seen_at, expires_at, address, agent)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)`,
        [id, hashOfSecret(secret), user, link, now, expiresAt, from.address, from.agent.slice(0, MAX_AGENT)],
      );
      if (user !== null)
        await queries.query('UPDATE users SET last_sign_in_at = $2 WHERE id = $1', [user, now]);
      else
        await queries.query('UPDATE guest_links SET opened = opened + 1, last_opened_at = $2 WHERE id = $1', [
          link,
          now,
        ]);
    });
    return { id, secret, lifeMs };
  }

  /** The session behind a secret, while it holds; using it keeps it from going idle. */
  async check(secret: string): Promise<Session | undefined> {
    if (secret.length > 100) return undefined;
    const now = this.#now();
    const [row] = await this.#database.query<SessionRow>(
      `${SELECT} WHERE s.hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND l.revoked_at IS NULL`,
      [hashOfSecret(secret), now, new Date(now.getTime() - IDLE_MS)],
    );
    if (row === undefined) return undefined;
    if (now.getTime() - row.last_seen_at.getTime() > NOTE_EVERY_MS)
      await this.#database.query('UPDATE sessions SET last_seen_at = $2 WHERE id = $1', [row.id, now]);
    return toSession(row);
  }

  /** Whether a session still holds; asking does not use it. */
  async holds(id: string): Promise<boolean> {
    const now = this.#now();
    const rows = await this.#database.query(
      `${SELECT} WHERE s.id = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND l.revoked_at IS NULL`,
      [toUuid(id), now, new Date(now.getTime() - IDLE_MS)],
    );
    return rows.length > 0;
  }

  /** Those of a user that hold, the last used first. */
  async list(user: string): Promise<Session[]> {
    const now = this.#now();
    const rows = await this.#database.query<SessionRow>(
      `${SELECT} WHERE s.member = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 ORDER BY s.last_seen_at DESC, s.id`,
      [toUuid(user), now, new Date(now.getTime() - IDLE_MS)],
    );
    return rows.map(toSession);
  }

  /** Ends a session; of that user where one is given. False where there is none. */
  async end(id: string, user?: string): Promise<boolean> {
    const rows = await this.#database.query(
      'DELETE FROM sessions WHERE id = $1 AND ($2::uuid IS NULL OR member = $2) RETURNING id',
      [toUuid(id), user ?? null],
    );
    return rows.length > 0;
  }

  async endAll(user: string): Promise<number> {
    return (await this.#database.query('DELETE FROM sessions WHERE member = $1 RETURNING id', [toUuid(user)]))
      .length;
  }
}

const SELECT = `SELECT s.*, u.name, u.role, l.project FROM sessions s
  LEFT JOIN users u ON u.id = s.member LEFT JOIN guest_links l ON l.id = s.link`;

interface SessionRow {
  readonly id: string;
  readonly member: string | null;
  readonly name: string | null;
  readonly role: Role | null;
  readonly link: string | null;
  readonly project: string | null;
  readonly created_at: Date;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
  readonly address: string;
  readonly agent: string;
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    // The schema holds that a session is of one or the other, and what is joined is there then.
    user: row.member === null ? undefined : { id: row.member, name: row.name!, role: row.role! },
    link: row.link === null ? undefined : { id: row.link, project: row.project! },
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    agent: row.agent,
  };
}
