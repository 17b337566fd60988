import { randomUUID } from 'node:crypto';
import { AditError, type MemberRight } from '#model';
import { toUuid, type Database } from './database.ts';
import { hashOfSecret, newSecret } from './secret.ts';

export interface ProjectMember {
  readonly user: string;
  readonly name: string;
  readonly may: MemberRight;
  readonly addedAt: Date;
}

/** Opens one project to whoever has it. */
export interface GuestLink {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly isRevoked: boolean;
  readonly opened: number;
  readonly lastOpenedAt: Date | undefined;
}

const MAX_LINKS = 100;

/** Whom a project is shared with: members, and links for who has no account. */
export class Sharing {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  async members(project: string): Promise<ProjectMember[]> {
    const rows = await this.#database.query<{ id: string; name: string; may: MemberRight; added_at: Date }>(
      `SELECT u.id, u.name, m.may, m.added_at FROM project_members m JOIN users u ON u.id = m.member
       WHERE m.project = $1 ORDER BY u.name`,
      [toUuid(project)],
    );
    return rows.map(({ id, name, may, added_at }) => ({ user: id, name, may, addedAt: added_at }));
  }

  async setMember(project: string, user: string, may: MemberRight): Promise<void> {
    await this.#database.query(
      `INSERT INTO project_members (project, member, may, added_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (project, member) DO UPDATE SET may = excluded.may`,
      [toUuid(project), toUuid(user), may, this.#now()],
    );
  }

  async removeMember(project: string, user: string): Promise<boolean> {
    const rows = await this.#database.query(
      'DELETE FROM project_members WHERE project = $1 AND member = $2 RETURNING member',
      [toUuid(project), toUuid(user)],
    );
    return rows.length > 0;
  }

  /** What a user may do where they are a member: project → right. */
  async memberships(user: string): Promise<ReadonlyMap<string, MemberRight>> {
    const rows = await this.#database.query<{ project: string; may: MemberRight }>(
      'SELECT project, may FROM project_members WHERE member = $1',
      [toUuid(user)],
    );
    return new Map(rows.map(({ project, may }) => [project, may]));
  }

  /** The secret is given here and never again. */
  async addLink(
    project: string,
    name: string,
    createdBy: string,
  ): Promise<{ readonly link: GuestLink; readonly secret: string }> {
    const links = await this.links(project);
    if (links.filter(({ isRevoked }) => !isRevoked).length >= MAX_LINKS)
      throw new AditError('too-many-links', `A project has at most ${MAX_LINKS} guest links.`, {
        advice: 'Revoke one that is no longer needed.',
      });
    const secret = newSecret();
    const [row] = await this.#database.query<LinkRow>(
      `INSERT INTO guest_links (id, project, hash, name, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING *`,
      [randomUUID(), toUuid(project), hashOfSecret(secret), name, createdBy, this.#now()],
    );
    return { link: toLink(row!), secret };
  }

  async links(project: string): Promise<GuestLink[]> {
    const rows = await this.#database.query<LinkRow>(
      'SELECT * FROM guest_links WHERE project = $1 ORDER BY created_at DESC, id LIMIT 1000',
      [toUuid(project)],
    );
    return rows.map(toLink);
  }

  /** Ends a link and all sessions that it opened. */
  async revokeLink(project: string, id: string): Promise<boolean> {
    return this.#database.transaction(async (queries) => {
      const rows = await queries.query(
        'UPDATE guest_links SET revoked_at = $3 WHERE id = $1 AND project = $2 AND revoked_at IS NULL RETURNING id',
        [toUuid(id), toUuid(project), this.#now()],
      );
      await queries.query(
        'DELETE FROM sessions WHERE link = (SELECT id FROM guest_links WHERE id = $1 AND project = $2)',
        [toUuid(id), toUuid(project)],
      );
      return rows.length > 0;
    });
  }

  /** The link of a secret, where it is valid. */
  async link(secret: string): Promise<GuestLink | undefined> {
    const [row] = await this.#database.query<LinkRow>(
      'SELECT * FROM guest_links WHERE hash = $1 AND revoked_at IS NULL',
      [hashOfSecret(secret)],
    );
    return row === undefined ? undefined : toLink(row);
  }
}

interface LinkRow {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly revoked_at: Date | null;
  readonly opened: number;
  readonly last_opened_at: Date | null;
}

function toLink(row: LinkRow): GuestLink {
  return {
    id: row.id,
    project: row.project,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at,
    isRevoked: row.revoked_at !== null,
    opened: row.opened,
    lastOpenedAt: row.last_opened_at ?? undefined,
  };
}
