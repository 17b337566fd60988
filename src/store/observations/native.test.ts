import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberColumn, TextColumn, toBlock } from './native.ts';

/** The slow way. */
function expected(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const size: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) size.push((rest % 128) | 0x80);
  return Buffer.concat([Buffer.from([...size, rest]), bytes]);
}

test('texts of every length and kind are written with their size in bytes', () => {
  const lengths = [0, 1, 42, 43, 63, 64, 100, 127, 128, 5_461, 5_462, 16_383, 16_384, 70_000];
  const texts = lengths.flatMap((length) =>
    ['a', 'é', '漢', '\ud800'].map((letter) => letter.repeat(length)),
  );
  const column = new TextColumn(1);
  for (const text of texts) column.add(text);
  assert.ok(Buffer.concat(texts.map(expected)).equals(column.bytes()));
});

test('a text in parts is what it is as a whole, whatever size was said; one abandoned leaves nothing', () => {
  const column = new TextColumn(1);
  const other = new TextColumn(1);
  const texts: string[] = [];
  for (const said of [0, 127, 128, 16_384])
    for (const length of [0, 1, 127, 128, 16_383, 16_384]) {
      column.begin(said);
      column.put('é'.repeat(length));
      column.abandon();
      column.begin(said);
      for (let put = 0; put < length; put += 61) column.put('x'.repeat(Math.min(61, length - put)));
      column.putByte(0x79);
      column.end();
      other.addLastOf(column);
      other.addLastOf(other);
      texts.push(`${'x'.repeat(length)}y`);
    }
  assert.ok(Buffer.concat(texts.map(expected)).equals(column.bytes()));
  assert.ok(Buffer.concat(texts.flatMap((text) => [expected(text), expected(text)])).equals(other.bytes()));
});

test('numbers are little-endian, with all their bits', () => {
  const times = [0, 1, -1, 1_510_889_249_123, -2_208_988_800_000, 2 ** 53 - 1, -(2 ** 53)];
  const column = new NumberColumn("DateTime64(3, 'UTC')", times.length);
  for (const time of times) column.add(time);
  const view = Buffer.from(column.bytes());
  assert.deepEqual(
    times.map((_, index) => Number(view.readBigInt64LE(index * 8))),
    times,
  );
  const small = new NumberColumn('UInt8', 2);
  small.add(0);
  small.add(255);
  assert.deepEqual([...small.bytes()], [0, 255]);
});

test('a block names its columns and their types', () => {
  const ids = new TextColumn();
  ids.add('x');
  assert.equal(Buffer.concat(toBlock(1, { id: ids })).toString('latin1'), '\x01\x01\x02id\x06String\x01x');
});
