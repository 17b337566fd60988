import { closeSync, fstatSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { WarcBytes } from './archive-bytes.ts';
import { readFully } from './byte-source.ts';
import { ArchiveError, type ArchiveErrorCode } from './errors.ts';
import { inflateDecoder, type StreamDecoder } from './stream-decoder.ts';
import * as zip from './zip-format.ts';
import type { ZipEntry } from './zip-format.ts';

/** What a ZIP from anywhere may ask of its reader. */
export interface ZipLimits {
  readonly entries: number;
  readonly directoryBytes: number;
}

const DEFAULT_ZIP_LIMITS: ZipLimits = { entries: 100_000, directoryBytes: 64 * 1024 * 1024 };

const PIECE_BYTES = 1024 * 1024;

/** One a thread: a decoder holds memory outside of the heap. */
let decoder: StreamDecoder | undefined;

/** A range of the ZIP file that holds the data of one entry as it lies there. */
export interface EntryRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads ZIP files that nobody vouches for. Everything the directory says is checked before it is used: names are plain relative
 * paths and come once, entries lie inside the file and never overlap, local headers agree with the directory. What does not hold
 * is an `ArchiveError` with the byte offset. Nothing is ever unpacked to disk.
 */
export class ZipReader implements Disposable {
  readonly path: string;
  readonly #file: number;
  readonly #sizeBytes: number;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  constructor(path: string, limits: ZipLimits = DEFAULT_ZIP_LIMITS) {
    this.path = path;
    this.#file = openSync(path, 'r');
    try {
      this.#sizeBytes = fstatSync(this.#file).size;
      this.#entries = this.#readDirectory(limits);
      this.#checkOverlap();
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  /** Names of the files inside, in the order of the directory. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  entry(name: string): ZipEntry | undefined {
    return this.#entries.get(name);
  }

  /**
   * The bytes of a file inside, checked by CRC; inflated into `room` where they fit there. Faults: `archive-too-large` above
   * `maxBytes`, `archive-damaged`.
   */
  read(entry: ZipEntry, maxBytes: number, room?: Uint8Array): Uint8Array {
    const { offset } = entry;
    if (entry.sizeBytes > maxBytes || entry.compressedBytes > maxBytes) {
      throw this.#error('archive-too-large', `${entry.name} is larger than ${maxBytes} bytes`, offset);
    }
    const range = this.rangeOf(entry);
    const isStored = entry.method === zip.STORED;
    const bytes = isStored ? this.readRange(range.offset, range.length) : this.#inflate(entry, range, room);
    if (bytes.length !== entry.sizeBytes || crc32(bytes) !== entry.crc32) {
      throw this.#error('archive-damaged', `${entry.name} is not what its checksum says`, offset);
    }
    return bytes;
  }

  /** Where the data of an entry lies, by its local header. */
  rangeOf(entry: ZipEntry): EntryRange {
    const header = this.readRange(entry.offset, zip.LOCAL_HEADER_BYTES);
    if (header.readUInt32LE(0) !== zip.LOCAL_HEADER) {
      throw this.#error('archive-damaged', `no local header for ${entry.name}`, entry.offset);
    }
    const nameLength = header.readUInt16LE(26);
    const name = this.readRange(entry.offset + zip.LOCAL_HEADER_BYTES, nameLength).toString('utf8');
    if (name !== entry.name || header.readUInt16LE(8) !== entry.method) {
      throw this.#error(
        'archive-damaged',
        `local header and directory disagree on ${entry.name}`,
        entry.offset,
      );
    }
    const offset = entry.offset + zip.LOCAL_HEADER_BYTES + nameLength + header.readUInt16LE(28);
    return { offset, length: entry.compressedBytes };
  }

  /** A stored file inside as if it were one of its own. */
  bytesOf(entry: ZipEntry): WarcBytes {
    const range = this.rangeOf(entry);
    return {
      name: `${this.path}!${entry.name}`,
      sizeBytes: range.length,
      read: (offset, length) => this.readRange(range.offset + offset, length),
    };
  }

  /** Bytes of the ZIP file itself. */
  readRange(offset: number, length: number): Buffer {
    if (offset < 0 || length < 0 || offset + length > this.#sizeBytes) {
      throw this.#error('archive-damaged', `${length} bytes are not there`, offset);
    }
    const bytes = Buffer.allocUnsafe(length);
    readFully(this.#file, bytes, offset, this.path);
    return bytes;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  /** Piece by piece, so that neither the packed bytes nor copies of the others stand in memory. */
  #inflate({ name, sizeBytes, offset }: ZipEntry, range: EntryRange, room?: Uint8Array): Uint8Array {
    const needed = sizeBytes + 1; // one byte more shows that there are more
    const bytes = room !== undefined && room.length >= needed ? room : Buffer.allocUnsafe(needed);
    decoder ??= inflateDecoder();
    decoder.reset();
    let size = 0;
    for (let at = 0; at < range.length && size < needed;) {
      const input = this.readRange(range.offset + at, Math.min(PIECE_BYTES, range.length - at));
      const { consumed, produced, state } = decoder.step(input, bytes.subarray(size, needed));
      if (state === 'corrupt') throw this.#error('archive-damaged', `${name} cannot be inflated`, offset);
      at += consumed;
      size += produced;
      if (state === 'end') break;
    }
    return bytes.subarray(0, size);
  }

  #readDirectory(limits: ZipLimits): Map<string, ZipEntry> {
    const { start, size, count } = this.#findDirectory();
    if (count > limits.entries || size > limits.directoryBytes) {
      throw this.#error('archive-too-large', `directory of ${count} files in ${size} bytes`, start);
    }
    const directory = this.readRange(start, size);
    const entries = new Map<string, ZipEntry>();
    let at = 0;
    for (let i = 0; i < count; i++) {
      const { entry, length } = this.#parseEntry(directory, at, start);
      if (entries.has(entry.name)) {
        throw this.#error('archive-refused', `${JSON.stringify(entry.name)} comes twice`, start + at);
      }
      if (!entry.name.endsWith('/')) entries.set(entry.name, entry);
      at += length;
    }
    return entries;
  }

  #findDirectory(): { start: number; size: number; count: number } {
    const tailBytes = Math.min(this.#sizeBytes, zip.END_BYTES + zip.MAX_16);
    const tailStart = this.#sizeBytes - tailBytes;
    const tail = this.readRange(tailStart, tailBytes);
    const mark = Buffer.alloc(4);
    mark.writeUInt32LE(zip.END_OF_DIRECTORY);
    const at = tail.length < zip.END_BYTES ? -1 : tail.lastIndexOf(mark, tail.length - zip.END_BYTES);
    if (at === -1) throw this.#error('archive-not-an-archive', 'no ZIP: it has no directory', tailStart);
    const count = tail.readUInt16LE(at + 10);
    const size = tail.readUInt32LE(at + 12);
    const start = tail.readUInt32LE(at + 16);
    const isZip64 = count === zip.MAX_16 || size === zip.MAX_32 || start === zip.MAX_32;
    return isZip64 ? this.#findZip64Directory(tailStart + at) : { start, size, count };
  }

  #findZip64Directory(endAt: number): { start: number; size: number; count: number } {
    const locator = this.readRange(endAt - zip.ZIP64_LOCATOR_BYTES, zip.ZIP64_LOCATOR_BYTES);
    if (locator.readUInt32LE(0) !== zip.ZIP64_LOCATOR) {
      throw this.#error('archive-damaged', 'no ZIP64 locator', endAt - zip.ZIP64_LOCATOR_BYTES);
    }
    const recordAt = this.#number64(locator, 8, endAt);
    const record = this.readRange(recordAt, zip.ZIP64_END_BYTES);
    if (record.readUInt32LE(0) !== zip.ZIP64_END) {
      throw this.#error('archive-damaged', 'no ZIP64 directory record', recordAt);
    }
    return {
      count: this.#number64(record, 32, recordAt),
      size: this.#number64(record, 40, recordAt),
      start: this.#number64(record, 48, recordAt),
    };
  }

  #parseEntry(directory: Buffer, at: number, start: number): { entry: ZipEntry; length: number } {
    const place = start + at;
    if (
      at + zip.CENTRAL_HEADER_BYTES > directory.length ||
      directory.readUInt32LE(at) !== zip.CENTRAL_HEADER
    ) {
      throw this.#error('archive-damaged', 'the directory is cut or damaged', place);
    }
    const flags = directory.readUInt16LE(at + 8);
    const method = directory.readUInt16LE(at + 10);
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const nameAt = at + zip.CENTRAL_HEADER_BYTES;
    const length = zip.CENTRAL_HEADER_BYTES + nameLength + extraLength + directory.readUInt16LE(at + 32);
    if (at + length > directory.length) throw this.#error('archive-damaged', 'the directory is cut', place);
    const name = directory.toString('utf8', nameAt, nameAt + nameLength);
    const extra = directory.subarray(nameAt + nameLength, nameAt + nameLength + extraLength);
    if (!zip.isSafeEntryName(name.replace(/\/$/, ''))) {
      throw this.#error('archive-refused', `unsafe path ${JSON.stringify(name.slice(0, 100))}`, place);
    }
    if (flags & zip.ENCRYPTED_FLAG) throw this.#error('archive-refused', `${name} is encrypted`, place);
    if (method !== zip.STORED && method !== zip.DEFLATED) {
      throw this.#error('archive-refused', `${name} has compression method ${method}`, place);
    }
    const [sizeBytes, compressedBytes, offset] = this.#far(
      [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)],
      extra,
      place,
    );
    if (method === zip.STORED && sizeBytes !== compressedBytes) {
      throw this.#error('archive-damaged', `${name} is stored, but has two sizes`, place);
    }
    const crc = directory.readUInt32LE(at + 16);
    return { entry: { name, method, crc32: crc, compressedBytes, sizeBytes, offset }, length };
  }

  /** Size, compressed size and offset, those that do not fit taken from the ZIP64 extra field. */
  #far(near: readonly [number, number, number], extra: Buffer, place: number): [number, number, number] {
    const far = near.map((value) => value === zip.MAX_32);
    if (!far.includes(true)) return [...near];
    for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
      if (extra.readUInt16LE(at) !== zip.ZIP64_EXTRA) continue;
      let next = at + 4;
      const take = (i: 0 | 1 | 2): number => {
        if (!far[i]) return near[i];
        if (next + 8 > extra.length) throw this.#error('archive-damaged', 'ZIP64 field is cut', place);
        next += 8;
        return this.#number64(extra, next - 8, place);
      };
      return [take(0), take(1), take(2)];
    }
    throw this.#error('archive-damaged', 'ZIP64 field is missing', place);
  }

  /** Overlapping entries are how a small file pretends to hold a huge one. */
  #checkOverlap(): void {
    const sorted = [...this.#entries.values()].sort((a, b) => a.offset - b.offset);
    let end = 0;
    for (const entry of sorted) {
      if (entry.offset < end)
        throw this.#error('archive-refused', `${entry.name} overlaps another file`, entry.offset);
      end = entry.offset + zip.LOCAL_HEADER_BYTES + entry.compressedBytes;
      if (end > this.#sizeBytes) throw this.#error('archive-damaged', `${entry.name} is cut`, entry.offset);
    }
  }

  #number64(bytes: Buffer, at: number, place: number): number {
    const value = Number(bytes.readBigUInt64LE(at));
    if (!Number.isSafeInteger(value))
      throw this.#error('archive-damaged', 'impossible size or offset', place);
    return value;
  }

  #error(code: ArchiveErrorCode, problem: string, offset: number, cause?: unknown): ArchiveError {
    return new ArchiveError(code, problem, { file: this.path, offset }, cause);
  }
}
