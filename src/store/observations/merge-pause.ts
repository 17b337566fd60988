import type { Connection } from './connection.ts';
import { DATABASE } from './schema.ts';

const TABLES = ['edges_fwd', 'edges_rev', 'names'];
/** A piece of fewer rows is no sign of a bulk. */
const MIN_ROWS = 10_000;
/** How long after the last piece a bulk is over. */
const OVER_AFTER_MS = 5_000;
/** Parts that may wait to be merged: more would be felt by who reads meanwhile. */
const MAX_WAITING = 240;
/** So few parts left, merging may wait again. */
const FEW_PARTS = 40;
const LOOK_EVERY = 20;

/**
 * Merges wait while much is written. Beside inserts they cost more than twice: they take the processor from them, and
 * merge small parts into parts that are soon merged again, where later all are merged once. They begin when no more
 * comes, or when too many parts wait; a server that dies meanwhile begins with merging.
 *
 * Only for the embedded server, which shares the machine with whatever makes the observations.
 */
export class MergePause implements Disposable {
  readonly #connection: Connection;
  readonly #overAfterMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isPaused = false;
  #isDisposed = false;
  /** Pieces, each a part, since merging was last paused or begun. */
  #pieces = 0;
  /** After so many of them the parts that are left are counted. */
  #nextLook = 1;
  #turn: Promise<void> = Promise.resolve();

  constructor(connection: Connection, overAfterMs = OVER_AFTER_MS) {
    this.#connection = connection;
    this.#overAfterMs = overAfterMs;
  }

  /** A piece of so many rows is about to be written. Small ones do not make a bulk, but are parts that wait like others. */
  expect(rows: number): void {
    const isOfBulk = rows >= MIN_ROWS;
    if (isOfBulk) this.#beginLater();
    if (!isOfBulk && !this.#isPaused) return;
    this.#pieces++;
    this.#inTurn(() => this.#adapt(isOfBulk));
  }

  async #adapt(isOfBulk: boolean): Promise<void> {
    if (this.#isPaused && this.#pieces >= MAX_WAITING) await this.#begin();
    else if (!this.#isPaused && isOfBulk && this.#pieces >= this.#nextLook) {
      this.#nextLook = this.#pieces + LOOK_EVERY;
      if ((await this.#parts()) < FEW_PARTS) await this.#pause();
    }
  }

  async #parts(): Promise<number> {
    const [row] = await this.#connection.rows<{ parts: string }>(
      `SELECT count() AS parts FROM system.parts WHERE database = '${DATABASE}' AND table = 'edges_fwd' AND active`,
    );
    return Number(row!.parts);
  }

  async #pause(): Promise<void> {
    this.#isPaused = true; // also where only some are: they are all begun again
    this.#pieces = 0;
    await this.#tellAll('STOP');
  }

  /** Where it fails merging is still paused, and is begun by the next try. */
  async #begin(): Promise<void> {
    await this.#tellAll('START');
    this.#isPaused = false;
    this.#pieces = 0;
    this.#nextLook = 1;
  }

  async #tellAll(what: 'STOP' | 'START'): Promise<void> {
    for (const table of TABLES) await this.#connection.command(`SYSTEM ${what} MERGES ${DATABASE}.${table}`);
  }

  /** When the bulk is over; again and again until it works. */
  #beginLater(): void {
    clearTimeout(this.#timer);
    if (this.#isDisposed) return;
    this.#timer = setTimeout(() => {
      this.#inTurn(async () => {
        if (this.#isPaused) await this.#begin().catch(() => this.#beginLater());
      });
    }, this.#overAfterMs).unref();
  }

  /** Resolves when what was expected so far has had its effect. */
  settled(): Promise<void> {
    return this.#turn;
  }

  /** One after another; that one fails stops nothing: merging as usual is only slower. */
  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch(() => {});
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#isDisposed = true;
  }
}
