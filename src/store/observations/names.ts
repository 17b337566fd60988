import {
  DATASETS,
  isIpHost,
  parseHost,
  registrableDomain,
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
import { likeCondition } from './pattern.ts';
import { DATABASE } from './schema.ts';

/** Of a long value its beginning is enough to find it by. */
const MAX_TEXT = 200;
const MAX_SPELLINGS = 200;
const TYPES = [...new Set(Object.values(DATASETS).flatMap((each) => [each.sourceType, each.targetType]))];
/** Names remembered of all that were written, and of one batch. */
const WRITTEN = 2 ** 20;
const OF_A_BATCH = 2 ** 16;
/** Room for a name, with two bytes before it; a longer one is not remembered. */
const SLOT_BYTES = 64;
const SLOT_WORDS = SLOT_BYTES / 4;
/** Slots in which a name may stand. */
const WAYS = 4;

/**
 * Values seen lately. A name may stand in any of the few slots of its set, chosen by its hash; a new one takes the place of
 * one that was not asked for since, so that the many that are seen once do not drive out those that are seen again and
 * again. Only spares work: a name that is forgotten is written again, and rows of one name merge. Compared whole, so that
 * no two names are ever taken for one.
 */
export class NameMemory {
  readonly #slots: Uint8Array;
  /** The same, by words. */
  readonly #words: Int32Array;
  /** Of what stands in each slot; 0: nothing. */
  readonly #hashes: Int32Array;
  /** Whether it was asked for since it was added. */
  readonly #isWanted: Uint8Array;
  /** First slots of sets are multiples of `WAYS` under this. */
  readonly #mask: number;
  /** Slots that were filled by `add`. */
  readonly #filled: number[] = [];

  /** With room for so many names, a power of two. */
  constructor(slots = WRITTEN) {
    this.#slots = new Uint8Array(slots * SLOT_BYTES);
    this.#words = new Int32Array(this.#slots.buffer);
    this.#hashes = new Int32Array(slots);
    this.#isWanted = new Uint8Array(slots);
    this.#mask = slots - WAYS;
  }

  /** Of the text last added to the column, as one of its kind (a small number); never 0. */
  static hashOf(kind: number, { bytesOfLast, startOfLast, endOfLast }: TextColumn): number {
    let hash = kind;
    for (let at = startOfLast; at < endOfLast; at++) hash = Math.imul(hash ^ bytesOfLast[at]!, 0x01000193);
    return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) | 1;
  }

  has(hash: number, kind: number, text: TextColumn): boolean {
    const first = this.#firstSlot(hash);
    for (let slot = first; slot < first + WAYS; slot++) {
      if (this.#hashes[slot] !== hash || !this.#holds(slot, kind, text)) continue;
      this.#isWanted[slot] = 1;
      return true;
    }
    return false;
  }

  #holds(slot: number, kind: number, { bytesOfLast, startOfLast, endOfLast }: TextColumn): boolean {
    const slots = this.#slots;
    const start = slot * SLOT_BYTES;
    const length = endOfLast - startOfLast;
    if (slots[start] !== length + 1 || slots[start + 1] !== kind) return false;
    for (let at = 0; at < length; at++)
      if (slots[start + 2 + at] !== bytesOfLast[startOfLast + at]) return false;
    return true;
  }

  add(hash: number, kind: number, { bytesOfLast, startOfLast, endOfLast }: TextColumn): void {
    const length = endOfLast - startOfLast;
    if (length > SLOT_BYTES - 2) return;
    const slots = this.#slots;
    const slot = this.#take(hash);
    this.#filled.push(slot);
    let to = slot * SLOT_BYTES;
    slots[to++] = length + 1;
    slots[to++] = kind;
    for (let at = startOfLast; at < endOfLast; at++) slots[to++] = bytesOfLast[at]!;
  }

  /** Adds all that the other has. */
  adopt(other: NameMemory): void {
    for (const slot of other.#filled) {
      const from = slot * SLOT_WORDS;
      const to = this.#take(other.#hashes[slot]!) * SLOT_WORDS;
      for (let word = 0; word < SLOT_WORDS; word++) this.#words[to + word] = other.#words[from + word]!;
    }
  }

  clear(): void {
    for (const slot of this.#filled) this.#hashes[slot] = 0;
    this.#filled.length = 0;
  }

  /** A slot for a new name: one that is free, else one that nobody asked for, else any. */
  #take(hash: number): number {
    const slot = this.#slotFor(hash);
    this.#hashes[slot] = hash;
    this.#isWanted[slot] = 0;
    return slot;
  }

  #slotFor(hash: number): number {
    const first = this.#firstSlot(hash);
    const end = first + WAYS;
    for (let slot = first; slot < end; slot++)
      if (this.#hashes[slot] === 0 || this.#hashes[slot] === hash) return slot;
    for (let slot = first; slot < end; slot++) if (this.#isWanted[slot] === 0) return slot;
    this.#isWanted.fill(0, first, end);
    return first;
  }

  #firstSlot(hash: number): number {
    return (hash >>> 1) & this.#mask;
  }
}

/**
 * Rows of the table of names: each value that stands in an observation, under its text in lower case. A host stands
 * under the rest of its name from each label on, too, down to the registrable domain, and under its Unicode form: so it
 * is found from either end, and all hosts of a domain are one range.
 */
export class NameRows {
  readonly #written: NameMemory;
  /** Those of these rows. */
  readonly #own = new NameMemory(OF_A_BATCH);
  readonly #text = new TextColumn();
  readonly #kind = new TextColumn();
  readonly #key = new TextColumn();
  readonly #wholes: number[] = [];

  /** Names that are in `written` get no row. */
  constructor(written: NameMemory) {
    this.#written = written;
  }

  clear(): void {
    for (const column of [this.#text, this.#kind, this.#key]) column.clear();
    this.#wholes.length = 0;
    this.#own.clear();
  }

  /** The rows are written for good. */
  noteWritten(): void {
    this.#written.adopt(this.#own);
  }

  get count(): number {
    return this.#wholes.length;
  }

  /** The key is what was last added to the column; a plain name is a host as it stands. */
  add(dataset: DatasetId, side: Side, value: string, key: TextColumn, isPlain: boolean): void {
    const type = side === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
    const isHost = isPlain || holdsHosts(dataset, side);
    if (!this.#isNew(isHost ? 0 : 1 + TYPES.indexOf(type), key)) return;
    const mayBeHost = isHost || type === 'ip';
    const host = isPlain ? (value as Host) : mayBeHost ? parseHost(value) : undefined;
    if (host === undefined) this.#row(value, type === 'ip' ? 'text' : type, key, true);
    else if (!isPlain && isIpHost(host)) this.#row(host, 'ip', key, true);
    else {
      this.#endings(host, host, key);
      if (host.includes('xn--')) this.#endings(toUnicodeHost(host), host, key);
    }
  }

  /** Whether the key is not written yet, and has no row here; now it has. */
  #isNew(kind: number, key: TextColumn): boolean {
    const hash = NameMemory.hashOf(kind, key);
    if (this.#written.has(hash, kind, key) || this.#own.has(hash, kind, key)) return false;
    this.#own.add(hash, kind, key);
    return true;
  }

  /** The name, and what is left of it behind each of its dots. */
  #endings(name: string, host: Host, key: TextColumn): void {
    const labels = (registrableDomain(host) ?? host).split('.').length;
    let dots = name.split('.').length - labels;
    this.#row(name, 'host', key, true);
    for (let at = 0; dots > 0; dots--) {
      at = name.indexOf('.', at) + 1;
      this.#row(name.slice(at), 'host', key, false);
    }
  }

  #row(text: string, kind: ArtifactType, key: TextColumn, isWhole: boolean): void {
    this.#text.add(text.slice(0, MAX_TEXT).toLowerCase());
    this.#kind.add(kind);
    this.#key.addLastOf(key);
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

/** Of rows of the table of names. */
export function nameCondition(bindings: Bindings, pattern: NamePattern): string {
  switch (pattern.kind) {
    case 'glob':
      return `kind IN ('host', 'ip') AND is_whole = 1 AND ${likeCondition(bindings, 'text', pattern.text.toLowerCase())}`;
    case 'label':
      return `kind = 'host' AND startsWith(text, ${bindings.bind(pattern.start.toLowerCase())})`;
    case 'within': {
      const within = withinCondition(bindings, pattern);
      // All hosts of a registrable domain stand under its text; above one, names are looked through.
      return registrableDomain(pattern.domain) === undefined
        ? `kind IN ('host', 'ip') AND is_whole = 1 AND ${within}`
        : `text = ${bindings.bind(pattern.domain)} AND kind = 'host' AND ${within}`;
    }
  }
}

/** Of a column with keys of hosts. */
export function withinCondition(
  bindings: Bindings,
  { domain, isBelowOnly }: NamePattern & { readonly kind: 'within' },
  column = 'key',
): string {
  const key = toKey('host-pairs', 'source', domain);
  const below = `startsWith(${column}, ${bindings.bind(`${key}.`)})`;
  return isBelowOnly === true ? below : `(${column} = ${bindings.bind(key)} OR ${below})`;
}

/** About how many names there are to look through for the pattern. */
export async function estimateNames(connection: Connection, pattern: NamePattern): Promise<number> {
  const bindings = new Bindings();
  const rows = await connection.rows<{ rows: string }>(
    `EXPLAIN ESTIMATE SELECT key FROM ${DATABASE}.names WHERE ${nameCondition(bindings, pattern)}`,
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
