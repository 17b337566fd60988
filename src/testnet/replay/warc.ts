import { gunzipSync } from 'node:zlib';

/** A `response` record of a WARC file (ISO 28500), taken apart. */
export interface ArchivedResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

/** The largest record that is read; longer ones are passed over. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
const BLANK_LINE = Buffer.from('\r\n\r\n');

/**
 * Reads the record in one gzip member. Undefined where it is no whole HTTP response. This is just enough for files made
 * for replay; reading the world's archives is the archive's work.
 */
export function readResponseRecord(member: Uint8Array): ArchivedResponse | undefined {
  let record: Buffer;
  try {
    record = gunzipSync(member, { maxOutputLength: MAX_RECORD_BYTES });
  } catch {
    return undefined;
  }
  const warc = readHead(record);
  const http = warc === undefined ? undefined : readHead(warc.rest);
  if (warc === undefined || http === undefined || !warc.startLine.startsWith('WARC/')) return undefined;
  const url = field(warc.fields, 'warc-target-uri');
  const length = Number(field(warc.fields, 'content-length'));
  const status = Number(/^HTTP\/[\d.]+ (\d{3})/.exec(http.startLine)?.[1]);
  if (field(warc.fields, 'warc-type') !== 'response' || url === undefined || !(status >= 100))
    return undefined;
  const headLength = warc.rest.length - http.rest.length;
  return { url, status, headers: http.fields, body: http.rest.subarray(0, length - headLength) };
}

interface Head {
  readonly startLine: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly rest: Buffer;
}

function readHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf(BLANK_LINE);
  if (end === -1) return undefined;
  const [startLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const fields = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
  return { startLine, fields, rest: bytes.subarray(end + BLANK_LINE.length) };
}

function field(fields: Head['fields'], name: string): string | undefined {
  return fields.find(([key]) => key.toLowerCase() === name)?.[1];
}
