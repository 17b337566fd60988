import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { AditError, SCOPES, type Scope } from '#model';
import { toUuid, type Database } from './database.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly isRevoked: boolean;
}

const PREFIX = 'adit_';

/** Keys of the HTTP API. Only their SHA-256 is kept: 256 random bits need no slow hash. */
export class ApiKeys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The secret is given here and never again. */
  async create(
    name: string,
    scopes: readonly Scope[],
  ): Promise<{ readonly key: ApiKey; readonly secret: string }> {
    if (scopes.length === 0 || !scopes.every((scope) => SCOPES.includes(scope)))
      throw new AditError('bad-scope', `A key needs scopes out of ${SCOPES.join(', ')}.`);
    const secret = PREFIX + randomBytes(32).toString('base64url');
    const key: ApiKey = { id: randomUUID(), name, scopes, createdAt: new Date(), isRevoked: false };
    await this.#database.query(
      'INSERT INTO api_keys (id, name, hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5)',
      [key.id, name, hashOf(secret), scopes, key.createdAt],
    );
    return { key, secret };
  }

  /** The key behind a secret, where it is valid and not revoked. */
  async check(secret: string): Promise<ApiKey | undefined> {
    if (!secret.startsWith(PREFIX) || secret.length > 100) return undefined;
    const [row] = await this.#database.query<KeyRow>(
      'SELECT * FROM api_keys WHERE hash = $1 AND revoked_at IS NULL',
      [hashOf(secret)],
    );
    return row === undefined ? undefined : toKey(row);
  }

  async list(): Promise<ApiKey[]> {
    return (await this.#database.query<KeyRow>('SELECT * FROM api_keys ORDER BY created_at, id')).map(toKey);
  }

  async revoke(id: string): Promise<boolean> {
    const rows = await this.#database.query(
      'UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
      [toUuid(id)],
    );
    return rows.length > 0;
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

function toKey({ id, name, scopes, created_at, revoked_at }: KeyRow): ApiKey {
  return { id, name, scopes, createdAt: created_at, isRevoked: revoked_at !== null };
}
