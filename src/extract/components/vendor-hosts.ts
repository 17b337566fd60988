import { publicSuffix, registrableDomain, type Host } from '#model';
import type { Category } from './rule.ts';
import { COMPONENT_RULES } from './rules/index.ts';

/** A service that many sites use. */
interface Vendor {
  readonly name: string;
  readonly category: Category;
}

/** Every customer's files have a host of their own here: only rules that name a host whole count. */
const OF_TENANTS: ReadonlySet<Category> = new Set(['CDN']);

/** Here hosts are customers' own, or an operator's tools: that a rule knows them does not make them everybody's. */
const OF_CUSTOMERS: ReadonlySet<Category> = new Set([
  'Hosting',
  'Site Builder',
  'Remote Access',
  'Command and Control',
  'Phishing Kit',
  'Web3',
]);

interface HostPattern extends Vendor {
  readonly pattern: RegExp;
}

let hostPatterns: readonly HostPattern[] | undefined;

/**
 * Whose service the host belongs to, by the component rules: those that know a service by the host that pages load it
 * from. A rule about paths (`/matomo.js` on anybody's host) says nothing here, and none makes a tenant of a hosting
 * suffix (`d1234abcd.cloudfront.net`) a vendor.
 */
export function vendorOfHost(host: Host): Vendor | undefined {
  const domain = registrableDomain(host);
  const suffix = publicSuffix(host);
  if (domain === undefined || suffix === undefined) return undefined;
  hostPatterns ??= COMPONENT_RULES.flatMap(patternsOf);
  // The same below domains of other names: a pattern that takes one of these, too, is not about this domain.
  const [before, name] = [host.slice(0, -domain.length), domain.slice(0, -suffix.length - 1)];
  const neighbours = [otherName(name), `${name}x`].map((other) => `${before}${other}.${suffix}`);
  const found = hostPatterns.find(
    (known) => isNamed(host, known) && !neighbours.some((other) => isNamed(other, known)),
  );
  return found && { name: found.name, category: found.category };
}

function patternsOf({ name, category, urls = [] }: (typeof COMPONENT_RULES)[number]): HostPattern[] {
  if (OF_CUSTOMERS.has(category)) return [];
  return urls
    .flatMap(({ source }) => alternatives(source))
    .flatMap((source) => hostPart(source) ?? [])
    .map((source) => ({ name, category, pattern: new RegExp(source, 'i') }));
}

/** Whether the pattern covers the host, save a leading `www`, or, where it begins with a dot, all below a domain. */
function isNamed(host: string, { pattern, category }: HostPattern): boolean {
  const url = `https://${host}/`;
  const match = pattern.exec(url);
  if (match === null) return false;
  const before = url.slice(0, match.index);
  const isWhole = 'https://'.startsWith(before) || before === 'https://www.';
  const isBelow = match[0].startsWith('.') && !OF_TENANTS.has(category);
  const isToEnd = match.index + match[0].length >= url.length - 1;
  return isToEnd && (isWhole || isBelow);
}

/** A name of the same length and kinds of characters. */
function otherName(name: string): string {
  return name.replace(/[a-z0-9]/g, (character) =>
    character === 'z' ? 'a' : character === '9' ? '0' : String.fromCharCode(character.charCodeAt(0) + 1),
  );
}

/** What a pattern's source has between the `|` outside of all groups. */
function alternatives(source: string): string[] {
  return cut(source, '|');
}

/** The source up to the slash that ends the host; undefined where it is about paths alone. */
function hostPart(source: string): string | undefined {
  const scheme = /^:?\\\/\\\//.exec(source)?.[0] ?? '';
  const [host, ...path] = cut(source.slice(scheme.length), '\\/');
  if (host === undefined || host === '') return undefined;
  if (path.length === 0) return scheme === '' ? undefined : source;
  return `${scheme}${host}\\/`;
}

/** Splits the source of a pattern at a token outside of groups and classes. */
function cut(source: string, at: '|' | '\\/'): string[] {
  const pieces = [''];
  let depth = 0;
  for (const [token] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[^]/g)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token === at && depth === 0) pieces.push('');
    else pieces[pieces.length - 1] += token;
  }
  return pieces;
}
