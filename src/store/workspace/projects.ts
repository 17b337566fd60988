import { createHash, randomUUID } from 'node:crypto';
import {
  AditError,
  LOCAL_USER,
  type Artifact,
  type ArtifactStatus,
  type PathStep,
  type Project,
  type ProjectArtifact,
  type Visibility,
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

  async create(
    name: string,
    description = '',
    actor: string = LOCAL_USER.name,
    owner: string = LOCAL_USER.id,
  ): Promise<Project> {
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > MAX_NAME)
      throw new AditError('bad-project-name', 'A project needs a name of 1 to 200 characters.');
    const now = this.#now();
    const id = randomUUID();
    await this.#database.transaction(async (queries) => {
      await queries.query(
        'INSERT INTO projects (id, name, description, created_at, updated_at, owner) VALUES ($1, $2, $3, $4, $4, $5)',
        [id, trimmed, description.slice(0, MAX_TEXT), now, owner],
      );
      await this.#record(queries, id, actor, { kind: 'created', name: trimmed });
    });
    return this.#byId(id);
  }

  async list(): Promise<Project[]> {
    return (await this.#database.query<ProjectRow>(`${SELECT_PROJECT} ORDER BY p.updated_at DESC, p.id`)).map(
      toProject,
    );
  }

  /** By id, or by name where exactly one has it. Whether the asker may see it is for the caller to say. */
  async find(idOrName: string): Promise<Project> {
    return oneProject(await this.lookup(idOrName), idOrName);
  }

  /** The one with that id, else those of that name. */
  async lookup(idOrName: string): Promise<Project[]> {
    const rows = await this.#database.query<ProjectRow>(
      `${SELECT_PROJECT} WHERE p.id = $1 OR p.name = $2 ORDER BY p.created_at LIMIT 1000`,
      [toUuid(idOrName), idOrName],
    );
    const found = rows.map(toProject);
    const exact = found.find(({ id }) => id === idOrName.toLowerCase());
    return exact === undefined ? found : [exact];
  }

  /** Changes what is given and records it with what was there before. */
  async edit(
    project: string,
    changes: {
      readonly [Name in 'name' | 'description' | 'notes' | 'tags' | 'visibility']?: Project[Name] | undefined;
    },
    actor: string = LOCAL_USER.name,
  ): Promise<Project> {
    const name = changes.name?.trim();
    if (name !== undefined && (name === '' || name.length > MAX_NAME))
      throw new AditError('bad-project-name', 'A project needs a name of 1 to 200 characters.');
    await this.#database.transaction(async (queries) => {
      await this.#touch(queries, project, this.#now());
      const [before] = await queries.query<ProjectRow>(`${SELECT_PROJECT} WHERE p.id = $1`, [project]);
      const wanted = { ...changes, ...(name !== undefined && { name }) };
      const fields: Record<string, { readonly before: unknown; readonly after: unknown }> = {};
      for (const [field, after] of Object.entries(wanted)) {
        const was = toProject(before!)[field as keyof typeof wanted]; // a key of it
        if (after !== undefined && JSON.stringify(was) !== JSON.stringify(after))
          fields[field] = { before: was, after };
      }
      if (Object.keys(fields).length === 0) return;
      await queries.query(
        `UPDATE projects SET name = coalesce($2, name), description = coalesce($3, description), notes = coalesce($4, notes),
           tags = coalesce($5::text[], tags), visibility = coalesce($6, visibility) WHERE id = $1`,
        [
          project,
          name ?? null,
          changes.description?.slice(0, MAX_TEXT) ?? null,
          changes.notes?.slice(0, MAX_TEXT) ?? null,
          changes.tags ?? null,
          changes.visibility ?? null,
        ],
      );
      await this.#record(queries, project, actor, { kind: 'edited', fields });
    });
    return this.#byId(project);
  }

  /** Records a change that was made elsewhere: to members, or to links. */
  async note(project: string, actor: string, change: { readonly kind: string }): Promise<void> {
    await this.#database.transaction(async (queries) => {
      await this.#touch(queries, project, this.#now());
      await this.#record(queries, project, actor, change);
    });
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
        'SELECT status, tags, notes FROM project_artifacts WHERE project = $1 AND type = $2 AND digest = $3',
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
        ...changeOf('tags', before, after!),
        ...changeOf('notes', before, after!),
      });
      return toArtifact(after!);
    });
  }

  /** The projects that hold an artifact of that value, whatever its type, with its status there. */
  async holding(
    value: string,
  ): Promise<readonly { readonly project: string; readonly status: ArtifactStatus }[]> {
    return this.#database.query(
      'SELECT project, status FROM project_artifacts WHERE digest = $1 ORDER BY added_at, project LIMIT 1000',
      [digestOf(value)],
    );
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
    const [row] = await this.#database.query<ProjectRow>(`${SELECT_PROJECT} WHERE p.id = $1`, [id]);
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

/** The only one of those that were found; throws `unknown-project` or `project-name-ambiguous`. */
export function oneProject(found: readonly Project[], idOrName: string): Project {
  if (found.length === 0) throw unknownProject(idOrName);
  if (found.length > 1)
    throw new AditError('project-name-ambiguous', `${found.length} projects are called “${idOrName}”.`, {
      advice: 'Name one by its id.',
    });
  return found[0]!;
}

function changeOf(
  field: 'tags' | 'notes',
  before: ArtifactRow | undefined,
  after: ArtifactRow,
): Record<string, unknown> {
  const was = before?.[field] ?? (field === 'tags' ? [] : '');
  return JSON.stringify(was) === JSON.stringify(after[field])
    ? {}
    : { [field]: after[field], ...(before !== undefined && { [`${field}Before`]: was }) };
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

const SELECT_PROJECT = 'SELECT p.*, u.name AS owner_name FROM projects p JOIN users u ON u.id = p.owner';

interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly owner_name: string;
  readonly visibility: Visibility;
  readonly tags: readonly string[];
  readonly notes: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

function toProject({ owner_name, created_at, updated_at, ...row }: ProjectRow): Project {
  const { id, name, description, owner, visibility, tags, notes } = row;
  return {
    id,
    name,
    description,
    owner,
    ownerName: owner_name,
    visibility,
    tags,
    notes,
    createdAt: created_at,
    updatedAt: updated_at,
  };
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
