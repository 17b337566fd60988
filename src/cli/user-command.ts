import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AditError, ROLES, type Role } from '#model';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import { openStores } from './stores/open-stores.ts';
import { findServer } from './stores/running-server.ts';
import { instantForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

export function addUserCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const user = program
    .command('user')
    .description('Accounts for people who use this server’s web app.')
    .addHelpText(
      'after',
      `
Roles: admin (all, and accounts), analyst (projects, captures), guest (reads projects they are a member of).
On one machine no account is needed: adit serve prints a link that signs its owner in.

Examples:
  adit user add anna --role analyst
  adit user list
  adit user password anna
  adit user remove anna`,
    );
  user
    .command('add')
    .description('Make an account, and print a link by which its user signs in for the first time.')
    .argument('<name>', 'a-z 0-9 . _ @ -')
    .addOption(roleOption().default('analyst'))
    .option('--json', 'print one JSON object')
    .action(async (name: string, { role, json }: { readonly role: Role; readonly json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const { user: made, signInLink } = await stores.ask('addUser', { body: { name, role } });
      const server = await findServer(aditHome());
      const link = `${server?.publicUrl ?? server?.url ?? ''}${signInLink.path}`;
      if (json === true) terminal.json({ user: made, signInLink: { ...signInLink, url: link } });
      else {
        terminal.print(link);
        terminal.note(
          `For ${printable(made.name)}: it signs in once, until ${instantForReading(signInLink.expiresAt)}.${
            server === undefined ? ' Put the address of the server before it.' : ''
          }`,
        );
      }
      finish(EXIT.ok);
    });
  user
    .command('list')
    .description('List the accounts.')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { readonly json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const answer = await stores.ask('listUsers', {});
      if (json === true) terminal.json(answer);
      else {
        const rows = answer.users.map(({ name, role, hasPassword, lastSignInAt, isLocalOwner }) => [
          name,
          isLocalOwner ? `${role}, owner of the data` : role,
          hasPassword ? 'password' : 'links only',
          lastSignInAt === undefined ? 'never' : instantForReading(lastSignInAt),
        ]);
        terminal.print(table(['user', 'role', 'signs in by', 'last'], rows, terminal.columns));
      }
      finish(EXIT.ok);
    });
  user
    .command('role')
    .description('Change the role of an account; its sessions end.')
    .argument('<name>')
    .addOption(roleOption().makeOptionMandatory())
    .option('--json', 'print one JSON object')
    .action(async (name: string, { role, json }: { readonly role: Role; readonly json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const changed = await stores.ask('changeUser', { params: { id: name }, body: { role } });
      if (json === true) terminal.json(changed);
      else terminal.print(`${printable(name)} is ${role} now`);
      finish(EXIT.ok);
    });
  user
    .command('password')
    .description(
      'Set a password, read from the terminal or from standard input; sessions of the account end.',
    )
    .argument('<name>')
    .option('--json', 'print one JSON object')
    .action(async (name: string, { json }: { readonly json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const password = await readPassword();
      await stores.ask('setUserPassword', { params: { id: name }, body: { password } });
      if (json === true) terminal.json({ changed: name });
      else terminal.print(`the password of ${printable(name)} is set`);
      finish(EXIT.ok);
    });
  user
    .command('remove')
    .description('Remove an account: sessions end, keys are revoked, its projects become yours.')
    .argument('<name>')
    .option('--json', 'print one JSON object')
    .action(async (name: string, { json }: { readonly json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      await stores.ask('removeUser', { params: { id: name } });
      if (json === true) terminal.json({ removed: name });
      else terminal.print(`removed ${printable(name)}`);
      finish(EXIT.ok);
    });
}

const roleOption = (): Option => new Option('--role <role>', 'what they may do').choices(ROLES);

/** Never an argument: those are seen by all of the machine. A terminal does not show what is typed. */
async function readPassword(): Promise<string> {
  const isTyped = process.stdin.isTTY === true;
  if (isTyped) process.stderr.write('New password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTyped });
  try {
    for await (const line of lines) return line;
  } finally {
    lines.close();
    if (isTyped) process.stderr.write('\n');
  }
  throw new AditError('missing-argument', 'There is no password on standard input.');
}
