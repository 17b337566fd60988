import assert from 'node:assert/strict';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import type http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import tls from 'node:tls';
import { readSource, type ByteSource } from '#archive';
import { createCertificateAuthority } from '#testnet';
import { openEgressGuard, type EgressGuard, type EgressLimits } from '../egress/index.ts';
import { dialTcp } from '../egress/network.ts';
import { decodeWire, type WireExchange, type WireLimits, type WireRecord } from './index.ts';

const DAY_MS = 86_400_000;

export const authority = createCertificateAuthority();

/** A certificate for the names, valid now, for servers. */
export function serverIdentity(...names: string[]): { key: string; cert: string } {
  const now = Date.now();
  const leaf = authority.issue({
    names,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + DAY_MS),
  });
  return { key: leaf.keyPem, cert: leaf.chainPem };
}

/** A guard before a loopback server, clients that go through it and log their keys, and the decoded outcome. */
export interface WireFixture {
  readonly guard: EgressGuard;
  readonly keyLogPath: string;
  readonly spoolDir: string;
  /** A plain connection to the server under that name, through the guard. */
  connect(host: string, port: number): Promise<net.Socket>;
  /** The same with TLS; keys are logged. Waits for the handshake. */
  connectTls(host: string, options?: tls.ConnectionOptions): Promise<tls.TLSSocket>;
  connectHttp2(host: string, options?: tls.ConnectionOptions): Promise<http2.ClientHttp2Session>;
  decode(limits?: Partial<WireLimits>): Promise<WireRecord>;
}

export async function openWireFixture(
  t: TestContext,
  server: net.Server | http.Server | http2.Http2Server,
  options: { readonly limits?: Partial<EgressLimits> } = {},
): Promise<WireFixture> {
  const spoolDir = mkdtempSync(join(tmpdir(), 'adit-wire-'));
  const keyLogPath = join(spoolDir, 'keys.log');
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serverPort = (server.address() as net.AddressInfo).port; // a TCP server
  const guard = await openEgressGuard({
    network: {
      resolve: async () => [{ address: '93.184.216.34', type: 'A' }],
      dial: (_address, _port, signal) => dialTcp('127.0.0.1', serverPort, signal),
    },
    spoolDir,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  t.after(async () => {
    await guard[Symbol.asyncDispose]();
    for (const socket of sockets) socket.destroy();
    server.close();
    rmSync(spoolDir, { recursive: true, force: true });
  });
  const connect = (host: string, port: number): Promise<net.Socket> => connectSocks(guard.port, host, port);
  const connectTls = async (host: string, tlsOptions: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> => {
    const raw = await connect(host, 443);
    const socket = tls.connect({ socket: raw, servername: host, ca: authority.pem, ...tlsOptions });
    socket.on('keylog', (line: Buffer) => appendFileSync(keyLogPath, line));
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    return socket;
  };
  return {
    guard,
    keyLogPath,
    spoolDir,
    connect,
    connectTls,
    async connectHttp2(host, tlsOptions = {}) {
      const socket = await connectTls(host, { ALPNProtocols: ['h2'], ...tlsOptions });
      const session = http2.connect(`https://${host}`, { createConnection: () => socket });
      session.on('error', () => {});
      return session;
    },
    async decode(limits) {
      const tunnels = await guard.seal();
      return await decodeWire({
        tunnels,
        keyLogPath,
        spoolDir,
        extraRoots: [authority.pem],
        limits: { deadlineMs: 600_000, ...limits }, // the machine may be slow
      });
    },
  };
}

async function connectSocks(proxyPort: number, host: string, port: number): Promise<net.Socket> {
  const socket = net.connect({ port: proxyPort, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  socket.write(Buffer.from([5, 1, 0]));
  await readExactly(socket, 2);
  const name = Buffer.from(host, 'latin1');
  socket.write(
    Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]),
  );
  assert.equal((await readExactly(socket, 10))[1], 0);
  return socket;
}

async function readExactly(socket: net.Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = socket.read(count);
    if (bytes !== null) return bytes;
    if (socket.destroyed || socket.readableEnded) throw new Error('closed');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}

/** Everything up to the end of the stream. */
export async function readToEnd(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The bytes of a body as text. */
export function textOf(source: ByteSource | undefined): string {
  return source === undefined ? '' : Buffer.from(readSource(source)).toString('latin1');
}

/** The only exchange of a record. */
export function only(record: WireRecord): WireExchange {
  assert.equal(record.exchanges.length, 1, JSON.stringify(record.undecrypted));
  return record.exchanges[0]!;
}

/** A small generator for tests that must repeat: the same seed gives the same numbers. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}
