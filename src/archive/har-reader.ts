import type { WarcBytes } from './archive-bytes.ts';
import type { ArchivedExchange } from './archived-exchange.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import { toArchivedExchange } from './har-entry.ts';
import { HarScanner, type HarEntryText } from './har-scanner.ts';
import { openHarText } from './har-text.ts';
import { MemberCursor } from './member-cursor.ts';

export interface HarReaderOptions {
  /** Largest text of an entry. */
  readonly maxEntryBytes?: number;
  readonly onProblem?: (problem: ArchiveProblem) => void;
  /** Told of each entry, also of those that are no exchange, with the place of the text behind it. */
  readonly onEntry?: (at: number) => void;
}

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
  const { isAsStored, pieces } = openHarText(cursor);
  const scanner = new HarScanner(maxEntryBytes);
  const at = (inner: number): number => (isAsStored ? inner : 0);
  for (const piece of pieces) {
    for (const entry of scanner.push(piece)) {
      onEntry(entry.offset + entry.length);
      const exchange = parseEntry(entry, bytes.name, isAsStored);
      if (typeof exchange === 'string') report(at(entry.offset), exchange);
      else if (WEB.test(exchange.url)) yield exchange;
    }
  }
  if (cursor.fault !== undefined) report(0, cursor.fault);
  if (!scanner.sawEntries) report(0, 'no HAR: it has no entries');
  else if (scanner.openEntry !== undefined) report(at(scanner.openEntry), 'the file ends inside an entry');
  else if (!scanner.isComplete) report(at(bytes.sizeBytes), 'the file ends before its JSON does');
}

/** The exchange of the entry that stands at a place of the text, as `readHar` told it; undefined where none does. */
export function readHarEntry(
  bytes: WarcBytes,
  { offset, length }: { readonly offset: number; readonly length: number },
): ArchivedExchange | undefined {
  const { isAsStored, pieces } = openHarText(new MemberCursor(bytes, { checksCrc: false }));
  if (isAsStored && offset + length > bytes.sizeBytes) return undefined;
  const text = isAsStored ? Buffer.from(bytes.read(offset, length)) : partOf(pieces, offset, length);
  if (text.length < length) return undefined;
  const exchange = parseEntry({ offset, length, text }, bytes.name, isAsStored);
  return typeof exchange === 'string' ? undefined : exchange;
}

/** So many bytes from a place on, or as many as there are. */
function partOf(pieces: Iterable<Uint8Array>, offset: number, length: number): Buffer {
  const part: Buffer[] = [];
  let at = 0;
  for (const piece of pieces) {
    const [from, to] = [Math.max(0, offset - at), Math.min(piece.length, offset + length - at)];
    if (from < to) part.push(Buffer.from(piece.subarray(from, to)));
    at += piece.length;
    if (at >= offset + length) break;
  }
  return Buffer.concat(part);
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
