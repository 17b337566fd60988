import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { getDomain, getPublicSuffix } from 'tldts';

declare const hostBrand: unique symbol;

/**
 * A host as Adit stores it: a lower-case ASCII (Punycode) DNS name without trailing dot, or an IP address in
 * its canonical text form (IPv6 without brackets). Made only by `parseHost`.
 */
export type Host = string & { readonly [hostBrand]: true };

const MAX_HOST_LENGTH = 253;
/** What ends a host in a URL, or is stripped or decoded by the URL parser: no part of a host that stands alone. */
const NOT_IN_HOST = /[\u0000-\u0020\u007f/\\?#@:%<>^|[\]]/;
/** A name that the host parser returns as it is, which nearly all are; `xn--` apart, whose labels it checks. */
const PLAIN_NAME = /^(?:[a-z0-9_-]{1,63}\.)*[a-z][a-z0-9_-]{0,62}$/;
const NUMERIC_LAST_LABEL = /(^|\.)(0x[0-9a-f]*|\d+)$/i;

/**
 * Text from anywhere → a host, or undefined where it is none. Takes Unicode and Punycode names, bracketed IPv6,
 * a trailing dot and upper case; follows the WHATWG URL host parser (IDNA processing, odd IPv4 spellings).
 * Never throws.
 */
export function parseHost(text: string): Host | undefined {
  if (text.length <= MAX_HOST_LENGTH && PLAIN_NAME.test(text) && !text.includes('xn--')) return text as Host;
  let name = text.trim();
  const isBracketed = name.startsWith('[') && name.endsWith(']');
  const address = isBracketed ? name.slice(1, -1) : name;
  if (isIP(address.replace(/%25/, '%')) === 6) return canonicalIpv6(address);
  if (name.endsWith('.')) name = name.slice(0, -1);
  if (name === '' || name.length > 1024 || NOT_IN_HOST.test(name)) return undefined;
  const ascii = domainToASCII(name);
  if (ascii === '' || ascii.length > MAX_HOST_LENGTH) return undefined;
  if (isIP(ascii) === 4) return ascii as Host; // the URL parser made it canonical
  if (NUMERIC_LAST_LABEL.test(ascii)) return undefined;
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(ascii)) return undefined;
  if (ascii.split('.').some((label) => label.length > 63)) return undefined;
  return ascii as Host; // checked above
}

function canonicalIpv6(text: string): Host | undefined {
  try {
    return new URL(`http://[${text.replace(/%.*$/, '')}]/`).hostname.slice(1, -1) as Host; // URL made it canonical
  } catch {
    return undefined;
  }
}

/** Whether the host is an IP address rather than a name. */
export function isIpHost(host: Host): boolean {
  return isIP(host) !== 0;
}

/** The name as people read it: Punycode labels decoded. Only for display, always escaped by whoever shows it. */
export function toUnicodeHost(host: Host): string {
  return isIpHost(host) ? host : domainToUnicode(host) || host;
}

/** A `Host` needs no cleaning and no validation; both cost more than the look-up. */
const OF_HOST = { allowPrivateDomains: true, extractHostname: false, validateHostname: false };

/** The registrable domain (public suffix plus one label; ICANN and private suffixes), or undefined for IPs and bare suffixes. */
export function registrableDomain(host: Host): Host | undefined {
  const domain = getDomain(host, OF_HOST);
  return domain === null ? undefined : (domain as Host); // tldts returns a part of its input
}

/** The public suffix of the host, e.g. `co.uk`; undefined for IP addresses. */
export function publicSuffix(host: Host): string | undefined {
  return isIpHost(host) ? undefined : (getPublicSuffix(host, OF_HOST) ?? undefined);
}

/** Whether `host` is `domain` or lies below it. IP addresses only match themselves. */
export function isWithin(host: Host, domain: Host): boolean {
  return host === domain || (!isIpHost(domain) && host.endsWith(`.${domain}`));
}

/** Labels reversed (`www.example.org` → `org.example.www`), so that a domain and all below it is one key range. */
export function reverseLabels(host: Host): string {
  return isIpHost(host) ? host : host.split('.').reverse().join('.');
}
