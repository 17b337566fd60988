import { checkWalls, findBrowser } from '#crawl';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import { printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

export function addStatusCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('status')
    .description('Say what this machine has: browser, walls around it, data directory.')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  adit status')
    .action(async (options: { readonly json?: boolean }) => {
      const walls = await checkWalls();
      const status = {
        node: process.version,
        home: aditHome(),
        browser: findBrowser('headless'),
        headlessShell: findBrowser('shell'),
        walls,
      };
      if (options.json === true) terminal.json(status);
      else {
        terminal.print(`node           ${status.node}`);
        terminal.print(`data           ${printable(status.home)}`);
        terminal.print(
          `browser        ${printable(status.browser ?? 'none: set ADIT_BROWSER or install Chromium')}`,
        );
        terminal.print(`headless shell ${printable(status.headlessShell ?? 'none (optional)')}`);
        terminal.print(
          `\n${table(
            ['wall', 'present', 'detail'],
            walls.map(({ name, isPresent, detail }) => [name, isPresent ? 'yes' : 'NO', detail]),
            terminal.columns,
          )}`,
        );
      }
      finish(status.browser === undefined ? EXIT.incomplete : EXIT.ok);
    });
}
