import { CDXIndexer, WARCParser } from 'warcio';
import { ZipReader } from './zip-reader.ts';

/** A record as the independent reader sees it. */
export interface OracleRecord {
  readonly type: string;
  readonly uri: string | null;
  readonly offset: number;
  readonly length: number;
  /** WARC header fields; repeated ones are joined by `, `. */
  readonly header: (name: string) => string | null;
  /** The block as it is. */
  readonly block: Uint8Array;
}

/** The WARC file of a bundle. */
export function warcOf(bundle: string): Uint8Array {
  using zip = new ZipReader(bundle);
  return zip.read(zip.entry('archive/data.warc.gz')!, 1e9);
}

/** A text file of a bundle. */
export function textOf(bundle: string, name: string): string {
  using zip = new ZipReader(bundle);
  return new TextDecoder().decode(zip.read(zip.entry(name)!, 1e9));
}

/** Every record of a WARC file, read by npm warcio with HTTP parsing off, so that blocks come byte for byte. */
export async function oracleRecords(warc: Uint8Array): Promise<OracleRecord[]> {
  const parser = new WARCParser([warc], { parseHttp: false });
  const records: OracleRecord[] = [];
  for await (const record of parser) {
    const block = await record.readFully(false);
    const { headers } = record.warcHeaders;
    records.push({
      type: record.warcType,
      uri: record.warcTargetURI ?? null,
      offset: parser.offset,
      length: parser.recordLength,
      header: (name) => headers.get(name) ?? null,
      block,
    });
  }
  return records;
}

/** Lines of the CDXJ index that npm warcio makes of a WARC file, in file order. */
export async function oracleIndex(warc: Uint8Array): Promise<Record<string, unknown>[]> {
  const indexer = new CDXIndexer({ format: 'cdxj' });
  const rows: Record<string, unknown>[] = [];
  const reader = (async function* () {
    yield warc;
  })();
  for await (const row of indexer.iterIndex([{ filename: 'data.warc.gz', reader }])) rows.push({ ...row });
  return rows;
}
