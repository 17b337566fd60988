import type { Persona } from '#model';
import type { Session } from '../devtools/connection.ts';
import type { TargetType } from '../record/targets.ts';

/**
 * Makes a target show the persona. Sends all commands at once, before the target runs its first script; a target
 * that does not know one goes without.
 */
export function emulate(session: Session, type: TargetType, persona: Persona): Promise<unknown>[] {
  const { viewport, clientHints, geolocation, languages } = persona;
  const everywhere = [
    session.attempt('Emulation.setUserAgentOverride', {
      userAgent: persona.userAgent,
      ...(!isNative(languages) && { acceptLanguage: languages.join(',') }),
      platform: persona.platform,
      ...(clientHints !== undefined && {
        userAgentMetadata: {
          ...clientHints,
          brands: [...clientHints.brands],
          fullVersionList: [...clientHints.fullVersionList],
        },
      }),
    }),
    session.attempt('Emulation.setTimezoneOverride', { timezoneId: persona.timeZone }),
    session.attempt('Emulation.setLocaleOverride', { locale: languages[0]!.replace('-', '_') }),
    session.attempt('Emulation.setHardwareConcurrencyOverride', { hardwareConcurrency: 8 }),
  ];
  if (type !== 'page' && type !== 'iframe')
    return [
      ...everywhere,
      session.attempt('Runtime.evaluate', { expression: workerPlatform(persona.platform) }),
    ];
  return [
    ...everywhere,
    session.attempt('Emulation.setDeviceMetricsOverride', {
      width: viewport.width,
      height: viewport.height,
      deviceScaleFactor: viewport.deviceScaleFactor,
      mobile: viewport.isMobile,
      screenWidth: viewport.width,
      screenHeight: viewport.height + (viewport.isMobile ? 0 : 132),
    }),
    session.attempt('Emulation.setTouchEmulationEnabled', {
      enabled: viewport.hasTouch,
      ...(viewport.hasTouch && { maxTouchPoints: 5 }),
    }),
    session.attempt('Emulation.setFocusEmulationEnabled', { enabled: true }),
    ...(geolocation === undefined ? [] : [session.attempt('Emulation.setGeolocationOverride', geolocation)]),
  ];
}

/**
 * Whether the browser, started with `--lang`, asks for these languages by itself. Then Accept-Language stands where
 * Chromium puts it; an override moves it forward, which a site could notice.
 */
function isNative(languages: readonly string[]): boolean {
  return /^en-US(?:,en)?$/.test(languages.join(','));
}

/** Workers keep the machine's own platform whatever the override says. */
function workerPlatform(platform: string): string {
  return `(() => {
    const own = Object.getOwnPropertyDescriptor(WorkerNavigator.prototype, 'platform');
    const get = new Proxy(own.get, { apply: () => ${JSON.stringify(platform)} });
    Object.defineProperty(WorkerNavigator.prototype, 'platform', { ...own, get });
  })()`;
}
