import type { BodySink } from './body-store.ts';
import type { HeaderList } from './record.ts';

/**
 * One request with its response as an HTTP parser found it, before anything is derived from it. Instants are
 * milliseconds since the epoch.
 */
export interface Message {
  readonly protocol: 'http/1.0' | 'http/1.1' | 'h2';
  readonly stream?: number;
  readonly request: {
    readonly method: string;
    /** Host and port as the client named them; undefined where it did not. */
    readonly authority: string | undefined;
    /** Path with query; an absolute URL or `*` in rare requests. */
    readonly target: string;
    readonly headers: HeaderList;
    readonly pseudo?: HeaderList;
    readonly body?: BodySink;
    readonly isComplete: boolean;
  };
  readonly startedAt: number;
  /** When the request had been sent. */
  readonly sentAt: number;
  readonly response?: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: HeaderList;
    readonly trailers?: HeaderList;
    readonly body?: BodySink;
    /** The protocol allows no body here (HEAD, 204, 304, an upgrade). */
    readonly isBodiless: boolean;
    readonly isComplete: boolean;
    readonly firstByteAt: number;
    readonly lastByteAt: number;
  };
  readonly isWebSocket: boolean;
  readonly webSocket?: WebSocketRecord;
  /** What the protocol itself says about why it ended early. */
  readonly ending?: { readonly kind: 'cancelled' | 'protocolFault'; readonly reason: string };
}

export interface WebSocketRecord {
  readonly messages: readonly WebSocketMessage[];
  readonly closeCode?: number;
}

export interface WebSocketMessage {
  readonly isSent: boolean;
  readonly isBinary: boolean;
  readonly data: Uint8Array;
  readonly at: number;
  readonly isCut: boolean;
}
