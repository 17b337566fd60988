import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLikeBotWall, type WallSuspect } from './bot-wall.ts';

const CONTENT = `<p>${'Wallets, prices and news for everyone who trades coins today. '.repeat(40)}</p>`;

function page(html: string, status = 200, headers: WallSuspect['headers'] = []): WallSuspect {
  return { status, headers, html };
}

/** Name, what the wall shows instead of the page, and a page that only uses the product. */
const WALLS: readonly (readonly [
  wall: string,
  shown: readonly WallSuspect[],
  used: readonly WallSuspect[],
])[] = [
  [
    'Cloudflare',
    [
      page('', 403, [['CF-Mitigated', 'challenge']]),
      page('<title>Just a moment...</title><script>window._cf_chl_opt={cvId:"3"};</script>', 503),
      page(
        '<title>Attention Required! | Cloudflare</title><div id="cf-error-details">Sorry, you have been blocked</div>',
        403,
      ),
      page(
        '<title>Access denied</title><div id="cf-wrapper"><div id="cf-error-details">Error code: 1020</div></div>',
        403,
      ),
    ],
    [
      page(`${CONTENT}<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>`, 200, [
        ['server', 'cloudflare'],
        ['cf-ray', '8'],
      ]),
      page(
        '<title>origin is down</title><div id="cf-wrapper"><div id="cf-error-details">Error code 522</div></div>',
        522,
      ),
      page('<h1>Not found</h1>', 404, [['server', 'cloudflare']]),
    ],
  ],
  [
    'Akamai',
    [
      page("<TITLE>Access Denied</TITLE>You don't have permission<P>Reference&#32;&#35;18&#46;9d", 403, [
        ['Server', 'AkamaiGHost'],
      ]),
      page('<h1>Access Denied</h1>https://errors.edgesuite.net/18.9d', 403),
      page(
        '<div id="sec-if-cpt-container"></div><script src="/_sec/cp_challenge/ak-challenge-4-5.htm"></script>',
        428,
      ),
      page('<meta http-equiv="refresh" content="5; URL=\'/?bm-verify=AAQ\'" />', 200),
    ],
    [page(CONTENT, 200, [['server', 'AkamaiGHost']]), page('<h1>Access denied</h1> for your account', 403)],
  ],
  [
    'DataDome',
    [
      page(
        "<p id=cmsg>Please enable JS</p><script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>",
        403,
        [['x-datadome', 'protected']],
      ),
      page('', 403, [['X-DD-B', '1']]),
    ],
    [
      page(`${CONTENT}<script src="https://js.datadome.co/tags.js"></script>`, 200, [
        ['x-datadome', 'protected'],
      ]),
    ],
  ],
  [
    'HUMAN (PerimeterX)',
    [
      page('<title>Access to this page has been denied.</title><div id="px-captcha"></div>', 403),
      page('{"appId":"PXabc","jsClientSrc":"/x","blockScript":"//captcha.px-cdn.net/PXabc/captcha.js"}', 403),
    ],
    [
      page(
        `${CONTENT}<script>window._pxAppId='PXabc'</script><script src="//client.px-cloud.net/PXabc/main.min.js"></script>`,
      ),
    ],
  ],
  [
    'Imperva',
    [
      page('<iframe src="/_Incapsula_Resource?CWUDNSAI=20&xinfo=1"></iframe>', 200),
      page('Request unsuccessful. Incapsula incident ID: 12-34', 403),
      page('<title>Pardon Our Interruption</title>', 200),
    ],
    [
      page(`<script src="/_Incapsula_Resource?SWJIYLWA=719d34d3"></script>${CONTENT}`, 200, [
        ['x-iinfo', '1'],
        ['x-cdn', 'Incapsula'],
      ]),
    ],
  ],
  [
    'AWS WAF',
    [
      page('', 202, [['x-amzn-waf-action', 'challenge']]),
      page(
        '<script>window.gokuProps = {}</script><script src="https://a.token.awswaf.com/challenge.js">',
        202,
      ),
      page('<script src="https://x.captcha.awswaf.com/captcha.js">', 405),
    ],
    [page(`${CONTENT}<script src="https://a.edge.sdk.awswaf.com/challenge.js"></script>`)],
  ],
  [
    'DDoS-Guard',
    [
      page('<title>DDoS-Guard</title>Checking', 403),
      page('<script src="/.well-known/ddos-guard/js-challenge/index.js"></script>', 403),
    ],
    [page(CONTENT, 200, [['server', 'ddos-guard']])],
  ],
  [
    'Sucuri',
    [
      page("<script>var s={},u,c;sucuri_cloudproxy_js=''</script>", 200),
      page('', 403, [['X-Sucuri-Block', 'EXP001']]),
      page('<title>Sucuri WebSite Firewall - Access Denied</title>', 403),
    ],
    [
      page(CONTENT, 200, [
        ['server', 'Sucuri/Cloudproxy'],
        ['x-sucuri-id', '14005'],
      ]),
    ],
  ],
  [
    'Kasada',
    [page('<script>window.KPSDK={};</script><script src="/1/2/ips.js"></script>', 429)],
    [page(`${CONTENT}<script src="/1/2/p.js"></script><script>window.KPSDK={}</script>`)],
  ],
  [
    'F5',
    [
      page(
        '<script>window["bobcmn"]="1"</script><noscript>Please enable JavaScript. Your support ID is 1</noscript>',
      ),
      page('The requested URL was rejected. Please consult with your administrator.'),
    ],
    [page(`${CONTENT}<script src="/TSPD/08a"></script>`)],
  ],
  [
    'Vercel',
    [page('', 429, [['x-vercel-mitigated', 'challenge']])],
    [page(CONTENT, 200, [['server', 'Vercel']])],
  ],
  [
    'Fastly',
    [page('<title>Client Challenge</title><script src="/_fs-ch-1T1wmsGa/script.js"></script>')],
    [page(CONTENT, 200, [['x-served-by', 'cache-fra']])],
  ],
  [
    'Anubis',
    [page('<script id="anubis_challenge" type="application/json">{}</script>')],
    [page('<h1>Anubis</h1> god of the dead')],
  ],
  [
    'Alibaba',
    [page('<script>location="/_____tmd_____/punish?x5secdata=1"</script>')],
    [page(`${CONTENT} x5secdata`)],
  ],
  [
    'Qrator',
    [page('<script src="/__qrator/qauth.js"></script>', 401)],
    [page(CONTENT, 200, [['server', 'QRATOR']])],
  ],
  [
    'Reblaze',
    [page('<script>window.rbzns={}</script>', 247)],
    [page(`${CONTENT}<script>window.rbzns={}</script>`)],
  ],
  [
    'Wordfence',
    [page('<h1>Your access to this site has been limited</h1><!-- Generated by Wordfence -->', 503)],
    [page('Generated by Wordfence', 200)],
  ],
  [
    'Google',
    [page('<p>Our systems have detected unusual traffic from your computer network.', 429)],
    [page(`${CONTENT} Our systems have detected unusual traffic`)],
  ],
  [
    'Amazon',
    [page('<form method="get" action="/errors/validateCaptcha">')],
    [page('<form action="/search">')],
  ],
  [
    'Turnstile',
    [
      page('<div class="cf-turnstile" data-sitekey="0x"></div>', 403),
      page(
        '<h1>Are you human?</h1><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>',
      ),
    ],
    [
      page(
        '<form>Log in <input type=password><div class="cf-turnstile"></div></form> to show you are a human',
      ),
      page(`${CONTENT}<div class="cf-turnstile"></div>`),
    ],
  ],
  [
    'hCaptcha',
    [
      page('<script src="https://js.hcaptcha.com/1/api.js"></script>', 403),
      page('One more step: complete the captcha <div class="h-captcha"></div>'),
    ],
    [
      page('<form>Write to us<div class="h-captcha"></div></form>'),
      page(`${CONTENT}<div class="h-captcha"></div>`, 403),
    ],
  ],
  [
    'reCAPTCHA',
    [
      page('<script src="https://www.google.com/recaptcha/api.js"></script>', 429),
      page('I am not a robot <div class="g-recaptcha"></div>'),
    ],
    [
      page(`${CONTENT}<script src="https://www.google.com/recaptcha/api.js?render=k"></script>`),
      page('Sign up <div class="g-recaptcha"></div>'),
    ],
  ],
  [
    'JavaScript challenge',
    [
      page('<title>Just a moment...</title><script>go()</script>', 503),
      page('<title>Loading</title>Checking your browser before accessing the site<script>x()</script>'),
      page('<html><body><script>document.cookie="k="+h(1);location.reload()</script></body></html>'),
    ],
    [
      page(`<title>Just a moment in history</title>${CONTENT}<script>x()</script>`),
      page(`<h1>How to verify that you are human</h1>${CONTENT}<script>x()</script>`),
      page(
        '<script>document.cookie="a=1"</script><p>Welcome to the shop, please choose one of our many products below.</p><script>location.reload</script>',
      ),
      page('<title>404 Not Found</title>', 404),
      page('', 403),
    ],
  ],
  [
    'rate limiting',
    [page('<h1>Too Many Requests</h1>', 429)],
    [page('<h1>Service Unavailable</h1>', 503), page(CONTENT, 429)],
  ],
];

for (const [wall, shown, used] of WALLS) {
  for (const [index, suspect] of shown.entries()) {
    test(`${wall}: interstitial ${index + 1} is recognised`, () =>
      assert.equal(looksLikeBotWall(suspect), wall));
  }
  for (const [index, suspect] of used.entries()) {
    test(`${wall}: ordinary page ${index + 1} is no wall`, () =>
      assert.equal(looksLikeBotWall(suspect), undefined));
  }
}

test('a fake wall that makes its visitor run a command is content', () => {
  const wall = '<title>Just a moment...</title><script>x()</script>Verify you are human.';
  assert.equal(looksLikeBotWall(page(wall)), 'JavaScript challenge');
  assert.equal(looksLikeBotWall(page(`${wall} Press Windows + R, then Ctrl+V and Enter`)), undefined);
});

test('a huge page is judged in bounded work', () => {
  assert.equal(looksLikeBotWall(page(`<script>${'document.cookie= '.repeat(200_000)}`)), undefined);
  assert.equal(looksLikeBotWall(page('<'.repeat(2_000_000))), undefined);
});
