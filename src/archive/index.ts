/**
 * Captures on disk: each one a WACZ 1.1.1 bundle of WARC 1.1 records, index, pages and manifest, with Adit's own JSON inside.
 *
 * Promises: bytes and headers stay as they were received, in their order; a bundle appears whole or not at all; every body is read
 * at random; nothing that is read back is trusted, and what is wrong with a file is said with its byte offset
 * (`ArchiveError`). Hostile headers, URLs and bodies change neither the framing of the records nor each other.
 * Leaves to others: making captures (`crawl`), what they mean (`extract`), where bundles lie and how they are named (`pipeline`).
 */
export { openBundle, type Bundle, type StoredMessage } from './bundle-reader.ts';
export { writeBundle } from './bundle-writer.ts';
export { piecesOf, readSource, sizeOf, type ByteSource } from './byte-source.ts';
export { toCaptureReader, type CaptureSource } from './capture-source.ts';
export { dechunk, type DechunkedBody } from './chunked.ts';
export { decodeContent, type DecodedContent } from './content-coding.ts';
export { ArchiveError, type ArchiveErrorCode } from './errors.ts';
export { magicType } from './magic.ts';
export { describeBody, MAX_PAYLOAD_BYTES } from './payload.ts';
