import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Brand } from '#lookalike';
import { parse } from 'tldts';

const folder = join(
  process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data'),
  'names',
);

/** Whether the shared lists of names are there; nothing here can be measured without them. */
export const hasLists = existsSync(folder);

export const linesOf = (name: string): string[] =>
  readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');

/** A list of the collection of benign domains. */
export function benignDomains(
  name: 'cloudflare-top100k' | 'tranco10k' | 'disposable-email' | 'dynamic-dns' | 'university_domains',
): string[] {
  const text = readFileSync(join(folder, 'warninglists', name, 'list.json'), 'utf8');
  const { list } = JSON.parse(text) as { list: string[] }; // the collection's format
  return list.map((entry) => entry.replace(/^\./, ''));
}

/** Which half of its list a name belongs to, by the lowest bit of its SHA-256's first byte: 0 fits, 1 reports. */
export function halfOf(name: string): 'fit' | 'report' {
  return (createHash('sha256').update(name).digest()[0] & 1) === 0 ? 'fit' : 'report';
}

export interface MetaMaskList {
  readonly fuzzylist: readonly string[];
  readonly whitelist: readonly string[];
  readonly blacklist: readonly string[];
}

export function metaMaskList(): MetaMaskList {
  return JSON.parse(readFileSync(join(folder, 'eth-phishing-detect.json'), 'utf8')) as MetaMaskList; // its format
}

/** Groups of domains of one owner each. */
export function ownerGroups(): string[][] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'owners', name), 'utf8'));
  const credentials = read('shared-credentials.json') as readonly {
    readonly shared?: readonly string[];
    readonly from?: readonly string[];
    readonly to?: readonly string[];
  }[];
  const { sets } = read('related-website-sets.json') as {
    readonly sets: readonly {
      readonly primary: string;
      readonly associatedSites?: readonly string[];
      readonly serviceSites?: readonly string[];
      readonly ccTLDs?: Readonly<Record<string, readonly string[]>>;
    }[];
  };
  const hostOf = (url: string): string => new URL(url).hostname;
  return [
    ...credentials.map(({ shared, from, to }) => [...(shared ?? []), ...(from ?? []), ...(to ?? [])]),
    ...sets.map((set) =>
      [
        set.primary,
        ...(set.associatedSites ?? []),
        ...(set.serviceSites ?? []),
        ...Object.values(set.ccTLDs ?? {}).flat(),
      ].map(hostOf),
    ),
  ];
}

const TOKEN = /^[a-z]{4,}$/;

/** How many names of the list have each token before their suffix. */
function tokenCounts(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    const { publicSuffix } = parse(name, { allowPrivateDomains: true });
    const before = name.slice(0, name.length - (publicSuffix ?? '').length);
    for (const token of new Set(before.split(/[-.]/)))
      if (TOKEN.test(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

/** Whether at most `most` letters differ (Levenshtein). */
function isWithin(a: string, b: string, most: number): boolean {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] <= most;
}

/**
 * Brands that the list's phishing names are about, by a rule and not by hand. A brand is a token (letters between dots and
 * hyphens, five or more) that stands in at least `least` names of the fitting half (of four letters: four times as many), unless it is a slip of a commoner one (two
 * letters off), holds one or is held in one; unless `isGeneric` says that it is a word of the trade; and common words only where
 * WORD.com is one of the biggest sites. To these come the domains that the list itself compares with.
 * The brand's domain is the popular list's with that label, .com first, else LABEL.com. Domains of the allowed names' fitting
 * half with the very label are owned.
 */
export function deriveBrands(
  { fuzzylist, whitelist, blacklist }: MetaMaskList,
  popular: readonly string[],
  options: {
    readonly least: number;
    readonly isGeneric: (token: string) => boolean;
    readonly isWord: (token: string) => boolean;
    readonly isBigSite: (domain: string) => boolean;
  },
): Brand[] {
  const byLabel = new Map<string, string[]>();
  const labelOf = (name: string): string => parse(name).domainWithoutSuffix ?? '';
  for (const domain of popular) {
    const label = labelOf(domain);
    byLabel.set(label, [...(byLabel.get(label) ?? []), domain]);
  }
  const domainOf = (label: string): string => {
    const known = byLabel.get(label) ?? [];
    return known.find((domain) => domain === `${label}.com`) ?? known[0] ?? `${label}.com`;
  };
  const counts = tokenCounts(blacklist.filter((name) => halfOf(name) === 'fit'));
  const chosen = new Map(fuzzylist.map((domain) => [labelOf(domain), domain]));
  for (const [token, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    if (count < (token.length > 4 ? 1 : 4) * options.least) continue;
    if (options.isGeneric(token) || (options.isWord(token) && !options.isBigSite(`${token}.com`))) continue;
    const isTaken = [...chosen.keys()].some(
      (brand) => brand.includes(token) || token.includes(brand) || isWithin(brand, token, 2),
    );
    if (!isTaken) chosen.set(token, domainOf(token));
  }
  const allowed = whitelist.filter((name) => halfOf(name) === 'fit');
  return Array.from(chosen, ([label, domain]) => ({
    domains: [domain],
    owned: allowed.filter((name) => labelOf(name) === label),
  }));
}
