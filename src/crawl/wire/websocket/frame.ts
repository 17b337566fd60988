import type { ByteReader } from '../byte-reader.ts';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8 } as const;

/** One frame of RFC 6455 §5.2, unmasked. */
export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  /** RSV1: the message is compressed (RFC 7692 §6). */
  readonly isCompressed: boolean;
  /** At most as many bytes as were asked for. */
  readonly payload: Uint8Array;
  readonly isCut: boolean;
  readonly at: number;
}

const PIECE_BYTES = 64 * 1024;

/** The next frame with at most `maxBytes` of its payload; undefined at the end or where the frame is not whole. */
export function readFrame(reader: ByteReader, maxBytes: number): Frame | undefined {
  const start = reader.take(2);
  if (start === undefined) return undefined;
  const [first, second] = [start[0]!, start[1]!]; // two bytes were taken
  const length = payloadLength(reader, second & 0x7f);
  if (length === undefined) return undefined;
  const mask = (second & 0x80) === 0 ? undefined : reader.take(4);
  if (mask === undefined && (second & 0x80) !== 0) return undefined;
  const payload = takePayload(reader, length, maxBytes);
  if (payload === undefined) return undefined;
  if (mask !== undefined)
    for (let index = 0; index < payload.length; index++) payload[index]! ^= mask[index & 3]!;
  return {
    opcode: first & 0x0f,
    isFinal: (first & 0x80) !== 0,
    isCompressed: (first & 0x40) !== 0,
    payload,
    isCut: payload.length < length,
    at: reader.at,
  };
}

function payloadLength(reader: ByteReader, short: number): number | undefined {
  if (short < 126) return short;
  const bytes = reader.take(short === 126 ? 2 : 8);
  return bytes?.reduce((value, byte) => value * 256 + byte, 0);
}

/** A copy, so that unmasking leaves the record as it is. */
function takePayload(reader: ByteReader, length: number, maxBytes: number): Uint8Array | undefined {
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  for (let left = length; left > 0;) {
    const bytes = reader.takeSome(Math.min(left, PIECE_BYTES));
    if (bytes === undefined) return undefined;
    left -= bytes.length;
    if (keptBytes < maxBytes) kept.push(bytes.subarray(0, maxBytes - keptBytes));
    keptBytes += Math.min(bytes.length, maxBytes - keptBytes);
  }
  return Buffer.concat(kept);
}
