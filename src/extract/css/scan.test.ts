import assert from 'node:assert/strict';
import test from 'node:test';
import { scanCss } from './scan.ts';

const references = (css: string): string[] => scanCss(css).map(({ kind, value }) => `${kind} ${value}`);

test('names url(), @import, fonts and image sets', () => {
  assert.deepEqual(
    references(`@charset "utf-8"; @import "a.css" screen; @import url(b.css); @import url("c.css") print;
      @namespace svg url(http://www.w3.org/2000/svg);
      @font-face { font-family: "Z"; src: local("Z"), url(z.woff2) format("woff2"), url('z.woff'); }
      body { background: url( "bg.png" ), url(x\\ y.png); content: "url(no.png)" }
      .a { background: image-set("one.png" 1x, "two.png" type("image/png") 2x, url(three.png) 3x) }
      /* url(comment.png) */ .b { background: URL(UP.PNG) }`),
    [
      'import a.css',
      'import b.css',
      'import c.css',
      'font z.woff2',
      'font z.woff',
      'url bg.png',
      'url x y.png',
      'url one.png',
      'url two.png',
      'url three.png',
      'url UP.PNG',
    ],
  );
});

test('offsets are those of the URL', () => {
  const css = `.a{background:url( 'x.png' )}`;
  const [reference] = scanCss(css);
  assert.equal(css.slice(reference!.start, reference!.end), 'x.png');
});

test('decodes escapes', () => {
  assert.deepEqual(references(String.raw`a{background:url("\68 ttp:\2f\2f x.test/\62")}`), [
    'url http://x.test/b',
  ]);
});

test('a bad url() and a broken string name nothing and hide nothing after them', () => {
  assert.deepEqual(references(`a{background:url(a b.png)} b{background:url(good.png)}`), ['url good.png']);
  assert.deepEqual(references(`a{content:"broken\n} b{background:url(good.png)}`), ['url good.png']);
  assert.deepEqual(references(`a{background:url(`), []);
});

test('any text: never throws, offsets stay inside and in order', () => {
  const pieces = [
    'url(',
    ')',
    '"',
    "'",
    '\\',
    '@import',
    '/*',
    '*/',
    ';',
    '{',
    '}',
    'a.png',
    ' ',
    '\n',
    'image-set(',
    '(',
    '@font-face',
  ];
  let seed = 42;
  const random = (below: number): number =>
    (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below;
  for (let round = 0; round < 5_000; round++) {
    const css = Array.from({ length: random(40) }, () => pieces[random(pieces.length)]).join('');
    let last = 0;
    for (const { start, end } of scanCss(css)) {
      assert.ok(start >= last && end > start && end <= css.length, JSON.stringify(css));
      last = end;
    }
  }
});

test('work grows with the text, not with its square', () => {
  for (const piece of ['url(', 'url("', '@import', '/*', '"\\', 'image-set(', 'url(a b)', '\\']) {
    assert.ok(scanCss(piece.repeat(200_000), 1_000_000).length <= 200_000, piece);
  }
});
