import { sha256 } from '#model';
import type { TunnelRecord } from '../egress/tunnel.ts';
import { BodyStore } from './body-store.ts';
import { toWireExchange } from './exchange.ts';
import { readKeyLog, type KeyLog } from './key-log.ts';
import type { LimitLog } from './limit-log.ts';
import type { WireLimits } from './limits.ts';
import type { Message } from './message.ts';
import type { TlsFacts, WireConnection, WireExchange, WireMessage, WireWebSocket } from './record.ts';
import { readTunnel, tunnelClientRandom, type TunnelReading } from './tunnel-reading.ts';

/** What the decoder is asked to do. Crosses the border to its process. */
export interface DecodeJob {
  readonly tunnels: readonly TunnelRecord[];
  readonly keyLog?: { readonly path: string; readonly offset: number };
  readonly spoolDir: string;
  /** Names the files of this job. */
  readonly prefix: string;
  readonly limits: WireLimits;
}

/** One tunnel, decoded. Its web sockets name exchanges by their place in `exchanges` here. */
export interface DecodedTunnel {
  readonly connection: WireConnection;
  readonly exchanges: readonly WireExchange[];
  readonly webSockets: readonly WireWebSocket[];
  readonly certificates: readonly { readonly sha256: string; readonly der: Uint8Array }[];
}

/** Decodes tunnel by tunnel, noting limits in `log`, so that what is done can be handed over before the next is begun. */
export function* decodeTunnels(job: DecodeJob, log: LimitLog): Generator<DecodedTunnel> {
  const store = new BodyStore(job.spoolDir, job.prefix, log);
  const keyLog = findKeys(job);
  let room = job.limits.maxExchanges;
  for (const tunnel of job.tunnels) {
    const reading = readTunnel(tunnel, keyLog, store, room);
    room = Math.max(0, room - reading.messages.length);
    yield toDecodedTunnel(tunnel, reading, job.limits);
  }
}

function findKeys({ tunnels, keyLog }: DecodeJob): KeyLog {
  if (keyLog === undefined) return new Map();
  const randoms = tunnels.map(tunnelClientRandom).filter((random) => random !== undefined);
  return randoms.length === 0 ? new Map() : readKeyLog(keyLog.path, keyLog.offset, new Set(randoms));
}

function toDecodedTunnel(tunnel: TunnelRecord, reading: TunnelReading, limits: WireLimits): DecodedTunnel {
  const { messages, session, protocol } = reading;
  const certificates = (session?.certificates ?? []).map((der) => ({ sha256: sha256(der), der }));
  const tls = toTlsFacts(
    reading,
    certificates.map((certificate) => certificate.sha256),
  );
  const alert = session?.alert;
  const fault = reading.fault ?? session?.failure;
  const exchanges = messages.map((message, index) => ({
    ...toWireExchange(message, tunnel, reading, limits, index === 0),
    ...(tls === undefined ? {} : { tls }),
  }));
  return {
    connection: {
      tunnel: tunnel.id,
      host: tunnel.host,
      port: tunnel.port,
      address: tunnel.address,
      openedAt: new Date(tunnel.openedAt).toISOString(),
      ...(protocol === undefined ? {} : { protocol }),
      ...(session?.serverName === undefined ? {} : { serverName: session.serverName }),
      ...(tls === undefined ? {} : { tls }),
      ...(alert === undefined ? {} : { alert }),
      ...(fault === undefined ? {} : { fault }),
      isLost: reading.fault !== undefined,
    },
    exchanges,
    webSockets: messages.flatMap((message, index) =>
      toWebSocket(message, index, exchanges[index]?.url ?? ''),
    ),
    certificates,
  };
}

function toTlsFacts({ session }: TunnelReading, chain: string[]): TlsFacts | undefined {
  if (session?.version === undefined || session.cipherSuite === undefined) return undefined;
  const { version, cipherSuite, alpn, isResumed } = session;
  return { version, cipherSuite, ...(alpn === undefined ? {} : { alpn }), isResumed, chain };
}

function toWebSocket({ webSocket }: Message, exchange: number, url: string): WireWebSocket[] {
  if (webSocket === undefined) return [];
  const { closeCode } = webSocket;
  const messages = webSocket.messages.map(({ isSent, isBinary, data, at, isCut }): WireMessage => ({
    isSent,
    isBinary,
    data: Buffer.from(data).toString(isBinary ? 'base64' : 'utf8'),
    at: new Date(at).toISOString(),
    ...(isCut ? { isCut } : {}),
  }));
  return [{ exchange, url, messages, ...(closeCode === undefined ? {} : { closeCode }) }];
}
