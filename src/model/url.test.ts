import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHost } from './host.ts';
import { defang, hostOfUrl, isPlainUrl, MAX_URL_LENGTH, parseUrl, refang, UrlBase } from './url.ts';

test('web URLs are normalised, without fragment', () => {
  assert.equal(parseUrl('HTTP://Example.ORG:80/a/../b?q#f'), 'http://example.org/b?q');
  assert.equal(parseUrl('//cdn.example/x', 'https://example.org/'), 'https://cdn.example/x');
  assert.equal(parseUrl('wss://example.org/socket'), 'wss://example.org/socket');
});

const PIECES =
  'http https :// // / . .. %2e a.test a b.c xn--a- 1.2 0x7f -_ ? # @ : :80 ~!$&()*+,;= %zz %41 | ^ \' " { } ` < > \\ \t A É a-b_c.d'.split(
    ' ',
  );

function randomText(random: (limit: number) => number): string {
  return Array.from({ length: random(7) }, () => PIECES[random(PIECES.length)]!).join('');
}

function randomNumbers(): (limit: number) => number {
  let state = 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

test('what a base resolves is what the URL parser resolves', () => {
  const random = randomNumbers();
  const bases = [
    'https://a.test/',
    'http://www.a.test/b/c.d/?e/f',
    'https://a.test/b?c:d',
    'HTTP://a.test',
    'https://a.test/b/#c/d',
    'about:blank',
  ];
  for (const base of bases) {
    const from = new UrlBase(base);
    for (let round = 0; round < 10_000; round++) {
      const text = randomText(random);
      const resolved = URL.parse(text, base);
      assert.equal(from.resolve(text), resolved?.href, `${text} on ${base}`);
      const isWeb = resolved !== null && /^https?:$/.test(resolved.protocol);
      assert.equal(from.parse(text), isWeb ? resolved.href.replace(/#.*$/s, '') : undefined, text);
    }
  }
});

test('what is taken for plain is what the URL parser leaves alone', () => {
  const random = randomNumbers();
  let plain = 0;
  for (let round = 0; round < 60_000; round++) {
    const rest = randomText(random);
    const text = `${['', 'http://a.test', 'https://www.a.test/'][random(3)]}${rest}`;
    const parsed = URL.parse(text);
    const isWeb = parsed !== null && /^https?:$/.test(parsed.protocol);
    assert.equal(parseUrl(text), isWeb ? parsed.href.replace(/#.*$/s, '') : undefined, text);
    assert.equal(hostOfUrl(text), parsed?.hostname ? parseHost(parsed.hostname) : undefined, text);
    if (!isPlainUrl(text)) continue;
    plain++;
    assert.equal(parsed?.href, text);
  }
  assert.ok(plain > 3_000, String(plain));
});

test('other schemes, overlong and broken URLs give undefined', () => {
  for (const text of [
    '',
    'example.org',
    'ftp://example.org/',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://',
    'https://exa mple/',
    'http://[::1',
  ])
    assert.equal(parseUrl(text), undefined, text);
  assert.equal(parseUrl(`https://example.org/${'a'.repeat(MAX_URL_LENGTH)}`), undefined);
});

test('the host of a URL is one that Adit stores', () => {
  assert.equal(hostOfUrl('https://bitcöingold.org/x'), 'xn--bitcingold-hcb.org');
  assert.equal(hostOfUrl('https://[::1]:8080/'), '::1');
  assert.equal(hostOfUrl('http://0x7f.1/'), '127.0.0.1');
  assert.equal(hostOfUrl('about:blank'), undefined);
  assert.equal(hostOfUrl('not a url'), undefined);
});

test('defanging makes text unclickable and refanging brings it back', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['https://example.org/a.b?c=d.e', 'hxxps://example[.]org/a.b?c=d.e'],
    ['http://example.org', 'hxxp://example[.]org'],
    ['example.org', 'example[.]org'],
    ['someone@example.org', 'someone[@]example[.]org'],
    ['10.0.0.1', '10[.]0[.]0[.]1'],
  ];
  for (const [plain, defanged] of cases) {
    assert.equal(defang(plain), defanged);
    assert.equal(refang(defanged), plain);
  }
});

test('the usual spellings of defanged text are understood', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['hXXp://example(.)org', 'http://example.org'],
    ['hxxps[:]//example[dot]org/x', 'https://example.org/x'],
    ['hxxp[://]example{.}org', 'http://example.org'],
    ['someone[at]example.org', 'someone@example.org'],
    ['https://example.org/plain', 'https://example.org/plain'],
  ];
  for (const [text, expected] of cases) assert.equal(refang(text), expected);
});
