import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { generate } from '#lookalike';
import { measureAccuracy } from './lookalike/accuracy.ts';
import { hasLists } from './lookalike/lists.ts';
import type { MatchSpeed } from './lookalike/match-speed.ts';
import type { BenchResult } from './run.ts';

const DOMAINS = ['bitcoingold.org', 'electrum.org', 'paypal.com', 'myetherwallet.com', 'coinbase.com'];
const ROUNDS = 5;

/** Speed and memory of matching and of making names, dnstwist beside it; and how right it is on the lists, where they are. */
export async function benchLookalike(): Promise<BenchResult> {
  const few = matchSpeed(5_000);
  const many = matchSpeed(50_000);
  const generated = generatedPerSecond();
  const twisted = dnstwistPerSecond();
  const accuracy = hasLists ? measureAccuracy() : undefined;
  return {
    figures: {
      namesPerSecond5000: few.namesPerSecond,
      namesPerSecond50000: many.namesPerSecond,
      nearNamesPerSecond50000: many.nearNamesPerSecond,
      hostileSlowdown5000: few.namesPerSecond / few.hostilePerSecond,
      hostileSlowdown50000: many.namesPerSecond / many.hostilePerSecond,
      rssMb50000: many.rssMb,
      buildSeconds50000: many.buildSeconds,
      generatedPerSecond: generated,
      ...(twisted !== undefined && { speedupOverDnstwist: generated / twisted }),
      ...accuracyFigures(accuracy?.rows),
    },
    text: [
      'Per second of CPU time, best of several rounds',
      speedRow(few),
      speedRow(many),
      `making names: ${thousands(generated)}/s; ${twisted === undefined ? 'dnstwist is not installed (Debian package dnstwist): not compared' : `dnstwist ${thousands(twisted)}/s, ${(generated / twisted).toFixed(1)} ×`}`,
      '',
      accuracy?.text ?? 'The lists of names are not here (ADIT_DATA): nothing said of how right it is.',
    ].join('\n'),
  };
}

const thousands = (value: number): string => `${Math.round(value / 1_000)},000`;

function speedRow(speed: MatchSpeed): string {
  return (
    `${speed.brands} brands, ${speed.names} names (${(speed.hitShare * 100).toFixed(1)} % with a verdict): ` +
    `${thousands(speed.namesPerSecond)} names/s, names of the brands' own list ${thousands(speed.nearNamesPerSecond)}/s (${(speed.nearHitShare * 100).toFixed(1)} %), every second one hostile ${thousands(speed.hostilePerSecond)}/s, ` +
    `index made in ${speed.buildSeconds.toFixed(2)} s, at most ${Math.round(speed.rssMb)} MB`
  );
}

function matchSpeed(brands: number): MatchSpeed {
  const script = join(import.meta.dirname, 'lookalike/match-speed.ts');
  return JSON.parse(
    execFileSync(process.execPath, [script, String(brands)], { encoding: 'utf8' }),
  ) as MatchSpeed; // its output
}

function generatedPerSecond(): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    let count = 0;
    for (const domain of DOMAINS) for (const { host } of generate(domain)) if (host !== '') count++;
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, count / ((user + system) / 1e6));
  }
  return best;
}

/** dnstwist's generator alone, in its own process, without its start: CPU time as well. */
const DNSTWIST = `
import sys, time, dnstwist
best = 0
for _ in range(3):
    began = time.process_time(); count = 0
    for domain in sys.argv[1:]:
        fuzzer = dnstwist.Fuzzer(domain); fuzzer.generate(); count += len(fuzzer.domains)
    best = max(best, count / (time.process_time() - began))
print(best)
`;

function dnstwistPerSecond(): number | undefined {
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', DNSTWIST, ...DOMAINS], {
    encoding: 'utf8',
  });
  return status === 0 ? Number(stdout) : undefined;
}

function accuracyFigures(
  rows: ReturnType<typeof measureAccuracy>['rows'] | undefined,
): Record<string, number> {
  if (rows === undefined) return {};
  const [blocked, allowed, popular, discord, popularGaming, owners] = rows;
  return {
    metaMaskRecall: blocked.high / blocked.names,
    metaMaskAllowedHits: allowed.high / allowed.names,
    metaMaskPopularHits: popular.high,
    discordRecall: discord.high / discord.names,
    discordPopularHits: popularGaming.high,
    ownerAlerts: owners.low,
  };
}
