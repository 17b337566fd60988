import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeEscapes, KIND, lexScript } from './lexer.ts';

const NAMES = Object.fromEntries(Object.entries(KIND).map(([name, kind]) => [kind, name]));

function lex(code: string): string[] {
  const { count, kinds, starts, ends } = lexScript(code);
  return Array.from({ length: count }, (_, i) => {
    const text = code.slice(starts[i], ends[i]);
    return kinds[i] === KIND.name || kinds[i] === KIND.punctuator ? text : `${NAMES[kinds[i]!]} ${text}`;
  });
}

test('strings, numbers, comments, names', () => {
  assert.deepEqual(lex(`var a_$1='x\\'y'+"z"; // no\n/* no */ b.c = 0x1F+1e-3 <!-- no\n`), [
    'var',
    'a_$1',
    '=',
    `string 'x\\'y'`,
    '+',
    'string "z"',
    ';',
    'b',
    '.',
    'c',
    '=',
    'number 0x1F',
    '+',
    'number 1e-3',
  ]);
});

test('a slash divides after a value and begins a regular expression elsewhere', () => {
  assert.deepEqual(lex('a/b/c'), ['a', '/', 'b', '/', 'c']);
  assert.deepEqual(lex('x=/[/"]\\//g.test(y)'), ['x', '=', 'regex /[/"]\\//g', '.', 'test', '(', 'y', ')']);
  assert.deepEqual(lex('return /a"b/'), ['return', 'regex /a"b/']);
  assert.deepEqual(lex('if(x)/a"/.test(y)'), ['if', '(', 'x', ')', 'regex /a"/', '.', 'test', '(', 'y', ')']);
  assert.deepEqual(lex('(x)/2/y'), ['(', 'x', ')', '/', 'number 2', '/', 'y']);
  assert.deepEqual(lex('a={}/2;{}/"/.x'), [
    'a',
    '=',
    '{',
    '}',
    '/',
    'number 2',
    ';',
    '{',
    '}',
    'regex /"/',
    '.',
    'x',
  ]);
});

test('templates with nested templates pair up', () => {
  const code = 'f(`a${b+`c${d}`}e`)';
  assert.deepEqual(lex(code), [
    'f',
    '(',
    'templateOpen `',
    'templateText a',
    '${',
    'b',
    '+',
    'templateOpen `',
    'templateText c',
    '${',
    'd',
    '}',
    'templateClose `',
    '}',
    'templateText e',
    'templateClose `',
    ')',
  ]);
  const { partners } = lexScript(code);
  assert.deepEqual([partners[1], partners[2], partners[4], partners[7]], [16, 15, 13, 12]);
});

test('escapes', () => {
  assert.equal(decodeEscapes('\\x68\\u0074\\u{74}p\\n\\/\\\n\\101\\0'), 'http\n/A\0');
});

test('any text: never throws, tokens in order and inside', () => {
  const pieces = [
    '/',
    '`',
    '${',
    '}',
    '{',
    '(',
    ')',
    '"',
    "'",
    '\\',
    'a',
    ' ',
    '\n',
    '=>',
    '/*',
    '*/',
    '//',
    '<!--',
    '1',
    '.',
    '[',
    ']',
    '\u2028',
    '\u{1F600}',
    'é',
  ];
  let seed = 7;
  const random = (below: number): number =>
    (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below;
  for (let round = 0; round < 5_000; round++) {
    const code = Array.from({ length: random(50) }, () => pieces[random(pieces.length)]).join('');
    const { count, starts, ends, partners } = lexScript(code);
    let last = 0;
    for (let i = 0; i < count; i++) {
      assert.ok(starts[i]! >= last && ends[i]! > starts[i]! && ends[i]! <= code.length, JSON.stringify(code));
      assert.ok(partners[i] === -1 || partners[partners[i]!] === i, JSON.stringify(code));
      last = ends[i]!;
    }
  }
});

test('work grows with the text, not with its square', () => {
  for (const piece of ['/', '`', '${', '(', '])', '"', '/[', '/*', 'a', '{`', '`${']) {
    assert.ok(lexScript(piece.repeat(100_000)).count <= 300_000, piece);
  }
});
