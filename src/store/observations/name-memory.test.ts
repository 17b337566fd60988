import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameMemory } from './names.ts';
import { TextColumn } from './native.ts';

const KIND = 1;

function columnOf(text: string): TextColumn {
  const column = new TextColumn();
  column.add(text);
  return column;
}

/** Whether the memory had it; now it has. */
function see(memory: NameMemory, text: string, kind = KIND): boolean {
  const column = columnOf(text);
  const hash = NameMemory.hashOf(kind, column);
  const isKnown = memory.has(hash, kind, column);
  if (!isKnown) memory.add(hash, kind, column);
  return isKnown;
}

test('a name is known once it was added, under its kind alone, until all is cleared', () => {
  const memory = new NameMemory(64);
  assert.equal(see(memory, 'example.org'), false);
  assert.equal(see(memory, 'example.org'), true);
  assert.equal(see(memory, 'example.org', KIND + 1), false);
  assert.equal(see(memory, 'example.or'), false);
  memory.clear();
  assert.equal(see(memory, 'example.org'), false);
});

test('no name is ever taken for another, also of those with one hash', () => {
  const memory = new NameMemory(64);
  const [first, second] = ['example.org', 'example.net'].map(columnOf) as [TextColumn, TextColumn];
  const hash = NameMemory.hashOf(KIND, first);
  memory.add(hash, KIND, first);
  assert.equal(memory.has(hash, KIND, second), false);
  const known = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const name = `host${(i * 7_919) % 3_001}.example`;
    if (see(memory, name)) assert.ok(known.has(name));
    known.add(name);
  }
});

test('names that are seen once do not drive out those that are seen again and again', () => {
  const memory = new NameMemory(1_024);
  const popular = Array.from({ length: 200 }, (_, i) => `cdn${i}.example`);
  let forgotten = 0;
  for (let round = 0; round < 50; round++) {
    for (const name of popular) if (!see(memory, name) && round > 0) forgotten++;
    for (let i = 0; i < 1_000; i++) see(memory, `once${round}-${i}.example`);
  }
  assert.ok(forgotten < 0.3 * 49 * popular.length, `${forgotten} of ${49 * popular.length}`);
});

test('what another memory has is adopted, names too long to be remembered are not', () => {
  const [memory, other] = [new NameMemory(1_024), new NameMemory(64)];
  see(other, 'example.org');
  see(other, `${'a'.repeat(60)}.example`);
  memory.adopt(other);
  assert.equal(see(memory, 'example.org'), true);
  assert.equal(see(memory, `${'a'.repeat(60)}.example`), false);
});
