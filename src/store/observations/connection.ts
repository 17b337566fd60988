import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClickHouseError, ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { AditError } from '#model';
import type { EmbeddedServer } from '../embedded/server.ts';
import { DATABASE } from './schema.ts';

/** How long a statement is repeated while the server is away or overloaded. */
const WRITE_PATIENCE_MS = 60_000;
const READ_PATIENCE_MS = 15_000;
const LONGEST_PAUSE_MS = 2_000;

/** The server's error codes that pass by themselves: time-outs, too many queries or parts, no memory, being stopped. */
const PASSING = new Set(['159', '202', '209', '210', '236', '241', '252', '394']);
/** Of a read: it takes more time, memory or rows than one may. */
const TOO_BROAD = new Set(['158', '159', '160', '241', '307', '396']);

/** Statements to ClickHouse, repeated while it is away. Every value is a bound parameter. */
export class Connection {
  readonly #client: ClickHouseClient;
  readonly #server: EmbeddedServer | undefined;
  readonly #closing = new AbortController();

  /** To the server at `url`, or to the embedded one. */
  constructor(at: string | EmbeddedServer) {
    this.#server = typeof at === 'string' ? undefined : at;
    this.#client = createClient({
      ...(typeof at === 'string'
        ? { url: at }
        : { url: at.url, username: at.username, password: at.password }),
      request_timeout: WRITE_PATIENCE_MS,
      max_open_connections: 16,
      use_multipart_params_auto: true, // long parameters do not fit a URL
      log: { level: ClickHouseLogLevel.OFF }, // what goes wrong is thrown, and said there
    });
  }

  async command(sql: string): Promise<void> {
    await this.#repeated(WRITE_PATIENCE_MS, () => this.#client.command({ query: sql }));
  }

  /** Rows as objects; 64-bit numbers as text. Throws `query-too-broad` where the answer takes too much. */
  async rows<Row>(sql: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<Row[]> {
    try {
      return await this.#repeated(READ_PATIENCE_MS, async () => {
        const result = await this.#client.query({
          query: sql,
          query_params: { ...parameters },
          format: 'JSONEachRow',
          clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
        });
        return result.json<Row>();
      });
    } catch (error) {
      if (error instanceof ClickHouseError && TOO_BROAD.has(error.code))
        throw new AditError('query-too-broad', 'There is too much behind this to answer it.', {
          advice: 'Ask for a narrower domain, fewer datasets, or the order by value.',
          cause: error,
        });
      throw error;
    }
  }

  /** Inserts a block in Native format; the same token again adds nothing. Resolves when it is durable. */
  async insert(table: string, block: readonly Uint8Array[], token: string): Promise<void> {
    await this.#repeated(WRITE_PATIENCE_MS, async () => {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${DATABASE}.${table} FORMAT Native`,
        values: Readable.from(block, { objectMode: false }),
        clickhouse_settings: {
          async_insert: 0,
          insert_deduplication_token: token,
          optimize_on_insert: 0, // rows of one edge merge later; within a batch there are few
        },
      });
      stream.resume();
      await once(stream, 'close');
    });
  }

  async #repeated<Value>(patienceMs: number, work: () => Promise<Value>): Promise<Value> {
    const deadline = Date.now() + patienceMs;
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (this.#closing.signal.aborted) throw closed(error);
        if (error instanceof ClickHouseError && !PASSING.has(error.code)) throw error;
        if (Date.now() > deadline) throw error instanceof ClickHouseError ? error : unreachable(error);
        await sleep(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => {});
        if (this.#closing.signal.aborted) throw closed(error);
        await this.#server?.ready(this.#closing.signal);
      }
    }
  }

  /** Nothing is repeated any more; what is under way may end. */
  stopRepeating(): void {
    this.#closing.abort();
  }

  async close(): Promise<void> {
    this.stopRepeating();
    await this.#client.close();
  }
}

const closed = (cause: unknown): AditError =>
  new AditError('store-closed', 'The observation store is being closed.', { cause });

const unreachable = (cause: unknown): AditError =>
  new AditError('store-unreachable', 'The observation store does not answer.', {
    advice: 'Check CLICKHOUSE_URL, or the log below the data directory.',
    cause,
  });
