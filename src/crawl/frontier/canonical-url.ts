import { parseUrl } from '#model';

/** Parameters that say who comes or from where, not what is asked for. */
const IDENTITY_PARAMETER =
  /^(?:utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|dclid|yclid|mc_eid|_ga|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken)$/i;

/** Characters that the URL parser leaves as they are, though an escape means the same (RFC 3986 §2.2 knows none of them). */
const UNWISE = /[[\]{}|^`"<>\\]/g;

/**
 * The key under which two spellings of one address are the same: what a crawler has seen. Only a key: the address to
 * visit stays as it was found, since a server may care about each spelling.
 *
 * Escapes in one form (RFC 3986 §6.2.2), no fragment, credentials, default port or empty path segments, parameters
 * sorted, session and campaign parameters left out. Undefined where the text is no web address. Never throws.
 */
export function canonicalUrl(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return undefined;
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const host = hostname.replace(/\.$/, '');
  const path = normaliseEscapes(pathname.replace(/;jsessionid=[^/;]*/gi, '')).replace(/\/{2,}/g, '/');
  const query = canonicalQuery(search.slice(1));
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}${path}${query === '' ? '' : `?${query}`}`;
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .map((parameter) => normaliseEscapes(parameter).replace(/^([^=]*)=$/, '$1'))
    .map((parameter) => ({ parameter, name: nameOf(parameter) }))
    .filter(({ name }) => name !== '' && !IDENTITY_PARAMETER.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ parameter }) => parameter)
    .join('&');
}

function nameOf(parameter: string): string {
  const end = parameter.indexOf('=');
  return end === -1 ? parameter : parameter.slice(0, end);
}

/** Escapes of unreserved characters undone, all others in capitals, stray percent signs escaped. */
function normaliseEscapes(text: string): string {
  return text
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/%[0-9a-f]{2}/gi, (escape) => {
      const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
    })
    .replace(UNWISE, (character) => encodeURIComponent(character));
}
