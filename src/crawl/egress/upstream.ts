import type { Socket } from 'node:net';
import { AditError } from '#model';
import { addressBytes } from './address.ts';
import { EgressError } from './egress-error.ts';
import { dialTcp } from './network.ts';

/**
 * A proxy of the user's choice that the connections of a persona go through. Names are resolved and addresses vetted
 * here; only the literal address is sent upstream, so the proxy can't be used to reach what the guard refuses. The
 * proxy's own address is the user's decision and is not vetted.
 */
export interface UpstreamProxy {
  readonly scheme: 'http' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

const MAX_REPLY_BYTES = 16 * 1024;
/** 80 is what the URL parser leaves out. */
const DEFAULT_PORTS = { http: 80, socks5: 1080 } as const;

/** `http://[user:password@]host:port` or `socks5://…` → proxy. Throws AditError `bad-upstream-proxy`. */
export function parseUpstreamProxy(text: string): UpstreamProxy {
  const url = URL.parse(text);
  const scheme = url?.protocol === 'http:' ? 'http' : url?.protocol === 'socks5:' ? 'socks5' : undefined;
  if (url === null || scheme === undefined || url.hostname === '')
    throw new AditError('bad-upstream-proxy', 'an upstream proxy is http://host:port or socks5://host:port');
  return {
    scheme,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port),
    ...(url.username === '' ? {} : { user: decoded(url.username), password: decoded(url.password) }),
  };
}

/** A connection to the address through the proxy. Rejects with EgressError or the signal's reason. */
export async function dialThroughProxy(
  proxy: UpstreamProxy,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await dialTcp(proxy.host, proxy.port, signal);
  const abort = (): void => void socket.destroy();
  signal.addEventListener('abort', abort);
  socket.on('error', () => {});
  try {
    const conversation = new Conversation(socket);
    const handshake = proxy.scheme === 'http' ? httpConnect : socksConnect;
    await handshake(conversation, proxy, address, port);
    conversation.release();
    return socket;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** RFC 9110 §9.3.6. */
async function httpConnect(
  conversation: Conversation,
  proxy: UpstreamProxy,
  address: string,
  port: number,
): Promise<void> {
  const authority = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const credentials =
    proxy.user === undefined
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${proxy.user}:${proxy.password ?? ''}`).toString('base64')}\r\n`;
  conversation.send(Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credentials}\r\n`));
  const head = await conversation.readUntil('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw failure('upstream proxy does not speak HTTP');
  if (!status.startsWith('2')) throw failure(`upstream proxy answered ${status}`);
}

/** RFC 1928 and RFC 1929, with a literal address. */
async function socksConnect(
  conversation: Conversation,
  proxy: UpstreamProxy,
  address: string,
  port: number,
): Promise<void> {
  const method = proxy.user === undefined ? 0 : 2;
  conversation.send(Uint8Array.of(5, 1, method));
  const [version, chosen] = await conversation.read(2);
  if (version !== 5) throw failure('upstream proxy does not speak SOCKS5');
  if (chosen !== method) throw failure('upstream proxy wants another way of authentication');
  if (proxy.user !== undefined) {
    const [user, password] = [Buffer.from(proxy.user), Buffer.from(proxy.password ?? '')];
    conversation.send(
      Buffer.concat([Uint8Array.of(1, user.length), user, Uint8Array.of(password.length), password]),
    );
    const [, status] = await conversation.read(2);
    if (status !== 0) throw failure('upstream proxy refused the credentials');
  }
  const bytes = addressBytes(address);
  if (bytes === undefined) throw failure('not an address');
  const type = bytes.length === 4 ? 1 : 4;
  conversation.send(
    Buffer.concat([Uint8Array.of(5, 1, 0, type), bytes, Uint8Array.of(port >> 8, port & 0xff)]),
  );
  const [, reply, , boundType] = await conversation.read(4);
  if (reply !== 0) throw socksFailure(reply);
  const [nameLength = 0] = boundType === 3 ? await conversation.read(1) : [];
  await conversation.read((boundType === 3 ? nameLength : boundType === 4 ? 16 : 4) + 2);
}

function socksFailure(reply: number | undefined): EgressError {
  if (reply === 6) return new EgressError('timeout', 'upstream proxy', 'TTL expired');
  const reasons: Readonly<Record<number, string>> = {
    3: 'ENETUNREACH',
    4: 'EHOSTUNREACH',
    5: 'ECONNREFUSED',
  };
  return failure(reasons[reply ?? -1] ?? `upstream proxy answered ${reply}`);
}

function failure(reason: string): EgressError {
  return new EgressError('connectionFailure', 'upstream proxy', reason);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A socket read in exact pieces; what was received beyond them goes back to the socket on release. */
class Conversation {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #isOver = false;
  readonly #onData = (chunk: Buffer): void => {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.#wake?.();
  };
  readonly #onClose = (): void => {
    this.#isOver = true;
    this.#wake?.();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData).once('end', this.#onClose).once('close', this.#onClose);
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  async read(count: number): Promise<Buffer> {
    await this.#until(() => this.#received.length >= count);
    const bytes = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return bytes;
  }

  async readUntil(mark: string): Promise<string> {
    await this.#until(() => this.#received.includes(mark));
    const end = this.#received.indexOf(mark) + mark.length;
    return (await this.read(end)).toString('latin1');
  }

  release(): void {
    this.#socket.pause();
    this.#socket.off('data', this.#onData).off('end', this.#onClose).off('close', this.#onClose);
    if (this.#received.length > 0) this.#socket.unshift(this.#received);
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!isDone()) {
      if (this.#isOver) throw failure('upstream proxy closed the connection');
      if (this.#received.length > MAX_REPLY_BYTES) throw failure('upstream proxy babbles');
      const woken = Promise.withResolvers<void>();
      this.#wake = woken.resolve;
      await woken.promise;
    }
  }
}
