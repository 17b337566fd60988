import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Testnet } from './testnet.ts';

/** What a plain visitor got. */
export interface Visit {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly isComplete: boolean;
}

export interface VisitOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly protocol?: 'h2' | 'http/1.1';
  /** Default: reject what does not chain to the test internet's root. */
  readonly acceptsAnyCertificate?: boolean;
  /** Stops reading once so much has come. */
  readonly maxBytes?: number;
  /** Stops reading after this time; default: long after whatever still comes on a slow machine. */
  readonly maxMs?: number;
}

const PATIENCE_MS = 120_000;

/** Resolves and dials like a guard would, pinned to the first address. */
export async function dial(testnet: Testnet, url: URL): Promise<Socket> {
  const [record] = await testnet.network.resolve(url.hostname.replace(/^\[|\]$/g, ''));
  const port = Number(url.port || (/^(https|wss):$/.test(url.protocol) ? 443 : 80));
  return testnet.network.dial(record!.address, port, AbortSignal.timeout(PATIENCE_MS));
}

/** A TLS connection to the host, checked against the test internet's root. */
export async function dialTls(testnet: Testnet, url: URL, options: VisitOptions = {}): Promise<TLSSocket> {
  const socket = await dial(testnet, url);
  const tls = connectTls({
    socket,
    servername: url.hostname,
    ca: testnet.network.trustedRoots[0]!.pem,
    ALPNProtocols: [options.protocol ?? 'http/1.1'],
    rejectUnauthorized: options.acceptsAnyCertificate !== true,
  });
  await new Promise((done, fail) => {
    tls.once('secureConnect', done);
    tls.once('error', fail);
    tls.once('close', () => fail(new Error('closed before secured')));
  });
  tls.on('error', () => undefined);
  return tls;
}

/** One request on a connection of its own. */
export async function visit(testnet: Testnet, address: string, options: VisitOptions = {}): Promise<Visit> {
  const url = new URL(address);
  const isTls = url.protocol === 'https:';
  const socket = isTls ? await dialTls(testnet, url, options) : await dial(testnet, url);
  try {
    return options.protocol === 'h2'
      ? await overHttp2(socket, url, options)
      : await overHttp1(socket, url, options);
  } finally {
    socket.destroy();
  }
}

async function overHttp1(socket: Socket, url: URL, options: VisitOptions): Promise<Visit> {
  const response = await new Promise<IncomingMessage>((done, fail) => {
    const request = httpRequest(
      {
        createConnection: () => socket,
        host: url.hostname,
        path: url.pathname + url.search,
        method: options.method ?? 'GET',
        headers: { host: url.host, ...options.headers },
        maxHeaderSize: 1024 * 1024,
        signal: AbortSignal.timeout(options.maxMs ?? PATIENCE_MS),
      },
      done,
    );
    request.once('error', fail);
    request.end(options.body);
  });
  const { body, isWhole } = await readSome(response, options);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    body,
    isComplete: isWhole && response.complete,
  };
}

async function overHttp2(socket: Socket, url: URL, options: VisitOptions): Promise<Visit> {
  const session = connectHttp2(url, { createConnection: () => socket });
  session.on('error', () => undefined);
  try {
    const stream = session.request({
      ':method': options.method ?? 'GET',
      ':path': url.pathname + url.search,
      ...options.headers,
    });
    stream.end(options.body);
    const headers = await new Promise<Record<string, string | string[] | undefined>>((done, fail) => {
      stream.once('response', (received) => done(received));
      stream.once('error', fail);
      stream.once('close', () => fail(new Error('stream closed without an answer')));
    });
    const { body, isWhole } = await readSome(stream, options);
    const status = Number(headers[':status']);
    return { status, headers, rawHeaders: [], body, isComplete: isWhole && stream.rstCode === 0 };
  } finally {
    session.destroy();
  }
}

async function readSome(
  source: AsyncIterable<Uint8Array> & { destroy(): void },
  { maxBytes = 32 * 1024 * 1024, maxMs = PATIENCE_MS }: VisitOptions,
): Promise<{ body: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isWhole = true;
  const timer = setTimeout(() => source.destroy(), maxMs);
  try {
    for await (const chunk of source) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes) {
        isWhole = false;
        break;
      }
    }
  } catch {
    isWhole = false; // cut short: what came is kept
  } finally {
    clearTimeout(timer);
  }
  return { body: Buffer.concat(chunks), isWhole };
}
