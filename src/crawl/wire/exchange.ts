import { describeBody, type ByteSource } from '#archive';
import type { Body } from '#model';
import type { TunnelEnding, TunnelRecord } from '../egress/tunnel.ts';
import type { BodySink } from './body-store.ts';
import type { WireLimits } from './limits.ts';
import type { Message } from './message.ts';
import type { HeaderList, WireExchange } from './record.ts';
import type { TunnelReading } from './tunnel-reading.ts';

type Response = NonNullable<WireExchange['response']>;
type Truncation = NonNullable<Body['truncated']>;

/** Why a message that is not whole ends where it ends, by how its tunnel ended. */
const FAILURES: Readonly<Record<TunnelEnding, NonNullable<WireExchange['failure']>>> = {
  remote: { kind: 'connectionFailure', reason: 'closed by the server' },
  client: { kind: 'cancelled', reason: 'closed by the client' },
  reset: { kind: 'connectionFailure', reason: 'ECONNRESET' },
  limit: { kind: 'tooLarge', reason: 'limit of the connection' },
  idle: { kind: 'timeout', reason: 'nothing came' },
  cut: { kind: 'timeout', reason: 'time was up' },
  sealed: { kind: 'cancelled', reason: 'the capture was over' },
};

const TRUNCATIONS: Readonly<Record<TunnelEnding, Truncation>> = {
  remote: 'disconnect',
  client: 'disconnect',
  reset: 'disconnect',
  limit: 'length',
  idle: 'time',
  cut: 'time',
  sealed: 'time',
};

/** A message of a tunnel → the exchange as it is recorded: address, digests, timings. TLS facts are added later. */
export function toWireExchange(
  message: Message,
  tunnel: TunnelRecord,
  reading: TunnelReading,
  limits: WireLimits,
  isFirst: boolean,
): WireExchange {
  const { request, response, protocol, stream, isWebSocket } = message;
  // A stream that a side broke off ended before its tunnel did.
  const truncation = message.ending === undefined ? TRUNCATIONS[tunnel.ending] : 'disconnect';
  const sent = describe(request.body, request.headers, request.isComplete ? undefined : truncation, limits);
  const isWhole = request.isComplete && response?.isComplete === true;
  const failure = response?.isComplete === true ? undefined : failureOf(message, tunnel, reading);
  return {
    url: toUrl(message, tunnel, reading.session !== undefined),
    method: request.method,
    startedAt: new Date(message.startedAt).toISOString(),
    tunnel: tunnel.id,
    ...(stream === undefined ? {} : { stream }),
    request: {
      headers: request.headers,
      ...(request.pseudo === undefined ? {} : { pseudo: request.pseudo }),
      ...sent,
    },
    ...(response === undefined ? {} : { response: toResponse(response, truncation, limits) }),
    isWebSocket,
    isComplete: isWhole && response.body?.isCut !== true && request.body?.isCut !== true,
    protocol,
    remote: { address: tunnel.address, port: tunnel.port },
    timings: toTimings(message, tunnel, reading, isFirst),
    ...(failure === undefined ? {} : { failure }),
  };
}

function failureOf(message: Message, tunnel: TunnelRecord, reading: TunnelReading): WireExchange['failure'] {
  if (message.ending !== undefined) return message.ending;
  if (reading.fault !== undefined) return { kind: 'failed', reason: reading.fault };
  return FAILURES[tunnel.ending];
}

function toResponse(
  response: NonNullable<Message['response']>,
  truncation: Truncation,
  limits: WireLimits,
): Response {
  const { status, statusText, headers, trailers, body, isBodiless, isComplete } = response;
  const described = describe(body, headers, isComplete ? undefined : truncation, limits);
  const absence = described.body === undefined ? absenceOf(response) : undefined;
  return {
    status,
    statusText,
    headers,
    ...(trailers === undefined ? {} : { trailers }),
    ...described,
    ...(absence === undefined ? {} : { bodyAbsence: isBodiless ? 'noneByProtocol' : absence }),
  };
}

function absenceOf({ body, isComplete }: NonNullable<Message['response']>): Response['bodyAbsence'] {
  if (body?.isCut === true) return 'limit';
  return isComplete ? 'empty' : 'failed';
}

/** The bytes that were kept and what they are. An empty chunked body has bytes, but nothing in them. */
function describe(
  sink: BodySink | undefined,
  headers: HeaderList,
  truncation: Truncation | undefined,
  limits: WireLimits,
): { received?: ByteSource; body?: Body } {
  const received = sink?.finish();
  if (sink === undefined || received === undefined) return {};
  const truncated = sink.isCut ? 'length' : truncation;
  const body = describeBody(received, headers, {
    ...(truncated === undefined ? {} : { truncated }),
    maxDecodedBytes: limits.maxDecodedBytes,
  });
  return body.encodedSizeBytes === 0 ? { received } : { received, body };
}

/** The address as the client asked for it; where that can't be an address, the tunnel's. */
function toUrl({ request, isWebSocket }: Message, tunnel: TunnelRecord, isTls: boolean): string {
  const scheme = `${isWebSocket ? 'ws' : 'http'}${isTls ? 's' : ''}:`;
  const host = tunnel.host.includes(':') ? `[${tunnel.host}]` : tunnel.host;
  const { target } = request;
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) return target;
  const path = target.startsWith('/') ? target : target === '*' ? '/' : `/${target}`;
  const defaultPort = isTls ? ':443' : ':80';
  const bare = (authority: string): string =>
    (authority.endsWith(defaultPort) ? authority.slice(0, -defaultPort.length) : authority).toLowerCase();
  const url = `${scheme}//${bare(request.authority ?? '')}${path}`;
  const isAuthority = /^[^\s/?#@\\]+$/.test(request.authority ?? '');
  return isAuthority && URL.canParse(url) ? url : `${scheme}//${bare(`${host}:${tunnel.port}`)}${path}`;
}

function toTimings(
  { startedAt, sentAt, response }: Message,
  tunnel: TunnelRecord,
  { session }: TunnelReading,
  isFirst: boolean,
): WireExchange['timings'] {
  const helloAt = tunnel.up.arrivals.times[0] ?? startedAt;
  return {
    ...(isFirst && tunnel.dnsMs !== undefined ? { dnsMs: rounded(tunnel.dnsMs) } : {}),
    ...(isFirst ? { connectMs: rounded(tunnel.connectMs) } : {}),
    ...(isFirst && session?.finishedAt !== undefined ? { tlsMs: rounded(session.finishedAt - helloAt) } : {}),
    ...(response === undefined ? {} : { waitMs: rounded(response.firstByteAt - sentAt) }),
    ...(response === undefined ? {} : { receiveMs: rounded(response.lastByteAt - response.firstByteAt) }),
  };
}

/** Milliseconds with two digits. A server may answer before all is sent: then there was no waiting. */
function rounded(ms: number): number {
  return Math.max(0, Math.round(ms * 100) / 100);
}
