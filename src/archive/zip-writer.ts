import { createHash, type Hash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { ArchiveError } from './errors.ts';
import type { FileSink } from './file-sink.ts';
import * as zip from './zip-format.ts';
import type { ZipEntry } from './zip-format.ts';

/** A file inside the ZIP as the data package lists it; size and digest are of its own bytes, not of the compressed ones. */
export interface ZipResource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

interface WrittenEntry extends ZipEntry {
  readonly isZip64: boolean;
}

const VERSION_DEFLATE = 20;
const VERSION_ZIP64 = 45;
const MADE_ON_UNIX = 3 << 8;
/** Regular file, rw-r--r--. */
const FILE_MODE = 0o100644;

/**
 * Writes a ZIP whose sizes stand in the local headers (no data descriptors), so that even readers that never look at
 * the directory can take it. An entry gets ZIP64 fields only when it may need them, in both of its headers: players
 * work out where its data lies from the length of either.
 */
export class ZipWriter {
  readonly #sink: FileSink;
  readonly #time: number;
  readonly #entries = new Map<string, WrittenEntry>();
  readonly #resources: ZipResource[] = [];

  /** `modifiedAt` is stored with every entry. */
  constructor(sink: FileSink, modifiedAt: Date) {
    this.#sink = sink;
    this.#time = dosTime(modifiedAt);
  }

  /** The files written so far, in order. */
  get resources(): readonly ZipResource[] {
    return this.#resources;
  }

  /** Adds a file whose bytes are at hand; deflated where that is asked for and makes it smaller. */
  async add(name: string, bytes: Uint8Array, method: 'stored' | 'deflated'): Promise<void> {
    const deflated = method === 'deflated' ? deflateRawSync(bytes) : bytes;
    const isSmaller = deflated.length < bytes.length;
    const data = isSmaller ? deflated : bytes;
    const entry: WrittenEntry = {
      name,
      method: isSmaller ? zip.DEFLATED : zip.STORED,
      crc32: crc32(bytes),
      compressedBytes: data.length,
      sizeBytes: bytes.length,
      offset: this.#sink.position,
      isZip64: data.length >= zip.MAX_32 || bytes.length >= zip.MAX_32,
    };
    this.#register(entry);
    await this.#sink.append(this.#localHeader(entry));
    await this.#sink.append(data);
    this.#resources.push({
      path: name,
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  }

  /** Begins a stored file that is written piece by piece. `atMostBytes` decides whether it needs ZIP64 fields. */
  async begin(name: string, atMostBytes: number): Promise<ZipEntryWriter> {
    const entry: WrittenEntry = {
      name,
      method: zip.STORED,
      crc32: 0,
      compressedBytes: 0,
      sizeBytes: 0,
      offset: this.#sink.position,
      isZip64: atMostBytes >= zip.MAX_32,
    };
    this.#register(entry);
    await this.#sink.append(this.#localHeader(entry));
    return new ZipEntryWriter(this.#sink, async (sum) => {
      const done = { ...entry, crc32: sum.crc32, compressedBytes: sum.sizeBytes, sizeBytes: sum.sizeBytes };
      this.#entries.set(name, done);
      await this.#sink.patch(done.offset, this.#localHeader(done));
      this.#resources.push({ path: name, sizeBytes: sum.sizeBytes, sha256: sum.sha256 });
    });
  }

  /** Writes the directory. Nothing may be added afterwards. */
  async finish(): Promise<void> {
    const start = this.#sink.position;
    for (const entry of this.#entries.values()) await this.#sink.append(this.#centralHeader(entry));
    await this.#sink.append(endRecords(this.#entries.size, start, this.#sink.position - start));
  }

  #register(entry: WrittenEntry): void {
    if (!zip.isSafeEntryName(entry.name) || this.#entries.has(entry.name)) {
      throw new ArchiveError('archive-bad-source', 'not a path of its own inside the bundle', {
        file: entry.name,
      });
    }
    this.#entries.set(entry.name, entry);
  }

  #localHeader(entry: WrittenEntry): Buffer {
    const name = Buffer.from(entry.name, 'utf8');
    const extra = entry.isZip64 ? zip64Extra(entry.sizeBytes, entry.compressedBytes) : Buffer.alloc(0);
    const header = Buffer.alloc(zip.LOCAL_HEADER_BYTES);
    header.writeUInt32LE(zip.LOCAL_HEADER, 0);
    header.writeUInt16LE(entry.isZip64 ? VERSION_ZIP64 : VERSION_DEFLATE, 4);
    this.#writeCommon(header, 6, entry);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(extra.length, 28);
    return Buffer.concat([header, name, extra]);
  }

  #centralHeader(entry: WrittenEntry): Buffer {
    const name = Buffer.from(entry.name, 'utf8');
    const isFarAway = entry.offset >= zip.MAX_32;
    const isZip64 = entry.isZip64 || isFarAway;
    const sizes = entry.isZip64 ? [entry.sizeBytes, entry.compressedBytes] : [];
    const extra = isZip64 ? zip64Extra(...sizes, ...(isFarAway ? [entry.offset] : [])) : Buffer.alloc(0);
    const header = Buffer.alloc(zip.CENTRAL_HEADER_BYTES);
    header.writeUInt32LE(zip.CENTRAL_HEADER, 0);
    header.writeUInt16LE(MADE_ON_UNIX | VERSION_ZIP64, 4);
    header.writeUInt16LE(isZip64 ? VERSION_ZIP64 : VERSION_DEFLATE, 6);
    this.#writeCommon(header, 8, entry);
    header.writeUInt16LE(name.length, 28);
    header.writeUInt16LE(extra.length, 30);
    header.writeUInt32LE(FILE_MODE * 0x10000, 38);
    header.writeUInt32LE(isFarAway ? zip.MAX_32 : entry.offset, 42);
    return Buffer.concat([header, name, extra]);
  }

  /** The fields that both headers have in common, from the flags on. */
  #writeCommon(header: Buffer, at: number, entry: WrittenEntry): void {
    header.writeUInt16LE(zip.UTF8_FLAG, at);
    header.writeUInt16LE(entry.method, at + 2);
    header.writeUInt32LE(this.#time, at + 4);
    header.writeUInt32LE(entry.crc32, at + 8);
    header.writeUInt32LE(entry.isZip64 ? zip.MAX_32 : entry.compressedBytes, at + 12);
    header.writeUInt32LE(entry.isZip64 ? zip.MAX_32 : entry.sizeBytes, at + 16);
  }
}

/** A file of the ZIP while it is being written. */
export class ZipEntryWriter {
  readonly #sink: FileSink;
  readonly #end: (sum: { crc32: number; sizeBytes: number; sha256: string }) => Promise<void>;
  readonly #hash: Hash = createHash('sha256');
  #crc = 0;
  #size = 0;

  constructor(
    sink: FileSink,
    end: (sum: { crc32: number; sizeBytes: number; sha256: string }) => Promise<void>,
  ) {
    this.#sink = sink;
    this.#end = end;
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#crc = crc32(bytes, this.#crc);
    this.#hash.update(bytes);
    this.#size += bytes.length;
    await this.#sink.append(bytes);
  }

  /** Ends the file: its sizes are written into its header. */
  async end(): Promise<void> {
    await this.#end({ crc32: this.#crc, sizeBytes: this.#size, sha256: this.#hash.digest('hex') });
  }
}

function zip64Extra(...values: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(zip.ZIP64_EXTRA, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  return extra;
}

function endRecords(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(zip.END_BYTES);
  end.writeUInt32LE(zip.END_OF_DIRECTORY, 0);
  end.writeUInt16LE(Math.min(count, zip.MAX_16), 8);
  end.writeUInt16LE(Math.min(count, zip.MAX_16), 10);
  end.writeUInt32LE(Math.min(size, zip.MAX_32), 12);
  end.writeUInt32LE(Math.min(start, zip.MAX_32), 16);
  if (count < zip.MAX_16 && start < zip.MAX_32 && size < zip.MAX_32) return end;
  const zip64 = Buffer.alloc(zip.ZIP64_END_BYTES + zip.ZIP64_LOCATOR_BYTES);
  zip64.writeUInt32LE(zip.ZIP64_END, 0);
  zip64.writeBigUInt64LE(BigInt(zip.ZIP64_END_BYTES - 12), 4);
  zip64.writeUInt16LE(MADE_ON_UNIX | VERSION_ZIP64, 12);
  zip64.writeUInt16LE(VERSION_ZIP64, 14);
  zip64.writeBigUInt64LE(BigInt(count), 24);
  zip64.writeBigUInt64LE(BigInt(count), 32);
  zip64.writeBigUInt64LE(BigInt(size), 40);
  zip64.writeBigUInt64LE(BigInt(start), 48);
  zip64.writeUInt32LE(zip.ZIP64_LOCATOR, zip.ZIP64_END_BYTES);
  zip64.writeBigUInt64LE(BigInt(start + size), zip.ZIP64_END_BYTES + 8);
  zip64.writeUInt32LE(1, zip.ZIP64_END_BYTES + 16);
  return Buffer.concat([zip64, end]);
}

/** Date in the upper, time in the lower half, in steps of two seconds, from 1980 on; UTC here. */
function dosTime(at: Date): number {
  const year = Math.min(2107, Math.max(1980, at.getUTCFullYear() || 1980));
  const date = ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return (date * 0x10000 + time) >>> 0;
}
