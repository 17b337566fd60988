import { createServer, type Server as HttpServer } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { parseHost, type Host } from '#model';
import type { Certificate, CertificateAuthority } from './certificate.ts';
import type { ServerReply, ServerRequest } from './answer.ts';
import type { Site } from './site.ts';

/** The two loopback servers behind every site, one for http and one for https. */
export interface SiteServers extends AsyncDisposable {
  readonly httpPort: number;
  readonly httpsPort: number;
  /** Resets the TCP connection that came from the given local port. */
  reset(remotePort: number): void;
}

export interface SiteServerOptions {
  readonly authority: CertificateAuthority;
  readonly site: (host: Host) => Site | undefined;
  readonly clock: () => Date;
  readonly onRequest: (request: ServerRequest, response: ServerReply) => void;
  readonly onUpgrade: (request: ServerRequest, socket: Socket, head: Buffer) => void;
}

const DAY_MS = 86_400_000;
/** Node refuses requests with more than 16 KB of header fields by default. */
const HTTP1_OPTIONS = { maxHeaderSize: 256 * 1024, requestTimeout: 0 };
/** Node gives up on a session at 10 MB by default, which a page of large bodies reaches. */
const MAX_SESSION_MEMORY_MB = 1024;

/** Starts both servers on ports of the system's choice. */
export async function openSiteServers(options: SiteServerOptions): Promise<SiteServers> {
  const sockets = new Map<number, Socket>();
  const http = createServer(HTTP1_OPTIONS, options.onRequest);
  const https = createSecureServer(
    {
      allowHTTP1: true,
      maxSessionMemory: MAX_SESSION_MEMORY_MB,
      ...HTTP1_OPTIONS,
      ...certificateSelection(options),
      ALPNCallback: ({ servername, protocols }) => {
        const offered = siteNamed(servername, options)?.protocols ?? ['h2', 'http/1.1'];
        return offered.find((protocol) => protocols.includes(protocol));
      },
    },
    options.onRequest,
  );
  for (const server of [http, https]) watch(server, sockets, options.onUpgrade);
  const [httpPort, httpsPort] = await Promise.all([listen(http), listen(https)]);
  return {
    httpPort,
    httpsPort,
    reset: (remotePort) => void sockets.get(remotePort)?.resetAndDestroy(),
    async [Symbol.asyncDispose]() {
      const closed = Promise.all([http, https].map((server) => new Promise((done) => server.close(done))));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

/** Visitors and hostile routes break connections all the time; that ends the connection and nothing else. */
function watch(
  server: HttpServer | Http2SecureServer,
  sockets: Map<number, Socket>,
  onUpgrade: SiteServerOptions['onUpgrade'],
): void {
  const events: Server = server; // one signature for both kinds
  events.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(port));
  });
  events.on('upgrade', onUpgrade);
  events.on('clientError', (_error: Error, socket: Socket) => socket.destroy());
  events.on('sessionError', () => undefined);
  events.on('tlsClientError', () => undefined);
}

function listen(server: Server): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', fail);
      done((server.address() as AddressInfo).port); // listening on TCP
    });
  });
}

function siteNamed(name: string | undefined, { site }: SiteServerOptions): Site | undefined {
  const host = name === undefined ? undefined : parseHost(name);
  return host === undefined ? undefined : site(host);
}

/** Certificates by server name, each made when first asked for. Without a server name any visitor gets one for `unnamed.invalid`. */
function certificateSelection(options: SiteServerOptions) {
  const contexts = new Map<string, SecureContext>();
  const contextFor = (name: string) => {
    const site = siteNamed(name, options);
    const key = JSON.stringify([name, site?.certificate, site?.alternativeNames]);
    const known = contexts.get(key);
    if (known !== undefined) return known;
    const { chainPem, keyPem } = issueFor(name, site, options);
    const context = createSecureContext({ cert: chainPem, key: keyPem });
    contexts.set(key, context);
    return context;
  };
  const unnamed = issueFor('unnamed.invalid', undefined, options);
  return {
    cert: unnamed.chainPem,
    key: unnamed.keyPem,
    SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
      done(null, contextFor(name)),
  };
}

/**
 * Valid from before the earlier of the test internet's clock and the real one until after the later, since browsers go
 * by the real one. Faulty chains leave the root out, so that trusting its key doesn't excuse them.
 */
function issueFor(name: string, site: Site | undefined, options: SiteServerOptions): Certificate {
  const { authority, clock } = options;
  const instants = [clock().getTime(), Date.now()];
  const names = [
    parseHost(name) ?? name,
    ...(site?.alternativeNames ?? []).map((other) => parseHost(other)!),
  ];
  const notBefore = new Date(Math.min(...instants) - 30 * DAY_MS);
  const notAfter = new Date(Math.max(...instants) + 60 * DAY_MS);
  switch (site?.certificate ?? 'valid') {
    case 'valid':
      return authority.issue({ names, notBefore, notAfter });
    case 'expired':
      return authority.issue(
        { names, notBefore, notAfter: new Date(Math.min(...instants) - DAY_MS) },
        { withRoot: false },
      );
    case 'wrongName':
      return authority.issue({ names: ['another-host.example'], notBefore, notAfter }, { withRoot: false });
    case 'selfSigned':
      return authority.selfSign({ names, notBefore, notAfter });
  }
}
