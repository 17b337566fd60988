import { createHash } from 'node:crypto';
import { AditError, type Artifact } from '#model';
import { artifactOfKey, matchKeyOf } from '../observations/match-key.ts';
import { toJsonb, toPlainText, type Database, type Queries } from './database.ts';
import type { HistoryEntry } from './projects.ts';

/** What a team thinks of an artifact. */
export const CLASSIFICATIONS = ['malicious', 'suspicious', 'benign', 'unknown'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

/** What people said of an artifact, whatever the project. */
export interface ArtifactMark {
  readonly artifact: Artifact;
  readonly classification: Classification;
  readonly tags: readonly string[];
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

const MAX_TAG = 100;
const MAX_TAGS = 50;

/** Tags and classifications of artifacts, with every change made to them. */
export class ArtifactMarks {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async get(artifact: Artifact): Promise<ArtifactMark | undefined> {
    const [row] = await this.#database.query<MarkRow>('SELECT * FROM artifact_marks WHERE digest = $1', [
      digestOf(artifact),
    ]);
    return row === undefined ? undefined : toMark(row);
  }

  /** What is left out stays as it is; tags replace those there were. */
  async set(
    artifact: Artifact,
    change: {
      readonly classification?: Classification | undefined;
      readonly tags?: readonly string[] | undefined;
    },
    actor: string,
  ): Promise<ArtifactMark> {
    const tags = change.tags === undefined ? undefined : toTags(change.tags);
    const now = this.#now();
    return this.#database.transaction(async (queries) => {
      const before = await this.#locked(queries, artifact);
      const [row] = await queries.query<MarkRow>(
        `INSERT INTO artifact_marks (digest, key, classification, tags, updated_at, updated_by)
         VALUES ($1, $2, coalesce($3, 'unknown'), coalesce($4::text[], '{}'), $5, $6)
         ON CONFLICT (digest) DO UPDATE SET classification = coalesce($3, artifact_marks.classification),
           tags = coalesce($4::text[], artifact_marks.tags), updated_at = $5, updated_by = $6
         RETURNING *`,
        [digestOf(artifact), matchKeyOf(artifact), change.classification ?? null, tags ?? null, now, actor],
      );
      await queries.query(
        'INSERT INTO artifact_mark_history (digest, at, actor, change) VALUES ($1, $2, $3, $4)',
        [
          digestOf(artifact),
          now,
          actor,
          toJsonb({
            before:
              before === undefined ? undefined : { classification: before.classification, tags: before.tags },
            classification: row!.classification,
            tags: row!.tags,
          }),
        ],
      );
      return toMark(row!);
    });
  }

  async #locked(queries: Queries, artifact: Artifact): Promise<MarkRow | undefined> {
    const rows = await queries.query<MarkRow>('SELECT * FROM artifact_marks WHERE digest = $1 FOR UPDATE', [
      digestOf(artifact),
    ]);
    return rows[0];
  }

  /** Newest first. */
  async history(artifact: Artifact, limit = 1_000): Promise<HistoryEntry[]> {
    return this.#database.query<HistoryEntry>(
      'SELECT at, actor, change FROM artifact_mark_history WHERE digest = $1 ORDER BY id DESC LIMIT $2',
      [digestOf(artifact), limit],
    );
  }

  /** Of many at once, by their keys; those without marks are left out. */
  async ofKeys(keys: readonly string[]): Promise<Map<string, ArtifactMark>> {
    const rows = await this.#database.query<MarkRow>('SELECT * FROM artifact_marks WHERE digest = ANY($1)', [
      keys.map(digestOfKey),
    ]);
    return new Map(rows.map((row) => [row.key, toMark(row)]));
  }

  async tagged(tag: string, limit: number): Promise<Artifact[]> {
    const rows = await this.#database.query<{ key: string }>(
      'SELECT key FROM artifact_marks WHERE $1 = ANY(tags) ORDER BY key LIMIT $2',
      [tag.trim(), limit],
    );
    return rows.map(({ key }) => artifactOfKey(key));
  }

  async classified(classification: string, limit: number): Promise<Artifact[]> {
    const rows = await this.#database.query<{ key: string }>(
      'SELECT key FROM artifact_marks WHERE classification = $1 ORDER BY key LIMIT $2',
      [classification.toLowerCase(), limit],
    );
    return rows.map(({ key }) => artifactOfKey(key));
  }

  /** Tags that begin so, the most used first. */
  async tags(start: string, limit: number): Promise<string[]> {
    const rows = await this.#database.query<{ tag: string }>(
      `SELECT tag FROM (SELECT unnest(tags) AS tag FROM artifact_marks) AS all_tags
       WHERE starts_with(lower(tag), lower($1)) GROUP BY tag ORDER BY count(*) DESC, tag LIMIT $2`,
      [start, limit],
    );
    return rows.map(({ tag }) => tag);
  }
}

function toTags(tags: readonly string[]): string[] {
  const plain = [...new Set(tags.map((tag) => toPlainText(tag).trim()).filter((tag) => tag !== ''))];
  if (plain.length > MAX_TAGS || plain.some((tag) => tag.length > MAX_TAG))
    throw new AditError('bad-tag', `An artifact has at most ${MAX_TAGS} tags of ${MAX_TAG} characters.`);
  return plain;
}

const digestOf = (artifact: Artifact): string => digestOfKey(matchKeyOf(artifact));

/** Keys may be longer than an index takes. */
export function digestOfKey(key: string): string {
  return createHash('sha256').update(toPlainText(key)).digest('hex');
}

interface MarkRow {
  readonly key: string;
  readonly classification: Classification;
  readonly tags: readonly string[];
  readonly updated_at: Date;
  readonly updated_by: string;
}

const toMark = ({ key, classification, tags, updated_at, updated_by }: MarkRow): ArtifactMark => ({
  artifact: artifactOfKey(key),
  classification,
  tags,
  updatedAt: updated_at,
  updatedBy: updated_by,
});
