import type { WarcBytes } from './archive-bytes.ts';
import type { ArchivedExchange } from './archived-exchange.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import { toArchivedExchange } from './har-entry.ts';
import { HarScanner, type HarEntryText } from './har-scanner.ts';
import { MemberCursor } from './member-cursor.ts';

export interface HarReaderOptions {
  /** Largest text of an entry. */
  readonly maxEntryBytes?: number;
  readonly onProblem?: (problem: ArchiveProblem) => void;
  /** Told of each entry, also of those that are no exchange, with the place of the text behind it. */
  readonly onEntry?: (at: number) => void;
}

const PIECE_BYTES = 64 * 1024;
const MAX_ENTRY_BYTES = 48 * 1024 * 1024;
const WEB = /^(?:https?|wss?):/i;

/**
 * The exchanges of a HAR (1.1, 1.2, and what the world makes of them), compressed or not, in order, holding one entry at a time.
 * Entries of other schemes (data:, blob:, browser extensions) are passed over. Never throws for what the file holds.
 */
export function* readHar(bytes: WarcBytes, options: HarReaderOptions = {}): Generator<ArchivedExchange> {
  const { maxEntryBytes = MAX_ENTRY_BYTES, onProblem = () => {}, onEntry = () => {} } = options;
  const report = (offset: number, what: string): void => onProblem({ file: bytes.name, offset, what });
  const cursor = new MemberCursor(bytes, { checksCrc: true });
  const kind = cursor.kindAt(0) ?? 'plain';
  const scanner = new HarScanner(maxEntryBytes);
  const at = (inner: number): number => (kind === 'plain' ? inner : 0);
  for (const piece of piecesOf(cursor, kind)) {
    for (const entry of scanner.push(piece)) {
      onEntry(entry.offset + entry.length);
      const exchange = parseEntry(entry, bytes.name, kind === 'plain');
      if (typeof exchange === 'string') report(at(entry.offset), exchange);
      else if (WEB.test(exchange.url)) yield exchange;
    }
  }
  if (cursor.fault !== undefined) report(0, cursor.fault);
  if (!scanner.sawEntries) report(0, 'no HAR: it has no entries');
  else if (scanner.openEntry !== undefined) report(at(scanner.openEntry), 'the file ends inside an entry');
  else if (!scanner.isComplete) report(at(bytes.sizeBytes), 'the file ends before its JSON does');
}

/** The exchange of the entry that stands at a place of the uncompressed text; undefined where none does. */
export function readHarEntry(
  bytes: WarcBytes,
  { offset, length }: { readonly offset: number; readonly length: number },
): ArchivedExchange | undefined {
  const cursor = new MemberCursor(bytes, { checksCrc: false });
  const kind = cursor.kindAt(0) ?? 'plain';
  const isEnd = (): boolean => false;
  cursor.open(0, kind);
  cursor.skip(offset, isEnd);
  if (cursor.ensureAcross(length, isEnd) < length) return undefined;
  const text = Buffer.from(cursor.data.subarray(0, length));
  const exchange = parseEntry({ offset, length, text }, bytes.name, kind === 'plain');
  return typeof exchange === 'string' ? undefined : exchange;
}

function* piecesOf(cursor: MemberCursor, kind: 'gzip' | 'zstd' | 'plain'): Generator<Uint8Array> {
  const isEnd = (): boolean => false;
  cursor.open(0, kind);
  while (cursor.ensureAcross(1, isEnd) > 0) {
    const { data } = cursor;
    const size = Math.min(data.length, PIECE_BYTES);
    yield data.subarray(0, size);
    cursor.skip(size, isEnd);
  }
}

function parseEntry(entry: HarEntryText, file: string, isPlain: boolean): ArchivedExchange | string {
  const { offset, length, text } = entry;
  if (text === undefined) return 'entry is larger than the limit';
  const place = isPlain ? { file, offset, length } : { file, offset: 0, length, innerOffset: offset };
  try {
    return toArchivedExchange(JSON.parse(text.toString('utf8')), place);
  } catch {
    return 'entry is no JSON';
  }
}
