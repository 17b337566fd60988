import { openVirtualUsers } from '#crawl';
import { goodPage, hostilePages, openTestnet } from '#testnet';
import type { BenchResult } from './run.ts';
import { processesBelow, treeMemoryMb } from './process-tree.ts';

/** Every hostile page of the test internet, each with a good page captured beside it: whether it ends, how, and in what time. */
export async function benchHostile(): Promise<BenchResult> {
  const good = goodPage();
  const pages = hostilePages();
  await using testnet = await openTestnet({ sites: [...good.sites, ...pages.flatMap(({ sites }) => sites)] });
  const lines: string[] = [];
  const count = { asDeclared: 0, ended: 0, goodCompleted: 0, slowestSeconds: 0, peakMemoryMb: 0 };
  {
    await using users = await openVirtualUsers({ network: testnet.network, parallel: 2 });
    const captureOf = async (url: string, interact: boolean) => {
      const startedMs = performance.now();
      await using source = await users.visit({ url, interact });
      return { capture: source.capture, seconds: (performance.now() - startedMs) / 1000 };
    };
    for (const page of pages) {
      const [hostile, beside] = await Promise.all([captureOf(page.url, true), captureOf(good.url, false)]);
      const { outcome, limits } = hostile.capture;
      const isAsDeclared = page.outcomes.includes(outcome.kind);
      count.ended++;
      if (isAsDeclared) count.asDeclared++;
      if (beside.capture.outcome.kind === 'ok') count.goodCompleted++;
      count.slowestSeconds = Math.max(count.slowestSeconds, hostile.seconds);
      count.peakMemoryMb = Math.max(count.peakMemoryMb, treeMemoryMb());
      const names = limits.map(({ limit }) => limit).join(', ');
      const line = `${page.name.padEnd(28)} ${outcome.kind.padEnd(18)} ${hostile.seconds.toFixed(1).padStart(5)} s  good page ${beside.capture.outcome.kind} in ${beside.seconds.toFixed(1)} s  ${names}${isAsDeclared ? '' : `  (declared: ${page.outcomes.join(', ')})`}`;
      lines.push(line);
      process.stderr.write(`${line}\n`);
    }
  }
  return {
    figures: { pages: pages.length, ...count, processesLeft: processesBelow() },
    text: lines.join('\n'),
  };
}
