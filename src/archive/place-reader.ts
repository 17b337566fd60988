import { openBytes } from './archive-bytes.ts';
import { bytesInside } from './archive-file.ts';
import { formatOf } from './archive-format.ts';
import type { WarcRecord } from './archive-record.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import type { ArchivedExchange, ArchivePlace } from './archived-exchange.ts';
import { ArchiveError } from './errors.ts';
import { ExchangeJoiner, requestOnly, revisitOnly } from './exchange-joiner.ts';
import { readHarEntry } from './har-reader.ts';
import { digestFaults } from './record-digest.ts';
import { WarcReader, type WarcReaderOptions } from './warc-reader.ts';
import { ZipReader } from './zip-reader.ts';

/** Archives that stay open. */
const MAX_OPEN = 8;
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
const MAX_ENTRY_BYTES = 48 * 1024 * 1024;

/** Reads records of archives again by their places, as `readArchive` told them. */
export class PlaceReader implements Disposable {
  readonly #open = new Map<string, { readonly reader: WarcReader; readonly closing: DisposableStack }>();
  readonly #options: WarcReaderOptions;

  constructor(options: Pick<WarcReaderOptions, 'checksCrc' | 'onProblem'> = { checksCrc: false }) {
    this.#options = { ...options, mode: 'lenient', maxRecordBytes: MAX_RECORD_BYTES };
  }

  /** Throws `ArchiveError` where no record begins there, and what the file system throws. */
  record({ file, offset, length, innerOffset = 0 }: ArchivePlace): WarcRecord {
    return this.#readerOf(file).recordAt(offset, length, innerOffset);
  }

  [Symbol.dispose](): void {
    for (const { closing } of this.#open.values()) closing.dispose();
    this.#open.clear();
  }

  #readerOf(name: string): WarcReader {
    const known = this.#open.get(name);
    if (known !== undefined) return known.reader;
    if (this.#open.size >= MAX_OPEN) {
      const [oldest, { closing }] = this.#open.entries().next().value!; // there are some
      closing.dispose();
      this.#open.delete(oldest);
    }
    using opened = new DisposableStack();
    const [path, inner] = splitName(name);
    const bytes =
      inner === undefined ? opened.use(openBytes(path)) : insideOf(opened.use(new ZipReader(path)), inner);
    const reader = new WarcReader(bytes, this.#options);
    this.#open.set(name, { reader, closing: opened.move() });
    return reader;
  }
}

/** An exchange, and what is wrong with the record that holds it: one phrase each. */
export interface PlacedExchange {
  readonly exchange: ArchivedExchange;
  readonly faults: readonly string[];
}

/**
 * The exchange at a place of an archive: of a request's own record the request alone, of a revisit its own head, where it has
 * one. `path`: where the archive lies now, if not where `place` says. CRC and the record's own digests are checked. Throws
 * `ArchiveError` where none stands there, and what the file system throws.
 */
export function readExchangeAt(place: ArchivePlace, path?: string): PlacedExchange {
  const [named, inner] = splitName(place.file);
  const file = path ?? named;
  const faults: string[] = [];
  const exchange =
    formatOf(file) === 'har'
      ? harExchange({ ...place, file })
      : warcExchange({ ...place, file: inner === undefined ? file : `${file}!${inner}` }, faults);
  if (exchange === undefined)
    throw new ArchiveError('archive-damaged', 'no exchange stands here', { file, offset: place.offset });
  return { exchange, faults };
}

function warcExchange(place: ArchivePlace, faults: string[]): ArchivedExchange | undefined {
  using reader = new PlaceReader({
    checksCrc: true,
    onProblem: ({ what }: ArchiveProblem) => void faults.push(what),
  });
  const record = reader.record(place);
  faults.push(...digestFaults(record));
  const joiner = new ExchangeJoiner(place.file, () => undefined);
  const exchange = requestOnly(record, place.file) ?? [...joiner.push(record), ...joiner.end()][0];
  if (exchange !== undefined) return exchange;
  const revisit = revisitOnly(record, place.file);
  if (revisit !== undefined) faults.push('the answer stands in the record that it revisits');
  return revisit;
}

function harExchange({ file, offset, length, innerOffset }: ArchivePlace): ArchivedExchange | undefined {
  if (length > MAX_ENTRY_BYTES) return undefined;
  using bytes = openBytes(file);
  return readHarEntry(bytes, { offset: innerOffset ?? offset, length });
}

/** Of a file inside a WACZ: the WACZ, and its name in there. */
export function splitName(name: string): [path: string, inner: string | undefined] {
  const at = name.indexOf('!archive/');
  return at === -1 ? [name, undefined] : [name.slice(0, at), name.slice(at + 1)];
}

function insideOf(zip: ZipReader, name: string) {
  if (zip.entry(name) === undefined)
    throw new ArchiveError('archive-damaged', `${name} is not inside`, { file: zip.path, offset: 0 });
  return bytesInside(zip, name);
}
