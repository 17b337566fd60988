import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHost, reverseLabels } from '#model';
import { addPlainNameKey, cutKey, fromKey, prefixBelow, toKey } from './key.ts';
import { TextColumn } from './native.ts';

const NAMES = [
  'example.org',
  'www.example.org',
  'a_b.c-d.example',
  '-x-.example',
  'ab--cd.example',
  'xn--bcher-kva.example',
  'x.xn--p1ai',
  'localhost',
  'EXAMPLE.org',
  'example.org.',
  'bücher.example',
  '1.2.3.4',
  '1.2.3',
  '0x7f.1',
  'a.1',
  'a.0x1',
  'a.1b',
  '2001:db8::1',
  'a..b',
  '.a',
  '',
  `${'a'.repeat(64)}.example`,
  `${'a'.repeat(63)}.example`,
  `${'a.'.repeat(130)}example`,
  'a b.example',
  'a/b.example',
];

function plainNameKey(name: string): string | undefined {
  const column = new TextColumn(1);
  const isPlain = addPlainNameKey(column, name);
  if (!isPlain) assert.equal(column.sizeBytes, 0);
  return isPlain
    ? Buffer.from(column.bytesOfLast.subarray(column.startOfLast, column.endOfLast)).toString('latin1')
    : undefined;
}

/** The slow way, which the quick one may only shorten. */
function parsedKey(name: string): string | undefined {
  const host = parseHost(name);
  return host === undefined ? undefined : reverseLabels(host);
}

test('the quick way to a name’s key gives what parsing gives, or nothing', () => {
  const parts = 'a b c. .d e1 a b c. .d x n - -- . .. 0 9 _ xn-- A ü 0x 1 /'.split(' ');
  let state = 7;
  const next = (below: number): number => (state = (state * 48_271) % 0x7fff_ffff) % below;
  const random = Array.from({ length: 20_000 }, () =>
    Array.from({ length: 1 + next(9) }, () => parts[next(parts.length)]).join(''),
  );
  let quick = 0;
  for (const name of [...NAMES, ...random]) {
    const key = plainNameKey(name);
    if (key === undefined) continue;
    quick++;
    assert.equal(key, parsedKey(name), JSON.stringify(name));
  }
  assert.ok(quick > 1_000, `only ${quick} names were plain`);
  for (const name of ['www.example.org', 'a_b.c-d.example', 'ab--cd.example', `${'a'.repeat(63)}.example`])
    assert.notEqual(plainNameKey(name), undefined, name);
});

test('keys of hosts are reversed and come back; other values stay as they are', () => {
  for (const host of ['www.example.org', 'xn--bcher-kva.example', '192.0.2.1', '2001:db8::1'])
    assert.equal(fromKey('host-pairs', 'target', toKey('host-pairs', 'target', host)), host);
  assert.equal(toKey('host-pairs', 'source', 'www.Example.org.'), 'org.example.www');
  assert.equal(toKey('trackers', 'target', 'www.example.org'), 'www.example.org');
  assert.equal(prefixBelow('host-pairs', 'source', 'Example.org'), 'org.example.');
  for (const [side, value] of [
    ['source', '192.0.2.1'],
    ['source', 'a b'],
    ['target', 'example.org'],
  ] as const)
    assert.equal(prefixBelow('trackers', side, value), undefined, value);
});

test('long values have short keys, each its own', () => {
  const long = (end: string) => `${'\u{1f600}'.repeat(500)}${end}`;
  assert.ok(cutKey(long('a')).length <= 400);
  assert.ok(cutKey(long('a')).isWellFormed());
  assert.notEqual(cutKey(long('a')), cutKey(long('b')));
  assert.equal(cutKey('short'), 'short');
});
