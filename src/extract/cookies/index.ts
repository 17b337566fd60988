/**
 * Cookies: the names that hosts set, by header or by script. The label is the domain that the cookie is for. Values
 * are not kept: they are the visitor's.
 */
import { hostOfUrl, isIpHost, isWithin, parseHost, publicSuffix, type Host, type Observation } from '#model';
import type { ExtractContext } from '../context.ts';
import { parseSetCookie, type SetCookie } from './set-cookie.ts';

export { parseCookieDate, parseSetCookie } from './set-cookie.ts';

/** Observations of the dataset `cookies`. */
export function cookies(context: ExtractContext): Observation[] {
  const byHeader = ofHeaders(context);
  const seen = new Set(byHeader.map(({ label, target }) => `${label} ${target}`));
  return [...byHeader, ...ofBrowser(context, seen)];
}

function ofHeaders(context: ExtractContext): Observation[] {
  const observations: Observation[] = [];
  for (const { exchange, response, host } of context.responses()) {
    for (const [header, value] of response.headers) {
      if (header.toLowerCase() !== 'set-cookie') continue;
      const cookie = parseSetCookie(value, Date.parse(exchange.startedAt));
      const domain = cookie === undefined ? undefined : cookieDomain(cookie, host);
      if (cookie === undefined || domain === undefined || cookie.name === '') continue;
      observations.push(
        context.observe('cookies', {
          source: host,
          label: domain,
          target: cookie.name,
          detail: {
            secure: cookie.secure,
            httpOnly: cookie.httpOnly,
            sameSite: cookie.sameSite,
            setter: 'header',
            path: cookie.path,
            expiresAt: toInstant(cookie.expiresAt),
          },
          evidence: { exchange: exchange.id, header },
        }),
      );
    }
  }
  return observations;
}

/** The domain a cookie is for; undefined where browsers refuse it (another site's, a public suffix). */
function cookieDomain({ domain }: SetCookie, host: Host): Host | undefined {
  if (domain === undefined) return host;
  const named = parseHost(domain);
  if (named === undefined || !isWithin(host, named)) return undefined;
  return !isIpHost(named) && publicSuffix(named) === named && named !== host ? undefined : named;
}

function toInstant(time: number | undefined): string | undefined {
  return time === undefined || Math.abs(time) > 8.64e15 ? undefined : new Date(time).toISOString();
}

/** Cookies that the browser holds and no header of the capture explains: set by scripts, or nobody knows. */
function ofBrowser(context: ExtractContext, seen: ReadonlySet<string>): Observation[] {
  return context.capture.cookies.flatMap((cookie) => {
    const domain = parseHost(cookie.domain.replace(/^\./, ''));
    if (domain === undefined || cookie.name === '' || seen.has(`${domain} ${cookie.name}`)) return [];
    const { setBy } = cookie;
    const script = setBy.kind === 'script' ? (setBy.frame?.url ?? setBy.url) : undefined;
    const exchange = setBy.kind === 'header' ? setBy.exchange : undefined;
    return [
      context.observe('cookies', {
        source: setterHost(context, domain, exchange) ?? domain,
        label: domain,
        target: cookie.name,
        detail: {
          secure: cookie.secure,
          httpOnly: cookie.httpOnly,
          sameSite: cookie.sameSite,
          setter: setBy.kind === 'header' ? 'header' : (script ?? setBy.kind),
          path: cookie.path,
          expiresAt: cookie.expiresAt,
        },
        evidence: {
          ...(exchange !== undefined && { exchange }),
          ...(script !== undefined && { script }),
          ...(setBy.kind === 'script' &&
            setBy.frame !== undefined && {
              line: setBy.frame.lineNumber + 1,
              column: setBy.frame.columnNumber + 1,
              functionName: setBy.frame.functionName,
            }),
        },
      }),
    ];
  });
}

/** The host that set it: of its exchange, else the page of the capture that lies within the cookie's domain. */
function setterHost(context: ExtractContext, domain: Host, exchange: number | undefined): Host | undefined {
  const url = exchange === undefined ? undefined : context.capture.exchanges[exchange]?.url;
  if (url !== undefined) return hostOfUrl(url);
  return context.pages().find(({ host }) => isWithin(host, domain))?.host;
}
