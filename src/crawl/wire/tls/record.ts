import { ByteReader } from '../byte-reader.ts';
import type { ChunkSource } from '../chunk-source.ts';

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** One TLS record as sent (RFC 8446 §5.1). */
export interface TlsRecord {
  readonly type: number;
  /** The five bytes before the fragment. */
  readonly header: Uint8Array;
  readonly fragment: Uint8Array;
  /** When its last byte arrived. */
  readonly at: number;
}

const HEADER_BYTES = 5;
/** RFC 5246 §6.2.3: the largest protected fragment. */
const MAX_FRAGMENT_BYTES = 16_384 + 2_048;

/** Cuts a direction into records. Ends at the first bytes that are none, or at a record that is not whole. */
export class RecordReader {
  readonly #reader: ByteReader;
  /** The stream went on with bytes that are no TLS record. */
  isBroken = false;
  /** The stream ended inside a record. */
  isCut = false;

  constructor(source: ChunkSource) {
    this.#reader = new ByteReader(source);
  }

  next(): TlsRecord | undefined {
    const start = this.#reader.peek(HEADER_BYTES);
    if (start.length < HEADER_BYTES) {
      this.isCut ||= start.length > 0;
      return undefined;
    }
    const [type, major] = start;
    const length = (start[3]! << 8) | start[4]!; // five bytes are there
    if (
      type! < CONTENT.changeCipherSpec ||
      type! > CONTENT.applicationData ||
      major !== 3 ||
      length > MAX_FRAGMENT_BYTES
    ) {
      this.isBroken = true;
      return undefined;
    }
    const record = this.#reader.take(HEADER_BYTES + length);
    if (record === undefined) {
      this.isCut = true;
      return undefined;
    }
    return {
      type: type!,
      header: record.subarray(0, HEADER_BYTES),
      fragment: record.subarray(HEADER_BYTES),
      at: this.#reader.at,
    };
  }
}

/** Whether bytes may be the beginning of a TLS connection: a handshake record. */
export function looksLikeTls(start: Uint8Array): boolean {
  return start[0] === CONTENT.handshake && start[1] === 3;
}
