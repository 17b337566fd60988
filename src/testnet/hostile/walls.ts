import { htmlReply, redirectReply, scriptReply } from '../reply.ts';
import type { Reply, TestRequest } from '../site.ts';
import { hostilePage, type HostilePage } from './hostile-page.ts';

const LURE =
  '<!doctype html><title>Your parcel</title><h1>Your parcel is waiting</h1><form action="/pay" method="post"><input name="card"><button>Pay the fee</button></form>';
const DECOY =
  '<!doctype html><title>Garden tips</title><h1>Ten tips for your garden</h1><p>Water the roses.</p>';

/** Sites that let only some visitors in: bot walls, and pages that differ by who asks. */
export const wallPages: readonly HostilePage[] = [
  hostilePage(
    'challenge-wall',
    'Answers 403 with a page that checks the browser, as a CDN does.',
    htmlReply(
      `<!doctype html><html lang="en"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow"></head>
<body><div class="main-wrapper"><h1>challenge-wall.hostile.example</h1><p id="cf-challenge-running">Checking whether the site connection is secure</p>
<noscript>Enable JavaScript and cookies to continue</noscript></div>
<script>window._cf_chl_opt = { cType: "managed", cRay: "8f0000000000abcd" };</script>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=8f0000000000abcd"></script></body></html>`,
      {
        status: 403,
        headers: { server: 'cloudflare', 'cf-mitigated': 'challenge', 'cf-ray': '8f0000000000abcd-FRA' },
      },
    ),
    {
      outcomes: ['blocked'],
      routes: {
        '/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1': scriptReply('window.challenged = true;'),
      },
    },
  ),
  hostilePage(
    'too-many-requests',
    'Answers 429 and says when to come back.',
    htmlReply('<!doctype html><title>429 Too Many Requests</title><h1>Too Many Requests</h1>', {
      status: 429,
      headers: { 'retry-after': '3600' },
    }),
    { outcomes: ['blocked'] },
  ),
  hostilePage(
    'captcha-wall',
    'Shows a captcha before anything else, with status 200.',
    `<!doctype html><title>Verify you are human</title><h1>Verify you are human</h1><p>Complete the check below to continue to the site.</p>
<form method="post"><div class="g-recaptcha" data-sitekey="6LcFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKEF"></div><button>Continue</button></form>`,
    { outcomes: ['blocked', 'ok'] },
  ),
  hostilePage(
    'cloaked-by-agent',
    'Sends Android telephones to an app file and shows everyone else garden tips.',
    ({ headers }: TestRequest) =>
      /Android/.test(headers['user-agent'] ?? '') ? redirectReply(302, '/app') : htmlReply(DECOY),
    {
      routes: {
        '/app': htmlReply(
          '<!doctype html><title>Install</title><h1>Install our app</h1><a href="/app.apk">Download</a>',
        ),
      },
    },
  ),
  hostilePage('cloaked-by-language', 'Shows its lure to visitors who prefer German only.', ({ headers }) =>
    htmlReply(/^de\b/i.test(headers['accept-language'] ?? '') ? LURE : DECOY),
  ),
  hostilePage(
    'cloaked-by-referrer',
    'Shows its lure to those who followed a link, and 404 to those who typed the address.',
    byReferrer,
    { outcomes: ['ok', 'httpError'] },
  ),
  hostilePage(
    'first-visit-only',
    'Shows its lure once to each browser: a cookie tells who was here.',
    ({ headers }) =>
      /\bseen=1\b/.test(headers['cookie'] ?? '')
        ? htmlReply(DECOY)
        : htmlReply(LURE, { headers: { 'set-cookie': 'seen=1; Path=/; Max-Age=86400' } }),
  ),
];

function byReferrer({ headers }: TestRequest): Reply {
  return headers['referer'] === undefined
    ? htmlReply('<h1>Not Found</h1>', { status: 404 })
    : htmlReply(LURE);
}

/** Hosts that cannot be reached in order: by name, by connection, by certificate. */
export const unreachablePages: readonly HostilePage[] = [
  hostilePage('expired-certificate', 'Has a certificate that expired.', LURE, {
    certificate: 'expired',
    outcomes: ['tlsFault', 'ok'],
  }),
  hostilePage('wrong-name-certificate', 'Has the certificate of another host.', LURE, {
    certificate: 'wrongName',
    outcomes: ['tlsFault', 'ok'],
  }),
  hostilePage('self-signed-certificate', 'Has a certificate signed by itself.', LURE, {
    certificate: 'selfSigned',
    outcomes: ['tlsFault', 'ok'],
  }),
  hostilePage('no-such-name', 'Has a name that does not exist.', LURE, {
    dns: { fault: 'NXDOMAIN' },
    outcomes: ['dnsFailure'],
  }),
  hostilePage('broken-name-server', 'Has a name server that fails.', LURE, {
    dns: { fault: 'SERVFAIL' },
    outcomes: ['dnsFailure'],
  }),
  hostilePage('silent-name-server', 'Has a name server that gives no answer for half a minute.', LURE, {
    dns: { fault: 'TIMEOUT', delayMs: 30_000 },
    limit: 'loadMs',
    outcomes: ['dnsFailure', 'timeout'],
  }),
  hostilePage('closed-port', 'Refuses connections.', LURE, {
    connect: 'refused',
    outcomes: ['connectionFailure'],
  }),
  hostilePage('silent-host', 'Never answers a connection attempt.', LURE, {
    connect: 'timeout',
    limit: 'loadMs',
    outcomes: ['timeout', 'connectionFailure'],
  }),
  hostilePage('private-address', 'Has a name that leads into a private network.', LURE, {
    addresses: ['10.0.0.17'],
    outcomes: ['refused'],
  }),
];
