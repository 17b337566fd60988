import { isIP } from 'node:net';
import { DATASETS, hostOfUrl, parseHost, parseUrl, refang, type ArtifactType } from '#model';
import type { Matches, Pattern } from '#store';
import type { DetailType, Field } from './field.ts';
import { QueryError } from './query-error.ts';
import type { Term } from './syntax.ts';

/** Hosts below a domain that are looked up one by one; beyond that the domain is one range. */
const FEW_HOSTS = 50;
const HOST_GLOB = /^[\p{L}\p{N}\p{M}_.*?:-]+$/u;

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/** `192.0.2.0/24`, `2001:db8::/32`. */
export function parseNetwork(text: string): string | undefined {
  const [, address = '', bits = ''] = /^([0-9a-f.:]{2,45})\/(\d{1,3})$/i.exec(refang(text)) ?? [];
  const family = isIP(address);
  return family === 0 || Number(bits) > (family === 4 ? 32 : 128) ? undefined : `${address}/${bits}`;
}

/** Patterns, any of which the side must fit: none where nothing that is known does. */
export async function sidePatterns(
  matches: Matches,
  { dataset, own }: Field & { readonly kind: 'edge' },
  term: Term,
): Promise<Pattern[]> {
  const type = DATASETS[dataset][own === 'source' ? 'targetType' : 'sourceType'];
  const { text, isQuoted, compare } = term.value;
  if (compare !== undefined)
    throw new QueryError(
      `${compare} compares numbers and dates.`,
      term,
      `Write ${term.field ?? 'the field'}:VALUE, with * for any characters.`,
    );
  const plain = refang(text);
  if (type === 'host' || type === 'domain') return hostPatterns(matches, plain, isQuoted, term);
  if (!isQuoted && hasWildcard(plain)) return [{ kind: 'glob', text: plain }];
  if (type === 'ip') {
    const cidr = parseNetwork(plain);
    if (cidr !== undefined) return [{ kind: 'network', cidr }];
    return [{ kind: 'exact', value: parseHost(plain) ?? plain }];
  }
  if (type === 'url') return urlPatterns(plain);
  return isQuoted ? [{ kind: 'exact', value: text }] : spellings(matches, type, text);
}

async function hostPatterns(
  matches: Matches,
  text: string,
  isQuoted: boolean,
  term: Term,
): Promise<Pattern[]> {
  if (!isQuoted && hasWildcard(text)) {
    if (HOST_GLOB.test(text)) return [{ kind: 'glob', text }];
    throw notHost(text, term);
  }
  const host = parseHost(text) ?? hostOfUrl(text);
  if (host === undefined) throw notHost(text, term);
  if (isQuoted || isIP(host) !== 0) return [{ kind: 'exact', value: host }];
  const keys = await matches.walk(
    { kind: 'names', pattern: { kind: 'within', domain: host }, scope: {} },
    { limit: FEW_HOSTS + 1 },
  );
  if (keys.length > FEW_HOSTS) return [{ kind: 'within', domain: host }];
  return oneOf(keys);
}

/** Letters of either case: as the values that are known are spelled. */
async function spellings(matches: Matches, type: ArtifactType, text: string): Promise<Pattern[]> {
  const found = await matches.spellings(text, [type]);
  return oneOf(found.map(({ value }) => value));
}

/** One key alone is read in order; several are looked up each. */
function oneOf(keys: readonly string[]): Pattern[] {
  return keys.length === 0 ? [] : [{ kind: 'oneOf', keys }];
}

function urlPatterns(text: string): Pattern[] {
  const url = parseUrl(text);
  if (url !== undefined) return [{ kind: 'exact', value: url }];
  const host = parseHost(text);
  if (host === undefined) return [{ kind: 'exact', value: text }];
  return [
    { kind: 'exact', value: host },
    { kind: 'glob', text: `http*://${host}/*` },
  ];
}

/** The label: as the dataset spells it. */
export function labelPattern(field: Field, term: Term): Pattern {
  const { text, isQuoted } = term.value;
  if (!isQuoted && hasWildcard(text)) return { kind: 'glob', text };
  if (field.values === undefined) return { kind: 'same', value: text };
  const value = field.values.find((each) => each.toLowerCase() === text.toLowerCase());
  if (value === undefined)
    throw new QueryError(
      `${field.name} is never “${text.slice(0, 60)}”.`,
      term,
      `It is one of ${field.values.slice(0, 30).join(', ')}.`,
    );
  return { kind: 'exact', value };
}

export function detailPattern(type: DetailType, term: Term): Pattern {
  const { text, isQuoted, compare } = term.value;
  if (type === 'flag') {
    if (!/^(?:true|false)$/i.test(text))
      throw new QueryError(`${term.field} is true or false.`, term, `Write ${term.field}:true.`);
    return { kind: 'exact', value: text.toLowerCase() };
  }
  const isRange = compare !== undefined || text.includes('..') || type === 'number';
  if (!isQuoted && (isRange || (type === 'instant' && !hasWildcard(text)))) return betweenPattern(type, term);
  return !isQuoted && hasWildcard(text) ? { kind: 'glob', text } : { kind: 'same', value: text };
}

function betweenPattern(type: DetailType, term: Term): Pattern {
  const { text, compare } = term.value;
  const range = compare === undefined ? /^(.*?)\.\.(.*)$/.exec(text) : null;
  const [from, to] =
    range === null
      ? [compare?.startsWith('<') === true ? '' : text, compare?.startsWith('>') === true ? '' : text]
      : [range[1]!, range[2]!];
  const bound = (written: string): string | number | undefined => {
    if (written === '') return undefined;
    if (type !== 'number') return written;
    if (/^-?\d{1,15}(?:\.\d{1,10})?$/.test(written)) return Number(written);
    throw new QueryError(
      `“${written.slice(0, 60)}” is no number.`,
      term,
      `Write ${term.field}:>10, ${term.field}:2..5 or ${term.field}:7.`,
    );
  };
  const [low, high] = [bound(from), bound(to)];
  if (low === undefined && high === undefined)
    throw new QueryError('The range has no end.', term, `Write ${term.field}:FROM..TO.`);
  // Beyond what begins with the text: of dates the whole day, month or year.
  const above = (value: string | number | undefined) =>
    typeof value === 'string' ? `${value}\u{10ffff}` : value;
  if (compare === '<') return { kind: 'between', to: typeof high === 'number' ? high - 1e-9 : high };
  if (compare === '>') return { kind: 'between', from: typeof low === 'number' ? low + 1e-9 : above(low) };
  return { kind: 'between', from: low, to: above(high) };
}

function notHost(text: string, term: Term): QueryError {
  return new QueryError(
    `“${text.slice(0, 60)}” is no host name.`,
    term,
    `Write ${term.field ?? 'host'}:example.org, or with * for any characters.`,
  );
}
