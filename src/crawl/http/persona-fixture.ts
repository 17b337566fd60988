import type { Persona } from '#model';

/** A persona for tests. */
export const PERSONA: Persona = {
  id: 'test-windows',
  title: 'Chrome on Windows',
  userAgent:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
  clientHints: {
    brands: [
      { brand: 'Chromium', version: '150' },
      { brand: 'Not.A/Brand', version: '8' },
    ],
    fullVersionList: [],
    platform: 'Windows',
    platformVersion: '15.0.0',
    architecture: 'x86',
    model: '',
    mobile: false,
    bitness: '64',
    wow64: false,
  },
  platform: 'Win32',
  languages: ['en-US', 'en', 'de'],
  timeZone: 'America/New_York',
  viewport: { width: 1366, height: 768, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
};
