/** The text of one entry of a HAR, and where it stands in the uncompressed file. */
export interface HarEntryText {
  readonly offset: number;
  readonly length: number;
  /** Undefined where the entry is larger than the limit, or has too many parts. */
  readonly text: Buffer | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const MAX_KEY_BYTES = 16;
/** Values of one entry: read as JSON each takes a hundred bytes of memory, and may be written in two. */
const MAX_PARTS = 1_000_000;

/**
 * Finds the objects of `log.entries` (or of `entries` at the root) in JSON that comes in pieces, and holds one of them at a time; the log
 * may stand inside something else, such as an array of logs. A HAR may be larger than memory and than any string. It only follows strings and nesting; whether an entry is JSON is for
 * its reader to see.
 */
export class HarScanner {
  readonly #maxEntryBytes: number;
  #offset = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** The string that was met last outside entries: the key, if a value follows. */
  #key: number[] = [];
  /** Depth inside the array of entries; 0 outside. */
  #entriesDepth = 0;
  #entryStart = 0;
  #entrySize = -1;
  #entryParts = 0;
  #pieces: Buffer[] = [];
  /** Depth inside the log; 0 outside. */
  #logDepth = 0;
  #sawEntries = false;

  constructor(maxEntryBytes: number) {
    this.#maxEntryBytes = maxEntryBytes;
  }

  /** There was an array of entries. */
  get sawEntries(): boolean {
    return this.#sawEntries;
  }

  /** The text so far ends outside of everything. */
  get isComplete(): boolean {
    return this.#depth === 0;
  }

  /** Where the entry begins that has not ended yet. */
  get openEntry(): number | undefined {
    return this.#entrySize === -1 ? undefined : this.#entryStart;
  }

  /** Takes the next piece of the text; gives out the entries that end in it. The piece may be reused afterwards. */
  push(piece: Uint8Array): readonly HarEntryText[] {
    const entries: HarEntryText[] = [];
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      if (this.#isInString) {
        at = this.#passString(piece, at);
        continue;
      }
      const byte = piece[at]!;
      if (byte === QUOTE) {
        this.#isInString = true;
        this.#key = [];
      } else if (byte === COMMA) this.#entryParts++;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (this.#openValue(byte)) {
          from = at;
          this.#entryStart = this.#offset + at;
        }
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.#depth--;
        if (this.#depth < this.#logDepth) this.#logDepth = 0;
        if (this.#entriesDepth === 0 || this.#depth > this.#entriesDepth) continue;
        if (this.#depth < this.#entriesDepth) this.#entriesDepth = 0;
        else if (this.#entrySize !== -1) entries.push(this.#endEntry(piece.subarray(from, at + 1)));
      }
    }
    if (this.#entrySize !== -1) this.#keep(piece.subarray(from));
    this.#offset += piece.length;
    return entries;
  }

  /** Goes to the end of the string, or of the piece; returns the last byte looked at. */
  #passString(piece: Uint8Array, from: number): number {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at]!;
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) {
        this.#isInString = false;
        return at;
      }
      if (this.#entriesDepth === 0 && this.#key.length < MAX_KEY_BYTES) this.#key.push(byte);
    }
    return piece.length - 1;
  }

  /** Whether an entry begins with this bracket. */
  #openValue(byte: number): boolean {
    const depth = this.#depth++;
    if (this.#entriesDepth > 0) {
      this.#entryParts++;
      if (depth !== this.#entriesDepth || byte !== OPEN_OBJECT) return false;
      this.#entrySize = 0;
      this.#entryParts = 0;
      return true;
    }
    const key = String.fromCharCode(...this.#key);
    if (byte === OPEN_OBJECT && key === 'log') this.#logDepth = this.#depth;
    const isHome = depth === 1 || depth === this.#logDepth;
    if (isHome && byte === OPEN_ARRAY && key === 'entries') {
      this.#entriesDepth = this.#depth;
      this.#sawEntries = true;
    }
    return false;
  }

  #keep(piece: Uint8Array): void {
    this.#entrySize += piece.length;
    if (this.#isWithinLimits) this.#pieces.push(Buffer.from(piece));
    else this.#pieces = [];
  }

  get #isWithinLimits(): boolean {
    return this.#entrySize <= this.#maxEntryBytes && this.#entryParts <= MAX_PARTS;
  }

  #endEntry(piece: Uint8Array): HarEntryText {
    this.#keep(piece);
    const length = this.#entrySize;
    const text = this.#isWithinLimits ? Buffer.concat(this.#pieces) : undefined;
    this.#pieces = [];
    this.#entrySize = -1;
    return { offset: this.#entryStart, length, text };
  }
}
