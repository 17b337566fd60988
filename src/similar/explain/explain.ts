import { hostOfUrl, isWithin, registrableDomain, type Host } from '#model';
import type { Reference } from '../evidence.ts';
import { judge, type CopyVerdict } from '../judge.ts';
import { likenessOf } from '../likeness.ts';
import type { PageProfile, PageStamp } from '../page.ts';
import { compareItems, type Comparison, type Difference } from './differences.ts';
import type { OutlinePlace } from '#model';
import type { Outline } from './outline.ts';

/** Something that the copy still loads from the owner of the original. */
export interface Hotlink {
  readonly url: string;
  readonly host: Host;
  readonly kind: 'style' | 'script' | 'image' | 'other';
  readonly element: string;
  readonly place: OutlinePlace;
}

/** Two pages compared: which copies which, how much of it, and what was done to it. */
export interface Explanation {
  /** Which of the two given is the copy. */
  readonly copy: 'a' | 'b';
  /** How that was decided: what the pages say, or the order in which they were given. */
  readonly direction: string;
  readonly verdict: CopyVerdict;
  /** How much of the copy is the original's. */
  readonly shares: {
    /** Of its runs of four words. */
    readonly text: number;
    /** Of its elements and their order. */
    readonly markup: number;
    /** Of the files that it loads, by name. */
    readonly resources: number;
    readonly kept: Comparison['kept'];
  };
  readonly hotlinks: readonly Hotlink[];
  readonly stamps: readonly PageStamp[];
  readonly claims: PageProfile['claims'];
  readonly differences: readonly Difference[];
  readonly isCut: boolean;
}

/**
 * Compares two pages point by point. `a` is taken for the original and `b` for its copy, as with any comparison of old and
 * new, unless the pages themselves say otherwise: a stamp, a claim or hotlinks name the other's host. `owned` are
 * domains of the original's owner beside its own host.
 */
export function explain(
  a: Outline,
  b: Outline,
  owned: { readonly a?: readonly Host[]; readonly b?: readonly Host[] } = {},
): Explanation {
  const ownersOf = (outline: Outline, more: readonly Host[] = []): Host[] => [...homeOf(outline), ...more];
  const [ownersA, ownersB] = [ownersOf(a, owned.a), ownersOf(b, owned.b)];
  const [ofA, ofB] = [ties(a, ownersB), ties(b, ownersA)];
  const isAtHome = (outline: Outline, owners: readonly Host[]): boolean =>
    owners.some((domain) => isWithin(outline.profile.host, domain));
  const isSwapped = ofA > ofB && !(isAtHome(a, ownersA) && ofB > 0);
  const [copy, original, owners] = isSwapped ? [a, b, ownersB] : [b, a, ownersA];
  const reference: Reference = { ...original.profile, owned: owners };
  const verdict = judge(asForeign(copy.profile, original.profile), reference);
  const comparison = compareItems(copy, original, owners);
  const likeness = likenessOf(copy.profile.sketch, original.profile.sketch);
  return {
    copy: isSwapped ? 'a' : 'b',
    direction:
      ofA === ofB
        ? 'neither page tells: the first is taken for the original'
        : 'stamps, addresses or hotlinks of the one name the other',
    verdict,
    shares: {
      text: shareOf(copy, original, likeness.text, 'text'),
      markup: shareOf(copy, original, likeness.paths, 'paths'),
      resources: ratio(comparison.kept.resources),
      kept: comparison.kept,
    },
    hotlinks: hotlinksIn(copy, owners),
    stamps: copy.profile.stamps,
    claims: copy.profile.claims,
    differences: comparison.differences,
    isCut: copy.isCut || original.isCut,
  };
}

const UNKNOWN = 'file.invalid';

/** Domains that are the page's own; of a file whose address nobody knows, those that it calls its own. */
function homeOf({ profile }: Outline): Host[] {
  if (profile.host !== UNKNOWN) return [registrableDomain(profile.host) ?? profile.host];
  const claimed = profile.claims
    .filter(({ kind }) => kind !== 'form')
    .map(({ host }) => registrableDomain(host) ?? host);
  return [...new Set(claimed)].slice(0, 1);
}

/** Two files without addresses lie on no common host. */
function asForeign(copy: PageProfile, original: PageProfile): PageProfile {
  return copy.host === UNKNOWN && original.host === UNKNOWN
    ? { ...copy, host: `copy.${UNKNOWN}` as Host }
    : copy; // a host below one
}

/** How much a page says that it comes from those owners. */
function ties({ profile }: Outline, owners: readonly Host[]): number {
  const isTheirs = (host: Host): boolean => owners.some((domain) => isWithin(host, domain));
  if (isTheirs(profile.host)) return 0;
  const stamps = profile.stamps.filter(({ sourceHost }) => isTheirs(sourceHost)).length;
  if (profile.host === UNKNOWN) return stamps; // what it calls its own may be so
  const loads = profile.loads.filter(({ host }) => isTheirs(host)).length;
  const claims = profile.claims.filter(({ host }) => isTheirs(host)).length;
  return stamps * 4 + claims * 2 + Math.min(loads, 3);
}

/** The share of the copy's members that the original has, from what both share of all. */
function shareOf(copy: Outline, original: Outline, resemblance: number, kind: 'text' | 'paths'): number {
  const [own, other] = [copy.profile.sketch, original.profile.sketch].map(({ counts }) =>
    Math.max(1, kind === 'text' ? counts.shingles : counts.paths),
  ) as [number, number]; // of two
  return Math.min(1, (resemblance * (own + other)) / (1 + resemblance) / own);
}

const ratio = ({ count, of }: { readonly count: number; readonly of: number }): number =>
  of === 0 ? 0 : count / of;

function hotlinksIn({ items }: Outline, owners: readonly Host[]): Hotlink[] {
  return items.flatMap((item): Hotlink[] => {
    const host = item.kind !== 'resource' || item.url === undefined ? undefined : hostOfUrl(item.url);
    if (host === undefined || item.url === undefined || !owners.some((domain) => isWithin(host, domain)))
      return [];
    if (item.tag === 'link' && !/stylesheet|icon|preload|manifest/i.test(item.attributes['rel'] ?? ''))
      return [];
    return [{ url: item.url, host, kind: kindOf(item.tag), element: item.tag, place: item.place }];
  });
}

function kindOf(tag: string): Hotlink['kind'] {
  if (tag === 'link') return 'style';
  if (tag === 'script') return 'script';
  return tag === 'img' || tag === 'image' ? 'image' : 'other';
}
