import { dialledForm, isInSubnets, vetAddress, type Subnet } from './address.ts';
import { EgressError, networkErrorCode } from './egress-error.ts';
import type { EgressLimits } from './limits.ts';
import type { Network } from './network.ts';
import { parseTarget, type Target } from './target.ts';

/** What a name resolved to, as it is kept in a capture. */
export interface Resolution {
  readonly host: string;
  readonly type: 'A' | 'AAAA';
  readonly value: string;
  readonly at: string;
}

/** The addresses that a host stands for during the whole capture. */
export class Pin {
  readonly host: string;
  /** Vetted, in the order to try them. */
  readonly addresses: readonly string[];
  /** Only addresses that were explicitly allowed will do. */
  readonly isLocalName: boolean;
  #dnsMs: number | undefined;

  constructor(target: Target, addresses: readonly string[], dnsMs: number | undefined) {
    this.host = target.host;
    this.addresses = addresses;
    this.isLocalName = target.isLocalName;
    this.#dnsMs = dnsMs;
  }

  /** Time that resolving took, for the first connection; undefined afterwards and for addresses. */
  takeDnsMs(): number | undefined {
    const dnsMs = this.#dnsMs;
    this.#dnsMs = undefined;
    return dnsMs;
  }
}

/** Answers that will not change by asking again. */
const DEFINITIVE_CODES = new Set(['ENOTFOUND', 'ENODATA']);
/** Addresses kept of one answer. */
const MAX_ADDRESSES = 32;

/**
 * Resolves each name once, vets every address, and holds the capture to the result: a name that answers differently
 * later (DNS rebinding) is never asked.
 */
export class PinBoard {
  readonly resolutions: Resolution[] = [];
  readonly #network: Network;
  readonly #allowed: readonly Subnet[];
  readonly #limits: EgressLimits;
  readonly #pins = new Map<string, Promise<Pin>>();

  constructor(network: Network, allowed: readonly Subnet[], limits: EgressLimits) {
    this.#network = network;
    this.#allowed = allowed;
    this.#limits = limits;
  }

  /** Rejects with EgressError, or with the signal's reason. */
  async pin(hostText: string, port: number, signal: AbortSignal): Promise<Pin> {
    const target = parseTarget(hostText);
    if (target === undefined) throw new EgressError('refused', `${hostText}:${port}`, 'malformed host');
    if (!this.#limits.ports.includes(port))
      throw new EgressError('refused', `${target.host}:${port}`, 'port');
    if (target.isLocalName && this.#allowed.length === 0)
      throw new EgressError('refused', target.host, 'name of the local network');
    if (target.isAddress) return new Pin(target, this.#vet(target, [target.host]), undefined);
    let pin = this.#pins.get(target.host);
    if (pin === undefined) {
      pin = this.#resolve(target);
      this.#pins.set(target.host, pin);
      pin.catch((error: unknown) => {
        if (error instanceof EgressError && isPassing(error)) this.#pins.delete(target.host);
      });
    }
    return await abortable(pin, signal);
  }

  async #resolve(target: Target): Promise<Pin> {
    const startedAt = performance.now();
    const timeout = AbortSignal.timeout(this.#limits.resolveTimeoutMs);
    try {
      const answers = (await abortable(this.#network.resolve(target.host), timeout)).slice(0, MAX_ADDRESSES);
      const dnsMs = performance.now() - startedAt;
      const at = new Date().toISOString();
      for (const { type, address } of answers)
        this.resolutions.push({ host: target.host, type, value: address, at });
      if (answers.length === 0) throw new EgressError('dnsFailure', target.host, 'ENODATA');
      const addresses = this.#vet(
        target,
        answers.map((answer) => answer.address),
      );
      return new Pin(target, addresses, dnsMs);
    } catch (error) {
      if (error instanceof EgressError) throw error;
      throw new EgressError(
        'dnsFailure',
        target.host,
        timeout.aborted ? 'ETIMEOUT' : networkErrorCode(error),
        error,
      );
    }
  }

  /** Those that may be dialled, in their form for dialling; there is at least one. */
  #vet(target: Target, addresses: readonly string[]): string[] {
    const verdicts = addresses.map((address) => ({
      address,
      reason: vetForTarget(target.isLocalName, address, this.#allowed),
    }));
    const fit = verdicts
      .filter(({ reason }) => reason === undefined)
      .map(({ address }) => dialledForm(address));
    if (fit.length > 0) return fit;
    const reasons = [...new Set(verdicts.map(({ address, reason }) => `${reason} address ${address}`))];
    throw new EgressError('refused', target.host, reasons.join(', '));
  }
}

/** Why this host must not be reached at this address, or undefined where it may. */
export function vetForTarget(
  isLocalName: boolean,
  address: string,
  allowed: readonly Subnet[],
): string | undefined {
  if (isLocalName && !isInSubnets(address, allowed)) return 'not explicitly allowed';
  return vetAddress(address, allowed);
}

function isPassing(error: EgressError): boolean {
  return error.kind === 'dnsFailure' && !DEFINITIVE_CODES.has(error.reason);
}

/** The promise, or the signal's reason if that comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
