import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileBrands } from './brand.ts';
import { dataLines, NO_DATA } from './data-fixture.ts';
import { brandKeys, candidateCodes, foldKeys, KEY_VERSION, nameKeys, type LabelKeys } from './keys.ts';
import { match } from './match.ts';

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

test('a name is keyed as a whole, every label before the suffix', () => {
  assert.deepEqual(nameKeys('login.xn--electrm-s2a.co.uk'), {
    fold: 'login electrum',
    code: 'iogin cictrun',
  });
  for (const host of ['', '192.0.2.1', 'co.uk', 'localhost', 'xn--a-.com', 'a..b'])
    assert.deepEqual(nameKeys(host), { fold: '', code: '' }, host);
});

test('whatever matches a brand has one of its pieces, and most names have none', { skip: NO_DATA }, () => {
  const names = dataLines('discord-phishing.txt');
  const codes = names.map((name) => nameKeys(name).code);
  for (const domain of [
    'steamcommunity.com',
    'discord.com',
    'discordapp.com',
    'steam.com',
    'nitro.gg',
    'cs.money',
  ]) {
    const brand = { domains: [domain] };
    const index = compileBrands([brand]);
    const pieces = candidateCodes([brand], 250)!;
    const isCandidate = codes.map((code) => pieces.some((piece) => code.includes(piece)));
    const lost = names.filter(
      (name, at) => !isCandidate[at] && match(index, name).some(({ kind }) => kind === 'imitation'),
    );
    assert.deepEqual(lost, [], domain);
  }
  const pieces = candidateCodes([{ domains: ['bitcoingold.org'] }], 250)!;
  const share = codes.filter((code) => pieces.some((piece) => code.includes(piece))).length / codes.length;
  assert.ok(share < 0.3, String(share));
  assert.equal(candidateCodes([{ domains: ['bitcoingold.org'] }], 5), undefined);
});
