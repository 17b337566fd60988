import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Observation } from '#model';

/** Parent, child and cause, and on how many pages. */
export type PairRow = readonly [parent: string, child: string, cause: string, count: number];

/** Counts host pairs over pages. */
export class PairTable {
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#counts.size;
  }

  addAll(observations: readonly Observation[]): void {
    for (const { dataset, source, label, target } of observations) {
      if (dataset === 'host-pairs') this.#add(`${source}\t${target}\t${label}`, 1);
    }
  }

  addRows(rows: readonly PairRow[]): void {
    for (const [parent, child, cause, count] of rows) this.#add(`${parent}\t${child}\t${cause}`, count);
  }

  /** Its rows, and none left. */
  take(): PairRow[] {
    const rows = [...this.#counts].map(([key, count]): PairRow => {
      const [parent, child, cause] = key.split('\t');
      return [parent!, child!, cause!, count]; // as #add put them together
    });
    this.#counts.clear();
    return rows;
  }

  /** Writes the rows in order of their text, tab-separated, under a heading. The file appears whole or not at all. */
  async write(path: string): Promise<void> {
    const partial = `${path}.partial`;
    const keys = [...this.#counts.keys()].sort();
    const counts = this.#counts;
    const lines = function* (): Generator<string> {
      yield 'parent\tchild\tcause\tcount\n';
      for (const key of keys) yield `${key}\t${counts.get(key)}\n`;
    };
    await pipeline(Readable.from(lines()), createWriteStream(partial));
    await rename(partial, path);
  }

  #add(key: string, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }
}
