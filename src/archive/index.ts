/**
 * Captures on disk: each one a WACZ 1.1.1 bundle of WARC 1.1 records, index, pages and manifest, with Adit's own JSON inside; and
 * the archives of others: WARC, ARC, WACZ, HAR.
 *
 * Promises: bytes and headers stay as they were received, in their order; a bundle appears whole or not at all; every body is read
 * at random; nothing that is read back is trusted, and what is wrong with a file is said with its byte offset
 * (`ArchiveError`). Hostile headers, URLs and bodies change neither the framing of the records nor each other.
 * Archives of others are read as far as they can be: what is wrong in them is reported with file and byte offset, and passed over.
 * Leaves to others: making captures (`crawl`), what they mean (`extract`), where bundles lie and how they are named (`pipeline`).
 */
export { indexArchive, type IndexedRecord } from './archive-index.ts';
export { CDX_HEADER, toCdxjLine, toCdxLine } from './cdx-line.ts';
export { readArchive, type ReadArchiveOptions } from './archive-file.ts';
export { formatOf, type ArchiveFormat } from './archive-format.ts';
export type { ArchiveProblem } from './archive-problem.ts';
export type { WarcRecord } from './archive-record.ts';
export type { ArchivedExchange, ArchivePlace } from './archived-exchange.ts';
export { toArchivedPage, type ArchivedPage } from './archived-page.ts';
export { BlockRoom } from './block-room.ts';
export { openBundle, type Bundle, type StoredMessage } from './bundle-reader.ts';
export { readExchangeAt, splitName } from './place-reader.ts';
export { writeBundle } from './bundle-writer.ts';
export { piecesOf, readSource, sizeOf, type ByteSource } from './byte-source.ts';
export { toCaptureReader, type CaptureSource } from './capture-source.ts';
export { dechunk, type DechunkedBody } from './chunked.ts';
export { decodeContent, type DecodedContent } from './content-coding.ts';
export { ArchiveError, type ArchiveErrorCode } from './errors.ts';
export { ForeignRevisits } from './foreign-revisits.ts';
export { magicType } from './magic.ts';
export { PageGrouper, type ExchangeGroup, type GroupLimits } from './page-grouper.ts';
export { passwordZip } from './password-zip.ts';
export { describeBody, MAX_PAYLOAD_BYTES } from './payload.ts';
