import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findLinks } from './find-links.ts';

/** Targets in order; `!` marks defanged ones. */
function targets(text: string): string[] {
  return findLinks(text).map(({ url, host, isDefanged }) => `${url ?? host}${isDefanged ? ' !' : ''}`);
}

const CASES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'URLs end where a reader would end them': {
    'see https://example.org/a?b=1, and http://example.com.': [
      'https://example.org/a?b=1',
      'http://example.com/',
    ],
    '(https://example.org/wiki/A_(b)) "https://example.net/x"': [
      'https://example.org/wiki/A_(b)',
      'https://example.net/x',
    ],
    '<https://example.org/a>;https://example.org/b!?': ['https://example.org/a', 'https://example.org/b'],
    'https://example.org/a&gt; https://example.org/b&nbsp;': [
      'https://example.org/a',
      'https://example.org/b',
    ],
    '“https://example.org/q”。': ['https://example.org/q'],
    'HTTPS://EXAMPLE.ORG:8443/Path': ['https://example.org:8443/Path'],
    'https://[2001:db8::1]/x and http://0x7f.1/y': ['https://[2001:db8::1]/x', 'http://127.0.0.1/y'],
  },
  'defanged in every usual way': {
    'hxxp://bad[.]example[.]org/x': ['http://bad.example.org/x !'],
    'hXXps://bad(.)example(dot)org': ['https://bad.example.org/ !'],
    'hxxps[:]//bad.example.org/x': ['https://bad.example.org/x !'],
    'https[://]bad.example{.}org': ['https://bad.example.org/ !'],
    'http:\\\\bad.example.org': ['http://bad.example.org/'],
    'bad [.] example [dot] org': ['bad.example.org !'],
    'bad[.]example.org/login': ['http://bad.example.org/login !'],
    'jane [at] example [dot] org and joe[@]example.com': ['example.org !', 'example.com !'],
    '192.0.2[.]7': ['192.0.2.7 !'],
  },
  'international names, in Unicode and Punycode': {
    'https://bitcoingöld.org/ or bitcoingoľd.com': [
      'https://xn--bitcoingld-lcb.org/',
      'xn--bitcoingod-8yb.com',
    ],
    'https://xn--bitcingold-hcb.org': ['https://xn--bitcingold-hcb.org/'],
    'hxxps://bitcöingold[.]org': ['https://xn--bitcingold-hcb.org/ !'],
    'сайт пример.рф тут': ['xn--e1afmkfd.xn--p1ai'],
  },
  'names without scheme': {
    'go to www.example.org now': ['http://www.example.org/'],
    'example.co.uk/path?x=1. Then': ['http://example.co.uk/path?x=1'],
    'mail tech@bitcoingold.org please': ['bitcoingold.org'],
    'info.me@example.org': ['example.org'],
  },
  'prose is not full of hosts': {
    'Version 1.2.3.4, e.g. setup.exe, README.md, backup.zip and run.sh': [],
    'the end.Next sentence; Mr.Smith said a.b and 3.14': [],
    'file.invalidtld https:// http://// hxxp:// @example': [],
  },
  'wrappers are left as they are': {
    'https://safelinks.example.com/?url=https%3A%2F%2Fevil.example.org': [
      'https://safelinks.example.com/?url=https%3A%2F%2Fevil.example.org',
    ],
    'https://r.example.com/?u=https://evil.example.org/x': [
      'https://r.example.com/?u=https://evil.example.org/x',
    ],
  },
};

for (const [name, cases] of Object.entries(CASES)) {
  describe(name, () => {
    for (const [text, expected] of Object.entries(cases)) {
      test(text, () => assert.deepEqual(targets(text), expected));
    }
  });
}

test('places are those of the text', () => {
  const text = 'a https://example.org/x, b example.com c';
  assert.deepEqual(
    findLinks(text).map(({ start, end }) => text.slice(start, end)),
    ['https://example.org/x', 'example.com'],
  );
});

test('long runs of the worst kind come to an end', () => {
  for (const piece of [
    'http://a.org/)',
    'https://',
    'hxxp://:',
    'a.',
    '[.',
    'a [dot] ',
    'a@',
    '(',
    '.)',
    'www.',
    'é',
  ]) {
    const found = findLinks(piece.repeat(100_000 / piece.length));
    assert.ok(found.length <= 100_000 / piece.length, piece);
  }
  for (const tail of [')', '.', '.)', ';', '&gt;']) {
    const [link] = findLinks(`http://example.org/x${tail.repeat(100_000)}`);
    assert.match(link!.url!, /^http:\/\/example\.org\/x/, tail);
  }
});
