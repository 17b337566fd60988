import { hostOfUrl, type Host } from '#model';
import { tokenizeHtml } from '../html/tokenizer.ts';
import type { PageFacts } from '../marks/page-facts.ts';

/** A host that a page calls its own address, or sends its forms to. */
export interface Claim {
  readonly kind: 'canonical' | 'og:url' | 'json-ld' | 'base' | 'form';
  readonly host: Host;
  /** As written. */
  readonly value: string;
  /** UTF-16 units into the page. */
  readonly offset: number;
  readonly length: number;
}

const MAX_JSON = 256 * 1024;
const MAX_JSON_DEPTH = 8;
const ADDRESS_KEYS = new Set(['url', '@id', 'mainEntityOfPage']);
const MAX_CLAIMS = 200;

/**
 * Whose page a page says it is: canonical link, og:url, JSON-LD, `<base>`, and the absolute addresses of its forms. Copying
 * tools carry them along: HTTrack and wget make form actions absolute to the genuine host.
 */
export function claimsOf(text: string, facts: PageFacts): Claim[] {
  const found: Claim[] = [];
  const add = (kind: Claim['kind'], value: string, place: { offset: number; length: number }): void => {
    const host = hostOfUrl(value.startsWith('//') ? `https:${value}` : value);
    if (host === undefined || found.length >= MAX_CLAIMS) return;
    found.push({ kind, host, value, offset: place.offset, length: place.length });
  };
  for (const link of facts.links) {
    if (link.element === 'link' && link.attribute === 'href' && link.rel === 'canonical')
      add('canonical', link.value, link);
    if (link.element === 'form' && link.attribute === 'action') add('form', link.value, link);
  }
  for (const meta of facts.metas) if (meta.name === 'og:url') add('og:url', meta.content, meta);
  if (facts.base !== undefined) add('base', facts.base.href, facts.base);
  if (text.includes('ld+json')) for (const { value, place } of linkedData(text)) add('json-ld', value, place);
  return found;
}

function linkedData(text: string): { value: string; place: { offset: number; length: number } }[] {
  const found: { value: string; place: { offset: number; length: number } }[] = [];
  let isNext = false;
  tokenizeHtml(text, {
    startTag: (tag) => {
      isNext = tag.name === 'script' && /^\s*application\/ld\+json/i.test(tag.value('type') ?? '');
    },
    text: (start, end, kind) => {
      if (!isNext || kind !== 'script') return;
      isNext = false;
      const place = { offset: start, length: end - start };
      for (const value of addressesIn(parseJson(text.slice(start, Math.min(end, start + MAX_JSON)))))
        found.push({ value, place });
    },
  });
  return found;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Values of `url`, `@id` and `mainEntityOfPage` at the top, in its graph and lists. */
function addressesIn(value: unknown, depth = 0): string[] {
  if (depth > MAX_JSON_DEPTH || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.slice(0, MAX_CLAIMS).flatMap((each) => addressesIn(each, depth + 1));
  return Object.entries(value).flatMap(([key, each]) => {
    if (typeof each === 'string') return ADDRESS_KEYS.has(key) ? [each] : [];
    return key === '@graph' || ADDRESS_KEYS.has(key) ? addressesIn(each, depth + 1) : [];
  });
}
