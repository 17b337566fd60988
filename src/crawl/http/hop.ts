import { join } from 'node:path';
import { describeBody, type ByteSource } from '#archive';
import type { Body, Exchange, Persona } from '#model';
import type { LimitLog } from '../browser/limits.ts';
import { errorCode } from '../outcome/network-error.ts';
import { BodySink } from './body-sink.ts';
import { ConnectionFault, type Connection, type Dialler } from './connection.ts';
import type { CookieJar } from './cookie-jar.ts';
import { REDIRECT_BODY_BYTES, REDIRECT_BODY_MS } from './limits.ts';
import { isRedirect } from './next-address.ts';
import { requestHeaders, siteRelation, type Arrival } from './request-headers.ts';
import { transfer, type Transfer } from './transfer.ts';

/** What every request of a visit shares. */
export interface HopContext {
  readonly dialler: Dialler;
  readonly persona: Persona;
  readonly jar: CookieJar;
  readonly limits: LimitLog;
  readonly headerBytes: number;
  /** Private directory for large bodies. */
  readonly directory: string;
}

export interface Hop {
  readonly id: number;
  /** The redirect chain so far, the address to ask for last. */
  readonly way: readonly URL[];
  readonly arrival: Arrival;
  readonly frame: string;
}

/** One exchange with what belongs to it. */
export interface HopResult {
  readonly exchange: Exchange;
  readonly received?: ByteSource;
  readonly certificates: Connection['certificates'];
}

/** Asks for one address. Never rejects: what goes wrong is in the exchange. */
export async function performHop(context: HopContext, hop: Hop, deadline: AbortSignal): Promise<HopResult> {
  const { dialler, persona, jar, limits, directory, headerBytes } = context;
  const { id, way, arrival } = hop;
  const url = way.at(-1)!;
  const base = baseOf(hop);
  let connection: Connection;
  try {
    connection = await dialler.connect(url, deadline);
  } catch (error) {
    const remote = error instanceof ConnectionFault ? error.remote : undefined;
    return {
      exchange: { ...base, request: { headers: [] }, remote, failure: connectFailure(error) },
      certificates: [],
    };
  }
  const isCrossSite = siteRelation(arrival.referrer, way) === 'cross-site';
  const cookie = jar.headerFor(url, Date.now(), { isCrossSite });
  const headers = requestHeaders({ persona, way, arrival, cookie, isHttp2: connection.isHttp2 });
  const room = Math.max(0, limits.limits.bytesDown - dialler.guard.bytesDown);
  using sink = new BodySink(join(directory, `body-${id}`), Math.min(limits.limits.bodyBytes, room));
  using patience = new RedirectPatience(sink, deadline);
  const result = await transfer(connection, {
    url,
    headers,
    sink,
    maxHeadBytes: headerBytes,
    onHead: (status) => patience.onHead(status),
    signal: patience.signal,
  });
  for (const [name, value] of result.head?.headers ?? []) {
    if (name.toLowerCase() === 'set-cookie') jar.set(value, url, id, Date.now());
  }
  if (sink.isFull && !isRedirect(result.head?.status)) limits.reach('bodyBytes', url.href);
  const isEnough = patience.hasEnded && !deadline.aborted;
  const truncated = truncationOf(result, sink, isEnough);
  const body = responseBody(result, sink, { maxDecodedBytes: limits.limits.decodedBodyBytes, truncated });
  const exchange: Exchange = {
    ...base,
    request: { headers },
    response: result.head && {
      status: result.head.status,
      statusText: result.head.statusText,
      headers: result.head.headers,
      ...body.facts,
    },
    protocol: result.head?.protocol ?? (connection.isHttp2 ? 'h2' : 'http/1.1'),
    timings: { ...connection.timings, waitMs: result.waitMs, receiveMs: result.receiveMs },
    remote: connection.remote,
    tls: connection.tls,
    // A redirect whose body was not waited for is none the worse for it.
    failure: isEnough ? undefined : result.failure,
  };
  return { exchange, received: body.received, certificates: connection.certificates };
}

function baseOf({ id, way, arrival, frame }: Hop): Omit<Exchange, 'request'> {
  const url = way.at(-1)!.href;
  return {
    id,
    url,
    method: 'GET',
    startedAt: new Date().toISOString(),
    source: 'http',
    resourceType: 'Document',
    frame,
    documentUrl: url,
    isMainFrame: true,
    target: 'page',
    initiator: { type: 'other', url: arrival.isUserActivated ? undefined : arrival.referrer },
    redirectedFrom: way.length > 1 ? id - 1 : undefined,
    step: 0,
  };
}

function responseBody(
  { head, isBodyless, failure }: Transfer,
  sink: BodySink,
  options: { readonly maxDecodedBytes: number; readonly truncated: Body['truncated'] },
): { facts: Pick<NonNullable<Exchange['response']>, 'body' | 'bodyAbsence'>; received?: ByteSource } {
  if (isBodyless) return { facts: { bodyAbsence: 'noneByProtocol' } };
  if (head === undefined || sink.sizeBytes === 0) {
    return { facts: { bodyAbsence: failure === undefined ? 'empty' : 'failed' } };
  }
  const received = sink.finish();
  return { facts: { body: describeBody(received, head.headers, options) }, received };
}

/** A redirect's body is read a little while, then left: no visitor waits for it. */
class RedirectPatience implements Disposable {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #sink: BodySink;
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: BodySink, deadline: AbortSignal) {
    this.#sink = sink;
    this.signal = AbortSignal.any([deadline, this.#controller.signal]);
  }

  get hasEnded(): boolean {
    return this.#controller.signal.aborted;
  }

  onHead(status: number): void {
    if (!isRedirect(status)) return;
    this.#sink.restrict(REDIRECT_BODY_BYTES);
    this.#timer = setTimeout(() => this.#controller.abort(), REDIRECT_BODY_MS);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

function connectFailure(error: unknown): NonNullable<Exchange['failure']> {
  if (error instanceof ConnectionFault) return { kind: error.kind, reason: error.reason };
  // All else is the signal's reason.
  return errorCode(error) === 'TIMEOUT_ERR'
    ? { kind: 'timeout', reason: 'time is up' }
    : { kind: 'aborted', reason: 'stopped' };
}

function truncationOf({ failure }: Transfer, sink: BodySink, isEnough: boolean): Body['truncated'] {
  if (sink.isFull) return 'length';
  if (isEnough || failure?.kind === 'timeout') return 'time';
  if (failure === undefined) return undefined;
  return failure.kind === 'aborted' ? 'unspecified' : 'disconnect';
}
