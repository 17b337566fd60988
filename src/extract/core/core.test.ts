import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { decodeText } from '../decode-text.ts';
import { DEFAULT_LIMITS } from '../context.ts';
import { scanHtml } from '../html/scan.ts';
import { openCore, MAX_PAGE_BYTES, MEANINGS, type EngineKind, type PageFacts } from './index.ts';
import { MAX_LINKS, MAX_PAIRS, MAX_SPANS, MAX_TAGS, STRUCTURE, TAG_ROWS, TAGS_ARE_CUT } from './layout.ts';
import { hasRealPages, hasSimd, hostsByParse5, hostsByScan, hostsOf, realPages } from './oracle-fixture.ts';
import { resultsOf } from './results-fixture.ts';
import type { Meaning } from './vocabulary.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void; // by the flag

const URL_OF_PAGE = 'https://page.test/folder/';
const KINDS: readonly EngineKind[] = hasSimd ? ['simd', 'plain'] : ['plain'];

const read = (html: string | Uint8Array, kind?: EngineKind, contentType?: string): PageFacts =>
  openCore(kind).page(typeof html === 'string' ? Buffer.from(html) : html, URL_OF_PAGE, contentType);

const rows = (facts: PageFacts, isAsked?: (meaning: Meaning) => boolean): string[] => {
  const { host, meaning, count, offset } = facts.hosts(isAsked);
  return host.map((name, i) => `${MEANINGS[meaning[i]!]!.cause} ${name} ${count[i]} @${offset[i]}`);
};

/** Memory in use, of strings and buffers, once what is garbage has gone. */
function heapMb(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

for (const kind of KINDS) {
  test(`${kind}: hosts by meaning, with count and first tag`, () => {
    const html =
      '<p>text</p><a href="https://A.test/x">a</a><a href="//a.TEST">b</a><a href="http://u@b.test">c</a>';
    assert.deepEqual(rows(read(html, kind)), ['a.href a.test 2 @11', 'a.href b.test 1 @67']);
  });

  test(`${kind}: every place that names a URL`, () => {
    const html = `<link rel="x ICON" href=//h1.test><link rel=canonical href=//h2.test><link rel=preconnect href=//h3.test>
      <img srcset="//h4.test/a,b 1x, //h5.test/?x=1&amp;y=2 2x" data-src=//h6.test><meta http-equiv=Refresh content="0;URL='//h7.test'">
      <style>/* url(//no.test) */ @import "//h8.test"; b{background:url( //h9.test/x )} @namespace url(//no.test);</style>
      <p style="background:url(&quot;//h10.test&quot;)"><p style="background:url('//h11.test')"><a ping="//h12.test //h13.test">
      <iframe srcdoc="<img src=//h14.test>"></iframe><form action=//h15.test><svg><style>a{b:url(//h16.test)}</style><use xlink:href=//h17.test /></svg>
      <script src=//h18.test></script><script type=speculationrules>{"prefetch":[{"urls":["//h19.test"]}]}</script>
      <td background=//h20.test><input formaction=//h21.test><object data=//h22.test><video poster=//h23.test src=ws://h24.test>`;
    const hosts = new Set(read(html, kind).hosts().host);
    assert.deepEqual(hosts, new Set(Array.from({ length: 24 }, (_, i) => `h${i + 1}.test`)));
    assert.deepEqual(hostsOf(read(html, kind)), hostsByScan(html, URL_OF_PAGE));
    const isLoaded = ({ cause, pull }: Meaning): boolean => pull === 'loads' && cause !== 'script.src';
    const asked = rows(read(html, kind), isLoaded);
    const all = read(html, kind).hosts();
    assert.deepEqual(
      asked,
      rows(read(html, kind)).filter((_, row) => isLoaded(MEANINGS[all.meaning[row]!]!)),
    );
  });

  test(`${kind}: the first base counts for links before it, too`, () => {
    const html =
      '<a href=one>1</a><base target=x><base href="//base.test/"><base href="//no.test/"><a href="#two">2</a>';
    assert.deepEqual(rows(read(html, kind)), ['a.href base.test 2 @0']);
    assert.equal(read(html, kind).base, 'https://base.test/');
    assert.deepEqual(rows(read('<base href="data:,x"><a href=x>', kind)), ['a.href page.test 1 @21']);
  });

  test(`${kind}: links and spans on demand, offsets in bytes`, () => {
    const html =
      '<title>é</title><!--c--><noscript><a href=" //é.test/?a&amp;b ">x</a></noscript><script>s</script><meta name=m>';
    const bytes = Buffer.from(html);
    const facts = read(bytes, kind);
    const [link] = facts.links();
    assert.equal(link!.value, '//é.test/?a&b ');
    assert.equal(link!.isNoscript, true);
    assert.equal(bytes.toString('utf8', link!.start, link!.end), '<a href=" //é.test/?a&amp;b ">');
    assert.deepEqual(facts.hosts().host, ['xn--9ca.test']);
    assert.deepEqual(
      Array.from(facts.spans(), (span) => `${span.kind} ${facts.text(span.start, span.end)}`),
      ['title é', 'comment c', 'script s', 'meta <meta name=m>'],
    );
  });

  test(`${kind}: limits are noted, hosts beyond them are hard cases`, () => {
    const links = Array.from({ length: MAX_PAIRS + 500 }, (_, i) => `<a href=//h${i}.test>`).join('');
    assert.equal(read(links, kind).hosts().host.length, MAX_PAIRS + 500);
    const facts = read('<a href=//h.test>'.repeat(MAX_LINKS + 5), kind);
    assert.equal(facts.isCut, true);
    assert.deepEqual(facts.hosts().count, [MAX_LINKS]);
    assert.equal(read(Buffer.alloc(MAX_PAGE_BYTES + 1, 'a'), kind).isCut, true);
    assert.equal(read('x', kind).isCut, false);
  });

  test(`${kind}: what is beyond a limit harms nothing that was noted before`, () => {
    const hosts = Array.from({ length: MAX_PAIRS + 500 }, (_, i) => `<a href=//h${i}.test>`).join('');
    const facts = read(`<!--c-->${hosts}`, kind);
    assert.equal(facts.hostRowOf(MAX_PAIRS - 1), MAX_PAIRS - 1);
    assert.ok(facts.hostRowOf(MAX_PAIRS) < 0);
    assert.deepEqual(
      Array.from(facts.spans(), (span) => facts.text(span.start, span.end)),
      ['c'],
    );
    const comments = read(`<a href=//a.test>${'<!--c-->'.repeat(MAX_SPANS + 100)}`, kind);
    assert.equal(comments.spanCount, MAX_SPANS);
    assert.deepEqual(
      Array.from(comments.links(), ({ value }) => value),
      ['//a.test'],
    );
    const core = openCore(kind);
    const cells = new Int32Array(core.memory.buffer);
    core.page(Buffer.from(`<p>${'<b>'.repeat(MAX_TAGS + 100)}`), URL_OF_PAGE);
    assert.deepEqual([cells[TAG_ROWS / 4], cells[TAGS_ARE_CUT / 4]], [MAX_TAGS, 1]);
    assert.equal(Buffer.from(core.memory.buffer).toString('latin1', STRUCTURE, STRUCTURE + 5), 'p b b');
  });

  test(`${kind}: what stands behind a page is no part of it`, () => {
    const core = openCore(kind);
    const html = Buffer.from(
      '<a href=//a.test>x</a><!-- c --><p/><script><!-- a --></script ><style>a{b:url(//b.test)}</style><![CDATA[ ]]>' +
        '<img srcset="//c.test 1x, d"><svg><![CDATA[ ]]><style>url(//e.test)</style></svg></ ><!doctype html><? ?>',
    );
    for (let end = 0; end <= html.length; end++) {
      core.page(Buffer.alloc(html.length), URL_OF_PAGE);
      const alone = resultsOf(core.page(html.subarray(0, end), URL_OF_PAGE), core);
      core.page(html, URL_OF_PAGE);
      assert.ok(
        resultsOf(core.page(html.subarray(0, end), URL_OF_PAGE), core).equals(alone),
        `cut at ${end}`,
      );
    }
  });

  test(`${kind}: encodings in which ASCII bytes are not ASCII`, () => {
    const utf16 = Buffer.from('\u{feff}<a href=//a.test>', 'utf16le');
    assert.deepEqual(read(utf16, kind).hosts().host, ['a.test']);
    assert.deepEqual(read(utf16.subarray(2), kind, 'text/html; charset=UTF-16LE').hosts().host, ['a.test']);
    const big = Buffer.from(utf16).swap16();
    assert.deepEqual(read(big, kind, 'text/html; charset=utf-8').hosts().host, ['a.test']); // the mark counts first
    const koi8 = Buffer.concat([
      Buffer.from('<meta charset=koi8-r><a href="//'),
      Buffer.of(0xc1),
      Buffer.from('.test">'),
    ]);
    assert.deepEqual(read(koi8, kind).hosts().host, ['xn--80a.test']); // Cyrillic а
    const latin1 = Buffer.concat([Buffer.from('<a href="//'), Buffer.of(0xe9), Buffer.from('.test">')]);
    assert.deepEqual(read(latin1, kind).hosts().host, ['xn--9ca.test']);
    // In ISO-2022-JP the bytes of a character may look like markup.
    const jis = Buffer.from('<meta charset=iso-2022-jp>\u001b$B<a!!\u001b(B<a href=//a.test>', 'latin1');
    assert.deepEqual(read(jis, kind).hosts().host, ['a.test']);
    for (const label of ['ISO-2022-JP', 'csISO2022JP']) {
      const late = `${'x'.repeat(2_000)}\u001b$B<a href=//no.test>!\u001b(B<a href=//a.test>`;
      const declared = Buffer.from(`<meta charset="${label}">${late}`, 'latin1');
      assert.deepEqual(read(declared, kind).hosts().host, ['a.test'], label);
      const type = `text/html; charset=${label}`;
      assert.deepEqual(read(Buffer.from(late, 'latin1'), kind, type).hosts().host, ['a.test'], type);
    }
    // Shift_JIS: the second byte of a character may be a backslash. Latin letters stay what they are.
    const sjis = Buffer.from(
      '<meta charset=shift_jis><a title="\x83\x5c" href="//a.test/\x83\x5c"><a href="//b.test/">',
      'latin1',
    );
    assert.deepEqual(read(sjis, kind).hosts().host, ['a.test', 'b.test']);
    // Browsers read no HZ at all, and take what calls itself UTF-7 or UTF-32 for something else.
    assert.deepEqual(read('<meta charset=hz-gb-2312><a href=//no.test>', kind).hosts().host, []);
    const hz = 'text/html; charset=HZ-GB-2312';
    assert.deepEqual(read('<a href=//no.test>', kind, hz).hosts().host, []);
    assert.deepEqual(read('<meta charset=utf-7><a href=//a.test>', kind).hosts().host, ['a.test']);
    assert.deepEqual(read('+ADw-a href=//no.test+AD4-', kind, 'text/html; charset=utf-7').hosts().host, []);
    assert.deepEqual(read('<a href=//a.test>', kind, 'text/html; charset=utf-32').hosts().host, ['a.test']);
  });

  test(`${kind}: a page as large as any leaves the memory where and as large as it is`, () => {
    const core = openCore(kind);
    const { buffer, byteLength } = core.memory;
    const page = Buffer.alloc(MAX_PAGE_BYTES, '<a href=//a.test>');
    assert.equal(core.page(page, URL_OF_PAGE).hosts().host.length, 1);
    assert.ok(core.memory.buffer === buffer && core.memory.byteLength === byteLength);
    assert.equal(core.page(Buffer.from('<a href=//b.test>'), URL_OF_PAGE).hosts().host[0], 'b.test');
  });

  test(`${kind}: names that are kept hold no page in memory`, () => {
    const core = openCore(kind);
    const names: string[] = [];
    const before = heapMb();
    for (let i = 0; i < 60; i++) {
      const page = Buffer.from(`<a href=//name-that-is-kept-${i}.test>${'x'.repeat(2_000_000)}`);
      const facts = core.page(page, URL_OF_PAGE);
      names.push(...facts.hosts().host, ...Array.from(facts.links(), ({ value }) => value));
    }
    assert.equal(names.length, 120);
    const kept = heapMb() - before;
    assert.ok(kept < 40, `${kept} MB are kept of 120 MB of pages`);
  });
}

test('a page in the core memory is read where it lies', () => {
  const core = openCore();
  const page = Buffer.from('<a href=//a.test>');
  core.memory.set(page, core.inputOffset + 100);
  core.memory.fill(0x41, core.inputOffset + 117, core.inputOffset + 200);
  const facts = core.pageAt(core.inputOffset + 100, core.inputOffset + 117, URL_OF_PAGE);
  assert.deepEqual(rows(facts), ['a.href a.test 1 @0']);
  assert.throws(() => core.pageAt(0, 10, URL_OF_PAGE), RangeError);
});

test('nothing of a page is left for the next', () => {
  const core = openCore();
  core.isSketching = true;
  core.page(
    Buffer.from('<base href=//b.test><svg><noscript><a href=//a.test>one two three four five'),
    URL_OF_PAGE,
  );
  const facts = core.page(Buffer.from('<style>x</style>'), URL_OF_PAGE);
  assert.deepEqual(
    [facts.linkCount, facts.words, facts.base, facts.hosts().host.length],
    [0, 0, URL_OF_PAGE, 0],
  );
  assert.equal(Array.from(facts.spans()).length, 1);
});

test(
  'both forms agree bit for bit with each other, and with the reader over strings, on real pages',
  {
    skip: (!hasRealPages && 'ADIT_DATA is absent') || (!hasSimd && 'the WebAssembly form was not built'),
  },
  () => {
    const [simd, plain] = [openCore('simd'), openCore('plain')];
    simd.isSketching = plain.isSketching = true;
    let pages = 0;
    for (const { url, bytes } of realPages(4)) {
      const facts = simd.page(bytes, url);
      assert.ok(resultsOf(facts, simd).equals(resultsOf(plain.page(bytes, url), plain)), url);
      assert.deepEqual(hostsOf(facts), hostsByScan(decodeText(bytes, undefined, 'html').text, url), url);
      pages++;
    }
    assert.ok(pages > 200);
  },
);

test(
  'host pairs of real pages are those of parse5 and the WHATWG URL parser',
  {
    skip: !hasRealPages && 'ADIT_DATA is absent',
  },
  (t) => {
    const core = openCore();
    let [pairs, missing, extra] = [0, 0, 0];
    for (const { url, bytes } of realPages(8)) {
      const isPair = (line: string): boolean => !line.endsWith(` ${new URL(url).hostname}`);
      const ours = new Set([...hostsOf(core.page(bytes, url))].filter(isPair));
      const theirs = new Set(
        [...hostsByParse5(decodeText(bytes, undefined, 'html').text, url)].filter(isPair),
      );
      pairs += theirs.size;
      missing += [...theirs].filter((pair) => !ours.has(pair)).length;
      extra += [...ours].filter((pair) => !theirs.has(pair)).length;
    }
    t.diagnostic(`${pairs} pairs, ${missing} missing, ${extra} extra`);
    assert.ok(pairs > 2_000);
    assert.ok(missing + extra <= pairs * 1e-4, `${missing} missing, ${extra} extra`);
  },
);

test('the vocabulary is that of the reader over strings', () => {
  const html = "<x-other data-url='//a.test'><thead background='//b.test'><fencedframe src='//c.test'>";
  assert.deepEqual(hostsOf(read(html)), hostsByScan(html, URL_OF_PAGE));
  assert.ok(DEFAULT_LIMITS.textBytes < MAX_PAGE_BYTES);
  assert.equal(scanHtml(html).references.length, read(html).linkCount);
});
