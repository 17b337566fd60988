import type { TunnelRecord } from '../egress/tunnel.ts';
import type { BodyStore } from './body-store.ts';
import { ByteReader } from './byte-reader.ts';
import { SpoolReader } from './chunk-source.ts';
import { readHttp1 } from './http1/connection.ts';
import { looksLikeRequest } from './http1/head.ts';
import { looksLikeHttp2, readHttp2 } from './http2/connection.ts';
import { CLIENT_PREFACE } from './http2/frame.ts';
import type { KeyLog } from './key-log.ts';
import type { Message } from './message.ts';
import type { SessionFacts } from './tls/opening.ts';
import { clientRandomOf, openTls } from './tls/session.ts';
import { looksLikeTls } from './tls/record.ts';

/** What one tunnel carried. */
export interface TunnelReading {
  readonly messages: readonly Message[];
  readonly protocol?: 'http/1.x' | 'h2';
  /** Undefined for a plain tunnel. */
  readonly session?: SessionFacts;
  /** Why there may have been more than `messages`. */
  readonly fault?: string;
}

/** The client random of a TLS tunnel, to find its keys by; undefined for plain and silent ones. */
export function tunnelClientRandom(tunnel: TunnelRecord): string | undefined {
  if (!looksLikeTls(startOf(tunnel))) return undefined;
  using up = new SpoolReader(tunnel.up);
  return clientRandomOf(up);
}

/** Reads a tunnel through all layers. `maxExchanges` is how many may still be kept. Never throws on any bytes. */
export function readTunnel(
  tunnel: TunnelRecord,
  keyLog: KeyLog,
  store: BodyStore,
  maxExchanges: number,
): TunnelReading {
  const start = startOf(tunnel);
  // Browsers open connections in advance and may never use them.
  if (start.length === 0) return { messages: [] };
  using up = new SpoolReader(tunnel.up);
  using down = new SpoolReader(tunnel.down);
  const lost = tunnel.up.fault ?? tunnel.down.fault;
  const unrecorded = lost === undefined ? {} : { fault: `not recorded: ${lost}` };
  if (!looksLikeTls(start))
    return {
      ...readHttp(tunnel, new ByteReader(up), new ByteReader(down), store, maxExchanges),
      ...unrecorded,
    };
  const { facts: session, up: upInner, down: downInner } = openTls(up, down, keyLog);
  const http = readHttp(tunnel, new ByteReader(upInner), new ByteReader(downInner), store, maxExchanges);
  // What the session says of a fault comes first: the parser above it only sees a stream that ends.
  const fault = session.fault === undefined ? {} : { fault: session.fault };
  return { ...http, session, ...fault, ...unrecorded };
}

function readHttp(
  tunnel: TunnelRecord,
  up: ByteReader,
  down: ByteReader,
  store: BodyStore,
  maxExchanges: number,
): Omit<TunnelReading, 'session'> {
  const start = up.peek(CLIENT_PREFACE.length);
  if (start.length === 0) return { messages: [] };
  if (looksLikeHttp2(start)) return { protocol: 'h2', ...readHttp2(up, down, store, maxExchanges) };
  if (!looksLikeRequest(start)) return { messages: [], fault: 'not HTTP' };
  const messages: Message[] = [];
  const onMessage = (message: Message): boolean => {
    messages.push(message);
    if (messages.length < maxExchanges || up.isAtEnd) return true;
    store.log.reach('maxExchanges', up.at, 'later exchanges were dropped');
    return false;
  };
  const isDownEnded = tunnel.isDownEnded && tunnel.ending === 'remote';
  const { fault } = readHttp1(up, down, store, { isDownEnded, onMessage });
  return { messages, protocol: 'http/1.x', ...(fault === undefined ? {} : { fault }) };
}

function startOf(tunnel: TunnelRecord): Uint8Array {
  using up = new SpoolReader(tunnel.up);
  return new ByteReader(up).peek(8);
}
