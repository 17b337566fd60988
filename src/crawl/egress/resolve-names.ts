import { randomBytes } from 'node:crypto';
import { parseHost, publicSuffix, type Host } from '#model';
import { vetForTarget } from './pin-board.ts';
import { parseSubnet, type Subnet } from './address.ts';
import { networkErrorCode } from './egress-error.ts';
import type { Network, ResolvedAddress } from './network.ts';
import { parseTarget } from './target.ts';

/** What became of asking for a name. */
export interface NameResolution {
  readonly host: string;
  /**
   * `resolves`: it has addresses; `wildcard`: it has those that every name below its suffix has; `none`: it has no address; `refused`: it is
   * not asked for, or has only addresses that must not be visited; `failed`: nobody could say.
   */
  readonly kind: 'resolves' | 'wildcard' | 'none' | 'refused' | 'failed';
  readonly addresses: readonly ResolvedAddress[];
  /** Why, where it was refused or failed. */
  readonly reason?: string;
}

interface ResolveOptions {
  readonly network: Network;
  /** Ranges that may be visited whatever they mean. */
  readonly allowNetworks?: readonly string[] | undefined;
  /** Questions at a time. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** Addresses kept of one answer. */
const MAX_ADDRESSES = 32;
const ABSENT = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks for names, several at a time, in the order of their answers; by the rules of visits: names of the local network are not asked for,
 * addresses that must not be dialled do not count. A suffix is asked for a name that nobody has first, so that registries
 * that answer for every name do not make all of them look registered. Ends early when the signal fires.
 */
export async function* resolveNames(
  hosts: Iterable<string>,
  options: ResolveOptions,
): AsyncGenerator<NameResolution> {
  const run = new ResolutionRun(options);
  const queue = hosts[Symbol.iterator]();
  const pending = new Map<string, Promise<NameResolution>>();
  const take = (): boolean => {
    const { value, done } = queue.next();
    if (done === true) return false;
    if (!pending.has(value)) pending.set(value, run.resolve(value));
    return true;
  };
  let hasMore = true;
  for (;;) {
    while (hasMore && pending.size < options.parallel && !options.signal.aborted) hasMore = take();
    if (pending.size === 0 || options.signal.aborted) return;
    const answer = await Promise.race(pending.values());
    pending.delete(answer.host);
    yield answer;
  }
}

class ResolutionRun {
  readonly #options: ResolveOptions;
  readonly #allowed: readonly Subnet[];
  /** Suffix → the addresses that every name below it has; none for nearly all. */
  readonly #wildcards = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(options: ResolveOptions) {
    this.#options = options;
    this.#allowed = (options.allowNetworks ?? []).flatMap((text) => parseSubnet(text) ?? []);
  }

  async resolve(text: string): Promise<NameResolution> {
    const target = parseTarget(text);
    if (target === undefined || target.isAddress)
      return { host: text, kind: 'refused', addresses: [], reason: 'not a name' };
    if (target.isLocalName && this.#allowed.length === 0)
      return { host: text, kind: 'refused', addresses: [], reason: 'name of the local network' };
    try {
      const found = await this.#ask(target.host);
      if (found.length === 0) return { host: text, kind: 'none', addresses: [] };
      const fit = found.filter(
        ({ address }) => vetForTarget(target.isLocalName, address, this.#allowed) === undefined,
      );
      if (fit.length === 0) {
        const reason = vetForTarget(target.isLocalName, found[0]!.address, this.#allowed);
        return { host: text, kind: 'refused', addresses: found, reason: `${reason} address` };
      }
      const wildcard = await this.#wildcardOf(target.host);
      const isWildcard = fit.every(({ address }) => wildcard.has(address));
      return { host: text, kind: isWildcard ? 'wildcard' : 'resolves', addresses: fit };
    } catch (error) {
      const code = networkErrorCode(error);
      if (ABSENT.has(code)) return { host: text, kind: 'none', addresses: [] };
      return { host: text, kind: 'failed', addresses: [], reason: code };
    }
  }

  async #ask(host: string): Promise<readonly ResolvedAddress[]> {
    const { network, signal, timeoutMs = TIMEOUT_MS } = this.#options;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const ended = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () =>
        reject(Object.assign(new Error('no answer'), { code: 'ETIMEOUT' })),
      );
    });
    ended.catch(() => {}); // where the answer came first
    return (await Promise.race([network.resolve(host), ended])).slice(0, MAX_ADDRESSES);
  }

  #wildcardOf(host: Host): Promise<ReadonlySet<string>> {
    const suffix = publicSuffix(host) ?? '';
    let wildcard = this.#wildcards.get(suffix);
    if (wildcard === undefined) {
      const nobodys = parseHost(`${randomBytes(10).toString('hex')}.${suffix}`);
      wildcard = (nobodys === undefined ? Promise.resolve([]) : this.#ask(nobodys)).then(
        (found) => new Set(found.map(({ address }) => address)),
        () => new Set<string>(),
      );
      this.#wildcards.set(suffix, wildcard);
    }
    return wildcard;
  }
}
