import { brotliDecompressSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { decodeFrame, type Decoder, type Frame, type FrameFault } from './frame.ts';
import { isGzipMember, readGzipMember } from './gzip-member.ts';
import { brotliDecoder, inflateDecoder, zlibDecoder, zstdDecoder } from './stream-decoder.ts';

/** More codings on one body than this are not undone. */
const MAX_CODINGS = 5;

/** Streams in a row within one body; real servers send one. Each costs a decoder, however small it is. */
const MAX_FRAMES = 1_000;

const FAULTS: Readonly<Record<FrameFault, string>> = {
  truncated: 'ends early',
  corrupt: 'is damaged',
  limit: 'is larger than the limit',
};

/** A body with its content codings undone. */
export interface DecodedContent {
  readonly bytes: Uint8Array;
  /** One phrase, e.g. `gzip: ends early`. Undefined: all is well. */
  readonly fault?: string;
}

/**
 * Undoes Content-Encoding (RFC 9110 §8.4): gzip, x-gzip, deflate (zlib or raw), br, zstd and stacks of them. At most
 * `maxBytes` are given out. What cannot be undone wholly gives what can be had and a `fault`; a body that is not
 * coded as its header says comes back as it is, with a fault. Never throws.
 */
export function decodeContent(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): DecodedContent {
  const { bytes: decoded, fault } = decodeCodings(bytes, contentEncoding, maxBytes);
  return fault === undefined ? { bytes: decoded } : { bytes: decoded, fault };
}

/** As `decodeContent`, and whether the payload is whole despite the fault: only bytes behind its end were left over. */
export function decodeCodings(
  bytes: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): DecodedContent & { readonly isWhole: boolean } {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) {
    return { bytes, fault: `${codings.length} content codings`, isWhole: false };
  }
  const faults: string[] = [];
  let isWhole = true;
  let current = bytes;
  for (const coding of codings.reverse()) {
    if (current.length === 0) break;
    const step = decodeCoding(current, coding, maxBytes);
    if (step.fault !== undefined) faults.push(`${coding.slice(0, 40)}: ${step.fault}`);
    isWhole &&= step.isWhole;
    if (step.bytes === current) break; // this layer was none, so nothing is known of those below
    current = step.bytes;
  }
  if (current.length > maxBytes) {
    current = current.subarray(0, maxBytes);
    faults.push('identity: is larger than the limit');
    isWhole = false;
  }
  return { bytes: current, isWhole, ...(faults.length === 0 ? {} : { fault: faults.join('; ') }) };
}

type Step = DecodedContent & { readonly isWhole: boolean };

function decodeCoding(bytes: Uint8Array, coding: string, maxBytes: number): Step {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return decodeFrames(bytes, maxBytes, isGzipMember, readGzipMember);
    case 'zstd':
      return decodeFrames(bytes, maxBytes, isZstdFrame, (rest, max) => decodeFrame(zstd, rest, max));
    case 'br':
      return decodeFrames(bytes, maxBytes, undefined, (rest, max) => decodeFrame(brotli, rest, max));
    case 'deflate':
      return decodeFrames(bytes, maxBytes, undefined, (rest, max) =>
        decodeFrame(isZlibStream(rest) ? zlib : rawDeflate, rest, max),
      );
    default:
      return { bytes, fault: 'unknown content coding', isWhole: false };
  }
}

/** gzip and zstd bodies may be several streams in a row; `isFrame` tells whether another follows. */
function decodeFrames(
  bytes: Uint8Array,
  maxBytes: number,
  isFrame: ((bytes: Uint8Array) => boolean) | undefined,
  read: (bytes: Uint8Array, maxBytes: number) => Frame,
): Step {
  if (isFrame !== undefined && !isFrame(bytes)) return { bytes, fault: 'not coded so', isWhole: false };
  const parts: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  let frames = 0;
  do {
    if (++frames > MAX_FRAMES) return { bytes: concat(parts), fault: FAULTS.limit, isWhole: false };
    const frame = read(bytes.subarray(at), maxBytes - size);
    parts.push(frame.bytes);
    size += frame.bytes.length;
    if (frame.fault !== undefined) {
      const isUncoded = size === 0 && frame.fault === 'corrupt';
      return { bytes: isUncoded ? bytes : concat(parts), fault: FAULTS[frame.fault], isWhole: false };
    }
    at += frame.consumed;
  } while (at < bytes.length && isFrame?.(bytes.subarray(at)) === true);
  const rest = bytes.length - at;
  return {
    bytes: concat(parts),
    isWhole: true,
    ...(rest > 0 ? { fault: `${rest} bytes behind its end` } : {}),
  };
}

const concat = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? parts[0]! : Buffer.concat(parts);

const isZstdFrame = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;

/** RFC 1950 §2.2: method 8 and a header that is a multiple of 31. Servers send raw deflate under the same name. */
const isZlibStream = (bytes: Uint8Array): boolean =>
  (bytes[0]! & 15) === 8 && (256 * bytes[0]! + (bytes[1] ?? 0)) % 31 === 0;

const zlib: Decoder = { decode: inflateSync, open: zlibDecoder };
const rawDeflate: Decoder = { decode: inflateRawSync, open: inflateDecoder };
const brotli: Decoder = { decode: brotliDecompressSync, open: brotliDecoder };
const zstd: Decoder = { decode: zstdDecompressSync, open: zstdDecoder };
