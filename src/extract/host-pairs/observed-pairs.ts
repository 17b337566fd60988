import { hostOfUrl, type Capture, type Exchange } from '#model';
import type { ExtractContext } from '../context.ts';
import type { Causes } from './name-cause.ts';
import type { PairSet } from './pair.ts';

/** Pairs of the requests that the browser made: parent document → host, and the script that asked for it → host. */
export function addObservedPairs(pairs: PairSet, context: ExtractContext, causes: Causes): void {
  for (const exchange of context.capture.exchanges) {
    const child = hostOfUrl(exchange.url);
    const named = child === undefined ? undefined : causes.name(exchange);
    if (child === undefined || named === undefined) continue;
    const { cause, parentUrl, parentHost, script, evidence, depth } = named;
    const common = {
      cause,
      child,
      isObserved: true,
      depth,
      url: exchange.url,
      evidence,
      seenAt: exchange.startedAt,
    };
    if (parentHost !== undefined) pairs.add({ ...common, parent: parentHost, parentUrl });
    const scriptHost = script === undefined ? undefined : hostOfUrl(script.url);
    if (scriptHost !== undefined && scriptHost !== parentHost) {
      pairs.add({ ...common, parent: scriptHost, parentUrl: script!.url });
    }
  }
  addFinalRedirects(pairs, context, causes);
  addWebSocketPairs(pairs, context, causes);
}

/** Causes by which a page leaves without the visitor's doing. */
const AUTOMATIC: ReadonlySet<string> = new Set(['topLevelRedirect', 'meta.refresh', 'location.refresh']);

/** First host ↔ last host of each chain of automatic moves in a main frame: HTTP redirects, refreshes, scripts. */
function addFinalRedirects(pairs: PairSet, { capture }: ExtractContext, causes: Causes): void {
  /** Exchange → the first of its chain; and the first → the last. */
  const chainStarts = new Map<Exchange, Exchange>();
  const chainEnds = new Map<Exchange, Exchange>();
  for (const exchange of capture.exchanges) {
    const named = causes.name(exchange);
    if (named === undefined || !AUTOMATIC.has(named.cause)) continue;
    const before = exchangeBefore(capture, causes, exchange, named.parentUrl);
    if (before === undefined) continue;
    const start = chainStarts.get(before) ?? before;
    chainStarts.set(exchange, start);
    chainEnds.set(start, exchange);
  }
  for (const [first, last] of chainEnds) {
    const parent = hostOfUrl(first.url);
    const child = hostOfUrl(last.url);
    const named = causes.name(last);
    if (parent === undefined || child === undefined || named === undefined) continue;
    const { evidence, depth } = named;
    const parentUrl = first.url;
    pairs.add({
      parent,
      cause: 'finalRedirect',
      child,
      isObserved: true,
      depth,
      url: last.url,
      parentUrl,
      evidence,
      seenAt: last.startedAt,
    });
  }
}

/** The exchange that redirected here, or that delivered the page which moved on. */
function exchangeBefore(
  { exchanges }: Capture,
  causes: Causes,
  exchange: Exchange,
  parentUrl: string | undefined,
): Exchange | undefined {
  return (
    causes.redirectBefore(exchange) ??
    exchanges.findLast(({ id, url }) => id < exchange.id && url === parentUrl)
  );
}

/** WebSockets whose opening exchange was not recorded. */
function addWebSocketPairs(pairs: PairSet, { capture }: ExtractContext, causes: Causes): void {
  for (const { url, frame, exchange, initiator } of capture.webSockets) {
    const child = hostOfUrl(url);
    if (exchange !== undefined || child === undefined) continue;
    const document = capture.documents.findLast((each) => each.frame === frame);
    const parentUrl = document?.url ?? capture.finalUrl ?? capture.url;
    const parent = causes.frames.hostOf(parentUrl, frame);
    if (parent === undefined) continue;
    const top = initiator?.stack?.find((each) => hostOfUrl(each.url) !== undefined);
    const evidence =
      top === undefined ? {} : { script: top.url, line: top.lineNumber + 1, column: top.columnNumber + 1 };
    const depth = causes.frames.depth(frame) + 1;
    pairs.add({ parent, cause: 'websocket', child, isObserved: true, depth, url, parentUrl, evidence });
  }
}
