import assert from 'node:assert/strict';
import test from 'node:test';
import { parseHost } from '#model';
import { decodeText } from '../decode-text.ts';
import { openCore } from './index.ts';
import {
  hasRealPages,
  hasSimd,
  hostsByParse5Tags,
  hostsByScan,
  hostsOf,
  realPages,
} from './oracle-fixture.ts';
import { resultsOf } from './results-fixture.ts';

const PAGE = 'https://page.test/folder/';

/** Numbers below a limit, the same for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** What pages are made of, and what breaks readers. */
const PIECES: readonly string[] =
  `<a href= <img src= <img srcset= <link rel= <script <script> </script> <style> </style> <!-- --> --!> <!> <? </ </> <
  <svg> </svg> <math> <mi> </mi> <title> </title> <textarea> </textarea> <base href= <meta http-equiv=refresh content=
  <p style= <noscript> </noscript> <![CDATA[ ]]> <foreignObject> <br> <desc/> <iframe srcdoc= <a ping= <plaintext <xmp> </xmp>
  > /> " ' = / & &amp; &#47; &colon; ; , ( ) url( src( image-set( @import @namespace /* */ \\ \\26
  http:// https:// HTTPS:// // http: ws:// mailto: javascript: data: a.test b.test B.TEST xn--9ca.test é.test 1.2.3.4 0x7f.1 a..b u@c.test
  :80 :99999 /path ?q #f . - _ % %41 1x 2x stylesheet preconnect canonical text wörd x \t \n \r \f \0`
    .split(/ +|\n +/)
    .concat(' ', ' ', '\n');

/** Those that leave a quoted attribute whole. */
const URL_PIECES = PIECES.filter((piece) => !/[<>"]/.test(piece));
const URL_STARTS = ['http://', 'https://', '//', 'HTTP://', ' //', 'http:', '\\\\', ''];
const HOSTS = [
  'a.test',
  'b.a.test',
  'B.TEST',
  'xn--9ca.test',
  'é.test',
  '1.2.3.4',
  'x-y.test',
  'u@c.test',
  'd.test:81',
];
const CONTEXTS: readonly ((url: string) => string)[] = [
  (url) => `<a href="${url}">`,
  (url) => `<IMG SRC='${url}' alt=x>`,
  (url) => `<img srcset="${url} 1x, /x 2x,${url},">`,
  (url) => `<link rel="icon x" href=${url}>`,
  (url) => `<p style="b:url(${url}) c">`,
  (url) => `<style>@import "${url}"; a{b:url( '${url}' )}</style>`,
  (url) => `<meta http-equiv=refresh content="0;url=${url}">`,
  (url) => `<iframe srcdoc="<a href='${url}'>"></iframe>`,
  (url) => `<base href="${url}/">`,
];

/** Markup in which most places name a URL, with random pieces in between and now and then inside. */
function randomPage(random: (limit: number) => number): string {
  const parts = Array.from({ length: 1 + random(12) }, () => {
    if (random(3) === 0) return PIECES[random(PIECES.length)]!;
    const part = CONTEXTS[random(CONTEXTS.length)]!(randomUrl(random));
    const at = random(part.length);
    return random(3) > 0 ? part : part.slice(0, at) + PIECES[random(PIECES.length)]! + part.slice(at);
  });
  return parts.join('');
}

function randomUrl(random: (limit: number) => number): string {
  const host = HOSTS[random(HOSTS.length)]!;
  const at = random(host.length + 1);
  const broken =
    random(3) > 0 ? host : host.slice(0, at) + URL_PIECES[random(URL_PIECES.length)]! + host.slice(at);
  return `${URL_STARTS[random(URL_STARTS.length)]!}${broken}${URL_PIECES[random(URL_PIECES.length)]!}`;
}

test(
  'both forms agree bit for bit on random markup and random bytes',
  { skip: !hasSimd && 'the WebAssembly form was not built' },
  () => {
    const random = randomNumbers(1);
    const [simd, plain] = [openCore('simd'), openCore('plain')];
    for (let round = 0; round < 20_000; round++) {
      const bytes =
        round % 4 === 0
          ? Uint8Array.from({ length: random(200) }, () => random(256))
          : Buffer.from(randomPage(random));
      simd.isSketching = plain.isSketching = round % 3 > 0;
      const facts = simd.page(bytes, PAGE);
      assert.ok(
        resultsOf(facts, simd).equals(resultsOf(plain.page(bytes, PAGE), plain)),
        JSON.stringify(Buffer.from(bytes).toString('latin1')),
      );
      if (round % 4 === 0) facts.hosts(); // does not throw
    }
    plain.isSketching = false;
  },
);

test('hosts of random markup are those of the reader over strings', (t) => {
  const random = randomNumbers(2);
  const core = openCore();
  let hosts = 0;
  for (let round = 0; round < 20_000; round++) {
    const html = randomPage(random);
    const ours = hostsOf(core.page(Buffer.from(html), PAGE, 'text/html; charset=utf-8'));
    const theirs = hostsByScan(html, PAGE);
    hosts += theirs.size;
    assert.deepEqual([...ours].sort(), [...theirs].sort(), JSON.stringify(html));
  }
  t.diagnostic(`${hosts} hosts`);
  assert.ok(hosts > 20_000);
});

test('hosts of random URLs are those of the WHATWG URL parser', (t) => {
  const random = randomNumbers(3);
  const core = openCore();
  let plainHosts = 0;
  for (let round = 0; round < 30_000; round++) {
    const url = randomUrl(random);
    const written = url.replaceAll('&', '&amp;');
    const facts = core.page(Buffer.from(`<a href="${written}">`), PAGE, 'text/html; charset=utf-8');
    const value = url.replaceAll('\0', '\u{fffd}').replaceAll('\r', '\n');
    const parsed = value.trim() === '' ? null : URL.parse(value, PAGE);
    const isWeb = parsed !== null && /^(?:http|ws)s?:$/.test(parsed.protocol);
    const host = isWeb ? parseHost(parsed.hostname) : undefined;
    assert.deepEqual(facts.hosts().host, host === undefined ? [] : [host], JSON.stringify(url));
    if (host !== undefined && host !== 'page.test') plainHosts++;
  }
  t.diagnostic(`${plainHosts} hosts`);
  assert.ok(plainHosts > 10_000);
});

test(
  'slices of real pages with a few random pieces read as parse5 reads them',
  {
    skip: !hasRealPages && 'ADIT_DATA is absent',
  },
  (t) => {
    const random = randomNumbers(4);
    const core = openCore();
    // Where the tree builder ignores a tag that would begin raw text, a reader without a tree goes astray.
    const pieces = PIECES.concat(
      '<select> </select> <option> <table> <td> <frameset> <template> </p>'.split(' '),
    );
    let [slices, differing] = [0, 0];
    for (const { bytes } of realPages(2)) {
      const html = decodeText(bytes, undefined, 'html').text;
      for (let i = 0; i < 4; i++) {
        let slice = html.substr(random(html.length), 3_000);
        for (let n = random(7); n > 0; n--) {
          const at = random(slice.length);
          slice = slice.slice(0, at) + pieces[random(pieces.length)]! + slice.slice(at);
        }
        slice = slice.toWellFormed();
        const ours = hostsOf(core.page(Buffer.from(slice), PAGE, 'text/html; charset=utf-8'));
        const theirs = hostsByParse5Tags(slice, PAGE);
        slices++;
        if ([...ours].sort().join() !== [...theirs].sort().join()) differing++;
      }
    }
    t.diagnostic(`${differing} of ${slices} slices differ`);
    assert.ok(slices > 1_500);
    assert.ok(differing <= Math.ceil(slices * 0.002), `${differing} of ${slices}`);
  },
);
