import { sha256 } from '#model';
import { BITCOIN_GOLD } from '../brands/bitcoin-gold.ts';
import { hostNamed } from '../names.ts';
import type { SharedTrait } from '../story.ts';
import { ELECTRUM_FAKE_HOST } from './electrum-fake.ts';
import * as operator from './operator.ts';

const first = hostNamed('bitcoingöld.org');
const second = hostNamed('bitcoingoľd.com');
const third = hostNamed('bitcoiņgold.com');
const fourth = hostNamed('bitcöingold.org');

/** What leads from one of the operator's hosts to another. Everything else that they have in common, innocents have too. */
export const sharedTraits: readonly SharedTrait[] = [
  { dataset: 'host-pairs', value: BITCOIN_GOLD, hosts: [first, third, fourth] },
  { dataset: 'host-pairs', value: operator.DROP_HOST, hosts: [third, ELECTRUM_FAKE_HOST] },
  { dataset: 'resolutions', value: operator.OPERATOR_ADDRESS, hosts: [first, fourth] },
  { dataset: 'resolutions', value: operator.DROP_ADDRESS, hosts: [ELECTRUM_FAKE_HOST, operator.DROP_HOST] },
  { dataset: 'trackers', value: operator.OPERATOR_ANALYTICS_ACCOUNT, hosts: [first, fourth] },
  { dataset: 'trackers', value: String(operator.OPERATOR_METRICA), hosts: [first, third] },
  { dataset: 'trackers', value: operator.OPERATOR_BOT_TOKEN, hosts: [second, ELECTRUM_FAKE_HOST] },
  { dataset: 'certificates', value: fourth, hosts: [third, fourth] },
  { dataset: 'fingerprints', value: sha256(operator.operatorFavicon), hosts: [second, third] },
  { dataset: 'files', value: sha256(operator.payloads.first.bytes), hosts: [first, fourth] },
];
