import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openStores } from './stores/open-stores.ts';
import type { Terminal } from './terminal.ts';
import { hostForReading, printable } from './text.ts';

export function addCopiesCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('copies')
    .description('Find the copies of protected pages among all pages that are stored.')
    .argument('[brand]', 'only of this brand; by default of all')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Pages that come in later are looked at when they do. What is found becomes observations: adit pivot HOST --dataset copies.

Examples:
  adit copies
  adit copies electrum.org --json
  adit compare electrum.org SUSPECT --html report.html`,
    )
    .action(async (brand: string | undefined, { json }: { readonly json?: boolean }) => {
      await using stores = await openStores({ progress: terminal.progress });
      const found = await stores.ask('findCopies', { body: brand === undefined ? {} : { brand } });
      if (json === true) terminal.json(found);
      else {
        for (const { page, original, level, score, evidence, copiedAt } of found.copies) {
          terminal.print(
            `${level.padEnd(6)} ${score.toFixed(2)}  ${hostForReading(page.host)}  copies ${printable(original.url)}${copiedAt === undefined ? '' : `, copied at ${copiedAt}`}`,
          );
          for (const { says } of evidence) terminal.print(`               ${printable(says)}`);
        }
        if (found.copies.length === 0) terminal.note('No stored page copies one of the brands’ pages.');
      }
      finish(EXIT.ok);
    });
}
