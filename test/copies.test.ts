import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasRealPages } from '../src/extract/core/oracle-fixture.ts';
import { falsePairs, hasCopies, mirrored, originals, recallByMutation } from './copy-quality.ts';

const skip = hasRealPages && hasCopies ? false : 'the collected pages are absent (ADIT_DATA)';

describe('copies of real pages', { skip }, () => {
  it('are found through the index whatever was done to them', () => {
    const pages = originals(17);
    assert.ok(pages.length > 40);
    // Of some four dozen pages two may be missed; the bench measures all of them.
    for (const [name, { found, missed }] of recallByMutation(pages, 5))
      assert.ok(found >= 0.93, `${name}: missed ${missed.join(', ')}`);
  });

  it('are not seen in the pages of other owners', () => {
    const { pairs, wrong } = falsePairs(originals(3));
    assert.ok(pairs > 30_000);
    assert.ok(wrong.length <= 1, JSON.stringify(wrong));
  });

  it('made by HTTrack find their original first, and are dated', () => {
    const { pairs, first, dated, missed } = mirrored(6);
    assert.ok(pairs >= 15);
    assert.deepEqual({ first, dated, missed }, { first: pairs, dated: pairs, missed: [] });
  });
});
