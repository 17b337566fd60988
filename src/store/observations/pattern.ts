import { isIPv4 } from 'node:net';
import { parseHost, type DatasetId } from '#model';
import type { Bindings } from './bindings.ts';
import { cutKey, holdsHosts, prefixBelow, toKey, type Side } from './key.ts';
import { DATABASE } from './schema.ts';

/** Which values of a column are meant. Texts are as people read them, hosts not reversed. */
export type Pattern =
  | { readonly kind: 'exact'; readonly value: string }
  /** Letters of either case. */
  | { readonly kind: 'same'; readonly value: string }
  /** Any of these, as the edge tables have them. */
  | { readonly kind: 'oneOf'; readonly keys: readonly string[] }
  /** From and to, both included: as numbers, or in the order of their letters (dates). */
  | {
      readonly kind: 'between';
      readonly from?: string | number | undefined;
      readonly to?: string | number | undefined;
    }
  /** A domain and, by default, what lies below it. */
  | { readonly kind: 'within'; readonly domain: string; readonly isBelowOnly?: boolean }
  /** `*` stands for any characters, `?` for one; letters of either case. */
  | { readonly kind: 'glob'; readonly text: string }
  /** An address range, `192.0.2.0/24` or `2001:db8::/32`. */
  | { readonly kind: 'network'; readonly cidr: string };

/** Condition on one side of the dataset: by the primary key wherever the pattern allows. */
export function sideCondition(bindings: Bindings, dataset: DatasetId, side: Side, pattern: Pattern): string {
  switch (pattern.kind) {
    case 'exact':
      return `${side} = ${bindings.bind(toKey(dataset, side, pattern.value))}`;
    case 'same':
      return holdsHosts(dataset, side)
        ? `${side} = ${bindings.bind(toKey(dataset, side, pattern.value))}`
        : `lowerUTF8(${side}) = ${bindings.bind(pattern.value.toLowerCase())}`;
    case 'within': {
      const alone = `${side} = ${bindings.bind(toKey(dataset, side, pattern.domain))}`;
      const prefix = prefixBelow(dataset, side, pattern.domain);
      if (prefix === undefined) return pattern.isBelowOnly === true ? '0' : alone;
      const below = `startsWith(${side}, ${bindings.bind(prefix)})`;
      return pattern.isBelowOnly === true ? below : `(${alone} OR ${below})`;
    }
    case 'oneOf':
      return `${side} IN ${bindings.bind(pattern.keys, 'Array(String)')}`;
    case 'between':
      return between(bindings, side, pattern);
    case 'glob':
      return holdsHosts(dataset, side)
        ? hostGlob(bindings, side, pattern.text)
        : textGlob(bindings, side, pattern.text);
    case 'network':
      return inNetwork(bindings, side, pattern.cidr);
  }
}

/** Condition on a column of texts that is no side: a label, a detail. */
export function textCondition(bindings: Bindings, column: string, pattern: Pattern): string {
  switch (pattern.kind) {
    case 'exact':
      return `${column} = ${bindings.bind(cutKey(pattern.value))}`;
    case 'same':
      return `lowerUTF8(${column}) = ${bindings.bind(pattern.value.toLowerCase())}`;
    case 'within':
      return `lowerUTF8(${column}) = ${bindings.bind(pattern.domain.toLowerCase())}`;
    case 'oneOf':
      return `${column} IN ${bindings.bind(pattern.keys, 'Array(String)')}`;
    case 'between':
      return between(bindings, column, pattern);
    case 'glob':
      return textGlob(bindings, column, pattern.text);
    case 'network':
      return inNetwork(bindings, column, pattern.cidr);
  }
}

/** Whether rows of the pattern lie together in the table that is ordered by this side. */
export function isRange(dataset: DatasetId, side: Side, pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'exact':
    case 'oneOf':
    case 'within':
      return true;
    case 'between':
      return false;
    case 'same':
      return holdsHosts(dataset, side);
    case 'glob':
      return holdsHosts(dataset, side) || literalStart(pattern.text) !== '';
    case 'network':
      return true;
  }
}

function between(
  bindings: Bindings,
  column: string,
  { from, to }: Extract<Pattern, { readonly kind: 'between' }>,
): string {
  const bound = (value: string | number, way: string): string =>
    typeof value === 'number'
      ? `toFloat64OrNull(${column}) ${way} toFloat64(${bindings.bind(String(value))})`
      : `${column} ${way} ${bindings.bind(value)}`;
  const bounds = [
    ...(from === undefined ? [] : [bound(from, '>=')]),
    ...(to === undefined ? [] : [bound(to, '<=')]),
  ];
  return bounds.length === 0 ? '1' : `ifNull(${bounds.join(' AND ')}, 0)`;
}

/** Names of hosts are found in the table of names, whose keys then are ranges of the primary key. */
function hostGlob(bindings: Bindings, side: string, text: string): string {
  const below = /^\*\.([^*?]+)$/.exec(text)?.[1];
  const host = below === undefined ? undefined : parseHost(below);
  if (host !== undefined) return `startsWith(${side}, ${bindings.bind(`${reversed(host)}.`)})`;
  return `${side} IN (SELECT key FROM ${DATABASE}.names WHERE kind IN ('host', 'ip') AND is_whole = 1
    AND ${likeCondition(bindings, 'text', text.toLowerCase())})`;
}

function textGlob(bindings: Bindings, column: string, text: string): string {
  const start = literalStart(text);
  const likeness = `${column} ILIKE ${bindings.bind(likePattern(text))}`;
  // Identifiers are nearly always written as the glob is, or in capitals: both are ranges of the key.
  if (start === '') return likeness;
  const spellings = [...new Set([start, start.toLowerCase(), start.toUpperCase()])];
  return `(${spellings.map((each) => `startsWith(${column}, ${bindings.bind(each)})`).join(' OR ')}) AND ${likeness}`;
}

/** Condition on a text in lower case, by its beginning where the pattern has one. */
export function likeCondition(bindings: Bindings, column: string, text: string): string {
  const start = literalStart(text);
  const likeness = `${column} LIKE ${bindings.bind(likePattern(text))}`;
  return start === '' ? likeness : `startsWith(${column}, ${bindings.bind(start)}) AND ${likeness}`;
}

const literalStart = (glob: string): string => /^[^*?]*/.exec(glob)![0];

/** `*` and `?` as LIKE writes them, everything else by the letter. */
function likePattern(glob: string): string {
  return glob
    .replace(/[\\%_]/g, '\\$&')
    .replace(/\*+/g, '%')
    .replaceAll('?', '_');
}

/** By the texts that the addresses begin with, so that the key is used; then exactly. */
function inNetwork(bindings: Bindings, column: string, cidr: string): string {
  const [address, bits] = [
    cidr.slice(0, cidr.lastIndexOf('/')),
    Number(cidr.slice(cidr.lastIndexOf('/') + 1)),
  ];
  const isOfKind = isIPv4(address) ? `isIPv4String(${column})` : `isIPv6String(${column})`;
  // In a branch, since the function throws for what is no address.
  const exact = `if(${isOfKind}, isIPAddressInRange(if(${isOfKind}, ${column}, ${isIPv4(address) ? "'0.0.0.0'" : "'::'"}), ${bindings.bind(cidr)}), 0)`;
  const octets = isIPv4(address) ? address.split('.').slice(0, Math.floor(bits / 8)) : [];
  if (octets.length === 0 || octets.length === 4) return exact;
  return `startsWith(${column}, ${bindings.bind(`${octets.join('.')}.`)}) AND ${exact}`;
}

const reversed = (host: string): string => host.split('.').reverse().join('.');
