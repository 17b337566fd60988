import { anyCase, id, lower, metaContent, tracker, type TrackerRule } from '../rule.ts';

/** Page counters, session recorders, error and performance monitors. */
export const ANALYTICS_TRACKERS: readonly TrackerRule[] = [
  tracker('HotjarSiteId', 'Hotjar site', [
    id`hjid<IS>(\d{4,8})<END>`,
    id`static\.hotjar\.com/c/hotjar-(\d{4,8})\.js`,
  ]),
  tracker('ClarityProjectId', 'Microsoft Clarity project', [
    id`clarity\.ms/tag/([a-z0-9]{8,12})<END>`,
    id`<Q>clarity<Q>,<S><Q>script<Q>,<S><Q>([a-z0-9]{8,12})<Q>`,
  ]),
  // The id is a small number: only together with the server does it name anyone.
  tracker('MatomoSite', 'Matomo (Piwik) server and site', [id`setSiteId<Q><S>,<S><Q>?(\d{1,6})<END>`], {
    places: ['page', 'script'],
    // The server: `var u = "//host/"`, a choice between http and https, or the call itself.
    near: anyCase`(?:[\s,;(]u\s?=\s?|\?\s?|setTrackerUrl<Q>\s?,\s?)\(?\s?<Q>(?:https?:)?\\?/\\?/((?:[a-z0-9-]{1,40}\.){1,5}[a-z]{2,16}(?:/[\w.-]{1,40}){0,4})/?<Q>`,
    normalise: (value, server) => `${server.toLowerCase().replace(/\/(?:matomo|piwik)\.php$/, '')}#${value}`,
  }),
  tracker(
    'MatomoSite',
    'Matomo (Piwik) server and site',
    [
      anyCase`((?:[a-z0-9-]{1,40}\.){1,5}[a-z]{2,16}(?:/[\w-]{1,40}){0,4}/(?:matomo|piwik)\.php\?(?:action_name=[\w%+.-]{0,200}&)?(?:idsite|idSite)=\d{1,6})<END>`,
    ],
    {
      normalise: (value) => value.toLowerCase().replace(/\/(?:matomo|piwik)\.php\?.*=(\d+)$/, '#$1'),
    },
  ),
  tracker(
    'SentryKey',
    'Sentry public key',
    [id`[?&;]sentry_key=([0-9a-f]{32})<END>`, id`js\.sentry-cdn\.com/([0-9a-f]{32})\.(?:min\.)?js`],
    { places: ['page', 'script', 'url', 'header'] },
  ),
  tracker('SegmentWriteKey', 'Segment source', [
    id`cdn\.segment\.(?:com|io)/analytics\.js/v1/([A-Za-z0-9]{10,40})/`,
    id`analytics\.load\(<S><Q>([A-Za-z0-9]{20,40})<Q>`,
  ]),
  tracker('MixpanelId', 'Mixpanel project token', [id`mixpanel\.init\(<S><Q>([0-9a-f]{32})<Q>`]),
  tracker('AmplitudeKey', 'Amplitude project key', [
    id`amplitude\.(?:getInstance\((?:<Q>[\w-]{1,30}<Q>)?\)\.)?init\(<S><Q>([0-9a-f]{32})<Q>`,
    id`cdn\.amplitude\.com/script/([0-9a-f]{32})\.js`,
  ]),
  tracker('YandexMetricaCounterId', 'Yandex Metrica counter', [
    id`(?<![\w$])ym\(<S>(\d{5,9})<S>,`,
    id`mc\.yandex\.(?:ru|com)/watch/(\d{5,9})<END>`,
    id`<START>yaCounter(\d{5,9})<END>`,
    id`Ya\.Metrika2?\(<S>\{<S><Q>?id<IS>(\d{5,9})<END>`,
  ]),
  tracker(
    'YandexVerification',
    'Yandex site verification',
    metaContent('yandex-verification', '[0-9a-f]{16}'),
    { normalise: lower },
  ),
  tracker('51laId', '51.La counter', [
    id`js\.users\.51\.la/(\d{5,9})\.js`,
    id`LA\.init\(<S>\{<S><Q>?id<IS>(\w{8,20})<Q>`,
    id`sdk\.51\.la/js-sdk-pro\.min\.js\?id=(\w{8,20})<END>`,
  ]),
  tracker('BaiduTongjiId', 'Baidu Tongji site', [id`hm\.baidu\.com/hm?\.js\?([0-9a-f]{32})<END>`]),
  tracker(
    'BaiduVerification',
    'Baidu site verification',
    metaContent('baidu-site-verification', '[\\w-]{8,40}'),
  ),
  tracker('CnzzId', 'CNZZ (Umeng) counter', [
    id`cnzz\.com/[a-z_]{1,10}\.php\?(?:web_)?id=(\d{5,12})<END>`,
    id`cnzz_stat_icon_(\d{5,12})<END>`,
  ]),
  tracker('NewRelicId', 'New Relic browser licence', [id`licenseKey<IS>((?:NRJS-)?[0-9a-f]{10,20})<Q>`]),
  tracker('NewRelicApplicationId', 'New Relic application', [id`applicationID<IS>(\d{5,12})<END>`], {
    near: id`licenseKey`,
  }),
  tracker('OptimizelyId', 'Optimizely project', [
    id`cdn\.optimizely\.com/(?:public/\d{4,14}/)?(?:js|s)/(\d{5,18})\.js`,
  ]),
  tracker('ClickyId', 'Clicky site', [
    id`clicky_site_ids\.push\(<S>(\d{5,10})<S>\)`,
    id`clicky_site_id<IS>(\d{5,10})<END>`,
    id`clicky\.init\(<S>(\d{5,10})<S>\)`,
    id`(?:static|in)\.getclicky\.com/(\d{5,10})(?:ns\.gif|\.js)?<END>`,
    id`data-id=<Q>(\d{8,10})<Q>[^<>]{0,60}getclicky\.com/js`,
  ]),
  tracker('QuantcastAccount', 'Quantcast account', [
    id`_?qacct<IS>(p-[\w-]{10,16})<Q>`,
    id`pixel\.quantserve\.com/pixel/(p-[\w-]{10,16})\.gif`,
    id`rules\.quantcount\.com/rules-(p-[\w-]{10,16})\.js`,
  ]),
  tracker(
    'ComscoreClientId',
    'Comscore client',
    [
      id`c2(?::|<Q>:|=)<S><Q>?(\d{7,9})<END>`,
      id`scorecardresearch\.com/(?:p|b|cs/\d{7,9}/beacon\.js|cs)\?c1=[27]<AND>c2=(\d{7,9})<END>`,
      id`scorecardresearch\.com/cs/(\d{7,9})/`,
    ],
    { near: anyCase`comscore|scorecardresearch` },
  ),
  tracker('ChartbeatUid', 'Chartbeat account', [
    id`_sf_async_config\.uid<IS>(\d{2,6})<END>`,
    id`_sf_async_config<IS>\{<S><Q>?uid<IS>(\d{2,6})<END>`,
  ]),
  tracker('HeapAppId', 'Heap application', [
    id`heap\.load\(<S><Q>(\d{6,12})<Q>`,
    id`cdn\.heapanalytics\.com/js/heap-(\d{6,12})\.js`,
    id`cdn\.\w{2}\.heap-api\.com/config/(\d{6,12})/`,
  ]),
  tracker('FullStoryOrgId', 'FullStory organisation', [
    id`_fs_org<Q>?\]?<S>=<S><Q>((?:o-)?[A-Z0-9]{3,12}(?:-[a-z]{2}\d)?)<Q>`,
  ]),
  tracker('MouseflowSiteId', 'Mouseflow site', [id`cdn\.mouseflow\.com/projects/(<UUID>)`]),
  tracker('LogRocketApp', 'LogRocket application', [id`LogRocket\.init\(<S><Q>([a-z0-9]{6}/[\w-]{1,60})<Q>`]),
  tracker(
    'LiveInternetId',
    'LiveInternet counter group',
    [anyCase`counter\.yadro\.ru/(?:hit|logo);([\w.-]{2,40})\?`],
    { normalise: lower },
  ),
  tracker(
    'RamblerTop100Id',
    'Rambler Top-100 counter',
    [id`counter\.rambler\.ru/top100\.(?:cnt|jcn|scn)\?(\d{5,9})<END>`, id`<Q>?project<IS>(\d{5,9})<END>`],
    { near: anyCase`kraken\.rambler\.ru|top100` },
  ),
  tracker('MailRuCounterId', 'Mail.ru counter', [
    id`top-fwz1\.mail\.ru/(?:counter|js/code\.js|tracker)\?(?:js=\w{1,4};)?id=(\d{5,9})<END>`,
    id`_tmr\.push\(<S>\{<S><Q>?id<IS>(\d{5,9})<END>`,
    id`top\.list\.ru/counter\?id=(\d{5,9})<END>`,
  ]),
  tracker('StatCounterProjectId', 'StatCounter project', [
    id`sc_project<IS>(\d{5,9})<END>`,
    id`c\.statcounter\.com/(\d{5,9})/`,
  ]),
  tracker('HistatsId', 'Histats counter', [
    id`Histats\.start<Q>?[,(]<S><Q>?1,<S>(\d{4,9})<END>`,
    id`sstatic1\.histats\.com/0\.gif\?(\d{4,9})<END>`,
  ]),
  tracker(
    'WhosAmungUsId',
    'whos.amung.us widget',
    [
      id`widgets\.amung\.us/(?:[a-z]{2,12}/)?(?:[\w-]{2,12}/)?([a-z0-9]{8,14})\.(?:js|png)`,
      id`_wau\.push\(\[<Q>[a-z]{3,12}<Q>,<S><Q>([a-z0-9]{8,14})<Q>`,
      id`WAU_[a-z]{3,12}\(<S><Q>([a-z0-9]{8,14})<Q>`,
      id`whos\.amung\.us/stats/([a-z0-9]{8,14})/`,
    ],
    { accept: (value) => value !== 'classic' && value !== 'colored' },
  ),
  tracker(
    'CloudflareAnalyticsToken',
    'Cloudflare Web Analytics site',
    [
      id`<Q>token<Q>:<S><Q>([0-9a-f]{32})<Q>`,
      id`cloudflareinsights\.com/beacon\.min\.js\?token=([0-9a-f]{32})<END>`,
    ],
    { near: id`data-cf-beacon|cloudflareinsights\.com` },
  ),
  tracker(
    'PlausibleDomain',
    'Plausible site',
    [anyCase`data-domain=["']((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12})["',]`],
    {
      near: anyCase`plausible`,
      places: ['page'],
      normalise: lower,
    },
  ),
  tracker(
    'FathomSiteId',
    'Fathom site',
    [id`data-site=["']([A-Z]{8})["']`, id`fathom\(<Q>set<Q>,<S><Q>siteId<Q>,<S><Q>([A-Z]{5,8})<Q>`],
    { places: ['page', 'script'] },
  ),
  tracker('UmamiWebsiteId', 'Umami website', [anyCase`data-website-id=["'](<UUID>)["']`], {
    places: ['page'],
    normalise: lower,
  }),
  tracker('PostHogKey', 'PostHog project key', [id`<START>(phc_[A-Za-z0-9]{40,50})<END>`]),
  tracker(
    'VwoAccountId',
    'VWO account',
    [
      id`dev\.visualwebsiteoptimizer\.com/(?:j\.php\?a=|lib/)(\d{3,8})<END>`,
      id`account_id<IS>(\d{3,8})<END>`,
    ],
    { near: id`_vwo_|visualwebsiteoptimizer` },
  ),
  tracker(
    'CrazyEggAccount',
    'Crazy Egg account',
    [id`script\.crazyegg\.com/pages/scripts/(\d{4}/\d{4})\.js`],
    {
      normalise: (value) => value.replace('/', ''),
    },
  ),
  tracker('LuckyOrangeId', 'Lucky Orange site', [
    id`__lo_site_id<IS>(\d{4,9})<END>`,
    id`tools\.luckyorange\.com/core/lo\.js\?site-id=([0-9a-f]{8})<END>`,
  ]),
  tracker('InspectletId', 'Inspectlet site', [id`__insp\.push\(\[<Q>wid<Q>,<S>(\d{6,12})\]`]),
  tracker('SmartlookKey', 'Smartlook project', [id`smartlook\(<Q>init<Q>,<S><Q>([0-9a-f]{40})<Q>`]),
  tracker('DatadogClientToken', 'Datadog browser client token', [id`<START>(pub[0-9a-f]{32})<END>`]),
  tracker(
    'BugsnagKey',
    'Bugsnag project',
    [
      id`[bB]ugsnag\.(?:start|client)?\(?<S>\{?<S><Q>?(?:apiKey<IS>)?([0-9a-f]{32})<END>`,
      id`data-apikey=["']([0-9a-f]{32})["']`,
    ],
    { near: anyCase`bugsnag` },
  ),
  tracker('RollbarToken', 'Rollbar client token', [id`accessToken<IS>([0-9a-f]{32})<Q>`], {
    near: anyCase`rollbar`,
  }),
  tracker('AppDynamicsKey', 'AppDynamics application', [id`<START>((?:AD|[A-Z]{2}\d?)-AAB-[A-Z]{3})<END>`]),
  tracker('TrackJsToken', 'TrackJS token', [id`_trackJs<IS>\{<S><Q>?token<IS>([0-9a-f]{32})<Q>`]),
  tracker('RaygunKey', 'Raygun application', [id`rg4js\(<Q>apiKey<Q>,<S><Q>([A-Za-z0-9+/=]{20,28})<Q>`]),
  tracker('GoSquaredToken', 'GoSquared project', [id`<START>(GSN-\d{6}-[A-Z])<END>`]),
  tracker(
    'WoopraDomain',
    'Woopra project',
    [anyCase`woopra\.config\(\{<S><Q>?domain<IS>((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12})<Q>`],
    { normalise: lower },
  ),
  tracker('SiteimproveId', 'Siteimprove account', [
    id`siteimproveanalytics\.com/js/siteanalyze_(\d{4,12})\.js`,
  ]),
  tracker('ContentsquareTag', 'Contentsquare tag', [id`t\.contentsquare\.net/uxa/([0-9a-f]{13})\.js`]),
  tracker(
    'ParselySite',
    'Parse.ly site',
    [anyCase`cdn\.parsely\.com/keys/((?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12})/p\.js`],
    { normalise: lower },
  ),
  tracker('IvwId', 'IVW / INFOnline offer', [id`iam_data<IS>\{<S><Q>?st<IS>(\w{4,20})<Q>`]),
  tracker('EtrackerKey', 'etracker account', [
    id`data-secure-code=["'](\w{4,10})["']`,
    id`et_pagename_code<IS>(\w{4,10})<Q>`,
  ]),
  tracker('WebTrekkId', 'Mapp (Webtrekk) track id', [id`trackId<IS>(\d{12,18})<Q>`]),
  tracker('AdobeAnalyticsSuite', 'Adobe Analytics report suite', [
    id`\.(?:2o7|omtrdc)\.net/b/ss/([a-z0-9-]{3,60})/`,
    id`s_account<IS>([a-z0-9-]{3,60})<Q>`,
  ]),
  tracker('AdobeLaunchProperty', 'Adobe Experience Platform tag property', [
    id`assets\.adobedtm\.com/(?:[0-9a-f]{12}/[0-9a-f]{12}/launch-|launch-EN)([0-9a-f]{12,32})(?:-(?:development|staging))?\.(?:min\.)?js`,
  ]),
  tracker('TealiumProfile', 'Tealium profile', [
    id`tags\.tiqcdn\.com/utag/([\w.-]{2,40}/[\w.-]{2,60})/[a-z]{2,12}/utag`,
  ]),
  tracker(
    'AhrefsVerification',
    'Ahrefs site verification',
    metaContent('ahrefs-site-verification', '[0-9a-f]{64}'),
  ),
  tracker(
    'NaverVerification',
    'Naver site verification',
    metaContent('naver-site-verification', '[0-9a-f]{40}'),
  ),
  tracker('AhrefsAnalyticsKey', 'Ahrefs Web Analytics key', [id`data-key=["']([\w/+-]{22})["']`], {
    near: id`analytics\.ahrefs\.com`,
    places: ['page'],
  }),
];
