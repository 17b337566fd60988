import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPywbSurt } from './surt.ts';

/** Keys as pywb makes them: by the rules of Safe Browsing, then those of the Internet Archive. */
const KEYS: Readonly<Record<string, string>> = {
  'http://WWW.Example.com': 'com,example)/',
  'https://www42.example.com:443/A/': 'com,example)/a',
  'http://example.com:8080/p?': 'com,example:8080)/p',
  'http://user:pw@example.com:80/u#part': 'com,example)/u',
  'http://example.com./x': 'com,example)/x',
  'ftp://www.example.com/a': 'com,example)/a',
  'dns:www.example.com': 'com,example,www)',
  'urn:uuid:AB C': 'urn:uuid:AB%20C',
  // Escapes: undone as often as it goes, and only what must be is escaped again.
  'http://h.test/%25%32%35': 'test,h)/%25',
  'http://h.test/%2525252525252525': 'test,h)/%25',
  'http://h.test/%%%25%32%35asd%%': 'test,h)/%25%25%25asd%25%25',
  'http://h.test/%41%2Fb?u=http%3A%2F%2Fx.test%2F%3Fa': 'test,h)/a/b?u=http://x.test/?a',
  'http://h.test/ab%23cd': 'test,h)/ab%23cd',
  'http://h.test/<"a b">': 'test,h)/<"a%20b">',
  'http://h.test/ä?ö=%FC': 'test,h)/%c3%a4?%c3%b6=%fc',
  'http://%31%36%38%2e%31%38%38%2e%39%39%2e%32%36/x': '26,99,188,168)/x',
  'http://3279880203/blah': '11,0,127,195)/blah',
  'http://bücher.test/': 'test,xn--bcher-kva)/',
  // Paths.
  'http://h.test//two//slashes?more//slashes': 'test,h)/two/slashes?more//slashes',
  'http://h.test/a/./b/../c/': 'test,h)/a/c',
  'http://h.test/blah/..': 'test,h)/',
  'http://h.test/(S(4hqa0555fwsecu455xqckv45))/m.aspx': 'test,h)/m.aspx',
  'http://h.test/(4hqa0555fwsecu455xqckv45)/m.html': 'test,h)/(4hqa0555fwsecu455xqckv45)/m.html',
  'http://h.test/(4hqa0555fwsecu455xqckv45)/m.aspx': 'test,h)/m.aspx',
  // Queries.
  'http://h.test/?b=b&a=b&b=a&a=a&a': 'test,h)/?a&a=a&a=b&b=a&b=b',
  'http://h.test/?a-b=1&a=2': 'test,h)/?a=2&a-b=1',
  'http://h.test/?a=1&': 'test,h)/?&a=1',
  [`http://h.test/?PHPSESSID=${'0aB'.repeat(12).slice(0, 32)}&x=1`]: 'test,h)/?x=1',
  'http://h.test/?x=1&cfid=1&cftoken=2&y': 'test,h)/?x=1&y',
};

test('sort keys are those of pywb', () => {
  for (const [url, key] of Object.entries(KEYS)) assert.equal(toPywbSurt(url), key, url);
});

test('a key is made of each byte that stands for no other', () => {
  for (let byte = 0; byte < 256; byte++) {
    const escape = `%${byte.toString(16).padStart(2, '0')}`;
    const isPlain = byte > 0x20 && byte < 0x7f && !'#%/.'.includes(String.fromCharCode(byte));
    const shown = isPlain ? String.fromCharCode(byte).toLowerCase() : escape;
    if (byte !== 0x2f && byte !== 0x2e)
      assert.equal(toPywbSurt(`http://h.test/x${escape}x`), `test,h)/x${shown}x`);
  }
});

test('hostile URLs have keys without a blank, in time that grows with their length', () => {
  for (const part of [
    '%25',
    '25',
    '%',
    'cfid=',
    '/..',
    '/(a(',
    '&',
    'sid=',
    'http://',
    'é',
    '.',
    ':',
    '@',
    '[',
    ' ',
  ])
    for (const start of ['http://h.test/', 'http://h.test/?', 'http://', 'http://h.test/%', 'dns:'])
      assert.match(toPywbSurt(start + part.repeat(30_000)), /^[!-~]+$/, `${start}${part}…`);
});
