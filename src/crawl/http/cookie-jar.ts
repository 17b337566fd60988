import {
  hostOfUrl,
  isIpHost,
  isWithin,
  parseHost,
  publicSuffix,
  type CapturedCookie,
  type Host,
} from '#model';
import { parseCookieDate } from './cookie-date.ts';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: Host;
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly expiresAtMs: number | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string | undefined;
  readonly exchange: number;
  readonly order: number;
}

const MAX_NAME_AND_VALUE = 4096;
const MAX_ATTRIBUTE = 1024;
/** RFC 6265bis §5.5: no cookie lives longer. */
const MAX_LIFE_MS = 400 * 24 * 3600 * 1000;

/** The cookies of one visit (RFC 6265bis). Times are milliseconds since the epoch. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();
  readonly #maxCookies: number;
  #order = 0;

  constructor(maxCookies = 1000) {
    this.#maxCookies = maxCookies;
  }

  /** Takes the value of a Set-Cookie field that the exchange received from `url`. Whether it was kept. */
  set(field: string, url: URL, exchange: number, nowMs: number): boolean {
    const host = hostOfUrl(url.href);
    const parsed = parseSetCookie(field);
    if (host === undefined || parsed === undefined) return false;
    const { name, value, attributes } = parsed;
    const scope = domainOf(attributes.get('domain'), host);
    if (scope === undefined) return false;
    const path = attributes.get('path');
    const cookie: Cookie = {
      name,
      value,
      ...scope,
      path: path?.startsWith('/') ? path : defaultPath(url),
      expiresAtMs: expiryOf(attributes, nowMs),
      secure: attributes.has('secure'),
      httpOnly: attributes.has('httponly'),
      sameSite: sameSiteOf(attributes.get('samesite')),
      exchange,
      order: this.#order++,
    };
    if (!isAcceptable(cookie, url, attributes)) return false;
    const key = JSON.stringify([cookie.name, cookie.domain, cookie.isHostOnly, cookie.path]);
    const before = this.#cookies.get(key);
    if (cookie.expiresAtMs !== undefined && cookie.expiresAtMs <= nowMs) {
      this.#cookies.delete(key);
      return true;
    }
    if (before === undefined && this.#cookies.size >= this.#maxCookies) return false;
    // A cookie that replaces another keeps its place in the order of sending.
    this.#cookies.set(key, before === undefined ? cookie : { ...cookie, order: before.order });
    return true;
  }

  /** The Cookie field for a navigation to `url`; undefined where there is nothing to send. */
  headerFor(url: URL, nowMs: number, options: { readonly isCrossSite: boolean }): string | undefined {
    const host = hostOfUrl(url.href);
    if (host === undefined) return undefined;
    const sent = this.#alive(nowMs)
      .filter((cookie) => (cookie.isHostOnly ? host === cookie.domain : isWithin(host, cookie.domain)))
      .filter((cookie) => pathMatches(url.pathname, cookie.path))
      .filter((cookie) => !cookie.secure || url.protocol === 'https:')
      .filter((cookie) => !(options.isCrossSite && cookie.sameSite === 'Strict'))
      .sort((a, b) => b.path.length - a.path.length || a.order - b.order);
    return sent.length === 0
      ? undefined
      : sent.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
  }

  /** The cookies as a capture keeps them. */
  captured(nowMs: number): CapturedCookie[] {
    return this.#alive(nowMs).map(toCaptured);
  }

  #alive(nowMs: number): Cookie[] {
    return [...this.#cookies.values()].filter(
      ({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > nowMs,
    );
  }
}

function toCaptured(cookie: Cookie): CapturedCookie {
  return {
    name: cookie.name,
    value: cookie.value,
    // As browsers report it: a leading dot where hosts below are meant as well.
    domain: cookie.isHostOnly ? cookie.domain : `.${cookie.domain}`,
    path: cookie.path,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    setBy: { kind: 'header', exchange: cookie.exchange },
    ...(cookie.expiresAtMs === undefined ? {} : { expiresAt: new Date(cookie.expiresAtMs).toISOString() }),
    ...(cookie.sameSite === undefined ? {} : { sameSite: cookie.sameSite }),
  };
}

function parseSetCookie(
  field: string,
): { name: string; value: string; attributes: Map<string, string> } | undefined {
  // RFC 6265bis §5.6: such a field is dropped whole.
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(field)) return undefined;
  const [pair = '', ...rest] = field.split(';');
  const equals = pair.indexOf('=');
  const name = equals === -1 ? '' : pair.slice(0, equals).trim();
  const value = pair.slice(equals + 1).trim();
  if ((name === '' && value === '') || name.length + value.length > MAX_NAME_AND_VALUE) return undefined;
  const attributes = new Map<string, string>();
  for (const attribute of rest) {
    const at = attribute.indexOf('=');
    const key = (at === -1 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    const text = at === -1 ? '' : attribute.slice(at + 1).trim();
    if (text.length <= MAX_ATTRIBUTE) attributes.set(key, text);
  }
  return { name, value, attributes };
}

/** The domain that the cookie is for, or undefined where its server may not say so. */
function domainOf(
  attribute: string | undefined,
  host: Host,
): { domain: Host; isHostOnly: boolean } | undefined {
  if (attribute === undefined || attribute === '') return { domain: host, isHostOnly: true };
  const domain = parseHost(attribute.replace(/^\./, ''));
  if (domain === undefined) return undefined;
  if (isIpHost(domain) || publicSuffix(domain) === domain)
    return domain === host ? { domain, isHostOnly: true } : undefined;
  return isWithin(host, domain) ? { domain, isHostOnly: false } : undefined;
}

/** What the cookie's name and attributes demand of its server (RFC 6265bis §5.7). */
function isAcceptable(cookie: Cookie, url: URL, attributes: ReadonlyMap<string, string>): boolean {
  const isSecureOrigin = url.protocol === 'https:';
  if (cookie.secure && !isSecureOrigin) return false;
  if (cookie.sameSite === 'None' && !cookie.secure) return false;
  if (/^__secure-/i.test(cookie.name)) return cookie.secure;
  if (/^__host-/i.test(cookie.name))
    return cookie.secure && cookie.isHostOnly && attributes.get('path') === '/';
  return cookie.name !== '' || !/^__(?:secure|host)-/i.test(cookie.value);
}

function expiryOf(attributes: ReadonlyMap<string, string>, nowMs: number): number | undefined {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge))
    return Math.min(nowMs + Number(maxAge) * 1000, nowMs + MAX_LIFE_MS);
  const expires = parseCookieDate(attributes.get('expires') ?? '');
  return expires === undefined ? undefined : Math.min(expires, nowMs + MAX_LIFE_MS);
}

function sameSiteOf(text: string | undefined): string | undefined {
  return ['Strict', 'Lax', 'None'].find((known) => known.toLowerCase() === text?.toLowerCase());
}

function defaultPath({ pathname }: URL): string {
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}

function pathMatches(requestPath: string, cookiePath: string): boolean {
  if (!requestPath.startsWith(cookiePath)) return false;
  return (
    requestPath.length === cookiePath.length ||
    cookiePath.endsWith('/') ||
    requestPath[cookiePath.length] === '/'
  );
}
