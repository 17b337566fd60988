import type { Server, Socket } from 'node:net';
import type { EgressGuard } from '../../egress/index.ts';

/** A capture's way from the browser to its guard. */
export interface Way extends Disposable {
  /** For `Target.createBrowserContext`. */
  readonly proxyServer: string;
}

/**
 * Leads each browser context to the guard of its own capture. Where the browser has a network of its own, one socket
 * in it listens on all of 127/8, and each capture gets an address: the guard is told by where the browser connected.
 */
export class Gateway {
  readonly #gate: Server | undefined;
  readonly #guards = new Map<string, EgressGuard>();
  #lastWay = 0;

  constructor(gate: Server | undefined) {
    this.#gate = gate;
    if (gate === undefined) return;
    // As the guard's own server has it: each direction of a tunnel ends by itself. Node reads it for each connection.
    Object.assign(gate, { allowHalfOpen: true });
    gate.on('error', () => {});
    gate.on('connection', (socket: Socket) => {
      const guard = this.#guards.get(socket.localAddress ?? '');
      if (guard === undefined) socket.destroy();
      else guard.accept(socket);
    });
  }

  open(guard: EgressGuard): Way {
    const address = this.#gate?.address();
    if (typeof address !== 'object' || address === null)
      return { proxyServer: `socks5://127.0.0.1:${guard.port}`, [Symbol.dispose]: () => {} };
    const host = loopbackAddress(++this.#lastWay);
    this.#guards.set(host, guard);
    return {
      proxyServer: `socks5://${host}:${address.port}`,
      [Symbol.dispose]: () => this.#guards.delete(host),
    };
  }
}

/** 127.1.0.1 and up: two bytes are more than a browser makes captures. */
function loopbackAddress(number: number): string {
  return `127.1.${(number >> 8) & 255}.${number & 255}`;
}
