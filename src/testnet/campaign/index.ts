/**
 * The test internet's first story: a phishing campaign of November 2017 against two wallet brands, retold with pages,
 * pictures, ids and files of its own. Only the names of the genuine sites, of the fakes and of well-known third parties
 * are real; every file that looks like a program is inert text.
 *
 * Four fakes imitate bitcoingold.org: edited copies of its index page, three of which still load style sheets, scripts
 * and images from there, each with a download button added. One fake imitates electrum.org: a copy made with HTTrack.
 * A sixth name stands in a certificate alone. Mails link to the fakes; ordinary mails and innocent hosts are the noise. The same data comes out every time.
 */
import { hostNamed } from './names.ts';
import { BITCOIN_GOLD, bitcoinGoldSite } from './brands/bitcoin-gold.ts';
import { CODE_HOST, codeHostSite } from './brands/code-host.ts';
import { ELECTRUM, electrumSites } from './brands/electrum.ts';
import { bitcoinGoldFakes, UNUSED_FAKE_HOST } from './fakes/bitcoin-gold-fakes.ts';
import { electrumFake } from './fakes/electrum-fake.ts';
import { DROP_HOST, dropSite } from './fakes/operator.ts';
import { sharedTraits } from './fakes/shared-traits.ts';
import { INNOCENTS } from './innocents/host-table.ts';
import { innocentSite } from './innocents/innocent-site.ts';
import { ordinaryMails } from './mails/ordinary.ts';
import { phishingMails } from './mails/phishing.ts';
import type { Fake, Story, StoryStep } from './story.ts';
import { popularSites, thirdPartySites } from './third-parties.ts';

export type { Brand, Fake, FakeDownload, Mail, SharedTrait, Story, StoryStep } from './story.ts';

const fakeSites = [...bitcoinGoldFakes, electrumFake];
const fakes: readonly Fake[] = fakeSites.map(({ site: _site, ...fake }) => fake);
const innocentHosts = [...INNOCENTS.map(({ host }) => hostNamed(host)), CODE_HOST];

/** The campaign of November 2017. */
export const campaign: Story = {
  sites: [
    bitcoinGoldSite,
    ...electrumSites,
    ...fakeSites.map(({ site }) => site),
    dropSite,
    codeHostSite,
    ...INNOCENTS.map(innocentSite),
    ...popularSites,
    ...thirdPartySites,
  ],
  mails: [...phishingMails, ...ordinaryMails],
  brands: [
    { name: 'Bitcoin Gold', host: BITCOIN_GOLD, url: `https://${BITCOIN_GOLD}/` },
    { name: 'Electrum', host: ELECTRUM, url: `https://${ELECTRUM}/` },
  ],
  fakes,
  unusedFakes: [{ host: UNUSED_FAKE_HOST, brand: BITCOIN_GOLD }],
  operatorHosts: [DROP_HOST],
  innocents: innocentHosts,
  popular: popularSites.map(({ host }) => hostNamed(host)),
  thirdParties: thirdPartySites.map(({ host }) => hostNamed(host)),
  sharedTraits,
  steps: steps(),
};

/** When who is captured: the noise first, then each fake on the day on which it was met. */
function steps(): StoryStep[] {
  const ordinary = [...innocentHosts, BITCOIN_GOLD, ELECTRUM].map((host) => `https://${host}/`);
  const at = [
    '2017-11-10T10:05:00Z',
    '2017-11-13T09:20:00Z',
    '2017-11-15T11:40:00Z',
    '2017-11-16T14:10:00Z',
    '2017-11-17T08:45:00Z',
  ];
  return [
    { name: 'ordinary visits', at: new Date('2017-11-09T12:00:00Z'), urls: ordinary },
    ...fakes.map(({ host, url }, n) => ({ name: `visit to ${host}`, at: new Date(at[n]!), urls: [url] })),
  ];
}
