import type { Testnet } from '#testnet';
import { Option } from 'commander';

/** Test internets that commands can visit. */
export type TestnetName = 'campaign' | 'hard' | 'hostile' | 'load';

const NAMES: readonly TestnetName[] = ['campaign', 'hard', 'hostile', 'load'];

export function testnetOption(): Option {
  return new Option('--testnet <name>', 'visit a test internet on loopback instead of the real one').choices(
    NAMES,
  );
}

/** The loopback internet of that name; commands use it instead of the real network. */
export async function openNamedTestnet(name: TestnetName): Promise<Testnet> {
  // Its pages and pictures are made when it is loaded: only who visits it waits for that.
  const { campaign, goodPage, hardPage, hostilePages, loadPage, openTestnet } = await import('#testnet');
  const sites = {
    campaign: () => campaign.sites,
    hard: () => hardPage().sites,
    hostile: () => [goodPage(), ...hostilePages()].flatMap((page) => page.sites),
    load: () => loadPage().sites,
  };
  return openTestnet({ sites: sites[name]() });
}
