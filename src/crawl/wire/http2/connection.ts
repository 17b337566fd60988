import type { BodyStore } from '../body-store.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Message } from '../message.ts';
import {
  CLIENT_PREFACE,
  FLAG,
  FRAME,
  readFrameHeader,
  SETTING,
  withoutPadding,
  type FrameHeader,
} from './frame.ts';
import { HpackDecoder } from './hpack.ts';
import { Stream, type Side } from './stream.ts';

export interface Http2Result {
  /** In order of their streams, which is the order in which they were opened. */
  readonly messages: readonly Message[];
  /** Why not all of the connection was read. */
  readonly fault?: string;
}

const PIECE_BYTES = 64 * 1024;

/** Whether the client speaks HTTP/2. */
export function looksLikeHttp2(start: Uint8Array): boolean {
  return start.length > 0 && CLIENT_PREFACE.startsWith(Buffer.from(start).toString('latin1'));
}

/**
 * Reads an HTTP/2 connection: first all that the client said, then all that the server said, which is possible because
 * the only thing that the directions tell each other about their encoding is a bound (RFC 7541 §4.2).
 */
export function readHttp2(
  up: ByteReader,
  down: ByteReader,
  store: BodyStore,
  maxStreams: number,
): Http2Result {
  const streams = new Map<number, Stream>();
  const client = new HalfConnection('client', up, store, streams, maxStreams);
  const server = new HalfConnection('server', down, store, streams, maxStreams);
  up.take(CLIENT_PREFACE.length);
  const upFault = client.read((size) => server.hpack.allowTableBytes(size));
  // The client's decoder has done its work; what the server allows matters to it no more, so it starts generous.
  const downFault = server.read(() => {});
  const messages = [...streams.values()]
    .map((stream) => stream.toMessage())
    .filter((message) => message !== undefined);
  const fault = upFault ?? downFault;
  return fault === undefined ? { messages } : { messages, fault };
}

/** Frames of one direction, sorted to their streams. */
class HalfConnection {
  readonly hpack: HpackDecoder;
  readonly #side: Side;
  readonly #reader: ByteReader;
  readonly #store: BodyStore;
  readonly #streams: Map<number, Stream>;
  readonly #maxStreams: number;
  /** A header block that CONTINUATION frames go on with (RFC 9113 §4.3). */
  #block: { readonly parts: Uint8Array[]; size: number; readonly frame: FrameHeader } | undefined;

  constructor(
    side: Side,
    reader: ByteReader,
    store: BodyStore,
    streams: Map<number, Stream>,
    maxStreams: number,
  ) {
    this.#side = side;
    this.#reader = reader;
    this.#store = store;
    this.#streams = streams;
    this.#maxStreams = maxStreams;
    const { maxHeaderBytes, maxHeaders } = store.log.limits;
    this.hpack = new HpackDecoder({ maxListBytes: maxHeaderBytes, maxFields: maxHeaders });
    // What the server announces is not known before its direction is read, and bounds nothing but this table.
    if (side === 'client') this.hpack.allowTableBytes(Infinity);
  }

  /** Reads to the end; answers why it stopped early. */
  read(onTableBytes: (size: number) => void): string | undefined {
    for (;;) {
      const frame = readFrameHeader(this.#reader);
      if (frame === undefined) return undefined;
      const fault = frame.type === FRAME.data ? this.#readData(frame) : this.#readFrame(frame, onTableBytes);
      if (fault !== undefined) return `HTTP/2 ${this.#side}: ${fault}`;
      if (this.#reader.isAtEnd) return undefined;
    }
  }

  /** Data is passed on as it comes: a frame that was cut short still gives what there is of it. */
  #readData({ length, flags, stream: id }: FrameHeader): string | undefined {
    const padding = (flags & FLAG.padded) === 0 ? undefined : this.#reader.take(1)?.[0];
    const lead = padding === undefined ? 0 : 1;
    if (lead + (padding ?? 0) > length) return 'more padding than data';
    const stream = this.#stream(id);
    for (let left = length - lead - (padding ?? 0); left > 0;) {
      const bytes = this.#reader.takeSome(Math.min(left, PIECE_BYTES));
      if (bytes === undefined) return undefined;
      stream?.addData(this.#side, bytes, this.#reader.at);
      left -= bytes.length;
    }
    if (padding !== undefined && this.#reader.take(padding) === undefined) return undefined;
    if ((flags & FLAG.endStream) !== 0) stream?.end(this.#side);
    return undefined;
  }

  #readFrame(frame: FrameHeader, onTableBytes: (size: number) => void): string | undefined {
    const { maxHeaderBytes } = this.#store.log.limits;
    if (frame.length > maxHeaderBytes) return this.#tooLarge();
    const payload = this.#reader.take(frame.length);
    if (payload === undefined) return undefined;
    if (frame.type === FRAME.headers)
      return this.#startBlock(frame, payload, (frame.flags & FLAG.priority) === 0 ? 0 : 5);
    if (frame.type === FRAME.pushPromise) return this.#startBlock(frame, payload, 4);
    if (frame.type === FRAME.continuation) return this.#continueBlock(frame, payload);
    if (frame.type === FRAME.resetStream && payload.length === 4)
      this.#stream(frame.stream)?.reset(this.#side, Buffer.from(payload).readUInt32BE());
    if (frame.type === FRAME.settings && (frame.flags & FLAG.ack) === 0)
      readTableBytes(payload, onTableBytes);
    return undefined;
  }

  #startBlock(frame: FrameHeader, payload: Uint8Array, lead: number): string | undefined {
    const content = withoutPadding(payload, frame.flags);
    if (content === undefined || content.length < lead) return 'malformed header frame';
    this.#block = { parts: [], size: 0, frame };
    return this.#extendBlock(content.subarray(lead), frame.flags);
  }

  #continueBlock(frame: FrameHeader, payload: Uint8Array): string | undefined {
    if (this.#block === undefined || this.#block.frame.stream !== frame.stream) return 'stray CONTINUATION';
    return this.#extendBlock(payload, frame.flags);
  }

  #extendBlock(fragment: Uint8Array, flags: number): string | undefined {
    const block = this.#block;
    if (block === undefined) return undefined;
    block.parts.push(fragment);
    block.size += fragment.length;
    if (block.size > this.#store.log.limits.maxHeaderBytes) return this.#tooLarge();
    if ((flags & FLAG.endHeaders) === 0) return undefined;
    this.#block = undefined;
    return this.#finishBlock(block.frame, Buffer.concat(block.parts));
  }

  /** Every block must be decoded for the table's sake, also those of streams that nobody looks at. */
  #finishBlock(frame: FrameHeader, block: Uint8Array): string | undefined {
    const decoded = this.hpack.decode(block);
    if (decoded === undefined) return 'malformed header block';
    const at = this.#reader.at;
    if (decoded.isCut) this.#store.log.reach('maxHeaderBytes', at, 'later headers of a message were dropped');
    if (frame.type === FRAME.pushPromise) return undefined;
    const stream = this.#stream(frame.stream);
    stream?.addHeaders(this.#side, decoded.headers, at);
    if ((frame.flags & FLAG.endStream) !== 0) stream?.end(this.#side);
    return undefined;
  }

  /** Only what the client opened is a stream here: those that a server pushes are left out. */
  #stream(id: number): Stream | undefined {
    const known = this.#streams.get(id);
    if (known !== undefined || this.#side === 'server' || id % 2 === 0) return known;
    if (this.#streams.size >= this.#maxStreams) {
      this.#store.log.reach('maxExchanges', this.#reader.at, 'later exchanges were dropped');
      return undefined;
    }
    const stream = new Stream(id, this.#store);
    this.#streams.set(id, stream);
    return stream;
  }

  #tooLarge(): string {
    this.#store.log.reach(
      'maxHeaderBytes',
      this.#reader.at,
      'a message has larger headers; what follows it is not read',
    );
    return 'headers too large';
  }
}

function readTableBytes(payload: Uint8Array, onTableBytes: (size: number) => void): void {
  const settings = Buffer.from(payload);
  for (let at = 0; at + 6 <= settings.length; at += 6)
    if (settings.readUInt16BE(at) === SETTING.headerTableSize) onTableBytes(settings.readUInt32BE(at + 2));
}
