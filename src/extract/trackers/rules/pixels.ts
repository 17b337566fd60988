import { anyCase, id, lower, metaContent, tracker, upper, type TrackerRule } from '../rule.ts';

const isNumberInUse = (value: string): boolean => !/^(\d)\1+$|^1234567/.test(value);

/** Advertising: conversion pixels, ad networks, affiliate programmes. */
export const PIXEL_TRACKERS: readonly TrackerRule[] = [
  tracker(
    'MetaPixelId',
    'Meta (Facebook) pixel',
    [
      id`fbq\(<S><Q>init<Q><S>,<S><Q>?(\d{10,20})<END>`,
      id`facebook\.com/tr/?\?id=(\d{10,20})<END>`,
      id`connect\.facebook\.net/signals/config/(\d{10,20})<END>`,
    ],
    { accept: isNumberInUse },
  ),
  tracker(
    'FacebookAppId',
    'Facebook application',
    [
      ...metaContent('fb:app_id', '\\d{8,20}'),
      id`[?&;#]app_?[Ii][dD]=(\d{8,20})<END>`,
      id`app_?I[dD]<IS>(\d{10,20})<END>`,
    ],
    { accept: isNumberInUse, near: id`fb:app_id|connect\.facebook\.net|FB\.init|facebook\.com/plugins` },
  ),
  tracker('FacebookAdminId', 'Facebook page administrator', metaContent('fb:admins', '\\d{5,20}')),
  tracker('FacebookPageId', 'Facebook page by number', metaContent('fb:page_id', '\\d{5,20}')),
  tracker(
    'FacebookDomainVerification',
    'Facebook domain verification',
    metaContent('facebook-domain-verification', '[a-z0-9]{20,40}'),
  ),
  tracker('TikTokPixelId', 'TikTok pixel', [
    id`ttq\.load\(<S><Q>([A-Z0-9]{16,24})<END>`,
    id`analytics\.tiktok\.com/i18n/pixel/(?:sdk|events)\.js\?sdkid=([A-Z0-9]{16,24})<END>`,
  ]),
  tracker('LinkedInInsightId', 'LinkedIn Insight tag', [
    id`_linkedin_(?:data_)?partner_id<IS>(\d{3,9})<END>`,
    id`px\.ads\.linkedin\.com/collect/?\?pid=(\d{3,9})<END>`,
  ]),
  tracker('PinterestTagId', 'Pinterest tag', [
    id`pintrk\(<S><Q>load<Q><S>,<S><Q>(\d{13})<END>`,
    id`ct\.pinterest\.com/v3/?\?(?:event=[a-z]{1,20}<AND>)?tid=(\d{13})<END>`,
  ]),
  tracker(
    'PinterestVerification',
    'Pinterest domain verification',
    metaContent('p:domain_verify', '[0-9a-f]{20,40}'),
    {
      normalise: lower,
    },
  ),
  tracker('SnapPixelId', 'Snap pixel', [id`snaptr\(<S><Q>init<Q><S>,<S><Q>(<UUID>)`]),
  tracker(
    'BingUetTagId',
    'Microsoft Advertising UET tag',
    [
      id`(?:[{, ]ti|<Q>ti<Q>):<S><Q>(\d{5,10})<Q>`,
      id`bat\.bing\.com/(?:action/\d|p/action)[/?](?:ti=)?(\d{5,10})<END>`,
    ],
    { near: id`uetq|UET|bat\.bing\.com` },
  ),
  tracker('BingSiteVerification', 'Bing site verification', metaContent('msvalidate.01', '[0-9a-f]{32}'), {
    normalise: upper,
  }),
  tracker('TwitterPixelId', 'X (Twitter) pixel', [
    id`twq\(<S><Q>(?:init|config)<Q><S>,<S><Q>([a-z0-9]{5,7})<Q>`,
    id`(?:analytics\.twitter\.com|t\.co)/i/adsct\?(?:p_id=Twitter<AND>)?txn_id=([a-z0-9]{5,7})<END>`,
  ]),
  tracker('RedditPixelId', 'Reddit pixel', [id`rdt\(<S><Q>init<Q><S>,<S><Q>((?:t2|a2)_[a-z0-9]{4,20})<Q>`]),
  tracker('QuoraPixelId', 'Quora pixel', [
    id`qp\(<S><Q>init<Q><S>,<S><Q>([0-9a-f]{32})<Q>`,
    id`q\.quora\.com/_/ad/([0-9a-f]{32})<END>`,
  ]),
  tracker(
    'TaboolaAccountId',
    'Taboola account',
    [
      anyCase`cdn\.taboola\.com/libtrc/(?:unip/)?([a-z0-9][\w-]{2,60})/`,
      anyCase`trc\.taboola\.com/([a-z0-9][\w-]{2,60})/log/`,
    ],
    { accept: (value) => value !== 'unip' && value !== 'impl', normalise: lower },
  ),
  tracker('OutbrainMarketerId', 'Outbrain marketer', [
    id`OB_ADV_ID<IS>\[?<S><Q>?([0-9a-f]{32,34})<Q>`,
    id`tr\.outbrain\.com/unifiedPixel\?marketerId=([0-9a-f]{32,34})<END>`,
  ]),
  tracker('CriteoAccountId', 'Criteo account', [
    id`setAccount<Q><S>,<S><Q>?account<IS>(\d{2,7})<END>`,
    id`(?:dynamic|static)\.criteo\.(?:com|net)/js/ld/ld\.js\?a=(\d{2,7})<END>`,
  ]),
  tracker('AdRollAdvertiserId', 'AdRoll advertiser', [
    id`adroll_adv_id<IS>([A-Z0-9]{20,24})<END>`,
    id`s\.adroll\.com/j/([A-Z0-9]{20,24})/`,
  ]),
  tracker(
    'AmazonAssociateTag',
    'Amazon associate tag',
    [
      anyCase`[?&;]tag=([a-z0-9][a-z0-9_]{1,30}(?:-[a-z0-9_]{3,20})?-2[0-9])<END>`,
      anyCase`amzn_assoc_(?:tracking_id|tag)<IS>([a-z0-9][a-z0-9_]{1,30}-2[0-9])<END>`,
    ],
    { normalise: lower },
  ),
  tracker('AmazonPublisherId', 'Amazon Publisher Services account', [
    id`apstag\.init\(<S>\{<S><Q>?pubID<IS>([\w-]{4,36})<Q>`,
  ]),
  tracker('MediaNetCustomerId', 'Media.net customer', [
    id`contextual\.media\.net/[a-z]{4,12}\.(?:js|php)\?cid=(8[A-Z0-9]{8})<END>`,
  ]),
  tracker('SkimlinksId', 'Skimlinks publisher', [id`skimresources\.com/js/(\d{3,8}X\d{4,9})\.`]),
  tracker('AwinAdvertiserId', 'Awin advertiser', [id`www\.dwin1\.com/(\d{3,7})\.js`]),
  tracker('YandexAdvertisingId', 'Yandex advertising block', [id`<START>R-A-(\d{3,9})-\d{1,4}<END>`], {
    normalise: (value) => `R-A-${value}`,
  }),
  tracker(
    'MediavineSite',
    'Mediavine publisher',
    [anyCase`scripts\.mediavine\.com/tags/([a-z0-9-]{3,60})\.js`],
    { normalise: lower },
  ),
  tracker('AdThriveSite', 'Raptive (AdThrive) publisher', [id`ads\.adthrive\.com/sites/([0-9a-f]{24})/`]),
  tracker('BuySellAdsId', 'BuySellAds placement', [
    id`(?:srv|cdn)\.carbonads\.com/carbon\.js\?serve=([A-Z0-9]{6,10})<END>`,
  ]),
  tracker('PropellerAdsZone', 'PropellerAds zone', [
    id`data-zone=<Q>(\d{6,8})<Q>\s{1,4}src=<Q>https?://[a-z0-9-]{4,40}\.[a-z]{2,6}/(?:tag|pfe)`,
  ]),
  tracker(
    'MgidSite',
    'MGID publisher',
    [
      anyCase`jsc\.(?:mgid|adskeeper)\.(?:com|co\.uk)/(?:[a-z0-9]/[a-z0-9]/)?([a-z0-9-]{2,40}(?:\.[a-z][a-z-]{1,20}){1,3})\.\d{4,9}\.js`,
    ],
    { normalise: lower },
  ),
  tracker('AppNexusMemberId', 'Xandr (AppNexus) segment member', [
    id`(?:secure|ib)\.adnxs\.com/px\?id=(\d{4,9})<END>`,
  ]),
  tracker('TradeDeskAdvertiserId', 'The Trade Desk advertiser', [
    id`insight\.adsrvr\.org/track/(?:pxl|up|conv)/?\?adv=([a-z0-9]{7})<END>`,
  ]),
  tracker('RevcontentWidget', 'Revcontent widget', [
    id`(?:assets|labs-cdn|trends)\.revcontent\.com/(?:[\w.]{1,20}/){0,2}[\w.]{0,20}\?(?:w|wid)=(\d{4,8})<END>`,
  ]),
];
