import assert from 'node:assert/strict';
import test from 'node:test';
import { openPlainEngine, openSimdEngine, type Engine } from './engine.ts';
import { INPUT, PADDING } from './layout.ts';

/** Runs that could be addresses of Bitcoin by their first letter and length: what is looked for, one by one. */
function runsIn(text: string): string[] {
  return Array.from(text.matchAll(/[a-z0-9]+/gi), ([run]) => run).filter(
    (run) => run.startsWith('1') && run.length >= 26 && run.length <= 35,
  );
}

function found({ memory, scanner }: Engine, text: string): string[] {
  const end = INPUT + text.length;
  memory.set(Buffer.from(text), INPUT);
  memory.fill(0, end, end + PADDING);
  const runs: string[] = [];
  for (let at = scanner.findWallet(INPUT, end); at < end; at = scanner.findWallet(scanner.walletEnd(), end))
    runs.push(text.slice(at - INPUT, scanner.walletEnd() - INPUT));
  return runs;
}

for (const engine of [openPlainEngine(), openSimdEngine()]) {
  if (engine === undefined) continue;
  test(`${engine.kind}: runs are found wherever they begin and end`, () => {
    for (let before = 0; before < 34; before++) {
      for (const length of [24, 25, 26, 27, 30, 31, 34, 35, 36, 106, 107, 300]) {
        const run = '1'.padEnd(length, 'Ab2');
        const between = '-'.repeat(before);
        for (const text of [
          between + run,
          `${between}${run} `,
          `x${between}-${run}.${run}-a`,
          `${run}${between}/${run}${run}`,
        ])
          assert.deepEqual(found(engine, text), runsIn(text), text);
      }
    }
  });
}
