import { weightOf, type ArchivedExchange } from './archived-exchange.ts';
import { headerValue } from './payload.ts';

/** Exchanges that belong together: a page with what it loaded, or what belongs to no page that is known. */
export interface ExchangeGroup {
  /** In order of the archive. */
  readonly exchanges: readonly ArchivedExchange[];
  /** The exchange that delivered the page; undefined where the group is none. */
  readonly page: ArchivedExchange | undefined;
}

export interface GroupLimits {
  /** Pages that may still gather exchanges. */
  readonly openPages: number;
  /** Bytes that all open groups together may hold. */
  readonly openBytes: number;
  /** Exchanges of one group. */
  readonly exchanges: number;
}

const DEFAULT_GROUP_LIMITS: GroupLimits = {
  openPages: 32,
  openBytes: 48 * 1024 * 1024,
  exchanges: 500,
};

interface OpenGroup {
  readonly exchanges: ArchivedExchange[];
  page: ArchivedExchange | undefined;
  weight: number;
  /** Names under which exchanges find it. */
  readonly keys: string[];
}

/**
 * Groups the exchanges of an archive by page: an HTML response begins one; redirects that led to it, and what was requested
 * with the address of one of its exchanges as Referer, belong to it; so does what the format itself puts under one
 * page. Whatever else there is stands alone. Pages are closed when the limits ask for it, the oldest first, so the
 * groups depend on nothing but the archive.
 */
export class PageGrouper {
  readonly #limits: GroupLimits;
  readonly #open = new Set<OpenGroup>();
  readonly #byKey = new Map<string, OpenGroup>();
  /** Address that a redirect leads to → the group of that redirect. */
  readonly #redirects = new Map<string, OpenGroup>();
  #bytes = 0;

  constructor(limits: Partial<GroupLimits> = {}) {
    this.#limits = { ...DEFAULT_GROUP_LIMITS, ...limits };
  }

  /** Takes the next exchange; gives out the groups that it closes. */
  push(exchange: ArchivedExchange): readonly ExchangeGroup[] {
    const group = this.#groupOf(exchange) ?? this.#begin();
    group.exchanges.push(exchange);
    const weight = weightOf(exchange);
    group.weight += weight;
    this.#bytes += weight;
    if (group.page === undefined && isHtml(exchange)) group.page = exchange;
    this.#name(group, exchange);
    const closed: ExchangeGroup[] = [];
    const isStray =
      group.page === undefined && exchange.page === undefined && redirectTarget(exchange) === undefined;
    if (isStray || group.exchanges.length >= this.#limits.exchanges) closed.push(this.#close(group));
    for (const oldest of this.#open) {
      if (this.#open.size <= this.#limits.openPages && this.#bytes <= this.#limits.openBytes) break;
      closed.push(this.#close(oldest));
    }
    return closed;
  }

  /** The rest. */
  end(): readonly ExchangeGroup[] {
    return [...this.#open].map((group) => this.#close(group));
  }

  #groupOf(exchange: ArchivedExchange): OpenGroup | undefined {
    if (exchange.page !== undefined) return this.#byKey.get(pageKey(exchange.page));
    const redirected = this.#redirects.get(bare(exchange.url));
    if (redirected !== undefined) return redirected;
    if (isHtml(exchange)) return undefined;
    const referer = headerValue(exchange.request?.headers ?? [], 'referer');
    return referer === undefined ? undefined : this.#byKey.get(bare(referer));
  }

  #begin(): OpenGroup {
    const group: OpenGroup = { exchanges: [], page: undefined, weight: 0, keys: [] };
    this.#open.add(group);
    return group;
  }

  #name(group: OpenGroup, exchange: ArchivedExchange): void {
    if (exchange.page !== undefined) return this.#setKey(group, pageKey(exchange.page));
    const target = redirectTarget(exchange);
    if (target !== undefined) {
      this.#redirects.set(target, group);
      group.keys.push(target);
    } else if (group.page !== undefined) this.#setKey(group, bare(exchange.url));
  }

  #setKey(group: OpenGroup, key: string): void {
    this.#byKey.set(key, group);
    group.keys.push(key);
  }

  #close(group: OpenGroup): ExchangeGroup {
    this.#open.delete(group);
    this.#bytes -= group.weight;
    for (const key of group.keys) {
      if (this.#byKey.get(key) === group) this.#byKey.delete(key);
      if (this.#redirects.get(key) === group) this.#redirects.delete(key);
    }
    return { exchanges: group.exchanges, page: group.page };
  }
}

/** No URL begins so. */
const pageKey = (page: string): string => `\0${page}`;

const bare = (url: string): string => url.replace(/#.*$/s, '');

/** Where a redirect leads (RFC 9110 §15.4). */
export function redirectTarget({ url, response }: ArchivedExchange): string | undefined {
  if (response === undefined || response.status < 300 || response.status > 399) return undefined;
  const location = headerValue(response.headers, 'location');
  return location === undefined ? undefined : bare(URL.parse(location, url)?.href ?? '') || undefined;
}

function isHtml({ response, resourceType }: ArchivedExchange): boolean {
  if (response === undefined || (response.status >= 300 && response.status < 400)) return false;
  if (resourceType !== undefined && resourceType !== 'Document') return false;
  const type = headerValue(response.headers, 'content-type');
  if (type !== undefined) return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(type);
  return /<(?:!doctype\s+html|html|head|body)\b/i.test(
    Buffer.from(response.body.subarray(0, 512)).toString('latin1'),
  );
}
