import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { chooseEncoding, createEncoder, encode, type ContentEncoding } from './content-encoding.ts';
import type { ExchangeRecord } from './log.ts';
import type { Reply } from './site.ts';

export type ServerRequest = IncomingMessage | Http2ServerRequest;
export type ServerReply = ServerResponse | Http2ServerResponse;

/** What an answer needs to know besides the reply. */
export interface AnswerContext {
  readonly request: ServerRequest;
  readonly response: ServerReply;
  readonly record: ExchangeRecord;
  readonly now: Date;
  /** Aborted when the connection or stream is gone. */
  readonly signal: AbortSignal;
  /** Resets the TCP connection below. */
  reset(): void;
}

const NO_HTTP = Buffer.from(
  '\u0000\u0001\u0002\u007fnot hypertext\u00ff\u00fe at all\r\n\u0003\u0004',
  'latin1',
);
const BODILESS = new Set([204, 205, 304]);
/** Fields that HTTP/2 has no place for (RFC 9113 §8.2.2). */
const CONNECTION_FIELDS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/** Sends the reply, honest or not, and keeps the record of what went out. Never rejects because of the visitor. */
export async function answer(reply: Reply, context: AnswerContext): Promise<void> {
  const { response, record, signal } = context;
  try {
    if (reply.delayMs !== undefined) await pause(reply.delayMs, undefined, { signal });
    if (reply.fault === 'hang') return;
    if (reply.fault === 'reset') return context.reset();
    if (reply.fault === 'garbage') return sendGarbage(response);
    record.status = reply.status ?? 200;
    setHead(reply, context);
    if (isBodiless(context)) return void response.end();
    if (reply.chunks === undefined) sendWhole(reply, context);
    else await sendChunks(reply, reply.chunks, context);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function setHead(reply: Reply, { request, response, now }: AnswerContext): void {
  response.statusCode = reply.status ?? 200;
  const isHttp2 = request.httpVersionMajor === 2;
  if (reply.statusText !== undefined && !isHttp2) response.statusMessage = reply.statusText;
  response.sendDate = false;
  response.setHeader('date', now.toUTCString());
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    if (isHttp2 && CONNECTION_FIELDS.has(name.toLowerCase())) continue;
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
}

function isBodiless({ request, response }: AnswerContext): boolean {
  return request.method === 'HEAD' || BODILESS.has(response.statusCode);
}

function sendWhole(reply: Reply, { request, response, record }: AnswerContext): void {
  const { payload, encoded, encoding } = encodedBody(reply, request);
  if (encoding !== 'identity') {
    response.setHeader('content-encoding', encoding);
    response.setHeader('vary', 'accept-encoding');
    record.isEncodedBy('server');
    record.encoding(payload);
  } else if (response.hasHeader('content-encoding')) {
    record.isEncodedBy('site');
  }
  const announcesLength = response.hasHeader('content-length') || response.hasHeader('transfer-encoding');
  if (!announcesLength) response.setHeader('content-length', String(encoded.length));
  if (reply.fault === 'cut') return sendHalf(encoded, { response, record });
  record.sent(encoded);
  const out: Writable = response; // one signature for both kinds
  out.end(encoded);
}

function sendHalf(body: Uint8Array, { response, record }: Pick<AnswerContext, 'response' | 'record'>): void {
  const half = body.subarray(0, body.length >> 1);
  record.sent(half);
  const out: Writable = response; // one signature for both kinds
  out.write(half, () => {
    if ('stream' in response) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else response.socket?.destroySoon();
  });
}

async function sendChunks(
  reply: Reply,
  chunks: NonNullable<Reply['chunks']>,
  { response, record, signal }: AnswerContext,
): Promise<void> {
  const encoding = reply.encoding ?? 'identity';
  const out: Writable = response; // one signature for both kinds
  const pieces = async function* () {
    for await (const chunk of chunks) {
      const bytes = toBytes(chunk);
      record.encoding(bytes);
      yield bytes;
      if (reply.chunkDelayMs !== undefined) await pause(reply.chunkDelayMs, undefined, { signal });
    }
  };
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const bytes of source) {
      record.sent(bytes);
      yield bytes;
    }
  };
  if (encoding === 'identity') {
    if (response.hasHeader('content-encoding')) record.isEncodedBy('site');
    await pipeline(pieces, counted, out, { signal });
  } else {
    response.setHeader('content-encoding', encoding);
    record.isEncodedBy('server');
    await pipeline(pieces, createEncoder(encoding), counted, out, { signal });
  }
}

interface EncodedBody {
  readonly payload: Uint8Array;
  readonly encoded: Uint8Array;
  readonly encoding: ContentEncoding;
}

/** Bodies of replies that are the same each time are encoded once. */
const encodedBodies = new WeakMap<Reply, Map<ContentEncoding, EncodedBody>>();

function encodedBody(reply: Reply, request: ServerRequest): EncodedBody {
  const encoding = encodingOf(reply, request);
  const known = encodedBodies.get(reply)?.get(encoding);
  if (known !== undefined) return known;
  const payload = toBytes(reply.body ?? '');
  const body = { payload, encoded: encode(payload, encoding), encoding };
  const byEncoding = encodedBodies.get(reply) ?? new Map<ContentEncoding, EncodedBody>();
  encodedBodies.set(reply, byEncoding.set(encoding, body));
  return body;
}

function encodingOf(reply: Reply, request: ServerRequest): ContentEncoding {
  const field = (name: string) =>
    Object.entries(reply.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  if (field('content-encoding') !== undefined) return 'identity';
  if (reply.encoding !== undefined) return reply.encoding;
  const size = reply.body?.length ?? 0;
  const accepted = String(request.headers['accept-encoding'] ?? '');
  return chooseEncoding(request.url ?? '/', String(field('content-type') ?? ''), size, accepted);
}

function sendGarbage(response: ServerReply): void {
  if ('stream' in response) response.stream.close(constants.NGHTTP2_PROTOCOL_ERROR);
  else response.socket?.end(NO_HTTP);
}

function toBytes(chunk: Uint8Array | string): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
}
