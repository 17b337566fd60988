import { randomUUID } from 'node:crypto';
import {
  AditError,
  type Artifact,
  type ArtifactStatus,
  type PathStep,
  type Project,
  type ProjectArtifact,
} from '#model';
import type { Database, Queries } from './database.ts';

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
    return { id, name: trimmed, description, createdAt: now, updatedAt: now };
  }

  async list(): Promise<Project[]> {
    return (
      await this.#database.query<ProjectRow>('SELECT * FROM projects ORDER BY updated_at DESC, id')
    ).map(toProject);
  }

  /** By id, or by name where exactly one has it. */
  async find(idOrName: string): Promise<Project> {
    const rows = await this.#database.query<ProjectRow>(
      'SELECT * FROM projects WHERE id::text = $1 OR name = $1 ORDER BY created_at',
      [idOrName],
    );
    if (rows.length === 0)
      throw new AditError('unknown-project', `There is no project “${idOrName}”.`, {
        advice: 'adit project list shows those there are.',
      });
    if (rows.length > 1)
      throw new AditError('bad-project-name', `${rows.length} projects are called “${idOrName}”.`, {
        advice: 'Name one by its id.',
      });
    return toProject(rows[0]!);
  }

  async delete(id: string): Promise<boolean> {
    return (
      (await this.#database.query('DELETE FROM projects WHERE id::text = $1 RETURNING id', [id])).length > 0
    );
  }

  async artifacts(project: string): Promise<ProjectArtifact[]> {
    const rows = await this.#database.query<ArtifactRow>(
      'SELECT * FROM project_artifacts WHERE project::text = $1 ORDER BY added_at, type, value',
      [project],
    );
    return rows.map(toArtifact);
  }

  /** Adds an artifact or changes its status; reason, path, tags and notes are kept where none are given. */
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
  ): Promise<void> {
    const { type, value, status, reason, path, tags, notes } = artifact;
    const now = this.#now();
    await this.#database.transaction(async (queries) => {
      const [before] = await queries.query<ArtifactRow>(
        'SELECT * FROM project_artifacts WHERE project::text = $1 AND type = $2 AND value = $3 FOR UPDATE',
        [project, type, value],
      );
      await queries.query(
        `INSERT INTO project_artifacts (project, type, value, status, reason, path, tags, notes, added_at, updated_at)
         VALUES ($1, $2, $3, $4, coalesce($5, ''), coalesce($6::jsonb, '[]'), coalesce($7::text[], '{}'), coalesce($8, ''), $9, $9)
         ON CONFLICT (project, type, value) DO UPDATE SET status = $4, reason = coalesce($5, project_artifacts.reason),
           path = coalesce($6::jsonb, project_artifacts.path), tags = coalesce($7::text[], project_artifacts.tags),
           notes = coalesce($8, project_artifacts.notes), updated_at = $9`,
        [
          project,
          type,
          value,
          status,
          reason?.slice(0, MAX_TEXT) ?? null,
          path === undefined ? null : JSON.stringify(path),
          tags ?? null,
          notes?.slice(0, MAX_TEXT) ?? null,
          now,
        ],
      );
      await queries.query('UPDATE projects SET updated_at = $2 WHERE id::text = $1', [project, now]);
      await this.#record(queries, project, actor, {
        kind: before === undefined ? 'added' : 'changed',
        type,
        value,
        status,
        before: before?.status,
        reason,
      });
    });
  }

  async remove(project: string, { type, value }: Artifact, actor = 'local'): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      const rows = await queries.query(
        'DELETE FROM project_artifacts WHERE project::text = $1 AND type = $2 AND value = $3 RETURNING value',
        [project, type, value],
      );
      if (rows.length > 0) await this.#record(queries, project, actor, { kind: 'removed', type, value });
      return rows.length > 0;
    });
  }

  /** Newest first. */
  async history(project: string, limit = 1_000): Promise<HistoryEntry[]> {
    return this.#database.query<HistoryEntry>(
      'SELECT at, actor, change FROM project_history WHERE project::text = $1 ORDER BY id DESC LIMIT $2',
      [project, limit],
    );
  }

  async #record(queries: Queries, project: string, actor: string, change: object): Promise<void> {
    await queries.query('INSERT INTO project_history (project, at, actor, change) VALUES ($1, $2, $3, $4)', [
      project,
      this.#now(),
      actor,
      JSON.stringify(change),
    ]);
  }
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
