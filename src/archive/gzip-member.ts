import { crc32, inflateRawSync } from 'node:zlib';
import { decodeFrame, type Decoder, type Frame } from './frame.ts';
import { inflateDecoder } from './stream-decoder.ts';

const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const TRAILER_BYTES = 8;

/** Whether a gzip member (RFC 1952) begins here. */
export function isGzipMember(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/**
 * Reads one gzip member from the start of `bytes` and says where it ends, which the many-member readers of
 * node:zlib do not tell. At most `maxBytes` are given out. Never throws.
 */
export function readGzipMember(bytes: Uint8Array, maxBytes: number): Frame {
  const start = gzipHeaderLength(bytes);
  if (start === undefined) return { bytes: new Uint8Array(0), consumed: bytes.length, fault: 'truncated' };
  const body = bytes.subarray(start);
  const frame = decodeFrame(inflateRaw, body, maxBytes);
  if (frame.fault !== undefined) return { ...frame, consumed: bytes.length };
  const trailer = start + frame.consumed;
  const consumed = trailer + TRAILER_BYTES;
  if (bytes.length < consumed) return { bytes: frame.bytes, consumed: bytes.length, fault: 'truncated' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + trailer, TRAILER_BYTES);
  const isIntact =
    view.getUint32(0, true) === crc32(frame.bytes) && view.getUint32(4, true) === frame.bytes.length >>> 0;
  return { bytes: frame.bytes, consumed, fault: isIntact ? undefined : 'corrupt' };
}

const inflateRaw: Decoder = { decode: inflateRawSync, open: inflateDecoder };

/** Length of the member header with its optional fields (RFC 1952 §2.3); undefined where it is cut off. */
export function gzipHeaderLength(bytes: Uint8Array): number | undefined {
  const flags = bytes[3];
  if (flags === undefined) return undefined;
  let at = 10;
  if (flags & FEXTRA) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const field of [FNAME, FCOMMENT]) {
    if (!(flags & field)) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    at = end + 1;
  }
  if (flags & FHCRC) at += 2;
  return at <= bytes.length ? at : undefined;
}
