import { AditError, LOCAL_USER } from '#model';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import { askServer } from './stores/ask.ts';
import { findServer } from './stores/running-server.ts';
import { instantForReading } from './text.ts';
import type { Terminal } from './terminal.ts';

export function addLoginLinkCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('login-link')
    .description('Print a link that signs in to the running server’s web app, once.')
    .argument('[user]', 'whose account; default: your own, as the owner of the data directory')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A link works once, and for a quarter of an hour (for other accounts three days: it has to reach them).

Examples:
  adit login-link
  adit login-link anna`,
    )
    .action(async (user: string | undefined, { json }: { readonly json?: boolean }) => {
      const server = await findServer(aditHome());
      if (server === undefined)
        throw new AditError('server-not-running', 'No server runs on this data directory.', {
          advice: 'Start it with adit serve; it prints a link by itself.',
        });
      const ask = askServer(server);
      const { path, expiresAt } = await ask('addSignInLink', { params: { id: user ?? LOCAL_USER.name } });
      const url = `${server.publicUrl ?? server.url}${path}`;
      if (json === true) terminal.json({ url, expiresAt });
      else {
        terminal.print(url);
        terminal.note(`It works once, until ${instantForReading(expiresAt)}.`);
      }
      finish(EXIT.ok);
    });
}
