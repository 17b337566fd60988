import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { buildProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const program = await buildProgram(openTerminal(), () => {});

/** Options as `--help` shows them. */
const optionsOf = (command: Command): string[] =>
  Array.from(command.helpInformation().matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm), ([, name]) => name!).filter(
    (name) => name !== '--help',
  );

test('docs/cli.md names every command with all its options, and README every command', () => {
  const docs = read('docs/cli.md');
  const readme = read('README.md');
  const sectionOf = (name: string) => docs.split(`### adit ${name}\n`)[1]?.split('\n### ')[0];
  assert.ok(program.commands.length >= 13);
  for (const command of program.commands) {
    const name = command.name();
    assert.ok(readme.includes(`adit ${name}`), `README.md does not name adit ${name}`);
    const section = sectionOf(name);
    assert.ok(section !== undefined, `docs/cli.md has no section on adit ${name}`);
    // crawl and import have those of capture besides their own.
    const described = ['crawl', 'import'].includes(name) ? section + sectionOf('capture')! : section;
    for (const option of optionsOf(command)) assert.ok(described.includes(option), `adit ${name} ${option}`);
    for (const inner of command.commands) {
      assert.ok(section.includes(`adit ${name} ${inner.name()}`), `adit ${name} ${inner.name()}`);
      for (const option of optionsOf(inner))
        assert.ok(section.includes(option), `adit ${name} ${inner.name()} ${option}`);
    }
  }
});

test('every command says what it does, and takes --json', () => {
  for (const command of program.commands) {
    assert.match(command.description(), /\.$/, command.name());
    const ends = command.commands.length === 0 ? [command] : command.commands;
    for (const end of ends) assert.ok(optionsOf(end).includes('--json'), `${command.name()} ${end.name()}`);
  }
});

test('one command alone is built where it is asked for, all of them for anything else', async () => {
  const namesOf = async (only: string) =>
    (await buildProgram(openTerminal(), () => {}, only)).commands.map((command) => command.name());
  assert.deepEqual(await namesOf('pivot'), ['pivot']);
  for (const text of ['--help', 'constructor', 'nothing'])
    assert.equal((await namesOf(text)).length, program.commands.length, text);
});
