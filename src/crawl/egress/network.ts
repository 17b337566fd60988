import { Resolver } from 'node:dns/promises';
import net from 'node:net';

/** An address that a name resolves to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly type: 'A' | 'AAAA';
}

/**
 * The way out: how names are resolved and addresses dialled. `systemNetwork` is the real one; a test internet supplies
 * its own. The egress guard decides what may be dialled, so an implementation never needs to vet anything.
 */
export interface Network {
  /** Rejects with an Error whose `code` says why: `ENOTFOUND`, `ENODATA`, `ETIMEOUT`, `ESERVFAIL`, … */
  resolve(host: string): Promise<readonly ResolvedAddress[]>;
  /** A connected socket. Rejects with the abort reason, or an Error with a socket error code. */
  dial(address: string, port: number, signal: AbortSignal): Promise<net.Socket>;
  /** Roots to trust besides the usual ones: base64 SHA-256 of the public key (Chromium's flag), and PEM (our checks). */
  readonly trustedRoots?: readonly { readonly spkiSha256Base64: string; readonly pem: string }[];
}

const QUERY_TIMEOUT_MS = 3_000;
const QUERY_TRIES = 2;

/** The machine's own DNS servers and TCP stack. */
export const systemNetwork: Network = networkAsking();

/**
 * A network that asks certain DNS servers (`192.0.2.1`, `[2001:db8::1]:53`) instead of the machine's own. IPv4 addresses come first: they
 * are reachable nearly everywhere. Throws where a server is no address.
 */
export function networkAsking(servers?: readonly string[]): Network {
  new Resolver().setServers(servers ?? []); // throws here rather than at the first question
  return {
    resolve: (host) => resolveName(host, servers),
    dial: (address, port, signal) => dialTcp(address, port, signal),
  };
}

async function resolveName(host: string, servers: readonly string[] | undefined): Promise<ResolvedAddress[]> {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [
    ...(v4.status === 'fulfilled' ? v4.value : []).map((address) => ({ address, type: 'A' as const })),
    ...(v6.status === 'fulfilled' ? v6.value : []).map((address) => ({ address, type: 'AAAA' as const })),
  ];
  if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
  return found;
}

/** Connects over TCP; half-open sockets are allowed, so that each direction ends by itself. */
export function dialTcp(host: string, port: number, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = net.connect({ host, port, noDelay: true, allowHalfOpen: true });
    const settle = (error?: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect).off('error', settle);
      if (error === undefined) return resolve(socket);
      socket.on('error', () => {}).destroy();
      reject(error);
    };
    const onConnect = (): void => settle();
    const onAbort = (): void => settle(signal.reason);
    signal.addEventListener('abort', onAbort);
    socket.once('connect', onConnect).once('error', settle);
  });
}
