import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget } from './target.ts';

test('odd spellings of addresses are addresses', () => {
  const spellings: Readonly<Record<string, string>> = {
    '127.0.0.1': '127.0.0.1',
    '0x7f000001': '127.0.0.1',
    '2130706433': '127.0.0.1',
    '127.1': '127.0.0.1',
    '0177.0.0.1': '127.0.0.1',
    '127.0.0.1.': '127.0.0.1',
    '１２７.０.０.１': '127.0.0.1',
    '0': '0.0.0.0',
    '[::1]': '::1',
    '::FFFF:127.0.0.1': '::ffff:7f00:1',
    'fe80::1%eth0': 'fe80::1',
  };
  for (const [text, host] of Object.entries(spellings))
    assert.deepEqual(parseTarget(text), { host, isAddress: true, isLocalName: false }, text);
});

test('names of the local network are told from public ones', () => {
  const local = [
    'localhost',
    'LOCALHOST.',
    'a.localhost',
    'printer.local',
    'metadata.google.internal',
    'intranet',
  ];
  for (const name of [
    ...local,
    'nas',
    'router.lan',
    'x.home.arpa',
    'dc.corp',
    'abc.onion',
    'localhost.localdomain',
  ])
    assert.equal(parseTarget(name)?.isLocalName, true, name);
  for (const name of [
    'example.org',
    'local.example',
    'notlocal.com',
    'localhost.example.org',
    'xn--bitcingold-hcb.org',
  ])
    assert.equal(parseTarget(name)?.isLocalName, false, name);
});

test('what is no host is no target', () => {
  for (const text of [
    '',
    '.',
    '..',
    'a b.org',
    'a\0b.org',
    '1.2.3.4.5',
    '256.256.256.256',
    'a/b.org',
    'x'.repeat(300),
  ])
    assert.equal(parseTarget(text), undefined, text);
});
