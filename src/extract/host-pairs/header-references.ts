import { parseUrl, type Cause, type Evidence, type Exchange, type Url } from '#model';
import type { ExtractContext, ResponseView } from '../context.ts';
import { parseRefresh } from '../html/references.ts';

/** Where an answer sends the browser on: its Location, resolved. */
function redirectTarget(view: ResponseView): Url | undefined {
  const { status } = view.response;
  const location = status >= 300 && status < 400 ? view.header('location') : undefined;
  return location === undefined ? undefined : parseUrl(location.trim(), view.url);
}

/** Where a Refresh header leads; undefined where it reloads the page itself. */
export function refreshTarget(value: string, base: string): Url | undefined {
  const target = parseRefresh(value);
  return target === undefined ? undefined : parseUrl(target, base);
}

/** URL → the first exchange that redirects there. */
export function redirectTargets(context: ExtractContext): Map<string, Exchange> {
  const targets = new Map<string, Exchange>();
  for (const view of context.responses()) {
    const target = redirectTarget(view);
    if (target !== undefined && !targets.has(target)) targets.set(target, view.exchange);
  }
  return targets;
}

const LINK_VALUE = /<([^<>]{1,4096})>([^<,]{0,512})/g;

/** A URL that an answer names in a header. */
export interface HeaderReference {
  readonly view: ResponseView;
  /** Lower case. */
  readonly header: 'location' | 'refresh' | 'link';
  readonly cause: Cause;
  readonly url: Url;
}

/** What answers name in Location, Refresh and (where the browser fetches it) Link headers. */
export function headerReferences(context: ExtractContext): HeaderReference[] {
  return context.responses().flatMap((view) => {
    const { exchange } = view;
    const references: HeaderReference[] = [];
    const add = (header: HeaderReference['header'], cause: Cause, url: Url | undefined): void => {
      if (url !== undefined) references.push({ view, header, cause, url });
    };
    const isPage = exchange.resourceType === 'Document' && exchange.isMainFrame !== false;
    add('location', isPage ? 'topLevelRedirect' : 'redirect', redirectTarget(view));
    for (const value of view.headers('refresh'))
      add('refresh', 'location.refresh', refreshTarget(value, view.url));
    for (const value of view.headers('link')) {
      for (const [, target, parameters] of value.matchAll(LINK_VALUE)) {
        const cause = linkCause(parameters!);
        if (cause !== undefined) add('link', cause, parseUrl(target!, view.url));
      }
    }
    return references;
  });
}

/** The cause of what a Link header names; undefined where the browser does not fetch it (RFC 8288, WHATWG HTML §4.2.4.5). */
function linkCause(parameters: string): Cause | undefined {
  const rel = /\brel\s*=\s*"?([^";]*)/i.exec(parameters)?.[1]?.toLowerCase() ?? '';
  if (/\b(?:preconnect|dns-prefetch)\b/.test(rel)) return 'preconnect';
  return /\b(?:preload|modulepreload|stylesheet|prefetch|icon)\b/.test(rel) ? 'link.href' : undefined;
}

/** The header of an answer as evidence, by its name as sent. */
export function headerEvidence(exchange: Exchange, header: string): Evidence {
  const sent = exchange.response?.headers.find(([name]) => name.toLowerCase() === header)?.[0];
  return { exchange: exchange.id, ...(sent !== undefined && { header: sent }) };
}
