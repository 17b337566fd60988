import { readFileSync } from 'node:fs';
import { AditError } from '#model';
import { Command, CommanderError } from 'commander';
import { addCaptureCommand, errorText } from './capture-command.ts';
import { addCrawlCommand } from './crawl-command.ts';
import { addDemoCommand } from './demo/demo-command.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';
import { addImportCommand } from './import-command.ts';
import { addShowCommand } from './show-command.ts';
import { addStatusCommand } from './status-command.ts';
import { openTerminal } from './terminal.ts';

/** Runs one command line (without `node` and the script's path) and says how it ended. Never rejects. */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  const terminal = openTerminal();
  let code: ExitCode = EXIT.ok;
  const finish = (result: ExitCode): void => {
    code = result;
  };
  const program = new Command('adit')
    .description(
      'Internet infrastructure analysis: visit pages as a virtual user, keep the whole visit, read what follows from it.',
    )
    .version(version())
    .showHelpAfterError('(adit --help or adit COMMAND --help shows how it is used)')
    .exitOverride();
  for (const add of [
    addCaptureCommand,
    addShowCommand,
    addImportCommand,
    addCrawlCommand,
    addStatusCommand,
    addDemoCommand,
  ])
    add(program, terminal, finish);
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(see --help)');
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    terminal.note(`adit: ${errorText(error)}`);
    if (!(error instanceof AditError) && error instanceof Error) terminal.note(error.stack ?? '');
    return exitCodeOf(error);
  }
}

/** The version in package.json, the one place where it stands. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version: number } = JSON.parse(text) as { version: string }; // our own file
  return number;
}
