import { rm } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { AditError, type LimitReached } from '#model';
import { parseSubnet, type Subnet } from './address.ts';
import { EgressError, type EgressFailureKind } from './egress-error.ts';
import { DEFAULT_EGRESS_LIMITS, type EgressLimits } from './limits.ts';
import type { Network } from './network.ts';
import { PinBoard, type Resolution } from './pin-board.ts';
import { readSocksRequest, replyFor, socksReply, SOCKS_REPLY } from './socks.ts';
import { SpoolMemory } from './spool.ts';
import { Tunnel, type Direction, type TunnelEnding, type TunnelRecord } from './tunnel.ts';
import { parseUpstreamProxy } from './upstream.ts';
import { Way } from './way.ts';

export interface EgressGuardOptions {
  readonly network: Network;
  readonly limits?: Partial<EgressLimits>;
  /** `http://[user:password@]host:port` or `socks5://…`: every connection goes through it, to literal addresses. */
  readonly upstreamProxy?: string;
  /** Ranges (CIDR) that may be dialled although they are not public. */
  readonly allowNetworks?: readonly string[];
  /** Existing private directory for what large tunnels carried. */
  readonly spoolDir: string;
  /** Called the first time each limit is reached. */
  onLimit?(reached: { readonly limit: string; readonly allowed: number; readonly detail: string }): void;
}

/** A connection that was refused because of where it led. */
export interface Denial {
  readonly host: string;
  readonly port: number;
  readonly reason: string;
  readonly at: string;
}

/** A connection that did not come about, for whatever reason; the first of its kind for each host and port. */
export interface EgressFailure {
  readonly host: string;
  readonly port: number;
  readonly kind: EgressFailureKind;
  /** Network error code, or the guard's own words. */
  readonly reason: string;
  readonly at: string;
}

/** The only way out of a capture. Instants are RFC 3339 UTC. */
export interface EgressGuard extends AsyncDisposable {
  /** Port on 127.0.0.1 that speaks SOCKS5 (RFC 1928: CONNECT, no authentication). */
  readonly port: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly denied: readonly Denial[];
  readonly resolutions: readonly Resolution[];
  readonly failures: readonly EgressFailure[];
  readonly limits: readonly LimitReached[];
  /** Serves a SOCKS client that connected elsewhere, e.g. inside a browser's own network namespace. */
  accept(client: net.Socket): void;
  /** A vetted connection for a fetch of our own. Its bytes count; they are not recorded. Rejects with EgressError or the signal's reason. */
  connect(host: string, port: number, signal: AbortSignal): Promise<net.Socket>;
  /** Ends everything now and accepts nothing more, as when time is up. What was recorded stays. */
  cut(): void;
  /** Stops accepting, ends the tunnels and answers what they carried, in order of opening. */
  seal(): Promise<TunnelRecord[]>;
}

const TICK_MS = 250;
/** Denials and failures kept; a page can provoke any number. */
const MAX_NOTES = 2_000;

/** Starts a guard for one capture. Throws AditError `bad-allowed-network` or `bad-upstream-proxy`. */
export async function openEgressGuard(options: EgressGuardOptions): Promise<EgressGuard> {
  const guard = new Guard(options);
  await guard.listen();
  return guard;
}

class Guard implements EgressGuard {
  readonly denied: Denial[] = [];
  readonly failures: EgressFailure[] = [];
  readonly limits: LimitReached[] = [];
  bytesDown = 0;
  bytesUp = 0;
  readonly #options: EgressGuardOptions;
  readonly #limits: EgressLimits;
  readonly #pins: PinBoard;
  readonly #way: Way;
  readonly #server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
    this.accept(client),
  );
  readonly #memory: SpoolMemory;
  readonly #tunnels: Tunnel[] = [];
  readonly #openTunnels = new Set<Tunnel>();
  readonly #clients = new Set<net.Socket>();
  readonly #sideFetches = new Map<net.Socket, { read: number; written: number }>();
  readonly #over = new AbortController();
  readonly #failureKeys = new Set<string>();
  /** One clock for all stamps: monotonic, anchored at the wall clock once. */
  readonly #clockOffset = Date.now() - performance.now();
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;
  #records: TunnelRecord[] | undefined;

  constructor(options: EgressGuardOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_EGRESS_LIMITS, ...options.limits };
    const allowed = (options.allowNetworks ?? []).map(allowedSubnet);
    const upstream =
      options.upstreamProxy === undefined ? undefined : parseUpstreamProxy(options.upstreamProxy);
    this.#memory = new SpoolMemory(this.#limits.maxSpoolMemory);
    this.#pins = new PinBoard(options.network, allowed, this.#limits);
    this.#way = new Way(options.network, allowed, upstream, this.#limits);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get resolutions(): readonly Resolution[] {
    return this.#pins.resolutions;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  accept(client: net.Socket): void {
    void this.#serve(client.setNoDelay(true));
  }

  async connect(host: string, port: number, signal: AbortSignal): Promise<net.Socket> {
    signal.throwIfAborted();
    const { socket } = await this.#open(host, port, AbortSignal.any([signal, this.#over.signal]));
    const seen = { read: 0, written: 0 };
    this.#sideFetches.set(socket, seen);
    socket.once('close', () => {
      this.#countSideFetch(socket, seen);
      this.#sideFetches.delete(socket);
    });
    return socket;
  }

  cut(): void {
    this.#shut('cut');
  }

  async seal(): Promise<TunnelRecord[]> {
    if (this.#records !== undefined) return this.#records;
    this.#shut('sealed');
    clearInterval(this.#timer);
    this.#records = this.#tunnels.map((tunnel) => tunnel.seal());
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    return this.#records;
  }

  /** Removes what it wrote to the spool directory, too. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.seal();
    const paths = this.#tunnels.flatMap((tunnel) => tunnel.spoolPaths);
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }

  /** One SOCKS client from hello to tunnel. Never rejects. */
  async #serve(client: net.Socket): Promise<void> {
    client.on('error', () => {});
    if (this.#over.signal.aborted) return void client.destroy();
    this.#clients.add(client);
    client.once('close', () => this.#clients.delete(client));
    if (this.#clients.size > 2 * this.#limits.maxOpenConnections) return void client.destroy();
    const request = await readSocksRequest(client, this.#limits.handshakeTimeoutMs);
    if (request === undefined) return;
    const openedAt = this.#now();
    try {
      const link = await this.#open(request.host, request.port, this.#over.signal);
      if (client.destroyed) return void link.socket.destroy();
      client.write(socksReply(SOCKS_REPLY.succeeded));
      this.#startTunnel(client, link, request.rest, openedAt);
    } catch (error) {
      const code = error instanceof EgressError ? replyFor(error) : SOCKS_REPLY.generalFailure;
      client.end(socksReply(code), () => client.destroy());
    }
  }

  #startTunnel(client: net.Socket, link: Link, early: Uint8Array, openedAt: number): void {
    const id = this.#tunnels.length;
    const tunnel = new Tunnel({
      id,
      client,
      early,
      openedAt,
      memory: this.#memory,
      host: link.host,
      port: link.port,
      address: link.address,
      dnsMs: link.dnsMs,
      connectMs: link.connectMs,
      remote: link.socket,
      spoolPath: join(this.#options.spoolDir, `tunnel-${id}`),
      now: () => this.#now(),
      onBytes: (tunnel, direction, count) => this.#allowsBytes(tunnel, direction, count),
      onSpoolFault: () => this.#reach('spool', 0, 'what the connections carry can not be written to disk'),
      onClose: (tunnel) => this.#openTunnels.delete(tunnel),
    });
    this.#tunnels.push(tunnel);
    this.#openTunnels.add(tunnel);
  }

  /** Vets, resolves, pins and dials. Rejects with EgressError, noted, or the signal's reason. */
  async #open(hostText: string, port: number, signal: AbortSignal): Promise<Link> {
    try {
      this.#admit(hostText, port);
      const pin = await this.#pins.pin(hostText, port, signal);
      const startedAt = this.#now();
      const { socket, address } = await this.#way.dial(pin, port, signal);
      if (signal.aborted) {
        socket.destroy();
        signal.throwIfAborted();
      }
      const dnsMs = pin.takeDnsMs();
      return { socket, host: pin.host, port, address, dnsMs, connectMs: this.#now() - startedAt };
    } catch (error) {
      if (error instanceof EgressError && !this.#over.signal.aborted) this.#note(hostText, port, error);
      throw error;
    }
  }

  /** Counts the attempt against the limits on connections. */
  #admit(host: string, port: number): void {
    const { maxConnections, maxOpenConnections } = this.#limits;
    const target = `${host}:${port}`;
    if (++this.#attempts > maxConnections) {
      this.#reach('maxConnections', maxConnections, `${target} and later ones were not connected`);
      throw new EgressError('refused', target, 'limit maxConnections');
    }
    if (this.#openTunnels.size + this.#sideFetches.size >= maxOpenConnections) {
      this.#reach('maxOpenConnections', maxOpenConnections, `${target} was not connected`);
      throw new EgressError('refused', target, 'limit maxOpenConnections');
    }
  }

  #note(hostText: string, port: number, error: EgressError): void {
    const host = printable(hostText);
    const { kind, reason } = error;
    const at = new Date(this.#now()).toISOString();
    const key = `${kind} ${reason} ${host} ${port}`;
    if (kind === 'refused' && !reason.startsWith('limit') && this.denied.length < MAX_NOTES)
      this.denied.push({ host, port, reason, at });
    if (this.#failureKeys.has(key) || this.failures.length >= MAX_NOTES) return;
    this.#failureKeys.add(key);
    this.failures.push({ host, port, kind, reason, at });
  }

  #allowsBytes(tunnel: Tunnel, direction: Direction, count: number): boolean {
    this.#count(direction, count);
    const { maxBytesPerConnection } = this.#limits;
    if (tunnel.sizeBytes + count <= maxBytesPerConnection) return !this.#over.signal.aborted;
    this.#reach('maxBytesPerConnection', maxBytesPerConnection, 'a connection was ended');
    return false;
  }

  #count(direction: Direction, count: number): void {
    const { maxBytesDown, maxBytesUp } = this.#limits;
    if (direction === 'down') this.bytesDown += count;
    else this.bytesUp += count;
    if (this.bytesDown > maxBytesDown) {
      this.#reach('maxBytesDown', maxBytesDown, 'all connections were ended');
      this.#shut('limit');
    } else if (this.bytesUp > maxBytesUp) {
      this.#reach('maxBytesUp', maxBytesUp, 'all connections were ended');
      this.#shut('limit');
    }
  }

  #countSideFetch(socket: net.Socket, seen: { read: number; written: number }): void {
    this.#count('down', socket.bytesRead - seen.read);
    this.#count('up', socket.bytesWritten - seen.written);
    seen.read = socket.bytesRead;
    seen.written = socket.bytesWritten;
  }

  #tick(): void {
    for (const [socket, seen] of this.#sideFetches) this.#countSideFetch(socket, seen);
    const { idleTimeoutMs } = this.#limits;
    const quietSince = this.#now() - idleTimeoutMs;
    for (const tunnel of this.#openTunnels) {
      if (tunnel.lastActivity > quietSince) continue;
      this.#reach('idleTimeoutMs', idleTimeoutMs, 'a silent connection was ended');
      tunnel.end('idle');
    }
  }

  #reach(limit: string, allowed: number, detail: string): void {
    if (this.limits.some((reached) => reached.limit === limit)) return;
    this.limits.push({ limit, allowed, at: new Date(this.#now()).toISOString(), detail });
    this.#options.onLimit?.({ limit, allowed, detail });
  }

  #shut(ending: TunnelEnding): void {
    for (const tunnel of this.#openTunnels) tunnel.end(ending);
    for (const client of this.#clients) client.destroy();
    for (const socket of this.#sideFetches.keys()) socket.destroy();
    // Last, so that what is being opened fails as a consequence and not as a race.
    const reason = ending === 'limit' ? 'limit reached' : 'capture is over';
    if (!this.#over.signal.aborted) this.#over.abort(new EgressError('refused', 'egress', reason));
  }

  #now(): number {
    return this.#clockOffset + performance.now();
  }
}

interface Link {
  readonly socket: net.Socket;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly dnsMs: number | undefined;
  readonly connectMs: number;
}

function allowedSubnet(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (subnet === undefined)
    throw new AditError('bad-allowed-network', `not a network in CIDR form: ${printable(text)}`);
  return subnet;
}

/** Host text as a client sent it may be anything. */
function printable(text: string): string {
  return text.slice(0, 300).replaceAll(/[^\x20-\x7e]/g, '?');
}
