import { hostOfUrl, parseUrl, type Host } from '#model';
import type { ExtractContext } from '../context.ts';
import { scriptTargets } from '../script/index.ts';
import type { Causes } from './name-cause.ts';
import type { PairSet } from './pair.ts';
import type { Place } from './places.ts';
import { headerEvidence } from './header-references.ts';

/**
 * Pairs that pages, stylesheets and answers name. One counts as observed where the browser fetches such a reference by
 * itself and the capture holds the request for it; links that only a visitor would follow stay unobserved.
 */
export function addNamedPairs(pairs: PairSet, context: ExtractContext, causes: Causes): void {
  const fetched = new Set<string>(context.capture.exchanges.flatMap(({ url }) => parseUrl(url) ?? []));
  const runsScripts = context.capture.lane === 'browser';
  const connected = new Set([
    ...context.capture.resolutions.map(({ host }) => host),
    ...context.capture.denied.map(({ host }) => host),
  ]);
  for (const place of causes.places.all) {
    const { url, text, reference } = place;
    const { cause, pull, host, isNoscript } = reference;
    const child = pull === 'names' ? undefined : (host ?? hostOfUrl(url));
    const parent = child === undefined ? undefined : parentOf(text, causes);
    if (child === undefined || parent === undefined || child === parent) continue;
    const isObserved =
      cause === 'preconnect'
        ? connected.has(child)
        : !(isNoscript && runsScripts) && (pull === 'loads' || pull === 'scripted') && fetched.has(url);
    const depth = causes.frames.depth(text.frame) + 1;
    pairs.add({ parent, cause, child, isObserved, depth, url, parentUrl: text.parentUrl, place });
  }
  addHeaderPairs(pairs, causes, fetched);
  addBlockedPopups(pairs, context, causes);
  addScriptPairs(pairs, context, causes);
}

/** What the pages' scripts would reach, as far as reading them tells; the evidence is the last step, the request. */
function addScriptPairs(pairs: PairSet, context: ExtractContext, causes: Causes): void {
  for (const { page, url, cause, steps } of scriptTargets(context)) {
    const child = hostOfUrl(url);
    if (child === undefined || child === page.host) continue;
    const depth = causes.frames.depth(page.document?.frame) + 1;
    const { evidence } = steps.at(-1)!; // the request itself is always the last step
    pairs.add({
      parent: page.host,
      cause,
      child,
      isObserved: false,
      depth,
      url,
      parentUrl: page.url,
      evidence,
    });
  }
}

function parentOf({ page, parentUrl, frame }: Place['text'], causes: Causes): Host | undefined {
  return page?.host ?? causes.frames.hostOf(parentUrl, frame);
}

function addHeaderPairs(pairs: PairSet, causes: Causes, fetched: ReadonlySet<string>): void {
  for (const { view, header, cause, url } of causes.headers) {
    const child = hostOfUrl(url);
    const isObserved = fetched.has(url);
    const isHop = cause === 'redirect' || cause === 'topLevelRedirect';
    if (child === undefined || (isHop && isObserved)) continue; // a hop that was made names its own cause
    const { host: parent, url: parentUrl, exchange } = view;
    const evidence = headerEvidence(exchange, header);
    pairs.add({ parent, cause, child, isObserved, depth: 1, url, parentUrl, evidence });
  }
}

/** Windows that a page wanted to open and the popup blocker kept shut. */
function addBlockedPopups(pairs: PairSet, { capture }: ExtractContext, causes: Causes): void {
  for (const popup of capture.popups) {
    const child = hostOfUrl(popup.url);
    const opener = capture.documents.findLast(({ frame }) => frame === popup.openerFrame);
    const parentUrl = opener?.url ?? capture.finalUrl ?? capture.url;
    const parent = causes.frames.hostOf(parentUrl, popup.openerFrame);
    if (!popup.wasBlocked || child === undefined || parent === undefined) continue;
    const evidence = popup.step === undefined ? {} : { step: popup.step };
    pairs.add({
      parent,
      cause: 'window.open',
      child,
      isObserved: false,
      depth: 1,
      url: popup.url,
      parentUrl,
      evidence,
    });
  }
}
