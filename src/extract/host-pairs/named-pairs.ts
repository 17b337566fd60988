import { hostOfUrl, parseUrl, type Host } from '#model';
import type { ExtractContext } from '../context.ts';
import { scriptTargets } from '../script/index.ts';
import type { Causes } from './name-cause.ts';
import type { Pair } from './pair.ts';
import { evidenceOf, type Place } from './places.ts';
import { headerEvidence, headerReferences } from './header-references.ts';

/**
 * Pairs that pages, stylesheets and answers name. One counts as observed where the browser fetches such a reference by
 * itself and the capture holds the request for it; links that only a visitor would follow stay unobserved.
 */
export function* namedPairs(context: ExtractContext, causes: Causes): Generator<Pair> {
  const fetched = new Set(context.capture.exchanges.map(({ url }) => parseUrl(url) as string | undefined)); // compared with URLs
  const runsScripts = context.capture.lane === 'browser';
  const connected = new Set([
    ...context.capture.resolutions.map(({ host }) => host),
    ...context.capture.denied.map(({ host }) => host),
  ]);
  for (const place of causes.places.all) {
    const child = place.pull === 'names' ? undefined : hostOfUrl(place.url);
    const parent = child === undefined ? undefined : parentOf(place, causes);
    if (child === undefined || parent === undefined || child === parent) continue;
    const isObserved =
      place.cause === 'preconnect'
        ? connected.has(child)
        : !(place.isNoscript && runsScripts) &&
          (place.pull === 'loads' || place.pull === 'scripted') &&
          fetched.has(place.url);
    const { cause, url, parentUrl } = place;
    const depth = causes.frames.depth(place.frame) + 1;
    yield { parent, cause, child, isObserved, depth, url, parentUrl, evidence: evidenceOf(place) };
  }
  for (const pair of headerPairs(context)) {
    const isObserved = fetched.has(pair.url);
    const isHop = pair.cause === 'redirect' || pair.cause === 'topLevelRedirect';
    if (!(isHop && isObserved)) yield { ...pair, isObserved }; // a hop that was made names its own cause
  }
  yield* blockedPopups(context, causes);
  yield* scriptPairs(context, causes);
}

/** What the pages' scripts would reach, as far as reading them tells; the evidence is the last step, the request. */
function* scriptPairs(context: ExtractContext, causes: Causes): Generator<Pair> {
  for (const { page, url, cause, steps } of scriptTargets(context)) {
    const child = hostOfUrl(url);
    if (child === undefined || child === page.host) continue;
    const depth = causes.frames.depth(page.document?.frame) + 1;
    const { evidence } = steps.at(-1)!; // the request itself is always the last step
    yield { parent: page.host, cause, child, isObserved: false, depth, url, parentUrl: page.url, evidence };
  }
}

function parentOf(place: Place, causes: Causes): Host | undefined {
  return place.page?.host ?? causes.frames.hostOf(place.parentUrl, place.frame);
}

function* headerPairs(context: ExtractContext): Generator<Pair> {
  for (const { view, header, cause, url } of headerReferences(context)) {
    const child = hostOfUrl(url);
    if (child === undefined) continue;
    const { host: parent, url: parentUrl, exchange } = view;
    const evidence = headerEvidence(exchange, header);
    yield { parent, cause, child, isObserved: false, depth: 1, url, parentUrl, evidence };
  }
}

/** Windows that a page wanted to open and the popup blocker kept shut. */
function* blockedPopups({ capture }: ExtractContext, causes: Causes): Generator<Pair> {
  for (const popup of capture.popups) {
    const child = hostOfUrl(popup.url);
    const opener = capture.documents.findLast(({ frame }) => frame === popup.openerFrame);
    const parentUrl = opener?.url ?? capture.finalUrl ?? capture.url;
    const parent = causes.frames.hostOf(parentUrl, popup.openerFrame);
    if (!popup.wasBlocked || child === undefined || parent === undefined) continue;
    const evidence = popup.step === undefined ? {} : { step: popup.step };
    yield {
      parent,
      cause: 'window.open',
      child,
      isObserved: false,
      depth: 1,
      url: popup.url,
      parentUrl,
      evidence,
    };
  }
}
