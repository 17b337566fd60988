import { statSync } from 'node:fs';
import { openBytes, type WarcBytes } from './archive-bytes.ts';
import { formatOf, type ArchiveFormat } from './archive-format.ts';
import type { ArchivedExchange } from './archived-exchange.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import type { WarcRecord } from './archive-record.ts';
import type { BlockRoom } from './block-room.ts';
import { manifestFaults } from './data-package-check.ts';
import { ArchiveError } from './errors.ts';
import { ExchangeJoiner } from './exchange-joiner.ts';
import { readHar } from './har-reader.ts';
import { digestFaults } from './record-digest.ts';
import { RevisitIndex } from './revisit-index.ts';
import { WarcReader } from './warc-reader.ts';
import { DEFLATED } from './zip-format.ts';
import { ZipReader } from './zip-reader.ts';

export interface ReadArchiveOptions {
  /** What `formatOf` said of the file, where it was asked before. */
  readonly format?: ArchiveFormat;
  /** Checks CRCs, the digests of records, and the manifest of a WACZ. */
  readonly verify?: boolean;
  /** Largest record; of larger ones the start is read. */
  readonly maxRecordBytes?: number;
  readonly onProblem?: (problem: ArchiveProblem) => void;
  /** Told of each record or entry, with the place behind it in its (of a compressed HAR: uncompressed) file. */
  readonly onRecord?: (at: number) => void;
  /**
   * Finds the original of a revisit where it does not stand before it in the same file. `later`: the revisit gives no exchange.
   * Without original it is a problem, and an exchange without body.
   */
  readonly findForeign?: (revisit: WarcRecord) => WarcRecord | 'later' | undefined;
  /** Bytes of originals that are read for revisits; those beyond are given without them. Default: 1 GiB and a hundred times the file. */
  readonly maxRevisitedBytes?: number;
  /** Gives only the exchanges of such revisits. */
  readonly onlyForeign?: boolean;
  /** Where bodies are put: they are given back by who is done with their exchanges. */
  readonly room?: BlockRoom;
}

const MAX_RECORD_BYTES = 32 * 1024 * 1024;
/** Largest WARC that is compressed again inside a WACZ, against the standard, and so has to be unpacked. */
const MAX_PACKED_BYTES = 256 * 1024 * 1024;
/** Originals that are read again for the revisits of a file: so much, and as many times its size; else a small file could ask for years. */
const MIN_REVISITED_BYTES = 1024 ** 3;
const REVISITED_TIMES = 100;
/** Said of revisits whose original was not found. */
export const UNRESOLVED = 'what it revisits is not here';
/** Said of revisits beyond `maxRevisitedBytes`. */
export const REVISITED_TOO_MUCH = 'limit revisitedBytes: its original is not read again';
const CONTINUED = 'it continues a record before: segments are not joined';
/** The exchanges of an archive of any format, in its order. Opens the file and closes it. Throws what the file system throws. */
export function* readArchive(path: string, options: ReadArchiveOptions = {}): Generator<ArchivedExchange> {
  const { format = formatOf(path) } = options;
  if (format === 'wacz' || format === 'bundle') return yield* readWacz(path, options);
  using bytes = openBytes(path);
  if (format !== 'har') return yield* readWarc(bytes, options, budgetOf(bytes.sizeBytes, options));
  const { onProblem = () => {}, onRecord = () => {} } = options;
  return yield* readHar(bytes, { onEntry: onRecord, onProblem });
}

/** What may still be read again of originals: of an archive, however many files stand in it. */
interface RevisitBudget {
  bytesLeft: number;
}

const budgetOf = (sizeBytes: number, { maxRevisitedBytes }: ReadArchiveOptions): RevisitBudget => ({
  bytesLeft: maxRevisitedBytes ?? MIN_REVISITED_BYTES + REVISITED_TIMES * sizeBytes,
});

function* readWarc(
  bytes: WarcBytes,
  options: ReadArchiveOptions,
  budget: RevisitBudget,
): Generator<ArchivedExchange> {
  const {
    verify = false,
    maxRecordBytes = MAX_RECORD_BYTES,
    onProblem = () => {},
    onRecord,
    findForeign,
    onlyForeign = false,
    room,
  } = options;
  const reader = new WarcReader(bytes, {
    mode: 'lenient',
    maxRecordBytes,
    checksCrc: verify,
    onProblem,
    ...(room && { room }),
  });
  const index = new RevisitIndex();
  const joiner = new ExchangeJoiner(bytes.name, (revisit) => {
    const place = index.find(revisit);
    if (onlyForeign) {
      if (place !== undefined) return 'later';
      foreign.add(revisit.offset);
    }
    const report = (what: string): void => onProblem({ file: bytes.name, offset: revisit.offset, what });
    if (budget.bytesLeft < 0) {
      report(REVISITED_TOO_MUCH);
      return undefined;
    }
    const original =
      place === undefined
        ? findForeign?.(revisit)
        : reader.recordAt(place.offset, place.length, place.innerOffset);
    if (original === undefined) report(UNRESOLVED);
    else if (original !== 'later') budget.bytesLeft -= original.block.length;
    return original;
  });
  const foreign = new Set<number>();
  const chosen = (exchanges: readonly ArchivedExchange[]): readonly ArchivedExchange[] =>
    onlyForeign ? exchanges.filter(({ place }) => foreign.delete(place.offset)) : exchanges;
  for (const record of reader.records()) {
    onRecord?.(record.offset + record.length);
    if (verify) {
      for (const what of digestFaults(record)) onProblem({ file: bytes.name, offset: record.offset, what });
    }
    if (record.type === 'continuation')
      onProblem({ file: bytes.name, offset: record.offset, what: CONTINUED });
    index.add(record);
    yield* chosen(joiner.push(record));
  }
  yield* chosen(joiner.end());
}

function* readWacz(path: string, options: ReadArchiveOptions): Generator<ArchivedExchange> {
  const budget = budgetOf(statSync(path).size, options);
  for (const bytes of warcsOfWacz(path, options)) yield* readWarc(bytes, options, budget);
}

/** The WARC files of an archive: itself, or those inside a WACZ, each to be read before the next is asked for. None of a HAR. */
export function* warcsOf(
  path: string,
  options: Pick<ReadArchiveOptions, 'verify' | 'onProblem'> = {},
): Generator<WarcBytes> {
  const format = formatOf(path);
  if (format === 'har') options.onProblem?.({ file: path, offset: 0, what: 'a HAR holds no records' });
  else if (format === 'warc' || format === 'arc') {
    using bytes = openBytes(path);
    yield bytes;
  } else yield* warcsOfWacz(path, options);
}

/** One after the other; of a ZIP of which nothing can be opened its own bytes, since records stand in it as they are. */
function* warcsOfWacz(
  path: string,
  { verify, onProblem = () => {} }: Pick<ReadArchiveOptions, 'verify' | 'onProblem'>,
): Generator<WarcBytes> {
  const report = (what: string, offset = 0): void => onProblem({ file: path, offset, what });
  using opened = new DisposableStack();
  const zip = orReport(() => opened.use(new ZipReader(path)), report);
  if (zip === undefined) return yield opened.use(openBytes(path));
  if (verify === true) for (const what of manifestFaults(zip)) report(what);
  const names = zip.names.filter((name) => /^archive\/.*\.(?:w?arc)(?:\.gz|\.zst)?$/i.test(name));
  if (names.length === 0) report('no WARC inside');
  let room: Buffer | undefined;
  let isAnyThere = names.length === 0;
  for (const name of names) {
    const { method, sizeBytes } = zip.entry(name)!; // a name of this ZIP
    if (method === DEFLATED && sizeBytes <= MAX_PACKED_BYTES && sizeBytes >= (room?.length ?? 0))
      room = Buffer.allocUnsafe(sizeBytes + 1);
    const bytes = orReport(() => bytesInside(zip, name, room), report);
    if (bytes === undefined) continue;
    isAnyThere = true;
    yield bytes;
  }
  if (!isAnyThere) yield opened.use(openBytes(path));
}

function orReport<T>(open: () => T, report: (what: string, offset?: number) => void): T | undefined {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    report(error.problem, error.offset);
    return undefined;
  }
}

/** A file inside a WACZ, unpacked where it is compressed: into `room` where it fits there. */
export function bytesInside(zip: ZipReader, name: string, room?: Uint8Array): WarcBytes {
  const entry = zip.entry(name)!; // a name of this ZIP
  if (entry.method !== DEFLATED) return zip.bytesOf(entry);
  const bytes = zip.read(entry, MAX_PACKED_BYTES, room);
  const read = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  return { name: `${zip.path}!${name}`, sizeBytes: bytes.length, read };
}
