import type { ByteSource } from '#archive';
import type { Body, Exchange, LimitReached } from '#model';

/** Name and value as sent, in order. */
export type HeaderList = readonly (readonly [string, string])[];

/** What is known of the TLS of a connection: as in `Exchange`. */
export type TlsFacts = NonNullable<Exchange['tls']>;

/** One request with its response as the wire carried it. Instants are RFC 3339 UTC, durations milliseconds. */
export interface WireExchange {
  /** `ws:` or `wss:` where it asked for a WebSocket. */
  readonly url: string;
  readonly method: string;
  readonly startedAt: string;
  /** `TunnelRecord.id`. */
  readonly tunnel: number;
  /** HTTP/2 stream. */
  readonly stream?: number;
  readonly request: {
    /** HTTP/2: without pseudo-header fields, which are in `pseudo`. */
    readonly headers: HeaderList;
    readonly pseudo?: HeaderList;
    readonly received?: ByteSource;
    readonly body?: Body;
  };
  readonly response?: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: HeaderList;
    /** HTTP/2 only: those of HTTP/1.1 are part of `received`. */
    readonly trailers?: HeaderList;
    /** After TLS and HTTP/2 framing; HTTP/1.1 chunks and content-encoding kept. */
    readonly received?: ByteSource;
    readonly body?: Body;
    readonly bodyAbsence?: 'noneByProtocol' | 'empty' | 'failed' | 'limit';
  };
  readonly isWebSocket: boolean;
  /** Request and response are whole. */
  readonly isComplete: boolean;
  readonly protocol: 'http/1.0' | 'http/1.1' | 'h2';
  readonly remote: { readonly address: string; readonly port: number };
  readonly timings: NonNullable<Exchange['timings']>;
  readonly tls?: TlsFacts;
  /** Why there is no whole response. */
  readonly failure?: NonNullable<Exchange['failure']>;
}

export interface WireWebSocket {
  /** Index in `WireRecord.exchanges`. */
  readonly exchange: number;
  readonly url: string;
  readonly messages: readonly WireMessage[];
  readonly closeCode?: number;
}

export interface WireMessage {
  readonly isSent: boolean;
  readonly isBinary: boolean;
  /** Text, or base64 where binary. */
  readonly data: string;
  readonly at: string;
  /** Longer than the limit: only its beginning is kept. */
  readonly isCut?: boolean;
}

/** One tunnel, whether or not it could be read. */
export interface WireConnection {
  readonly tunnel: number;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly openedAt: string;
  readonly protocol?: 'http/1.x' | 'h2';
  readonly serverName?: string;
  readonly tls?: TlsFacts;
  /** Fatal TLS alert and who sent it, e.g. `client: certificate_unknown`. */
  readonly alert?: string;
  /** Why some or all of it could not be read, or why its TLS handshake failed. */
  readonly fault?: string;
  /** What it carried is not, or not all, among the exchanges. */
  readonly isLost: boolean;
}

/** All that the tunnels of a capture carried. */
export interface WireRecord {
  /** In order of start. */
  readonly exchanges: readonly WireExchange[];
  readonly webSockets: readonly WireWebSocket[];
  readonly connections: readonly WireConnection[];
  /** Every certificate that a server presented, once each. */
  readonly certificates: readonly { readonly sha256: string; readonly der: Uint8Array }[];
  /** Tunnels whose exchanges are not, or not all, among `exchanges`. */
  readonly undecrypted: readonly {
    readonly tunnel: number;
    readonly host: string;
    readonly port: number;
    readonly reason: string;
  }[];
  readonly limits: readonly LimitReached[];
}
