import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('docs/errors.md has every code that the sources can throw, and no other', () => {
  const sources = globSync('src/**/*.ts', { cwd: root })
    .filter((path) => !/\.test\.ts$|-fixture\.ts$/.test(path))
    .map(read);
  const classes = sources.flatMap((text) =>
    Array.from(text.matchAll(/class (\w+) extends AditError/g), ([, name]) => name!),
  );
  assert.ok(classes.includes('ArchiveError'));
  const made = new RegExp(`new (?:AditError|${classes.join('|')})\\(\\s*'([a-z]+(?:-[a-z]+)+)'`, 'g');
  const thrown = new Set(sources.flatMap((text) => Array.from(text.matchAll(made), ([, code]) => code!)));
  const named = sources.flatMap((text) =>
    Array.from(text.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g), ([, code]) => code!),
  );
  for (const code of named) if (/^(archive|egress)-/.test(code)) thrown.add(code);
  assert.ok(thrown.size > 60, `only ${thrown.size} codes`);
  const errors = read('docs/errors.md').split('## Errors')[1] ?? '';
  const documented = Array.from(errors.matchAll(/^\| `([a-z-]+)` \|/gm), ([, code]) => code!);
  assert.deepEqual([...thrown].filter((code) => !documented.includes(code)).sort(), [], 'not documented');
  assert.deepEqual(
    documented.filter((code) => !named.includes(code) && code !== 'fault'),
    [],
    'documented, but nowhere in the sources',
  );
  assert.equal(new Set(documented).size, documented.length, 'a code is documented twice');
});
