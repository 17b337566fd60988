import { createHash, randomUUID } from 'node:crypto';
import {
  AditError,
  type Artifact,
  type ArtifactStatus,
  type PathStep,
  type Project,
  type ProjectArtifact,
} from '#model';
import { toJsonb, toPlainText, toUuid, type Database, type Queries } from './database.ts';

export interface HistoryEntry {
  readonly at: Date;
  readonly actor: string;
  readonly change: unknown;
}

const MAX_NAME = 200;
const MAX_TEXT = 100_000;

/** Investigations: what each holds, and every change made to it. */
export class Projects {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async create(name: string, description = '', actor = 'local'): Promise<Project> {
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > MAX_NAME)
      throw new AditError('bad-project-name', 'A project needs a name of 1 to 200 characters.');
    const now = this.#now();
    const id = randomUUID();
    await this.#database.transaction(async (queries) => {
      await queries.query(
        'INSERT INTO projects (id, name, description, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)',
        [id, trimmed, description.slice(0, MAX_TEXT), now],
      );
      await this.#record(queries, id, actor, { kind: 'created', name: trimmed });
    });
    return this.#byId(id);
  }

  async list(): Promise<Project[]> {
    return (
      await this.#database.query<ProjectRow>('SELECT * FROM projects ORDER BY updated_at DESC, id')
    ).map(toProject);
  }

  /** By id, or by name where exactly one has it. */
  async find(idOrName: string): Promise<Project> {
    const rows = await this.#database.query<ProjectRow>(
      'SELECT * FROM projects WHERE id = $1 OR name = $2 ORDER BY created_at LIMIT 20',
      [toUuid(idOrName), idOrName],
    );
    if (rows.length === 0) throw unknownProject(idOrName);
    if (rows.length > 1)
      throw new AditError('project-name-ambiguous', `${rows.length} projects are called “${idOrName}”.`, {
        advice: 'Name one by its id.',
      });
    return toProject(rows[0]!);
  }

  async delete(id: string): Promise<boolean> {
    const rows = await this.#database.query('DELETE FROM projects WHERE id = $1 RETURNING id', [toUuid(id)]);
    return rows.length > 0;
  }

  async artifacts(project: string): Promise<ProjectArtifact[]> {
    const rows = await this.#database.query<ArtifactRow>(
      'SELECT * FROM project_artifacts WHERE project = $1 ORDER BY added_at, type, value',
      [toUuid(project)],
    );
    return rows.map(toArtifact);
  }

  /**
   * Adds an artifact or changes its status; reason, path, tags and notes are kept where none are given. Throws
   * `unknown-project` where the project is gone.
   */
  async set(
    project: string,
    artifact: Artifact & {
      readonly status: ArtifactStatus;
      readonly reason?: string | undefined;
      readonly path?: readonly PathStep[] | undefined;
      readonly tags?: readonly string[] | undefined;
      readonly notes?: string | undefined;
    },
    actor = 'local',
  ): Promise<ProjectArtifact> {
    const { type, value, status, reason, path, tags, notes } = artifact;
    const now = this.#now();
    return this.#database.transaction(async (queries) => {
      await this.#touch(queries, project, now);
      const key = [project, type, digestOf(value)];
      const [before] = await queries.query<ArtifactRow>(
        'SELECT status FROM project_artifacts WHERE project = $1 AND type = $2 AND digest = $3',
        key,
      );
      const [after] = await queries.query<ArtifactRow>(
        `INSERT INTO project_artifacts (project, type, digest, value, status, reason, path, tags, notes, added_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, coalesce($6, ''), coalesce($7::jsonb, '[]'), coalesce($8::text[], '{}'), coalesce($9, ''), $10, $10)
         ON CONFLICT (project, type, digest) DO UPDATE SET status = $5, reason = coalesce($6, project_artifacts.reason),
           path = coalesce($7::jsonb, project_artifacts.path), tags = coalesce($8::text[], project_artifacts.tags),
           notes = coalesce($9, project_artifacts.notes), updated_at = $10
         RETURNING *`,
        [
          ...key,
          value,
          status,
          reason?.slice(0, MAX_TEXT) ?? null,
          path === undefined ? null : toJsonb(path),
          tags ?? null,
          notes?.slice(0, MAX_TEXT) ?? null,
          now,
        ],
      );
      await this.#record(queries, project, actor, {
        kind: before === undefined ? 'added' : 'changed',
        type,
        value,
        status,
        before: before?.status,
        reason,
      });
      return toArtifact(after!);
    });
  }

  /** Takes out what has one of the values, of whatever type; says how many that were. */
  async remove(project: string, values: readonly string[], actor = 'local'): Promise<number> {
    return this.#database.transaction(async (queries) => {
      await this.#touch(queries, project, this.#now());
      const rows = await queries.query<Artifact>(
        'DELETE FROM project_artifacts WHERE project = $1 AND digest = ANY($2) RETURNING type, value',
        [project, values.map(digestOf)],
      );
      for (const { type, value } of rows)
        await this.#record(queries, project, actor, { kind: 'removed', type, value });
      return rows.length;
    });
  }

  /** Marks the project as changed, and holds it until the transaction ends. */
  async #touch(queries: Queries, project: string, now: Date): Promise<void> {
    const rows = await queries.query('UPDATE projects SET updated_at = $2 WHERE id = $1 RETURNING id', [
      toUuid(project),
      now,
    ]);
    if (rows.length === 0) throw unknownProject(project);
  }

  async #byId(id: string): Promise<Project> {
    const [row] = await this.#database.query<ProjectRow>('SELECT * FROM projects WHERE id = $1', [id]);
    if (row === undefined) throw unknownProject(id);
    return toProject(row);
  }

  /** Newest first. */
  async history(project: string, limit = 1_000): Promise<HistoryEntry[]> {
    return this.#database.query<HistoryEntry>(
      'SELECT at, actor, change FROM project_history WHERE project = $1 ORDER BY id DESC LIMIT $2',
      [toUuid(project), limit],
    );
  }

  async #record(queries: Queries, project: string, actor: string, change: object): Promise<void> {
    await queries.query('INSERT INTO project_history (project, at, actor, change) VALUES ($1, $2, $3, $4)', [
      project,
      this.#now(),
      actor,
      toJsonb(change),
    ]);
  }
}

function unknownProject(idOrName: string): AditError {
  return new AditError('unknown-project', `There is no project “${idOrName}”.`, {
    advice: 'adit project list shows those there are.',
  });
}

/** Of the value as it is stored. */
function digestOf(value: string): string {
  return createHash('sha256').update(toPlainText(value)).digest('hex');
}

interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

function toProject({ id, name, description, created_at, updated_at }: ProjectRow): Project {
  return { id, name, description, createdAt: created_at, updatedAt: updated_at };
}

interface ArtifactRow extends Artifact {
  readonly status: ArtifactStatus;
  readonly reason: string;
  readonly path: readonly PathStep[];
  readonly tags: readonly string[];
  readonly notes: string;
  readonly added_at: Date;
  readonly updated_at: Date;
}

function toArtifact(row: ArtifactRow): ProjectArtifact {
  const { type, value, status, reason, path, tags, notes } = row;
  return { type, value, status, reason, path, tags, notes, addedAt: row.added_at, updatedAt: row.updated_at };
}
