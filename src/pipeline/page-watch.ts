import { createHash } from 'node:crypto';
import { hostOfUrl, isWithin, parseHost, type Brand, type Host, type Observation } from '#model';
import {
  domainHash,
  hostsAmong,
  judge,
  keptKeys,
  openProfile,
  openSignature,
  Percolator,
  type CopyVerdict,
  type PageProfile,
  type PageSignature,
  type Reference,
} from '#similar';
import type { Brands, ObservationStore, StoredPage } from '#store';

/** A page of a brand, with where and when it was seen. */
interface BrandPage extends Reference, PageSignature {
  readonly brand: string;
  readonly captureId: string | undefined;
  readonly seenAt: string;
}

/** A page that copies a brand's. */
export interface FoundCopy {
  readonly brand: string;
  readonly page: {
    readonly url: string;
    readonly host: Host;
    readonly captureId: string | undefined;
    readonly seenAt: string;
  };
  /** The version of the brand's page that it is nearest to: the last one before it was copied, as far as that is known. */
  readonly original: {
    readonly url: string;
    readonly host: Host;
    readonly captureId: string | undefined;
    readonly seenAt: string;
  };
  readonly verdict: CopyVerdict;
  readonly copiedAt: string | undefined;
}

/** Stored pages that are compared with one page of a brand. */
const MOST_CANDIDATES = 200;

/**
 * Finds copies of the brands' pages, both ways: pages that come in are looked up among the brands' pages (`look`), and the
 * pages of a brand among all that are stored (`hunt`).
 */
export class PageWatch {
  readonly #store: ObservationStore;
  readonly #brands: Brands;
  #revision: string | undefined;
  #index = new Percolator<BrandPage>();
  #known: readonly Brand[] = [];

  constructor(store: ObservationStore, brands: Brands) {
    this.#store = store;
    this.#brands = brands;
  }

  /**
   * A page that came in and is stored: of a brand, its copies among the stored pages; of anybody else, the brands' pages that
   * it copies. What is found is stored as observations.
   */
  async look(
    page: PageSignature,
    seen: { readonly seenAt: string; readonly captureId: string | undefined },
  ): Promise<FoundCopy[]> {
    await this.#refresh();
    if (this.#known.length === 0) return [];
    const brand = this.#known.find((each) => isProtected(each, page));
    if (brand !== undefined) {
      const own = toBrandPage(brand, page, seen);
      this.#index.add(own);
      return this.#keep(await this.#copiesOf(own));
    }
    const hits = this.#index.query(page);
    return this.#keep(
      bestOfBrand(hits.map(({ reference, verdict }) => toCopy(page, seen, reference, verdict))),
    );
  }

  /** The same of many pages that came in, each as it is stored: of those of an archive. */
  async lookAtStored(pages: readonly StoredPage[]): Promise<FoundCopy[]> {
    await this.#refresh();
    if (this.#known.length === 0) return [];
    const found: FoundCopy[] = [];
    for (const stored of pages) {
      const page = openSignature(stored);
      if (page !== undefined)
        found.push(...(await this.look(page, { seenAt: stored.seenAt, captureId: stored.captureId })));
    }
    return found;
  }

  /** The copies of brands' pages among all stored pages; by default of all brands. */
  async hunt(ids?: readonly string[]): Promise<FoundCopy[]> {
    const brands = (await this.#brands.list()).filter(({ id }) => ids === undefined || ids.includes(id));
    const found: FoundCopy[] = [];
    for (const brand of brands)
      for (const page of await this.#pagesOf(brand)) found.push(...(await this.#copiesOf(page)));
    return this.#keep(bestOfBrand(found));
  }

  async #refresh(): Promise<void> {
    const revision = await this.#brands.revision();
    if (revision === this.#revision) return;
    this.#known = await this.#brands.list();
    const index = new Percolator<BrandPage>();
    for (const brand of this.#known) for (const page of await this.#pagesOf(brand)) index.add(page);
    this.#index = index;
    this.#revision = revision;
  }

  /** The brand's pages that were seen, all versions. */
  async #pagesOf(brand: Brand): Promise<BrandPage[]> {
    const hosts = brand.pages.flatMap(({ url }) => hostOfUrl(url) ?? []);
    const domains = new Set([...brand.domains, ...hosts].map(domainHash));
    return (await this.#store.pagesOf([...domains])).flatMap((stored) => {
      const page = openSignature(stored);
      return page === undefined || !isProtected(brand, page) ? [] : [toBrandPage(brand, page, stored)];
    });
  }

  async #copiesOf(own: BrandPage): Promise<FoundCopy[]> {
    const candidates = await this.#store.similarPages({
      ...keptKeys(own),
      exceptDomain: domainHash(own.host),
      limit: MOST_CANDIDATES,
    });
    const pages = candidates.flatMap((stored) => {
      const page = openProfile(stored);
      return page === undefined ? [] : [{ stored, page }];
    });
    // What they share with each other is a template's rather than the owner's.
    const hosts = hostsAmong([own, ...pages.map(({ page }) => page)]);
    return pages.flatMap(({ stored, page }) => {
      const verdict = judge(page, own, hosts);
      return verdict.isCopy && verdict.level !== 'NONE' ? [toCopy(page, stored, own, verdict)] : [];
    });
  }

  async #keep(copies: readonly FoundCopy[]): Promise<FoundCopy[]> {
    for (const copy of copies) {
      const observation = toObservation(copy);
      const digest = createHash('sha256').update(JSON.stringify(observation)).digest('hex');
      await this.#store.add({ id: `copy ${digest}`, observations: [observation] });
    }
    return [...copies];
  }
}

/** The pages that the brand lists, and whatever is shown at those addresses on its own hosts; without a list, its front pages. */
function isProtected({ pages, domains, owned }: Brand, { url, host }: PageSignature): boolean {
  const isListed = pages.some((page) => sameAddress(page.url, url));
  if (isListed) return true;
  const isOwn = [...domains, ...owned].some((domain) => isWithin(host, domain));
  return isOwn && new URL(url).pathname === '/';
}

function sameAddress(left: string, right: string): boolean {
  const plain = (url: string): string =>
    url
      .replace(/^https?:\/\/(?:www\.)?/, '')
      .replace(/#.*$/, '')
      .replace(/\/$/, '');
  return plain(left) === plain(right);
}

function toBrandPage(
  brand: Brand,
  page: PageSignature,
  { seenAt, captureId }: Pick<StoredPage, 'seenAt' | 'captureId'>,
): BrandPage {
  return { ...page, owned: [...brand.domains, ...brand.owned], brand: brand.id, captureId, seenAt };
}

function toCopy(
  page: PageProfile,
  seen: Pick<StoredPage, 'seenAt' | 'captureId'>,
  original: BrandPage,
  verdict: CopyVerdict,
): FoundCopy {
  return {
    brand: original.brand,
    page: { url: page.url, host: page.host, captureId: seen.captureId, seenAt: seen.seenAt },
    original: {
      url: original.url,
      host: original.host,
      captureId: original.captureId,
      seenAt: original.seenAt,
    },
    verdict,
    copiedAt: page.stamps.find(
      ({ sourceHost, copiedAt }) =>
        copiedAt !== undefined && original.owned.some((domain) => isWithin(sourceHost, domain)),
    )?.copiedAt,
  };
}

/** Of a page and a brand, one: the likeliest page, of its versions the last before the copy was made, else the first seen. */
function bestOfBrand(copies: readonly FoundCopy[]): FoundCopy[] {
  const byPage = Map.groupBy(
    copies,
    ({ brand, page }) => `${brand} ${page.url} ${page.captureId ?? page.seenAt}`,
  );
  return [...byPage.values()].map((some) => {
    const best = some.reduce((a, b) => (b.verdict.score > a.verdict.score ? b : a));
    const versions = some.filter(
      ({ original, verdict }) =>
        original.url === best.original.url && verdict.score >= best.verdict.score - 0.05,
    );
    const at = best.copiedAt ?? best.page.seenAt;
    const sorted = versions.sort((a, b) => a.original.seenAt.localeCompare(b.original.seenAt));
    return sorted.findLast(({ original }) => original.seenAt <= at) ?? sorted[0] ?? best;
  });
}

function toObservation({ page, original, verdict, copiedAt, brand }: FoundCopy): Observation {
  return {
    dataset: 'copies',
    source: page.host,
    label: verdict.evidence[0]?.kind ?? 'text',
    target: original.host,
    seenAt: page.seenAt,
    detail: {
      score: verdict.score,
      level: verdict.level,
      brand: parseHost(brand) ?? brand,
      url: page.url,
      originalUrl: original.url,
      reasons: verdict.evidence.map(({ says }) => says).join('; '),
      kinds: verdict.evidence.map(({ kind }) => kind).join(','),
      ...(copiedAt !== undefined && { copiedAt }),
      ...(page.captureId !== undefined && { capture: page.captureId }),
      ...(original.captureId !== undefined && { originalCapture: original.captureId }),
    },
    evidence: {},
  };
}
