import { randomUUID } from 'node:crypto';
import { AditError, type Artifact } from '#model';
import { artifactOfKey } from '../observations/match-key.ts';
import { digestOfKey } from './artifact-marks.ts';
import { toPlainText, toUuid, type Database, type Queries } from './database.ts';

/** A query that somebody kept. Watched, it is a monitor: asked again when something is stored, its new answers are alerts. */
export interface SavedSearch {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly query: string;
  readonly isWatched: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When it was asked last, as a monitor. */
  readonly evaluatedAt: Date | undefined;
  /** Answers it has had. */
  readonly answers: number;
  readonly openAlerts: number;
  /** Why it could not be asked, or not whole, the last time. */
  readonly problem: string | undefined;
}

/** A new answer to a monitor. */
export interface Alert {
  readonly id: number;
  readonly search: { readonly id: string; readonly name: string; readonly query: string };
  readonly artifact: Artifact;
  readonly at: Date;
  readonly acknowledgedAt: Date | undefined;
  readonly acknowledgedBy: string | undefined;
}

const MAX_NAME = 200;
const MAX_SEARCHES = 1_000;

/** Saved searches, each its owner's, and the alerts of those that are watched. */
export class SavedSearches {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async create(
    owner: string,
    search: { readonly name: string; readonly query: string; readonly isWatched?: boolean | undefined },
  ): Promise<SavedSearch> {
    const name = toName(search.name);
    const id = randomUUID();
    const now = this.#now();
    await this.#database.transaction(async (queries) => {
      const [held] = await queries.query<{ count: string }>(
        'SELECT count(*) AS count FROM saved_searches WHERE owner = $1',
        [owner],
      );
      if (Number(held!.count) >= MAX_SEARCHES)
        throw new AditError('too-many-searches', `One has at most ${MAX_SEARCHES} saved searches.`, {
          advice: 'Delete some that are no longer needed.',
        });
      await queries.query(
        `INSERT INTO saved_searches (id, owner, name, query, is_watched, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)`,
        [id, owner, name, search.query, search.isWatched ?? false, now],
      );
    });
    return this.get(owner, id);
  }

  async get(owner: string, id: string): Promise<SavedSearch> {
    const [row] = await this.#database.query<SearchRow>(`${SELECT} WHERE s.owner = $1 AND s.id = $2`, [
      owner,
      toUuid(id),
    ]);
    if (row === undefined) throw unknownSearch(id);
    return toSearch(row);
  }

  /** By name. */
  async list(owner: string): Promise<SavedSearch[]> {
    const rows = await this.#database.query<SearchRow>(`${SELECT} WHERE s.owner = $1 ORDER BY s.name, s.id`, [
      owner,
    ]);
    return rows.map(toSearch);
  }

  async startingWith(owner: string, start: string, limit: number): Promise<SavedSearch[]> {
    const rows = await this.#database.query<SearchRow>(
      `${SELECT} WHERE s.owner = $1 AND starts_with(lower(s.name), lower($2)) ORDER BY s.name, s.id LIMIT $3`,
      [owner, start, limit],
    );
    return rows.map(toSearch);
  }

  /** Another query begins anew: what it answers then is no alert. */
  async change(
    owner: string,
    id: string,
    change: {
      readonly name?: string | undefined;
      readonly query?: string | undefined;
      readonly isWatched?: boolean | undefined;
    },
  ): Promise<SavedSearch> {
    await this.#database.transaction(async (queries) => {
      const [before] = await queries.query<{ query: string; is_watched: boolean }>(
        'SELECT query, is_watched FROM saved_searches WHERE owner = $1 AND id = $2 FOR UPDATE',
        [owner, toUuid(id)],
      );
      if (before === undefined) throw unknownSearch(id);
      const isOther = change.query !== undefined && change.query !== before.query;
      const isWatchedAnew = change.isWatched === true && !before.is_watched;
      if (isOther || isWatchedAnew) {
        await queries.query('DELETE FROM search_answers WHERE search = $1', [id]);
        await queries.query('UPDATE saved_searches SET evaluated_at = NULL, problem = NULL WHERE id = $1', [
          id,
        ]);
      }
      await queries.query(
        `UPDATE saved_searches SET name = coalesce($2, name), query = coalesce($3, query),
           is_watched = coalesce($4, is_watched), updated_at = $5 WHERE id = $1`,
        [
          id,
          change.name === undefined ? null : toName(change.name),
          change.query ?? null,
          change.isWatched ?? null,
          this.#now(),
        ],
      );
    });
    return this.get(owner, id);
  }

  async delete(owner: string, id: string): Promise<void> {
    const rows = await this.#database.query(
      'DELETE FROM saved_searches WHERE owner = $1 AND id = $2 RETURNING id',
      [owner, toUuid(id)],
    );
    if (rows.length === 0) throw unknownSearch(id);
  }

  /** All that are watched, whoever's; the one that waited longest first. */
  async watched(): Promise<SavedSearch[]> {
    const rows = await this.#database.query<SearchRow>(
      `${SELECT} WHERE s.is_watched ORDER BY s.evaluated_at NULLS FIRST, s.id`,
    );
    return rows.map(toSearch);
  }

  /**
   * Takes the answers of a monitor. Those it did not have before are alerts, unless it is asked for the first time.
   * Everything happens at once, so that no answer is lost and none told twice. Gives the new ones; none where the search was changed meanwhile.
   */
  async take(
    search: SavedSearch,
    keys: readonly string[],
    problem: string | undefined,
  ): Promise<readonly string[]> {
    const now = this.#now();
    return this.#database.transaction(async (queries) => {
      const [held] = await queries.query<{ query: string; evaluated_at: Date | null }>(
        'SELECT query, evaluated_at FROM saved_searches WHERE id = $1 AND is_watched FOR UPDATE',
        [search.id],
      );
      if (held === undefined || held.query !== search.query) return [];
      const fresh = await insertAnswers(queries, search.id, keys, now);
      await queries.query('UPDATE saved_searches SET evaluated_at = $2, problem = $3 WHERE id = $1', [
        search.id,
        now,
        problem ?? null,
      ]);
      if (held.evaluated_at === null || fresh.length === 0) return [];
      await queries.query(
        'INSERT INTO alerts (search, key, at) SELECT $1, key, $3 FROM unnest($2::text[]) AS key',
        [search.id, fresh, now],
      );
      return fresh;
    });
  }

  /** Why a monitor could not be asked; its answers stay. */
  async noteProblem(id: string, problem: string): Promise<void> {
    await this.#database.query('UPDATE saved_searches SET problem = $2 WHERE id = $1', [
      toUuid(id),
      problem.slice(0, 2_000),
    ]);
  }

  /** Newest first; `before`: those older than that one. */
  async alerts(
    owner: string,
    options: {
      readonly search?: string | undefined;
      readonly isOpen?: boolean | undefined;
      readonly before?: number | undefined;
      readonly limit?: number | undefined;
    } = {},
  ): Promise<Alert[]> {
    const rows = await this.#database.query<AlertRow>(
      `SELECT a.id, a.key, a.at, a.acknowledged_at, a.acknowledged_by, s.id AS search, s.name, s.query
       FROM alerts a JOIN saved_searches s ON s.id = a.search
       WHERE s.owner = $1 AND ($2::uuid IS NULL OR s.id = $2) AND ($3::boolean IS NULL OR (a.acknowledged_at IS NULL) = $3)
         AND ($4::bigint IS NULL OR a.id < $4)
       ORDER BY a.id DESC LIMIT $5`,
      [
        owner,
        options.search === undefined ? null : toUuid(options.search),
        options.isOpen ?? null,
        options.before ?? null,
        options.limit ?? 100,
      ],
    );
    return rows.map(toAlert);
  }

  /** Of one's own: those ids, or all of a search, or all; says how many were open. */
  async acknowledge(
    owner: string,
    which: { readonly ids?: readonly number[] | undefined; readonly search?: string | undefined },
  ): Promise<number> {
    const rows = await this.#database.query(
      `UPDATE alerts a SET acknowledged_at = $2, acknowledged_by = $1 FROM saved_searches s
       WHERE s.id = a.search AND s.owner = $1 AND a.acknowledged_at IS NULL
         AND ($3::bigint[] IS NULL OR a.id = ANY($3)) AND ($4::uuid IS NULL OR s.id = $4)
       RETURNING a.id`,
      [owner, this.#now(), which.ids ?? null, which.search === undefined ? null : toUuid(which.search)],
    );
    return rows.length;
  }
}

async function insertAnswers(
  queries: Queries,
  search: string,
  keys: readonly string[],
  now: Date,
): Promise<string[]> {
  const fresh: string[] = [];
  const plain = keys.map(toPlainText);
  for (let from = 0; from < plain.length; from += 1_000) {
    const some = plain.slice(from, from + 1_000);
    const rows = await queries.query<{ key: string }>(
      `INSERT INTO search_answers (search, digest, key, at)
       SELECT $1, digest, key, $4 FROM unnest($2::text[], $3::text[]) AS answer (digest, key)
       ON CONFLICT (search, digest) DO NOTHING RETURNING key`,
      [search, some.map(digestOfKey), some, now],
    );
    fresh.push(...rows.map(({ key }) => key));
  }
  return fresh;
}

function toName(name: string): string {
  const trimmed = toPlainText(name).trim();
  if (trimmed === '' || trimmed.length > MAX_NAME)
    throw new AditError('bad-search-name', `A saved search needs a name of 1 to ${MAX_NAME} characters.`);
  return trimmed;
}

function unknownSearch(id: string): AditError {
  return new AditError('unknown-search', `There is no saved search ${id.slice(0, 100)}.`);
}

const SELECT = `SELECT s.*, (SELECT count(*) FROM search_answers w WHERE w.search = s.id) AS answers,
  (SELECT count(*) FROM alerts a WHERE a.search = s.id AND a.acknowledged_at IS NULL) AS open_alerts
  FROM saved_searches s`;

interface SearchRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly query: string;
  readonly is_watched: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly evaluated_at: Date | null;
  readonly problem: string | null;
  readonly answers: string;
  readonly open_alerts: string;
}

function toSearch(row: SearchRow): SavedSearch {
  return {
    id: row.id,
    owner: row.owner,
    name: row.name,
    query: row.query,
    isWatched: row.is_watched,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    evaluatedAt: row.evaluated_at ?? undefined,
    answers: Number(row.answers),
    openAlerts: Number(row.open_alerts),
    problem: row.problem ?? undefined,
  };
}

interface AlertRow {
  readonly id: string;
  readonly key: string;
  readonly at: Date;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly search: string;
  readonly name: string;
  readonly query: string;
}

function toAlert({ id, key, at, acknowledged_at, acknowledged_by, search, name, query }: AlertRow): Alert {
  return {
    id: Number(id),
    search: { id: search, name, query },
    artifact: artifactOfKey(key),
    at,
    acknowledgedAt: acknowledged_at ?? undefined,
    acknowledgedBy: acknowledged_by ?? undefined,
  };
}
