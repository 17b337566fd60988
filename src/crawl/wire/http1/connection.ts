import type { BodyStore } from '../body-store.ts';
import type { ByteReader } from '../byte-reader.ts';
import type { Message } from '../message.ts';
import { readWebSocket } from '../websocket/conversation.ts';
import { isBodiless, readBody, requestFraming, responseFraming, values } from './body.ts';
import {
  parseRequestLine,
  parseStatusLine,
  readHead,
  type Head,
  type RequestLine,
  type StatusLine,
} from './head.ts';

export interface Http1Result {
  /** Why the rest of the connection was not read. */
  readonly fault?: string;
}

type Response = NonNullable<Message['response']>;

/**
 * Walks an HTTP/1 connection: a request from the one direction, its response from the other, and again. As both are
 * recorded whole, pipelined requests need nothing special. `isDownEnded` says that the server closed in order, which
 * is what ends a body without a length.
 */
export function readHttp1(
  up: ByteReader,
  down: ByteReader,
  store: BodyStore,
  options: { readonly isDownEnded: boolean; readonly onMessage: (message: Message) => boolean },
): Http1Result {
  for (;;) {
    const requestHead = readHead(up, store.log);
    if ('fault' in requestHead)
      return requestHead.fault === 'tooLarge' ? { fault: 'request head too large' } : {};
    const line = parseRequestLine(requestHead.head.line);
    if (line === undefined) return { fault: 'not an HTTP request' };
    const request = readRequest(requestHead.head, line, up, store);
    const answer = readAnswer(line.method, down, store, options.isDownEnded);
    const message = {
      ...request,
      ...(answer.response === undefined ? {} : { response: answer.response }),
      ...answer.ending,
    };
    const isSwitched = answer.response?.status === 101;
    const webSocket =
      isSwitched && message.isWebSocket
        ? { webSocket: readWebSocket(up, down, extensionsOf(answer.response), store.log) }
        : {};
    const wantsMore = options.onMessage({ ...message, ...webSocket });
    if (!wantsMore || isSwitched)
      return isSwitched && !message.isWebSocket ? { fault: 'switched to another protocol' } : {};
    if (answer.fault !== undefined) return { fault: answer.fault };
  }
}

function readRequest(head: Head, line: RequestLine, up: ByteReader, store: BodyStore): Message {
  const framing = requestFraming(head.headers);
  const body = framing.kind === 'none' ? undefined : store.open();
  const isComplete = body === undefined || readBody(up, framing, body);
  return {
    protocol: line.version,
    request: {
      method: line.method,
      authority: values(head.headers, 'host')[0],
      target: line.target,
      headers: store.log.grantHeaders(head.headers, head.endedAt),
      ...(body === undefined ? {} : { body }),
      isComplete,
    },
    startedAt: head.startedAt,
    sentAt: body === undefined ? head.endedAt : up.at,
    isWebSocket: /(^|,)\s*websocket\s*(,|$)/i.test(values(head.headers, 'upgrade').join(',')),
  };
}

interface Answer {
  readonly response?: Response;
  readonly ending?: Pick<Message, 'ending'>;
  readonly fault?: string;
}

/** The final response; informational ones before it are passed over (RFC 9110 §15.2). */
function readAnswer(method: string, down: ByteReader, store: BodyStore, isDownEnded: boolean): Answer {
  let firstByteAt: number | undefined;
  for (;;) {
    const result = readHead(down, store.log);
    if ('fault' in result) {
      const isTooLarge = result.fault === 'tooLarge';
      return isTooLarge ? { fault: 'response head too large', ...protocolFault('headers too large') } : {};
    }
    const { head } = result;
    const line = parseStatusLine(head.line);
    if (line === undefined) return { fault: 'not an HTTP response', ...protocolFault('no status line') };
    firstByteAt ??= head.startedAt;
    if (line.status < 200 && line.status !== 101) continue;
    const response = readResponse(
      method,
      { ...head, startedAt: firstByteAt },
      line,
      down,
      store,
      isDownEnded,
    );
    if (response.isComplete || down.isAtEnd) return { response };
    return { response, fault: 'malformed chunks', ...protocolFault('malformed chunks') };
  }
}

function readResponse(
  method: string,
  head: Head,
  line: StatusLine,
  down: ByteReader,
  store: BodyStore,
  isDownEnded: boolean,
): Response {
  const framing = responseFraming(method, line.status, head.headers);
  const body = framing.kind === 'none' ? undefined : store.open();
  const isFramed = body === undefined || readBody(down, framing, body);
  return {
    status: line.status,
    statusText: line.statusText,
    headers: store.log.grantHeaders(head.headers, head.endedAt),
    ...(body === undefined ? {} : { body }),
    isBodiless: isBodiless(method, line.status),
    isComplete: isFramed || (framing.kind === 'untilClose' && isDownEnded),
    firstByteAt: head.startedAt,
    lastByteAt: body === undefined ? head.endedAt : down.at,
  };
}

function protocolFault(reason: string): { ending: Pick<Message, 'ending'> } {
  return { ending: { ending: { kind: 'protocolFault', reason } } };
}

function extensionsOf(response: Response | undefined): string {
  return values(response?.headers ?? [], 'sec-websocket-extensions').join(',');
}
