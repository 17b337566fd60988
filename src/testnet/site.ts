/** One host of the test internet, described as data. */
export interface Site {
  /** Name in Unicode or ASCII, or an IP address. */
  readonly host: string;
  /** Which of the two a visitor can connect to; default `both`. */
  readonly scheme?: 'http' | 'https' | 'both';
  /** Default `valid`. All but `selfSigned` are issued by the test internet's own root. */
  readonly certificate?: 'valid' | 'expired' | 'wrongName' | 'selfSigned';
  /** More names on the certificate besides `host`. */
  readonly alternativeNames?: readonly string[];
  /** What TLS offers by ALPN; default both. */
  readonly protocols?: readonly ('h2' | 'http/1.1')[];
  /** What DNS answers; default one stable public-looking address made from the name. */
  readonly addresses?: readonly string[];
  readonly dns?: Dns;
  /** What a connection attempt meets; default it succeeds. */
  readonly connect?: 'refused' | 'timeout';
  /** Path without query → route; `*` answers for all other paths. A path that has none gives 404. */
  readonly routes: Readonly<Record<string, Route>>;
}

/** How the name resolves, where that is not simply `addresses`. */
export interface Dns {
  /** Answers in turn, the last one for good: what a rebinding name does. */
  readonly answers?: readonly (readonly string[])[];
  /** NXDOMAIN rejects with `ENOTFOUND`, NODATA with `ENODATA`, SERVFAIL with `ESERVFAIL`, TIMEOUT with `ETIMEOUT`. */
  readonly fault?: 'NXDOMAIN' | 'NODATA' | 'SERVFAIL' | 'TIMEOUT';
  readonly delayMs?: number;
}

/** What a path answers: always the same, or by the request. */
export type Route = Reply | ((request: TestRequest) => Reply | Promise<Reply>);

export interface TestRequest {
  readonly method: string;
  /** As the visitor asked for it, with scheme and host. */
  readonly url: URL;
  readonly isTls: boolean;
  /** Names in lower case; repeated fields joined by `, ` (cookies by `; `). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The test internet's clock. */
  readonly now: Date;
}

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  /** Reason phrase, HTTP/1.1 only; default the usual one. */
  readonly statusText?: string;
  /** Sent as given. A `content-encoding` here means that the body already is encoded. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Text is sent as UTF-8. */
  readonly body?: string | Uint8Array;
  /** Default: text bodies are compressed by what the visitor accepts, br, gzip and zstd in turn; all else is identity. */
  readonly encoding?: 'gzip' | 'br' | 'zstd' | 'deflate' | 'identity';
  /** A body sent piece by piece, with no length announced. Read only while the visitor listens. */
  readonly chunks?: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
  /** Pause after each chunk. */
  readonly chunkDelayMs?: number;
  /** Pause before the first byte. */
  readonly delayMs?: number;
  /**
   * Instead of an honest answer: `hang` never answers, `reset` resets the connection, `garbage` sends bytes that are
   * no HTTP (HTTP/1.1 only), `cut` announces the whole body, sends half of it and closes.
   */
  readonly fault?: 'hang' | 'reset' | 'garbage' | 'cut';
  /** Answers a WebSocket handshake; other requests to this path get the rest of the reply. */
  readonly webSocket?: WebSocketReply;
}

/** What the server does with an opened WebSocket. */
export interface WebSocketReply {
  /** Messages sent on opening. */
  readonly greeting?: readonly (string | Uint8Array)[];
  /** Sends every message back; default false. */
  readonly isEcho?: boolean;
  /** Close code to close with after the greeting. */
  readonly closeCode?: number;
}
