import { anyCase, id, lower, tracker, upper, type TrackerRule } from '../rule.ts';

/** Chat, mail marketing, consent, shops, forms, captchas, payment: services that a page is a customer of. */
export const SERVICE_TRACKERS: readonly TrackerRule[] = [
  tracker(
    'IntercomAppId',
    'Intercom workspace',
    [id`widget\.intercom\.io/widget/([a-z0-9]{8})<END>`, id`app_id<IS>([a-z0-9]{8})<Q>`],
    { near: id`intercomSettings|Intercom\(|widget\.intercom\.io` },
  ),
  tracker('DriftId', 'Drift workspace', [id`drift\.load\(<S><Q>([a-z0-9]{10,14})<Q>`]),
  tracker('CrispWebsiteId', 'Crisp website', [id`CRISP_WEBSITE_ID<IS>(<UUID>)`]),
  tracker('TawkToId', 'Tawk.to property', [id`embed\.tawk\.to/([0-9a-f]{24})/`], {
    accept: (value) => !/^(.)\1+$/.test(value),
  }),
  tracker('ZendeskKey', 'Zendesk web widget', [id`static\.zdassets\.com/ekr/snippet\.js\?key=(<UUID>)`]),
  tracker('ZopimKey', 'Zopim (Zendesk Chat) account', [id`v2\.zopim\.com/\?(\w{28,36})<END>`]),
  tracker('LiveChatLicense', 'LiveChat licence', [
    id`__lc\.license<IS>(\d{5,9})<END>`,
    id`__lc<IS>\{<S><Q>?license<IS>(\d{5,9})<END>`,
  ]),
  tracker(
    'JivoSiteId',
    'Jivo widget',
    [
      id`code(?:-[a-z0-9]{2,4})?\.jivosite\.com/(?:script/)?widget/(\w{8,14})<END>`,
      id`widget_id<IS>(\w{10})<Q>`,
    ],
    {
      near: anyCase`jivosite`,
    },
  ),
  tracker('SmartsuppKey', 'Smartsupp account', [id`_smartsupp\.key<IS>([0-9a-f]{40})<Q>`]),
  tracker('TidioKey', 'Tidio project', [id`code\.tidio\.co/([a-z0-9]{32})\.js`]),
  tracker('OlarkSiteId', 'Olark account', [id`olark\.identify\(<Q>([\d-]{14,20})<Q>`]),
  tracker('FreshchatToken', 'Freshchat token', [id`token<IS>(<UUID>)`], {
    near: anyCase`wchat\.freshchat\.com`,
  }),
  tracker('ZohoSalesIqCode', 'Zoho SalesIQ widget', [
    id`widgetcode<IS>([0-9a-f]{64,96})<Q>`,
    id`salesiq\.zoho\.[a-z]{2,3}/widget\?wc=(siq[0-9a-f]{64,96})<END>`,
  ]),
  tracker('UserlikeKey', 'Userlike widget', [
    id`userlike-cdn-widgets\.s3-eu-west-1\.amazonaws\.com/([0-9a-f]{64})\.js`,
  ]),
  tracker(
    'HubSpotPortalId',
    'HubSpot portal',
    [
      id`js(?:-[a-z0-9]{2,4})?\.hs-scripts\.com/(\d{4,9})\.js`,
      id`js(?:-[a-z0-9]{2,4})?\.hs-(?:analytics|banner)\.(?:net|com)/(?:analytics/\d{8,16}/)?(\d{4,9})[/.]`,
      id`portalId<IS>(\d{4,9})<END>`,
      id`hbspt\.cta\.load\(<S>(\d{4,9})<END>`,
    ],
    { near: id`hbspt\.|hs-scripts\.com|hs-analytics\.net|hs-banner\.com` },
  ),
  tracker(
    'MarketoMunchkinId',
    'Marketo instance',
    [
      id`Munchkin\.init\(<S><Q>(\d{3}-[A-Z]{3}-\d{3})<Q>`,
      anyCase`(\d{3}-[A-Z]{3}-\d{3})\.mktoresp\.com`,
      anyCase`MktoForms2\.loadForm\([^()<>]{0,60}?<Q>(\d{3}-[A-Z]{3}-\d{3})<Q>`,
    ],
    { normalise: upper },
  ),
  tracker('PardotAccountId', 'Pardot (Account Engagement) account', [id`piAId<IS>(\d{4,9})<END>`]),
  tracker('EloquaSiteId', 'Eloqua site', [id`elqSetSiteId<Q>,<S><Q>(\d{3,12})<Q>`]),
  tracker('ActiveCampaignId', 'ActiveCampaign account', [id`vgo\(<Q>setAccount<Q>,<S><Q>(\d{6,12})<Q>`]),
  tracker('KlaviyoCompanyId', 'Klaviyo company', [
    id`klaviyo\.com/onsite/js/klaviyo\.js\?company_id=([A-Za-z0-9]{6})<END>`,
    id`static\.klaviyo\.com/onsite/js/([A-Za-z0-9]{6})/klaviyo\.js`,
  ]),
  tracker('MailchimpAccount', 'Mailchimp account', [
    id`list-manage\d?\.com/subscribe(?:/post(?:-json)?)?\?u=([0-9a-f]{20,28})<END>`,
    id`chimpstatic\.com/mcjs-connected/js/users/([0-9a-f]{20,28})/`,
  ]),
  tracker('OneSignalAppId', 'OneSignal application', [id`app_?[iI]d<IS>(<UUID>)`], {
    near: anyCase`onesignal`,
  }),
  tracker('SendinblueKey', 'Brevo (Sendinblue) automation key', [
    id`sibautomation\.com/sa\.js\?key=([a-z0-9]{24,32})<END>`,
  ]),
  tracker(
    'AddThisPubId',
    'AddThis publisher',
    [
      anyCase`addthis_widget\.js#(?:async=1<AND>)?pubid=([\w.@-]{3,60})`,
      anyCase`addthis_pub<IS>([\w.@-]{3,60})<Q>`,
      id`<START>(ra-[0-9a-f]{16})<END>`,
    ],
    { accept: (value) => !/^(?:xa-4[a-z]|YOUR)/i.test(value) },
  ),
  tracker(
    'AddThisUsername',
    'AddThis user name',
    [anyCase`addthis_widget\.js#username=([\w.@-]{3,60})`, anyCase`username<IS>([\w.@-]{3,60})<Q>`],
    { near: anyCase`addthis_(?:config|widget|share)` },
  ),
  tracker('ShareThisProperty', 'ShareThis property', [
    id`platform-api\.sharethis\.com/js/sharethis\.js#property=([0-9a-f]{24})<END>`,
    id`stLight\.options\(\{<S><Q>?publisher<IS>([\w-]{20,40})<Q>`,
  ]),
  tracker(
    'DisqusId',
    'Disqus forum',
    [
      anyCase`(?://|["'])([a-z0-9][a-z0-9-]{1,50})\.disqus\.com/(?:embed|count)\.js`,
      anyCase`disqus_shortname<IS>([a-z0-9][a-z0-9-]{1,50})<Q>`,
    ],
    { normalise: lower, accept: (value) => !/^(?:www|shortname|example|your)/i.test(value) },
  ),
  tracker('GravatarHash', 'Gravatar mail hash', [id`gravatar\.com/avatar/([0-9a-f]{32}|[0-9a-f]{64})<END>`], {
    places: ['page'],
    accept: (value) => !/^0+$/.test(value),
  }),
  tracker('OneTrustDomainId', 'OneTrust site', [id`data-domain-script=["'](<UUID>)`]),
  tracker(
    'CookiebotId',
    'Cookiebot domain group',
    [anyCase`data-cbid=["'](<UUID>)`, anyCase`consent\.cookiebot\.com/(<UUID>)/`],
    { normalise: lower },
  ),
  tracker('UsercentricsId', 'Usercentrics settings', [id`data-settings-id=["']([\w-]{8,14})["']`], {
    near: id`usercentrics`,
    places: ['page'],
  }),
  tracker('IubendaPolicyId', 'Iubenda policy', [
    id`cookiePolicyId<IS>(\d{6,9})<END>`,
    id`iubenda\.com/privacy-policy/(\d{6,9})<END>`,
  ]),
  tracker('CookieYesKey', 'CookieYes site', [id`cdn-cookieyes\.com/client_data/([0-9a-f]{24})/`]),
  tracker('DidomiKey', 'Didomi organisation', [id`sdk\.privacy-center\.org/(<UUID>)/`]),
  tracker(
    'HCaptchaSiteKey',
    'hCaptcha site key',
    [anyCase`data-sitekey=["'](<UUID>)["']`, anyCase`sitekey<IS>(<UUID>)`],
    {
      normalise: lower,
      near: anyCase`h-?captcha`,
      accept: (value) => !/^[012]0000000-ffff-ffff-ffff/.test(value),
    },
  ),
  tracker('TurnstileSiteKey', 'Cloudflare Turnstile site key', [id`<START>(0x4AA[\w-]{17,21})<END>`]),
  tracker('FriendlyCaptchaSiteKey', 'Friendly Captcha site key', [id`<START>(FCM[A-Z0-9]{13})<END>`]),
  tracker(
    'ArkoseKey',
    'Arkose Labs public key',
    [anyCase`(?:arkoselabs|funcaptcha)\.com/(?:v2|fc)/(?:gc/\?pk=|gt2/public_key/)?(<UUID>)`],
    { normalise: upper },
  ),
  tracker('GeeTestId', 'GeeTest captcha id', [id`captchaId<IS>([0-9a-f]{32})<Q>`], {
    near: anyCase`geetest|gt4`,
  }),
  tracker('StripePublishableKey', 'Stripe publishable key', [
    id`<START>(pk_(?:live|test)_[A-Za-z0-9]{16,120})<END>`,
  ]),
  tracker('PayPalClientId', 'PayPal client', [
    id`paypal\.com/sdk/js\?(?:[abd-z][a-z-]{2,20}=[\w,.-]{1,40}<AND>){0,3}client-id=([\w-]{60,100})<END>`,
  ]),
  tracker(
    'PayPalButtonId',
    'PayPal hosted button',
    [
      anyCase`hosted_button_id["']?\s{1,4}value=["']([A-Z0-9]{8,16})["']`,
      anyCase`[?&;]hosted_button_id=([A-Z0-9]{8,16})<END>`,
    ],
    { normalise: upper },
  ),
  tracker(
    'PayPalMeName',
    'PayPal.me name',
    [anyCase`(?:paypal\.me|paypal\.com/paypalme)/([A-Za-z0-9]{2,20})<END>`],
    { places: ['page'], normalise: lower },
  ),
  tracker('SquareApplicationId', 'Square application', [id`<START>(sq0idp-[\w-]{22})<END>`]),
  tracker('RazorpayKey', 'Razorpay key', [id`<START>(rzp_(?:live|test)_[A-Za-z0-9]{14})<END>`]),
  tracker('PaystackKey', 'Paystack public key', [id`<START>(pk_(?:live|test)_[0-9a-f]{40})<END>`], {
    near: anyCase`paystack`,
  }),
  tracker('BuyMeACoffeeName', 'Buy Me a Coffee name', [anyCase`buymeacoffee\.com/([a-z0-9._-]{3,40})<END>`], {
    places: ['page'],
    normalise: lower,
    accept: (value) => value !== 'assets' && value !== 'widget',
  }),
  tracker('KofiName', 'Ko-fi name', [anyCase`ko-fi\.com/([a-z0-9_]{3,40})<END>`], {
    places: ['page'],
    normalise: lower,
    accept: (value) => !['widgets', 'img', 's', 'home'].includes(value.toLowerCase()),
  }),
  tracker('PatreonName', 'Patreon creator', [anyCase`patreon\.com/([a-z0-9_]{3,60})<END>`], {
    places: ['page'],
    normalise: lower,
    accept: (value) =>
      ![
        'https',
        'http',
        'bepatron',
        'user',
        'join',
        'posts',
        'https',
        'http',
        'bepatron',
        'become',
        'creation',
        'api',
        'oauth2',
        'login',
        'explore',
      ].includes(value.toLowerCase()),
  }),
  tracker('ShopifyShop', 'Shopify shop', [anyCase`<START>([a-z0-9][a-z0-9-]{2,60})\.myshopify\.com`], {
    normalise: lower,
    accept: (value) =>
      !['checkout', 'www', 'your-store', 'your-shop', 'shop', 'accounts'].includes(value.toLowerCase()),
  }),
  tracker('TypeformId', 'Typeform form', [
    id`typeform\.com/to/([A-Za-z0-9]{6,10})<END>`,
    id`data-tf-(?:widget|live|popup)=["'](\w{6,32})["']`,
  ]),
  tracker('JotformId', 'Jotform form', [
    id`jotform\.(?:com|us|co|eu)/(?:jsform/|form/|submit/)?(\d{12,16})<END>`,
  ]),
  tracker(
    'FormspreeId',
    'Formspree form',
    [
      anyCase`formspree\.io/f/([a-z]{8})<END>`,
      anyCase`formspree\.io/([\w.+-]{2,60}@(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,12})`,
    ],
    { normalise: lower },
  ),
  tracker(
    'FormSubmitTarget',
    'FormSubmit recipient',
    [
      anyCase`formsubmit\.co/(?:ajax/)?([0-9a-f]{32}|[\w.+-]{2,60}@(?:[a-z0-9-]{1,40}\.){1,3}[a-z]{2,12})<END>`,
    ],
    { normalise: lower },
  ),
  tracker('FormBoldId', 'FormBold form', [id`formbold\.com/s/([A-Za-z0-9]{5,8})<END>`]),
  tracker('GetformId', 'Getform endpoint', [id`getform\.io/f/([a-z0-9-]{6,40})<END>`]),
  tracker('BasinId', 'Basin form', [id`usebasin\.com/f/([0-9a-f]{10,14})<END>`]),
  tracker('SubmitFormId', 'Submit-form endpoint', [id`submit-form\.com/([A-Za-z0-9_-]{6,14})<END>`]),
  tracker('EmailJsUserId', 'EmailJS user', [
    id`emailjs\.init\(<S>(?:\{<S><Q>?publicKey<IS>|<Q>)((?:user_)?[\w-]{14,26})<Q>`,
  ]),
  tracker('Web3FormsKey', 'Web3Forms access key', [
    id`access_key<IS>(<UUID>)`,
    id`access_key["']\s{1,4}value=["'](<UUID>)["']`,
  ]),
  tracker('SupabaseProject', 'Supabase project', [id`<START>([a-z]{20})\.supabase\.co<END>`]),
  tracker('InfuraProjectId', 'Infura project', [id`\.infura\.io/(?:ws/)?v3/([0-9a-f]{32})<END>`]),
  tracker('AlchemyKey', 'Alchemy key', [
    id`\.(?:alchemy|g\.alchemy|alchemyapi)\.(?:com|io)/v2/([\w-]{32})<END>`,
  ]),
  tracker('WalletConnectProjectId', 'WalletConnect project', [id`projectId<IS>([0-9a-f]{32})<Q>`], {
    near: anyCase`walletconnect|web3modal|reown`,
  }),
  tracker('TelegramBotToken', 'Telegram bot token', [id`(?<![\w:])(?:bot)?(\d{8,10}:AA[\w-]{33})<END>`]),
  tracker('DiscordWebhook', 'Discord webhook', [
    id`discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/(\d{17,20}/[\w-]{60,72})<END>`,
  ]),
  tracker('SlackWebhook', 'Slack webhook', [
    id`hooks\.slack\.com/services/(T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{24})<END>`,
  ]),
  tracker(
    'MicrosoftTeamsWebhook',
    'Microsoft Teams webhook',
    [anyCase`(?:outlook\.office|[a-z0-9-]{1,40}\.webhook\.office)\.com/webhook(?:b2)?/(<UUID>@<UUID>)/`],
    { normalise: lower },
  ),
  tracker(
    'EthereumContractCall',
    'Contract read by page code',
    [anyCase`<Q>to<Q><S>:<S><Q>(0x[0-9a-f]{40})<Q>`],
    { near: anyCase`eth_call`, places: ['page', 'script'], normalise: lower },
  ),
];
