import {
  isIpHost,
  isWithin,
  parseHost,
  registrableDomain,
  type Brand,
  type DatasetId,
  type Host,
} from '#model';
import type { Edge, ObservationStore } from '#store';

/** Why a domain may be of the brand's owner. */
export interface OwnershipReason {
  readonly kind: 'redirect-to' | 'redirect-from' | 'certificate' | 'tracker-and-name-server';
  /** For people. */
  readonly text: string;
  /** 0 to 1: how much it says by itself. */
  readonly weight: number;
}

/** A domain that may be of the brand's owner: for a person to decide. */
export interface OwnershipProposal {
  readonly domain: Host;
  /** 0 to 1; the reasons together. */
  readonly score: number;
  readonly reasons: readonly OwnershipReason[];
}

/** A certificate, tracker or name server of more domains belongs to a service, and a host that leads to more to a shortener. */
const MOST_SHARED = 50;
const MAX_EDGES = 500;
/** Of the brand's domains, so many are looked at: each takes some queries. */
const MAX_DOMAINS = 50;
const REDIRECTS = ['topLevelRedirect', 'finalRedirect', 'redirect'];

/**
 * Domains that stored observations connect with the brand as only an owner connects them: redirects, certificates that name both, the
 * same trackers together with the same name servers. Each says something and none is proof (who copies a page copies
 * its tracker, who steals a password may redirect to the genuine page), so nothing here counts until somebody says so.
 */
export async function proposeOwned(
  store: ObservationStore,
  brand: Brand,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<OwnershipProposal[]> {
  const run = new ProposalRun(store, brand);
  for (const domain of [...brand.domains, ...brand.owned].slice(0, MAX_DOMAINS)) {
    options.signal?.throwIfAborted();
    await run.redirects(domain);
    await run.certificates(domain);
    await run.trackers(domain);
  }
  return run.proposals();
}

class ProposalRun {
  readonly #store: ObservationStore;
  readonly #brand: Brand;
  readonly #reasons = new Map<Host, Map<string, OwnershipReason>>();

  constructor(store: ObservationStore, brand: Brand) {
    this.#store = store;
    this.#brand = brand;
  }

  async redirects(domain: Host): Promise<void> {
    for (const { target, label } of await this.#edges('host-pairs', 'forward', domain, REDIRECTS))
      this.#propose(target, { kind: 'redirect-to', text: `${domain} leads there (${label})`, weight: 0.7 });
    const leading = await this.#edges('host-pairs', 'reverse', domain, REDIRECTS);
    for (const { source, label } of await this.#rare(leading, 'host-pairs', 'source'))
      this.#propose(source, { kind: 'redirect-from', text: `leads to ${domain} (${label})`, weight: 0.4 });
  }

  async certificates(domain: Host): Promise<void> {
    const own = await this.#edges('certificates', 'forward', domain, ['leaf', 'SAN']);
    for (const { target } of await this.#rare(own, 'certificates', 'target')) {
      const named = await this.#edges('certificates', 'reverse', target, ['leaf', 'SAN']);
      const domains = new Set(named.map(({ source }) => domainOf(source)));
      if (domains.size > MOST_SHARED) continue;
      for (const { source } of named)
        this.#propose(source, {
          kind: 'certificate',
          text: `certificate ${target.slice(0, 16)}… names it and ${domain}`,
          weight: domains.size <= 10 ? 0.8 : 0.5,
        });
    }
  }

  async trackers(domain: Host): Promise<void> {
    const servers = await this.#nameServers(domain);
    if (servers.size === 0) return;
    const own = await this.#edges('trackers', 'forward', domain);
    for (const { target, label } of await this.#rare(own, 'trackers', 'target'))
      for (const { source } of await this.#edges('trackers', 'reverse', target)) {
        if (!this.#isForeign(source)) continue;
        const shared = [...(await this.#nameServers(domainOf(source) ?? source))].filter((each) =>
          servers.has(each),
        );
        if (shared.length > 0)
          this.#propose(source, {
            kind: 'tracker-and-name-server',
            text: `${label} ${target} and name server ${shared[0]} as ${domain}`,
            weight: 0.7,
          });
      }
  }

  async #nameServers(domain: string): Promise<Set<string>> {
    return new Set((await this.#edges('resolutions', 'forward', domain, ['NS'])).map(({ target }) => target));
  }

  /** Without what many share. */
  async #rare(edges: readonly Edge[], dataset: DatasetId, side: 'source' | 'target'): Promise<Edge[]> {
    const counts = await this.#store.countOthers(edges.map((edge) => ({ dataset, side, value: edge[side] })));
    return edges.filter((_, index) => counts[index]! <= MOST_SHARED);
  }

  async #edges(
    dataset: DatasetId,
    direction: 'forward' | 'reverse',
    value: string,
    labels?: readonly string[],
  ): Promise<readonly Edge[]> {
    return (await this.#store.edges({ dataset, direction, value, labels, limit: MAX_EDGES })).edges;
  }

  #isForeign(text: string): boolean {
    const host = parseHost(text);
    const { domains, owned, disowned } = this.#brand;
    return host !== undefined && ![...domains, ...owned, ...disowned].some((known) => isWithin(host, known));
  }

  #propose(text: string, reason: OwnershipReason): void {
    const domain = domainOf(text);
    if (domain === undefined || !this.#isForeign(domain)) return;
    const reasons = this.#reasons.get(domain) ?? new Map<string, OwnershipReason>();
    const before = reasons.get(reason.kind);
    if (before === undefined || before.weight < reason.weight) reasons.set(reason.kind, reason);
    this.#reasons.set(domain, reasons);
  }

  proposals(): OwnershipProposal[] {
    return [...this.#reasons]
      .map(([domain, byKind]) => {
        const reasons = [...byKind.values()].sort((a, b) => b.weight - a.weight);
        const score = 1 - reasons.reduce((doubt, { weight }) => doubt * (1 - weight), 1);
        return { domain, score: Math.round(score * 1_000) / 1_000, reasons };
      })
      .sort((a, b) => b.score - a.score || (a.domain < b.domain ? -1 : 1));
  }
}

function domainOf(text: string): Host | undefined {
  const host = parseHost(text);
  return host === undefined || isIpHost(host) ? undefined : registrableDomain(host);
}
