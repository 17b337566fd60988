import { join } from 'node:path';
import type { Artifact, ArtifactType, Host } from '#model';
import { startEmbeddedServer, type EmbeddedServer } from '../embedded/server.ts';
import {
  BatchEncoder,
  mergeBatches,
  toGroups,
  type ObservationBatch,
  type PreparedBatch,
  type StoredCapture,
} from './batch.ts';
import { readCapture, readCaptures, readNewestCaptures } from './captures.ts';
import { Connection } from './connection.ts';
import { Reach, readCounts, type DatasetCount, type SideValue } from './counts.ts';
import type { EdgeFilter } from './edge-selection.ts';
import { readEdges, type Edge, type EdgePage, type EdgeQuery } from './edges.ts';
import { readFacets, type EdgeFacets, type FacetField } from './facets.ts';
import { readHeatmap, type HeatmapCell, type HeatmapQuery } from './heatmap.ts';
import { findBound, walkKeys, type KeyPage, type KeyRange, type KeySet } from './key-set.ts';
import type { MatchKey } from './match-key.ts';
import { estimateMatch, matchedEdges, readSpans, type EdgeMatch, type SeenSpan } from './matches.ts';
import { readPagesOf, readSimilarPages, type SimilarQuery, type StoredPage } from './pages.ts';
import { readHosts, type HostPage, type HostQuery } from './hosts.ts';
import { readLookalikes, type LookalikePage, type LookalikeQuery } from './lookalikes.ts';
import {
  estimateNames,
  findNames,
  findSpellings,
  knownNames,
  type FoundName,
  type NamePattern,
  type NameQuery,
} from './names.ts';
import { MergePause } from './merge-pause.ts';
import { NumberColumn, TextColumn, toBlock } from './native.ts';
import { readNeighbours, type Neighbour, type NeighbourQuery } from './neighbours.ts';
import { openOutbox, type Outbox } from './outbox.ts';
import { DATABASE, SCHEMA } from './schema.ts';

export interface ObservationStore extends AsyncDisposable {
  /**
   * Stores a batch, once: resolves when it is durable in both directions, and adds nothing when its id was stored before.
   * What was put in the outbox and not acknowledged is finished at the next start.
   */
  add(batch: ObservationBatch): Promise<void>;
  /** As `add` of each, without captures; small batches go in together, which costs what one of their size does. */
  addAll(batches: readonly ObservationBatch[]): Promise<void>;
  edges(query: EdgeQuery): Promise<EdgePage>;
  /**
   * For each value: how many distinct values stand on the other side of its dataset. 1: nobody shares it. Exact where few
   * do; beyond a thousand it may be some minutes old, and within a percent.
   */
  countOthers(values: readonly SideValue[]): Promise<number[]>;
  counts(value: string): Promise<DatasetCount[]>;
  /** Edges counted by label, domain on the other side, and fields of the detail. */
  facets(filter: EdgeFilter, fields: readonly FacetField[]): Promise<EdgeFacets>;
  /** Edges of many artifacts at once, in one direction; of hosts alone, without those below them. */
  neighbours(query: NeighbourQuery): Promise<Neighbour[]>;
  /** What was seen first and last when, in every dataset and both directions. */
  heatmap(query: HeatmapQuery): Promise<HeatmapCell[]>;
  /** Captures of a host and all below it, or of one address, newest first; of all where none is given. */
  captures(options?: {
    readonly host?: Host | undefined;
    readonly url?: string | undefined;
    readonly limit?: number | undefined;
  }): Promise<StoredCapture[]>;
  /** Ids of the newest capture of each of the hosts themselves; those never visited are left out. */
  newestCaptures(hosts: readonly Host[]): Promise<Map<Host, string>>;
  capture(id: string): Promise<StoredCapture | undefined>;
  /** Host names seen, a page at a time in the order of their keys; of those with a piece, also those whose keys are of another version. */
  hosts(query: HostQuery): Promise<HostPage>;
  /** Pages that share band keys, those that share most first: candidates, to be compared by who reads signatures. */
  similarPages(query: SimilarQuery): Promise<StoredPage[]>;
  /** The pages of domains, known by their hashes; the newest first. */
  pagesOf(domains: readonly number[]): Promise<StoredPage[]>;
  lookalikes(query: LookalikeQuery): Promise<LookalikePage>;
  /** Resolves when the batches that are under way now have ended, well or not. */
  settled(): Promise<void>;
  status(): Promise<ObservationStatus>;
  /** Answers to questions over many edges: keys of artifacts, in order. */
  readonly matches: Matches;
  /** Told after each batch that was new, when it is durable. */
  onAdded(listener: () => void): Disposable;
}

/** Sets of artifacts, by what holds of their edges or of their names. Keys: see `MatchKey`. */
export interface Matches {
  /** About how many edges there are to read, by the index alone: an upper bound. */
  estimate(match: EdgeMatch): Promise<number>;
  /** The next keys of the set, in order: fewer than `limit` where the range holds no more. */
  walk(set: KeySet, page: KeyPage): Promise<MatchKey[]>;
  /**
   * A key with about `count` before it in the range that may be of the set, so that a costly set is asked piece by piece;
   * undefined where there are fewer, or the set costs no more at once.
   */
  bound(set: KeySet, range: KeyRange, count: number): Promise<MatchKey | undefined>;
  /** The edges by which keys match, `each` of a key at most, those last seen first. */
  edges(match: EdgeMatch, keys: readonly MatchKey[], each: number): Promise<Map<MatchKey, Edge[]>>;
  estimateNames(pattern: NamePattern): Promise<number>;
  /** Values by the beginning of their text; hosts by any of their labels. */
  findNames(query: NameQuery): Promise<FoundName[]>;
  /** Values whose whole text is this one, in letters of either case; a few hundred at most. */
  spellings(text: string, types?: readonly ArtifactType[]): Promise<Artifact[]>;
  /** Which of the artifacts stand in any observation; hosts whatever their type. */
  known(artifacts: readonly Artifact[]): Promise<Set<MatchKey>>;
  /** From when to when hosts were seen, as sources or else as targets of any dataset. */
  spans(keys: readonly MatchKey[]): Promise<Map<MatchKey, SeenSpan>>;
}

export interface ObservationStatus {
  readonly kind: 'embedded' | 'server';
  readonly version: string;
  /** Rows of the forward direction; those of one edge merge over time. */
  readonly edges: number;
  readonly captures: number;
  /** Rows of the host names seen; those of one name merge over time. */
  readonly hosts: number;
  readonly diskBytes: number;
  /** Merges under way; 0 says nothing of those that wait until inserts pause. */
  readonly merges: number;
  readonly restarts: number;
  /** Batches in the outbox: on their way, or refused by the store. */
  readonly pending: number;
}

/** Is given a batch and what stores it. */
export type Through = (
  batch: ObservationBatch,
  add: (batch: ObservationBatch) => Promise<void>,
) => Promise<void>;

/** Opens the store: ClickHouse at `url`, else one of our own below `directory`. The caller holds the directory's lock. */
export async function openObservationStore(options: {
  readonly url?: string | undefined;
  readonly directory: string;
  /** Told of batches that an earlier process left and the server now refuses; they stay in the outbox. */
  readonly onRefusal?: (batch: string, error: unknown) => void;
  /** Each batch that is not stored yet goes through this, which may add to it what follows from it. */
  readonly through?: Through;
}): Promise<ObservationStore> {
  const { url, directory, onRefusal = () => {}, through = (batch, add) => add(batch) } = options;
  await using opened = new AsyncDisposableStack();
  const server =
    url === undefined ? opened.use(await startEmbeddedServer(join(directory, 'clickhouse'))) : undefined;
  const connection = new Connection(server ?? url!);
  opened.defer(() => connection.close());
  const store = new ClickHouseStore(connection, server, await openOutbox(join(directory, 'outbox')), through);
  await store.prepare(onRefusal);
  opened.move();
  return store;
}

class ClickHouseStore implements ObservationStore {
  readonly #connection: Connection;
  readonly #server: EmbeddedServer | undefined;
  readonly #outbox: Outbox;
  readonly #reach: Reach;
  readonly #encoder = new BatchEncoder();
  readonly #mergePause: MergePause | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #through: Through;
  /** Batches under way, by id: who gives one twice at once waits for the same. */
  readonly #adding = new Map<string, Promise<void>>();

  constructor(connection: Connection, server: EmbeddedServer | undefined, outbox: Outbox, through: Through) {
    this.#through = through;
    this.#connection = connection;
    this.#server = server;
    this.#outbox = outbox;
    this.#reach = new Reach(connection);
    this.#mergePause = server === undefined ? undefined : new MergePause(connection);
  }

  async prepare(onRefusal: (batch: string, error: unknown) => void): Promise<void> {
    for (const statement of SCHEMA) await this.#connection.command(statement);
    for await (const batch of this.#outbox.pending())
      await this.#finish(batch).catch((error: unknown) => onRefusal(batch.id, error));
  }

  add(batch: ObservationBatch): Promise<void> {
    const underWay = this.#adding.get(batch.id);
    if (underWay !== undefined) return underWay;
    const adding = this.#add(batch).finally(() => this.#adding.delete(batch.id));
    this.#adding.set(batch.id, adding);
    return adding;
  }

  async addAll(batches: readonly ObservationBatch[]): Promise<void> {
    const stored = new Set(await this.#storedOf(batches.map(({ id }) => id)));
    const missing = batches.filter(({ id }, i) => {
      const isFirst = batches.findIndex((each) => each.id === id) === i;
      return isFirst && !stored.has(id) && !this.#adding.has(id);
    });
    const { groups, alone } = toGroups(missing);
    for (const group of groups) {
      const adding = this.#addGroup(group);
      const ended = adding.finally(() => group.forEach(({ id }) => this.#adding.delete(id)));
      for (const { id } of group) this.#adding.set(id, ended);
    }
    await Promise.all([
      ...batches.map(({ id }) => this.#adding.get(id)),
      ...alone.map((batch) => this.add(batch)),
    ]);
  }

  /** All in one piece: were it several, a part of the batches could be stored and not known to be. */
  async #addGroup(batches: readonly ObservationBatch[]): Promise<void> {
    const members = batches.map(({ id, observations }) => ({ id, observations: observations.length }));
    await this.#through(mergeBatches(batches), async (merged) => {
      const [piece, ...more] = await allOf(this.#encoder.encode(merged));
      if (piece === undefined || more.length > 0) throw new Error('a group is one piece');
      await this.#putAndSend({ ...piece, members });
    });
    for (const listener of this.#listeners) listener();
  }

  async #putAndSend(batch: PreparedBatch): Promise<void> {
    this.#mergePause?.expect(batch.observations);
    await this.#outbox.put(batch);
    this.#encoder.noteWritten(batch);
    await this.#send(batch);
    this.#encoder.reuse(batch);
  }

  async #add(batch: ObservationBatch): Promise<void> {
    if (await this.#isStored(batch.id)) return;
    await this.#through(batch, (completed) => this.#addPieces(completed));
  }

  async #addPieces(batch: ObservationBatch): Promise<void> {
    for await (const piece of this.#encoder.encode(batch)) {
      if (piece.id !== batch.id && (await this.#isStored(piece.id))) continue;
      await this.#putAndSend(piece);
    }
    for (const listener of this.#listeners) listener();
  }

  onAdded(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Sends what an earlier process left, unless only its name was left to be taken off the list. */
  async #finish(batch: PreparedBatch): Promise<void> {
    if (await this.#isStored(batch.id)) await this.#outbox.drop(batch.id);
    else await this.#send(batch);
  }

  /** Both directions, then the note that it is done; each insert carries the batch's token, so repeating it adds nothing. */
  async #send({ id, observations, members = [], inserts }: PreparedBatch): Promise<void> {
    await Promise.all(
      inserts.flatMap(({ tables, bytes }) =>
        tables.map((table) => this.#connection.insert(table, bytes, id)),
      ),
    );
    await this.#connection.insert('batches', noteOf([{ id, observations }, ...members]), id);
    await this.#outbox.drop(id);
  }

  async #isStored(id: string): Promise<boolean> {
    return (await this.#storedOf([id])).length > 0;
  }

  async #storedOf(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.#connection.rows<{ id: string }>(
      `SELECT DISTINCT id FROM ${DATABASE}.batches WHERE id IN {ids:Array(String)}`,
      { ids },
    );
    return rows.map(({ id }) => id);
  }

  edges(query: EdgeQuery): Promise<EdgePage> {
    return readEdges(this.#connection, query);
  }

  countOthers(values: readonly SideValue[]): Promise<number[]> {
    return this.#reach.count(values);
  }

  get matches(): Matches {
    const connection = this.#connection;
    return {
      estimate: (match) => estimateMatch(connection, match),
      walk: (set, page) => walkKeys(connection, set, page),
      bound: (set, range, count) => findBound(connection, set, range, count),
      edges: (match, keys, each) => matchedEdges(connection, match, keys, each),
      estimateNames: (pattern) => estimateNames(connection, pattern),
      findNames: (query) => findNames(connection, query),
      spellings: (text, types) => findSpellings(connection, text, types),
      known: (artifacts) => knownNames(connection, artifacts),
      spans: (keys) => readSpans(connection, keys),
    };
  }

  facets(filter: EdgeFilter, fields: readonly FacetField[]): Promise<EdgeFacets> {
    return readFacets(this.#connection, filter, fields);
  }

  neighbours(query: NeighbourQuery): Promise<Neighbour[]> {
    return readNeighbours(this.#connection, query);
  }

  heatmap(query: HeatmapQuery): Promise<HeatmapCell[]> {
    return readHeatmap(this.#connection, query);
  }

  counts(value: string): Promise<DatasetCount[]> {
    return readCounts(this.#connection, value);
  }

  captures(options: Parameters<ObservationStore['captures']>[0] = {}): Promise<StoredCapture[]> {
    return readCaptures(this.#connection, options);
  }

  capture(id: string): Promise<StoredCapture | undefined> {
    return readCapture(this.#connection, id);
  }

  newestCaptures(hosts: readonly Host[]): Promise<Map<Host, string>> {
    return readNewestCaptures(this.#connection, hosts);
  }

  similarPages(query: SimilarQuery): Promise<StoredPage[]> {
    return readSimilarPages(this.#connection, query);
  }

  pagesOf(domains: readonly number[]): Promise<StoredPage[]> {
    return readPagesOf(this.#connection, domains);
  }

  hosts(query: HostQuery): Promise<HostPage> {
    return readHosts(this.#connection, query);
  }

  lookalikes(query: LookalikeQuery): Promise<LookalikePage> {
    return readLookalikes(this.#connection, query);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#adding.values());
  }

  async status(): Promise<ObservationStatus> {
    const [row] = await this.#connection.rows<{
      version: string;
      edges: string;
      captures: string;
      hosts: string;
      bytes: string;
      merges: string;
    }>(
      `SELECT version() AS version, sumIf(rows, table = 'edges_fwd') AS edges, sumIf(rows, table = 'captures') AS captures,
        sumIf(rows, table = 'hosts') AS hosts,
        sum(bytes_on_disk) AS bytes,
        (SELECT count() FROM system.merges WHERE database = '${DATABASE}') AS merges
       FROM system.parts WHERE database = '${DATABASE}' AND active`,
    );
    return {
      kind: this.#server === undefined ? 'server' : 'embedded',
      version: row?.version ?? '',
      edges: Number(row?.edges ?? 0),
      captures: Number(row?.captures ?? 0),
      hosts: Number(row?.hosts ?? 0),
      diskBytes: Number(row?.bytes ?? 0),
      merges: Number(row?.merges ?? 0),
      restarts: this.#server?.restarts ?? 0,
      pending: await this.#outbox.size(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mergePause?.[Symbol.dispose]();
    this.#connection.stopRepeating();
    await Promise.allSettled(this.#adding.values());
    await this.#connection.close();
    await this.#server?.[Symbol.asyncDispose]();
  }
}

function noteOf(batches: readonly { readonly id: string; readonly observations: number }[]): Uint8Array[] {
  const [ids, counts] = [new TextColumn(), new NumberColumn('UInt32', batches.length)];
  for (const { id, observations } of batches) {
    ids.add(id);
    counts.add(observations);
  }
  return toBlock(batches.length, { id: ids, observations: counts });
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
