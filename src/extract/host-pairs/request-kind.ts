import type { Cause, Exchange } from '#model';

/** What a request is for, as far as its cause depends on it. */
export type RequestKind =
  | 'document'
  | 'frame'
  | 'script'
  | 'stylesheet'
  | 'image'
  | 'media'
  | 'font'
  | 'prefetch'
  | 'manifest'
  | 'object'
  | 'other'
  | 'xhr'
  | 'fetch'
  | 'eventsource'
  | 'websocket'
  | 'beacon'
  | 'preflight'
  | 'worker'
  | 'importedScript'
  | 'unknown';

const KIND_BY_RESOURCE_TYPE: ReadonlyMap<string, RequestKind> = new Map<string, RequestKind>([
  ['Stylesheet', 'stylesheet'],
  ['Image', 'image'],
  ['Media', 'media'],
  ['Font', 'font'],
  ['Script', 'script'],
  ['TextTrack', 'media'],
  ['XHR', 'xhr'],
  ['Fetch', 'fetch'],
  ['Prefetch', 'prefetch'],
  ['EventSource', 'eventsource'],
  ['WebSocket', 'websocket'],
  ['Manifest', 'manifest'],
  ['Ping', 'beacon'],
  ['CSPViolationReport', 'beacon'],
  ['Preflight', 'preflight'],
]);

/** Sec-Fetch-Dest → kind (Fetch Metadata §2.1); it tells what DevTools did not see. */
const KIND_BY_DESTINATION: ReadonlyMap<string, RequestKind> = new Map<string, RequestKind>([
  ['document', 'document'],
  ['iframe', 'frame'],
  ['frame', 'frame'],
  ['fencedframe', 'frame'],
  ['object', 'object'],
  ['embed', 'object'],
  ['script', 'script'],
  ['style', 'stylesheet'],
  ['image', 'image'],
  ['font', 'font'],
  ['audio', 'media'],
  ['video', 'media'],
  ['track', 'media'],
  ['manifest', 'manifest'],
  ['report', 'beacon'],
  ['worker', 'worker'],
  ['sharedworker', 'worker'],
  ['serviceworker', 'worker'],
]);

const REPORT_TYPE = /^application\/(?:csp-report|reports\+json)/i;

/** What the request is for: by DevTools' resource type and target, else by the metadata that the browser sent. */
export function requestKind(exchange: Exchange, workerUrls: ReadonlySet<string>): RequestKind {
  const { resourceType, target, url } = exchange;
  if (resourceType === undefined) return kindFromHeaders(exchange, workerUrls);
  if (resourceType === 'Document') return isMainFrame(exchange) ? 'document' : 'frame';
  const isCode = resourceType === 'Script' || resourceType === 'Other';
  if (isCode && workerUrls.has(url) && exchange.initiator?.type !== 'parser') return 'worker';
  if (isCode && target !== undefined && /worker/.test(target)) return 'importedScript';
  if (resourceType === 'Other' && REPORT_TYPE.test(requestHeader(exchange, 'content-type') ?? ''))
    return 'beacon';
  return KIND_BY_RESOURCE_TYPE.get(resourceType) ?? 'other';
}

function isMainFrame(exchange: Exchange): boolean {
  return exchange.isMainFrame ?? (exchange.target === undefined || exchange.target === 'page');
}

function kindFromHeaders(exchange: Exchange, workerUrls: ReadonlySet<string>): RequestKind {
  if (/^wss?:/.test(exchange.url)) return 'websocket';
  const destination = requestHeader(exchange, 'sec-fetch-dest')?.toLowerCase();
  if (/\bprefetch\b/.test(requestHeader(exchange, 'sec-purpose') ?? '')) return 'prefetch';
  if (destination === undefined) return exchange.isMainFrame === true ? 'document' : 'unknown';
  if (destination === 'script' && workerUrls.has(requestHeader(exchange, 'referer') ?? ''))
    return 'importedScript';
  if (destination !== 'empty') return KIND_BY_DESTINATION.get(destination) ?? 'other';
  if (REPORT_TYPE.test(requestHeader(exchange, 'content-type') ?? '')) return 'beacon';
  const isBlind = requestHeader(exchange, 'sec-fetch-mode')?.toLowerCase() === 'no-cors';
  return exchange.method === 'POST' && isBlind ? 'beacon' : 'fetch';
}

/** The first value of a request header. */
export function requestHeader(exchange: Exchange, name: string): string | undefined {
  return exchange.request.headers.find(([header]) => header.toLowerCase() === name)?.[1];
}

/** Causes of documents in a frame that an element names. */
export const FRAME_CAUSES: readonly Cause[] = ['iframe.src', 'frame.src', 'object.data', 'embed.src'];

/** Causes that a request of a kind may have through an element or stylesheet, most likely first. */
export const MARKUP_CAUSES: Readonly<Record<RequestKind, readonly Cause[]>> = {
  document: [],
  frame: FRAME_CAUSES,
  script: ['script.src', 'link.href'],
  stylesheet: ['link.href', 'css.import'],
  image: ['img.src', 'css.url', 'media.src', 'link.href', 'object.data', 'embed.src'],
  media: ['media.src', 'object.data', 'embed.src', 'link.href'],
  font: ['css.url', 'link.href'],
  prefetch: ['link.href'],
  manifest: ['link.href'],
  object: ['object.data', 'embed.src'],
  other: [
    'link.href',
    'img.src',
    'object.data',
    'embed.src',
    'media.src',
    'css.url',
    'script.src',
    ...FRAME_CAUSES,
  ],
  xhr: [],
  fetch: [],
  eventsource: [],
  websocket: [],
  beacon: [],
  preflight: [],
  worker: [],
  importedScript: [],
  unknown: ['script.src', 'img.src', 'link.href', 'css.url', 'css.import', 'media.src', ...FRAME_CAUSES],
};

/** What a request of a kind is put down to where nothing names it. */
export const CAUSE_OF_KIND: Readonly<Record<RequestKind, Cause | undefined>> = {
  document: undefined,
  frame: 'iframe.src',
  script: 'script.src',
  stylesheet: 'link.href',
  image: 'img.src',
  media: 'media.src',
  font: 'css.url',
  prefetch: 'link.href',
  manifest: 'link.href',
  object: 'object.data',
  other: undefined,
  xhr: 'xmlhttprequest',
  fetch: 'fetch',
  eventsource: 'eventsource',
  websocket: 'websocket',
  beacon: 'beacon',
  preflight: 'fetch',
  worker: 'worker',
  importedScript: 'script.import',
  unknown: undefined,
};

/** Kinds whose cause needs no looking up. */
export const CERTAIN_KINDS: ReadonlySet<RequestKind> = new Set([
  'xhr',
  'fetch',
  'eventsource',
  'websocket',
  'beacon',
  'worker',
  'importedScript',
]);
