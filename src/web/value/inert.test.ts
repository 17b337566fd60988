import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inert, inertText } from './inert.ts';

test('what hides or reorders is named', () => {
  assert.deepEqual(inert('a\u202Eexe.txt'), [
    { text: 'a', kind: 'plain' },
    { text: 'U+202E', kind: 'control' },
    { text: 'exe.txt', kind: 'plain' },
  ]);
  assert.equal(inertText('a\0b\nc\u200Bd\ud800'), 'a⟨␀⟩b⟨⏎⟩c⟨U+200B⟩d⟨U+D800⟩');
  assert.equal(inertText('plain text, ünïcode, 漢字, 😀'), 'plain text, ünïcode, 漢字, 😀');
});

test('markup is text like any other', () => {
  assert.deepEqual(inert('<img src=x onerror=alert(1)>'), [
    { text: '<img src=x onerror=alert(1)>', kind: 'plain' },
  ]);
});

test('a host names the characters that are no ASCII', () => {
  assert.deepEqual(inert('bitcöingold.org', 'host'), [
    { text: 'bitc', kind: 'plain' },
    { text: 'ö', kind: 'odd' },
    { text: 'ingold.org', kind: 'plain' },
  ]);
});
