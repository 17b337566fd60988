import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { AditError } from '#model';

/** A longer line is no list of names; what is beyond is left out. */
const MAX_LINE = 1 << 20;

/**
 * Lists of names as they come: a name a line; CSV or TSV; JSON a line; entries of certificate logs; zone files; DNS logs. Each
 * line is read for what it is, so that lists may be mixed.
 */
export class NameReader {
  readonly #column: string | undefined;
  /** Place of the column in delimited lines; undefined until a line has shown it. */
  #place: number | undefined;
  #isFirst = true;

  /** `column`: name in the header line, or number from 1; by default the first that holds a name. */
  constructor(column?: string) {
    this.#column = column;
    if (column !== undefined && /^\d+$/.test(column)) this.#place = Number(column) - 1;
  }

  /** Calls `each` with the names of a line: none for comments and headers, several for certificates. */
  read(line: string, each: (name: string) => void): void {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (PLAIN.test(line)) {
      if (!isFirst || !NAME_FIELDS.has(line.toLowerCase())) each(line);
      return;
    }
    const text = line.trim();
    if (text === '' || COMMENT.test(text)) return;
    if (text.startsWith('{') || text.startsWith('[')) {
      const names = namesInJson(text);
      if (names !== undefined) return names.forEach(each);
    }
    const delimiter = /[\t,;]/.exec(text)?.[0];
    if (delimiter !== undefined) return this.#readDelimited(text, delimiter, isFirst, each);
    each(hostOfEntry(text.split(/\s+/)[0]));
  }

  #readDelimited(text: string, delimiter: string, isFirst: boolean, each: (name: string) => void): void {
    const fields = text.split(delimiter).map((field) => field.trim().replace(/^"(.*)"$/, '$1'));
    if (isFirst) {
      const header = fields.map((field) => field.toLowerCase());
      const named = header.findIndex((field) =>
        this.#column === undefined ? NAME_FIELDS.has(field) : field === this.#column.toLowerCase(),
      );
      if (named >= 0) {
        this.#place = named;
        return;
      }
    }
    this.#place ??= fields.findIndex(looksLikeName);
    if (this.#place < 0) this.#place = undefined;
    const field = fields[this.#place ?? 0];
    if (field !== undefined && field !== '') each(hostOfEntry(field));
  }
}

/** What most lines of most lists are. */
const PLAIN = /^[a-zA-Z0-9*_-][^\s,;"'{}[\]#/:@]*$/;
const COMMENT = /^(?:#|;|\/\/|\$(?:ORIGIN|TTL))/;
/** Fields that hold names, in headers and in JSON. */
const NAME_FIELDS = new Set([
  'host',
  'hostname',
  'domain',
  'name',
  'fqdn',
  'query',
  'qname',
  'rrname',
  'dns_name',
  'common_name',
  'url',
  'all_domains',
  'dns_names',
  'domains',
  'names',
  'hosts',
  'san',
]);

const looksLikeName = (field: string): boolean => /^[^\s@]+\.[^\s@]*[^\s@\d.][^\s@]*$/.test(field);

/** A name out of what stands in its place: a URL, a host with port. */
function hostOfEntry(text: string): string {
  const scheme = text.indexOf('://');
  if (scheme < 0) return text;
  const authority = text.slice(scheme + 3).split(/[/?#]/, 1)[0];
  return authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
}

/** Names in a line of JSON; undefined where it is none, so that it may be read as something else. */
function namesInJson(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const names = new Set<string>();
  collect(value, names, 0);
  return [...names];
}

/** Depth of a certificate log's entry: `data.leaf_cert.all_domains`. */
const MAX_DEPTH = 4;

/** Names in the fields that hold names; those of the outermost level that has any. */
function collect(value: unknown, names: Set<string>, depth: number): void {
  if (Array.isArray(value)) {
    for (const each of value) if (typeof each === 'string') names.add(hostOfEntry(each));
    return;
  }
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const [key, field] of Object.entries(value)) {
    if (!NAME_FIELDS.has(key.toLowerCase())) continue;
    if (typeof field === 'string') names.add(hostOfEntry(field));
    else if (Array.isArray(field)) collect(field, names, depth + 1);
  }
  if (names.size > 0) return;
  for (const field of Object.values(value)) if (!Array.isArray(field)) collect(field, names, depth + 1);
}

/** The lines of a file or, for `-`, of standard input, many at a time. Throws `missing-file`. */
export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 16 });
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // no encoding is set
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop()!.slice(0, MAX_LINE);
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
    rest += decoder.end();
    if (rest !== '') yield [withoutReturn(rest)];
  } catch (cause) {
    if (signal.aborted) return;
    throw new AditError('missing-file', `${path} cannot be read.`, { advice: 'Check the path.', cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
