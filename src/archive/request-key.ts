import { readSource, sizeOf, type ByteSource } from './byte-source.ts';
import { headerValue, type HeaderList } from './payload.ts';

/** Characters of request body that go into the key; what other tools use. */
const MAX_QUERY_LENGTH = 4096;
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_JSON_DEPTH = 100;

/** How a request other than GET is told apart in the index: the URL with method and body as query arguments. */
export interface RequestKey {
  readonly url: string;
  readonly method?: string;
  readonly requestBody?: string;
}

/**
 * The URL to index a request under (Webrecorder's Request Body Canonicalization, in the form that warcio and its
 * players use). `url` is the URL as the record names it.
 */
export function requestKey(
  url: string,
  { method, headers }: { readonly method: string; readonly headers: HeaderList },
  body: ByteSource | undefined,
): RequestKey {
  if (method === 'GET') return { url };
  const bytes = body === undefined || sizeOf(body) > MAX_BODY_BYTES ? new Uint8Array(0) : readSource(body);
  const requestBody = toQuery(bytes, headers).slice(0, MAX_QUERY_LENGTH);
  const separator = url.indexOf('?') > 0 ? '&' : '?';
  const key = `${url}${separator}__wb_method=${method}&${decodeUri(requestBody)}`;
  return { url: key, method, ...(requestBody === '' ? {} : { requestBody }) };
}

function toQuery(bytes: Uint8Array, headers: HeaderList): string {
  const contentType = headerValue(headers, 'content-type') ?? '';
  const text = (): string => new TextDecoder().decode(bytes);
  switch (contentType.split(';')[0]) {
    case 'application/x-www-form-urlencoded':
      return text();
    case 'application/json':
    case 'text/plain':
      return jsonQuery(text());
    case 'multipart/form-data':
      return formQuery(text(), contentType);
    default:
      return binaryQuery(bytes);
  }
}

/** Base64 of the body. */
function binaryQuery(bytes: Uint8Array): string {
  return `__wb_post_data=${Buffer.from(bytes).toString('base64')}`;
}

/** Every leaf of the JSON under its innermost name; a name that comes again gets `.2_`, `.3_`, … Empty where it is no JSON. */
function jsonQuery(text: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return '';
  }
  const query = new URLSearchParams();
  const counts = new Map<string, number>();
  const visit = (value: unknown, name: string, depth: number): void => {
    if (depth > MAX_JSON_DEPTH) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, name, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, key, depth + 1);
    } else if (value !== '') {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      query.set(count === 1 ? name : `${name}.${count}_`, String(value));
    }
  };
  visit(json, '', 0);
  return query.toString();
}

/** Name and first line of each part of a form. */
function formQuery(text: string, contentType: string): string {
  const boundary = contentType.split('boundary=')[1];
  const query = new URLSearchParams();
  if (boundary !== undefined && boundary !== '') {
    for (const part of text.split(boundary)) {
      const field = /name="([^"]+)"\r\n\r\n(.*)/i.exec(part);
      if (field !== null) query.set(field[1]!, field[2]!);
    }
  }
  return query.toString();
}

function decodeUri(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return '';
  }
}
