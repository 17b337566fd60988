import { readArchive, REVISITED_TOO_MUCH, UNRESOLVED, warcsOf } from './archive-file.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import type { WarcRecord } from './archive-record.ts';
import type { ArchivedExchange, ArchivePlace } from './archived-exchange.ts';
import { ArchiveError } from './errors.ts';
import { PlaceReader } from './place-reader.ts';
import { originalKeys, revisitKeys } from './revisit-index.ts';
import { WarcReader } from './warc-reader.ts';

/** Originals that are looked for at a time; revisits of more are taken without their bodies. */
const MAX_WANTED = 500_000;
/** Problems that are told when revisits are read, not before. */
const OF_REVISITS: ReadonlySet<string> = new Set([UNRESOLVED, REVISITED_TOO_MUCH]);
/** Enough of a record for its header: what is looked for stands there. */
const HEADER_BYTES = 64 * 1024;

/**
 * Finds the originals of revisits (WARC 1.1 §6.7) in other files of the same set. Which one is found depends on the set
 * and its order alone: the first record of the first file that has the digest, else the URL and date that were named.
 */
export class ForeignRevisits implements Disposable {
  readonly #wanted = new Map<string, ArchivePlace | undefined>();
  readonly #places = new PlaceReader();

  /** Looks through a file for revisits whose originals stand elsewhere. */
  want(file: string): void {
    const findForeign = (revisit: WarcRecord): 'later' => {
      for (const key of revisitKeys(revisit)) {
        if (this.#wanted.size < MAX_WANTED && !this.#wanted.has(key)) this.#wanted.set(key, undefined);
      }
      return 'later';
    };
    for (const _ of readArchive(file, { findForeign, onlyForeign: true }));
  }

  /** Looks through a file for originals that are wanted. */
  search(file: string): void {
    for (const bytes of warcsOf(file)) {
      const reader = new WarcReader(bytes, {
        mode: 'lenient',
        maxRecordBytes: HEADER_BYTES,
        checksCrc: false,
      });
      for (const record of reader.records()) {
        const { offset, length, innerOffset } = record;
        const place = { file: bytes.name, offset, length, innerOffset };
        for (const key of originalKeys(record))
          if (this.#wanted.has(key) && this.#wanted.get(key) === undefined) this.#wanted.set(key, place);
      }
    }
  }

  /** The exchanges of a file's revisits whose originals stand elsewhere, with their bodies where those were found. */
  read(file: string, onProblem: (problem: ArchiveProblem) => void): Generator<ArchivedExchange> {
    return readArchive(file, {
      onlyForeign: true,
      findForeign: (revisit) => this.#find(revisit),
      // the others were told when the file was read
      onProblem: (problem) => OF_REVISITS.has(problem.what) && onProblem(problem),
    });
  }

  #find(revisit: WarcRecord): WarcRecord | undefined {
    for (const key of revisitKeys(revisit)) {
      const place = this.#wanted.get(key);
      if (place === undefined) continue;
      try {
        return this.#places.record(place);
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
      }
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#places[Symbol.dispose]();
  }
}
