import { AditError } from './errors.ts';
import { isIpHost, parseHost, publicSuffix, registrableDomain, toUnicodeHost, type Host } from './host.ts';
import { hostOfUrl, parseUrl, refang } from './url.ts';

/** What a page of a brand is for. */
export const BRAND_PAGE_KINDS = ['home', 'login', 'download', 'other'] as const;
export type BrandPageKind = (typeof BRAND_PAGE_KINDS)[number];

/** A page that the brand's users know, and that copies are made of. Its versions are the captures of its URL. */
export interface BrandPage {
  readonly url: string;
  readonly kind: BrandPageKind;
}

/** What a user protects: names, hosts, pages, and the marks by which its own hosts are known. */
export interface Brand {
  /** The first of its domains: verdicts, observations and commands name the brand by it. */
  readonly id: Host;
  /** For people. */
  readonly name: string;
  /** Registrable domains that people know it by, the one that matters most first. */
  readonly domains: readonly Host[];
  /** Further domains and hosts of the same owner: what lies within them imitates nobody. */
  readonly owned: readonly Host[];
  /** Domains that were proposed as its own, and are not. */
  readonly disowned: readonly Host[];
  /** Further names that stand for it in host names: products, abbreviations. */
  readonly names: readonly string[];
  /** Words beside its name that say as much as `login` does. */
  readonly keywords: readonly string[];
  readonly pages: readonly BrandPage[];
  /** Identifiers of its own trackers: analytics ids, pixels. */
  readonly trackers: readonly string[];
  /** Of its favicons: SHA-256, or the MurmurHash3 that Shodan computes. */
  readonly favicons: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The parts of a brand that users write. */
export const BRAND_LISTS = [
  'domains',
  'owned',
  'disowned',
  'names',
  'keywords',
  'trackers',
  'favicons',
] as const;
export type BrandList = (typeof BRAND_LISTS)[number];

/** A brand as users write it, before it is checked; `domains` or a page gives its id. */
export type BrandDraft = { readonly [List in BrandList]?: readonly string[] | undefined } & {
  readonly name?: string | undefined;
  readonly pages?:
    | readonly (string | { readonly url: string; readonly kind?: BrandPageKind | undefined })[]
    | undefined;
};

export type BrandContent = Omit<Brand, 'createdAt' | 'updatedAt'>;

/** Most entries of a list. */
const MAX_ENTRIES = 1_000;
const MAX_WORD = 100;

/**
 * Checks what users write, and fills in what follows from it: a URL stands for its domain and its pages, a domain for its home
 * page. Throws `invalid-brand`.
 */
export function toBrand(draft: BrandDraft): BrandContent {
  const pages = uniqueBy((draft.pages ?? []).map(toPage), ({ url }) => url);
  // A page may lie on another's domain: downloads on a code host. It gives the domain only where nothing else does.
  const given = draft.domains ?? [];
  const domains = unique((given.length > 0 ? given : pages.slice(0, 1).map(({ url }) => url)).map(toDomain));
  const [id] = domains;
  if (id === undefined)
    throw new AditError('invalid-brand', 'A brand needs a domain.', {
      advice: 'Give the registrable domain, e.g. example.org, or an address below it.',
    });
  const isHomeGiven = pages.some(({ kind }) => kind === 'home');
  const home: BrandPage = { url: `https://${id}/`, kind: 'home' };
  return bounded({
    id,
    name: word(draft.name ?? '') || nameOf(id),
    domains,
    owned: unique((draft.owned ?? []).map(toOwned)),
    disowned: unique((draft.disowned ?? []).map(toOwned)),
    names: words(draft.names),
    keywords: words(draft.keywords),
    pages: isHomeGiven ? pages : [home, ...pages],
    trackers: words(draft.trackers),
    favicons: words(draft.favicons),
  });
}

/** A brand from a domain, a host or a URL alone: what `toBrand` takes. */
export function draftBrand(text: string): BrandDraft {
  const plain = refang(text.trim());
  const url = /^https?:\/\//i.test(plain) ? parseUrl(plain) : undefined;
  return url === undefined ? { domains: [plain] } : { domains: [toDomain(url)], pages: pagesOf(url) };
}

/** What one brand says, with what another adds to it; the id stays. */
export function mergeBrand(brand: BrandContent, added: BrandDraft): BrandContent {
  const lists = Object.fromEntries(
    BRAND_LISTS.map((list) => [list, [...brand[list], ...(added[list] ?? [])]]),
  );
  return toBrand({
    ...lists,
    name: added.name ?? brand.name,
    pages: [...brand.pages, ...(added.pages ?? [])],
  });
}

/** The site's front, and the address itself where that is another page. */
function pagesOf(url: string): BrandPage[] {
  const { origin } = new URL(url);
  const given = toPage(url);
  return given.kind === 'home' ? [given] : [{ url: `${origin}/`, kind: 'home' }, given];
}

function toPage(
  page: string | { readonly url: string; readonly kind?: BrandPageKind | undefined },
): BrandPage {
  const { url: text, kind } = typeof page === 'string' ? { url: page, kind: undefined } : page;
  const url = parseUrl(refang(text.trim()));
  if (url === undefined || hostOfUrl(url) === undefined)
    throw new AditError('invalid-brand', `“${text.slice(0, 200)}” is no page that a brand can have.`, {
      advice: 'Give an absolute http or https URL.',
    });
  return { url, kind: kind ?? kindOf(url) };
}

const LOGIN = /log-?in|sign-?in|sign-?on|\bauth|account|session/i;
const DOWNLOAD = /download|install|setup|\bget\b|release|wallet/i;

function kindOf(url: string): BrandPageKind {
  const { pathname, search } = new URL(url);
  if (pathname === '/' && search === '') return 'home';
  if (LOGIN.test(pathname)) return 'login';
  return DOWNLOAD.test(pathname) ? 'download' : 'other';
}

function toDomain(text: string): Host {
  const host = parseHost(hostOfUrl(text) ?? text);
  const domain = host === undefined ? undefined : registrableDomain(host);
  if (domain !== undefined) return domain;
  throw new AditError('invalid-brand', `“${text.slice(0, 200)}” is no domain that a brand can have.`, {
    advice: 'Give the registrable domain, e.g. example.org.',
  });
}

/** Owned names may lie below a registrable domain. */
function toOwned(text: string): Host {
  const host = parseHost(refang(text.trim()).replace(/^\*\./, ''));
  if (host !== undefined && (isIpHost(host) || registrableDomain(host) !== undefined)) return host;
  throw new AditError('invalid-brand', `“${text.slice(0, 200)}” is no host that somebody can own.`, {
    advice: 'Give a domain or a host below one.',
  });
}

/** `bitcoingold` of bitcoingold.org. */
function nameOf(domain: Host): string {
  const suffix = publicSuffix(domain) ?? '';
  return toUnicodeHost(domain.slice(0, -suffix.length - 1) as Host); // a label of a host
}

const word = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_WORD);
const words = (texts: readonly string[] = []): string[] =>
  unique(texts.map(word).filter((text) => text !== ''));
const unique = <Text extends string>(texts: readonly Text[]): Text[] => [...new Set(texts)];
const uniqueBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

function bounded(brand: BrandContent): BrandContent {
  for (const list of [...BRAND_LISTS, 'pages'] as const)
    if (brand[list].length > MAX_ENTRIES)
      throw new AditError('invalid-brand', `A brand takes at most ${MAX_ENTRIES} ${list}.`);
  return brand;
}
