import { iconOf, mix, paintPng, type Colour } from '../art/png.ts';
import { svg } from '../art/svg.ts';
import { content } from '../content.ts';
import { hostNamed } from '../names.ts';
import { http1Server, serve } from '../server.ts';
import { libraries, trackers } from '../third-parties.ts';
import { installer } from './code-host.ts';

/** The second genuine site: a wallet's plain home page, with style sheet, script and picture under versioned URLs. */
export const ELECTRUM = hostNamed('electrum.org');
export const ELECTRUM_DOWNLOADS = hostNamed('download.electrum.org');

const VERSION = '3.0.2';
const DOWNLOADS = `https://${ELECTRUM_DOWNLOADS}/${VERSION}`;

export const ELECTRUM_FILES = {
  windows: `electrum-${VERSION}-setup.exe`,
  mac: `electrum-${VERSION}.dmg`,
  linux: `Electrum-${VERSION}.tar.gz`,
  android: `Electrum-${VERSION}.0-release.apk`,
} as const;

const home = page({
  title: 'Electrum Bitcoin Wallet',
  main: `<section class="intro">
  <div>
    <h1>A light wallet since 2011</h1>
    <p>It starts at once, keeps your keys at home, and asks servers only for what it can check itself.</p>
    <p><a class="go" href="#download">Download ${VERSION}</a></p>
  </div>
  <img src="img/horizon.png?size=2x" alt="" width="420" height="240">
</section>
<section class="points">
  <div><h3>Instant on</h3><p>Headers only: no chain to fetch, no afternoon to wait.</p></div>
  <div><h3>Keys at home</h3><p>They are encrypted and never leave the machine they were made on.</p></div>
  <div><h3>Twelve words</h3><p>Write them down once; every coin comes back from them.</p></div>
</section>
<section id="download">
  <h2>Latest release: ${VERSION}</h2>
  <table class="files">
    <tr><th>System</th><th>File</th><th>Signature</th></tr>
    <tr><td>Windows</td><td><a class="file-windows" href="${DOWNLOADS}/${ELECTRUM_FILES.windows}">Installer</a></td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.windows}.asc">signature</a></td></tr>
    <tr><td>macOS</td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.mac}">Disk image</a></td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.mac}.asc">signature</a></td></tr>
    <tr><td>Linux</td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.linux}">Archive</a></td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.linux}.asc">signature</a></td></tr>
    <tr><td>Android</td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.android}">Package</a></td><td><a href="${DOWNLOADS}/${ELECTRUM_FILES.android}.asc">signature</a></td></tr>
  </table>
</section>
<section>
  <h2>News by mail</h2>
  <form method="post" action="/subscribe"><input type="email" name="address" placeholder="you@mail.example"> <button>Subscribe</button></form>
</section>`,
});

const community = page({
  title: 'Community | Electrum Bitcoin Wallet',
  main: `<section><h1>Community</h1><p>Questions go to the forum, faults to the tracker, thanks to the people who translate.</p>
<p><a href="index.html">Back to the start</a></p></section>`,
});

const documentation = page({
  title: 'Documentation | Electrum Bitcoin Wallet',
  main: '<section><h1>Documentation</h1><p>Making a wallet, getting one back, paying, signing without a network.</p></section>',
});

const STYLE = `body { margin: 0; color: #333; font: 16px/1.6 Lato, 'Helvetica Neue', Helvetica, Arial, sans-serif; background: #fff; }
.bar { background: #1d2f4e; }
.bar > div { width: 980px; max-width: 92%; margin: 0 auto; display: flex; align-items: center; height: 70px; }
.bar a { color: #d8e2f3; text-decoration: none; margin-left: 26px; font-size: 15px; }
.bar a:first-child { margin: 0 auto 0 0; }
main { width: 980px; max-width: 92%; margin: 0 auto; }
section { padding: 34px 0; border-bottom: 1px solid #e7eaf0; }
.intro { display: flex; align-items: center; }
.intro > div { flex: 1; padding-right: 40px; }
.intro img { border-radius: 6px; }
h1 { font-size: 38px; line-height: 1.2; color: #1d2f4e; margin: 0 0 14px; }
h2 { color: #1d2f4e; }
.go { display: inline-block; background: #2f7fd1; color: #fff; padding: 12px 30px; border-radius: 4px; text-decoration: none; }
.points { display: flex; }
.points div { flex: 1; padding-right: 30px; }
.files { border-collapse: collapse; width: 100%; }
.files th, .files td { text-align: left; padding: 11px 16px; border-bottom: 1px solid #e7eaf0; }
.files tr:nth-child(even) { background: #f5f8fc; }
a { color: #2f7fd1; }
input, button { font: inherit; padding: 8px 14px; }
footer { width: 980px; max-width: 92%; margin: 0 auto; padding: 24px 0; color: #888; font-size: 14px; }
`;

const wordmark = svg(
  220,
  50,
  '<circle cx="25" cy="25" r="19" fill="none" stroke="#5fa8f5" stroke-width="3"/><circle cx="25" cy="25" r="7" fill="#5fa8f5"/><circle cx="42" cy="17" r="4" fill="#fff"/><text x="58" y="34" font-family="Lato,Helvetica,Arial,sans-serif" font-size="27" font-weight="700" fill="#fff">Electrum</text>',
);

const BLUE: Colour = [47, 127, 209];
const favicon = content.icon(
  iconOf(
    paintPng(16, 16, (x, y) =>
      mix([255, 255, 255], BLUE, Math.abs(Math.hypot(x - 0.47, y - 0.47) - 0.36) < 0.12 ? 1 : 0),
    ),
    16,
  ),
);

/** What the copying tool finds on the genuine site: each file by path and query. */
export const electrumFiles = {
  '/index.html': content.html(home),
  '/community.html': content.html(community),
  '/documentation.html': content.html(documentation),
  '/css/main.css?v=2': content.css(STYLE),
  '/css/print.css': content.css('@media print { .bar, footer { display: none; } }\n'),
  '/js/site.js?v=11&lang=en': content.script(
    "$(function () {\n  $('.files tr').each(function (n) { if (n % 2) this.title = 'Check the signature'; });\n});\n",
  ),
  '/img/logo.svg': content.svg(wordmark),
  '/img/horizon.png?size=2x': content.png(
    paintPng(420, 240, (x, y) => mix([215, 232, 250], BLUE, y * 0.8 + 0.25 * Math.sin(x * 9) * y)),
  ),
  '/img/favicon.ico': favicon,
} as const;

const SERVER = http1Server(
  { Server: 'Apache/2.4.10 (Debian)' },
  { 'Strict-Transport-Security': 'max-age=15768000', 'Content-Language': 'en' },
);

export const electrumSites = [
  serve(
    ELECTRUM,
    SERVER,
    {
      ...electrumFiles,
      '/': electrumFiles['/index.html'],
      '/favicon.ico': favicon,
      '/subscribe': content.text('Thank you.\n'),
    },
    { redirectsToHttps: true },
  ),
  serve(ELECTRUM_DOWNLOADS, SERVER, {
    [`/${VERSION}/${ELECTRUM_FILES.windows}`]: installer('exe', ELECTRUM_FILES.windows, 260_000),
    [`/${VERSION}/${ELECTRUM_FILES.mac}`]: installer('dmg', ELECTRUM_FILES.mac, 250_000),
    [`/${VERSION}/${ELECTRUM_FILES.linux}`]: installer('gzip', ELECTRUM_FILES.linux, 180_000),
    [`/${VERSION}/${ELECTRUM_FILES.android}`]: installer('zip', ELECTRUM_FILES.android, 210_000),
    ...Object.fromEntries(
      Object.values(ELECTRUM_FILES).map((name) => [
        `/${VERSION}/${name}.asc`,
        content.text(`No signature: ${name} is an inert file of a test internet.\n`),
      ]),
    ),
  }),
];

function page({ title, main }: { title: string; main: string }): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="shortcut icon" href="img/favicon.ico">
${libraries.normalize}
<link rel="stylesheet" href="css/main.css?v=2">
<link rel="stylesheet" media="print" href="css/print.css">
${libraries.jquery}
${trackers.analytics('UA-40928315-1')}
</head>
<body>
<header class="bar"><div>
  <a href="index.html"><img src="img/logo.svg" alt="Electrum" width="220" height="50"></a>
  <a href="index.html#download">Download</a>
  <a href="documentation.html">Documentation</a>
  <a href="community.html">Community</a>
</div></header>
<main>
${main}
</main>
<footer>Free software under the MIT licence.</footer>
<script src="js/site.js?v=11&amp;lang=en"></script>
</body>
</html>
`;
}
