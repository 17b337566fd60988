import { hostOfUrl, registrableDomain, type Persona } from '#model';

/** How the visitor came to ask for a page. */
export interface Arrival {
  /** Page that led here, or what the persona claims as such. */
  readonly referrer?: string;
  /** The visitor did something for it, rather than the page by itself. */
  readonly isUserActivated: boolean;
}

/** What of a page's address its links tell to whom (the default policy: strict-origin-when-cross-origin). */
export function refererFor(referrer: string, target: URL): string | undefined {
  const from = URL.parse(referrer);
  if (from === null || !/^https?:$/.test(from.protocol)) return undefined;
  if (from.protocol === 'https:' && target.protocol === 'http:') return undefined;
  from.username = from.password = from.hash = '';
  return from.origin === target.origin ? from.href : `${from.origin}/`;
}

/** How the page that led here relates to all addresses on the way (Fetch Metadata §2.3). */
export function siteRelation(
  referrer: string | undefined,
  way: readonly URL[],
): 'none' | 'same-origin' | 'same-site' | 'cross-site' {
  const from = referrer === undefined ? null : URL.parse(referrer);
  if (from === null) return 'none';
  if (way.every((url) => url.origin === from.origin)) return 'same-origin';
  return way.every((url) => url.protocol === from.protocol && siteOf(url) === siteOf(from))
    ? 'same-site'
    : 'cross-site';
}

function siteOf(url: URL): string {
  const host = hostOfUrl(url.href);
  return (host === undefined ? undefined : registrableDomain(host)) ?? url.hostname;
}

/**
 * The fields of a navigation in the order in which Chromium sends them. `way` is the redirect chain so far, the
 * address to ask for last. Names are as HTTP/1.1 writes them; HTTP/2 has them in lower case and neither Host nor
 * Connection.
 */
export function requestHeaders(options: {
  readonly persona: Persona;
  readonly way: readonly URL[];
  readonly arrival: Arrival;
  readonly cookie: string | undefined;
  readonly isHttp2: boolean;
}): [string, string][] {
  const { persona, way, arrival, cookie, isHttp2 } = options;
  const url = way.at(-1)!;
  const isSecure = url.protocol === 'https:';
  const referer = arrival.referrer === undefined ? undefined : refererFor(arrival.referrer, url);
  const fields: (readonly [string, string | undefined])[] = [
    ...(isHttp2
      ? []
      : ([
          ['Host', url.host],
          ['Connection', 'keep-alive'],
        ] as const)),
    ...(isSecure ? clientHints(persona) : []),
    ['Upgrade-Insecure-Requests', '1'],
    ['User-Agent', persona.userAgent],
    [
      'Accept',
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    ],
    // Fetch metadata is told to secure origins only.
    ['Sec-Fetch-Site', isSecure ? siteRelation(arrival.referrer, way) : undefined],
    ['Sec-Fetch-Mode', isSecure ? 'navigate' : undefined],
    ['Sec-Fetch-User', isSecure && arrival.isUserActivated ? '?1' : undefined],
    ['Sec-Fetch-Dest', isSecure ? 'document' : undefined],
    ['Referer', referer],
    ['Accept-Encoding', isSecure ? 'gzip, deflate, br, zstd' : 'gzip, deflate'],
    ['Accept-Language', acceptLanguage(persona.languages)],
    ['Cookie', cookie],
    ['Priority', isHttp2 ? 'u=0, i' : undefined],
  ];
  return fields.flatMap(([name, value]) =>
    value === undefined ? [] : [[isHttp2 ? name.toLowerCase() : name, oneLine(value)]],
  );
}

/** Personas come from users: no value may begin a field of its own. */
function oneLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ');
}

function clientHints({ clientHints: hints }: Persona): [string, string][] {
  if (hints === undefined) return [];
  return [
    ['sec-ch-ua', hints.brands.map(({ brand, version }) => `"${brand}";v="${version}"`).join(', ')],
    ['sec-ch-ua-mobile', hints.mobile ? '?1' : '?0'],
    ['sec-ch-ua-platform', `"${hints.platform}"`],
  ];
}

/** Chromium's weights: 1, 0.9, 0.8, … never below 0.1. */
export function acceptLanguage(languages: readonly string[]): string {
  return languages
    .map((language, index) =>
      index === 0 ? language : `${language};q=${(Math.max(1, 10 - index) / 10).toFixed(1)}`,
    )
    .join(',');
}
