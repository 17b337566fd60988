import { hostOfUrl, registrableDomain, type Host } from '#model';
import { canonicalUrl } from './canonical-url.ts';

/**
 * How far a crawl goes from its seeds: `page` the seeds alone, `host` their hosts (with or without `www.`), `domain`
 * all hosts of their registrable domains, `any` everywhere.
 */
export const CRAWL_SCOPES = ['page', 'host', 'domain', 'any'] as const;
export type CrawlScope = (typeof CRAWL_SCOPES)[number];

/** Whether an address belongs to the crawl. */
export type InScope = (url: string) => boolean;

/** The scope around the seeds. Addresses without a host that Adit stores lie outside every scope. */
export function scopeAround(scope: CrawlScope, seeds: readonly string[]): InScope {
  if (scope === 'any') return (url) => hostOfUrl(url) !== undefined;
  const keyOf = { page: canonicalUrl, host: siteHost, domain: siteDomain }[scope];
  const keys = new Set(seeds.map(keyOf));
  return (url) => {
    const key = keyOf(url);
    return key !== undefined && keys.has(key);
  };
}

function siteHost(url: string): string | undefined {
  return hostOfUrl(url)?.replace(/^www\./, '');
}

function siteDomain(url: string): Host | undefined {
  const host = hostOfUrl(url);
  return host === undefined ? undefined : (registrableDomain(host) ?? host);
}
