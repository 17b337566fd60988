import {
  DATASETS,
  isIpHost,
  parseHost,
  registrableDomain,
  reverseLabels,
  toUnicodeHost,
  type Artifact,
  type ArtifactType,
  type DatasetId,
  type Host,
} from '#model';
import { Bindings } from './bindings.ts';
import type { Connection } from './connection.ts';
import { cutKey, holdsHosts, toKey, type Side } from './key.ts';
import { artifactOfKey, matchKeyOf, type MatchKey } from './match-key.ts';
import { NumberColumn, TextColumn, toBlock } from './native.ts';
import type { WalkPage } from './matches.ts';
import { likeCondition } from './pattern.ts';
import { DATABASE } from './schema.ts';

/** Of a long value its beginning is enough to find it by. */
const MAX_TEXT = 200;
const MAX_SPELLINGS = 200;
/** Names remembered as written, in two generations: one that is everywhere is written once in a long while. */
const GENERATION = 100_000;

/**
 * Which values were written to the table of names lately. Only spares work: a name that is forgotten is written again,
 * and rows of one name merge.
 */
export class NameMemory {
  #young = new Set<string>();
  #old = new Set<string>();

  /** Whether the name is new, and remembers it. */
  take(name: string): boolean {
    if (this.#young.has(name)) return false;
    const isNew = !this.#old.has(name);
    if (this.#young.size >= GENERATION) [this.#old, this.#young] = [this.#young, new Set()];
    this.#young.add(name);
    return isNew;
  }

  /** Forgets all: what was taken last may not have been written. */
  clear(): void {
    this.#young = new Set();
    this.#old = new Set();
  }
}

/**
 * Rows of the table of names: each value that stands in an observation, under its text in lower case. A host stands
 * under the rest of its name from each label on, too, down to the registrable domain, and under its Unicode form: so it
 * is found from either end, and all hosts of a domain are one range.
 */
export class NameRows {
  readonly #memory: NameMemory;
  readonly #text = new TextColumn(1024);
  readonly #kind = new TextColumn(1024);
  readonly #key = new TextColumn(1024);
  readonly #wholes: number[] = [];

  constructor(memory: NameMemory) {
    this.#memory = memory;
  }

  get count(): number {
    return this.#wholes.length;
  }

  /** `key` as the edge tables have it. */
  add(dataset: DatasetId, side: Side, value: string, key: string): void {
    const type = side === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
    const isHost = holdsHosts(dataset, side);
    if (!this.#memory.take(isHost ? key : `${type}~${key}`)) return;
    const host = isHost || type === 'ip' ? parseHost(value) : undefined;
    if (host !== undefined) this.#addHost(host, reverseLabels(host));
    else this.#row(value, type === 'ip' ? 'text' : type, key, true);
  }

  #addHost(host: Host, key: string): void {
    if (isIpHost(host)) {
      this.#row(host, 'ip', key, true);
      return;
    }
    const domain = registrableDomain(host) ?? host;
    this.#endings(host, domain.split('.').length, key);
    if (host.includes('xn--')) this.#endings(toUnicodeHost(host), domain.split('.').length, key);
  }

  #endings(name: string, labelsOfDomain: number, key: string): void {
    const labels = name.split('.');
    for (let from = 0; from <= Math.max(0, labels.length - labelsOfDomain); from++)
      this.#row(labels.slice(from).join('.'), 'host', key, from === 0);
  }

  #row(text: string, kind: ArtifactType, key: string, isWhole: boolean): void {
    this.#text.add(text.slice(0, MAX_TEXT).toLowerCase());
    this.#kind.add(kind);
    this.#key.add(key);
    this.#wholes.push(isWhole ? 1 : 0);
  }

  block(): Uint8Array[] {
    const wholes = new NumberColumn('UInt8', this.count);
    for (const whole of this.#wholes) wholes.add(whole);
    return toBlock(this.count, { text: this.#text, kind: this.#kind, key: this.#key, is_whole: wholes });
  }
}

/** Hosts that a term on names means. */
export type NamePattern =
  /** `*` and `?`, over the whole name. */
  | { readonly kind: 'glob'; readonly text: string }
  /** A host and, by default, all below it. */
  | { readonly kind: 'within'; readonly domain: Host; readonly isBelowOnly?: boolean }
  /** Names with a label that begins so. */
  | { readonly kind: 'label'; readonly start: string };

function nameCondition(bindings: Bindings, pattern: NamePattern): string {
  switch (pattern.kind) {
    case 'glob':
      return `kind IN ('host', 'ip') AND is_whole = 1 AND ${likeCondition(bindings, 'text', pattern.text.toLowerCase())}`;
    case 'label':
      return `kind = 'host' AND startsWith(text, ${bindings.bind(pattern.start.toLowerCase())})`;
    case 'within': {
      const key = toKey('host-pairs', 'source', pattern.domain);
      const below = `startsWith(key, ${bindings.bind(`${key}.`)})`;
      const within = pattern.isBelowOnly === true ? below : `(key = ${bindings.bind(key)} OR ${below})`;
      // All hosts of a registrable domain stand under its text; above one, names are looked through.
      return registrableDomain(pattern.domain) === undefined
        ? `kind IN ('host', 'ip') AND is_whole = 1 AND ${within}`
        : `text = ${bindings.bind(pattern.domain)} AND kind = 'host' AND ${within}`;
    }
  }
}

/** Hosts whose names fit, in the order of keys; fewer than `limit` where there are no more. */
export async function walkNames(
  connection: Connection,
  pattern: NamePattern,
  page: WalkPage,
): Promise<MatchKey[]> {
  if (page.after?.startsWith('~') === true) return [];
  const bindings = new Bindings();
  const behind = page.after === undefined ? '' : `AND key > ${bindings.bind(page.after)}`;
  const rows = await connection.rows<{ key: string }>(
    `SELECT key FROM ${DATABASE}.names WHERE ${nameCondition(bindings, pattern)} ${behind}
     GROUP BY key ORDER BY key LIMIT ${bindings.bind(page.limit, 'UInt32')}`,
    bindings.parameters,
  );
  return rows.map(({ key }) => key);
}

/** About how many names there are to look through for the pattern. */
export async function estimateNames(connection: Connection, pattern: NamePattern): Promise<number> {
  const bindings = new Bindings();
  const rows = await connection.rows<{ rows: string }>(
    `EXPLAIN ESTIMATE SELECT count() FROM ${DATABASE}.names WHERE ${nameCondition(bindings, pattern)}`,
    bindings.parameters,
  );
  return rows.reduce((sum, row) => sum + Number(row.rows), 0);
}

/** A value whose text, or one of whose labels, begins as asked. */
export interface FoundName {
  readonly artifact: Artifact;
  /** The text by which it was found, in lower case. */
  readonly text: string;
  readonly isWhole: boolean;
}

export interface NameQuery {
  readonly start: string;
  /** Default: of every type. */
  readonly types?: readonly ArtifactType[] | undefined;
  readonly limit: number;
  /** How many are looked at, default 1,000; the shortest of them are given. */
  readonly among?: number;
}

/** Values by the beginning of their text. */
export async function findNames(connection: Connection, query: NameQuery): Promise<FoundName[]> {
  const { start, types, limit, among = 1_000 } = query;
  const bindings = new Bindings();
  const ofTypes = types === undefined ? '' : `AND kind IN ${bindings.bind(types, 'Array(String)')}`;
  const rows = await connection.rows<{ text: string; kind: ArtifactType; key: string; whole: number }>(
    `SELECT text, kind, key, max(is_whole) AS whole FROM (
       SELECT text, kind, key, is_whole FROM ${DATABASE}.names
       WHERE startsWith(text, ${bindings.bind(start.toLowerCase())}) ${ofTypes}
       ORDER BY text, kind, key LIMIT ${bindings.bind(among, 'UInt32')})
     GROUP BY text, kind, key ORDER BY length(text), text, whole DESC, length(key), key
     LIMIT ${bindings.bind(limit, 'UInt32')} SETTINGS max_threads = 1`,
    bindings.parameters,
  );
  return rows.map(({ text, kind, key, whole }) => ({
    artifact: artifactOfName(kind, key),
    text,
    isWhole: Number(whole) === 1,
  }));
}

/** Values whose whole text is this one, in letters of either case; a few hundred at most. */
export async function findSpellings(
  connection: Connection,
  text: string,
  types?: readonly ArtifactType[],
): Promise<Artifact[]> {
  const bindings = new Bindings();
  const ofTypes = types === undefined ? '' : `AND kind IN ${bindings.bind(types, 'Array(String)')}`;
  const rows = await connection.rows<{ kind: ArtifactType; key: string }>(
    `SELECT kind, key FROM ${DATABASE}.names WHERE text = ${bindings.bind(text.slice(0, MAX_TEXT).toLowerCase())}
     AND is_whole = 1 ${ofTypes} GROUP BY kind, key ORDER BY kind, key LIMIT ${MAX_SPELLINGS}`,
    bindings.parameters,
  );
  const isLong = text.length > MAX_TEXT;
  return rows
    .map(({ kind, key }) => artifactOfName(kind, key))
    .filter(({ value }) => !isLong || value.toLowerCase() === cutKey(text).toLowerCase());
}

/** Which of the artifacts stand in any observation; hosts whatever their type. */
export async function knownNames(
  connection: Connection,
  artifacts: readonly Artifact[],
): Promise<Set<MatchKey>> {
  if (artifacts.length === 0) return new Set();
  const bindings = new Bindings();
  const texts = artifacts.map(({ value }) => value.slice(0, MAX_TEXT).toLowerCase());
  const keys = artifacts.map((artifact) =>
    isHostType(artifact.type) ? matchKeyOf(artifact) : cutKey(artifact.value),
  );
  const rows = await connection.rows<{ kind: ArtifactType; key: string }>(
    `SELECT DISTINCT kind, key FROM ${DATABASE}.names WHERE text IN ${bindings.bind(texts, 'Array(String)')}
     AND key IN ${bindings.bind(keys, 'Array(String)')}`,
    bindings.parameters,
  );
  return new Set(rows.map(({ kind, key }) => (isHostType(kind) ? key : `~${kind}~${key}`)));
}

function artifactOfName(kind: ArtifactType, key: string): Artifact {
  return isHostType(kind) ? artifactOfKey(key) : { type: kind, value: key };
}

const isHostType = (type: ArtifactType): boolean => type === 'host' || type === 'domain' || type === 'ip';
