import { mkdir } from 'node:fs/promises';
import { AditError } from '#model';

/** Runs SQL with bound parameters (`$1` …); rows come back as objects. Texts are made such as PostgreSQL can keep. */
export interface Queries {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** PostgreSQL, as a server or inside this process: one SQL for both. */
export interface Database extends Queries, AsyncDisposable {
  readonly kind: 'postgresql' | 'pglite';
  /** Everything inside happens or nothing does. */
  transaction<Value>(work: (queries: Queries) => Promise<Value>): Promise<Value>;
  /** Several statements without parameters. */
  script(sql: string): Promise<void>;
}

/** Text that PostgreSQL can keep: what is no character to it (NUL, half of a surrogate pair) becomes U+FFFD. */
export function toPlainText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** A value for a `jsonb` parameter. */
export function toJsonb(value: unknown): string {
  const json = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? toPlainText(part) : part,
  );
  return json ?? 'null'; // undefined has no JSON
}

/** An id for a `uuid` parameter; what is none finds nothing. */
export function toUuid(text: string): string | null {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text : null;
}

function toPlain(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (Array.isArray(value)) return toPlain(value);
    return typeof value === 'string' ? toPlainText(value) : value;
  });
}

/** A PostgreSQL server at `url`, else PGlite below `directory`, whose lock the caller holds. */
export async function openDatabase(options: {
  readonly url?: string | undefined;
  readonly directory: string;
}): Promise<Database> {
  return options.url === undefined ? openPglite(options.directory) : openPostgres(options.url);
}

async function openPglite(directory: string): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pglite = await PGlite.create(directory);
  const on = (connection: {
    query<Row>(sql: string, parameters?: unknown[]): Promise<{ rows: Row[] }>;
  }): Queries => ({
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await connection.query<Row>(sql, toPlain(parameters))).rows,
  });
  return {
    kind: 'pglite',
    ...on(pglite),
    transaction: (work) => pglite.transaction((transaction) => work(on(transaction))),
    script: async (sql) => {
      await pglite.exec(sql);
    },
    [Symbol.asyncDispose]: () => pglite.close(),
  };
}

async function openPostgres(url: string): Promise<Database> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 10_000 });
  pool.on('error', () => {}); // an idle connection that breaks is replaced; a query in flight rejects by itself
  const on = (connection: Pick<typeof pool, 'query'> | import('pg').PoolClient): Queries => ({
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await connection.query(sql, toPlain(parameters))).rows as Row[], // the caller names its columns
  });
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw new AditError('database-unreachable', 'PostgreSQL does not answer.', {
      advice: 'Check DATABASE_URL.',
      cause: error,
    });
  }
  return {
    kind: 'postgresql',
    ...on(pool),
    async transaction(work) {
      const client = await pool.connect();
      let fault: Error | undefined;
      try {
        await client.query('BEGIN');
        const value = await work(on(client));
        await client.query('COMMIT');
        return value;
      } catch (error) {
        await client.query('ROLLBACK').catch((rollbackError: Error) => (fault = rollbackError));
        throw error;
      } finally {
        client.release(fault); // a connection that could not roll back is not used again
      }
    },
    script: async (sql) => {
      await pool.query(sql);
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
}
