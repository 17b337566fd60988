import assert from 'node:assert/strict';
import test from 'node:test';
import { parseRefresh, parseSrcset } from './references.ts';
import { scanHtml } from './scan.ts';
import { tokenizeHtml } from './tokenizer.ts';

const named = (html: string): string[] =>
  scanHtml(html).references.map(
    ({ element, attribute, cause, value }) => `${element} ${attribute ?? '-'} ${cause} ${value}`,
  );

test('names what each element makes the browser reach', () => {
  assert.deepEqual(
    named(`<!doctype html><link rel="shortcut icon" href=/f.ico><link rel=canonical href=/c><LINK REL=preconnect HREF=//p.test>
      <script src="a.js?a=1&amp;b=2"></script><img src=i.png srcset="i1.png 1x, i2.png 2x"><body background=bg.png>
      <a href=" /x " ping="p1 p2">x</a><form action=f></form><button formaction=g></button>
      <video src=v poster=p></video><iframe src=if></iframe><object data=o></object><embed src=e>
      <svg><image xlink:href=s.png /><use href="u.svg#a"/></svg>
      <meta http-equiv=Refresh content="5; URL='next.html'"><div style="background:url(&quot;d.png&quot;)"></div>
      <style>@import "s.css"; b{background:url(st.png)}</style><img data-src=lazy.png>`),
    [
      'link href link.href /f.ico',
      'link href link.href /c',
      'link href preconnect //p.test',
      'script src script.src a.js?a=1&b=2',
      'img src img.src i.png',
      'img srcset img.src i1.png',
      'img srcset img.src i2.png',
      'body background img.src bg.png',
      'a href a.href /x',
      'a ping beacon p1',
      'a ping beacon p2',
      'form action form.action f',
      'button formaction form.action g',
      'video src media.src v',
      'video poster media.src p',
      'iframe src iframe.src if',
      'object data object.data o',
      'embed src embed.src e',
      'image xlink:href img.src s.png',
      'use href img.src u.svg#a',
      'meta content meta.refresh next.html',
      'div style css.url d.png',
      'style - css.import s.css',
      'style - css.url st.png',
      'img data-src img.src lazy.png',
    ],
  );
});

test('offsets lead back to the tag, or to the URL in a style element', () => {
  const html = `<p>\u{1F600}</p>\n<img src="a.png"><style>b{background:url(c.png)}</style>`;
  const [image, background] = scanHtml(html).references;
  assert.equal(html.slice(image!.start, image!.end), '<img src="a.png">');
  assert.equal(html.slice(background!.start, background!.end), 'c.png');
});

test('what stands in comments, raw text and data blocks is no markup', () => {
  assert.deepEqual(
    named(`<!-- <img src=1> --><textarea><img src=2></textarea><title><img src=3></title><xmp><img src=4></xmp>
      <script>"<img src=5>"</script><iframe><img src=6></iframe><noscript><img src=7></noscript>
      <svg><title><img src=8></title></svg><img src=9>`),
    ['img src img.src 7', 'img src img.src 8', 'img src img.src 9'],
  );
});

test('the first base with an address counts', () => {
  assert.equal(scanHtml('<base target=_top><base href="/a/"><base href="/b/">').baseHref, '/a/');
});

test('inline scripts, handlers and javascript: links, each with its place', () => {
  const html = `<script>one()</script><script type="application/json">{}</script><script type=module>two()</script>
    <a onclick="get(&quot;win&quot;)" href="javascript:three()">x</a><p on="no" onx="">`;
  assert.deepEqual(
    scanHtml(html).scripts.map(({ kind, attribute, code, start }) => [
      kind,
      attribute,
      code,
      html.slice(start, start + 3),
    ]),
    [
      ['script', undefined, 'one()', 'one'],
      ['script', undefined, 'two()', 'two'],
      ['handler', 'onclick', 'get("win")', 'get'],
      ['link', 'href', 'three()', 'thr'],
    ],
  );
});

test('srcset: commas inside URLs stay, descriptors go', () => {
  assert.deepEqual(parseSrcset(' a,b.png 1x,c.png, d.png 2x , e.png (x,y) 3x,,f.png'), [
    'a,b.png',
    'c.png',
    'd.png',
    'e.png',
    'f.png',
  ]);
});

test('refresh: only a value with an address leads elsewhere', () => {
  assert.equal(parseRefresh('0;url=http://x.test/'), 'http://x.test/');
  assert.equal(parseRefresh("1.5 , URL = 'a' rest"), 'a');
  assert.equal(parseRefresh('0; /plain'), '/plain');
  assert.equal(parseRefresh('5'), undefined);
  assert.equal(parseRefresh('url=x'), undefined);
});

test('any text: never throws, offsets stay inside and in order', () => {
  const pieces = [
    '<',
    '</',
    '<!--',
    '-->',
    '<script',
    '</script>',
    '<svg>',
    '</svg>',
    '<title>',
    '<![CDATA[',
    ']]>',
    '"',
    "'",
    '=',
    '/',
    '>',
    ' src=',
    'a',
    '&amp',
    '\0',
    '\r\n',
    '<style>',
    'url(',
    ')',
    '<base href=x>',
    'onclick=',
  ];
  let seed = 20_171_117;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
  for (let round = 0; round < 3_000; round++) {
    const text = Array.from({ length: random(40) }, () => pieces[random(pieces.length)]).join('');
    let last = 0;
    const inOrder = (start: number, end: number): void => {
      assert.ok(start >= last && end >= start && end <= text.length, JSON.stringify(text));
      last = end;
    };
    tokenizeHtml(text, {
      startTag: (tag) => inOrder(tag.start, tag.end),
      endTag: (tag) => inOrder(tag.start, tag.end),
      text: inOrder,
      comment: inOrder,
      doctype: inOrder,
    });
    for (const { start, end } of scanHtml(text).references)
      assert.ok(start >= 0 && end <= text.length && start < end);
  }
});

test('work grows with the text, not with its square', () => {
  for (const piece of [
    '<!--',
    '<script>',
    '<a ',
    '<a b="',
    '</',
    '<svg>',
    '<![CDATA[',
    '<style>url(',
    '<title>',
    '--!',
    '<a a=1 ',
  ]) {
    let tokens = 0;
    const count = (): void => void tokens++;
    const text = piece.repeat(200_000);
    tokenizeHtml(text, { startTag: count, endTag: count, text: count, comment: count });
    assert.ok(tokens <= 500_000, piece);
  }
});
