import { parseUrl, type Exchange, type Url } from '#model';
import type { ExtractContext, ResponseView } from '../context.ts';
import { parseRefresh } from '../html/references.ts';

/** Where an answer sends the browser on: its Location, resolved. */
export function redirectTarget(view: ResponseView): Url | undefined {
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
