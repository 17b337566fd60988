import { parseHost, type Host } from './host.ts';

declare const urlBrand: unique symbol;

/** An absolute http(s) or ws(s) URL, serialised by the WHATWG URL parser, without fragment. Made only by `parseUrl`. */
export type Url = string & { readonly [urlBrand]: true };

const WEB_SCHEMES = new Set(['http:', 'https:', 'ws:', 'wss:']);

/** Longest URL that Adit stores, in characters. Longer ones are treated as no URL. */
export const MAX_URL_LENGTH = 64 * 1024;

/** An absolute URL that the URL parser returns as it is: lower-case name, nothing to encode, no segment of dots. */
const PLAIN_URL =
  /^https?:\/\/(?:[a-z0-9_-]{1,63}\.)*[a-z][a-z0-9_-]{0,62}(?:\/(?![.%])[\w.~!$&()*+,;=:@%-]*)+(?:\?[\w.~!$&()*+,;=:@%/?-]*)?$/;

/** Whether the URL parser would return the text as it is; that some such texts are denied costs only time. */
export function isPlainUrl(text: string): boolean {
  return text.length < 2_048 && PLAIN_URL.test(text) && !text.includes('xn--');
}

/** What URLs are relative to. Where all that the URL parser would do is join two texts, they are joined. */
export class UrlBase {
  readonly url: string;
  readonly #scheme: string;
  readonly #origin: string;
  readonly #folder: string;

  constructor(url: string) {
    this.url = url;
    const isPlain = isPlainUrl(url);
    const pathStart = isPlain ? url.indexOf('/', 8) : 0;
    const query = url.indexOf('?');
    this.#scheme = isPlain ? url.slice(0, url.indexOf('/')) : '';
    this.#origin = url.slice(0, pathStart);
    this.#folder = isPlain ? url.slice(0, url.lastIndexOf('/', query === -1 ? url.length : query) + 1) : '';
  }

  /** The absolute URL; undefined where the text is none. */
  resolve(text: string): string | undefined {
    if (isPlainUrl(text)) return text;
    const joined = this.#join(text);
    return joined !== undefined && isPlainUrl(joined) ? joined : URL.parse(text, this.url)?.href;
  }

  /** What `parseUrl` gives. */
  parse(text: string): Url | undefined {
    const plain = toPlainUrl(text) ?? toPlainUrl(this.#join(text) ?? '');
    return plain ?? parseUrl(text, this.url);
  }

  #join(text: string): string | undefined {
    if (this.#scheme === '') return undefined;
    if (text.startsWith('//')) return this.#scheme + text;
    if (text.startsWith('/')) return this.#origin + text;
    return /^[\w-]/.test(text) && !text.includes(':') ? this.#folder + text : undefined; // a colon may end a scheme
  }
}

/** Text (with an optional base) → an absolute web URL, or undefined. Never throws. */
export function parseUrl(text: string, base?: string): Url | undefined {
  const plain = toPlainUrl(text);
  if (plain !== undefined) return plain;
  if (text.length > MAX_URL_LENGTH) return undefined;
  const parsed = URL.parse(text, base);
  if (parsed === null || !WEB_SCHEMES.has(parsed.protocol) || parsed.hostname === '') return undefined;
  const { href } = parsed;
  const fragment = href.indexOf('#');
  return (fragment === -1 ? href : href.slice(0, fragment)) as Url; // parsed and of a web scheme
}

/** The URL of a text that is one but for its fragment, or for the slash behind its host, as most are. */
function toPlainUrl(text: string): Url | undefined {
  if (!text.startsWith('http')) return undefined;
  if (isPlainUrl(text)) return text as Url;
  const fragment = text.indexOf('#');
  let url = fragment === -1 ? text : text.slice(0, fragment);
  if (!url.includes('/', 'https://'.length)) url += '/';
  return url !== text && text.length <= MAX_URL_LENGTH && isPlainUrl(url) ? (url as Url) : undefined;
}

/** The host of a URL that holds nothing to be decoded or dropped before its path. */
const PLAIN_AUTHORITY = /^https?:\/\/([a-z0-9._-]+)(?:[/?#]|$)/;

/** The host of a URL, or undefined where its name is not one that Adit stores. */
export function hostOfUrl(url: string): Host | undefined {
  const plain = PLAIN_AUTHORITY.exec(url);
  if (plain !== null) return parseHost(plain[1]!);
  const parsed = URL.parse(url);
  return parsed === null || parsed.hostname === '' ? undefined : parseHost(parsed.hostname);
}

/** Makes a URL, host or address unclickable for reports: `hxxps://example[.]org/…`. */
export function defang(text: string): string {
  const scheme = /^(https?|ftp|wss?)(:\/\/)/i.exec(text);
  const rest = scheme === null ? text : text.slice(scheme[0].length);
  const end = rest.search(/[/?#]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const path = end === -1 ? '' : rest.slice(end);
  const prefix = scheme === null ? '' : `${scheme[1]!.replace(/t/gi, 'x')}${scheme[2]!}`;
  return `${prefix}${authority.replaceAll('.', '[.]').replaceAll('@', '[@]')}${path}`;
}

/** Undoes the usual ways of defanging (`hxxp`, `[.]`, `(dot)`, `[:]//`, `[at]`). Leaves other text as it is. */
export function refang(text: string): string {
  return text
    .replace(/\bh(?:xx|tt|XX)ps?(?=\s?(?:\[?:\]?|\(:\))\/\/)/gi, (scheme) =>
      /s$/i.test(scheme) ? 'https' : 'http',
    )
    .replace(/\[:\]|\(:\)/g, ':')
    .replace(/:\[\/\/\]|\[:\/\/\]/g, '://')
    .replace(/\s?[[({]\s?(?:\.|dot)\s?[\])}]\s?/gi, '.')
    .replace(/\s?[[({]\s?(?:@|at)\s?[\])}]\s?/gi, '@')
    .replace(/\[\/\]/g, '/');
}
