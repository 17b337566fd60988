/**
 * Matches a mostly benign list against a number of brands and prints what it took, as one JSON object:
 *
 *   node bench/lookalike/match-speed.ts BRANDS
 *
 * A process of its own, so that memory and warm code are those of this one index.
 */
import { compileBrands, match } from '#lookalike';
import { parseHost, registrableDomain } from '#model';
import { benignDomains, hasLists } from './lists.ts';
import { syntheticDomains } from './synthetic.ts';

export interface MatchSpeed {
  readonly brands: number;
  readonly names: number;
  /** Share of the names that some verdict came of. */
  readonly hitShare: number;
  readonly buildSeconds: number;
  readonly namesPerSecond: number;
  /** Of the other names of the list that the brands are of: many of them are near some brand. */
  readonly nearNamesPerSecond: number;
  readonly nearHitShare: number;
  /** With names of every hostile kind mixed in, one in two. */
  readonly hostilePerSecond: number;
  /** Most that the process held. */
  readonly rssMb: number;
}

/** CPU time counts: other work on the machine does not, the process's own collector and compiler do. */
function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const ROUNDS = 7;

function perSecond(names: readonly string[], work: (name: string) => void): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++)
    best = Math.min(
      best,
      cpuSeconds(() => {
        for (const name of names) work(name);
      }),
    );
  return names.length / best;
}

/**
 * Brands are real sites, spread over the list of popular ones. The stream is of lists that were collected for something else
 * than imitating: domains of universities, of dynamic DNS and of throw-away mail. Without the lists, made-up names.
 */
function split(count: number): { brands: string[]; names: string[]; near: string[] } {
  const isName = (domain: string): boolean => {
    const host = parseHost(domain);
    return host !== undefined && registrableDomain(host) === host;
  };
  const all = (hasLists ? benignDomains('cloudflare-top100k') : syntheticDomains(100_000)).filter(isName);
  const step = Math.max(2, Math.floor(all.length / count));
  const brands = all.filter((_, at) => at % step === 0).slice(0, count);
  const near = all.filter((_, at) => at % step !== 0);
  const names = hasLists
    ? (['disposable-email', 'dynamic-dns', 'university_domains'] as const).flatMap(benignDomains)
    : near;
  return { brands, names, near };
}

const HOSTILE = [
  'xn--99999999.com',
  `${'a.'.repeat(120)}com`,
  `${'xn--a'.repeat(12)}.com`,
  `${'-'.repeat(60)}.com`,
  'a\u202eb\u200bc.com',
  'pay\u200dpal.c\u00adom',
  '\u05d0\u05d1\u05d2-login.com',
  'xn--pypl-53d.xn--e1awd7f.com',
  `${'\u0301'.repeat(50)}paypal.com`,
  '\u0000\u0001.com',
  '\ud800.org',
  `${'a'.repeat(10_000)}.com`,
  Array.from({ length: 10_000 }, () => 'a').join('.'),
  'раураӏ․com.еxample.org',
  'login-secure-account-verify-update-wallet-support-service-online.com',
];

const count = Number(process.argv[2] ?? 5_000);
const { brands, names, near } = split(count);
let index = compileBrands([{ domains: ['example.org'] }]);
const buildSeconds = cpuSeconds(() => {
  index = compileBrands(brands.map((domain) => ({ domains: [domain] })));
});
const hitShare = (some: readonly string[]): number =>
  some.filter((name) => match(index, name).some(({ kind }) => kind === 'imitation')).length / some.length;
const namesPerSecond = perSecond(names, (name) => match(index, name));
const mixed = names.flatMap((name, at) => [name, HOSTILE[at % HOSTILE.length]]);
const speed: MatchSpeed = {
  brands: brands.length,
  names: names.length,
  hitShare: hitShare(names),
  buildSeconds,
  namesPerSecond,
  nearNamesPerSecond: perSecond(near, (name) => match(index, name)),
  nearHitShare: hitShare(near),
  hostilePerSecond: perSecond(mixed, (name) => match(index, name)),
  rssMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(speed));
