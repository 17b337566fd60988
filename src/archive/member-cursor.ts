import { crc32 } from 'node:zlib';
import type { WarcBytes } from './archive-bytes.ts';
import type { BlockRoom } from './block-room.ts';
import { gzipHeaderLength, isGzipMember, readGzipMember } from './gzip-member.ts';
import { inflateDecoder, zstdDecoder, type StreamDecoder } from './stream-decoder.ts';
import { isZstdFrame } from './zstd-dictionary.ts';

/** How a stretch of an archive is compressed: a gzip member, a Zstandard frame, or not at all up to the end of the file. */
export type MemberKind = 'gzip' | 'zstd' | 'plain';

const WINDOW_BYTES = 1024 * 1024;
/** Input of one step; where a stream is damaged, so much at most is lost before the damage. */
const STEP_BYTES = 64 * 1024;
const FIRST_BUFFER_BYTES = 512 * 1024;
/** A gzip header with name and comment is not longer than this. */
const MAX_GZIP_HEADER = 64 * 1024;
const NOTHING = new Uint8Array(0);
const END_MARK = new Uint8Array(1);

/**
 * Reads the members of an archive forward with their compression undone, holding no more than is asked for. What goes wrong in a
 * member ends it, and stands in `fault`.
 */
export class MemberCursor {
  readonly #bytes: WarcBytes;
  readonly #checksCrc: boolean;
  readonly #dictionary: Uint8Array | undefined;
  readonly #blocks: BlockRoom | undefined;
  #inflate: StreamDecoder | undefined;
  #zstd: StreamDecoder | undefined;
  #peekInflate: StreamDecoder | undefined;
  #peekZstd: StreamDecoder | undefined;

  #window: Uint8Array = NOTHING;
  /** What windows are read into, one after the other: their bytes go nowhere but through a decoder. */
  #room: Uint8Array = NOTHING;
  #windowAt = 0;
  /** Where in the file the next input stands. */
  #inputAt = 0;

  /** Made when a member is read; of small files small, since a folder may have ten thousand of them. */
  #buffer: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;
  /** Bytes of the member that came before `#start`. */
  #passed = 0;

  #kind: MemberKind = 'plain';
  #isOpen = false;
  #offset = 0;
  /** Of the gzip member being read, for its trailer. */
  #memberAt = 0;
  #memberSize = 0;
  #memberCrc = 0;
  #fault: string | undefined;
  #canGoOn = true;

  /**
   * `dictionary`: of Zstandard frames, see `readDictionary`. `room`: where its memory is from, which it gives back when it is
   * disposed of.
   */
  constructor(
    bytes: WarcBytes,
    options: {
      readonly checksCrc: boolean;
      readonly dictionary?: Uint8Array | undefined;
      readonly room?: BlockRoom | undefined;
    },
  ) {
    this.#bytes = bytes;
    this.#checksCrc = options.checksCrc;
    this.#dictionary = options.dictionary;
    this.#blocks = options.room;
  }

  [Symbol.dispose](): void {
    this.#blocks?.giveBack(this.#buffer);
    this.#blocks?.giveBack(this.#room);
  }

  /** Where the member begins in the file. */
  get offset(): number {
    return this.#offset;
  }

  get kind(): MemberKind {
    return this.#kind;
  }

  /** Bytes of the member, uncompressed, that lie before `data`. */
  get position(): number {
    return this.#passed;
  }

  /** Where in the file the bytes end that were needed so far; of a member read to its end, where that ends. */
  get fileEnd(): number {
    return this.#kind === 'plain' ? this.#offset + this.#passed : this.#inputAt;
  }

  /** What is wrong with the member, one phrase, once that was met. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Another member may follow at `fileEnd`: where this one ends is known. */
  get canGoOn(): boolean {
    return this.#canGoOn;
  }

  /** Bytes of the file behind `data`'s start; not known of compressed ones. */
  get remaining(): number {
    return this.#kind === 'plain' ? this.#bytes.sizeBytes - this.fileEnd : Infinity;
  }

  /** The bytes at hand; a view that ends with the next call. */
  get data(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** At most so many bytes of the file, as they stand there. */
  rawAt(offset: number, length: number): Uint8Array {
    return this.#input(offset, length).subarray(0, length);
  }

  /** What kind of member begins at this place of the file. */
  kindAt(offset: number): 'gzip' | 'zstd' | undefined {
    const head = this.#input(offset, 4);
    return isGzipMember(head) ? 'gzip' : isZstdFrame(head) ? 'zstd' : undefined;
  }

  /** The first uncompressed bytes of the member that begins there; none where it is none. */
  peek(offset: number, length: number): Uint8Array {
    const kind = this.kindAt(offset);
    if (kind === undefined) return this.#input(offset, length).subarray(0, length);
    const input = this.#input(offset, STEP_BYTES + (kind === 'gzip' ? MAX_GZIP_HEADER : 0));
    const from = kind === 'gzip' ? gzipHeaderLength(input) : 0;
    if (from === undefined || from >= input.length) return NOTHING;
    const output = Buffer.allocUnsafe(length);
    const decoder = this.#peekDecoder(kind);
    decoder.reset();
    return output.subarray(0, decoder.step(input.subarray(from), output).produced);
  }

  /** Goes to a member of the file. */
  open(offset: number, kind: MemberKind): void {
    this.#kind = kind;
    this.#offset = offset;
    this.#start = 0;
    this.#end = 0;
    this.#passed = 0;
    this.#fault = undefined;
    this.#canGoOn = true;
    this.#begin(offset);
  }

  /** Makes `length` bytes available, or all that the member has. Returns how many there are, perhaps more. */
  ensure(length: number): number {
    while (this.#end - this.#start < length && this.#isOpen) this.#fill();
    return this.#end - this.#start;
  }

  /** As `ensure`; where the member ends before, and `isEnd` does not say that the next begins anew, reading goes on in the next. */
  ensureAcross(length: number, isEnd: (next: Uint8Array) => boolean): number {
    while (this.ensure(length) < length && this.#join(isEnd));
    return this.#end - this.#start;
  }

  /** Passes over bytes, at hand or not; returns how many there were. */
  skip(length: number, isEnd: (next: Uint8Array) => boolean): number {
    let left = length;
    while (left > 0) {
      if (this.#kind === 'plain' && this.#start === this.#end) {
        const step = Math.min(left, this.remaining);
        this.#passed += step;
        this.#inputAt += step;
        return length - left + step;
      }
      if (this.#start === this.#end && this.ensureAcross(1, isEnd) === 0) break;
      const step = Math.min(left, this.#end - this.#start);
      this.#start += step;
      this.#passed += step;
      left -= step;
    }
    return length - left;
  }

  #begin(offset: number): void {
    this.#inputAt = offset;
    this.#isOpen = true;
    this.#memberAt = offset;
    this.#memberSize = 0;
    this.#memberCrc = 0;
    if (this.#kind === 'gzip') {
      const header = gzipHeaderLength(this.#input(offset, MAX_GZIP_HEADER));
      if (header === undefined) return this.#break('gzip member truncated');
      this.#inputAt += header;
      (this.#inflate ??= inflateDecoder()).reset();
    } else if (this.#kind === 'zstd') (this.#zstd ??= zstdDecoder(this.#dictionary)).reset();
  }

  #join(isEnd: (next: Uint8Array) => boolean): boolean {
    if (this.#kind === 'plain' || this.#isOpen || !this.#canGoOn) return false;
    const at = this.#inputAt;
    if (this.kindAt(at) !== this.#kind || isEnd(this.peek(at, 2048))) return false;
    this.#begin(at);
    return true;
  }

  #fill(): void {
    this.#makeRoom(STEP_BYTES);
    if (this.#kind === 'plain') return this.#fillPlain();
    const input = this.#input(this.#inputAt, STEP_BYTES).subarray(0, STEP_BYTES);
    if (input.length === 0 && this.#kind === 'gzip') return this.#break('gzip member truncated');
    // a frame has no trailer whose bytes would show its end; a byte that cannot belong to it does, given with the last
    // byte alone, since a frame that is cut there takes it for its own and is damaged by it
    const isAtEnd = this.#kind === 'zstd' && this.#inputAt + input.length === this.#bytes.sizeBytes;
    const isShown = isAtEnd && input.length <= 1;
    const given = isShown ? Buffer.concat([input, END_MARK]) : isAtEnd ? input.subarray(0, -1) : input;
    const step = this.#decoder.step(given, this.#buffer.subarray(this.#end));
    this.#add(step.produced);
    this.#inputAt += Math.min(step.consumed, input.length);
    if (isShown && (step.state === 'corrupt' || step.consumed > input.length))
      this.#break('zstd member truncated');
    else if (step.state === 'corrupt') this.#salvage();
    else if (step.state === 'end') this.#finish();
  }

  #peekDecoder(kind: 'gzip' | 'zstd'): StreamDecoder {
    return kind === 'gzip'
      ? (this.#peekInflate ??= inflateDecoder())
      : (this.#peekZstd ??= zstdDecoder(this.#dictionary));
  }

  get #decoder(): StreamDecoder {
    return (this.#kind === 'gzip' ? this.#inflate : this.#zstd)!; // made in #begin
  }

  #fillPlain(): void {
    const space = Math.min(this.#buffer.length - this.#end, WINDOW_BYTES);
    const input = this.#input(this.#inputAt, space).subarray(0, space);
    this.#buffer.set(input, this.#end);
    this.#end += input.length;
    this.#inputAt += input.length;
    if (input.length === 0) this.#isOpen = false;
  }

  #add(produced: number): void {
    if (this.#checksCrc && this.#kind === 'gzip') {
      this.#memberCrc = crc32(this.#buffer.subarray(this.#end, this.#end + produced), this.#memberCrc);
    }
    this.#end += produced;
    this.#memberSize += produced;
  }

  /** What a small damaged member still gives, which the step that failed does not tell. */
  #salvage(): void {
    if (this.#kind === 'gzip' && this.#memberSize === 0) {
      const input = this.#input(this.#memberAt, STEP_BYTES).subarray(0, STEP_BYTES);
      this.#makeRoom(FIRST_BUFFER_BYTES);
      const { bytes } = readGzipMember(input, this.#buffer.length - this.#end);
      this.#buffer.set(bytes, this.#end);
      this.#end += bytes.length;
      // whoever reads the record again needs as many bytes
      this.#inputAt = this.#memberAt + input.length;
    }
    this.#break(`${this.#kind} member corrupt`);
  }

  /** The trailer of a gzip member (RFC 1952 §2.3.1): CRC and size. */
  #finish(): void {
    this.#isOpen = false;
    if (this.#kind !== 'gzip') return;
    const trailer = this.#input(this.#inputAt, 8);
    if (trailer.length < 8) return this.#break('gzip member truncated');
    const view = new DataView(trailer.buffer, trailer.byteOffset, 8);
    const isIntact =
      view.getUint32(4, true) === this.#memberSize % 2 ** 32 &&
      (!this.#checksCrc || view.getUint32(0, true) === this.#memberCrc);
    this.#inputAt += 8;
    if (!isIntact) this.#fault = 'gzip member corrupt';
  }

  #break(fault: string): void {
    this.#isOpen = false;
    this.#fault = fault;
    this.#canGoOn = false;
  }

  #makeRoom(least: number): void {
    if (this.#buffer.length - this.#end >= least) return;
    const held = this.#end - this.#start;
    let size = this.#buffer.length || this.#firstBytes();
    while (size - held < Math.max(least, size / 2)) size *= 2;
    const buffer = this.#buffer;
    if (size > buffer.length) this.#buffer = this.#take(size);
    this.#buffer.set(buffer.subarray(this.#start, this.#end));
    if (size > buffer.length) this.#blocks?.giveBack(buffer);
    this.#start = 0;
    this.#end = held;
  }

  #take(size: number): Uint8Array {
    return this.#blocks?.take(size) ?? Buffer.allocUnsafe(size);
  }

  #firstBytes(): number {
    return Math.min(FIRST_BUFFER_BYTES, Math.max(2 * STEP_BYTES, 4 * this.#bytes.sizeBytes));
  }

  /** Bytes of the file from `offset`, at least `length` of them if there are so many. */
  #input(offset: number, length: number): Uint8Array {
    const at = offset - this.#windowAt;
    const available = Math.max(0, Math.min(length, this.#bytes.sizeBytes - offset));
    if (at < 0 || at + available > this.#window.length) {
      const size = Math.min(Math.max(length, WINDOW_BYTES), Math.max(0, this.#bytes.sizeBytes - offset));
      if (this.#room.length < size) {
        const most = Math.min(WINDOW_BYTES, this.#bytes.sizeBytes);
        this.#blocks?.giveBack(this.#room);
        this.#room = this.#take(Math.max(size, most));
      }
      this.#window = size === 0 ? NOTHING : this.#bytes.read(offset, size, this.#room);
      this.#windowAt = offset;
      return this.#window;
    }
    return this.#window.subarray(at);
  }
}
