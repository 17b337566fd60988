import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isIpHost, parseHost, type Host } from '#model';
import type { Site } from './site.ts';

/** One address record, as a resolver hands it out. */
export interface AddressRecord {
  readonly address: string;
  readonly type: 'A' | 'AAAA';
}

/** An answer that is no address; `code` is the one that Node's resolver uses. */
export class NameError extends Error {
  readonly code: 'ENOTFOUND' | 'ENODATA' | 'ESERVFAIL' | 'ETIMEOUT';

  constructor(code: NameError['code'], host: string) {
    super(`${code} ${host}`);
    this.name = 'NameError';
    this.code = code;
  }
}

const FAULT_CODES = {
  NXDOMAIN: 'ENOTFOUND',
  NODATA: 'ENODATA',
  SERVFAIL: 'ESERVFAIL',
  TIMEOUT: 'ETIMEOUT',
} as const;

/**
 * Which site a name means and which addresses it has. Nothing is looked up anywhere: what no site describes does not
 * exist, unless `knowsAll`.
 */
export class NameService {
  readonly #sites = new Map<Host, Site>();
  readonly #hostsByAddress = new Map<string, Set<Host>>();
  readonly #questions = new Map<Host, number>();
  readonly #knowsAll: boolean;

  constructor({ knowsAll = false }: { knowsAll?: boolean } = {}) {
    this.#knowsAll = knowsAll;
  }

  /** Adds a site, or replaces the one of the same host. */
  add(site: Site): void {
    const host = parseHost(site.host);
    if (host === undefined) throw new TypeError(`not a host: ${site.host}`);
    this.#sites.set(host, site);
    this.#questions.delete(host);
    for (const hosts of this.#hostsByAddress.values()) hosts.delete(host);
    for (const address of allAddresses(site, host)) this.#own(address, host);
  }

  site(host: Host): Site | undefined {
    return this.#sites.get(host);
  }

  /** Sites that answer at the address. */
  sitesAt(address: string): readonly Site[] {
    const hosts = this.#hostsByAddress.get(parseHost(address) ?? address) ?? [];
    return Array.from(hosts, (host) => this.#sites.get(host)).filter((site) => site !== undefined);
  }

  /** Whether any host, described or not, has the address. */
  isKnownAddress(address: string): boolean {
    return this.#hostsByAddress.has(parseHost(address) ?? address);
  }

  /** The name's addresses; rejects with NameError. */
  async resolve(name: string): Promise<readonly AddressRecord[]> {
    const host = parseHost(name);
    if (host === undefined) throw new NameError('ENOTFOUND', name);
    const site = this.#sites.get(host);
    if (site === undefined) {
      if (!this.#knowsAll) throw new NameError('ENOTFOUND', host);
      const address = fakeAddress(host);
      this.#own(address, host);
      return [toRecord(address)];
    }
    const dns = site.dns ?? {};
    if (dns.delayMs !== undefined) await pause(dns.delayMs, undefined, { ref: false });
    if (dns.fault !== undefined) throw new NameError(FAULT_CODES[dns.fault], host);
    return this.#nextAnswer(site, host).map(toRecord);
  }

  #nextAnswer(site: Site, host: Host): readonly string[] {
    const answers = site.dns?.answers ?? [];
    const asked = this.#questions.get(host) ?? 0;
    this.#questions.set(host, asked + 1);
    return answers[Math.min(asked, answers.length - 1)] ?? addressesOf(site, host);
  }

  #own(address: string, host: Host): void {
    const key = parseHost(address) ?? address;
    const hosts = this.#hostsByAddress.get(key) ?? new Set();
    this.#hostsByAddress.set(key, hosts.add(host));
  }
}

/** A stable address for a name, public in every table of special ranges: inside 45.0.0.0/8. */
export function fakeAddress(host: string): string {
  const [b, c, d] = createHash('sha256').update(host).digest();
  return `45.${b!}.${c!}.${1 + (d! % 254)}`;
}

function addressesOf(site: Site, host: Host): readonly string[] {
  return site.addresses ?? [isIpHost(host) ? host : fakeAddress(host)];
}

function allAddresses(site: Site, host: Host): readonly string[] {
  return [...addressesOf(site, host), ...(site.dns?.answers ?? []).flat()];
}

function toRecord(address: string): AddressRecord {
  return { address, type: isIP(address) === 6 ? 'AAAA' : 'A' };
}
