import { decodeHuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

export type HeaderField = readonly [name: string, value: string];

export interface HeaderBlock {
  readonly headers: HeaderField[];
  /** Fields beyond the limits were left out. */
  readonly isCut: boolean;
}

/** What a field costs beyond its octets (RFC 7541 §4.1). */
const FIELD_OVERHEAD = 32;
const DEFAULT_TABLE_BYTES = 4_096;

/**
 * Decodes the header blocks of one direction of a connection (RFC 7541), in their order. Bytes become characters one
 * to one. After a malformed block the table is lost: every later block is undefined as well.
 */
export class HpackDecoder {
  readonly #maxListBytes: number;
  readonly #maxFields: number;
  /** Newest first. */
  #entries: HeaderField[] = [];
  #entriesBytes = 0;
  #tableBytes = DEFAULT_TABLE_BYTES;
  #maxTableBytes = DEFAULT_TABLE_BYTES;
  #isBroken = false;

  /** The limits are on the decoded list: a few octets may refer to a large table entry many times. */
  constructor(limits: { readonly maxListBytes: number; readonly maxFields: number }) {
    this.#maxListBytes = limits.maxListBytes;
    this.#maxFields = limits.maxFields;
  }

  /**
   * The receiver announced SETTINGS_HEADER_TABLE_SIZE: the sender may grow its table so far. It says so in a block
   * when it does; a smaller value than before is left to the sender, too (RFC 7541 §4.2).
   */
  allowTableBytes(size: number): void {
    this.#maxTableBytes = Math.max(this.#maxTableBytes, Math.min(size, 2 ** 20));
  }

  decode(block: Uint8Array): HeaderBlock | undefined {
    if (this.#isBroken) return undefined;
    const cursor = new BlockCursor(block);
    const headers: HeaderField[] = [];
    let listBytes = 0;
    let isCut = false;
    while (!cursor.isAtEnd) {
      const field = this.#representation(cursor);
      if (field === undefined) {
        this.#isBroken = true;
        return undefined;
      }
      if (field === 'tableSize') continue;
      listBytes += sizeOf(field);
      if (listBytes > this.#maxListBytes || headers.length >= this.#maxFields) isCut = true;
      else headers.push(field);
    }
    return { headers, isCut };
  }

  /** One field, or a table size update; undefined where the block is malformed (RFC 7541 §6). */
  #representation(cursor: BlockCursor): HeaderField | 'tableSize' | undefined {
    const first = cursor.peek();
    if ((first & 0x80) !== 0) return this.#lookUp(cursor.integer(7));
    if ((first & 0x40) !== 0) {
      const field = this.#literal(cursor, 6);
      if (field !== undefined) this.#insert(field);
      return field;
    }
    if ((first & 0x20) === 0) return this.#literal(cursor, 4);
    const size = cursor.integer(5);
    if (size === undefined || size > this.#maxTableBytes) return undefined;
    this.#tableBytes = size;
    this.#evict(0);
    return 'tableSize';
  }

  #literal(cursor: BlockCursor, prefixBits: number): HeaderField | undefined {
    const index = cursor.integer(prefixBits);
    const name = index === 0 ? cursor.string() : this.#lookUp(index)?.[0];
    const value = name === undefined ? undefined : cursor.string();
    return name === undefined || value === undefined ? undefined : [name, value];
  }

  #lookUp(index: number | undefined): HeaderField | undefined {
    if (index === undefined || index === 0) return undefined;
    return STATIC_TABLE[index - 1] ?? this.#entries[index - 1 - STATIC_TABLE.length];
  }

  #insert(field: HeaderField): void {
    const size = sizeOf(field);
    this.#evict(size);
    // Larger than the whole table: it empties it, which is no error (RFC 7541 §4.4).
    if (size > this.#tableBytes) return;
    this.#entries.unshift(field);
    this.#entriesBytes += size;
  }

  #evict(room: number): void {
    while (this.#entriesBytes + room > this.#tableBytes) {
      const oldest = this.#entries.pop();
      if (oldest === undefined) return;
      this.#entriesBytes -= sizeOf(oldest);
    }
  }
}

function sizeOf([name, value]: HeaderField): number {
  return name.length + value.length + FIELD_OVERHEAD;
}

/** Reads the primitives of RFC 7541 §5. */
class BlockCursor {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  peek(): number {
    return this.#bytes[this.#offset] ?? 0;
  }

  /** §5.1. At most four continuation bytes: far beyond any index or length that can occur. */
  integer(prefixBits: number): number | undefined {
    const first = this.#bytes[this.#offset++];
    if (first === undefined) return undefined;
    const mask = (1 << prefixBits) - 1;
    let value = first & mask;
    if (value < mask) return value;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) return undefined;
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
    return undefined;
  }

  /** §5.2. */
  string(): string | undefined {
    const isHuffman = (this.peek() & 0x80) !== 0;
    const length = this.integer(7);
    if (length === undefined || this.#offset + length > this.#bytes.length) return undefined;
    const bytes = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return isHuffman ? decodeHuffman(bytes)?.toString('latin1') : Buffer.from(bytes).toString('latin1');
  }
}
