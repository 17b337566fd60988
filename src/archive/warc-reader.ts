import type { WarcBytes } from './archive-bytes.ts';
import type { ArchiveProblem } from './archive-problem.ts';
import { WarcRecord } from './archive-record.ts';
import type { BlockRoom } from './block-room.ts';
import { ArchiveError } from './errors.ts';
import { isGzipMember } from './gzip-member.ts';
import { MemberCursor } from './member-cursor.ts';
import { parseRecordHeader, START_BYTES, startsRecord, type RecordHeader } from './record-header.ts';
import { findRecord, findStart } from './resync.ts';
import { isZstdFrame, readDictionary, skippableFrameLength } from './zstd-dictionary.ts';

export interface WarcReaderOptions {
  /** `strict` throws an `ArchiveError` at the first fault; `lenient` reports it and goes on. */
  readonly mode?: 'strict' | 'lenient';
  /** Largest header of a record. */
  readonly maxHeaderBytes?: number;
  /** Largest record, uncompressed; of larger ones the start is given. */
  readonly maxRecordBytes?: number;
  /** Whether the CRC of gzip members is checked; sizes always are. */
  readonly checksCrc?: boolean;
  /** Lenient readers tell each fault here. */
  readonly onProblem?: (problem: ArchiveProblem) => void;
  /** Where the blocks of records are put, for who gives them back; the reader's own memory is from there, too. */
  readonly room?: BlockRoom;
}

const DEFAULTS = {
  mode: 'strict',
  maxHeaderBytes: 1024 * 1024,
  maxRecordBytes: 256 * 1024 * 1024,
  checksCrc: true,
  onProblem: () => {},
} as const satisfies Required<Omit<WarcReaderOptions, 'room'>>;

/** Two line ends close a record (WARC 1.1 §4). */
const RECORD_END_BYTES = 4;
/** By which a compressed member is told. */
const MAGIC_BYTES = 4;
const FIRST_HEADER_BYTES = 2 * 1024;
/** Uncompressed junk that is searched for the next record before its member is given up. */
const MAX_JUNK_BYTES = 256 * 1024 * 1024;
const SEARCH_BYTES = 256 * 1024;
/** Beginnings of records in a row that turn out to be none: after so many headers are searched less far for their end … */
const SUSPICIOUS = 16;
const SUSPICIOUS_HEADER_BYTES = 8 * 1024;
/** … and after so many the file is given up: it is made of them. */
const MAX_FALSE_STARTS = 20_000;
/** Padding that is looked through at a time. */
const PADDING_BYTES = 4 * 1024;
const LZ4_FRAME = [0x04, 0x22, 0x4d, 0x18];

/** A block as far as it could be had. */
interface Block {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
  readonly fault?: string;
}

/**
 * Reads WARC files of any version and ARC 1.0: a gzip member or Zstandard frame (with or without dictionary) a record, one over
 * the whole file, or no compression; in order or at a known offset, holding one record at a time.
 *
 * In lenient mode what is damaged is passed over up to the next place where a record begins: a member of the file, or a
 * header inside one. A length that leads into the middle of something is checked against what stands there; a record that
 * stands inside such a damaged one may then be taken for one of the file.
 */
export class WarcReader {
  readonly #bytes: WarcBytes;
  readonly #options: Required<Omit<WarcReaderOptions, 'room'>>;
  readonly #room: BlockRoom | undefined;
  /** The block before was found to end in junk: that what follows is no record has been said. */
  #isAtJunk = false;
  /** The member's own fault was said of the record that it cut. */
  #isFaultTold = false;
  #falseStarts = 0;
  #dictionary: { readonly bytes: Uint8Array | undefined } | undefined;

  constructor(bytes: WarcBytes, options: WarcReaderOptions = {}) {
    this.#bytes = bytes;
    this.#options = { ...DEFAULTS, ...options };
    this.#room = options.room;
  }

  /** All records in order. A record larger than the limit is a fault. */
  *records(): Generator<WarcRecord, void, undefined> {
    const { sizeBytes } = this.#bytes;
    using cursor = this.#openCursor(this.#bytes);
    let at = this.#begin();
    while (at < sizeBytes) {
      if (this.#falseStarts > MAX_FALSE_STARTS) {
        this.#complain('too many beginnings of records that are none: the rest is not read', at);
        return;
      }
      const skipped = skippable(cursor.rawAt(at, PADDING_BYTES));
      if (skipped > 0) {
        at += skipped;
        continue;
      }
      const kind = cursor.kindAt(at);
      cursor.open(at, kind ?? 'plain');
      if (kind === undefined && !this.#isRecordNext(cursor)) {
        this.#complain('no WARC record begins here', at);
        this.#falseStarts++;
        at = findStart(this.#bytes, cursor, at + 1);
        continue;
      }
      this.#isFaultTold = false;
      yield* this.#readMember(cursor);
      const { fault, offset } = cursor;
      if (fault !== undefined && !this.#isFaultTold) this.#complain(fault, offset);
      // a plain stretch ends at the end of the file, before a compressed record, or where no record is to be had
      if (cursor.kind === 'plain') {
        const end = cursor.fileEnd;
        at = findStart(this.#bytes, cursor, cursor.kindAt(end) === undefined ? end + 1 : end);
      } else at = cursor.canGoOn ? cursor.fileEnd : findStart(this.#bytes, cursor, offset + 1);
    }
  }

  /**
   * The record that `offset` and `length` of a record read before name. Of records larger than the limit the start is given.
   * Throws where there is none, and in strict mode where it is damaged.
   */
  recordAt(offset: number, length: number, innerOffset = 0): WarcRecord {
    if (offset < 0 || length <= 0 || offset + length > this.#bytes.sizeBytes) {
      throw this.#error(`no ${length} bytes here`, offset);
    }
    const { name, read } = this.#bytes;
    const upTo = { name, sizeBytes: offset + length, read: read.bind(this.#bytes) };
    using cursor = this.#openCursor(upTo);
    cursor.open(offset, cursor.kindAt(offset) ?? 'plain');
    cursor.skip(innerOffset, startsRecord);
    const record = this.#readRecord(cursor, true);
    if (record === undefined) throw this.#error('no WARC record begins here', offset);
    // of a member that holds more records, `length` ends in the middle
    const { fault } = cursor;
    if (fault !== undefined && !fault.endsWith('truncated') && !record.isCut) this.#complain(fault, offset);
    return record;
  }

  #openCursor(bytes: WarcBytes): MemberCursor {
    this.#dictionary ??= { bytes: readDictionary(this.#bytes) };
    return new MemberCursor(bytes, {
      checksCrc: this.#options.checksCrc,
      dictionary: this.#dictionary.bytes,
      room: this.#room,
    });
  }

  /** What stands at the start of the file and cannot be read is said once. */
  #begin(): number {
    const { sizeBytes } = this.#bytes;
    const head = sizeBytes < 4 ? [] : this.#bytes.read(0, 4);
    if (!LZ4_FRAME.every((byte, i) => head[i] === byte)) return 0;
    this.#complain('LZ4 compression is not read', 0);
    return sizeBytes;
  }

  *#readMember(cursor: MemberCursor): Generator<WarcRecord> {
    for (;;) {
      skipBlank(cursor);
      if (cursor.ensure(MAGIC_BYTES) === 0 || isCompressedNext(cursor)) return;
      const record = this.#readRecord(cursor, false);
      if (record?.isCut) this.#complain('record is larger than the limit', record.offset);
      if (record !== undefined) yield record;
      else if (this.#falseStarts > MAX_FALSE_STARTS) return;
      else if (cursor.kind === 'plain' || !findRecord(cursor, { SEARCH_BYTES, MAX_JUNK_BYTES })) return;
    }
  }

  /** The record at the cursor, which is left behind it; undefined where none begins there. `isAlone`: nothing follows it. */
  #readRecord(cursor: MemberCursor, isAlone: boolean): WarcRecord | undefined {
    const isPlain = cursor.kind === 'plain';
    const innerOffset = isPlain ? 0 : cursor.position;
    const offset = isPlain ? cursor.fileEnd : cursor.offset;
    const header = this.#readHeader(cursor, offset);
    if (header === undefined) return undefined;
    const declared = header.contentLength;
    cursor.skip(header.length, startsRecord);
    const block =
      declared === undefined
        ? this.#guessBlock(cursor, isAlone)
        : this.#readBlock(cursor, declared, header.length);
    const blockEnd = cursor.fileEnd;
    skipBlank(cursor);
    const fault = block.fault ?? (cursor.ensure(1) === 0 ? cursor.fault : undefined);
    if (block.fault !== undefined) {
      this.#complain(block.fault, offset);
      this.#isFaultTold ||= block.fault === cursor.fault;
    }
    // as indexers count: the line ends behind a record belong to its member, and where there is none to no record
    const length = (isPlain ? blockEnd : cursor.fileEnd) - offset;
    return new WarcRecord({
      ...header,
      offset,
      length,
      innerOffset,
      block: block.bytes,
      fault,
      isCut: block.isCut,
    });
  }

  #readHeader(cursor: MemberCursor, offset: number): RecordHeader | undefined {
    const { maxHeaderBytes: longest } = this.#options;
    const maxHeaderBytes =
      this.#falseStarts < SUSPICIOUS ? longest : Math.min(longest, SUSPICIOUS_HEADER_BYTES);
    for (let size = FIRST_HEADER_BYTES; ; size *= 4) {
      const most = Math.min(size, maxHeaderBytes);
      let available = cursor.ensure(most);
      let header = parseRecordHeader(cursor.data.subarray(0, maxHeaderBytes));
      if (typeof header !== 'object' && available < most) {
        available = cursor.ensureAcross(most, startsRecord);
        header = parseRecordHeader(cursor.data.subarray(0, maxHeaderBytes));
      }
      if (typeof header === 'object') {
        this.#isAtJunk = false;
        this.#falseStarts = 0;
        return header;
      }
      if (header === 'unfinished' && available >= most && most < maxHeaderBytes) continue;
      this.#falseStarts++;
      if (this.#isAtJunk) return undefined;
      this.#complain(
        header === undefined ? 'no WARC record begins here' : 'record header without end',
        offset,
      );
      return undefined;
    }
  }

  /** The block of a record that does not tell its length: up to the next record; where none is found all or nothing, by what is known of the end. */
  #guessBlock(cursor: MemberCursor, isAlone: boolean): Block {
    const available = cursor.ensure(this.#options.maxRecordBytes);
    const data = cursor.data.subarray(0, available);
    const end = startsRecord(data.subarray(0, START_BYTES))
      ? 0
      : (recordStartIn(data) ?? (isAlone || cursor.kind !== 'plain' ? available : 0));
    return { ...this.#take(cursor, end), fault: 'record without Content-Length' };
  }

  #readBlock(cursor: MemberCursor, declared: number, headerLength: number): Block {
    const most = Math.max(0, Math.min(declared, this.#options.maxRecordBytes - headerLength));
    const isBeyond = declared > cursor.remaining;
    const available = Math.min(most, cursor.ensureAcross(most, startsRecord));
    if (available < most || isBeyond) return this.#overrun(cursor, available, declared);
    if (declared > most) {
      const bytes = new Uint8Array(cursor.data.subarray(0, most));
      const passed = cursor.skip(declared, startsRecord);
      const fault = passed < declared ? { fault: `block has ${passed} bytes instead of ${declared}` } : {};
      return { bytes, isCut: true, ...fault };
    }
    cursor.ensure(declared + START_BYTES);
    const isEnd = (): boolean => isBoundary(cursor.data.subarray(declared), cursor.kind === 'plain');
    // where members end anywhere, the next record may begin in this one and go on in the next
    if (isEnd() || (cursor.ensureAcross(declared + START_BYTES, startsRecord) > 0 && isEnd())) {
      const isShort = cursor.data.length > declared && cursor.data[declared] === 0;
      const fault = isShort ? { fault: `block of ${declared} bytes is followed by no line end` } : {};
      return { ...this.#take(cursor, declared), ...fault };
    }
    const end = recordStartIn(cursor.data.subarray(0, declared + START_BYTES), declared);
    if (end !== undefined)
      return { ...this.#take(cursor, end), fault: `block of ${declared} bytes runs into the next record` };
    this.#isAtJunk = true;
    return {
      ...this.#take(cursor, declared),
      fault: `block of ${declared} bytes is followed by something else than a record`,
    };
  }

  /** The file ends before the block does: the next record may stand inside it. */
  #overrun(cursor: MemberCursor, available: number, declared: number): Block {
    const end = recordStartIn(cursor.data.subarray(0, available));
    const fault = end === undefined ? cursor.fault : `block of ${declared} bytes runs into the next record`;
    return {
      ...this.#take(cursor, end ?? available),
      fault: fault ?? `block has ${available} bytes instead of ${declared}`,
    };
  }

  /** Copies bytes, since the cursor's own are gone with its next step. */
  #take(cursor: MemberCursor, size: number): Block {
    const data = cursor.data.subarray(0, size);
    const bytes = this.#room?.take(data.length) ?? new Uint8Array(data.length);
    bytes.set(data);
    cursor.skip(size, startsRecord);
    return { bytes, isCut: false };
  }

  #isRecordNext(cursor: MemberCursor): boolean {
    cursor.ensure(START_BYTES);
    return parseRecordHeader(cursor.data) !== undefined;
  }

  #complain(what: string, offset: number): void {
    if (this.#options.mode === 'strict') throw this.#error(what, offset);
    this.#options.onProblem({ file: this.#bytes.name, offset, what });
  }

  #error(problem: string, offset: number): ArchiveError {
    return new ArchiveError('archive-damaged', problem, { file: this.#bytes.name, offset });
  }
}

/** Bytes at the start of these that hold nothing: padding, or a skippable frame. */
function skippable(bytes: Uint8Array): number {
  const padding = isBlank(bytes[0]!, true) ? bytes.findIndex((byte) => !isBlank(byte, true)) : 0;
  return padding === 0 ? (skippableFrameLength(bytes) ?? 0) : padding === -1 ? bytes.length : padding;
}

/** Line ends between records, and the zeros that some writers pad files with, which compressed ones have no use for. */
function isBlank(byte: number, isPlain: boolean): boolean {
  return byte === 10 || byte === 13 || (byte === 0 && isPlain);
}

function skipBlank(cursor: MemberCursor): void {
  while (cursor.ensure(1) > 0) {
    const { data, kind } = cursor;
    const end = data.findIndex((byte) => !isBlank(byte, kind === 'plain'));
    cursor.skip(end === -1 ? data.length : end, startsRecord);
    if (end !== -1) return;
  }
}

/** Whether a record may end here: what follows is another, or nothing. */
function isBoundary(rest: Uint8Array, isPlain: boolean): boolean {
  const start = rest.findIndex((byte) => !isBlank(byte, isPlain));
  if (start === -1) return true;
  const next = rest.subarray(start);
  return startsRecord(next) || (isPlain && isMember(next));
}

const isMember = (bytes: Uint8Array): boolean => isGzipMember(bytes) || isZstdFrame(bytes);

/** Whether a compressed record follows plain ones, as in files that were put together from several. */
function isCompressedNext(cursor: MemberCursor): boolean {
  if (cursor.kind !== 'plain' || !isMember(cursor.data)) return false;
  return startsRecord(cursor.peek(cursor.fileEnd, START_BYTES));
}

/** Where a header of WARC begins in a block whose length is wrong, without the line ends before it. */
function recordStartIn(block: Uint8Array, before = block.length): number | undefined {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  for (let at = bytes.indexOf('\nWARC/'); at !== -1 && at < before; at = bytes.indexOf('\nWARC/', at + 1)) {
    if (!startsRecord(bytes.subarray(at + 1, at + 1 + START_BYTES))) continue;
    let end = at + 1;
    for (let i = 0; i < RECORD_END_BYTES && end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13); i++)
      end--;
    return end;
  }
  return undefined;
}
