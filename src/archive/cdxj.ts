import { toSurt } from './surt.ts';
import { toUriCharacters } from './http-message.ts';

/** One record in the index. */
export interface CdxEntry {
  /** The URL to look it up by, with method and body for requests other than GET. */
  readonly key: string;
  readonly url: string;
  /** RFC 3339. */
  readonly date: string;
  readonly mediaType: string | undefined;
  readonly status: number;
  /** With its algorithm, e.g. `sha256:…`. */
  readonly digest: string;
  /** Where the record lies in the WARC file, and its compressed length. */
  readonly offset: number;
  readonly length: number;
  readonly filename: string;
  readonly method?: string;
  readonly requestBody?: string;
}

/** The index of a WARC file (CDXJ 0.1): a line a record, `SURT timestamp JSON`, sorted by bytes. */
export function toCdxj(entries: readonly CdxEntry[]): string {
  return entries
    .map(toLine)
    .sort((a, b) => (a < b ? -1 : Number(a > b)))
    .join('');
}

function toLine(entry: CdxEntry): string {
  const timestamp = entry.date.replace(/[-:T]/g, '').slice(0, 14);
  const fields = {
    url: entry.url,
    mime: entry.mediaType ?? 'unk',
    status: String(entry.status),
    digest: entry.digest,
    length: String(entry.length),
    offset: String(entry.offset),
    filename: entry.filename,
    method: entry.method,
    requestBody: entry.requestBody,
  };
  // the key is what separates the columns: no blank, no line end may be in it
  return `${toUriCharacters(toSurt(entry.key))} ${timestamp} ${JSON.stringify(fields)}\n`;
}
