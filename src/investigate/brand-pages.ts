import { hostOfUrl, parseUrl, type Brand, type BrandPage } from '#model';
import type { ObservationStore, StoredCapture } from '#store';

/** A page to protect with the captures of it, the newest first. */
export interface VersionedPage extends BrandPage {
  readonly versions: readonly StoredCapture[];
}

const MAX_CAPTURES = 10_000;

/**
 * The versions of a brand's pages: captures that came with the page, asked for by its URL or led to it. Whoever compares a copy takes the
 * version nearest to the copy in time.
 */
export async function brandPages(store: ObservationStore, { pages }: Brand): Promise<VersionedPage[]> {
  const byHost = Map.groupBy(pages, ({ url }) => hostOfUrl(url));
  const versioned = new Map<string, readonly StoredCapture[]>();
  for (const [host, some] of byHost) {
    if (host === undefined) continue;
    const captures = await store.captures({ host, limit: MAX_CAPTURES });
    for (const { url } of some)
      versioned.set(
        url,
        captures.filter(
          (capture) =>
            capture.outcome === 'ok' && (isSame(capture.url, url) || isSame(capture.finalUrl ?? '', url)),
        ),
      );
  }
  return pages.map((page) => ({ ...page, versions: versioned.get(page.url) ?? [] }));
}

const isSame = (text: string, url: string): boolean => text === url || parseUrl(text) === url;
