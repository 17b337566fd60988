import { anyCase, id, metaContent, tracker, type TrackerRule } from '../rule.ts';

/** Numbers that documentation uses where the reader shall put their own. */
const PLACEHOLDER_PROPERTY = /^UA-(?:0+|12345|123456|1234567|12345678|123456789|X+|(\d)\1+)-\d+$/;
const isFilledIn = (value: string): boolean => !/X{4}|YYYY/.test(value);
const hasDigit = (value: string): boolean => isFilledIn(value) && /\d/.test(value);

export const GOOGLE_TRACKERS: readonly TrackerRule[] = [
  tracker(
    'GoogleAnalyticsTrackingId',
    'Google Analytics property',
    [anyCase`<START>(UA-\d{4,10}-\d{1,4})<END>`],
    {
      normalise: (value) => value.toUpperCase(),
      accept: (value) => !PLACEHOLDER_PROPERTY.test(value.toUpperCase()),
      also: { type: 'GoogleAnalyticsAccountNumber', of: (value) => value.replace(/-\d+$/, '') },
    },
  ),
  tracker(
    'GoogleAnalytics4Id',
    'Google Analytics 4 measurement id',
    [
      id`[?&;=](?:id|tid)=(G-[A-Z0-9]{8,12})<END>`,
      id`config<Q>,<S><Q>(G-[A-Z0-9]{8,12})<END>`,
      id`["'](G-[A-Z0-9]{10})["']`,
    ],
    { accept: hasDigit },
  ),
  tracker('GoogleTagManagerId', 'Google Tag Manager container', [id`<START>(GTM-[A-Z0-9]{4,9})<END>`], {
    accept: isFilledIn,
  }),
  tracker(
    'GoogleTagId',
    'Google tag',
    [id`[?&;]id=(GT-[A-Z0-9]{6,12})<END>`, id`["'](GT-[A-Z0-9]{6,12})["']`],
    {
      accept: hasDigit,
    },
  ),
  tracker(
    'GoogleAdsId',
    'Google Ads conversion id',
    [
      id`<START>AW-(\d{8,11})<END>`,
      id`googleadservices\.com/pagead/conversion/(\d{8,11})/`,
      id`googleads\.g\.doubleclick\.net/pagead/viewthroughconversion/(\d{8,11})/`,
      id`google_conversion_id<IS>(\d{8,11})<END>`,
    ],
    { normalise: (value) => `AW-${value}`, accept: (value) => !/^(?:123456789\d*|(\d)\1+)$/.test(value) },
  ),
  tracker(
    'AdSensePublisherId',
    'Google AdSense publisher',
    [id`<START>ca-(?:video-|mb-)?pub-(\d{16})<END>`, id`google_ad_client<IS>(?:ca-)?pub-(\d{16})<END>`],
    { normalise: (value) => `ca-pub-${value}`, accept: (value) => !/^(\d)\1+$|^1234567890/.test(value) },
  ),
  tracker('AdMobAppId', 'Google AdMob application', [id`<START>(ca-app-pub-\d{16}[~/]\d{10})<END>`]),
  tracker(
    'DoubleClickAdvertiserId',
    'Google Campaign Manager advertiser (Floodlight)',
    [id`<START>DC-(\d{6,9})<END>`, id`\.fls\.doubleclick\.net/activityi?;src=(\d{6,9});`],
    { normalise: (value) => `DC-${value}` },
  ),
  tracker('GoogleAdManagerNetwork', 'Google Ad Manager network', [
    id`defineSlot\(<S><Q>/(\d{4,11})/`,
    id`securepubads\.g\.doubleclick\.net/gampad/ads\?iu=/(\d{4,11})/`,
  ]),
  tracker('GoogleOptimizeId', 'Google Optimize container', [
    id`optimize\.js\?id=((?:OPT|GTM)-[A-Z0-9]{4,9})<END>`,
    id`<START>(OPT-[A-Z0-9]{6,9})<END>`,
  ]),
  tracker(
    'GoogleSiteVerification',
    'Google site verification',
    metaContent('google-site-verification', '[\\w=-]{20,68}'),
  ),
  tracker('GoogleApiKey', 'Google API key', [id`<START>(AIza[\w-]{35})<END>`]),
  tracker('GoogleOAuthClientId', 'Google OAuth client', [
    id`<START>(\d{6,14}-[a-z0-9]{24,40}\.apps\.googleusercontent\.com)`,
  ]),
  tracker(
    'GoogleCustomSearchId',
    'Google Programmable Search engine',
    [
      id`cse\.google\.com/cse(?:\.js|/cse\.js)?\?cx=([0-9a-z]{9,24}(?:(?::|%3A)[\w-]{8,14})?)<END>`,
      id`(?:partner-pub-)?var cx = ["']([0-9a-z]{9,24}(?::[\w-]{8,14})?)["']`,
    ],
    { normalise: (value) => value.replace(/%3A/i, ':') },
  ),
  tracker(
    'FirebaseProjectId',
    'Firebase project',
    [
      anyCase`<START>([a-z][a-z0-9-]{3,40})\.firebaseapp\.com`,
      anyCase`<START>([a-z][a-z0-9-]{3,60})\.firebaseio\.com`,
      anyCase`<START>([a-z][a-z0-9-]{3,60})\.[a-z]{2,12}-[a-z]{3,12}\d\.firebasedatabase\.app`,
    ],
    {
      normalise: (value) => value.toLowerCase().replace(/-default-rtdb$/, ''),
      accept: (value) => !/^(?:your|my)-?(?:project|app)/i.test(value),
    },
  ),
  tracker('GoogleFormId', 'Google form', [id`docs\.google\.com/forms/d/e/(1FAIpQL[\w-]{40,60})`]),
  tracker(
    'ReCaptchaSiteKey',
    'Google reCAPTCHA site key',
    [id`<START>(6L[a-z][\w-]{5}AAAAA[\w-]{27})<END>`],
    {
      // The key that Google gives out for automated tests.
      accept: (value) => value !== '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI',
    },
  ),
];
