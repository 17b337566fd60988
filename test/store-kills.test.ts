import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runKills } from './kills/kills.ts';

// The longer form is `npm run bench -- kills`.
test(
  'whatever is killed when, what was acknowledged is there, in both directions, counted once',
  { timeout: 1_800_000 },
  async () => {
    const report = await runKills({ owners: 2, stores: 2, workers: 1, lifeMs: 1_000 });
    assert.deepEqual(
      {
        missing: report.missing,
        miscounted: report.miscounted,
        oneSided: report.oneSided,
        leftBehind: report.leftBehind,
      },
      { missing: [], miscounted: [], oneSided: [], leftBehind: [] },
    );
    assert.ok(report.kills >= 4);
    assert.ok(report.acknowledged > 200, `only ${report.acknowledged} acknowledged`);
  },
);
