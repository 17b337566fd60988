import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlockRoom } from './block-room.ts';

const KB = 1024;

test('a block that was given back is lent again, at its size, and to one at a time', () => {
  const room = new BlockRoom();
  const first = room.take(200 * KB);
  const second = room.take(200 * KB);
  assert.notEqual(first.buffer, second.buffer);
  room.giveBack(first.subarray(10, 20));
  room.giveBack(first); // again: it is not lent
  const third = room.take(193 * KB); // in steps of 32 KiB
  assert.equal(third.buffer, first.buffer);
  assert.equal(third.length, 193 * KB);
  const fourth = room.take(200 * KB);
  assert.notEqual(fourth.buffer, first.buffer);
  assert.notEqual(fourth.buffer, second.buffer);
});

test('small and huge blocks, and bytes of others, are not kept', () => {
  const room = new BlockRoom();
  for (const size of [0, 100, 5 * KB * KB]) {
    const block = room.take(size);
    assert.equal(block.length, size);
    room.giveBack(block);
    assert.notEqual(room.take(size).buffer, block.buffer);
  }
  const other = new Uint8Array(256 * KB);
  room.giveBack(other);
  assert.notEqual(room.take(256 * KB).buffer, other.buffer);
});

test('no more than 32 MiB wait to be lent again', () => {
  const room = new BlockRoom();
  const blocks = Array.from({ length: 20 }, () => room.take(2 * KB * KB));
  for (const block of blocks) room.giveBack(block);
  const known = new Set(blocks.map(({ buffer }) => buffer));
  const again = Array.from({ length: 20 }, () => room.take(2 * KB * KB));
  assert.equal(again.filter(({ buffer }) => known.has(buffer)).length, 16);
});

test('blocks that nobody gives back are not held', () => {
  const room = new BlockRoom();
  let most = 0;
  for (let block = 0; block < 1_000; block++) {
    room.take(1024 * KB);
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  assert.ok(most < 600 * KB * KB, `${most} bytes of 1,000 MiB`);
});
