import { hostNamed } from '../names.ts';
import {
  BITCOIN_GOLD,
  BITCOIN_GOLD_ANALYTICS,
  bitcoinGoldAssets,
  bitcoinGoldIndex,
} from '../brands/bitcoin-gold.ts';
import { WALLET_FILES } from '../brands/code-host.ts';
import { content, replaceEach } from '../content.ts';
import { serve } from '../server.ts';
import { trackers } from '../third-parties.ts';
import * as operator from './operator.ts';
import { fake, type FakeSite } from './fake-site.ts';

const { payloads, payloadReply } = operator;
const GENUINE = `https://${BITCOIN_GOLD}`;

/** What is written over the genuine page. */
interface Edit {
  readonly heading: string;
  readonly text: string;
  readonly button: string;
  readonly onclick: string;
  /** Goes to the end of `<head>`. */
  readonly head: string;
}

/** The genuine index, edited: extra text and a download button in place of the logo, so that the Roadmap button moves down. */
function edited(page: string, edit: Edit): string {
  const logo = /\s*<img class="hero-coin"[^>]*>/.exec(page)?.[0] ?? '';
  const lead = /<p class="lead">.*<\/p>/.exec(page)?.[0] ?? '';
  const windows = new RegExp(`href="[^"]*${WALLET_FILES.windows}"`).exec(page)?.[0] ?? '';
  return replaceEach(page, [
    [logo, ''],
    [
      lead,
      `${lead}
        <h2>${edit.heading}</h2>
        <p class="lead">${edit.text}</p>
        <p><a class="button button-full" id="download" href="javascript:void(0)" onclick="${edit.onclick}">${edit.button}</a></p>`,
    ],
    [windows, `href="javascript:void(0)" onclick="${edit.onclick}"`],
    ['</head>', `${edit.head}\n</head>`],
  ]);
}

/** The page with every relative link made absolute: files and pages come from the genuine site. */
function hotlinked(page: string): string {
  return page.replaceAll(/\b(href|src)="([^"]*)"/g, (all, name: string, value: string) =>
    URL.canParse(value) ? all : `${name}="${new URL(value, `${GENUINE}/`).href}"`,
  );
}

/** In the first mail: everything on one machine, two counters of its own beside the genuine one's. */
function onOneMachine(): FakeSite {
  const host = hostNamed('bitcoingöld.org');
  const page = edited(hotlinked(bitcoinGoldIndex), {
    heading: 'The Windows wallet is here',
    text: 'Claim your coins before the first exchanges open.',
    button: 'Download wallet',
    onclick: 'downloadWallet()',
    head: `  ${trackers.metrica(operator.OPERATOR_METRICA)}
  <script>
    function downloadWallet() {
      window.location.href = "/download.php?os=win&v=1.0";
    }
  </script>`,
  });
  const genuineCounter = trackers.analytics(BITCOIN_GOLD_ANALYTICS);
  const bothCounters = trackers.analytics(BITCOIN_GOLD_ANALYTICS, `${operator.OPERATOR_ANALYTICS_ACCOUNT}-1`);
  return fake({
    site: serve(
      host,
      operator.nginxServer,
      {
        '/': content.html(replaceEach(page, [[genuineCounter, bothCounters]])),
        '/download.php?os=win&v=1.0': content.redirect(302, '/bitcoingold.exe'),
        '/bitcoingold.exe': payloadReply(payloads.first),
      },
      {
        addresses: [operator.OPERATOR_ADDRESS],
        redirectsToHttps: true,
        pageFields: { 'Set-Cookie': 'PHPSESSID=q7v0s3kd9m1c4b8t2hn6e5u0r1; path=/' },
      },
    ),
    brand: BITCOIN_GOLD,
    hotlinks: true,
    inMail: 'initial',
    functionName: 'downloadWallet',
    hops: ['/download.php?os=win&v=1.0', '/bitcoingold.exe'],
    payload: payloads.first,
  });
}

/** The careful one: its own copies of every file, nothing that points at the genuine site, a place among strangers. */
function withOwnCopies(): FakeSite {
  const host = hostNamed('bitcoingoľd.com');
  const ownPage = bitcoinGoldIndex
    .replaceAll(GENUINE, `https://${host}`)
    .replaceAll(
      /href="(?:\.\/|about\/|roadmap\/|faq\/)(#?\w*)"/g,
      (_all, anchor: string) => `href="${anchor || '#top'}"`,
    );
  const page = edited(ownPage, {
    heading: 'Bitcoin Gold Wallet 1.0',
    text: 'Official release for Windows 7, 8 and 10.',
    button: 'Download for Windows',
    onclick: "return getWallet('win')",
    head: '  <script src="js/wallet.js"></script>',
  });
  return fake({
    site: serve(
      host,
      operator.apacheServer,
      {
        '/': content.html(page),
        ...bitcoinGoldAssets,
        '/js/wallet.js': content.script(`function getWallet(system) {
  ${operator.reportClick(-1001184420771)}
  window.location.assign('/go/' + system + '/');
  return false;
}
`),
        '/favicon.ico': content.icon(operator.operatorFavicon),
        '/go/win/': content.redirect(301, '/files/latest?os=win'),
        '/files/latest?os=win': content.redirect(302, `/files/${payloads.second.name}`),
        [`/files/${payloads.second.name}`]: payloadReply(payloads.second),
      },
      { addresses: [operator.SHARED_HOSTING_ADDRESS] },
    ),
    brand: BITCOIN_GOLD,
    hotlinks: false,
    inMail: 'initial',
    functionName: 'getWallet',
    hops: ['/go/win/', '/files/latest?os=win', `/files/${payloads.second.name}`],
    payload: payloads.second,
  });
}

/** A name that was bought with the others and never used. */
export const UNUSED_FAKE_HOST = hostNamed('bìtcoìngold.com');

/** Hands the file out through another host, and has a certificate that names the fake still to come, and one that never came. */
function throughDropHost(): FakeSite {
  const host = hostNamed('bitcoiņgold.com');
  const page = edited(hotlinked(bitcoinGoldIndex), {
    heading: 'New: desktop wallet',
    text: 'Store, send and receive BTG. Free and open source.',
    button: 'Get the wallet',
    onclick: 'startDownload()',
    head: `  ${trackers.metrica(operator.OPERATOR_METRICA)}
  <script>
    var wallet = { base: location.protocol + '//' + location.host, product: 'bitcoingold' };
    function startDownload() {
      location.replace(wallet.base + '/get.php?p=' + wallet.product);
    }
  </script>`,
  });
  return fake({
    site: serve(
      host,
      operator.apacheServer,
      {
        '/': content.html(page),
        '/favicon.ico': content.icon(operator.operatorFavicon),
        '/get.php?p=bitcoingold': content.redirect(302, `https://${operator.DROP_HOST}/r/8f2c1d`),
      },
      { alternativeNames: [hostNamed('bitcöingold.org'), UNUSED_FAKE_HOST] },
    ),
    brand: BITCOIN_GOLD,
    hotlinks: true,
    inMail: 'initial',
    functionName: 'startDownload',
    hops: [
      '/get.php?p=bitcoingold',
      `https://${operator.DROP_HOST}/r/8f2c1d`,
      `https://${operator.DROP_HOST}/f/${payloads.third.name}`,
    ],
    payload: payloads.third,
  });
}

/** In none of the first mails: found by what it shares with the others. */
function namedLater(): FakeSite {
  const host = hostNamed('bitcöingold.org');
  const page = edited(hotlinked(bitcoinGoldIndex), {
    heading: 'Wallet for Windows',
    text: 'Your BTG are waiting. Version 1.0 with instant balance.',
    button: 'Download',
    onclick: 'btg_download()',
    head: `  <script>
    function btg_download() {
      setTimeout(function () { document.location = "/get/?id=btg-win"; }, 250);
    }
  </script>`,
  });
  const ownCounter = trackers.analytics(`${operator.OPERATOR_ANALYTICS_ACCOUNT}-2`);
  return fake({
    site: serve(
      host,
      operator.nginxServer,
      {
        '/': content.html(replaceEach(page, [[trackers.analytics(BITCOIN_GOLD_ANALYTICS), ownCounter]])),
        '/get/?id=btg-win': content.redirect(303, '/bitcoingold.exe'),
        '/bitcoingold.exe': payloadReply(payloads.first),
      },
      { addresses: [operator.OPERATOR_ADDRESS] },
    ),
    brand: BITCOIN_GOLD,
    hotlinks: true,
    inMail: 'later',
    functionName: 'btg_download',
    hops: ['/get/?id=btg-win', '/bitcoingold.exe'],
    payload: payloads.first,
  });
}

export const bitcoinGoldFakes: readonly FakeSite[] = [
  onOneMachine(),
  withOwnCopies(),
  throughDropHost(),
  namedLater(),
];
