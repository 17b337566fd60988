import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { decodeText, decodeToUtf8 } from './decode-text.ts';
import { SourceText } from './source-text.ts';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const read = (bytes: Uint8Array, type: string | undefined): string[] => {
  const { text, encoding } = decodeText(bytes, type, 'html');
  return [encoding, text];
};

test('byte order mark before header before declaration before the bytes themselves', () => {
  assert.deepEqual(read(latin('\xef\xbb\xbfé'), 'text/html; charset=iso-8859-1')[0], 'utf-8');
  assert.deepEqual(read(latin('<meta charset=koi8-r>\xe9'), 'text/html; charset="windows-1251"'), [
    'windows-1251',
    '<meta charset=koi8-r>й',
  ]);
  assert.deepEqual(
    read(
      latin(
        '<!-- <meta charset=koi8-r> --><meta http-equiv=content-type content="text/html; charset=shift_jis">',
      ),
      undefined,
    )[0],
    'shift_jis',
  );
  assert.deepEqual(read(latin('<meta charset=utf-16>'), undefined)[0], 'utf-8');
  assert.deepEqual(read(latin('\xff\xfe\0\0<\0\0\0'), 'text/html; charset=utf-32')[0], 'utf-16le'); // no browser reads UTF-32
  assert.deepEqual(read(Buffer.from('é'), 'text/html; charset=no-such'), ['utf-8', 'é']);
  assert.deepEqual(read(latin('\xe9'), undefined), ['windows-1252', 'é']);
  for (const label of ['hz-gb-2312', 'ISO-2022-KR', 'iso-2022-cn'])
    assert.deepEqual(read(latin('~{<a~}'), `text/html; charset=${label}`), ['replacement', '\ufffd']);
});

test('a declaration counts where browsers look for it', () => {
  const koi8 = {
    '<meta charset=koi8-r>': true,
    '<META\tname="x"/CharSet = "koi8-r">': true,
    "<meta http-equiv='Content-Type' content='text/html; charset = \"koi8-r\"'>": true,
    '<meta content="text/html;charset=koi8-r" http-equiv=content-type>': true,
    '<!--><meta charset=koi8-r>-->': true,
    '<!-- > <meta charset=utf-8> --><meta charset=koi8-r>': true,
    '<p title="<meta charset=utf-8>"><meta charset=koi8-r>': true,
    '<?xml encoding="utf-8"?><!doctype html></p a="<meta charset=utf-8>"><meta charset=koi8-r>': true,
    '<meta charset=no-such><meta charset=koi8-r>': true,
    '<meta charset=koi8-r charset=utf-8>': true,
    '<script>"<meta charset=koi8-r>"</script>': true,
    '<meta name=description content="how to say charset=koi8-r">': false,
    '<meta http-equiv=refresh content="0;url=?charset=koi8-r">': false,
    '<meta content="text/html; charset=koi8-r">': false,
    '<meta-x charset=koi8-r>': false,
    '<metadata charset=koi8-r>': false,
    '<a title="<meta charset=koi8-r>">': false,
    '<!-- <meta charset=koi8-r>': false,
    '<!x <meta charset=koi8-r>': false,
    '<meta data-charset=koi8-r>': false,
    '<meta charset=koi8-r': false,
    [`${' '.repeat(70_000)}<meta charset=koi8-r>`]: false,
    [`${' '.repeat(1_010)}<meta charset=koi8-r>`]: true,
  };
  for (const [html, isDeclared] of Object.entries(koi8))
    assert.equal(read(latin(`${html}\xe9`), undefined)[0], isDeclared ? 'koi8-r' : 'windows-1252', html);
  assert.equal(read(latin('<meta charset=x-user-defined>\xe9'), undefined)[0], 'windows-1252');
  for (const piece of ['<meta ', '<a b="', "<meta c='", '<!--', '<!', '<p', '=', '<meta content=charset='])
    assert.equal(read(latin(piece.repeat(1_024)), undefined)[0], 'utf-8');
});

const suite = join(
  process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../shared/data'),
  'html5lib/encoding',
);

test("html5lib's cases of encodings", { skip: !existsSync(suite) && 'ADIT_DATA is absent' }, (t) => {
  let passed = 0;
  // those in `scripted` tell what a browser does once scripts have run
  for (const file of ['tests1.dat', 'tests2.dat', 'test-yahoo-jp.dat'])
    for (const each of readFileSync(join(suite, file), 'latin1')
      .split(/^#data\n/m)
      .slice(1)) {
      const [data, expected] = each.split('\n#encoding\n');
      if (data!.includes('<!-- multi-script test -->')) continue; // of scripts, too
      const encoding = expected!.split('\n')[0]!.trim().toLowerCase();
      // a byte more that is no UTF-8: nothing but the declaration tells
      assert.equal(read(latin(`${data}\n\xe9`), undefined)[0], encoding, data);
      passed++;
    }
  t.diagnostic(`${passed} passed`);
  assert.ok(passed > 70);
});

test('offsets and positions turn into each other, whatever ends the lines', () => {
  const source = new SourceText('ab\r\ncd\ref\n\n');
  assert.equal(source.lineCount, 5);
  assert.deepEqual(source.positionOf(5), { line: 2, column: 2 });
  assert.equal(source.offsetOf({ line: 3, column: 2 }), 8);
  assert.equal(source.line(2), 'cd');
  assert.equal(source.offsetOf({ line: 9, column: 1 }), undefined);
  assert.deepEqual(source.positionOf(1_000), { line: 5, column: 1 });
  for (let offset = 0; offset <= source.text.length; offset++)
    assert.equal(source.offsetOf(source.positionOf(offset)), offset);
});

test('decoded piece by piece, text is the same, wherever a piece ends', () => {
  const noise = Uint32Array.from({ length: 25_000 }, (_, at) => Math.imul(at + 1, 0x9e3779b1) ^ (at * at));
  const anything = new Uint8Array(noise.buffer);
  const mostlyText = anything.map((byte, at) => (at % 5 < 2 ? byte : 97 + (byte % 26)));
  const pictures = '\u{1f600}é𝒳'.repeat(9_000);
  const labels =
    `utf-8 utf-16le utf-16be ibm866 iso-8859-2 iso-8859-8-i koi8-u macintosh windows-874 windows-1251 windows-1252
    x-mac-cyrillic gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr replacement`.split(/\s+/);
  for (const label of labels) {
    const type = `text/html; charset=${label}`;
    for (const bytes of [anything, mostlyText, Buffer.from(pictures), Buffer.from(pictures, 'utf16le')])
      for (const from of [0, 1, 2, 3]) {
        const page = bytes.subarray(from);
        const whole = Buffer.from(decodeText(page, type, 'html').text);
        assert.ok(whole.equals(decodeToUtf8(page, type, 'html')), `${label} from ${from}`);
      }
  }
});
