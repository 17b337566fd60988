import { runKills } from '../test/kills/kills.ts';
import type { BenchResult } from './run.ts';

const OWNERS = 8;
const STORES = 6;
const WORKERS = 6;

/** Twenty kills and more with SIGKILL, at random moments; every figure but the first three must be 0. */
export async function benchKills(): Promise<BenchResult> {
  const report = await runKills({
    owners: OWNERS,
    stores: STORES,
    workers: WORKERS,
    lifeMs: 2_500,
    onKill: (what) => process.stderr.write(`killed: ${what}\n`),
  });
  const { kills, acknowledged, stored, missing, miscounted, oneSided, leftBehind, hasWorkers } = report;
  const figures = {
    kills,
    acknowledged,
    stored,
    missing: missing.length,
    miscounted: miscounted.length,
    oneSided: oneSided.length,
    leftBehind: leftBehind.length,
  };
  const faults = { missing, miscounted, oneSided, leftBehind };
  const text = [
    `${kills} kills; ${acknowledged} promises made, ${stored} batches and captures stored`,
    ...(hasWorkers ? [] : ['no workers were killed: no PostgreSQL runs here']),
    ...Object.entries(faults).map(
      ([name, list]) => `${name.padEnd(12)} ${list.length}  ${list.slice(0, 5).join(' | ')}`,
    ),
  ];
  return { figures, text: text.join('\n') };
}
