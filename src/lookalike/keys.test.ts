import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandKeys, foldKeys, KEY_VERSION, type LabelKeys } from './keys.ts';

const [brand] = brandKeys({ domains: ['microsoft.com'] });
const meets = (host: string, kind: keyof LabelKeys): boolean =>
  foldKeys(host)?.[kind].some((key) => brand[kind].includes(key)) ?? false;

test('names that imitate share keys with the brand, the nearer the more', () => {
  assert.ok(meets('xn--microsot-x9b.org', 'folds'), 'homograph, another suffix');
  assert.ok(meets('micro-soft.com', 'folds'), 'hyphens');
  assert.ok(!meets('rnicr0soft.com', 'folds') && meets('rnicr0soft.com', 'skeletons'), 'ASCII homoglyphs');
  assert.ok(!meets('nicrozoft.com', 'skeletons') && meets('nicrozoft.com', 'codes'), 'slips within a class');
  assert.ok(!meets('example.com', 'codes'));
});

test('keys are those of the registrable label', () => {
  const keys = foldKeys('login.xn--electrm-s2a.co.uk');
  assert.equal(keys?.domain, 'xn--electrm-s2a.co.uk');
  assert.equal(keys.label, 'xn--electrm-s2a');
  assert.equal(keys.suffix, 'co.uk');
  assert.deepEqual(keys.folds, ['electrum']);
  assert.match(KEY_VERSION, /^\d+\/\d+\.\d+\.\d+$/);
});

test('what has no registrable label that reads in ASCII has no keys', () => {
  for (const host of ['', '192.0.2.1', 'co.uk', 'localhost', 'xn--fiqs8s.cn', 'xn--a-.com', 'a..b'])
    assert.equal(foldKeys(host), undefined, host);
});

test('ambiguous letters give several keys, a name with `cl` two codes', () => {
  assert.deepEqual(foldKeys('þœ.com')?.folds, ['poe', 'boe', 'pce', 'bce']);
  assert.equal(foldKeys('cloud.com')?.codes.length, 2);
});
