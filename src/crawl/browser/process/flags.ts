export type BrowserMode = 'headless' | 'shell';

/** Parts of Chromium that talk to others, cost time in every window, or change what is asked for. */
const DISABLED_FEATURES = [
  // Each window would start two renderers for them.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Bodies encoded against a dictionary cannot be decoded from one capture alone.
  'CompressionDictionaryTransport',
  'CompressionDictionaryTransportBackend',
  'MediaRouter',
  'DialMediaRouteProvider',
  'OptimizationHints',
  'OptimizationGuideModelDownloading',
  'Translate',
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'InterestFeedContentSuggestions',
  // The address asked for is the one to visit.
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
];

const COMMON_FLAGS = [
  '--remote-debugging-pipe',
  // The browser's own traffic goes nowhere; each capture's context has a proxy of its own.
  '--proxy-server=http://127.0.0.1:9',
  '--proxy-bypass-list=<-loopback>',
  // Only the guard resolves names. The guard's gates lie in 127/8.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.*',
  // Each of the two modes honours one of these and ignores the other.
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  `--disable-features=${DISABLED_FEATURES.join(',')}`,
  '--disable-blink-features=AutomationControlled',
  '--js-flags=--max-old-space-size=512',
  '--disable-gpu',
  '--mute-audio',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--disable-extensions',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-domain-reliability',
  '--disable-field-trial-config',
  '--disable-hang-monitor',
  '--disable-prompt-on-repost',
  '--disable-dev-shm-usage',
  '--disable-search-engine-choice-screen',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
  '--force-color-profile=srgb',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--hide-scrollbars',
];

/** The command line of a browser: never without its sandbox unless that was asked for by name. */
export function browserFlags(options: {
  readonly mode: BrowserMode;
  readonly profileDir: string;
  readonly keyLogPath: string;
  /** Service workers know only the browser-wide user agent. */
  readonly userAgent: string;
  readonly language: string;
  /** base64 SHA-256 of the public keys of roots trusted besides the system's. */
  readonly trustedKeys: readonly string[];
  readonly withoutSandbox: boolean;
}): string[] {
  return [
    ...(options.mode === 'headless' ? ['--headless=new'] : ['--headless']),
    ...COMMON_FLAGS,
    `--user-data-dir=${options.profileDir}`,
    `--ssl-key-log-file=${options.keyLogPath}`,
    `--user-agent=${options.userAgent}`,
    `--lang=${options.language}`,
    ...(options.trustedKeys.length > 0
      ? [`--ignore-certificate-errors-spki-list=${options.trustedKeys.join(',')}`]
      : []),
    ...(options.withoutSandbox ? ['--no-sandbox'] : []),
    'about:blank',
  ];
}
