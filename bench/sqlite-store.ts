import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { rm } from 'node:fs/promises';
import { statSync } from 'node:fs';
import type { Observation } from '#model';

const CACHE_KB = 1_000_000;

/** The same relation in SQLite: one row an edge, merged as it comes, found from either side by an index. */
export class SqliteStore {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #upsert: StatementSync;
  readonly #forward: StatementSync;
  readonly #reverse: StatementSync;

  constructor(path: string) {
    this.#path = path;
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KB};
      CREATE TABLE edges (
        dataset TEXT NOT NULL, source TEXT NOT NULL, label TEXT NOT NULL, target TEXT NOT NULL, variant TEXT NOT NULL,
        is_observed INTEGER NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, count INTEGER NOT NULL,
        latest TEXT NOT NULL, PRIMARY KEY (dataset, source, target, label, variant)) WITHOUT ROWID;
      CREATE INDEX edges_rev ON edges (dataset, target, source, label, variant);`);
    this.#upsert = this.#database.prepare(`
      INSERT INTO edges VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?6, 1, ?7)
      ON CONFLICT DO UPDATE SET is_observed = max(is_observed, excluded.is_observed),
        first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen),
        count = count + 1, latest = max(latest, excluded.latest)`);
    const page = (own: string, other: string): StatementSync =>
      this.#database.prepare(`
        SELECT * FROM edges WHERE dataset = ?1 AND ${own} >= ?2 AND ${own} < ?3 AND (${own} = ?2 OR ${own} >= ?4)
        ORDER BY dataset, ${own}, ${other}, label, variant LIMIT 101`);
    this.#forward = page('source', 'target');
    this.#reverse = page('target', 'source');
  }

  /** One transaction, on disk when it returns. */
  add(observations: readonly Observation[]): void {
    this.#database.exec('BEGIN');
    for (const { dataset, source, label, target, seenAt, detail, evidence } of observations) {
      const latest = `${seenAt} ${JSON.stringify({ d: detail, e: evidence })}`;
      const isObserved = detail['isObserved'] === false ? 0 : 1;
      this.#upsert.run(
        dataset,
        reversed(source),
        label,
        reversed(target),
        isObserved,
        Date.parse(seenAt),
        latest,
      );
    }
    this.#database.exec('COMMIT');
  }

  /** A host and all below it: the first hundred edges. */
  page(direction: 'forward' | 'reverse', host: string): number {
    const key = reversed(host);
    const statement = direction === 'forward' ? this.#forward : this.#reverse;
    return statement.all('host-pairs', key, `${key}/`, `${key}.`).length;
  }

  get sizeBytes(): number {
    return statSync(this.#path).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database.close();
    await rm(this.#path, { force: true });
  }
}

function reversed(host: string): string {
  return host.split('.').reverse().join('.');
}
