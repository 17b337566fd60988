/**
 * ClickHouse's Native format: a block is column after column, each with its name and type, so that rows are read into
 * tables that have grown columns since. Against RowBinary it takes half the client's time a row and a tenth less of the
 * server's; against JSONEachRow objects a quarter.
 */
export interface Column {
  readonly type: string;
  bytes(): Uint8Array;
}

/**
 * Texts: the size in bytes as a LEB128 number before each, then UTF-8. Half a surrogate pair becomes U+FFFD. A text is
 * added as a whole, or in parts between `begin` and `end`, so that a long one is never put together as a string.
 */
export class TextColumn implements Column {
  readonly type = 'String';
  #buffer: Buffer;
  #length = 0;
  /** Where the size of the text last added stands, and where its bytes begin. */
  #head = 0;
  #start = 0;

  /** With room for so many bytes at first; it grows. */
  constructor(sizeBytes = 64) {
    this.#buffer = Buffer.allocUnsafe(sizeBytes);
  }

  get sizeBytes(): number {
    return this.#length;
  }

  add(text: string): void {
    this.begin(text.length);
    this.put(text);
    this.end();
  }

  /** Adds the text last added to a column, this or another. */
  addLastOf({ bytesOfLast, startOfLast, endOfLast }: TextColumn): void {
    const sizeBytes = endOfLast - startOfLast;
    this.begin(sizeBytes);
    this.#reserve(sizeBytes);
    const buffer = this.#buffer;
    let to = this.#length;
    for (let at = startOfLast; at < endOfLast; at++) buffer[to++] = bytesOfLast[at]!;
    this.#length = to;
    this.end();
  }

  /** Takes all back; the room stays. */
  clear(): void {
    this.#length = this.#head = this.#start = 0;
  }

  /** Begins a text of about so many bytes. */
  begin(sizeBytes: number): void {
    this.#reserve(MAX_VARINT);
    this.#head = this.#length;
    this.#start = this.#length += sizeOfVarint(sizeBytes);
  }

  put(text: string): void {
    const { length } = text;
    this.#reserve(length * 3);
    // Most are short and ASCII: a loop is several times faster than a call into the engine.
    if (length >= 64 || !this.#putAscii(text)) this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  /** A part of a text that is ASCII there. */
  putAscii(text: string, from: number, to: number): void {
    this.#reserve(to - from);
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = from; index < to; index++) buffer[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  /** One byte of ASCII. */
  putByte(code: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = code;
  }

  end(): void {
    const sizeBytes = this.#length - this.#start;
    const start = this.#head + sizeOfVarint(sizeBytes);
    if (start !== this.#start) {
      this.#reserve(MAX_VARINT);
      this.#buffer.copyWithin(start, this.#start, this.#length);
      this.#start = start;
    }
    writeVarint(this.#buffer, this.#head, sizeBytes);
    this.#length = start + sizeBytes;
  }

  /** Takes back what was put since `begin`. */
  abandon(): void {
    this.#length = this.#head;
  }

  #putAscii(text: string): boolean {
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      buffer[at++] = code;
    }
    this.#length = at;
    return true;
  }

  #reserve(sizeBytes: number): void {
    if (this.#length + sizeBytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + sizeBytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** The text last added lies here, from start to end, until the next is added. */
  get bytesOfLast(): Uint8Array {
    return this.#buffer;
  }

  get startOfLast(): number {
    return this.#start;
  }

  get endOfLast(): number {
    return this.#length;
  }
}

/** Numbers of 1, 4 or 8 bytes, little-endian; with room for `capacity` of them. */
export class NumberColumn implements Column {
  readonly type: string;
  readonly #width: 1 | 4 | 8;
  readonly #view: DataView;
  #length = 0;

  constructor(type: 'UInt8' | 'UInt32' | 'UInt64' | "DateTime64(3, 'UTC')", capacity: number) {
    this.type = type;
    this.#width = type === 'UInt8' ? 1 : type === 'UInt32' ? 4 : 8;
    this.#view = new DataView(new ArrayBuffer(capacity * this.#width));
  }

  /** A whole number; of 8 bytes up to ±2⁵³, so milliseconds since the epoch too. */
  add(value: number): void {
    const at = this.#length;
    this.#length += this.#width;
    if (this.#width === 1) this.#view.setUint8(at, value);
    else this.#view.setUint32(at, value, true);
    if (this.#width === 8) this.#view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
  }

  /** Takes all back. */
  clear(): void {
    this.#length = 0;
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }
}

/** A block of so many rows; its bytes in pieces, to be sent one after another. */
export function toBlock(rows: number, columns: Readonly<Record<string, Column>>): Uint8Array[] {
  const entries = Object.entries(columns);
  const pieces = [varints(entries.length, rows)];
  for (const [name, column] of entries) {
    const head = new TextColumn();
    head.add(name);
    head.add(column.type);
    pieces.push(head.bytes(), column.bytes());
  }
  return pieces;
}

/** Bytes of the largest LEB128 number of 32 bits. */
const MAX_VARINT = 5;

function varints(...values: readonly number[]): Uint8Array {
  const buffer = Buffer.alloc(values.length * MAX_VARINT);
  const end = values.reduce((at, value) => writeVarint(buffer, at, value), 0);
  return buffer.subarray(0, end);
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest > 0x7f) {
    buffer[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[next++] = rest;
  return next;
}

function sizeOfVarint(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}
