import { describeBody, type ByteSource } from '#archive';
import type { Exchange } from '#model';
import { classifyNetworkError } from '../../outcome/network-error.ts';
import type { WireExchange, WireRecord } from '../../wire/index.ts';
import type { SeenRequest } from '../record/requests.ts';
import { toInitiator } from '../record/stack.ts';
import type { StepLog } from '../record/steps.ts';

/** The exchanges of a capture, with the bytes behind them. */
export interface JoinedExchanges {
  readonly exchanges: Exchange[];
  readonly responses: ReadonlyMap<number, ByteSource>;
  readonly requests: ReadonlyMap<number, ByteSource>;
  /** Which exchange a request of DevTools became. */
  readonly ofRequest: ReadonlyMap<SeenRequest, number>;
  /** The same for exchanges of the wire, by their index there. */
  readonly ofWire: ReadonlyMap<number, number>;
}

interface Row {
  readonly startedMs: number;
  readonly seen: SeenRequest | undefined;
  readonly wire: WireExchange | undefined;
  readonly wireIndex: number;
}

/**
 * Joins what the wire carried with what DevTools told: first in, first out by method and URL, the same status
 * preferred. The wire's facts win; what only it saw (beacons, downloads of links) is kept, and so is what never
 * reached it (caches, service workers, failures).
 */
export function joinExchanges(
  seen: readonly SeenRequest[],
  wire: WireRecord,
  { steps, mainFrames }: { readonly steps: StepLog; readonly mainFrames: ReadonlySet<string> },
): JoinedExchanges {
  const rows = pair(seen, wire.exchanges).sort((a, b) => a.startedMs - b.startedMs);
  const ofRequest = new Map(
    rows.flatMap(({ seen }, id) => (seen === undefined ? [] : [[seen, id] as const])),
  );
  const ofWire = new Map(
    rows.flatMap(({ wireIndex }, id) => (wireIndex === -1 ? [] : [[wireIndex, id] as const])),
  );
  const responses = new Map<number, ByteSource>();
  const requests = new Map<number, ByteSource>();
  const exchanges = rows.map((row, id): Exchange => {
    const facts = row.wire === undefined ? fromDevTools(row.seen!) : fromWire(row.wire);
    const response = row.wire === undefined ? row.seen?.body?.bytes : row.wire.response?.received;
    if (response !== undefined && facts.response?.body !== undefined) responses.set(id, response);
    const request = row.wire === undefined ? postBytes(row.seen!) : row.wire.request.received;
    if (request !== undefined && facts.request.body !== undefined) requests.set(id, request);
    const step = row.seen?.step ?? steps.at(row.startedMs);
    return {
      id,
      ...facts,
      startedAt: new Date(row.startedMs).toISOString(),
      ...(row.seen !== undefined && meaning(row.seen, ofRequest, mainFrames)),
      ...(step !== undefined && { step }),
    };
  });
  return { exchanges, responses, requests, ofRequest, ofWire };
}

function pair(seen: readonly SeenRequest[], exchanges: readonly WireExchange[]): Row[] {
  const waiting = Map.groupBy(exchanges.keys(), (index) =>
    keyOf(exchanges[index]!.method, exchanges[index]!.url),
  );
  const rows: Row[] = [];
  for (const request of seen) {
    if (!/^https?:/.test(request.url)) continue;
    const candidates = usesNetwork(request) ? (waiting.get(keyOf(request.method, request.url)) ?? []) : [];
    const same = candidates.findIndex(
      (index) => exchanges[index]!.response?.status === request.response?.status,
    );
    const [index = -1] = candidates.splice(Math.max(0, same), 1);
    rows.push({ startedMs: request.startedMs, seen: request, wire: exchanges[index], wireIndex: index });
  }
  for (const index of [...waiting.values()].flat()) {
    const wire = exchanges[index]!;
    rows.push({ startedMs: Date.parse(wire.startedAt), seen: undefined, wire, wireIndex: index });
  }
  return rows;
}

function keyOf(method: string, url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return `${method} ${url}`;
  parsed.hash = '';
  return `${method} ${parsed.href}`;
}

function usesNetwork({ response, isFromMemoryCache }: SeenRequest): boolean {
  if (isFromMemoryCache) return false;
  return response === undefined || !(response.fromDiskCache === true || response.fromServiceWorker === true);
}

type Facts = Omit<Exchange, 'id' | 'startedAt'>;

function fromWire({ request, response, ...wire }: WireExchange): Facts {
  const { url, method, protocol, remote, timings, tls, failure } = wire;
  return {
    url,
    method,
    source: 'wire',
    request: { headers: pairs(request.headers), ...(request.body !== undefined && { body: request.body }) },
    ...(response !== undefined && {
      response: {
        status: response.status,
        statusText: response.statusText,
        headers: pairs(response.headers),
        ...(response.body !== undefined && { body: response.body }),
        ...(response.bodyAbsence !== undefined && { bodyAbsence: response.bodyAbsence }),
      },
    }),
    protocol,
    remote,
    timings,
    ...(tls !== undefined && { tls }),
    ...(failure !== undefined && { failure }),
  };
}

function fromDevTools(seen: SeenRequest): Facts {
  const { response, body, failure } = seen;
  const post = postBytes(seen);
  const protocol = PROTOCOLS[response?.protocol ?? ''];
  return {
    url: withoutFragment(seen.url),
    method: seen.method,
    source: 'devtools',
    request: {
      headers: Object.entries(seen.headers),
      ...(post !== undefined && { body: describeBody(post, []) }),
    },
    ...(response !== undefined && {
      response: {
        status: response.status,
        statusText: response.statusText,
        headers: headerLines(response.headers),
        ...(body === undefined ? { bodyAbsence: absenceOf(seen) } : { body: describeBody(body.bytes, []) }),
      },
    }),
    ...(protocol !== undefined && { protocol }),
    ...(response?.remoteIPAddress !== undefined &&
      response.remotePort !== undefined && {
        remote: { address: response.remoteIPAddress, port: response.remotePort },
      }),
    ...(failure !== undefined && {
      failure: {
        kind: failure.isCancelled ? 'cancelled' : classifyNetworkError(failure.error),
        reason: failure.error,
      },
    }),
  };
}

/** What DevTools adds to either kind of facts. */
function meaning(
  seen: SeenRequest,
  ofRequest: ReadonlyMap<SeenRequest, number>,
  mainFrames: ReadonlySet<string>,
): Partial<Exchange> {
  const from = seen.redirectedFrom === undefined ? undefined : ofRequest.get(seen.redirectedFrom);
  return {
    ...(seen.type !== undefined && { resourceType: seen.type }),
    ...(seen.frame !== undefined && { frame: seen.frame, isMainFrame: mainFrames.has(seen.frame) }),
    ...(seen.documentUrl !== '' && { documentUrl: seen.documentUrl }),
    target: seen.target,
    initiator: toInitiator(seen.initiator),
    ...(from !== undefined && { redirectedFrom: from }),
    servedBy: servedBy(seen),
  };
}

function servedBy({ response, isFromMemoryCache }: SeenRequest): Exchange['servedBy'] {
  if (isFromMemoryCache) return 'memoryCache';
  if (response?.fromServiceWorker === true) return 'serviceWorker';
  if (response?.fromDiskCache === true) return 'diskCache';
  return response?.fromPrefetchCache === true ? 'prefetch' : 'network';
}

function absenceOf(seen: SeenRequest): NonNullable<Exchange['response']>['bodyAbsence'] {
  const { response, failure, method } = seen;
  if (servedBy(seen) !== 'network') return 'cached';
  if (method === 'HEAD' || response?.status === 204 || response?.status === 304) return 'noneByProtocol';
  return failure === undefined ? 'notDecrypted' : 'failed';
}

function postBytes({ postData }: SeenRequest): Uint8Array | undefined {
  return postData === undefined ? undefined : Buffer.from(postData);
}

const PROTOCOLS: Readonly<Record<string, Exchange['protocol']>> = {
  'http/1.0': 'http/1.0',
  'http/1.1': 'http/1.1',
  h2: 'h2',
};

/** DevTools joins the values of repeated fields with line feeds. */
function headerLines(headers: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value.split('\n').map((line): [string, string] => [name, line]),
  );
}

function pairs(headers: readonly (readonly [string, string])[]): [string, string][] {
  return headers.map(([name, value]) => [name, value]);
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}
