import { createHash, randomUUID } from 'node:crypto';
import { toJsonb, toUuid, type Database } from './database.ts';

/** `waiting` for its turn; `stopped` when it was told to; `failed` for what ended it. */
export type ImportState = 'waiting' | 'running' | 'done' | 'stopped' | 'failed';

export interface StoredImport {
  readonly id: string;
  readonly request: unknown;
  readonly state: ImportState;
  readonly totals: unknown;
  readonly error: unknown;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

/** A file as it was when it was read: another size or time is another archive. */
export interface ArchiveVersion {
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface StoredArchive extends ArchiveVersion {
  /** All of it is stored. */
  readonly isDone: boolean;
  /** Once it was read to its end. */
  readonly sha256: string | undefined;
  /** Where a copy lies that was taken in. */
  readonly keptAt: string | undefined;
  /** What was found in it. */
  readonly report: unknown;
}

export interface ImportedFile extends StoredArchive {
  readonly seq: number;
  /** It was stored before this import. */
  readonly isSkipped: boolean;
}

interface ImportRow {
  readonly id: string;
  readonly request: unknown;
  readonly state: ImportState;
  readonly totals: unknown;
  readonly error: unknown;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

interface ArchiveRow {
  readonly path: string;
  readonly size_bytes: string;
  readonly modified_ms: number;
  readonly is_done: boolean;
  readonly sha256: string | null;
  readonly kept_at: string | null;
  readonly report: unknown;
}

/** Rows of one statement: PGlite holds the thread for as long as it takes. */
const CHUNK = 500;
const MAX_PAGE = 2_000;

/** Imports of archives, and every archive that was ever read: what of it is stored, and where its bytes are. */
export class Imports {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async create(request: unknown): Promise<string> {
    const id = randomUUID();
    await this.#database.query(
      `INSERT INTO imports (id, request, state, created_at) VALUES ($1, $2, 'waiting', $3)`,
      [id, toJsonb(request), this.#now()],
    );
    return id;
  }

  async setState(
    id: string,
    state: ImportState,
    facts: { readonly totals?: unknown; readonly error?: unknown } = {},
  ): Promise<void> {
    const isOver = state !== 'waiting' && state !== 'running';
    await this.#database.query(
      `UPDATE imports SET state = $2, totals = $3, error = $4, finished_at = $5 WHERE id = $1`,
      [id, state, toJsonb(facts.totals), toJsonb(facts.error), isOver ? this.#now() : null],
    );
  }

  async get(id: string): Promise<StoredImport | undefined> {
    const rows = await this.#database.query<ImportRow>(`SELECT * FROM imports WHERE id = $1`, [toUuid(id)]);
    return rows.map(toImport)[0];
  }

  /** Newest first. */
  async list(limit: number): Promise<StoredImport[]> {
    const rows = await this.#database.query<ImportRow>(
      `SELECT * FROM imports ORDER BY created_at DESC, id LIMIT $1`,
      [Math.min(limit, MAX_PAGE)],
    );
    return rows.map(toImport);
  }

  /** Those that a process left when it ended, oldest first. */
  async unfinished(): Promise<StoredImport[]> {
    const rows = await this.#database.query<ImportRow>(
      `SELECT * FROM imports WHERE state IN ('waiting', 'running') ORDER BY created_at, id`,
    );
    return rows.map(toImport);
  }

  /** Notes the files of an import, again or for the first time; gives those that were read to their end. */
  async addFiles(id: string, files: readonly ArchiveVersion[]): Promise<StoredArchive[]> {
    const done: StoredArchive[] = [];
    for (let at = 0; at < files.length; at += CHUNK) {
      const rows = files.slice(at, at + CHUNK).map((file, i) => ({ ...toRow(file), seq: at + i }));
      await this.#database.transaction(async (queries) => {
        await queries.query(
          `INSERT INTO archives (id, path, size_bytes, modified_ms)
           SELECT id, path, size_bytes, modified_ms FROM jsonb_to_recordset($1) AS f(id text, path text, size_bytes bigint, modified_ms float8)
           ON CONFLICT (id) DO NOTHING`,
          [toJsonb(rows)],
        );
        await queries.query(
          `INSERT INTO import_files (import, seq, archive, is_skipped)
           SELECT $2, f.seq, f.id, a.is_done FROM jsonb_to_recordset($1) AS f(id text, seq int) JOIN archives a ON a.id = f.id
           ON CONFLICT (import, seq) DO NOTHING`,
          [toJsonb(rows), id],
        );
        const known = await queries.query<ArchiveRow>(
          `SELECT path, size_bytes, modified_ms, is_done, sha256, kept_at, report FROM archives
           WHERE sha256 IS NOT NULL AND id IN (SELECT id FROM jsonb_to_recordset($1) AS f(id text))`,
          [toJsonb(rows)],
        );
        done.push(...known.map(toArchive));
      });
    }
    return done;
  }

  /** Notes that these were read, and whether all of them is stored; one without digest could not be read to its end. */
  async finishFiles(
    files: readonly (ArchiveVersion & {
      readonly sha256?: string | undefined;
      readonly keptAt?: string | undefined;
      readonly report: unknown;
      readonly isDone: boolean;
    })[],
  ): Promise<void> {
    for (let at = 0; at < files.length; at += CHUNK) {
      const rows = files.slice(at, at + CHUNK).map((file) => ({
        ...toRow(file),
        sha256: file.sha256 ?? null,
        kept_at: file.keptAt ?? null,
        report: file.report,
        is_done: file.isDone,
      }));
      await this.#database.query(
        `UPDATE archives a SET is_done = a.is_done OR f.is_done, sha256 = coalesce(f.sha256, a.sha256), kept_at = coalesce(f.kept_at, a.kept_at), report = f.report
         FROM jsonb_to_recordset($1) AS f(id text, sha256 text, kept_at text, report jsonb, is_done boolean) WHERE a.id = f.id`,
        [toJsonb(rows)],
      );
    }
  }

  /** Files of an import in its order, from `after` on. */
  async files(
    id: string,
    options: { readonly after?: number; readonly limit: number },
  ): Promise<ImportedFile[]> {
    const rows = await this.#database.query<ArchiveRow & { seq: number; is_skipped: boolean }>(
      `SELECT f.seq, f.is_skipped, a.path, a.size_bytes, a.modified_ms, a.is_done, a.sha256, a.kept_at, a.report
       FROM import_files f JOIN archives a ON a.id = f.archive
       WHERE f.import = $1 AND f.seq > $2 ORDER BY f.seq LIMIT $3`,
      [toUuid(id), options.after ?? -1, Math.min(options.limit, MAX_PAGE)],
    );
    return rows.map((row) => ({ ...toArchive(row), seq: row.seq, isSkipped: row.is_skipped }));
  }

  /** Every version of a file that was imported, the last one first. */
  async versionsOf(file: string): Promise<StoredArchive[]> {
    const rows = await this.#database.query<ArchiveRow>(
      `SELECT path, size_bytes, modified_ms, is_done, sha256, kept_at, NULL AS report FROM archives
       WHERE md5(path) = md5($1) AND path = $1 ORDER BY modified_ms DESC`,
      [file],
    );
    return rows.map(toArchive);
  }
}

function toRow({ file, sizeBytes, modifiedMs }: ArchiveVersion) {
  const id = createHash('sha256').update(`${sizeBytes}\0${modifiedMs}\0${file}`).digest('hex');
  return { id, path: file, size_bytes: sizeBytes, modified_ms: modifiedMs };
}

function toImport({ created_at, finished_at, ...row }: ImportRow): StoredImport {
  return { ...row, createdAt: created_at, finishedAt: finished_at ?? undefined };
}

function toArchive(row: ArchiveRow): StoredArchive {
  return {
    file: row.path,
    sizeBytes: Number(row.size_bytes),
    modifiedMs: row.modified_ms,
    isDone: row.is_done,
    sha256: row.sha256 ?? undefined,
    keptAt: row.kept_at ?? undefined,
    report: row.report ?? undefined,
  };
}
