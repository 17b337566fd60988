import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { MAIN } from './cli-fixture.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const help = (...command: string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...command, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '200' },
  });
  assert.equal(status, 0, `${command.join(' ')}: ${stderr}`);
  return stdout;
};
/** Names below “Commands:” of a help text. */
const commandsIn = (text: string): string[] =>
  Array.from(
    (text.split(/^Commands:$/m)[1]?.split(/\n\n/)[0] ?? '').matchAll(/^ {2}([a-z]+)\b/gm),
    ([, name]) => name!,
  ).filter((name) => name !== 'help');
const optionsIn = (text: string): string[] =>
  Array.from(text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm), ([, name]) => name!).filter(
    (name) => name !== '--help' && name !== '--version',
  );

test('docs/cli.md names every command with all its options, and README and help every command', () => {
  const docs = read('docs/cli.md');
  const readme = read('README.md');
  const commands = commandsIn(help());
  assert.ok(commands.length >= 13, commands.join());
  for (const command of commands) {
    assert.ok(readme.includes(`adit ${command}`), `README.md does not name adit ${command}`);
    const section = docs.split(`### adit ${command}\n`)[1]?.split('\n### ')[0];
    assert.ok(section !== undefined, `docs/cli.md has no section on adit ${command}`);
    // crawl and import have those of capture besides their own.
    const described = ['crawl', 'import'].includes(command)
      ? section + docs.split('### adit capture\n')[1]!.split('\n### ')[0]!
      : section;
    const text = help(command);
    for (const option of optionsIn(text)) assert.ok(described.includes(option), `adit ${command} ${option}`);
    for (const inner of commandsIn(text)) {
      assert.ok(section.includes(`adit ${command} ${inner}`), `adit ${command} ${inner}`);
      for (const option of optionsIn(help(command, inner)))
        assert.ok(section.includes(option), `adit ${command} ${inner} ${option}`);
    }
  }
});

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
