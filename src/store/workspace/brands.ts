import {
  AditError,
  BRAND_LISTS,
  hostOfUrl,
  parseHost,
  refang,
  registrableDomain,
  type Brand,
  type BrandContent,
} from '#model';
import { toJsonb, type Database, type Queries } from './database.ts';

/** A host that a search for a brand's look-alikes found. */
export interface Candidate {
  readonly host: string;
  /** What was found out: addresses it resolved to, how it imitates. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface FoundCandidate extends Candidate {
  readonly foundAt: Date;
  readonly lastAt: Date;
}

/** Rows of one statement. */
const BATCH = 500;

/** What users protect, and what searches for look-alikes have told already. */
export class Brands {
  readonly #database: Database;
  readonly #now: () => Date;

  constructor(database: Database, now: () => Date = () => new Date()) {
    this.#database = database;
    this.#now = now;
  }

  /** By id; all of them, or a page. */
  async list(
    options: { readonly limit?: number | undefined; readonly after?: string | undefined } = {},
  ): Promise<Brand[]> {
    const rows = await this.#database.query<BrandRow>(
      'SELECT * FROM brands WHERE id > $1 ORDER BY id LIMIT $2',
      [options.after ?? '', options.limit ?? null],
    );
    return rows.map(fromRow);
  }

  async count(): Promise<number> {
    const [row] = await this.#database.query<{ count: string | number }>(
      'SELECT count(*) AS count FROM brands',
    );
    return Number(row?.count ?? 0);
  }

  /** By one of its domains, a host or URL below one, or by its name where exactly one has it. Throws `unknown-brand`, `brand-ambiguous`. */
  async find(text: string): Promise<Brand> {
    const plain = refang(text.trim());
    const host = parseHost(hostOfUrl(plain) ?? plain);
    const domain = host === undefined ? undefined : registrableDomain(host);
    const rows = await this.#database.query<BrandRow>(
      `SELECT * FROM brands WHERE id = $1 OR $1 = ANY(domains) OR lower(name) = lower($2) ORDER BY id = $1 DESC, id LIMIT 20`,
      [domain ?? '', plain],
    );
    const [first] = rows;
    if (first === undefined)
      throw new AditError('unknown-brand', `No brand is called “${text.slice(0, 200)}”.`, {
        advice: 'adit brand list shows those there are, adit brand add makes one.',
      });
    if (first.id !== domain && rows.length > 1)
      throw new AditError('brand-ambiguous', `${rows.length} brands are called “${text.slice(0, 200)}”.`, {
        advice: 'Name one by its first domain.',
      });
    return fromRow(first);
  }

  /**
   * Makes a brand, or changes the one of that id: `change` is given what there is and says what there shall be. One after
   * another, so that nothing is lost where two change it at once.
   */
  async change(
    id: string,
    change: (before: Brand | undefined) => BrandContent,
  ): Promise<{ brand: Brand; isNew: boolean }> {
    return this.#database.transaction(async (queries) => {
      const before = await lockedRow(queries, id);
      const content = change(before === undefined ? undefined : fromRow(before));
      const now = this.#now();
      const [row] = await queries.query<BrandRow>(UPSERT, [
        content.id,
        content.name,
        ...BRAND_LISTS.map((list) => content[list]),
        toJsonb(content.pages),
        now,
      ]);
      return { brand: fromRow(row!), isNew: before === undefined };
    });
  }

  async remove(id: string): Promise<boolean> {
    return (await this.#database.query('DELETE FROM brands WHERE id = $1 RETURNING id', [id])).length > 0;
  }

  /** Changes whenever any brand does, whoever changes it. */
  async revision(): Promise<string> {
    const [row] = await this.#database.query<{ count: string | number; newest: Date | null }>(
      'SELECT count(*) AS count, max(updated_at) AS newest FROM brands',
    );
    return `${row?.count ?? 0} ${row?.newest?.toISOString() ?? ''}`;
  }

  /** Ids of the brands that names seen before were not matched against in this way. */
  async unmatched(as: string): Promise<string[]> {
    const rows = await this.#database.query<{ id: string }>(
      'SELECT id FROM brands WHERE matched_as IS DISTINCT FROM $1 ORDER BY id',
      [as],
    );
    return rows.map(({ id }) => id);
  }

  async markMatched(ids: readonly string[], as: string): Promise<void> {
    await this.#database.query('UPDATE brands SET matched_as = $2 WHERE id = ANY($1)', [ids, as]);
  }

  /** Remembers what a search found; gives what no search of that kind had found before, in the order given. */
  async remember(id: string, foundBy: string, candidates: readonly Candidate[]): Promise<Candidate[]> {
    const now = this.#now();
    const fresh: Candidate[] = [];
    for (let from = 0; from < candidates.length; from += BATCH) {
      const some = candidates.slice(from, from + BATCH);
      const rows = await this.#database.query<{ host: string }>(
        `INSERT INTO brand_candidates (brand, host, found_by, detail, found_at, last_at)
         SELECT $1, found.host, $2, found.detail::jsonb, $5, $5
           FROM unnest($3::text[], $4::text[]) AS found (host, detail)
         ON CONFLICT (brand, host, found_by) DO UPDATE SET detail = excluded.detail, last_at = excluded.last_at
         RETURNING host, (xmax = 0) AS fresh`,
        [id, foundBy, some.map(({ host }) => host), some.map(({ detail }) => toJsonb(detail)), now],
      );
      const isFresh = new Set(
        (rows as { host: string; fresh: boolean }[]).flatMap(({ host, fresh: isNew }) =>
          isNew ? [host] : [],
        ),
      );
      fresh.push(...some.filter(({ host }) => isFresh.has(host)));
    }
    return fresh;
  }

  /** What searches of that kind found, the newest first. */
  async candidates(id: string, foundBy: string, limit = 1_000): Promise<FoundCandidate[]> {
    const rows = await this.#database.query<{
      host: string;
      detail: Record<string, unknown>;
      found_at: Date;
      last_at: Date;
    }>(
      `SELECT host, detail, found_at, last_at FROM brand_candidates WHERE brand = $1 AND found_by = $2
       ORDER BY found_at DESC, host LIMIT $3`,
      [id, foundBy, limit],
    );
    return rows.map(({ host, detail, found_at, last_at }) => ({
      host,
      detail,
      foundAt: found_at,
      lastAt: last_at,
    }));
  }
}

const UPSERT = `
  INSERT INTO brands (id, name, domains, owned, disowned, names, keywords, trackers, favicons, pages, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $11)
  ON CONFLICT (id) DO UPDATE SET name = $2, domains = $3, owned = $4, disowned = $5, names = $6, keywords = $7, trackers = $8,
    favicons = $9, pages = $10::jsonb, matched_as = NULL,
    -- always forward: the revision is read from it
    updated_at = greatest($11, brands.updated_at + interval '1 millisecond')
  RETURNING *`;

async function lockedRow(queries: Queries, id: string): Promise<BrandRow | undefined> {
  return (await queries.query<BrandRow>('SELECT * FROM brands WHERE id = $1 FOR UPDATE', [id]))[0];
}

type BrandRow = Pick<Brand, (typeof BRAND_LISTS)[number] | 'id' | 'name' | 'pages'> & {
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** As `toBrand` made it. */
function fromRow(row: BrandRow): Brand {
  const { id, name, domains, owned, disowned, names, keywords, trackers, favicons, pages } = row;
  const content = { id, name, domains, owned, disowned, names, keywords, trackers, favicons, pages };
  return { ...content, createdAt: row.created_at, updatedAt: row.updated_at };
}
