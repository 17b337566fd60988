import type { Persona } from '#model';
import { brandLists, majorOf } from './client-hints.ts';

type ClientHints = NonNullable<Persona['clientHints']>;

/** Used until the browser's own version is known (`fitPersona`). */
const CHROME_VERSION = '156.0.8078.79';

const NOT_MOBILE = { isMobile: false, hasTouch: false };
const MOBILE = { isMobile: true, hasTouch: true };

/** The virtual users there are. Overrides of single fields make a new persona out of one of them. */
export const PERSONAS: readonly Persona[] = [
  {
    id: 'chrome-windows',
    title: 'Chrome on Windows 11',
    userAgent: chromeUserAgent('Windows NT 10.0; Win64; x64'),
    clientHints: chromeHints({
      platform: 'Windows',
      platformVersion: '15.0.0',
      architecture: 'x86',
      bitness: '64',
    }),
    platform: 'Win32',
    languages: ['en-US', 'en'],
    timeZone: 'America/New_York',
    viewport: { width: 1366, height: 768, deviceScaleFactor: 1, ...NOT_MOBILE },
  },
  {
    id: 'chrome-macos',
    title: 'Chrome on macOS',
    userAgent: chromeUserAgent('Macintosh; Intel Mac OS X 10_15_7'),
    clientHints: chromeHints({
      platform: 'macOS',
      platformVersion: '15.5.0',
      architecture: 'arm',
      bitness: '64',
    }),
    platform: 'MacIntel',
    languages: ['en-US', 'en'],
    timeZone: 'America/Los_Angeles',
    viewport: { width: 1440, height: 812, deviceScaleFactor: 2, ...NOT_MOBILE },
  },
  {
    id: 'chrome-android',
    title: 'Chrome on an Android phone',
    userAgent: chromeUserAgent('Linux; Android 10; K', 'Mobile '),
    clientHints: chromeHints({
      platform: 'Android',
      platformVersion: '15.0.0',
      model: 'Pixel 8',
      mobile: true,
    }),
    platform: 'Linux armv81',
    languages: ['en-US', 'en'],
    timeZone: 'America/Chicago',
    viewport: { width: 412, height: 839, deviceScaleFactor: 2.625, ...MOBILE },
  },
  {
    id: 'safari-iphone',
    title: 'Safari on an iPhone',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    platform: 'iPhone',
    languages: ['en-US'],
    timeZone: 'America/New_York',
    viewport: { width: 393, height: 852, deviceScaleFactor: 3, ...MOBILE },
  },
];

/**
 * The persona as the browser can credibly be it: a built-in Chrome persona takes over the real browser's version,
 * in the user agent and in the client hints. `product` is e.g. `Chrome/140.0.7339.80`.
 */
export function fitPersona(persona: Persona, product: string): Persona {
  const version = /\d+(?:\.\d+){3}/.exec(product)?.[0];
  const isBuiltIn = PERSONAS.some(({ userAgent }) => userAgent === persona.userAgent);
  if (!isBuiltIn || persona.clientHints === undefined || version === undefined) return persona;
  const userAgent = persona.userAgent.replace(/Chrome\/\d+/, `Chrome/${majorOf(version)}`);
  return { ...persona, userAgent, clientHints: { ...persona.clientHints, ...brandLists(version) } };
}

/** Since version 101 the user agent says only the major version. */
function chromeUserAgent(system: string, device = ''): string {
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${majorOf(CHROME_VERSION)}.0.0.0 ${device}Safari/537.36`;
}

function chromeHints(
  given: Partial<ClientHints> & Pick<ClientHints, 'platform' | 'platformVersion'>,
): ClientHints {
  return {
    ...brandLists(CHROME_VERSION),
    architecture: '',
    model: '',
    mobile: false,
    bitness: '',
    wow64: false,
    ...given,
  };
}
