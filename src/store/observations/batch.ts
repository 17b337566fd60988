import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AditError, hostOfUrl, type Capture, type DatasetId, type Observation } from '#model';
import { parseInstant } from './instant.ts';
import { addKey, cutKey, toKey } from './key.ts';
import { addLatest } from './latest.ts';
import { hostsBlock, type SeenHost } from './hosts.ts';
import { NameMemory, NameRows } from './names.ts';
import { pageBlocks, type SeenPage } from './pages.ts';
import { NumberColumn, TextColumn, toBlock } from './native.ts';

/** What is known of a capture beside its observations. */
export interface StoredCapture {
  readonly id: string;
  readonly url: string;
  readonly finalUrl?: string | undefined;
  readonly title?: string | undefined;
  readonly outcome: string;
  readonly persona: string;
  readonly lane: string;
  readonly startedAt: string;
  /** Where its bundle lies. */
  readonly bundle: string;
  readonly sha256: string;
}

/** The row of a capture. */
export function toStoredCapture(capture: Capture, bundle: string, sha256: string): StoredCapture {
  const { id, url, finalUrl, title, lane, startedAt } = capture;
  return {
    id,
    url,
    finalUrl,
    title,
    outcome: capture.outcome.kind,
    persona: capture.persona.id,
    lane,
    startedAt,
    bundle,
    sha256,
  };
}

/**
 * Observations that are stored together, and once: the same id again adds nothing. For a capture it is the capture's id,
 * for an import the archive's digest and the place in it.
 */
export interface ObservationBatch {
  readonly id: string;
  readonly observations: readonly Observation[];
  readonly capture?: StoredCapture | undefined;
  /** Host names in it. */
  readonly hosts?: readonly SeenHost[] | undefined;
  /** Signatures of the pages in it, by which copies are found. */
  readonly pages?: readonly SeenPage[] | undefined;
}

/** Rows for one table, or for both directions, in ClickHouse's Native format. */
export interface Insert {
  readonly tables: readonly (
    | 'edges_fwd'
    | 'edges_rev'
    | 'names'
    | 'captures'
    | 'hosts'
    | 'page_keys'
    | 'pages'
  )[];
  readonly bytes: readonly Uint8Array[];
}

/** A batch, a piece of a large one, or several small ones, in the bytes that are sent. */
export interface PreparedBatch {
  readonly id: string;
  readonly observations: number;
  /** The batches that it is made of, where it is of several: known as stored with it. */
  readonly members?: readonly { readonly id: string; readonly observations: number }[] | undefined;
  readonly inserts: readonly Insert[];
  /** Its bytes lie here. */
  readonly rows?: EdgeRows | undefined;
}

/** Most observations, and most bytes of evidence, of one insert; a larger batch is stored as several. */
export const MAX_BATCH = 50_000;
const MAX_BATCH_BYTES = 32 * 2 ** 20;

/** Rows kept to be used again; each has the room that the largest piece took. */
const MAX_SPARE_ROWS = 4;

/** Observations encoded in one go: a millisecond or two, after which what is being sent moves on. */
const TURN = 500;

/** Makes the inserts of batches. */
export class BatchEncoder {
  /** Names that are in the outbox or beyond it. */
  readonly #written = new NameMemory();
  readonly #spare: EdgeRows[] = [];
  #encoding: Promise<void> = Promise.resolve();

  /**
   * A batch in one piece or several. The last bears the batch's own id, the capture, the hosts and the pages: where that
   * is stored, all of it is. Throws `bad-observation` where an instant is none.
   */
  async *encode({
    id,
    observations,
    capture,
    hosts = [],
    pages = [],
  }: ObservationBatch): AsyncGenerator<PreparedBatch> {
    let from = 0;
    for (let piece = 0; ; piece++) {
      const rows = await this.#inTurn(() => this.#fill(observations, from, capture?.id));
      const { names } = rows;
      from += rows.count;
      const isLast = from === observations.length;
      const inserts: Insert[] = [];
      if (rows.count > 0) inserts.push({ tables: ['edges_fwd', 'edges_rev'], bytes: rows.block() });
      if (names.count > 0) inserts.push({ tables: ['names'], bytes: names.block() });
      if (isLast && capture !== undefined)
        inserts.push({ tables: ['captures'], bytes: captureBlock(capture) });
      if (isLast && hosts.length > 0) inserts.push({ tables: ['hosts'], bytes: hostsBlock(hosts) });
      if (isLast && pages.length > 0) {
        const blocks = pageBlocks(pages);
        inserts.push(
          { tables: ['page_keys'], bytes: blocks.keys },
          { tables: ['pages'], bytes: blocks.pages },
        );
      }
      yield { id: isLast ? id : `${id}/${piece}`, observations: rows.count, inserts, rows };
      if (isLast) return;
    }
  }

  /** Rows of the observations from one on, until they are full. */
  async #fill(
    observations: readonly Observation[],
    from: number,
    captureId: string | undefined,
  ): Promise<EdgeRows> {
    const rows = this.#spare.pop() ?? new EdgeRows(this.#written);
    rows.clear();
    for (let at = from; at < observations.length && !rows.isFull(); at++) {
      rows.add(observations[at]!, captureId);
      if (rows.count % TURN === 0) await nextTurn();
    }
    return rows;
  }

  /** One piece at a time: while the next is encoded, the one before is sent, and none that waits takes memory. */
  #inTurn(encode: () => Promise<EdgeRows>): Promise<EdgeRows> {
    const encoding = this.#encoding.then(encode);
    this.#encoding = encoding.then(
      () => {},
      () => {},
    );
    return encoding;
  }

  /**
   * The piece is stored: its bytes may be written over. Fresh memory of many megabytes a piece would cost more than
   * filling it does, in page faults and in collections of garbage.
   */
  reuse({ rows }: PreparedBatch): void {
    if (rows !== undefined && this.#spare.length < MAX_SPARE_ROWS) this.#spare.push(rows);
  }

  /** The piece is in the outbox: its names need not be written again. */
  noteWritten({ rows }: PreparedBatch): void {
    rows?.names.noteWritten();
  }
}

/** What is stored together with others, and how much goes together: far less than one piece holds. */
const MAX_SMALL = 2_000;
const MAX_GROUP = 20_000;
const MAX_GROUP_CHARACTERS = 4 * 2 ** 20;

/** Small batches in groups, each to be stored as one, so that many cost what one does; the others alone. */
export function toGroups(batches: readonly ObservationBatch[]): {
  groups: ObservationBatch[][];
  alone: ObservationBatch[];
} {
  const groups: ObservationBatch[][] = [];
  const alone: ObservationBatch[] = [];
  let [count, characters] = [Infinity, 0];
  for (const batch of batches) {
    const size = batch.observations.length;
    const length = size > MAX_SMALL ? Infinity : JSON.stringify(batch.observations).length;
    const isMore = batch.capture !== undefined || batch.hosts !== undefined;
    if (isMore || length > MAX_GROUP_CHARACTERS / 4) {
      alone.push(batch);
      continue;
    }
    if (count + size > MAX_GROUP || characters + length > MAX_GROUP_CHARACTERS) {
      groups.push([]);
      [count, characters] = [0, 0];
    }
    groups.at(-1)!.push(batch);
    count += size;
    characters += length;
  }
  return { groups, alone };
}

/** The observations and pages of several batches under one id. */
export function mergeBatches(batches: readonly ObservationBatch[]): ObservationBatch {
  if (batches.length === 1) return batches[0]!;
  const hash = createHash('sha256');
  for (const { id } of batches) hash.update(`${id}\0`);
  return {
    id: `group ${hash.digest('hex')}`,
    observations: batches.flatMap(({ observations }) => observations),
    pages: batches.flatMap(({ pages = [] }) => pages),
  };
}

/** Rows of the edge tables: both have the same columns. */
class EdgeRows {
  readonly #dataset = new TextColumn();
  readonly #source = new TextColumn();
  readonly #label = new TextColumn();
  readonly #target = new TextColumn();
  readonly #variant = new TextColumn();
  readonly #isObserved = new NumberColumn('UInt8', MAX_BATCH);
  readonly #seenAt = new NumberColumn("DateTime64(3, 'UTC')", MAX_BATCH);
  readonly #count = new NumberColumn('UInt64', MAX_BATCH);
  readonly #latest = new TextColumn();
  readonly names: NameRows;
  /** Source of the row before: what a page shows has it in common. */
  readonly #lastSource = { dataset: '', value: '' };
  count = 0;

  constructor(writtenNames: NameMemory) {
    this.names = new NameRows(writtenNames);
  }

  clear(): void {
    this.names.clear();
    for (const column of [
      this.#dataset,
      this.#source,
      this.#label,
      this.#target,
      this.#variant,
      this.#isObserved,
      this.#seenAt,
      this.#count,
      this.#latest,
    ])
      column.clear();
    this.#lastSource.dataset = '';
    this.count = 0;
  }

  isFull(): boolean {
    return this.count >= MAX_BATCH || this.#latest.sizeBytes > MAX_BATCH_BYTES;
  }

  add(observation: Observation, captureId: string | undefined): void {
    const { dataset, source, label, target, detail } = observation;
    this.#seenAt.add(instantOf(observation));
    this.#dataset.add(dataset);
    this.#addSource(dataset, source);
    this.#label.add(cutKey(label));
    const isPlain = addKey(this.#target, dataset, 'target', target);
    this.names.add(dataset, 'target', target, this.#target, isPlain);
    this.#variant.add(variantOf(observation));
    this.#isObserved.add(detail['isObserved'] === false ? 0 : 1);
    this.#count.add(1);
    addLatest(this.#latest, observation, captureId);
    this.count++;
  }

  #addSource(dataset: DatasetId, source: string): void {
    const last = this.#lastSource;
    if (last.value === source && last.dataset === dataset) {
      this.#source.addLastOf(this.#source);
      return;
    }
    const isPlain = addKey(this.#source, dataset, 'source', source);
    this.names.add(dataset, 'source', source, this.#source, isPlain);
    last.dataset = dataset;
    last.value = source;
  }

  block(): Uint8Array[] {
    return toBlock(this.count, {
      dataset: this.#dataset,
      source: this.#source,
      label: this.#label,
      target: this.#target,
      variant: this.#variant,
      is_observed: this.#isObserved,
      first_seen: this.#seenAt,
      last_seen: this.#seenAt,
      count: this.#count,
      latest: this.#latest,
    });
  }
}

/** Detail fields that tell one edge from another besides source, label and target. */
function variantOf({ dataset, detail }: Observation): string {
  return dataset === 'components' ? cutKey(String(detail['version'] ?? '')) : '';
}

function instantOf({ dataset, source, target, seenAt }: Observation): number {
  const milliseconds = parseInstant(seenAt);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw new AditError('bad-observation', `“${seenAt}” of ${dataset} ${source} → ${target} is no instant.`);
}

function captureBlock(capture: StoredCapture): Uint8Array[] {
  const text = (value: string): TextColumn => {
    const column = new TextColumn();
    column.add(value);
    return column;
  };
  const startedAt = new NumberColumn("DateTime64(3, 'UTC')", 1);
  startedAt.add(Date.parse(capture.startedAt));
  return toBlock(1, {
    host: text(hostKey(capture.url)),
    started_at: startedAt,
    id: text(capture.id),
    url: text(capture.url),
    final_url: text(capture.finalUrl ?? ''),
    title: text(capture.title ?? ''),
    outcome: text(capture.outcome),
    persona: text(capture.persona),
    lane: text(capture.lane),
    bundle: text(capture.bundle),
    sha256: text(capture.sha256),
  });
}

function hostKey(url: string): string {
  const host = hostOfUrl(url);
  return host === undefined ? '' : toKey('host-pairs', 'source', host);
}
