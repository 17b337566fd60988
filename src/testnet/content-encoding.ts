import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** A content-coding (RFC 9110 §8.4.1, RFC 7932, RFC 8878); `identity` is none. */
export type ContentEncoding = 'gzip' | 'br' | 'zstd' | 'deflate' | 'identity';

const TURN = ['br', 'gzip', 'zstd'] as const;
const TEXT = /^(?:text\/|application\/(?:javascript|json|manifest\+json|xml|xhtml\+xml)|image\/svg\+xml)/i;
const WORTH_BYTES = 200;
const QUICK_BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } };

/**
 * The encoding for a body where its site leaves it open: text of some size is compressed by one of br, gzip and zstd,
 * as the path falls, so that a page brings all three and a path always the same.
 */
export function chooseEncoding(
  path: string,
  mediaType: string,
  sizeBytes: number,
  accepted: string,
): ContentEncoding {
  if (sizeBytes < WORTH_BYTES || !TEXT.test(mediaType) || /^text\/event-stream/i.test(mediaType))
    return 'identity';
  const names = acceptedCodings(accepted);
  const start = Array.from(path).reduce((sum, char) => sum + (char.codePointAt(0) ?? 0), 0);
  const inTurn = TURN.map((_, index) => TURN[(start + index) % TURN.length]!);
  return inTurn.find((name) => names.has(name)) ?? 'identity';
}

function acceptedCodings(header: string): Set<string> {
  const codings = header.split(',').map((item) =>
    item
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  );
  return new Set(codings.filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? '')).map(([name]) => name!));
}

/** The whole body encoded; fast rather than small. */
export function encode(bytes: Uint8Array, encoding: ContentEncoding): Uint8Array {
  switch (encoding) {
    case 'gzip':
      return zlib.gzipSync(bytes, { level: 4 });
    case 'br':
      return zlib.brotliCompressSync(bytes, QUICK_BROTLI);
    case 'zstd':
      return zlib.zstdCompressSync(bytes);
    case 'deflate':
      return zlib.deflateSync(bytes, { level: 4 });
    case 'identity':
      return bytes;
  }
}

/** The same piece by piece; each piece is flushed so that it reaches the visitor at once. */
export function createEncoder(encoding: Exclude<ContentEncoding, 'identity'>): Transform {
  const { constants } = zlib;
  switch (encoding) {
    case 'gzip':
      return zlib.createGzip({ level: 4, flush: constants.Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliCompress({ ...QUICK_BROTLI, flush: constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return zlib.createZstdCompress({ flush: constants.ZSTD_e_flush });
    case 'deflate':
      return zlib.createDeflate({ level: 4, flush: constants.Z_SYNC_FLUSH });
  }
}
