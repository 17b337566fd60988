import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  createSecureContext,
  connect as tlsConnect,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { sha256, type Exchange, type Sha256 } from '#model';
import {
  EgressError,
  openEgressGuard,
  type EgressGuard,
  type EgressGuardOptions,
  type Network,
} from '../egress/index.ts';
import { classifyNetworkError, errorCode, type OutcomeKind } from '../outcome/network-error.ts';

/** A connection to an origin, ready for one request. */
export interface Connection {
  readonly socket: Socket | TLSSocket;
  /** What ALPN settled on. */
  readonly isHttp2: boolean;
  readonly remote?: { readonly address: string; readonly port: number };
  readonly tls?: NonNullable<Exchange['tls']>;
  /** As far as known: the leaf first. */
  readonly certificates: readonly { readonly sha256: Sha256; readonly der: Uint8Array }[];
  readonly timings: { readonly dnsMs?: number; readonly connectMs: number; readonly tlsMs?: number };
}

/** A connection did not come about; `kind` and `reason` as in a capture, `remote` where it got that far. */
export class ConnectionFault extends Error {
  readonly kind: OutcomeKind;
  readonly reason: string;
  readonly remote: Connection['remote'];

  constructor(
    kind: OutcomeKind,
    reason: string,
    options: { cause?: unknown; remote?: Connection['remote'] } = {},
  ) {
    super(reason, { cause: options.cause });
    this.name = 'ConnectionFault';
    this.kind = kind;
    this.reason = reason;
    this.remote = options.remote;
  }
}

/** The way out of one capture of this lane: the egress guard, with what it dialled and how long that took. */
export class Dialler implements AsyncDisposable {
  readonly guard: EgressGuard;
  readonly #network: WatchedNetwork;

  private constructor(guard: EgressGuard, network: WatchedNetwork) {
    this.guard = guard;
    this.#network = network;
  }

  static async open(options: EgressGuardOptions): Promise<Dialler> {
    const network = new WatchedNetwork(options.network);
    return new Dialler(await openEgressGuard({ ...options, network }), network);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.guard[Symbol.asyncDispose]();
  }

  /**
   * Connects to the origin of the URL, over TLS where it says so. The certificate chain is recorded and judged, never
   * a reason to stop. Rejects with ConnectionFault, or with the signal's reason.
   */
  async connect(url: URL, signal: AbortSignal): Promise<Connection> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const isTls = url.protocol === 'https:';
    const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
    const startedAt = performance.now();
    this.#network.forget();
    const socket = await this.guard.connect(host, port, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof EgressError) throw new ConnectionFault(error.kind, error.reason, { cause: error });
      throw new ConnectionFault(classifyNetworkError(errorCode(error)), errorCode(error), { cause: error });
    });
    const dnsMs = this.#network.resolveMs;
    const timings = {
      connectMs: performance.now() - startedAt - (dnsMs ?? 0),
      ...(dnsMs === undefined ? {} : { dnsMs }),
    };
    const address = this.#network.dialled ?? this.#resolved(host);
    const remote = address === undefined ? undefined : { address, port };
    if (!isTls) return { socket, isHttp2: false, certificates: [], timings, remote };
    const tlsStartedAt = performance.now();
    const tls = await handshake(
      { socket, host, secureContext: secureContextOf(this.#network), remote },
      signal,
    );
    const certificates = chainOf(tls);
    return {
      socket: tls,
      isHttp2: tls.alpnProtocol === 'h2',
      tls: describeTls(tls, certificates),
      certificates,
      timings: { ...timings, tlsMs: performance.now() - tlsStartedAt },
      remote,
    };
  }

  /** Behind an upstream proxy the dialled address is the proxy's; the pinned one is what the name resolved to. */
  #resolved(host: string): string | undefined {
    return isIP(host) === 0
      ? this.guard.resolutions.find((resolution) => resolution.host === host)?.value
      : host;
  }
}

/** The network, watched: the guard keeps addresses and times to itself. One connection at a time. */
class WatchedNetwork implements Network {
  readonly #network: Network;
  resolveMs: number | undefined;
  dialled: string | undefined;

  constructor(network: Network) {
    this.#network = network;
  }

  get trustedRoots(): NonNullable<Network['trustedRoots']> {
    return this.#network.trustedRoots ?? [];
  }

  forget(): void {
    this.resolveMs = undefined;
    this.dialled = undefined;
  }

  async resolve(host: string) {
    const startedAt = performance.now();
    try {
      return await this.#network.resolve(host);
    } finally {
      this.resolveMs = performance.now() - startedAt;
    }
  }

  async dial(address: string, port: number, signal: AbortSignal): Promise<Socket> {
    const socket = await this.#network.dial(address, port, signal);
    this.dialled = address;
    return socket;
  }
}

const contexts = new Map<string, SecureContext>();

/** Parsing the root certificates takes longer than a handshake: one context for each set of extra roots. */
function secureContextOf({ trustedRoots }: Pick<WatchedNetwork, 'trustedRoots'>): SecureContext {
  const key = trustedRoots.map(({ pem }) => pem).join('');
  let context = contexts.get(key);
  if (context === undefined) {
    if (contexts.size > 8) contexts.clear();
    context = createSecureContext({
      minVersion: 'TLSv1.2',
      ...(key === '' ? {} : { ca: [...rootCertificates, ...trustedRoots.map(({ pem }) => pem)] }),
    });
    contexts.set(key, context);
  }
  return context;
}

interface Handshake {
  readonly socket: Socket;
  readonly host: string;
  readonly secureContext: SecureContext;
  readonly remote: Connection['remote'];
}

function handshake(
  { socket, host, secureContext, remote }: Handshake,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tls = tlsConnect({
      socket,
      host,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext,
      ALPNProtocols: ['h2', 'http/1.1'],
      // Judged below, and recorded.
      rejectUnauthorized: false,
    });
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      tls.off('secureConnect', onSecure).off('error', onError).off('close', onClose);
    };
    const fail = (error: unknown): void => {
      settle();
      tls.on('error', () => {}).destroy();
      socket.destroy();
      reject(error);
    };
    const onSecure = (): void => {
      settle();
      // Whoever takes it attaches handlers of its own; until then an error must not be fatal.
      resolve(tls.on('error', () => {}));
    };
    const onAbort = (): void => fail(signal.reason);
    const onError = (error: Error): void =>
      fail(new ConnectionFault('tlsFault', errorCode(error), { cause: error, remote }));
    const onClose = (): void =>
      fail(new ConnectionFault('tlsFault', 'closed during the handshake', { remote }));
    tls.once('secureConnect', onSecure).once('error', onError).once('close', onClose);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

const MAX_CHAIN = 10;

/** Leaf first, as far as the runtime could link them; a root from our own store may end it. */
function chainOf(tls: TLSSocket): { sha256: Sha256; der: Uint8Array }[] {
  const chain: { sha256: Sha256; der: Uint8Array }[] = [];
  let certificate: X509Certificate | undefined = tls.getPeerX509Certificate();
  while (certificate !== undefined && chain.length < MAX_CHAIN) {
    const fingerprint = sha256(certificate.raw);
    if (chain.some((known) => known.sha256 === fingerprint)) break;
    chain.push({ sha256: fingerprint, der: certificate.raw });
    certificate = certificate.issuerCertificate;
  }
  return chain;
}

function describeTls(tls: TLSSocket, certificates: Connection['certificates']): NonNullable<Exchange['tls']> {
  // Set to the code of the verification error; the declared type is wrong.
  const distrust: unknown = tls.authorized ? undefined : (tls.authorizationError ?? undefined);
  return {
    version: tls.getProtocol() ?? 'unknown',
    cipherSuite: tls.getCipher().standardName,
    isResumed: tls.isSessionReused(),
    chain: certificates.map((certificate) => certificate.sha256),
    alpn: typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : undefined,
    distrust:
      distrust instanceof Error ? errorCode(distrust) : distrust === undefined ? undefined : String(distrust),
  };
}
