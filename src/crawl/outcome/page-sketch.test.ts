import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseUrlOf, decodePage, parseRefresh, refreshOf, sketchPage } from './page-sketch.ts';

test('title, text and start tags of an ordinary page', () => {
  const page = sketchPage(
    '<!doctype html><HTML><head><title>A &amp; B\n C</title><style>p{}</style></head>' +
      '<body><!-- <p>not</p> --><p class=x>Hello&nbsp;<b>world</b> 1 < 2</p>' +
      '<script>document.write("<p>no</p>")</script><noscript>off</noscript></body></html>',
  );
  assert.equal(page.title, 'A & B C');
  assert.equal(page.text, 'Hello world 1 < 2');
  assert.deepEqual(
    page.elements.map(({ name }) => name),
    ['html', 'head', 'title', 'style', 'body', 'p', 'b', 'script', 'noscript'],
  );
  assert.equal(page.elements[5]?.attributes.get('class'), 'x');
});

test('attributes: quoting, references, repeated names, capitals', () => {
  const [a] = sketchPage(
    `<A HREF='/x?a=1&amp;b=2' title="q>r" checked data-x=y/z href=/other>t</A>`,
  ).elements;
  assert.deepEqual(
    [...(a?.attributes ?? [])],
    [
      ['href', '/x?a=1&b=2'],
      ['title', 'q>r'],
      ['checked', ''],
      ['data-x', 'y/z'],
    ],
  );
});

test('hostile markup ends and keeps what came before', () => {
  for (const html of [
    '<p>kept<a href="never closed',
    '<p>kept<!-- never closed',
    '<p>kept<script>never closed',
    '<p>kept<',
    '<p>kept</',
    `<p>kept${'<x y="'.repeat(20_000)}`,
    `<p>kept<div ${'a '.repeat(50_000)}>`,
    `<p>kept<div${' '.repeat(200_000)}`,
  ]) {
    assert.match(sketchPage(html).text, /^kept/, html.slice(0, 30));
  }
});

test('capitals that grow in lower case do not shift offsets', () => {
  assert.equal(sketchPage(`${'İ'.repeat(50)}<SCRIPT>x</SCRIPT><p>after`).text.endsWith('after'), true);
});

const REFRESHES: Readonly<Record<string, ReturnType<typeof parseRefresh>>> = {
  '0;url=/next': { seconds: 0, target: '/next' },
  '5; URL = "https://b.example/?a;b"': { seconds: 5, target: 'https://b.example/?a;b' },
  "0; url='x'y": { seconds: 0, target: 'x' },
  '3': { seconds: 3 },
  '0.5, next.html': { seconds: 0, target: 'next.html' },
  '1 next.html': { seconds: 1, target: 'next.html' },
  ' 2 ; ': { seconds: 2 },
  'url=/x': undefined,
  '': undefined,
  '5x': undefined,
};
for (const [value, meaning] of Object.entries(REFRESHES)) {
  test(`refresh ${JSON.stringify(value)}`, () => assert.deepEqual(parseRefresh(value), meaning));
}

test('a refresh counts only where a browser with scripts would follow it', () => {
  const meta = '<meta content="0;url=/n" HTTP-EQUIV="Refresh">';
  assert.deepEqual(refreshOf(sketchPage(meta)), { seconds: 0, target: '/n' });
  for (const wrapped of [
    `<noscript>${meta}</noscript>`,
    `<!--${meta}-->`,
    `<script>'${meta}'</script>`,
    `<textarea>${meta}</textarea>`,
  ]) {
    assert.equal(refreshOf(sketchPage(wrapped)), undefined, wrapped);
  }
});

test('the base element moves relative addresses', () => {
  assert.equal(
    baseUrlOf(sketchPage('<base target=_top><base href="/d/">'), 'https://a.example/x'),
    'https://a.example/d/',
  );
  assert.equal(baseUrlOf(sketchPage('<p>'), 'https://a.example/x'), 'https://a.example/x');
});

test('page bytes are decoded by mark, header, own meta, or as UTF-8', () => {
  const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
  assert.equal(decodePage(latin, 'text/html; charset="ISO-8859-1"'), 'café');
  assert.equal(decodePage(latin, 'text/html; charset=nonsense'), 'caf\ufffd');
  assert.equal(decodePage(Buffer.from('<meta charset=koi8-r>\xcd', 'latin1'), 'text/html').at(-1), 'м');
  assert.equal(decodePage(Uint8Array.of(0xff, 0xfe, 0x41, 0x00), 'text/html; charset=utf-8'), 'A');
  assert.equal(decodePage(Buffer.from('é'), undefined), 'é');
});
