import { toUriCharacters } from './http-message.ts';

/**
 * The sort-friendly key of a URL as pywb and most servers of indexes make it. First as Safe Browsing has it: escapes are undone
 * until none is left, what is no printable ASCII, `#` and `%` are escaped once; dots and empty segments of the path go, and the
 * fragment. Then as the Internet Archive has it: no user, `www.`, default port, session id or slash at the end, all lower
 * case, query arguments sorted by name and value. What has no host stays as it is. Time is linear in the URL's length.
 */
export function toPywbSurt(url: string): string {
  const bytes = toByteString(url.trim().replace(/[\t\n\r]/g, ''));
  const asked = DNS_URL.exec(bytes);
  if (asked !== null) return `${reversed(normalHost(asked[1]!))})`;
  const match = HTTP_URL.exec(bytes) ?? HIERARCHICAL_URL.exec(bytes);
  if (match === null) return toUriCharacters(url);
  const [, scheme, authority, path, query] = match;
  const [, host, port] = AUTHORITY.exec(authority!) ?? [];
  if (host === undefined) return toUriCharacters(toSurt(url));
  const isDefault = port === undefined || port === DEFAULT_PORTS[scheme!.toLowerCase()] || Number(port) === 0;
  const name = normalHost(host).replace(/^www\d*\./, '');
  const shown = normalQuery(query ?? '');
  return `${reversed(name)}${isDefault ? '' : `:${Number(port)}`})${normalPath(path!)}${shown === '' ? '' : `?${shown}`}`;
}

const HTTP_URL = /^(?:https?:\/\/(?=https?:\/\/))*(https?):\/*([^/?#]+)([^?#]*)(?:\?([^#]*))?/i;
const HIERARCHICAL_URL = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?/i;
const DNS_URL = /^dns:([^/?#]+)/i;
/** Host and port behind a user; none where the port is no number, or the host an IPv6 address. */
const AUTHORITY = /^(?:.*@)?([^@:[\]]+)(?::(\d{0,5}))?$/s;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Arguments and segments that only tell visitors apart. */
const QUERY_SESSIONS = [
  /^(.*)jsessionid=[0-9a-z]{32}(?:&(.*))?$/is,
  /^(.*)phpsessid=[0-9a-z]{32}(?:&(.*))?$/is,
  /^(.*)sid=[0-9a-z]{32}(?:&(.*))?$/is,
  /^(.*)aspsessionid[a-z]{8}=[a-z]{24}(?:&(.*))?$/is,
  /^(.*)cfid=[^&]{1,80}&cftoken=[^&]{1,80}(?:&(.*))?$/is,
];
/** Stands before a page of ASP.NET. */
const PATH_SESSION = /\/\((?:[0-9a-z]{24}|(?:[a-z]\([0-9a-z]{24}\)){1,9})\)(?=\/.)/;

function normalHost(host: string): string {
  const plain = unescaped(host)
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/\.\.+/g, '.')
    .replace(/^\.|\.$/g, '');
  const needsParser = /[^\0-\x7f]|^[\d.]+$/.test(plain);
  const parsed = needsParser ? URL.parse(`http://${Buffer.from(plain, 'latin1').toString()}`) : null;
  return parsed?.hostname || escaped(plain);
}

function normalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of unescaped(path).split('/').slice(1)) {
    if (segment === '..' && kept.length > 0) kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const last = kept.pop() ?? '';
  const folders = kept.filter((segment) => segment !== '').map((segment) => `${segment}/`);
  const normal = escaped(`/${folders.join('')}${last}`).toLowerCase();
  const page = Math.max(0, normal.lastIndexOf('.aspx'));
  const shown = normal.slice(0, page).replace(PATH_SESSION, '') + normal.slice(page);
  return shown.length > 1 && shown.endsWith('/') ? shown.slice(0, -1) : shown;
}

function normalQuery(query: string): string {
  let normal = escaped(unescaped(query));
  for (const session of QUERY_SESSIONS) normal = normal.replace(session, '$1$2');
  return normal
    .toLowerCase()
    .split('&')
    .map(asArgument)
    .sort(byNameAndValue)
    .map(([, , text]) => text)
    .join('&');
}

/** Name, value if there is one, and both as they stand. */
type Argument = readonly [name: string, value: string | undefined, text: string];

function asArgument(text: string): Argument {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, undefined, text] : [text.slice(0, equals), text.slice(equals + 1), text];
}

/** A name alone stands before the same name with a value. */
function byNameAndValue([name, value]: Argument, [otherName, otherValue]: Argument): number {
  if (name !== otherName) return name < otherName ? -1 : 1;
  if (value === otherValue) return 0;
  return value === undefined || (otherValue !== undefined && value < otherValue) ? -1 : 1;
}

/** UTF-8, each byte as a character. */
const toByteString = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const reversed = (host: string): string => host.split('.').reverse().join(',');

/** Everything but printable ASCII, and `#` and `%`, as an escape. */
function escaped(bytes: string): string {
  return bytes.replace(
    /[^!"$&-~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * Escapes undone, and those that come of it, until none is left. No two escapes overlap, so their order is free: each is
 * undone as soon as it is whole, what it becomes may end the one before.
 */
function unescaped(bytes: string): string {
  if (!bytes.includes('%')) return bytes;
  const done = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  for (let at = 0; at < bytes.length; at++) {
    done[size++] = bytes.charCodeAt(at);
    while (size > 2 && done[size - 3] === PERCENT) {
      const byte = 16 * digitOf(done[size - 2]!) + digitOf(done[size - 1]!);
      if (Number.isNaN(byte)) break;
      size -= 2;
      done[size - 1] = byte;
    }
  }
  return done.toString('latin1', 0, size);
}

const PERCENT = 37;
const digitOf = (byte: number): number => Number.parseInt(String.fromCharCode(byte), 16);

/**
 * The sort-friendly key of a URL as warcio and its players write it: host labels reversed and joined by commas, no `www.`, all lower
 * case, query arguments sorted. URLs of other schemes stay as they are.
 */
export function toSurt(url: string): string {
  if (!url.startsWith('https:') && !url.startsWith('http:')) return url;
  const parsed = URL.parse(url.replace(/^(https?:\/\/)www\d*\./, '$1').toLowerCase());
  if (parsed === null) return url;
  const host = parsed.hostname.split('.').reverse().join(',');
  const port = parsed.port === '' ? '' : `:${parsed.port}`;
  const query = parsed.search === '' ? '' : `?${parsed.search.slice(1).split('&').sort().join('&')}`;
  return `${host}${port})${parsed.pathname}${query}`;
}
