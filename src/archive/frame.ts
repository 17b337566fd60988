import type { StreamDecoder } from './stream-decoder.ts';

/** What went wrong in a compressed stream: it stops early, its bytes are wrong, or it would grow past the limit. */
export type FrameFault = 'truncated' | 'corrupt' | 'limit';

/** One compressed stream, decoded as far as can be. */
export interface Frame {
  readonly bytes: Uint8Array;
  /** Bytes of input that belong to it. */
  readonly consumed: number;
  readonly fault?: FrameFault | undefined;
}

interface DecoderOptions {
  readonly info: true;
  readonly maxOutputLength: number;
}

/** A one-shot decoder of node:zlib, and the same piece by piece. */
export interface Decoder {
  readonly decode: (bytes: Uint8Array, options: DecoderOptions) => unknown;
  readonly open: () => StreamDecoder;
}

const FIRST_OUTPUT_BYTES = 64 * 1024;
/** Of a damaged stream, what its last good pieces hold is given; it is cut into so many. */
const PIECES = 4096;

/**
 * Decodes the stream at the start of `bytes`; what follows it is left alone. Where it is cut, damaged or too large, the
 * decoders of node:zlib give nothing at all; so it is read again piece by piece, once: up to its end, up to `maxBytes`, or up to
 * the damage, exact to 1/4096 of the input. Never throws.
 */
export function decodeFrame(decoder: Decoder, bytes: Uint8Array, maxBytes: number): Frame {
  const whole = decodeWhole(decoder, bytes, maxBytes);
  if (typeof whole !== 'string') return whole;
  const pieceBytes = whole === 'corrupt' ? Math.ceil(bytes.length / PIECES) : bytes.length;
  return { bytes: decodeStart(decoder, bytes, maxBytes, pieceBytes), consumed: bytes.length, fault: whole };
}

function decodeWhole(
  { decode }: Decoder,
  bytes: Uint8Array,
  maxBytes: number,
): { bytes: Uint8Array; consumed: number } | FrameFault {
  try {
    const result = decode(bytes, { info: true, maxOutputLength: Math.max(1, maxBytes) });
    // with `info` node:zlib returns the buffer beside its engine, which its type declarations leave out
    const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
    return buffer.length > maxBytes ? 'limit' : { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'limit';
    return code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt';
  }
}

/** One each, since a decoder holds memory outside of the heap. */
const opened = new Map<Decoder, StreamDecoder>();

function decodeStart(decoder: Decoder, bytes: Uint8Array, maxBytes: number, pieceBytes: number): Uint8Array {
  let stream = opened.get(decoder);
  if (stream === undefined) opened.set(decoder, (stream = decoder.open()));
  stream.reset();
  let output = Buffer.allocUnsafe(Math.min(FIRST_OUTPUT_BYTES, maxBytes));
  let size = 0;
  let at = 0;
  while (size < maxBytes && (at < bytes.length || size === output.length)) {
    if (size === output.length) {
      const larger = Buffer.allocUnsafe(Math.min(2 * size, maxBytes));
      output.copy(larger);
      output = larger;
    }
    const step = stream.step(bytes.subarray(at, at + pieceBytes), output.subarray(size));
    at += step.consumed;
    size += step.produced;
    if (step.state !== 'more') break;
  }
  return output.subarray(0, size);
}
