import { createHash } from 'node:crypto';
import { DATASETS, isIpHost, parseHost, reverseLabels, type DatasetId } from '#model';
import type { TextColumn } from './native.ts';

export type Side = 'source' | 'target';

/** Longer values, in characters, are cut in the key, so that the index and cursors stay small. */
const MAX_KEY = 400;
const DIGEST = 64;

/** Whether that side of the dataset holds hosts, which are keyed with their labels reversed. */
export function holdsHosts(dataset: DatasetId, side: Side): boolean {
  const type = side === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
  return type === 'host' || type === 'domain';
}

/** A value as it is stored: `www.example.org` → `org.example.www` where that side holds hosts. */
export function toKey(dataset: DatasetId, side: Side, value: string): string {
  if (!holdsHosts(dataset, side)) return cutKey(value);
  const host = parseHost(value);
  return host === undefined ? cutKey(value) : reverseLabels(host);
}

/** Adds a value's key; returns whether it is a plain name, which needs no parsing. */
export function addKey(column: TextColumn, dataset: DatasetId, side: Side, value: string): boolean {
  const isPlain = holdsHosts(dataset, side) && addPlainNameKey(column, value);
  if (!isPlain) column.add(toKey(dataset, side, value));
  return isPlain;
}

/** A long text by its beginning and its SHA-256; a short one as it is. Whoever needs all of it keeps it elsewhere. */
export function cutKey(text: string): string {
  if (!isCut(text)) return text;
  const digest = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, MAX_KEY - DIGEST - 1).toWellFormed()}…${digest}`;
}

/** Whether a text is longer than its key. */
export function isCut(text: string): boolean {
  return text.length > MAX_KEY;
}

/** The value behind a stored key. Reversing is its own inverse. */
export function fromKey(dataset: DatasetId, side: Side, key: string): string {
  if (!holdsHosts(dataset, side)) return key;
  const isAddress = key.includes(':') || /^\d+(\.\d+){3}$/.test(key);
  return isAddress ? key : key.split('.').reverse().join('.');
}

/** What the keys of all names below a host begin with; undefined where the value is no host name. */
export function prefixBelow(dataset: DatasetId, side: Side, value: string): string | undefined {
  const host = holdsHosts(dataset, side) ? parseHost(value) : undefined;
  return host === undefined || isIpHost(host) ? undefined : `${reverseLabels(host)}.`;
}

const MAX_NAME = 253;
const MAX_LABEL = 63;
const [DOT, HYPHEN, UNDERSCORE, ZERO, NINE, LOWER_A, LETTER_X, LOWER_Z] = [46, 45, 95, 48, 57, 97, 120, 122];

/**
 * Adds the key of a name that `parseHost` would leave as it is, without parsing it, at a tenth of the cost: lower-case
 * ASCII labels, at least two, no Punycode, no digit first in the last label (that may be an address). Nearly every
 * observation has such names. Returns false, and adds nothing, for all others, which are to be parsed.
 */
export function addPlainNameKey(column: TextColumn, name: string): boolean {
  if (name.length > MAX_NAME || name.length === 0) return false;
  column.begin(name.length);
  let end = name.length;
  for (let at = end - 1; at >= -1; at--) {
    const code = at === -1 ? DOT : name.charCodeAt(at);
    if (code === DOT) {
      const isLast = end === name.length;
      const length = end - at - 1;
      const first = name.charCodeAt(at + 1); // NaN where there is none
      const mayBeOther =
        length === 0 ||
        length > MAX_LABEL ||
        (isLast && (at === -1 || isDigit(first))) ||
        (first === LETTER_X && name.startsWith('xn--', at + 1));
      if (mayBeOther) break;
      if (!isLast) column.putByte(DOT);
      column.putAscii(name, at + 1, end);
      end = at;
    } else if (!(isLetter(code) || isDigit(code) || code === HYPHEN || code === UNDERSCORE)) break;
  }
  if (end === -1) column.end();
  else column.abandon();
  return end === -1;
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
const isLetter = (code: number): boolean => code >= LOWER_A && code <= LOWER_Z;
