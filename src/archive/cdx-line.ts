import type { IndexedRecord } from './archive-index.ts';

/** First line of a file of `toCdxLine`s. */
export const CDX_HEADER = ' CDX N b a m s k r M S V g';

/** CDXJ 0.1: `SURT timestamp JSON`; what is not known is left out, but the media type is `unk`. */
export function toCdxjLine(record: IndexedRecord): string {
  const { urlKey, timestamp, url, mime = 'unk', status, digest, length, offset, filename } = record;
  const fields = {
    url,
    mime,
    status: status === undefined ? undefined : String(status),
    digest,
    length: String(length),
    offset: String(offset),
    filename,
    method: record.method,
    requestBody: record.requestBody,
  };
  return `${urlKey} ${timestamp} ${JSON.stringify(fields)}`;
}

/** CDX of eleven columns (`CDX_HEADER`); `-` is what is not known. No value has a blank in it. */
export function toCdxLine(record: IndexedRecord): string {
  const { urlKey, timestamp, url, mime = 'unk', status, digest, length, offset, filename } = record;
  return [urlKey, timestamp, url, mime, status, digest, undefined, undefined, length, offset, filename]
    .map((value) => String(value ?? '-').replace(/\s/g, (blank) => encodeURIComponent(blank)) || '-')
    .join(' ');
}
