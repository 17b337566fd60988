import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { parseHost, type Host } from '#model';
import { answer, type ServerReply, type ServerRequest } from './answer.ts';
import { createCertificateAuthority, type CertificateAuthority } from './certificate.ts';
import { ExchangeRecord, type LoggedExchange } from './log.ts';
import { NameService, type AddressRecord } from './name-service.ts';
import { openSiteServers, type SiteServers } from './site-servers.ts';
import type { Reply, Route, Site, TestRequest } from './site.ts';
import { createWebSocketAcceptor } from './web-socket.ts';

/** The way into the test internet, in the shape of the way out that virtual users take. */
export interface TestNetwork {
  resolve(host: string): Promise<readonly AddressRecord[]>;
  /** A connected socket; rejects with the system's codes (`ECONNREFUSED`, `EHOSTUNREACH`, `ETIMEDOUT`). */
  dial(address: string, port: number, signal: AbortSignal): Promise<Socket>;
  readonly trustedRoots: readonly { readonly spkiSha256Base64: string; readonly pem: string }[];
}

export interface TestnetOptions {
  readonly sites: readonly Site[];
  /** What `TestRequest.now` and the Date field say; default the real time. */
  readonly clock?: () => Date;
  /** What every host answers that no site describes; without it such names do not exist. */
  readonly elsewhere?: Route;
}

export interface Testnet extends AsyncDisposable {
  readonly network: TestNetwork;
  readonly authority: CertificateAuthority;
  /** Every request that a site received, in order of arrival; entries go on changing while they are answered. */
  readonly log: readonly LoggedExchange[];
  /** Every connection that was attempted, whatever came of it. */
  readonly dialled: readonly { readonly address: string; readonly port: number }[];
  /** Adds sites; one of the same host replaces what was there. */
  addSites(sites: readonly Site[]): void;
  /** A standing time, or a running clock. */
  setClock(clock: Date | (() => Date)): void;
  clearLog(): void;
}

const HTTP_PORTS = new Set([80, 8080]);
const HTTPS_PORTS = new Set([443, 8443]);
const MAX_REQUEST_BODY_BYTES = 64 * 1024 * 1024;
const NOT_FOUND: Reply = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!doctype html><title>404 Not Found</title><h1>Not Found</h1>',
};
const MISDIRECTED: Reply = {
  status: 421,
  headers: { 'content-type': 'text/plain' },
  body: 'no such host here',
};

/**
 * Opens an internet of the given sites on loopback. Names resolve to public-looking addresses, and dialling one of those
 * reaches the servers here, so whatever vets names and addresses on the way works exactly as it does outside.
 */
export async function openTestnet(options: TestnetOptions): Promise<Testnet> {
  const testnet = new LoopbackInternet(options);
  await testnet.open();
  return testnet;
}

class LoopbackInternet implements Testnet {
  readonly authority = createCertificateAuthority();
  readonly log: LoggedExchange[] = [];
  readonly dialled: { address: string; port: number }[] = [];
  readonly network: TestNetwork;
  readonly #names: NameService;
  readonly #elsewhere: Route | undefined;
  #clock: () => Date;
  #servers: SiteServers | undefined;
  #nextId = 0;
  /** The address behind each connection, by its port on our side. */
  readonly #addressByPort = new Map<number, string>();
  readonly #acceptWebSocket = createWebSocketAcceptor();
  readonly #closing = new AbortController();

  constructor({ sites, clock = () => new Date(), elsewhere }: TestnetOptions) {
    this.#names = new NameService({ knowsAll: elsewhere !== undefined });
    this.#clock = clock;
    this.#elsewhere = elsewhere;
    this.addSites(sites);
    this.network = {
      resolve: (host) => this.#names.resolve(host),
      dial: (address, port, signal) => this.#dial(address, port, signal),
      trustedRoots: [{ spkiSha256Base64: this.authority.spkiSha256Base64, pem: this.authority.pem }],
    };
  }

  async open(): Promise<void> {
    this.#servers = await openSiteServers({
      authority: this.authority,
      site: (host) => this.#names.site(host),
      clock: () => this.#clock(),
      onRequest: (request, response) => void this.#serve(request, response),
      onUpgrade: (request, socket, head) =>
        void this.#upgrade(request, socket, head).catch(() => socket.destroy()),
    });
  }

  addSites(sites: readonly Site[]): void {
    for (const site of sites) this.#names.add(site);
  }

  setClock(clock: Date | (() => Date)): void {
    this.#clock = clock instanceof Date ? () => new Date(clock) : clock;
  }

  clearLog(): void {
    this.log.length = 0;
    this.dialled.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#servers?.[Symbol.asyncDispose]();
  }

  async #dial(address: string, port: number, signal: AbortSignal): Promise<Socket> {
    this.dialled.push({ address, port });
    const target = this.#target(address, port);
    if (target === 'timeout') return never(AbortSignal.any([signal, this.#closing.signal]));
    if (typeof target === 'string') throw dialError(target, address, port);
    const socket = await connected(target.host, target.port, signal);
    const localPort = socket.localPort ?? 0;
    this.#addressByPort.set(localPort, address);
    socket.once('close', () => this.#addressByPort.delete(localPort));
    return socket;
  }

  /**
   * Where a connection really goes. An address of this machine is dialled for real, as any network would: stopping that
   * is the visitor's guard's work.
   */
  #target(address: string, port: number): { host: string; port: number } | 'timeout' | DialCode {
    if (isLoopback(address)) return { host: address, port };
    const sites = this.#names.sitesAt(address);
    if (sites.length === 0 && !this.#names.isKnownAddress(address)) return 'EHOSTUNREACH';
    if (sites.some((site) => site.connect === 'timeout')) return 'timeout';
    const scheme = HTTP_PORTS.has(port) ? 'http' : HTTPS_PORTS.has(port) ? 'https' : undefined;
    const isServed = sites.length === 0 || sites.some((site) => (site.scheme ?? 'both') !== other(scheme));
    if (scheme === undefined || !isServed || sites.some((site) => site.connect === 'refused')) {
      return 'ECONNREFUSED';
    }
    const servers = this.#servers;
    if (servers === undefined) return 'ECONNREFUSED';
    return { host: '127.0.0.1', port: scheme === 'http' ? servers.httpPort : servers.httpsPort };
  }

  async #serve(request: ServerRequest, response: ServerReply): Promise<void> {
    const record = this.#record(request);
    const gone = new AbortController();
    const stream = 'stream' in response ? response.stream : undefined;
    response.once('close', () => {
      record.isComplete = stream === undefined ? response.writableFinished : isWholeStream(stream);
      gone.abort();
    });
    response.on('error', () => undefined); // seen as `isComplete: false`
    try {
      const body = await readBody(request);
      record.receivedBody(body);
      const reply = await this.#replyTo(request, record, body);
      const remotePort = request.socket.remotePort ?? 0;
      const reset = () => this.#servers?.reset(remotePort);
      await answer(reply, { request, response, record, now: this.#clock(), signal: gone.signal, reset });
    } catch (error) {
      if (!gone.signal.aborted) failed(response, error);
    }
  }

  async #upgrade(request: ServerRequest, socket: Socket, head: Buffer): Promise<void> {
    const record = this.#record(request, /* isWebSocket */ true);
    const reply = await this.#replyTo(request, record, new Uint8Array());
    if (reply.webSocket === undefined) {
      record.status = 404;
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return;
    }
    record.status = 101;
    record.protocol = 'websocket';
    socket.once('close', () => (record.isComplete = true));
    this.#acceptWebSocket(request as IncomingMessage, socket, head, reply.webSocket); // upgrades come on HTTP/1.1 only
  }

  #record(request: ServerRequest, isWebSocket = false): ExchangeRecord {
    const isTls = 'encrypted' in request.socket;
    const scheme = `${isWebSocket ? 'ws' : 'http'}${isTls ? 's' : ''}`;
    const asked = ('authority' in request ? request.authority : request.headers.host) ?? '';
    const authority = asked.replace(isTls ? /:443$/ : /:80$/, '');
    const target = request.url ?? '/';
    const record = new ExchangeRecord(this.#nextId++, {
      url: target.startsWith('/') ? `${scheme}://${authority}${target}` : target,
      method: request.method ?? 'GET',
      protocol:
        request.httpVersionMajor === 2 ? 'h2' : request.httpVersionMinor === 0 ? 'http/1.0' : 'http/1.1',
      address: this.#addressByPort.get(request.socket.remotePort ?? 0),
      requestHeaders: headerPairs(request),
    });
    this.log.push(record);
    return record;
  }

  async #replyTo(request: ServerRequest, record: ExchangeRecord, body: Uint8Array): Promise<Reply> {
    const url = URL.parse(record.url);
    const host = url === null ? undefined : parseHost(url.hostname);
    if (url === null || host === undefined) return { status: 400, body: 'bad request' };
    const isTls = /^(?:https|wss):/.test(record.url);
    const route = this.#route(host, url.pathname, isTls);
    if (typeof route !== 'function') return route;
    const testRequest: TestRequest = {
      method: record.method,
      url,
      isTls,
      headers: joinedHeaders(request),
      body,
      now: this.#clock(),
    };
    return route(testRequest);
  }

  #route(host: Host, path: string, isTls: boolean): Route {
    const site = this.#names.site(host);
    if (site === undefined) return this.#elsewhere ?? MISDIRECTED;
    if (site.scheme === (isTls ? 'http' : 'https')) return MISDIRECTED;
    const own = Object.hasOwn(site.routes, path) ? site.routes[path] : undefined;
    return own ?? site.routes['*'] ?? NOT_FOUND;
  }
}

type DialCode = 'ECONNREFUSED' | 'EHOSTUNREACH' | 'ETIMEDOUT';

function dialError(code: DialCode, address: string, port: number): Error {
  return Object.assign(new Error(`connect ${code} ${address}:${port}`), { code, address, port });
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_done, fail) => {
    const end = () => fail(Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' }));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, signal, noDelay: true });
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.off('error', fail);
      socket.on('error', () => undefined); // the caller's own listener hears it too
      done(socket);
    });
  });
}

function other(scheme: 'http' | 'https' | undefined): 'http' | 'https' {
  return scheme === 'http' ? 'https' : 'http';
}

function isLoopback(address: string): boolean {
  return /^127\.|^0\.0\.0\.0$|^::1?$|^::ffff:(?:127\.|7f)/i.test(address);
}

function isWholeStream(stream: { rstCode: number; writableFinished: boolean }): boolean {
  return stream.rstCode === 0 && stream.writableFinished;
}

async function readBody(request: ServerRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = chunk as Uint8Array; // no encoding was set
    size += bytes.length;
    if (size > MAX_REQUEST_BODY_BYTES) throw new RangeError('request body too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function headerPairs({ rawHeaders }: ServerRequest): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (!rawHeaders[i]!.startsWith(':')) pairs.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
  }
  return pairs;
}

function joinedHeaders(request: ServerRequest): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of headerPairs(request)) {
    const key = name.toLowerCase();
    const before = joined[key];
    joined[key] = before === undefined ? value : `${before}${key === 'cookie' ? '; ' : ', '}${value}`;
  }
  return joined;
}

/** A route that throws is a fault of the site's description: it shows as a 500 that names it. */
function failed(response: ServerReply, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.statusCode = 500;
  response.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
