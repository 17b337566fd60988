import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dataPath, NO_DATA } from '../data-fixture.ts';
import { allowedTable, letterTable } from './generate.ts';
import { SHAPES } from './shapes.ts';

test('the committed tables are what the generator makes of Unicode’s files', { skip: NO_DATA }, () => {
  const folder = dataPath('unicode');
  const committed = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
  assert.equal(committed('letter-table.ts'), letterTable(folder));
  assert.equal(committed('allowed-table.ts'), allowedTable(folder));
});

test('shapes are listed once a row and never in ASCII', () => {
  for (const [ascii, letters] of Object.entries(SHAPES)) {
    assert.match(ascii, /^[a-z0-9]{1,2}$/);
    assert.equal(new Set(letters).size, Array.from(letters).length, `row ${ascii} repeats a letter`);
    for (const letter of letters) assert.ok(letter.codePointAt(0)! > 0x7f, `${letter} in row ${ascii}`);
  }
});
