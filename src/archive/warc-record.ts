import { createHash } from 'node:crypto';
import { toLine, toUriCharacters } from './http-message.ts';

/** Named fields of a record in order; a name may come more than once. */
export type WarcFields = readonly (readonly [name: string, value: string])[];

/** Types of record that WARC 1.1 §5.5 defines and that Adit writes or reads. */
export type WarcType =
  | 'warcinfo'
  | 'response'
  | 'resource'
  | 'request'
  | 'metadata'
  | 'revisit'
  | 'conversion'
  | 'continuation';

/** URIs longer than this are replaced in WARC headers and index, which other readers hold in memory line by line. */
const MAX_TARGET_URI_LENGTH = 64 * 1024;

/** The header of a record (WARC 1.1 §4): version line, named fields, empty line. Values cannot end their line. */
export function warcHeader(fields: WarcFields): Buffer {
  const lines = fields.map(([name, value]) => `${name}: ${toLine(value)}`);
  return Buffer.from(['WARC/1.1', ...lines, '', ''].join('\r\n'), 'utf8');
}

/** A record id that depends on nothing but what the record is, so that the same capture gives the same bundle (RFC 9562 §5.8). */
export function recordId(captureId: string, role: string): string {
  const hex = createHash('sha256').update(`${captureId}\0${role}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!;
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
  return `<urn:uuid:${[...groups, hex.slice(20, 32)].join('-')}>`;
}

/** A URL as WARC-Target-URI: without fragment, without characters that a URI cannot have; `fallback` where it is too long. */
export function targetUri(url: string, fallback: string): string {
  const uri = toUriCharacters(url.startsWith('data:') ? url : url.replace(/#.*$/s, ''));
  return uri === '' || uri.length > MAX_TARGET_URI_LENGTH ? fallback : uri;
}

/** An instant as WARC-Date with milliseconds; `fallback` where it is none. */
export function warcDate(instant: string, fallback: string): string {
  const time = [instant, fallback].map((text) => Date.parse(text)).find((ms) => !Number.isNaN(ms)) ?? 0;
  return new Date(time).toISOString();
}

/** The first value of a field, by any case of its name. */
export function firstField(fields: WarcFields, name: string): string | undefined {
  const lower = name.toLowerCase();
  // Lengths first: they differ for most.
  return fields.find(([other]) => other.length === lower.length && other.toLowerCase() === lower)?.[1];
}
