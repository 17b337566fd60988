import type { ExchangeRow } from '#api';
import { nameCause, openContext, type ExtractContext } from '#extract';
import { hostOfUrl, registrableDomain, type Capture, type Exchange } from '#model';
import { isTextBody, placeOf } from './capture-texts.ts';
import type { OpenedCapture } from './opened-captures.ts';

/** Which exchanges are asked for, and in which order. */
export interface ExchangeQuery {
  readonly contains?: string | undefined;
  readonly host?: string | undefined;
  readonly type?: string | undefined;
  readonly status?: string | undefined;
  readonly cause?: string | undefined;
  readonly step?: number | undefined;
  readonly isForeign?: 'true' | 'false' | undefined;
  readonly sort?:
    | 'order'
    | 'url'
    | 'host'
    | 'method'
    | 'status'
    | 'type'
    | 'size'
    | 'duration'
    | 'cause'
    | 'address'
    | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
}

type Facet = { value: string; count: number }[];

/** Values of a facet beyond this are left out: the rarest. */
const MAX_FACET = 200;
/** Longest URL in a row; the exchange itself has it whole. */
const MAX_URL = 4_096;

/** Every exchange of a capture as a row. */
export function exchangeRows(opened: OpenedCapture): readonly ExchangeRow[] {
  return opened.once('exchanges', () => {
    const { capture } = opened.bundle;
    const context = openContext(opened.bundle);
    const isForeign = foreignTo(capture);
    return capture.exchanges.map((exchange) => rowOf(exchange, context, isForeign));
  });
}

/** Whether a host is of another registrable domain than the page at the end of the visit. */
export function foreignTo({ finalUrl, url }: Capture): (host: string | undefined) => boolean {
  const own = hostOfUrl(finalUrl ?? url) ?? hostOfUrl(url);
  const site = own === undefined ? undefined : (registrableDomain(own) ?? own);
  return (host) => host !== undefined && site !== undefined && host !== site && !host.endsWith(`.${site}`);
}

/** The rows that a query asks for, sorted. */
export function selectExchanges(rows: readonly ExchangeRow[], query: ExchangeQuery): ExchangeRow[] {
  const words = query.contains?.trim().toLowerCase();
  const selected = rows.filter(
    (row) =>
      (query.host === undefined || row.host === query.host) &&
      (query.type === undefined || typeOf(row) === query.type) &&
      (query.status === undefined || statusClass(row) === query.status) &&
      (query.cause === undefined || row.cause === query.cause) &&
      (query.step === undefined || row.step === query.step) &&
      (query.isForeign === undefined || String(row.isForeign) === query.isForeign) &&
      (words === undefined || words === '' || holds(row, words)),
  );
  const key = SORTS[query.sort ?? 'order'];
  const sign = query.order === 'desc' ? -1 : 1;
  return selected.sort((a, b) => sign * compare(key(a), key(b)) || a.id - b.id);
}

/** How many rows there are of each type, status class, cause and host; commonest first. */
export function facetsOf(rows: readonly ExchangeRow[]): Record<'type' | 'status' | 'cause' | 'host', Facet> {
  const count = (valueOf: (row: ExchangeRow) => string): Facet =>
    [...Map.groupBy(rows, valueOf)]
      .map(([value, members]) => ({ value, count: members.length }))
      .sort((a, b) => b.count - a.count || compare(a.value, b.value))
      .slice(0, MAX_FACET);
  return {
    type: count(typeOf),
    status: count(statusClass),
    cause: count(({ cause }) => cause ?? 'unknown'),
    host: count(({ host }) => host),
  };
}

const SORTS: Readonly<
  Record<NonNullable<ExchangeQuery['sort']>, (row: ExchangeRow) => string | number | undefined>
> = {
  order: ({ id }) => id,
  url: ({ url }) => url,
  host: ({ host }) => host.split('.').reverse().join('.'),
  method: ({ method }) => method,
  status: ({ status }) => status,
  type: typeOf,
  size: ({ sizeBytes }) => sizeBytes,
  duration: ({ durationMs }) => durationMs,
  cause: ({ cause }) => cause,
  address: ({ address }) => address,
};

/** What is absent stands last in ascending order. */
function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}

function holds(row: ExchangeRow, words: string): boolean {
  return [row.url, row.mediaType, row.address, row.sha256, row.sha1, row.md5, row.magic].some((text) =>
    text?.toLowerCase().includes(words),
  );
}

function typeOf({ resourceType }: ExchangeRow): string {
  return resourceType ?? 'other';
}

function statusClass({ status, failure }: ExchangeRow): string {
  if (failure !== undefined) return 'failed';
  return status === undefined ? 'pending' : `${Math.floor(status / 100)}xx`;
}

function rowOf(
  exchange: Exchange,
  context: ExtractContext,
  isForeign: (host: string | undefined) => boolean,
): ExchangeRow {
  const { capture } = context;
  const { response, timings, tls, remote } = exchange;
  const body = response?.body;
  const host = hostOfUrl(exchange.url);
  const named = nameCause(context, exchange);
  const durations = Object.values(timings ?? {}).filter((ms) => ms !== undefined);
  const mediaType = response?.headers
    .find(([name]) => name.toLowerCase() === 'content-type')?.[1]
    .split(';', 1)[0]!
    .trim()
    .toLowerCase()
    .slice(0, 200);
  return {
    id: exchange.id,
    startedAt: exchange.startedAt,
    offsetMs: Date.parse(exchange.startedAt) - Date.parse(capture.startedAt),
    method: exchange.method,
    url: exchange.url.slice(0, MAX_URL),
    host: host ?? '',
    isForeign: isForeign(host),
    status: response?.status,
    statusText: response?.statusText,
    failure:
      exchange.failure === undefined ? undefined : `${exchange.failure.kind}: ${exchange.failure.reason}`,
    mediaType,
    resourceType: exchange.resourceType,
    cause: named?.cause,
    basis: named?.basis,
    parentUrl: named?.parentUrl?.slice(0, MAX_URL),
    place: named === undefined ? undefined : placeOf(named.evidence),
    sizeBytes: body?.sizeBytes,
    encodedSizeBytes: body?.encodedSizeBytes,
    sha256: body?.sha256,
    sha1: body?.sha1,
    md5: body?.md5,
    magic: body?.magic,
    truncated: body?.truncated,
    bodyAbsence: response?.bodyAbsence,
    durationMs: durations.length === 0 ? undefined : durations.reduce((sum, ms) => sum + ms, 0),
    timings:
      timings === undefined
        ? undefined
        : Object.fromEntries(Object.entries(timings).filter(([, ms]) => ms !== undefined)),
    address: remote?.address,
    port: remote?.port,
    protocol: exchange.protocol,
    tls:
      tls === undefined
        ? undefined
        : {
            version: tls.version,
            cipherSuite: tls.cipherSuite,
            isResumed: tls.isResumed,
            distrust: tls.distrust,
            leaf: tls.chain[0],
          },
    source: exchange.source,
    servedBy: exchange.servedBy,
    step: exchange.step,
    isMainFrame: exchange.isMainFrame,
    redirectedFrom: exchange.redirectedFrom,
    isDownload: exchange.isDownload,
    isText: isTextBody(exchange),
  };
}
