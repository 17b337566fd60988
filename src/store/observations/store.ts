import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, ClickHouseError, ClickHouseLogLevel, type ClickHouseClient } from '@clickhouse/client';
import { AditError } from '#model';
import { startEmbeddedServer, type EmbeddedServer } from '../embedded/server.ts';
import {
  captureRow,
  edgeRows,
  hostKey,
  MAX_BATCH,
  type ObservationBatch,
  type StoredCapture,
} from './batch.ts';
import {
  countOthers,
  readCounts,
  readEdges,
  type DatasetCount,
  type EdgePage,
  type EdgeQuery,
} from './edges.ts';
import type { Side } from './key.ts';
import { openOutbox, type Outbox } from './outbox.ts';
import { RowBinaryWriter } from './row-binary.ts';
import { DATABASE, SCHEMA } from './schema.ts';
import type { DatasetId } from '#model';

const RETRY_LIMIT_MS = 60_000;

export interface ObservationStore extends AsyncDisposable {
  /**
   * Stores a batch, once: resolves when it is durable in both directions, and adds nothing when its id was stored before.
   * Whatever was put in the outbox and not acknowledged is finished at the next start.
   */
  add(batch: ObservationBatch): Promise<void>;
  edges(query: EdgeQuery): Promise<EdgePage>;
  /** For each value: how many distinct values stand on the other side of its dataset. 1: nobody shares it. */
  countOthers(
    queries: readonly { readonly dataset: DatasetId; readonly side: Side; readonly value: string }[],
  ): Promise<number[]>;
  counts(value: string): Promise<DatasetCount[]>;
  /** Captures of a host and all below it, newest first; of all hosts where none is given. */
  captures(options?: { readonly host?: string; readonly limit?: number }): Promise<StoredCapture[]>;
  capture(id: string): Promise<StoredCapture | undefined>;
  status(): Promise<ObservationStatus>;
}

export interface ObservationStatus {
  readonly kind: 'embedded' | 'server';
  readonly version: string;
  readonly edges: number;
  readonly captures: number;
  readonly diskBytes: number;
  readonly restarts: number;
  /** Batches in the outbox: on their way, or refused by the store. */
  readonly pending: number;
}

/** Opens the store: ClickHouse at `url`, else one of our own below `directory`. The caller holds the directory's lock. */
export async function openObservationStore(options: {
  readonly url?: string | undefined;
  readonly directory: string;
}): Promise<ObservationStore> {
  const server =
    options.url === undefined ? await startEmbeddedServer(join(options.directory, 'clickhouse')) : undefined;
  const client = createClient({
    ...(server === undefined
      ? { url: options.url }
      : { url: server.url, username: server.username, password: server.password }),
    request_timeout: 60_000,
    max_open_connections: 16,
    log: { level: ClickHouseLogLevel.OFF }, // what goes wrong is thrown, and said there
    clickhouse_settings: {
      date_time_input_format: 'best_effort',
      output_format_json_quote_64bit_integers: 1,
    },
  });
  const store = new ClickHouseStore(client, server, await openOutbox(join(options.directory, 'outbox')));
  try {
    await store.prepare();
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  return store;
}

class ClickHouseStore implements ObservationStore {
  readonly #client: ClickHouseClient;
  readonly #server: EmbeddedServer | undefined;
  readonly #outbox: Outbox;
  readonly #closing = new AbortController();

  constructor(client: ClickHouseClient, server: EmbeddedServer | undefined, outbox: Outbox) {
    this.#client = client;
    this.#server = server;
    this.#outbox = outbox;
  }

  async prepare(): Promise<void> {
    for (const statement of SCHEMA) await this.#retried(() => this.#client.command({ query: statement }));
    for await (const batch of this.#outbox.pending()) await this.#send(batch);
  }

  async add(batch: ObservationBatch): Promise<void> {
    for (const part of parts(batch)) {
      if (await this.#isStored(part.id)) continue;
      await this.#outbox.put(part);
      await this.#send(part);
    }
  }

  /** Both directions, then the note that it is done; each insert carries the batch's token, so repeating it adds nothing. */
  async #send(batch: ObservationBatch): Promise<void> {
    if (!(await this.#isStored(batch.id))) {
      const rows = edgeRows(batch);
      if (rows.length > 0) {
        await this.#insert('edges_fwd', rows, batch.id);
        await this.#insert('edges_rev', rows, batch.id);
      }
      if (batch.capture !== undefined) await this.#insert('captures', captureRow(batch.capture), batch.id);
      const note = new RowBinaryWriter();
      note.string(batch.id);
      note.uint32(batch.observations.length);
      await this.#insert('batches (id, observations)', note.bytes(), batch.id);
    }
    await this.#outbox.drop(batch.id);
  }

  async #isStored(id: string): Promise<boolean> {
    const rows = await this.#rows<{ found: number }>(
      `SELECT 1 AS found FROM ${DATABASE}.batches WHERE id = {id:String} LIMIT 1`,
      { id },
    );
    return rows.length > 0;
  }

  async #insert(table: string, rows: Buffer, token: string): Promise<void> {
    await this.#retried(async () => {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${DATABASE}.${table} FORMAT RowBinary`,
        values: Readable.from([rows], { objectMode: false }),
        clickhouse_settings: { async_insert: 0, insert_deduplication_token: token },
      });
      stream.resume();
      await once(stream, 'close');
    });
  }

  async #rows<Row>(query: string, parameters: Record<string, unknown> = {}): Promise<Row[]> {
    return this.#retried(async () => {
      const result = await this.#client.query({ query, query_params: parameters, format: 'JSONEachRow' });
      return result.json<Row>();
    });
  }

  /** Repeats what failed because the server was away; what it refused is not repeated. */
  async #retried<Value>(work: () => Promise<Value>): Promise<Value> {
    const deadline = Date.now() + RETRY_LIMIT_MS;
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof ClickHouseError || error instanceof AditError || this.#closing.signal.aborted)
          throw error;
        if (Date.now() > deadline)
          throw new AditError('store-unreachable', 'The observation store does not answer.', {
            advice: 'Check CLICKHOUSE_URL, or the log below the data directory.',
            cause: error,
          });
        await sleep(pauseMs, undefined, { signal: this.#closing.signal });
        await this.#server?.ready(this.#closing.signal);
      }
    }
  }

  edges(query: EdgeQuery): Promise<EdgePage> {
    return this.#retried(() => readEdges(this.#client, query));
  }

  countOthers(queries: Parameters<ObservationStore['countOthers']>[0]): Promise<number[]> {
    return this.#retried(() => countOthers(this.#client, queries));
  }

  counts(value: string): Promise<DatasetCount[]> {
    return this.#retried(() => readCounts(this.#client, value));
  }

  async captures(
    options: { readonly host?: string; readonly limit?: number } = {},
  ): Promise<StoredCapture[]> {
    const key = options.host === undefined ? '' : hostKey(`http://${options.host}/`);
    const where =
      options.host === undefined ? '' : 'WHERE host = {key:String} OR startsWith(host, {prefix:String})';
    return this.#readCaptures(`${where} ORDER BY started_at DESC, id LIMIT {limit:UInt32}`, {
      key,
      prefix: `${key}.`,
      limit: Math.min(options.limit ?? 100, 10_000),
    });
  }

  async capture(id: string): Promise<StoredCapture | undefined> {
    return (await this.#readCaptures('WHERE id = {id:String} LIMIT 1', { id }))[0];
  }

  async #readCaptures(rest: string, parameters: Record<string, unknown>): Promise<StoredCapture[]> {
    const rows = await this.#rows<
      Record<
        | 'id'
        | 'url'
        | 'final_url'
        | 'title'
        | 'outcome'
        | 'persona'
        | 'lane'
        | 'bundle'
        | 'sha256'
        | 'started_ms',
        string
      >
    >(
      `SELECT id, url, final_url, title, outcome, persona, lane, bundle, sha256, toUnixTimestamp64Milli(started_at) AS started_ms
       FROM ${DATABASE}.captures FINAL ${rest}`,
      parameters,
    );
    return rows.map(({ id, url, final_url, title, outcome, persona, lane, bundle, sha256, started_ms }) => ({
      id,
      url,
      finalUrl: final_url === '' ? undefined : final_url,
      title: title === '' ? undefined : title,
      outcome,
      persona,
      lane,
      bundle,
      sha256,
      startedAt: new Date(Number(started_ms)).toISOString(),
    }));
  }

  async status(): Promise<ObservationStatus> {
    const [row] = await this.#rows<{ version: string; edges: string; captures: string; bytes: string }>(
      `SELECT version() AS version,
        (SELECT sum(rows) FROM system.parts WHERE database = '${DATABASE}' AND table = 'edges_fwd' AND active) AS edges,
        (SELECT sum(rows) FROM system.parts WHERE database = '${DATABASE}' AND table = 'captures' AND active) AS captures,
        (SELECT sum(bytes_on_disk) FROM system.parts WHERE database = '${DATABASE}' AND active) AS bytes`,
    );
    return {
      kind: this.#server === undefined ? 'server' : 'embedded',
      version: row?.version ?? '',
      edges: Number(row?.edges ?? 0),
      captures: Number(row?.captures ?? 0),
      diskBytes: Number(row?.bytes ?? 0),
      restarts: this.#server?.restarts ?? 0,
      pending: await this.#outbox.size(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#client.close();
    await this.#server?.[Symbol.asyncDispose]();
  }
}

/** A batch in pieces of at most `MAX_BATCH`; the capture's own row goes with the last, when all its observations are there. */
function* parts(batch: ObservationBatch): Generator<ObservationBatch> {
  const { id, observations, capture } = batch;
  if (observations.length <= MAX_BATCH) {
    yield batch;
    return;
  }
  for (let from = 0; from < observations.length; from += MAX_BATCH) {
    const piece = observations.slice(from, from + MAX_BATCH);
    const isLast = from + MAX_BATCH >= observations.length;
    yield {
      id: `${id}/${from / MAX_BATCH}`,
      observations: piece,
      capture: isLast ? capture : undefined,
      captureId: capture?.id,
    };
  }
}
