import { isIP } from 'node:net';
import {
  CAPTURE_VERSION,
  hostOfUrl,
  nothingListed,
  parseUrl,
  sha256,
  type Capture,
  type CaptureReader,
  type Exchange,
} from '#model';
import type { ArchivedExchange, ArchivePlace } from './archived-exchange.ts';
import { readerOf } from './capture-source.ts';
import type { ExchangeGroup } from './page-grouper.ts';
import { redirectTarget } from './page-grouper.ts';
import { describeBody, describeLater, headerValue } from './payload.ts';

/** Decoded bodies of one page in all. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;

/** A group of archived exchanges as a capture, and where each exchange of it stands in its archive. */
export interface ArchivedPage {
  readonly reader: CaptureReader;
  /** By `Exchange.id`. */
  readonly places: readonly ArchivePlace[];
  /** Likewise, of the requests. */
  readonly requestPlaces: readonly ArchivePlace[];
  /** Whether it holds a page, rather than what belongs to none. */
  readonly isPage: boolean;
}

/**
 * The group as a capture that holds what an archive can tell: the exchanges and the addresses of their servers, no
 * DevTools facts unless the archive has them. Bodies above `maxDecodedBytes` stay as stored.
 */
export function toArchivedPage(group: ExchangeGroup, maxDecodedBytes: number): ArchivedPage {
  const { exchanges } = group;
  const capture = toCapture(group, withinBudget(toExchanges(exchanges, maxDecodedBytes)));
  return {
    reader: readerOf(capture, {
      response: ({ id }) => exchanges[id]?.response?.body,
      request: ({ id }) => exchanges[id]?.request?.body,
      download: () => undefined,
      attachment: () => undefined,
    }),
    places: exchanges.map(({ place }) => place),
    requestPlaces: exchanges.map(({ place, requestPlace = place }) => requestPlace),
    isPage: group.page !== undefined,
  };
}

/** Small bodies may decode to large ones; those beyond what a page may have in all are left out. */
function withinBudget(exchanges: readonly Exchange[]): Exchange[] {
  let left = MAX_PAGE_BYTES;
  return exchanges.map((exchange) => {
    const { response } = exchange;
    const size = response?.body?.sizeBytes ?? 0;
    left -= size;
    if (response === undefined || size === 0 || left >= 0) return exchange;
    left += size;
    const { body: _, ...rest } = response;
    return { ...exchange, response: { ...rest, bodyAbsence: 'limit' } };
  });
}

function toExchanges(archived: readonly ArchivedExchange[], maxDecodedBytes: number): Exchange[] {
  const redirects = new Map<string, number>();
  return archived.map((each, id) => {
    const redirectedFrom = redirects.get(each.url);
    const target = redirectTarget(each);
    if (target !== undefined) redirects.set(target, id);
    return toExchange(each, id, redirectedFrom, maxDecodedBytes);
  });
}

function toExchange(
  archived: ArchivedExchange,
  id: number,
  redirectedFrom: number | undefined,
  maxDecodedBytes: number,
): Exchange {
  const { url, method, startedAt, request, response, address, resourceType, initiator } = archived;
  const options = { maxDecodedBytes, ...(response?.isCut === true ? { truncated: 'length' as const } : {}) };
  const body =
    response === undefined || response.body.length === 0
      ? undefined
      : describeLater(response.body, response.isDecoded ? [] : response.headers, options);
  const remote =
    address === undefined || isIP(address) === 0
      ? undefined
      : { address, port: url.startsWith('https') ? 443 : 80 };
  return {
    id,
    url: parseUrl(url) ?? URL.parse(url)?.href.replace(/#.*$/s, '') ?? url,
    method,
    startedAt,
    request: {
      headers: pairs(request?.headers ?? []),
      ...(request === undefined || request.body.length === 0
        ? {}
        : { body: describeBody(request.body, request.headers, { maxDecodedBytes }) }),
    },
    ...(response === undefined
      ? {}
      : {
          response: {
            status: response.status,
            statusText: response.statusText,
            headers: pairs(response.headers),
            ...(body === undefined ? { bodyAbsence: 'empty' as const } : { body }),
          },
        }),
    source: response?.isDecoded === true ? 'devtools' : 'wire',
    ...(remote === undefined ? {} : { remote }),
    ...(redirectedFrom === undefined ? {} : { redirectedFrom }),
    ...(resourceType === undefined ? {} : { resourceType }),
    ...(initiator === undefined ? {} : { initiator }),
  };
}

const pairs = (headers: readonly (readonly [string, string])[]): [string, string][] =>
  headers.map(([name, value]) => [name, value]);

function toCapture({ exchanges: archived, page }: ExchangeGroup, exchanges: Exchange[]): Capture {
  const first = archived[0]!; // a group has at least one
  const main = page ?? first;
  const index = archived.indexOf(main);
  const { place } = first;
  const starts = exchanges.map(({ startedAt }) => startedAt).sort();
  const userAgent = headerValue(main.request?.headers ?? [], 'user-agent') ?? '';
  return {
    version: CAPTURE_VERSION,
    id: sha256(`${place.file}\0${place.offset}\0${place.innerOffset ?? 0}`).slice(0, 32),
    software: 'archive',
    url: exchanges[0]!.url,
    finalUrl: exchanges[index]!.url,
    lane: 'http',
    persona: archivePersona(userAgent),
    startedAt: starts[0]!,
    finishedAt: starts.at(-1)!,
    ...nothingListed(),
    outcome: { kind: 'ok' },
    exchanges,
    resolutions: resolutionsOf(exchanges),
  };
}

/** Who visited is hardly known of an archive. */
function archivePersona(userAgent: string): Capture['persona'] {
  return {
    id: 'archive',
    title: 'Archive',
    userAgent,
    platform: '',
    languages: ['und'],
    timeZone: 'UTC',
    viewport: { width: 0, height: 0, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
  };
}

/** The address that a server had is what its name resolved to. */
function resolutionsOf(exchanges: readonly Exchange[]): Capture['resolutions'] {
  const seen = new Map<string, Capture['resolutions'][number]>();
  for (const { url, remote, startedAt } of exchanges) {
    const host = hostOfUrl(url);
    if (host === undefined || remote === undefined || isIP(host) !== 0) continue;
    const type = isIP(remote.address) === 6 ? 'AAAA' : 'A';
    seen.set(`${host} ${remote.address}`, { host, type, value: remote.address, at: startedAt });
  }
  return [...seen.values()];
}
