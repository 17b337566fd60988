import { SCOPES, type Scope } from '#model';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openStores } from './stores/open-stores.ts';
import { printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

export function addKeyCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const key = program
    .command('key')
    .description('Keys of the HTTP API, each with the scopes it needs.')
    .addHelpText(
      'after',
      `
Scopes: read (look things up), write (projects), capture (visit pages), admin (keys). None includes another.

Examples:
  adit key create dashboard --scope read
  adit key create importer --scope read --scope capture
  adit key list
  adit key revoke 3f0c0f1e-5a0b-4a50-9d5d-3b6f0a9e2c11`,
    );
  key
    .command('create')
    .description('Make a key. Its secret is shown once and kept nowhere.')
    .argument('<name>', 'whose it is, or what for')
    .addOption(
      new Option('-s, --scope <scope>', 'what it may do; repeatable')
        .argParser(collectScope)
        .makeOptionMandatory(),
    )
    .option('--json', 'print one JSON object')
    .action(async (name: string, { scope, json }: { scope: readonly Scope[]; json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const made = await stores.ask('createKey', { body: { name, scopes: [...scope] } });
      if (json === true) terminal.json(made);
      else {
        terminal.print(made.secret);
        terminal.note('This is shown once. Send it as: Authorization: Bearer KEY');
      }
      finish(EXIT.ok);
    });
  key
    .command('list')
    .description('List the keys, without their secrets.')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const answer = await stores.ask('listKeys', {});
      if (json === true) terminal.json(answer);
      else {
        const rows = answer.keys.map(({ name, id, isRevoked, createdAt, scopes }) => [
          name,
          id,
          isRevoked ? 'revoked' : 'valid',
          createdAt.slice(0, 10),
          scopes.join(' '),
        ]);
        terminal.print(
          rows.length === 0
            ? 'no keys'
            : table(['key', 'id', 'state', 'made', 'scopes'], rows, terminal.columns),
        );
      }
      finish(EXIT.ok);
    });
  key
    .command('revoke')
    .description('Revoke a key for good.')
    .argument('<id>')
    .option('--json', 'print one JSON object')
    .action(async (id: string, { json }: { json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      await stores.ask('revokeKey', { params: { id } });
      if (json === true) terminal.json({ revoked: id });
      else terminal.print(`revoked ${printable(id)}`);
      finish(EXIT.ok);
    });
}

function collectScope(text: string, before?: readonly Scope[]): readonly Scope[] {
  const scope = SCOPES.find((each) => each === text);
  if (scope === undefined) throw new InvalidArgumentError(`There are ${SCOPES.join(', ')}.`);
  return [...(before ?? []), scope];
}
