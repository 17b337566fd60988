import type { Capture, Sha256 } from '#model';
import { CAPTURE_PATH, RECORDS_PATH, WARC_NAME } from './bundle-paths.ts';
import { sizeOf, type ByteSource } from './byte-source.ts';
import type { CaptureSource } from './capture-source.ts';
import { toCdxj, type CdxEntry } from './cdxj.ts';
import { dataPackageFiles } from './data-package.ts';
import { ArchiveError } from './errors.ts';
import {
  downloadRecord,
  isPlayable,
  readingCopyRecord,
  requestRecord,
  responseRecord,
  warcinfoRecord,
} from './exchange-records.ts';
import { FileSink } from './file-sink.ts';
import { pagesOf, toPagesJsonl } from './pages.ts';
import { headerValue } from './payload.ts';
import type { RecordTable } from './record-table.ts';
import { requestKey } from './request-key.ts';
import { WarcWriter } from './warc-writer.ts';
import { ZipWriter } from './zip-writer.ts';

/** Gzip, record headers and ZIP fields around each record stay below this. */
const RECORD_OVERHEAD_BYTES = 256 * 1024;

/**
 * Keeps a capture as a WACZ 1.1.1 bundle at `path`. Once it returns, the file survives a crash; if it fails, there is
 * no file. The same capture gives the same bytes. Bodies are never held in memory as a whole.
 */
export async function writeBundle(
  source: CaptureSource,
  path: string,
): Promise<{ path: string; sizeBytes: number; sha256: Sha256 }> {
  const { capture } = source;
  capture.exchanges.forEach(({ id }, index) => {
    if (id !== index)
      throw new ArchiveError('archive-bad-source', `exchange ${index} has id ${id}`, { file: path });
  });
  await using sink = await FileSink.create(path);
  const zip = new ZipWriter(sink, new Date(Date.parse(capture.finishedAt) || 0));
  const { entries, table } = await writeWarc(source, zip);
  await zip.add('indexes/index.cdxj', utf8(toCdxj(entries)), 'stored');
  const pages = pagesOf(capture, (textPath) => textAttachment(source, textPath));
  await zip.add('pages/pages.jsonl', utf8(toPagesJsonl(pages)), 'deflated');
  await zip.add(CAPTURE_PATH, utf8(JSON.stringify(capture)), 'deflated');
  await zip.add(RECORDS_PATH, utf8(JSON.stringify(table)), 'deflated');
  for (const [name, bytes] of source.attachments) {
    if (!name.startsWith('adit/')) {
      throw new ArchiveError('archive-bad-source', `attachment ${name} is not below adit/`, { file: path });
    }
    await zip.add(name, bytes, /\.(?:png|jpe?g|webp|gz)$/.test(name) ? 'stored' : 'deflated');
  }
  for (const { name, text } of dataPackageFiles(about(capture, pages[0]), zip.resources)) {
    await zip.add(name, utf8(text), 'deflated');
  }
  await zip.finish();
  return { path, ...(await sink.commit()) };
}

/** Response before request, so that players which read the file in order have the body first. */
async function writeWarc(
  source: CaptureSource,
  zip: ZipWriter,
): Promise<{ entries: CdxEntry[]; table: RecordTable }> {
  const { capture } = source;
  const file = await zip.begin(`archive/${WARC_NAME}`, warcSizeBound(source));
  const warc = new WarcWriter(file);
  const entries: CdxEntry[] = [];
  const table: RecordTable = { version: 1, warc: WARC_NAME, exchanges: [], downloads: [] };
  await warc.write(warcinfoRecord(capture, WARC_NAME));
  for (const exchange of capture.exchanges) {
    const sent = source.requestBytes(exchange.id);
    const places: RecordTable['exchanges'][number] = { id: exchange.id };
    if (exchange.response !== undefined) {
      const received = source.responseBytes(exchange.id);
      const record = responseRecord(capture, exchange, received);
      places.response = await warc.write(record);
      const copy = readingCopyRecord(capture, exchange, received);
      const copyPlace = copy === undefined ? undefined : await warc.write(copy);
      const { url: key, ...request } = requestKey(
        record.uri,
        { method: exchange.method, headers: exchange.request.headers },
        sent,
      );
      if (isPlayable(exchange)) {
        entries.push({
          ...indexed(copy ?? record, copyPlace ?? places.response),
          key,
          ...request,
          mediaType: mediaType(copy?.mediaType ?? headerValue(exchange.response.headers, 'content-type')),
          status: exchange.response.status,
        });
      }
    }
    places.request = await warc.write(requestRecord(capture, exchange, sent));
    table.exchanges.push(places);
  }
  for (const download of capture.downloads) {
    const bytes = source.downloadBytes(download.id);
    if (bytes === undefined) continue;
    const record = downloadRecord(capture, download, bytes);
    const resource = await warc.write(record);
    entries.push({ ...indexed(record, resource), key: record.uri, mediaType: record.mediaType, status: 200 });
    table.downloads.push({ id: download.id, resource });
  }
  await file.end();
  return { entries, table };
}

function indexed(
  record: { readonly uri: string; readonly date: string; readonly payloadDigest: string },
  place: { readonly offset: number; readonly length: number },
): Pick<CdxEntry, 'url' | 'date' | 'digest' | 'offset' | 'length' | 'filename'> {
  return { url: record.uri, date: record.date, digest: record.payloadDigest, ...place, filename: WARC_NAME };
}

function mediaType(contentType: string | undefined): string | undefined {
  return contentType?.split(';')[0]!.trim() || undefined;
}

/** How large the WARC file can become at most: stored gzip blocks add 5 bytes to every 64 KiB. */
function warcSizeBound(source: CaptureSource): number {
  const size = (bytes: ByteSource | undefined): number =>
    bytes === undefined ? 0 : Math.ceil(sizeOf(bytes) * 1.001);
  const exchanges = source.capture.exchanges.map(
    ({ id, response }) =>
      size(source.responseBytes(id)) +
      (response?.body?.sizeBytes ?? 0) + // of a reading copy
      size(source.requestBytes(id)) +
      3 * RECORD_OVERHEAD_BYTES,
  );
  const downloads = source.capture.downloads.map(
    ({ id }) => size(source.downloadBytes(id)) + RECORD_OVERHEAD_BYTES,
  );
  return [...exchanges, ...downloads].reduce((sum, bytes) => sum + bytes, RECORD_OVERHEAD_BYTES);
}

function about(
  capture: Capture,
  mainPage: { readonly url: string; readonly ts: string },
): Parameters<typeof dataPackageFiles>[0] {
  return {
    software: capture.software,
    created: capture.finishedAt,
    title: capture.title === undefined ? capture.url : capture.title,
    mainPageUrl: mainPage.url,
    mainPageDate: mainPage.ts,
  };
}

function textAttachment(source: CaptureSource, path: string): string | undefined {
  const bytes = source.attachments.get(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes.subarray(0, 256 * 1024));
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
