import type { Socket } from 'node:net';
import type { Subnet } from './address.ts';
import { EgressError, networkErrorCode } from './egress-error.ts';
import type { EgressLimits } from './limits.ts';
import type { Network } from './network.ts';
import { vetForTarget, type Pin } from './pin-board.ts';
import { dialThroughProxy, type UpstreamProxy } from './upstream.ts';

/** Dials pinned addresses, directly or through the persona's proxy. */
export class Way {
  readonly #network: Network;
  readonly #allowed: readonly Subnet[];
  readonly #upstream: UpstreamProxy | undefined;
  readonly #dialTimeoutMs: number;

  constructor(
    network: Network,
    allowed: readonly Subnet[],
    upstream: UpstreamProxy | undefined,
    limits: EgressLimits,
  ) {
    this.#network = network;
    this.#allowed = allowed;
    this.#upstream = upstream;
    this.#dialTimeoutMs = limits.dialTimeoutMs;
  }

  /** The first pinned address that answers. Every address is vetted again at the moment it is dialled. */
  async dial(pin: Pin, port: number, signal: AbortSignal): Promise<{ socket: Socket; address: string }> {
    const timeout = AbortSignal.timeout(this.#dialTimeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    let failure = new EgressError('connectionFailure', pin.host, 'no address');
    for (const address of pin.addresses) {
      const refusal = vetForTarget(pin.isLocalName, address, this.#allowed);
      if (refusal !== undefined) throw new EgressError('refused', pin.host, `${refusal} address ${address}`);
      try {
        const socket = await this.#dialOne(address, port, either);
        // Whoever takes it attaches handlers of its own; until then an error must not be fatal.
        socket.on('error', () => {});
        return { socket, address };
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) throw new EgressError('timeout', `${address}:${port}`, 'ETIMEDOUT', error);
        failure = toEgressError(error, `${address}:${port}`);
      }
    }
    throw failure;
  }

  #dialOne(address: string, port: number, signal: AbortSignal): Promise<Socket> {
    if (this.#upstream !== undefined) return dialThroughProxy(this.#upstream, address, port, signal);
    return this.#network.dial(address, port, signal);
  }
}

function toEgressError(error: unknown, target: string): EgressError {
  if (error instanceof EgressError) return error;
  const code = networkErrorCode(error);
  return new EgressError(code === 'ETIMEDOUT' ? 'timeout' : 'connectionFailure', target, code, error);
}
