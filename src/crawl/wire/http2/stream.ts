import type { BodySink, BodyStore } from '../body-store.ts';
import { ByteReader } from '../byte-reader.ts';
import { SpoolReader } from '../chunk-source.ts';
import { isBodiless, values } from '../http1/body.ts';
import type { Message, WebSocketRecord } from '../message.ts';
import type { HeaderList } from '../record.ts';
import { readWebSocket } from '../websocket/conversation.ts';
import { errorName } from './frame.ts';
import type { HeaderField } from './hpack.ts';

export type Side = 'client' | 'server';

/** What one side of a stream sent. */
class Half {
  pseudo: HeaderField[] = [];
  headers: HeaderField[] = [];
  trailers: HeaderField[] | undefined;
  body: BodySink | undefined;
  firstAt: number | undefined;
  lastAt = 0;
  isEnded = false;
  resetCode: number | undefined;

  get hasHead(): boolean {
    return this.pseudo.length > 0;
  }

  pseudoValue(name: string): string | undefined {
    return this.pseudo.find(([key]) => key === name)?.[1];
  }
}

/** One stream of a connection: a request and its response (RFC 9113 §8.1). */
export class Stream {
  readonly id: number;
  readonly #store: BodyStore;
  readonly #halves: Readonly<Record<Side, Half>> = { client: new Half(), server: new Half() };

  constructor(id: number, store: BodyStore) {
    this.id = id;
    this.#store = store;
  }

  /** A header block: the head, trailers, or an informational response, which is passed over. */
  addHeaders(side: Side, fields: readonly HeaderField[], at: number): void {
    const half = this.#halves[side];
    half.firstAt ??= at;
    half.lastAt = at;
    const pseudo = fields.filter(([name]) => name.startsWith(':'));
    const headers = fields.filter(([name]) => !name.startsWith(':'));
    if (half.hasHead) {
      half.trailers ??= this.#store.log.grantHeaders(headers, at);
      return;
    }
    const isInformational = pseudo.some(([name, value]) => name === ':status' && value.startsWith('1'));
    if (isInformational) return;
    half.pseudo = pseudo;
    half.headers = this.#store.log.grantHeaders(headers, at);
  }

  addData(side: Side, bytes: Uint8Array, at: number): void {
    const half = this.#halves[side];
    half.lastAt = at;
    half.body ??= this.#store.open();
    half.body.write(bytes, at);
  }

  end(side: Side): void {
    this.#halves[side].isEnded = true;
  }

  reset(side: Side, code: number): void {
    this.#halves[side].resetCode ??= code;
  }

  /** Undefined where no request was seen, as on a pushed stream. */
  toMessage(): Message | undefined {
    const { client } = this.#halves;
    const method = client.pseudoValue(':method');
    if (method === undefined || client.firstAt === undefined) return undefined;
    const isWebSocket = client.pseudoValue(':protocol') === 'websocket';
    const response = this.#response(method, isWebSocket);
    const ending = this.#ending(response?.isComplete === true);
    const isOpened = isWebSocket && response !== undefined && response.status >= 200 && response.status < 300;
    return {
      protocol: 'h2',
      stream: this.id,
      request: {
        // RFC 8441 is a WebSocket's GET by other means.
        method: isWebSocket ? 'GET' : method,
        authority: client.pseudoValue(':authority') ?? values(client.headers, 'host')[0],
        target: client.pseudoValue(':path') ?? '/',
        headers: client.headers,
        pseudo: client.pseudo,
        ...(client.body === undefined || isWebSocket ? {} : { body: client.body }),
        isComplete: client.isEnded || isWebSocket,
      },
      startedAt: client.firstAt,
      sentAt: isWebSocket ? client.firstAt : client.lastAt,
      ...(response === undefined ? {} : { response }),
      isWebSocket,
      ...(isOpened ? { webSocket: this.#conversation(response.headers) } : {}),
      ...(ending === undefined ? {} : { ending }),
    };
  }

  #response(method: string, isWebSocket: boolean): Message['response'] {
    const { server } = this.#halves;
    const status = Number(server.pseudoValue(':status'));
    if (!server.hasHead || !Number.isInteger(status)) return undefined;
    return {
      status,
      statusText: '',
      headers: server.headers,
      ...(server.trailers === undefined ? {} : { trailers: server.trailers }),
      ...(server.body === undefined || isWebSocket ? {} : { body: server.body }),
      isBodiless: isWebSocket || isBodiless(method, status),
      isComplete: isWebSocket || server.isEnded,
      firstByteAt: server.firstAt ?? 0,
      lastByteAt: server.lastAt,
    };
  }

  /** A server may reset with NO_ERROR after a whole response, to spare itself the rest of the request (§8.1). */
  #ending(isComplete: boolean): Message['ending'] {
    const { client, server } = this.#halves;
    if (isComplete) return undefined;
    if (client.resetCode !== undefined) return { kind: 'cancelled', reason: errorName(client.resetCode) };
    return server.resetCode === undefined
      ? undefined
      : { kind: 'protocolFault', reason: errorName(server.resetCode) };
  }

  #conversation(headers: HeaderList): WebSocketRecord {
    const { client, server } = this.#halves;
    using up = reopened(client.body);
    using down = reopened(server.body);
    const extensions = values(headers, 'sec-websocket-extensions').join(',');
    return readWebSocket(new ByteReader(up), new ByteReader(down), extensions, this.#store.log);
  }
}

/** What a body sink kept, as a stream with its stamps. */
function reopened(body: BodySink | undefined): SpoolReader {
  const bytes = body?.finish() ?? new Uint8Array(0);
  const arrivals = body?.arrivals ?? { ends: new Float64Array(0), times: new Float64Array(0) };
  return new SpoolReader({ bytes, sizeBytes: bytes.length, arrivals });
}
