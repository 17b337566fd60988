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
  readonly finishFlush?: number;
  readonly maxOutputLength: number;
}

/** A one-shot decoder of node:zlib and the flush value that makes it accept input that ends early. */
export interface Decoder {
  readonly decode: (bytes: Uint8Array, options: DecoderOptions) => unknown;
  readonly flush: number;
}

/** Decodings that the search for the last good byte may cost. */
const MAX_PROBES = 12;

/**
 * Decodes the stream at the start of `bytes`; what follows it is left alone. Where it is cut, damaged or too large, the
 * decoders of node:zlib give nothing at all; so the longest prefix that still decodes is searched by halving,
 * exact to 1/4096 of the input. Never throws.
 */
export function decodeFrame(decoder: Decoder, bytes: Uint8Array, maxBytes: number): Frame {
  const whole = attempt(decoder, bytes, maxBytes);
  if (typeof whole !== 'string') return whole;
  if (whole === 'truncated') {
    const part = attempt(decoder, bytes, maxBytes, decoder.flush);
    if (typeof part !== 'string') return { ...part, fault: 'truncated' };
  }
  return { bytes: longestPrefix(decoder, bytes, maxBytes), consumed: bytes.length, fault: whole };
}

function longestPrefix(decoder: Decoder, bytes: Uint8Array, maxBytes: number): Uint8Array {
  let best = new Uint8Array(0);
  let good = 0;
  let bad = bytes.length;
  for (let probe = 0; probe < MAX_PROBES && bad - good > 1; probe++) {
    const middle = (good + bad) >> 1;
    const part = attempt(decoder, bytes.subarray(0, middle), maxBytes, decoder.flush);
    if (typeof part === 'string') {
      bad = middle;
    } else {
      good = middle;
      best = part.bytes;
    }
  }
  return best;
}

function attempt(
  { decode }: Decoder,
  bytes: Uint8Array,
  maxBytes: number,
  finishFlush?: number,
): { bytes: Uint8Array<ArrayBuffer>; consumed: number } | FrameFault {
  try {
    const result = decode(bytes, {
      info: true,
      maxOutputLength: Math.max(1, maxBytes),
      ...(finishFlush === undefined ? {} : { finishFlush }),
    });
    // with `info` node:zlib returns the buffer beside its engine, which its type declarations leave out
    const { buffer, engine } = result as { buffer: Buffer<ArrayBuffer>; engine: { bytesWritten: number } };
    return buffer.length > maxBytes ? 'limit' : { bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return 'limit';
    return code === 'Z_BUF_ERROR' ? 'truncated' : 'corrupt';
  }
}
