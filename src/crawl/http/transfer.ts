import { connect as http2Connect, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import type { OutcomeKind } from '../outcome/network-error.ts';
import { errorCode } from '../outcome/network-error.ts';
import type { BodySink } from './body-sink.ts';
import type { Connection } from './connection.ts';
import { ResponseReader, type HeaderList, type ResponseFault } from './response-reader.ts';

/** One request and what came back for it, as far as it came. */
export interface Transfer {
  readonly head?: {
    readonly protocol: 'http/1.0' | 'http/1.1' | 'h2';
    readonly status: number;
    readonly statusText: string;
    readonly headers: [string, string][];
  };
  /** The protocol says that there is no body. */
  readonly isBodyless: boolean;
  readonly failure?: { readonly kind: OutcomeKind; readonly reason: string };
  readonly waitMs?: number;
  readonly receiveMs?: number;
}

export interface TransferRequest {
  readonly url: URL;
  readonly headers: HeaderList;
  readonly maxHeadBytes: number;
  /** What arrives of the body goes here: as received, chunked framing and content-encoding kept. */
  readonly sink: BodySink;
  /** Called once the response's head is complete, before its body. */
  readonly onHead?: (status: number) => void;
  /** Ends the transfer; what came until then is kept. */
  readonly signal: AbortSignal;
}

/** Sends the request and reads the response until it ends, the sink is full or the signal fires. Never rejects; closes the connection. */
export async function transfer(connection: Connection, request: TransferRequest): Promise<Transfer> {
  try {
    return await (connection.isHttp2 ? transferHttp2 : transferHttp1)(connection, request);
  } finally {
    connection.socket.destroy();
  }
}

const FAULTS: Readonly<Record<ResponseFault, { kind: OutcomeKind; reason: string }>> = {
  notHttp: { kind: 'protocolFault', reason: 'the answer is no HTTP' },
  headTooLarge: { kind: 'protocolFault', reason: 'the header fields are too large' },
  contradictoryLength: { kind: 'protocolFault', reason: 'contradictory Content-Length' },
  badChunk: { kind: 'protocolFault', reason: 'broken chunked framing' },
  empty: { kind: 'connectionFailure', reason: 'closed without an answer' },
  cutHead: { kind: 'connectionFailure', reason: 'closed within the header fields' },
  cutBody: { kind: 'connectionFailure', reason: 'closed within the body' },
};

function transferHttp1({ socket }: Connection, request: TransferRequest): Promise<Transfer> {
  const { url, headers, maxHeadBytes, sink, signal } = request;
  const reader = new ResponseReader(maxHeadBytes);
  const clock = new Clock();
  return new Promise((resolve) => {
    const finish = (broken?: Transfer['failure']): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError);
      const failure = broken ?? (reader.fault === undefined ? undefined : FAULTS[reader.fault]);
      resolve({ ...clock.times(), isBodyless: reader.isBodyless, head: reader.head, failure });
    };
    let isHeadTold = false;
    const onData = (piece: Uint8Array): void => {
      clock.received();
      sink.push(reader.push(piece));
      if (reader.head !== undefined && !isHeadTold) {
        isHeadTold = true;
        request.onHead?.(reader.head.status);
      }
      if (reader.isDone || sink.isFull) finish();
    };
    const onEnd = (): void => {
      reader.end(true);
      finish();
    };
    const onClose = (): void => {
      reader.end(false);
      finish();
    };
    const onError = (error: Error): void => {
      reader.end(false);
      // What was understood before says more than the reset behind it.
      finish({ kind: 'connectionFailure', reason: errorCode(error) });
    };
    const onAbort = (): void => finish(stopped(signal));
    socket.on('data', onData).once('end', onEnd).once('close', onClose).once('error', onError);
    signal.addEventListener('abort', onAbort);
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    clock.sent();
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n`, 'latin1');
    if (signal.aborted) onAbort();
    else if (socket.destroyed) onClose();
  });
}

const HTTP2_SETTINGS = {
  enablePush: false,
  headerTableSize: 65_536,
  initialWindowSize: 6_291_456,
  maxHeaderListSize: 262_144,
};

function transferHttp2({ socket }: Connection, request: TransferRequest): Promise<Transfer> {
  const { url, headers, sink, signal } = request;
  const clock = new Clock();
  return new Promise((resolve) => {
    let head: Transfer['head'];
    let isBodyless = false;
    const session = http2Connect(url.origin, { createConnection: () => socket, settings: HTTP2_SETTINGS });
    const stream = session.request(toHttp2Fields(url, headers), { endStream: true });
    const finish = (failure?: Transfer['failure']): void => {
      signal.removeEventListener('abort', onAbort);
      for (const emitter of [stream, session]) emitter.removeAllListeners().on('error', () => {});
      session.destroy();
      resolve({ ...clock.times(), isBodyless, head, failure });
    };
    const onAbort = (): void => finish(stopped(signal));
    const onError = (error: Error): void => finish(http2Failure(error));
    stream.on('response', (fields, flags, raw?: string[]) => {
      clock.received();
      // The raw list is passed since Node 12 but not declared.
      head = {
        protocol: 'h2',
        status: Number(fields[':status']),
        statusText: '',
        headers: toHeaderList(raw ?? []),
      };
      isBodyless = (flags & 1) === 1; // END_STREAM
      request.onHead?.(head.status);
    });
    stream.on('data', (piece: Uint8Array) => {
      sink.push(piece);
      if (sink.isFull) finish();
    });
    stream.once('end', () => finish(whyEnded(stream)));
    stream.once('close', () => finish(whyEnded(stream) ?? FAULTS[head === undefined ? 'empty' : 'cutBody']));
    stream.once('error', onError);
    session
      .once('error', onError)
      .once('close', () => finish(FAULTS[head === undefined ? 'empty' : 'cutBody']));
    signal.addEventListener('abort', onAbort);
    clock.sent();
    if (signal.aborted) onAbort();
  });
}

/** A stream that was reset ends like one that is whole. */
function whyEnded({ rstCode }: ClientHttp2Stream): Transfer['failure'] {
  return rstCode === 0 ? undefined : { kind: 'protocolFault', reason: `HTTP/2 stream error ${rstCode}` };
}

function http2Failure(error: Error): NonNullable<Transfer['failure']> {
  const code = errorCode(error);
  return { kind: code.startsWith('ERR_HTTP2') ? 'protocolFault' : 'connectionFailure', reason: code };
}

/** Pseudo-fields in the order that Chromium sends them. */
function toHttp2Fields(url: URL, headers: HeaderList): OutgoingHttpHeaders {
  return {
    ':method': 'GET',
    ':authority': url.host,
    ':scheme': 'https',
    ':path': url.pathname + url.search,
    ...Object.fromEntries(headers),
  };
}

function toHeaderList(raw: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (!raw[at]!.startsWith(':')) list.push([raw[at]!, raw[at + 1]!]);
  }
  return list;
}

function stopped(signal: AbortSignal): NonNullable<Transfer['failure']> {
  const reason: unknown = signal.reason;
  return errorCode(reason) === 'TIMEOUT_ERR'
    ? { kind: 'timeout', reason: 'time is up' }
    : { kind: 'aborted', reason: 'stopped' };
}

class Clock {
  #sentAt = 0;
  #firstAt: number | undefined;

  sent(): void {
    this.#sentAt = performance.now();
  }

  received(): void {
    this.#firstAt ??= performance.now();
  }

  times(): { waitMs?: number; receiveMs?: number } {
    if (this.#firstAt === undefined) return {};
    return { waitMs: this.#firstAt - this.#sentAt, receiveMs: performance.now() - this.#firstAt };
  }
}
