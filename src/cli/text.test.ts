import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesForReading, cut, hostForReading, printable, spanForReading, table } from './text.ts';

test('captured text never acts on a terminal: every control and hidden character is shown as its code point', () => {
  const acting = [
    ...Array.from({ length: 0x20 }, (_, code) => code),
    ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index),
    0xad,
    0x200b,
    0x200e,
    0x2028,
    0x202e,
    0x2066,
    0xfeff,
  ];
  for (const code of acting)
    assert.equal(printable(`a${String.fromCodePoint(code)}b`), `a\\u{${code.toString(16)}}b`);
  assert.equal(printable('a\ud800b'), 'a\\u{d800}b');
  assert.equal(printable('bitcöingold — 中文 🙂'), 'bitcöingold — 中文 🙂');
});

test('hosts show both of their forms, other text stays as it is', () => {
  assert.equal(hostForReading('xn--bitcingold-hcb.org'), 'xn--bitcingold-hcb.org (bitcöingold.org)');
  assert.equal(hostForReading('example.org'), 'example.org');
  assert.equal(hostForReading('no host\u001b[2J'), 'no host\\u{1b}[2J');
});

test('sizes and life spans are short', () => {
  assert.deepEqual([0, 999, 1_234, 5_600_000, 7.8e9].map(bytesForReading), [
    '0 B',
    '999 B',
    '1.2 kB',
    '5.6 MB',
    '7.8 GB',
  ]);
  assert.equal(spanForReading('2017-11-10T01:02:03.000Z', '2017-11-10T23:00:00.000Z'), '2017-11-10');
  assert.equal(
    spanForReading('2017-11-10T01:02:03.000Z', '2017-11-17T03:27:29.000Z'),
    '2017-11-10 – 2017-11-17',
  );
});

test('text is cut to its columns, wide letters counted twice, graphemes never split', () => {
  assert.equal(cut('short', 5), 'short');
  assert.equal(cut('longer text', 6), 'longe…');
  assert.equal(cut('中文中文', 5), '中文…');
  assert.equal(cut('e\u0301e\u0301e\u0301', 2), 'e\u0301…');
});

test('a table is aligned, and on a terminal no wider than it', () => {
  const rows = [
    ['1', 'xn--bitcingold-hcb.org', 'https://bitcoingold.org/css/fonts.css'],
    ['2', '中文.example', 'short'],
  ];
  const whole = table(['#', 'host', 'detail'], rows).split('\n');
  assert.equal(whole[0], '#  host                    detail');
  assert.equal(whole[1], '1  xn--bitcingold-hcb.org  https://bitcoingold.org/css/fonts.css');
  assert.equal(whole[2], '2  中文.example            short');
  for (const columns of [80, 50, 30]) {
    const lines = table(['#', 'host', 'detail'], rows, columns).split('\n');
    assert.equal(lines.length, 3);
    for (const line of lines) assert.ok(line.length <= columns, `${columns}: ${line}`);
  }
  assert.match(
    table(['#', 'host', 'detail'], rows, 50),
    /xn--bitcingold-hcb\.org {2}https:\/\/bitcoingold\.or…/,
  );
});

test('of a path its end is kept', () => {
  const rows = [['1', '/mirror/crawl/segments/00000.warc.gz']];
  assert.equal(table(['#', 'file'], rows, 20, 'file').split('\n')[1], '1  …ts/00000.warc.gz');
});

test('a value with a line break stays in its row', () => {
  assert.equal(table(['a', 'b'], [['x\ny', 'z']]).split('\n').length, 2);
});
