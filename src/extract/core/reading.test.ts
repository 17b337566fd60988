import assert from 'node:assert/strict';
import test from 'node:test';
import { PageGrouper, readArchive, toArchivedPage } from '#archive';
import type { CaptureReader, Observation } from '#model';
import { CaptureFixture } from '../capture-fixture.ts';
import { extractObservations } from '../index.ts';
import { TRACKER_CASES } from '../trackers/tracker-cases.ts';
import { openCore, type EngineKind, type ExtractionCore } from './index.ts';
import { hasRealPages, hasSimd, realPagesPath } from './oracle-fixture.ts';

const KINDS: readonly EngineKind[] = hasSimd ? ['simd', 'plain'] : ['plain'];

/** All observations of all datasets, in order, with their evidence; what scripts would reach is left to the exact reader. */
const observe = (reader: CaptureReader, core?: ExtractionCore): readonly Observation[] =>
  extractObservations(reader, {}, { core, readsScripts: false }).observations;

const PAGE = 'https://www.page.test/folder/page.html?x=1';

function capture(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
  url = PAGE,
): CaptureReader {
  const fixture = new CaptureFixture(url);
  fixture.exchange({ url, body, headers: { 'content-type': 'text/html', ...headers } });
  return fixture.reader();
}

test(
  'all observations of real pages are those of the exact readers',
  { skip: !hasRealPages && 'ADIT_DATA is absent' },
  (t) => {
    const core = openCore();
    const grouper = new PageGrouper();
    let [pages, observations] = [0, 0];
    for (const exchange of readArchive(realPagesPath)) {
      for (const group of grouper.push(exchange)) {
        if (pages++ % 8 !== 0) continue;
        const { reader } = toArchivedPage(group, 32 * 1024 * 1024);
        const exact = observe(reader);
        observations += exact.length;
        assert.deepEqual(observe(reader, core), exact, reader.capture.url);
      }
    }
    t.diagnostic(`${observations} observations of ${Math.ceil(pages / 8)} pages`);
    assert.ok(observations > 3_000);
  },
);

/** Numbers below a limit, the same for the same seed. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** What datasets look for, and what stands around it. */
const PIECES: readonly string[] = [
  ...TRACKER_CASES.flatMap(({ text, not }) => [text, not]),
  '<meta name="generator" content="WordPress 6.1">',
  "<META content='Joomla! 1.5' NAME=' Generator '>",
  '<meta property=keywords content=x>',
  '<meta name="&#103;enerator" content="WordPress 5.0">',
  '<script src="/wp-content/plugins/x.js?ver=1.2"></script>',
  '<script src="https://code.jquery.com/jquery-3.4.1.min.js"></script>',
  '<script src=jquery-1.12.4.min.js></script>',
  '<script src="../wp-includes/js/jquery/jquery.js?ver=1.12.4"></script>',
  '<script src="../../wp-includes/js/jquery/jquery.js?a=1&amp;ver=1.12.4&#038;x&y=/jquery-ui.js"></script>',
  '<img src="./a:b/wp-content/c.png?x=1&copy=2&lt;3"><img src="a:b/wp-content/d.png">',
  '<svg><use xlink:href="#jquery-1.2.3.min.js"/><use href="#x/wp-content/"/></svg>',
  '<img src="https://images.test/wp-content/a:b&#38;c.png"><img src="/&#106;query-1.2.3.js&jquery-1.2.4.js">',
  '<script src="//cdnjs.cloudflare.com"></script>',
  '<script src="//maxcdn.bootstrapcdn.com?x"></script>',
  '<link rel=stylesheet href="https://fonts.googleapis.com/css?family=A&amp;display=swap">',
  '<link rel=preconnect href=https://fonts.gstatic.com><link rel=dns-prefetch href="//s0.wp.com">',
  '<img src="data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAA" srcset="/wp-content/a.png 1x, b.png 2x">',
  '<iframe srcdoc="<img src=//inner.test/wp-content/x.png>" src="//frame.test/x"></iframe>',
  '<style>a{b:url( " //css.test/x" )} @import "//import.test"; c{d:url(//e.test/\\66)}</style>',
  '<p style="background:url(//style.test/y)">',
  '<x-other data-src=//lazy.test/z>',
  '<base href="https://other.test/base/">',
  '<base href="/relative/">',
  '<title>A title – with é &amp; more</title>',
  '<title></title><svg><title>no</title></svg>',
  "<!-- Mirrored from www.source.test/x by HTTrack Website Copier/3.x [XR&CO'2014], Fri, 11 Aug 2017 15:34:48 GMT -->",
  '<!-- saved from url=(0019)https://source.test -->',
  '<link rel=canonical href="https://source.test/"><a href="main5e1f.css?v=2">',
  '<a href="list%3Fid=1.html"></a><a href="list%3Fid=2.html"></a>',
  '<img tppabs="http://source.test/a.gif" src="a.gif">',
  '<img src="https://web.archive.org/web/2021/https://source.test/a.png">',
  '<a href="mailto:someone@firma.de">someone@firma.de</a> icon@2x.png jquery@3.4.1 é@firma.de',
  '<a data-cfemail="543931142c7a373b39">x</a>',
  'https://0cc175b9c0f1b6a831c399e269772661@o1.ingest.sentry.io/12345',
  '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
  '0x52908400098527886E0F7030069857D2E4169EE7',
  'solana 7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV',
  '<svg><style>a{b:url(//svg.test/x)}</style></svg>',
  '<div><div><div><span></span><P></P></div></div></div>',
  '<script type=speculationrules>{"prefetch":[{"urls":["//spec.test"]}]}</script>',
  'ÄÖÜ 漢字 𝒳𝒴 \u{1f600}',
  '\r\n',
  '\n',
  '\r',
  ' ',
  '\t"',
  "'>",
  '<!--',
  '-->',
  '</script>',
  '<script>',
  '<noscript>',
  '</noscript>',
];

for (const kind of KINDS) {
  test(`${kind}: all observations of random pages are those of the exact readers`, () => {
    const random = randomNumbers(7);
    const core = openCore(kind);
    let observations = 0;
    for (let round = 0; round < 1_500; round++) {
      const text = Array.from({ length: 1 + random(14) }, () => randomPiece(random)).join('');
      const reader = capture(
        encode(text, random(12)),
        HEADERS[random(HEADERS.length)],
        URLS[random(URLS.length)],
      );
      const exact = observe(reader);
      observations += exact.length;
      assert.deepEqual(observe(reader, core), exact, JSON.stringify([text, reader.capture.url]));
    }
    assert.ok(observations > 5_000, String(observations));
  });
}

const URLS = [
  PAGE,
  'https://jquery.com/',
  'http://fonts.googleapis.com/css/',
  'https://www.page.test/wp-content/x/',
];
const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  { 'content-type': 'text/html; charset=utf-8' },
  { 'content-type': 'text/html; charset=windows-1251', server: 'nginx/1.2', 'set-cookie': 'PHPSESSID=1' },
  { link: '<https://linked.test/x.css>; rel=preload', refresh: '3; url=https://refreshed.test/' },
];

function randomPiece(random: (limit: number) => number): string {
  const piece = PIECES[random(PIECES.length)]!;
  if (random(4) > 0) return piece;
  const at = random(piece.length);
  return piece.slice(0, at) + PIECES[random(PIECES.length)]! + piece.slice(at + random(4));
}

/** Mostly UTF-8; now and then bytes that are none, a byte order mark, or two bytes a letter. */
function encode(text: string, how: number): Uint8Array {
  if (how === 0) return Buffer.from(text, 'latin1');
  if (how === 1) return Buffer.from(`\u{feff}${text}`);
  if (how === 2) return Buffer.from(`\u{feff}${text}`, 'utf16le');
  return Buffer.from(text);
}

test('a page with what it loaded is read by the core, too', () => {
  const fixture = new CaptureFixture(PAGE);
  const requestHeaders = { referer: PAGE };
  const html =
    '<img src=a.png><img src=//images.test/b.png><script src=//scripts.test/c.js></script><a href=//links.test/>x</a>';
  fixture.exchange({ url: PAGE, body: html, headers: { 'content-type': 'text/html' } });
  fixture.exchange({ url: 'https://www.page.test/folder/a.png', requestHeaders });
  fixture.exchange({ url: 'https://images.test/b.png', requestHeaders, body: 'PNG' });
  fixture.exchange({ url: 'https://scripts.test/c.js', requestHeaders, body: "fetch('//fetched.test/')" });
  const reader = fixture.reader();
  const exact = observe(reader);
  assert.ok(exact.some(({ target, detail }) => target === 'images.test' && detail['isObserved'] === true));
  for (const kind of KINDS) assert.deepEqual(observe(reader, openCore(kind)), exact, kind);
});

test('pages beyond the limits of the core are read exactly', () => {
  const reader = capture(`<title>t</title>${'<a href=//a.test>'.repeat(140_000)}`);
  assert.deepEqual(observe(reader, openCore()), observe(reader));
});
