import { readGzipMember, isGzipMember } from './gzip-member.ts';
import { ArchiveError } from './errors.ts';
import { splitMessage } from './http-message.ts';
import type { WarcFields, WarcType } from './warc-record.ts';

/** Random access to the bytes of a WARC file, wherever it lies: a file of its own or an entry of a bundle. */
export interface WarcBytes {
  /** For messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly these bytes; they are asked for only inside the file. */
  read(offset: number, length: number): Uint8Array;
}

export interface WarcReaderOptions {
  /** `strict` throws an `ArchiveError` at the first fault; `lenient` reports it with the record and goes on. */
  readonly mode?: 'strict' | 'lenient';
  /** Largest header of a record. */
  readonly maxHeaderBytes?: number;
  /** Largest record, uncompressed; of larger ones the start is given. */
  readonly maxRecordBytes?: number;
}

const DEFAULTS = {
  mode: 'strict',
  maxHeaderBytes: 1024 * 1024,
  maxRecordBytes: 256 * 1024 * 1024,
} as const satisfies Required<WarcReaderOptions>;

const FIRST_WINDOW_BYTES = 256 * 1024;
/** Two line ends close a record (WARC 1.1 §4). */
const RECORD_END_BYTES = 4;
/** Version line and named fields (WARC 1.1 §4), of any version that ever was. */
const VERSION_LINE = /^WARC\/\d+\.\d+$/;

/** A record as it stands in the file: the named fields raw and in order, typed readings on top. */
export class WarcRecord {
  /** Where it begins in the WARC file, and how many bytes it takes there: of its gzip member, where it has one. */
  readonly offset: number;
  readonly length: number;
  readonly version: string;
  readonly fields: WarcFields;
  readonly block: Uint8Array;
  /** What is wrong with it, one phrase; only lenient readers give out such records. */
  readonly fault: string | undefined;
  /** The block is only its start: the record is larger than the limit. */
  readonly isCut: boolean;

  constructor(parts: {
    offset: number;
    length: number;
    version: string;
    fields: WarcFields;
    block: Uint8Array;
    fault: string | undefined;
    isCut: boolean;
  }) {
    this.offset = parts.offset;
    this.length = parts.length;
    this.version = parts.version;
    this.fields = parts.fields;
    this.block = parts.block;
    this.fault = parts.fault;
    this.isCut = parts.isCut;
  }

  /** The first value of a named field, by any case of its name. */
  field(name: string): string | undefined {
    const lower = name.toLowerCase();
    return this.fields.find(([other]) => other.toLowerCase() === lower)?.[1];
  }

  /** WARC-Type; unknown types are to be skipped (WARC 1.1 §5.5). */
  get type(): WarcType | string {
    return this.field('WARC-Type') ?? '';
  }

  get id(): string | undefined {
    return this.field('WARC-Record-ID');
  }

  /** WARC-Target-URI; the angle brackets that some writers put around it are taken off. */
  get targetUri(): string | undefined {
    return this.field('WARC-Target-URI')?.replace(/^<(.*)>$/, '$1');
  }

  get date(): string | undefined {
    return this.field('WARC-Date');
  }
}

/** The bytes of one record, uncompressed. */
interface RawRecord {
  readonly bytes: Uint8Array;
  /** What it takes in the file. */
  readonly length: number;
  readonly fault?: string | undefined;
  readonly isCut?: boolean;
}

/**
 * Reads WARC files, gzip member a record or not compressed at all, in order or at a known offset. In lenient mode what is
 * damaged is passed over up to the next place where a record begins; a file inside a damaged record may then be taken
 * for one.
 */
export class WarcReader {
  readonly #bytes: WarcBytes;
  readonly #options: Required<WarcReaderOptions>;

  constructor(bytes: WarcBytes, options: WarcReaderOptions = {}) {
    this.#bytes = bytes;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** All records in order. A record larger than the limit is a fault here: where it ends is not known. */
  *records(): Generator<WarcRecord, void, undefined> {
    let at = 0;
    while (at < this.#bytes.sizeBytes) {
      const raw = this.#readNext(at);
      const record = raw && this.#parse(at, raw);
      if (record?.isCut) this.#complain('record is larger than the limit', at);
      if (record !== undefined) yield record;
      const isPassable = record !== undefined && !record.isCut && record.fault === undefined;
      at = isPassable ? at + record.length : this.#nextStart(at + 1);
    }
  }

  /** The record that begins at `offset` and takes `length` bytes. Of records larger than the limit the start is given. Faults where there is none. */
  recordAt(offset: number, length: number): WarcRecord {
    if (offset < 0 || length <= 0 || offset + length > this.#bytes.sizeBytes) {
      throw this.#error(`no ${length} bytes here`, offset);
    }
    const { maxRecordBytes, maxHeaderBytes } = this.#options;
    const window = this.#bytes.read(offset, Math.min(length, maxRecordBytes + maxHeaderBytes));
    const raw = isGzipMember(window)
      ? this.#readMember(offset, window, window.length < length)
      : this.#readPlain(offset, length, window);
    const record = raw && this.#parse(offset, raw);
    if (record === undefined) throw this.#error('no record here', offset);
    return record;
  }

  /** How long a member is shows only in inflating it, so the window grows until it ends inside. */
  #readNext(offset: number): RawRecord | undefined {
    const available = this.#bytes.sizeBytes - offset;
    const most = Math.min(available, 2 * this.#options.maxRecordBytes);
    let window = this.#bytes.read(offset, Math.min(available, FIRST_WINDOW_BYTES));
    if (!isGzipMember(window)) return this.#readPlain(offset, available, window);
    while (
      window.length < most &&
      readGzipMember(window, this.#options.maxRecordBytes).fault === 'truncated'
    ) {
      window = this.#bytes.read(offset, Math.min(most, window.length * 4));
    }
    return this.#readMember(offset, window, window.length < available);
  }

  #readMember(offset: number, window: Uint8Array, isMore: boolean): RawRecord {
    const { bytes, consumed, fault } = readGzipMember(window, this.#options.maxRecordBytes);
    const isCut = fault === 'limit' || (fault === 'truncated' && isMore);
    if (fault === undefined || isCut) return { bytes, length: consumed, isCut };
    this.#complain(`gzip member ${fault}`, offset);
    return { bytes, length: consumed, fault: `gzip member ${fault}` };
  }

  #readPlain(offset: number, available: number, window: Uint8Array): RawRecord | undefined {
    const header = this.#parseHeader(window, offset);
    if (header === undefined) return undefined;
    const whole = header.length + header.contentLength;
    const isCut = whole > this.#options.maxRecordBytes;
    const size = Math.min(whole, available, this.#options.maxRecordBytes);
    const bytes = size <= window.length ? window.subarray(0, size) : this.#bytes.read(offset, size);
    return { bytes, length: size + Math.min(available - size, RECORD_END_BYTES), isCut };
  }

  #parse(offset: number, { bytes, length, fault, isCut = false }: RawRecord): WarcRecord | undefined {
    const header = this.#parseHeader(bytes, offset);
    if (header === undefined) return undefined;
    const { version, fields, contentLength } = header;
    const block = bytes.subarray(header.length, header.length + contentLength);
    let problem = fault;
    if (problem === undefined && !isCut && block.length < contentLength) {
      problem = `block has ${block.length} bytes instead of ${contentLength}`;
      this.#complain(problem, offset);
    }
    return new WarcRecord({ offset, length, version, fields, block, fault: problem, isCut });
  }

  #parseHeader(
    bytes: Uint8Array,
    offset: number,
  ): { version: string; fields: WarcFields; length: number; contentLength: number } | undefined {
    const { head } = splitMessage(bytes.subarray(0, this.#options.maxHeaderBytes));
    const lines = Buffer.from(head).toString('utf8').split(/\r?\n/);
    const version = lines[0]!.trim();
    if (!VERSION_LINE.test(version)) {
      this.#complain('no WARC record begins here', offset);
      return undefined;
    }
    const fields = parseFields(lines.slice(1));
    const text = fields.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? '';
    if (!/^\d{1,15}$/.test(text)) {
      this.#complain('record without Content-Length', offset);
      return undefined;
    }
    return { version, fields, length: head.length, contentLength: Number(text) };
  }

  /** The next place that looks like the start of a record, else the end of the file. */
  #nextStart(from: number): number {
    const overlap = 8; // so that no mark is missed where two windows meet
    for (let at = from; at < this.#bytes.sizeBytes; at += FIRST_WINDOW_BYTES) {
      const size = Math.min(this.#bytes.sizeBytes - at, FIRST_WINDOW_BYTES + overlap);
      const window = Buffer.from(this.#bytes.read(at, size));
      const found = [window.indexOf('\x1f\x8b\x08', 0, 'latin1'), window.indexOf('WARC/1.')].filter(
        (i) => i !== -1,
      );
      if (found.length > 0) return at + Math.min(...found);
    }
    return this.#bytes.sizeBytes;
  }

  #complain(problem: string, offset: number): void {
    if (this.#options.mode === 'strict') throw this.#error(problem, offset);
  }

  #error(problem: string, offset: number): ArchiveError {
    return new ArchiveError('archive-damaged', problem, { file: this.#bytes.name, offset });
  }
}

/** Continuation lines belong to the field before them; lines without a colon are passed over. */
function parseFields(lines: readonly string[]): WarcFields {
  const fields: [string, string][] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last[1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0) fields.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return fields;
}
