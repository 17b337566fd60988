import { createReadStream } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { TextDecoder } from 'node:util';
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
  /** Of a zone file: what names without a dot at their end lie below; undefined until one is told. */
  #origin: string | undefined;

  /** `column`: name in the header line, or number from 1; by default the first that holds a name. */
  constructor(column?: string) {
    this.#column = column?.toLowerCase();
    if (column !== undefined && /^\d+$/.test(column)) this.#place = Number(column) - 1;
  }

  /**
   * Calls `each` with the names of a line: none for comments, headers and rows that lack the column, several for certificates. Throws
   * `no-column` where a column is named that the first line does not have.
   */
  read(line: string, each: (name: string) => void): void {
    if (PLAIN.test(line)) return this.#readRow([line], each);
    const text = line.trim();
    const origin = ORIGIN.exec(text)?.[1];
    if (origin !== undefined) this.#origin = this.#ofZone(origin).replace(/\.$/, '');
    if (text === '' || COMMENT.test(text)) return;
    if (text.startsWith('{') || text.startsWith('[')) {
      const names = namesInJson(text);
      if (names !== undefined) return names.forEach(each);
    }
    if (this.#origin !== undefined) {
      // A record that begins with a blank, or goes on in parentheses, is of the name before.
      if (/^[ \t]/.test(line)) return;
      const owner = ZONE_RECORD.exec(line)?.[1];
      if (owner !== undefined) return each(this.#ofZone(owner));
    }
    const logged = LOGGED.exec(text);
    if (logged !== null) return each((logged[1] ?? logged[2])!);
    const delimiter = /[\t,;]/.exec(text.replaceAll(QUOTED, ''))?.[0];
    if (delimiter !== undefined) return this.#readRow(fieldsOf(text, delimiter), each);
    this.#readRow(text.startsWith('"') ? fieldsOf(text, ',') : [text.split(/\s+/)[0]], each);
  }

  #ofZone(name: string): string {
    const below = this.#origin ?? '';
    if (name === '@') return below;
    return below === '' || name.endsWith('.') ? name : `${name}.${below}`;
  }

  #readRow(fields: readonly string[], each: (name: string) => void): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      if (this.#readHeader(fields)) return;
    }
    // Without a column asked for, lists may be mixed: what has one field is a name.
    const isAlone = fields.length === 1 && this.#column === undefined;
    if (!isAlone && this.#place === undefined) {
      const found = fields.findIndex(looksLikeName);
      if (found >= 0) this.#place = found;
    }
    const field = fields[isAlone ? 0 : (this.#place ?? 0)];
    if (field !== undefined && field !== '') each(hostOfEntry(field));
  }

  /** Whether the first row names the columns; the place of the one with names is known then. */
  #readHeader(fields: readonly string[]): boolean {
    const column = this.#column;
    const header = fields.map((field) => field.toLowerCase());
    const named = header.findIndex((field) =>
      column === undefined ? NAME_FIELDS.has(field) : field === column,
    );
    if (named >= 0) this.#place = named;
    else if (column !== undefined && this.#place === undefined)
      throw new AditError('no-column', `The list has no column “${column}”.`, {
        advice: `Its first line has: ${fields.join(', ').slice(0, 200)}. Give one of these, or a number from 1.`,
      });
    return named >= 0;
  }
}

/** A field in quotes; two of them inside stand for one. */
const QUOTED = /"[^"]*(?:""[^"]*)*"/g;

/** The fields of a delimited line (RFC 4180), without the spaces around them. Fields do not go on in the next line. */
function fieldsOf(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  for (let at = 0; at <= text.length;) {
    while (text[at] === ' ') at++;
    QUOTED.lastIndex = at;
    const quoted = text[at] === '"' ? QUOTED.exec(text)?.[0] : undefined;
    const end = text.indexOf(delimiter, at + (quoted?.length ?? 0));
    const stop = end < 0 ? text.length : end;
    fields.push(
      quoted === undefined ? text.slice(at, stop).trim() : quoted.slice(1, -1).replaceAll('""', '"'),
    );
    at = stop + 1;
  }
  return fields;
}

/** What most lines of most lists are. */
const PLAIN = /^[a-zA-Z0-9*_-][^\s,;"'{}[\]#/:@]*$/;
const COMMENT = /^(?:#|;|\/\/|\$(?:ORIGIN|TTL))/;
const ORIGIN = /^\$ORIGIN\s+([^\s;]+)/i;
/** Owner, then time to live and class in either order, then the type (RFC 1035 §5.1). */
const ZONE_RECORD =
  /^([^\s;(]+)(?:\s+(?:\d+[smhdw]?|IN|CH|HS))*\s+(?:SOA|NS|A|AAAA|CNAME|DNAME|MX|TXT|SRV|PTR|CAA|DS|DNSKEY|RRSIG|NSEC|NSEC3|NSEC3PARAM|TLSA|SVCB|HTTPS|NAPTR|HINFO|TYPE\d+)\s/i;
/** The name asked for in the query logs of BIND (`query: NAME IN A`), dnsmasq (`query[A] NAME from`) and Unbound (`info: CLIENT NAME. A IN`). */
const LOGGED = /\bquery(?:\[\w+\]|:) (\S+) |\binfo: \S+ (\S+)\. \w+ IN\b/;
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
  'name_value',
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
  // A list of entries in one line, as services that search certificate logs answer.
  if (Array.isArray(value)) for (const each of value) if (typeof each === 'object') collect(each, names, 0);
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
    if (typeof field === 'string') for (const each of field.split('\n')) names.add(hostOfEntry(each));
    else if (Array.isArray(field)) collect(field, names, depth + 1);
  }
  if (names.size > 0) return;
  for (const field of Object.values(value)) if (!Array.isArray(field)) collect(field, names, depth + 1);
}

/** The lines of a file or, for `-`, of standard input, many at a time. Throws `missing-file`. */
export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<readonly string[]> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 1 << 16 });
  let decoder: StringDecoder | Utf16Decoder | undefined;
  let rest = '';
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // no encoding is set
      decoder ??= decoderOf(chunk);
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop()!.slice(0, MAX_LINE);
      if (lines.length > 0) yield lines.map(withoutReturn);
    }
    rest += decoder?.end() ?? '';
    if (rest !== '') yield [withoutReturn(rest)];
  } catch (cause) {
    if (signal.aborted) return;
    throw new AditError('missing-file', `${path} cannot be read.`, { advice: 'Check the path.', cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** UTF-8, or UTF-16 where the byte order mark says so, as shells of Windows write lists. */
function decoderOf(start: Buffer): StringDecoder | Utf16Decoder {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return new Utf16Decoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new Utf16Decoder('utf-16be');
  return new StringDecoder('utf8');
}

class Utf16Decoder {
  readonly #decoder: TextDecoder;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding);
  }

  write(chunk: Buffer): string {
    return this.#decoder.decode(chunk, { stream: true });
  }

  end(): string {
    return this.#decoder.decode();
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
