import { randomUUID } from 'node:crypto';
import { AditError, LOCAL_USER, SCOPES, SCOPES_OF_ROLE, type Role, type Scope } from '#model';
import { toUuid, type Database } from './database.ts';
import { hashOfSecret, newSecret } from './secret.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** Account that it acts for, and the name and role of that. */
  readonly owner: string;
  readonly ownerName: string;
  readonly ownerRole: Role;
  /** Those it was made with, as far as the role of its owner has them. */
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
    owner: string = LOCAL_USER.id,
  ): Promise<{ readonly key: ApiKey; readonly secret: string }> {
    if (scopes.length === 0 || !scopes.every((scope) => SCOPES.includes(scope)))
      throw new AditError('bad-scope', `A key needs scopes out of ${SCOPES.join(', ')}.`);
    const secret = PREFIX + newSecret();
    const id = randomUUID();
    await this.#database.query(
      'INSERT INTO api_keys (id, name, hash, scopes, created_at, owner) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, name, hashOfSecret(secret), scopes, new Date(), toUuid(owner)],
    );
    const [row] = await this.#database.query<KeyRow>(`${SELECT} WHERE k.id = $1`, [id]);
    const key = toKey(row!);
    return { key, secret };
  }

  /** The key behind a secret, where it is valid and not revoked. */
  async check(secret: string): Promise<ApiKey | undefined> {
    if (!secret.startsWith(PREFIX) || secret.length > 100) return undefined;
    const [row] = await this.#database.query<KeyRow>(`${SELECT} WHERE k.hash = $1 AND k.revoked_at IS NULL`, [
      hashOfSecret(secret),
    ]);
    return row === undefined ? undefined : toKey(row);
  }

  async list(): Promise<ApiKey[]> {
    return (await this.#database.query<KeyRow>(`${SELECT} ORDER BY k.created_at, k.id`)).map(toKey);
  }

  async revoke(id: string): Promise<boolean> {
    const rows = await this.#database.query(
      'UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
      [toUuid(id)],
    );
    return rows.length > 0;
  }
}

const SELECT =
  'SELECT k.*, u.name AS owner_name, u.role AS owner_role FROM api_keys k JOIN users u ON u.id = k.owner';

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly owner_name: string;
  readonly owner_role: Role;
  readonly scopes: readonly Scope[];
  readonly created_at: Date;
  readonly revoked_at: Date | null;
}

function toKey(row: KeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    owner: row.owner,
    ownerName: row.owner_name,
    ownerRole: row.owner_role,
    scopes: row.scopes.filter((scope) => SCOPES_OF_ROLE[row.owner_role].includes(scope)),
    createdAt: row.created_at,
    isRevoked: row.revoked_at !== null,
  };
}
