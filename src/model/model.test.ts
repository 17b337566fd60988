import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CAUSES,
  DATASETS,
  DATASET_IDS,
  fileDigests,
  LEGACY_CAUSES,
  parseSha256,
  sha256,
  toLegacyCause,
} from './index.ts';

test('every cause has a name in the trade’s vocabulary', () => {
  for (const cause of CAUSES) assert.ok(LEGACY_CAUSES.includes(toLegacyCause(cause)), cause);
  assert.equal(new Set(CAUSES).size, CAUSES.length);
  assert.equal(toLegacyCause('css.url'), 'css.import');
  assert.equal(toLegacyCause('img.src'), 'img.src');
});

test('every dataset says what it holds', () => {
  assert.ok(DATASET_IDS.length >= 12);
  for (const id of DATASET_IDS) {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(DATASETS[id].title !== '' && DATASETS[id].description !== '', id);
  }
});

test('digests are those of the standards', () => {
  const abc = new TextEncoder().encode('abc');
  assert.equal(sha256(abc), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.deepEqual(fileDigests([abc.subarray(0, 1), abc.subarray(1)]), {
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
    md5: '900150983cd24fb0d6963f7d28e17f72',
  });
  assert.equal(parseSha256('BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'), sha256(abc));
  assert.equal(parseSha256('abc'), undefined);
});
