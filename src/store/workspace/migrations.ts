import type { Database } from './database.ts';

/**
 * The schema as it grew: a step is never changed once it was released, only followed by another. Each runs once, in a
 * transaction of its own.
 */
const STEPS: readonly string[] = [
  `CREATE TABLE projects (
     id uuid PRIMARY KEY,
     name text NOT NULL,
     description text NOT NULL DEFAULT '',
     created_at timestamptz NOT NULL,
     updated_at timestamptz NOT NULL);
   CREATE TABLE project_artifacts (
     project uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
     type text NOT NULL,
     value text NOT NULL,
     -- SHA-256 of the value: values may be longer than an index takes
     digest text NOT NULL,
     status text NOT NULL CHECK (status IN ('confirmed', 'suspected', 'dismissed')),
     reason text NOT NULL DEFAULT '',
     path jsonb NOT NULL DEFAULT '[]',
     tags text[] NOT NULL DEFAULT '{}',
     notes text NOT NULL DEFAULT '',
     added_at timestamptz NOT NULL,
     updated_at timestamptz NOT NULL,
     PRIMARY KEY (project, type, digest));
   CREATE TABLE project_history (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     project uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
     at timestamptz NOT NULL,
     actor text NOT NULL,
     change jsonb NOT NULL);
   CREATE INDEX project_history_by_project ON project_history (project, id);
   CREATE TABLE api_keys (
     id uuid PRIMARY KEY,
     name text NOT NULL,
     hash text NOT NULL UNIQUE,
     scopes text[] NOT NULL,
     created_at timestamptz NOT NULL,
     revoked_at timestamptz);
   CREATE TABLE jobs (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     kind text NOT NULL,
     payload jsonb NOT NULL,
     host text,
     priority integer NOT NULL DEFAULT 0,
     state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'dead')),
     run_at timestamptz NOT NULL,
     every_seconds integer,
     attempts integer NOT NULL DEFAULT 0,
     max_attempts integer NOT NULL DEFAULT 3,
     lease_owner text,
     lease_until timestamptz,
     result jsonb,
     last_error text,
     created_at timestamptz NOT NULL,
     finished_at timestamptz);
   CREATE INDEX jobs_waiting ON jobs (priority DESC, run_at, id) WHERE state = 'queued';
   CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
   CREATE TABLE host_turns (
     host text PRIMARY KEY,
     next_at timestamptz NOT NULL);`,
  `CREATE TABLE brands (
     id text PRIMARY KEY,
     name text NOT NULL,
     domains text[] NOT NULL,
     owned text[] NOT NULL,
     disowned text[] NOT NULL,
     names text[] NOT NULL,
     keywords text[] NOT NULL,
     trackers text[] NOT NULL,
     favicons text[] NOT NULL,
     pages jsonb NOT NULL,
     -- how names seen before were matched against it; null: not yet
     matched_as text,
     created_at timestamptz NOT NULL,
     updated_at timestamptz NOT NULL);
   -- candidates that were looked for, so that a repeated search tells what is new
   CREATE TABLE brand_candidates (
     brand text NOT NULL REFERENCES brands ON DELETE CASCADE,
     host text NOT NULL,
     found_by text NOT NULL,
     detail jsonb NOT NULL,
     found_at timestamptz NOT NULL,
     last_at timestamptz NOT NULL,
     PRIMARY KEY (brand, host, found_by));`,
  // What people say of artifacts; what they search for again and again, and what is new in it.
  `CREATE TABLE artifact_marks (
     -- SHA-256 of the key: keys may be longer than an index takes
     digest text PRIMARY KEY,
     key text NOT NULL,
     classification text NOT NULL CHECK (classification IN ('malicious', 'suspicious', 'benign', 'unknown')),
     tags text[] NOT NULL DEFAULT '{}',
     updated_at timestamptz NOT NULL,
     updated_by text NOT NULL);
   CREATE INDEX artifact_marks_by_tag ON artifact_marks USING gin (tags);
   CREATE INDEX artifact_marks_by_class ON artifact_marks (classification);
   CREATE TABLE artifact_mark_history (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     digest text NOT NULL,
     at timestamptz NOT NULL,
     actor text NOT NULL,
     change jsonb NOT NULL);
   CREATE INDEX artifact_mark_history_by_artifact ON artifact_mark_history (digest, id);
   CREATE TABLE saved_searches (
     id uuid PRIMARY KEY,
     owner text NOT NULL,
     name text NOT NULL,
     query text NOT NULL,
     is_watched boolean NOT NULL,
     created_at timestamptz NOT NULL,
     updated_at timestamptz NOT NULL,
     evaluated_at timestamptz,
     problem text);
   CREATE INDEX saved_searches_by_owner ON saved_searches (owner, name);
   CREATE TABLE search_answers (
     search uuid NOT NULL REFERENCES saved_searches ON DELETE CASCADE,
     digest text NOT NULL,
     key text NOT NULL,
     at timestamptz NOT NULL,
     PRIMARY KEY (search, digest));
   CREATE TABLE alerts (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     search uuid NOT NULL REFERENCES saved_searches ON DELETE CASCADE,
     key text NOT NULL,
     at timestamptz NOT NULL,
     acknowledged_at timestamptz,
     acknowledged_by text);
   CREATE INDEX alerts_by_search ON alerts (search, id);`,
  // Who may sign in, and who sees which project. What was there before is that of the data directory's owner.
  `CREATE TABLE users (
     id uuid PRIMARY KEY,
     name text NOT NULL UNIQUE,
     role text NOT NULL CHECK (role IN ('admin', 'analyst', 'guest')),
     password text,
     created_at timestamptz NOT NULL,
     last_sign_in_at timestamptz);
   INSERT INTO users (id, name, role, created_at) VALUES ('00000000-0000-4000-8000-000000000001', 'local', 'admin', now());
   ALTER TABLE projects
     ADD COLUMN owner uuid NOT NULL DEFAULT '00000000-0000-4000-8000-000000000001' REFERENCES users,
     ADD COLUMN visibility text NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'team', 'public')),
     ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
     ADD COLUMN notes text NOT NULL DEFAULT '';
   ALTER TABLE api_keys
     ADD COLUMN owner uuid NOT NULL DEFAULT '00000000-0000-4000-8000-000000000001' REFERENCES users;
   CREATE TABLE project_members (
     project uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
     member uuid NOT NULL REFERENCES users ON DELETE CASCADE,
     may text NOT NULL CHECK (may IN ('read', 'write')),
     added_at timestamptz NOT NULL,
     PRIMARY KEY (project, member));
   CREATE INDEX project_members_by_member ON project_members (member);
   CREATE TABLE guest_links (
     id uuid PRIMARY KEY,
     project uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
     hash text NOT NULL UNIQUE,
     name text NOT NULL,
     created_by text NOT NULL,
     created_at timestamptz NOT NULL,
     revoked_at timestamptz,
     opened integer NOT NULL DEFAULT 0,
     last_opened_at timestamptz);
   CREATE INDEX guest_links_by_project ON guest_links (project);
   CREATE TABLE sessions (
     id uuid PRIMARY KEY,
     hash text NOT NULL UNIQUE,
     member uuid REFERENCES users ON DELETE CASCADE,
     link uuid REFERENCES guest_links ON DELETE CASCADE,
     created_at timestamptz NOT NULL,
     last_seen_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL,
     address text NOT NULL,
     agent text NOT NULL,
     CHECK ((member IS NULL) <> (link IS NULL)));
   CREATE INDEX sessions_by_member ON sessions (member);
   CREATE TABLE sign_in_links (
     hash text PRIMARY KEY,
     member uuid NOT NULL REFERENCES users ON DELETE CASCADE,
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL);
   -- failed attempts by account and by address: how many, and until when the next is refused
   CREATE TABLE sign_in_failures (
     subject text PRIMARY KEY,
     failures integer NOT NULL,
     last_at timestamptz NOT NULL,
     blocked_until timestamptz NOT NULL);`,
  `CREATE INDEX project_artifacts_by_value ON project_artifacts (digest);`,
  `CREATE TABLE imports (
     id uuid PRIMARY KEY,
     request jsonb NOT NULL,
     state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'stopped', 'failed')),
     totals jsonb,
     error jsonb,
     created_at timestamptz NOT NULL,
     finished_at timestamptz);
   CREATE TABLE archives (
     -- SHA-256 of path, size and time of change: a file that changed is another archive
     id text PRIMARY KEY,
     path text NOT NULL,
     size_bytes bigint NOT NULL,
     modified_ms float8 NOT NULL,
     is_done boolean NOT NULL DEFAULT false,
     sha256 text,
     kept_at text,
     report jsonb);
   CREATE INDEX archives_by_path ON archives (md5(path));
   CREATE TABLE import_files (
     import uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
     seq integer NOT NULL,
     archive text NOT NULL REFERENCES archives,
     is_skipped boolean NOT NULL,
     PRIMARY KEY (import, seq));`,
  `-- their visits are jobs, which name them in their payload
   CREATE TABLE crawls (
     id uuid PRIMARY KEY,
     request jsonb NOT NULL,
     created_at timestamptz NOT NULL,
     stopped_at timestamptz);
   CREATE INDEX jobs_by_crawl ON jobs ((payload->'crawl'->>'id'));`,
];

/** Brings the schema up to date. */
export async function migrate(database: Database): Promise<void> {
  await database.script('CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY)');
  for (const [index, step] of STEPS.entries()) {
    const version = index + 1;
    await database.transaction(async (queries) => {
      await queries.query('LOCK TABLE schema_version');
      const done = await queries.query('SELECT 1 FROM schema_version WHERE version = $1', [version]);
      if (done.length > 0) return;
      for (const statement of step.split(/;\s*\n|;\s*$/))
        if (statement.trim() !== '') await queries.query(statement);
      await queries.query('INSERT INTO schema_version VALUES ($1)', [version]);
    });
  }
}
