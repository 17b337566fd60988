import { compileBrands, match, type Brand, type BrandIndex, type Level } from '#lookalike';
import { parseHost, registrableDomain } from '#model';
import { HOSTING_SUFFIXES } from '../../src/lookalike/tables/suffixes.ts';
import { isWord, KEYWORD_KINDS } from '../../src/lookalike/vocabulary.ts';
import { benignDomains, deriveBrands, halfOf, linesOf, metaMaskList, ownerGroups } from './lists.ts';

/** How many names of a list came out at a level or above. */
interface Row {
  readonly list: string;
  readonly names: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
}

const AT_LEAST: Readonly<Record<Level, number>> = { HIGH: 3, MEDIUM: 2, LOW: 1 };

function measure(list: string, index: BrandIndex, names: readonly string[]): Row {
  const reached = [0, 0, 0, 0];
  for (const name of names) {
    const [verdict] = match(index, name);
    if (verdict?.kind === 'imitation') reached[AT_LEAST[verdict.level]]++;
  }
  const [, low, medium, high] = reached;
  return { list, names: names.length, high, medium: high + medium, low: high + medium + low };
}

/** Those whom the Discord list is about: chat, games and their markets; by hand, from what the services are. */
const GAMING: readonly Brand[] = [
  { domains: ['discord.com'], names: ['hypesquad', 'discordapp', 'discordnitro'] },
  ...[
    'steamcommunity.com',
    'steampowered.com',
    'roblox.com',
    'twitch.tv',
    'mee6.xyz',
    'dmarket.com',
    'csgoempire.com',
    'cs.money',
    'faceit.com',
    'skinport.com',
    'tradeit.gg',
    'key-drop.com',
    'bitskins.com',
    'epicgames.com',
    'navi.gg',
  ].map((domain) => ({ domains: [domain] })),
];

/** Tokens in this many names of the fitting half make a brand of the MetaMask list. */
const LEAST_NAMES = 5;

/** Rows for the halves that report, and the whole list of popular sites, which nothing was fitted on but by counting. */
export function measureAccuracy(): { readonly rows: readonly Row[]; readonly text: string } {
  const popular = benignDomains('cloudflare-top100k');
  const biggest = new Set(benignDomains('tranco10k'));
  const hosting = new Set([...HOSTING_SUFFIXES].map((suffix) => suffix.split('.')[0]));
  const list = metaMaskList();
  const crypto = deriveBrands(list, [...biggest, ...popular], {
    least: LEAST_NAMES,
    isGeneric: (token) => KEYWORD_KINDS.has(token) || hosting.has(token),
    isWord,
    isBigSite: (domain) => biggest.has(domain),
  });
  const cryptoIndex = compileBrands(crypto);
  const gamingIndex = compileBrands(GAMING);
  const reporting = (names: readonly string[]): string[] => names.filter((name) => halfOf(name) === 'report');
  const discord = linesOf('discord-phishing.txt');
  const rows = [
    measure('MetaMask, blocked (report half)', cryptoIndex, reporting(list.blacklist)),
    measure('MetaMask, allowed (report half)', cryptoIndex, reporting(list.whitelist)),
    measure('popular sites, the same brands', cryptoIndex, popular),
    measure('Discord phishing (report half)', gamingIndex, reporting(discord)),
    measure('popular sites, the same brands', gamingIndex, popular),
    measureOwners(),
  ];
  return {
    rows,
    text: [
      `${crypto.length} brands of the MetaMask list, ${GAMING.length} of the Discord list`,
      ...table(rows),
    ].join('\n'),
  };
}

/** Each group of domains of one owner loaded as a brand: whatever is found among them is a false alarm. */
function measureOwners(): Row {
  const rows = ownerGroups().flatMap((group) => {
    const [first, ...owned] = group.filter(
      (domain) => registrableDomain(parseHost(domain) ?? (domain as never)) !== undefined,
    );
    if (first === undefined) return [];
    return [measure('', compileBrands([{ domains: [first], owned }]), group)];
  });
  const sum = (figure: (row: Row) => number): number => rows.reduce((total, row) => total + figure(row), 0);
  return {
    list: `${rows.length} groups of one owner, each loaded`,
    names: sum(({ names }) => names),
    high: sum(({ high }) => high),
    medium: sum(({ medium }) => medium),
    low: sum(({ low }) => low),
  };
}

function table(rows: readonly Row[]): string[] {
  const share = (part: number, names: number): string =>
    `${part} (${((part / names) * 100).toFixed(part / names < 0.01 ? 3 : 1)} %)`;
  return [
    ['list', 'names', 'HIGH', 'MEDIUM and above', 'LOW and above'],
    ...rows.map(({ list, names, high, medium, low }) => [
      list,
      String(names),
      share(high, names),
      share(medium, names),
      share(low, names),
    ]),
  ].map(([list, ...cells]) => `${list.padEnd(36)}${cells.map((cell) => cell.padStart(18)).join('')}`);
}
