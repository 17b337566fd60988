import type { Exchange } from '#model';
import { baseUrlOf, parseRefresh, refreshOf } from '../outcome/page-sketch.ts';
import { headerOf } from './media.ts';
import type { Page } from './page.ts';

/** A refresh that comes later than this is not waited for. */
const MAX_REFRESH_SECONDS = 30;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number | undefined): boolean {
  return status !== undefined && REDIRECTS.has(status);
}

/** Where the response sends the visitor, whatever the scheme; undefined where it is the page itself. */
export function redirectTarget({ url, response }: Exchange): URL | undefined {
  if (response === undefined || !isRedirect(response.status)) return undefined;
  const location = headerOf(response.headers, 'location');
  if (location === undefined || location === '') return undefined;
  // Bytes above ASCII are UTF-8, as browsers read them.
  const text = Buffer.from(location, 'latin1').toString('utf8');
  const target = URL.parse(text.includes('\ufffd') ? location : text, url);
  if (target !== null) target.hash = '';
  return target ?? undefined;
}

/** Where the page sends its visitor by itself, by header or `<meta>`; the reason is DevTools' word for it. */
export function refreshTarget({
  exchange,
  sketch,
  response,
}: Page): { url: URL; reason: string } | undefined {
  const header = headerOf(response.headers, 'refresh');
  const fromHeader = header === undefined ? undefined : parseRefresh(header);
  const refresh = fromHeader ?? (sketch === undefined ? undefined : refreshOf(sketch));
  if (refresh?.target === undefined || refresh.seconds > MAX_REFRESH_SECONDS) return undefined;
  const base = sketch === undefined ? exchange.url : baseUrlOf(sketch, exchange.url);
  const url = URL.parse(refresh.target, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  url.hash = '';
  if (url.href === exchange.url) return undefined; // it only reloads itself
  return { url, reason: fromHeader === undefined ? 'metaTagRefresh' : 'httpHeaderRefresh' };
}
