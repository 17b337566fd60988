import type { ByteReader } from '../byte-reader.ts';

/** Frame types that matter here (RFC 9113 §6). */
export const FRAME = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  goAway: 7,
  continuation: 9,
} as const;

export const FLAG = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

export const SETTING = { headerTableSize: 1 } as const;

export const CLIENT_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export interface FrameHeader {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

/** Undefined at the end, or where the frame header is not whole. */
export function readFrameHeader(reader: ByteReader): FrameHeader | undefined {
  const bytes = reader.take(9);
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    length: (view.getUint16(0) << 8) | view.getUint8(2),
    type: view.getUint8(3),
    flags: view.getUint8(4),
    stream: view.getUint32(5) & 0x7fff_ffff,
  };
}

/** Payload without padding (RFC 9113 §6.1); undefined where the padding is longer than the frame. */
export function withoutPadding(payload: Uint8Array, flags: number): Uint8Array | undefined {
  if ((flags & FLAG.padded) === 0) return payload;
  const padding = payload[0];
  if (padding === undefined || 1 + padding > payload.length) return undefined;
  return payload.subarray(1, payload.length - padding);
}

const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** Name of an error code (RFC 9113 §7). */
export function errorName(code: number): string {
  return ERROR_NAMES[code] ?? `error ${code}`;
}
