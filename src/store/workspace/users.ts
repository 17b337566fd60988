import { randomUUID } from 'node:crypto';
import { AditError, LOCAL_USER, type Role, type User } from '#model';
import { toUuid, type Database, type Queries } from './database.ts';
import { hashPassword, isPassword, MAX_PASSWORD, MIN_PASSWORD } from './password.ts';
import { hashOfSecret, newSecret } from './secret.ts';

/** Lower case, so that no two look the same; none that could be read as another kind of actor. */
const NAME = /^[a-z0-9][a-z0-9._@-]{0,62}$/;

/** Accounts, their passwords, and the links by which one signs in without. */
export class Users {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async add(name: string, role: Role): Promise<User> {
    if (!NAME.test(name))
      throw new AditError('bad-user-name', 'A user name has 1 to 63 of the characters a-z 0-9 . _ @ -.');
    const [row] = await this.#database.query<UserRow>(
      `INSERT INTO users (id, name, role, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING RETURNING *`,
      [randomUUID(), name, role, this.#now()],
    );
    if (row === undefined) throw new AditError('user-exists', `There is a user ${name} already.`);
    return toUser(row);
  }

  async list(): Promise<User[]> {
    return (await this.#database.query<UserRow>('SELECT * FROM users ORDER BY created_at, name')).map(toUser);
  }

  /** By id or by name; throws `unknown-user`. */
  async find(idOrName: string): Promise<User> {
    return toUser(await this.#row(idOrName));
  }

  async setRole(id: string, role: Role): Promise<User> {
    if (id === LOCAL_USER.id)
      throw new AditError('bad-user-role', 'The owner of the data directory is always an administrator.');
    const [row] = await this.#database.query<UserRow>(
      'UPDATE users SET role = $2 WHERE id = $1 RETURNING *',
      [toUuid(id), role],
    );
    if (row === undefined) throw unknownUser(id);
    return toUser(row);
  }

  /** Sets a password; all sessions of the account end but the one that is named. */
  async setPassword(id: string, password: string, keptSession?: string): Promise<void> {
    const { name } = await this.#row(id);
    if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD || password.toLowerCase() === name)
      throw new AditError(
        'bad-password',
        `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters and is not the name.`,
        { advice: 'Several words in a row are easy to keep and hard to guess.' },
      );
    const hash = await hashPassword(password);
    await this.#database.transaction(async (queries) => {
      await queries.query('UPDATE users SET password = $2 WHERE id = $1', [toUuid(id), hash]);
      await queries.query('DELETE FROM sign_in_links WHERE member = $1', [toUuid(id)]);
      await queries.query('DELETE FROM sessions WHERE member = $1 AND id IS DISTINCT FROM $2', [
        toUuid(id),
        keptSession ?? null,
      ]);
    });
  }

  /** The user of that name and password; undefined for any other, as slowly. */
  async check(name: string, password: string): Promise<User | undefined> {
    const [row] = await this.#database.query<UserRow>('SELECT * FROM users WHERE name = $1', [
      name.trim().toLowerCase(),
    ]);
    const isRight = await isPassword(password.slice(0, MAX_PASSWORD + 1), row?.password ?? undefined);
    return isRight ? toUser(row!) : undefined;
  }

  /** Takes the account away with its sessions; its keys are revoked, its projects go to the data directory’s owner. */
  async remove(id: string): Promise<void> {
    if (id === LOCAL_USER.id)
      throw new AditError('bad-user', 'The account of the data directory’s owner cannot be removed.');
    await this.#database.transaction(async (queries) => {
      await queries.query('UPDATE projects SET owner = $2 WHERE owner = $1', [toUuid(id), LOCAL_USER.id]);
      await queries.query(
        'UPDATE api_keys SET owner = $2, revoked_at = coalesce(revoked_at, $3) WHERE owner = $1',
        [toUuid(id), LOCAL_USER.id, this.#now()],
      );
      await queries.query('DELETE FROM saved_searches WHERE owner = $1', [id]);
      const rows = await queries.query('DELETE FROM users WHERE id = $1 RETURNING id', [toUuid(id)]);
      if (rows.length === 0) throw unknownUser(id);
    });
  }

  /** A secret that signs the user in once, within the time. */
  async addSignInLink(
    id: string,
    lifeMs: number,
  ): Promise<{ readonly secret: string; readonly expiresAt: Date }> {
    const secret = newSecret();
    const now = this.#now();
    const expiresAt = new Date(now.getTime() + lifeMs);
    await this.#database.query('DELETE FROM sign_in_links WHERE expires_at < $1', [now]);
    await this.#database.query(
      'INSERT INTO sign_in_links (hash, member, created_at, expires_at) VALUES ($1, $2, $3, $4)',
      [hashOfSecret(secret), toUuid(id), now, expiresAt],
    );
    return { secret, expiresAt };
  }

  /** Uses a sign-in link up: of several that try at once one gets the user. */
  async takeSignInLink(secret: string): Promise<User | undefined> {
    const [link] = await this.#database.query<{ member: string }>(
      'DELETE FROM sign_in_links WHERE hash = $1 AND expires_at > $2 RETURNING member',
      [hashOfSecret(secret), this.#now()],
    );
    return link === undefined ? undefined : this.find(link.member);
  }

  async #row(idOrName: string, queries: Queries = this.#database): Promise<UserRow> {
    const [row] = await queries.query<UserRow>('SELECT * FROM users WHERE id = $1 OR name = $2', [
      toUuid(idOrName),
      idOrName,
    ]);
    if (row === undefined) throw unknownUser(idOrName);
    return row;
  }
}

function unknownUser(idOrName: string): AditError {
  return new AditError('unknown-user', `There is no user “${idOrName.slice(0, 100)}”.`, {
    advice: 'adit user list shows those there are.',
  });
}

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string | null;
  readonly created_at: Date;
  readonly last_sign_in_at: Date | null;
}

function toUser({ id, name, role, password, created_at, last_sign_in_at }: UserRow): User {
  return {
    id,
    name,
    role,
    hasPassword: password !== null,
    createdAt: created_at,
    lastSignInAt: last_sign_in_at ?? undefined,
  };
}
