import { z } from 'zod';
import {
  CAPTURE_VERSION,
  captureSchema,
  type Capture,
  type CaptureReader,
  type Download,
  type Exchange,
} from '#model';
import { CAPTURE_PATH, RECORDS_PATH } from './bundle-paths.ts';
import { readerOf } from './capture-source.ts';
import { manifestFaults } from './data-package-check.ts';
import { ArchiveError } from './errors.ts';
import { splitMessage } from './http-message.ts';
import { MAX_PAYLOAD_BYTES } from './payload.ts';
import { recordTableSchema, type RecordPlace, type RecordTable } from './record-table.ts';
import type { WarcRecord } from './archive-record.ts';
import { WarcReader } from './warc-reader.ts';
import { ZipReader } from './zip-reader.ts';

const MAX_JSON_BYTES = 256 * 1024 * 1024;
const MAX_ATTACHMENT_BYTES = 256 * 1024 * 1024;
/** WARC header and HTTP head together. */
const MAX_HEAD_BYTES = 4 * 1024 * 1024;

/** An HTTP message as it is kept: the head, and the body as received. */
export interface StoredMessage {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly record: WarcRecord;
}

/** A capture in its bundle. Close it after use. */
export interface Bundle extends CaptureReader, AsyncDisposable {
  readonly path: string;
  /** The messages of an exchange as kept, for showing evidence. A damaged record is an `ArchiveError`. */
  rawExchange(exchangeId: number): { readonly request?: StoredMessage; readonly response?: StoredMessage };
  /** Checks every file inside against the manifest, and the manifest against its digest. Empty: all is as it was written. */
  verify(): Promise<readonly string[]>;
}

/**
 * Opens a bundle. Nothing inside is trusted: the ZIP is checked, Adit's own JSON is parsed against the model's schemas,
 * offsets are bounded by the file. Faults are `ArchiveError`s that name the place.
 */
export async function openBundle(path: string): Promise<Bundle> {
  const zip = new ZipReader(path);
  try {
    const capture = parseCapture(zip);
    const table = parseTable(zip);
    return new ZipBundle(zip, capture, table);
  } catch (error) {
    zip[Symbol.dispose]();
    throw error;
  }
}

class ZipBundle implements Bundle {
  readonly path: string;
  readonly capture: Capture;
  readonly responseBody: CaptureReader['responseBody'];
  readonly requestBody: CaptureReader['requestBody'];
  readonly downloadBody: CaptureReader['downloadBody'];
  readonly #zip: ZipReader;
  readonly #warc: WarcReader;
  readonly #exchanges: ReadonlyMap<number, RecordTable['exchanges'][number]>;
  readonly #downloads: ReadonlyMap<number, RecordPlace>;

  constructor(zip: ZipReader, capture: Capture, table: RecordTable) {
    this.path = zip.path;
    this.capture = capture;
    this.#zip = zip;
    this.#warc = openWarc(zip, table.warc);
    this.#exchanges = new Map(table.exchanges.map((places) => [places.id, places]));
    this.#downloads = new Map(table.downloads.map(({ id, resource }) => [id, resource]));
    const reader = readerOf(capture, {
      response: (exchange) => this.#message(exchange, 'response')?.body,
      request: (exchange) => this.#message(exchange, 'request')?.body,
      download: (download) => this.#download(download),
      attachment: (name) => this.attachment(name),
    });
    this.responseBody = reader.responseBody;
    this.requestBody = reader.requestBody;
    this.downloadBody = reader.downloadBody;
  }

  attachment(name: string): Uint8Array | undefined {
    const entry = name.startsWith('adit/') ? this.#zip.entry(name) : undefined;
    return entry && this.#zip.read(entry, MAX_ATTACHMENT_BYTES);
  }

  rawExchange(exchangeId: number): { request?: StoredMessage; response?: StoredMessage } {
    const exchange = this.capture.exchanges[exchangeId];
    if (exchange === undefined) return {};
    const request = this.#message(exchange, 'request');
    const response = this.#message(exchange, 'response');
    return { ...(request && { request }), ...(response && { response }) };
  }

  async verify(): Promise<readonly string[]> {
    return manifestFaults(this.#zip);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#zip[Symbol.dispose]();
  }

  #message(exchange: Exchange, role: 'request' | 'response'): StoredMessage | undefined {
    const place = this.#exchanges.get(exchange.id)?.[role];
    if (place === undefined) return undefined;
    const record = this.#record(place, role);
    return { ...splitMessage(record.block), record };
  }

  #download(download: Download): Uint8Array | undefined {
    const place = this.#downloads.get(download.id);
    return place && this.#record(place, 'resource').block;
  }

  #record({ offset, length }: RecordPlace, type: string): WarcRecord {
    const record = this.#warc.recordAt(offset, length);
    if (record.type === type) return record;
    throw new ArchiveError('archive-damaged', `a ${record.type} record where a ${type} record should be`, {
      file: this.path,
      offset,
    });
  }
}

function parseCapture(zip: ZipReader): Capture {
  const json = readJson(zip, CAPTURE_PATH);
  const { version } = z.object({ version: z.number() }).catch({ version: CAPTURE_VERSION }).parse(json);
  if (version > CAPTURE_VERSION) {
    throw new ArchiveError('archive-newer-version', `capture of version ${version}`, { file: zip.path });
  }
  const parsed = captureSchema.safeParse(json);
  if (!parsed.success) {
    const problem = `${CAPTURE_PATH}: ${firstIssue(parsed.error)}`;
    throw new ArchiveError('archive-no-capture', problem, { file: zip.path });
  }
  const wrong = parsed.data.exchanges.findIndex(({ id }, index) => id !== index);
  if (wrong !== -1) {
    throw new ArchiveError('archive-no-capture', `${CAPTURE_PATH}: exchange ${wrong} has another id`, {
      file: zip.path,
    });
  }
  return parsed.data;
}

function parseTable(zip: ZipReader): RecordTable {
  const parsed = recordTableSchema.safeParse(readJson(zip, RECORDS_PATH));
  if (parsed.success) return parsed.data;
  throw new ArchiveError('archive-no-capture', `${RECORDS_PATH}: ${firstIssue(parsed.error)}`, {
    file: zip.path,
  });
}

function readJson(zip: ZipReader, name: string): unknown {
  const entry = zip.entry(name);
  if (entry === undefined) throw new ArchiveError('archive-no-capture', `has no ${name}`, { file: zip.path });
  return parseJson(zip, name, zip.read(entry, MAX_JSON_BYTES));
}

function parseJson(zip: ZipReader, name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch (error) {
    throw new ArchiveError('archive-no-capture', `${name} is no JSON`, { file: zip.path }, error);
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'not valid' : `${issue.path.join('.')}: ${issue.message}`;
}

function openWarc(zip: ZipReader, name: string): WarcReader {
  const entry = zip.entry(`archive/${name}`);
  if (entry === undefined || entry.method !== 0) {
    throw new ArchiveError('archive-no-capture', `has no stored archive/${name}`, { file: zip.path });
  }
  return new WarcReader(zip.bytesOf(entry), { maxRecordBytes: MAX_PAYLOAD_BYTES + MAX_HEAD_BYTES });
}
