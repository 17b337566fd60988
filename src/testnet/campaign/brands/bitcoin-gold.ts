import { coin, landscape, network } from '../art/svg.ts';
import { mix, paintPng, iconOf, type Colour } from '../art/png.ts';
import { content } from '../content.ts';
import { hostNamed } from '../names.ts';
import { http2Server, serve } from '../server.ts';
import { libraries, trackers } from '../third-parties.ts';
import { CODE_HOST, WALLET_FILES } from './code-host.ts';
import { SCRIPT, STYLE } from './bitcoin-gold-look.ts';

/** The genuine site that the campaign imitates: a landing page of 2017 with a logo and a roadmap button, and four more pages. */
export const BITCOIN_GOLD = hostNamed('bitcoingold.org');
export const BITCOIN_GOLD_ANALYTICS = 'UA-108214377-1';

const RELEASES = `https://${CODE_HOST}/btg-wallet/releases`;

const features = [
  [
    'mining.svg',
    'Mined at home',
    'The proof of work fits in the memory of an ordinary graphics card. No special machines, no queue for them.',
  ],
  [
    'ledger.svg',
    'A shared past',
    'Balances start from the ledger as it stood at block 491,407. Whoever held coins then holds as many here.',
  ],
  [
    'replay.svg',
    'No mixed-up payments',
    'Signatures carry a mark of the chain they belong to, so a payment here can never be repeated over there.',
  ],
  [
    'people.svg',
    'Run by its users',
    'Funds for development are locked for three years and released month by month, in public.',
  ],
] as const;

/** The page that the fakes are edited copies of. */
export const bitcoinGoldIndex = layout({
  path: '/',
  title: 'Bitcoin Gold | A coin that anybody can mine',
  main: `
  <section class="hero" id="top">
    <div class="container">
      <div class="hero-logo">
        <img class="hero-coin" src="img/coin.svg" alt="Bitcoin Gold" width="190" height="190">
        <h1>Bitcoin <span>Gold</span></h1>
        <p class="lead">The ledger you know, mined on hardware that you can buy around the corner.</p>
      </div>
      <div class="hero-buttons">
        <a class="button button-line" href="roadmap/" id="roadmap-button">Roadmap</a>
      </div>
    </div>
  </section>

  <section class="features" id="about">
    <div class="container">
      <h2>Why another chain?</h2>
      <div class="cards">${features
        .map(
          ([image, title, text]) => `
        <article class="card"><img src="img/${image}" alt="" width="72" height="72"><h3>${title}</h3><p>${text}</p></article>`,
        )
        .join('')}
      </div>
    </div>
  </section>

  <section class="figures">
    <div class="container">
      <div><b data-count="491407">491,407</b><span>block of the split</span></div>
      <div><b data-count="10">10</b><span>minutes a block</span></div>
      <div><b data-count="21">21</b><span>million coins, ever</span></div>
      <div><b data-count="37">37</b><span>pools at work</span></div>
    </div>
  </section>

  <section class="wallets" id="wallets">
    <div class="container">
      <h2>Wallets</h2>
      <p class="sub">Built in the open. Check the signature before you run anything.</p>
      <table>
        <tr><th>System</th><th>File</th><th>Version</th></tr>
        <tr><td>Windows</td><td><a class="wallet wallet-windows" href="${RELEASES}/${WALLET_FILES.windows}">${WALLET_FILES.windows}</a></td><td>0.15.0.1</td></tr>
        <tr><td>macOS</td><td><a class="wallet wallet-mac" href="${RELEASES}/${WALLET_FILES.mac}">${WALLET_FILES.mac}</a></td><td>0.15.0.1</td></tr>
        <tr><td>Linux</td><td><a class="wallet wallet-linux" href="${RELEASES}/${WALLET_FILES.linux}">${WALLET_FILES.linux}</a></td><td>0.15.0.1</td></tr>
      </table>
    </div>
  </section>

  <section class="map">
    <div class="container">
      <img src="img/network.png" alt="Nodes of the network" width="1000" height="417">
    </div>
  </section>`,
});

const roadmap = [
  ['24 October 2017', 'Split', 'The ledger is copied at block 491,407.'],
  ['12 November 2017', 'Open network', 'Mining starts for everybody, with the first 37 pools.'],
  ['December 2017', 'Wallets', 'Signed builds for three systems, paper wallets, hardware wallets.'],
  ['First half of 2018', 'Payments', 'Channels for small payments, a directory of shops.'],
] as const;

const pages = {
  '/': bitcoinGoldIndex,
  '/index.html': bitcoinGoldIndex,
  '/roadmap/': layout({
    path: '/roadmap/',
    title: 'Roadmap | Bitcoin Gold',
    main: `
  <section class="page"><div class="container"><h1>Roadmap</h1><ol class="roadmap">${roadmap
    .map(([when, what, text]) => `<li><b>${when}</b><h3>${what}</h3><p>${text}</p></li>`)
    .join('')}</ol></div></section>`,
  }),
  '/about/': layout({
    path: '/about/',
    title: 'About | Bitcoin Gold',
    main: `
  <section class="page"><div class="container"><h1>About</h1><img src="../img/valley.svg" alt="" width="640" height="360">
  <p>Nine people in six time zones, most of them miners before they were developers. We write in the open and meet on Thursdays.</p></div></section>`,
  }),
  '/faq/': layout({
    path: '/faq/',
    title: 'Questions | Bitcoin Gold',
    main: `
  <section class="page"><div class="container"><h1>Questions</h1>
  <h3>Where are my coins?</h3><p>Where your keys are. If an exchange holds them, ask the exchange.</p>
  <h3>Do you send wallets by mail?</h3><p>No. We never send links to software by mail.</p></div></section>`,
  }),
} as const;

const GOLD: Colour = [233, 180, 54];
const NIGHT: Colour = [16, 22, 40];

/** Every file that the index needs, by its path on the genuine site. */
export const bitcoinGoldAssets = {
  '/css/style.css': content.css(STYLE),
  '/css/fonts.css': content.css(
    "body { font-family: 'Open Sans', 'Segoe UI', Helvetica, Arial, sans-serif; }\nh1, h2, h3, .button { font-family: Montserrat, 'Segoe UI', Helvetica, Arial, sans-serif; }\n",
  ),
  '/js/main.js': content.script(SCRIPT),
  '/js/menu.js': content.script(
    "$(function () { $('.menu-toggle').on('click', function () { $('.menu').toggleClass('open'); }); });\n",
  ),
  '/img/coin.svg': content.svg(coin(300)),
  '/img/logo.svg': content.svg(coin(40)),
  '/img/mining.svg': content.svg(network(11, 42, 120, 120)),
  '/img/ledger.svg': content.svg(network(12, 205, 120, 120)),
  '/img/replay.svg': content.svg(network(13, 350, 120, 120)),
  '/img/people.svg': content.svg(network(14, 150, 120, 120)),
  '/img/valley.svg': content.svg(landscape(15, 40)),
  '/img/network.png': content.png(paintPng(480, 200, starrySky)),
  '/img/favicon.ico': content.icon(iconOf(paintPng(32, 32, goldDisc), 32)),
} as const;

export const bitcoinGoldSite = serve(
  BITCOIN_GOLD,
  http2Server({ Server: 'cloudflare-nginx' }, { 'CF-RAY': '3bb1f0c2a8d42c5a-AMS' }),
  {
    ...Object.fromEntries(Object.entries(pages).map(([path, html]) => [path, content.html(html)])),
    ...bitcoinGoldAssets,
    '/favicon.ico': bitcoinGoldAssets['/img/favicon.ico'],
    '/robots.txt': content.text('User-agent: *\nDisallow:\n'),
  },
  {
    redirectsToHttps: true,
    pageFields: {
      'Set-Cookie':
        '__cfduid=d1f0a97c5be04a6c9bb7e6c4fd2e8a3e11510185600; path=/; domain=.bitcoingold.org; HttpOnly',
    },
  },
);

function layout({ path, title, main }: { path: string; title: string; main: string }): string {
  const up = path === '/' ? '' : '../';
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <meta name="description" content="Bitcoin Gold keeps mining open to anybody with a graphics card.">
  <meta name="google-site-verification" content="m3Yw0dQ8c1x0V7bR5u2nEJkq9tLs4hPzGfXo6iTaWcU">
  <link rel="canonical" href="https://${BITCOIN_GOLD}${path}">
  <meta property="og:title" content="${title}">
  <meta property="og:image" content="https://${BITCOIN_GOLD}/img/network.png">
  <link rel="shortcut icon" href="${up}img/favicon.ico">
  ${libraries.bootstrapStyle}
  <link rel="stylesheet" href="${up}css/fonts.css">
  <link rel="stylesheet" href="${up}css/style.css">
  ${libraries.jquery}
  ${trackers.analytics(BITCOIN_GOLD_ANALYTICS)}
</head>
<body>
  <header class="top">
    <div class="container">
      <a class="brand" href="${up || './'}"><img src="${up}img/logo.svg" alt="" width="40" height="40"> Bitcoin Gold</a>
      <nav class="menu">
        <a href="${up}about/">About</a>
        <a href="${up}roadmap/">Roadmap</a>
        <a href="${up}${up ? '' : './'}#wallets">Wallets</a>
        <a href="${up}faq/">Questions</a>
      </nav>
      <button class="menu-toggle" type="button" aria-label="Menu">&#9776;</button>
    </div>
  </header>
${main}

  <footer>
    <div class="container">
      <p>&copy; 2017 Bitcoin Gold. Run by its users.</p>
      <p><a href="https://${CODE_HOST}/btg-wallet/">Source code</a></p>
    </div>
  </footer>
  <script src="${up}js/menu.js"></script>
  <script src="${up}js/main.js"></script>
</body>
</html>
`;
}

/** Dust of gold on a night sky, thickest along a band that rises to the right. */
function starrySky(x: number, y: number): Colour {
  const band = Math.exp(-(((y - 0.75 + x * 0.5) * 3.2) ** 2));
  const grain = Math.imul(
    Math.round(x * 480) * 374_761_393 + Math.round(y * 200) * 668_265_263,
    1_274_126_177,
  );
  const noise = ((grain ^ (grain >>> 15)) >>> 0) / 2 ** 32;
  const sky = mix(NIGHT, [56, 54, 84], band);
  return noise > 0.997 - band * 0.012 ? mix(sky, GOLD, 0.35 + band * 0.6) : sky;
}

function goldDisc(x: number, y: number): Colour {
  const distance = Math.hypot(x - 0.48, y - 0.48);
  return distance > 0.46 ? [255, 255, 255] : mix([255, 221, 120], [178, 116, 8], distance * 2);
}
