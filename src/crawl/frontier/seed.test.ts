import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AditError } from '#model';
import { parseSeed } from './seed.ts';

const ADDRESSES: Readonly<Record<string, string>> = {
  'https://example.org/a?b=1': 'https://example.org/a?b=1',
  '  https://example.org  ': 'https://example.org/',
  'HTTPS://EXAMPLE.org/A': 'https://example.org/A',
  'hxxps://evil[.]example[.]org/x.php': 'https://evil.example.org/x.php',
  'hXXp[:]//evil(dot)example[.]org': 'http://evil.example.org/',
  'example[.]org/login': 'http://example.org/login',
  'example.org': 'http://example.org/',
  '//example.org/x': 'http://example.org/x',
  'example.org:8080/x': 'http://example.org:8080/x',
  'localhost:3000': 'http://localhost:3000/',
  localhost: 'http://localhost/',
  'http://intranet/': 'http://intranet/',
  'http://192.168.1.1/admin': 'http://192.168.1.1/admin',
  '10.0.0.1': 'http://10.0.0.1/',
  'http://0x7f000001/': 'http://127.0.0.1/',
  'http://[2001:db8::1]:8080/': 'http://[2001:db8::1]:8080/',
  'https://bitcoingöld.org/': 'https://xn--bitcoingld-lcb.org/',
  'bitcoingöld.org': 'http://xn--bitcoingld-lcb.org/',
  'https://xn--bitcoingld-lcb.org/': 'https://xn--bitcoingld-lcb.org/',
  '<https://example.org/>': 'https://example.org/',
  '<URL:https://example.org/>': 'https://example.org/',
  '"https://example.org/x",': 'https://example.org/x',
  'https://example.org/a b.html': 'https://example.org/a%20b.html',
  'http:\\\\example.org\\x': 'http://example.org/x',
  'http:example.org': 'http://example.org/',
  'https://exam\u200bple.org/': 'https://example.org/',
  'https://user:secret@example.org/x': 'https://example.org/x',
  'https://example.org/#me@mail.example': 'https://example.org/',
  'example.org/redirect?to=https://other.example/': 'http://example.org/redirect?to=https://other.example/',
};
for (const [text, url] of Object.entries(ADDRESSES)) {
  test(`${JSON.stringify(text)} is ${url}`, () => assert.equal(parseSeed(text).url, url));
}

const FAULTS: Readonly<Record<string, string>> = {
  '': 'seed-empty',
  ' \u200b ': 'seed-empty',
  '<>': 'seed-empty',
  'mailto:a@example.org': 'seed-scheme-unsupported',
  'javascript:alert(1)': 'seed-scheme-unsupported',
  'data:text/html,x': 'seed-scheme-unsupported',
  'file:///etc/passwd': 'seed-scheme-unsupported',
  'ftp://example.org/': 'seed-scheme-unsupported',
  'wss://example.org/': 'seed-scheme-unsupported',
  'gopher://example.org': 'seed-scheme-unsupported',
  'chrome://settings': 'seed-scheme-unsupported',
  'htps://example.org/': 'seed-scheme-unsupported',
  'http://': 'seed-host-invalid',
  'https://?x': 'seed-host-invalid',
  'http://exa mple.org/': 'seed-malformed',
  'please look at https://example.org/': 'seed-malformed',
  'http://example.org:99999/': 'seed-malformed',
  'bob@example.org': 'seed-malformed',
  hello: 'seed-malformed',
  'http://1.2.3.4.5/': 'seed-host-invalid',
  'http://a..b/': 'seed-host-invalid',
  'http://exa%mple.org/': 'seed-host-invalid',
  [`http://${'a'.repeat(64)}.example/`]: 'seed-host-invalid',
  ['http://example.org/'.padEnd(70_000, 'a')]: 'seed-too-long',
};
for (const [text, code] of Object.entries(FAULTS)) {
  test(`${JSON.stringify(text.slice(0, 40))} is ${code}`, () => {
    assert.throws(
      () => parseSeed(text),
      (error) => error instanceof AditError && error.code === code && error.advice !== undefined,
    );
  });
}

test('what was changed is said', () => {
  assert.deepEqual(parseSeed('https://example.org/').notes, []);
  const seed = parseSeed('hxxps://bob:pw@example[.]org/#top');
  assert.deepEqual(seed.notes, [
    'The address was defanged.',
    'The user name and password in the address were dropped.',
    'What follows # is not sent to the server.',
  ]);
  assert.equal(seed.fragment, 'top');
});

test('an assumed scheme comes with its alternative', () => {
  const seed = parseSeed('example.org/x');
  assert.deepEqual([seed.url, seed.alternative], ['http://example.org/x', 'https://example.org/x']);
  assert.equal(parseSeed('example.org:8080').alternative, undefined);
  assert.equal(parseSeed('http://example.org').alternative, undefined);
});

test('errors quote at most a line of what was given', () => {
  assert.throws(
    () => parseSeed(`x${'y'.repeat(5000)}://a`),
    (error) => error instanceof AditError && error.message.length < 400,
  );
});
