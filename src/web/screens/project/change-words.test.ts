import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeWords } from './change-words.ts';

test('a change is told in words, whatever was recorded', () => {
  assert.deepEqual(
    changeWords({
      kind: 'changed',
      type: 'host',
      value: 'a.example',
      status: 'confirmed',
      before: 'suspected',
    }),
    {
      kind: 'changed',
      value: 'a.example',
      details: ['suspected → confirmed'],
    },
  );
  assert.deepEqual(
    changeWords({
      kind: 'edited',
      fields: { tags: { before: [], after: ['x', 'y'] }, notes: { before: '', after: 'n'.repeat(500) } },
    }).details,
    ['tags: – → x, y', 'notes changed'],
  );
  assert.deepEqual(changeWords({ kind: 'guest-link', link: 'an id', name: 'readers' }), {
    kind: 'guest link',
    value: 'readers',
    details: [],
  });
  assert.deepEqual(
    changeWords({ kind: 'added', value: 'b.example', status: 'suspected', reason: 'r', tags: [] }).details,
    ['suspected', 'reason: r'],
  );
  for (const odd of [null, 7, 'x', [], {}, { fields: 1 }, { kind: 1, value: {} }])
    assert.ok(changeWords(odd));
});
