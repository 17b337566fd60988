import type { Protocol } from 'devtools-protocol';
import type { CapturedCookie, Exchange } from '#model';
import type { ScriptCookie } from '../record/console.ts';

type Setter = CapturedCookie['setBy'];

/** The browser's cookies at the end, each with who set it last as far as that shows. */
export function attributeCookies(
  cookies: readonly Protocol.Network.Cookie[],
  exchanges: readonly Exchange[],
  scripts: readonly ScriptCookie[],
): CapturedCookie[] {
  const headers = exchanges.flatMap(({ id, response }) =>
    (response?.headers ?? [])
      .filter(([name]) => name.toLowerCase() === 'set-cookie')
      .map(([, value]) => ({ exchange: id, pair: cookiePair(value), host: hostOf(exchanges[id]!.url) })),
  );
  return cookies.map((cookie) => {
    const { name, value, domain, path, expires, secure, httpOnly, sameSite } = cookie;
    return {
      name,
      value,
      domain,
      path,
      ...(expires > 0 && { expiresAt: instantOf(expires) }),
      secure,
      httpOnly,
      ...(sameSite !== undefined && { sameSite }),
      setBy: setterOf(cookie),
    };
  });

  function setterOf({ name, value, domain, httpOnly }: Protocol.Network.Cookie): Setter {
    const isOfDomain = (host: string) =>
      host === domain ||
      host.endsWith(domain.startsWith('.') ? domain : `.${domain}`) ||
      `.${host}` === domain;
    const byHeader = headers.findLast(
      ({ pair, host }) => pair.name === name && pair.value === value && isOfDomain(host),
    );
    if (byHeader !== undefined) return { kind: 'header', exchange: byHeader.exchange };
    const byScript = scripts.findLast(({ text }) => {
      const pair = cookiePair(text);
      return pair.name === name && pair.value === value;
    });
    if (byScript === undefined || httpOnly) return { kind: 'unknown' };
    const { documentUrl, setter } = byScript;
    return {
      kind: 'script',
      ...(documentUrl !== undefined && { url: documentUrl }),
      ...(setter !== undefined && { frame: setter }),
    };
  }
}

/** RFC 6265 §5.2: up to the first semicolon, split at the first equals sign. */
function cookiePair(text: string): { name: string; value: string } {
  const pair = text.split(';', 1)[0]!;
  const equals = pair.indexOf('=');
  return equals === -1
    ? { name: '', value: pair.trim() }
    : { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() };
}

/** Seconds since the epoch; a hostile expiry may lie beyond every date. */
function instantOf(seconds: number): string {
  const latest = 8.64e15;
  return new Date(Math.min(seconds * 1000, latest)).toISOString();
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? '';
}
