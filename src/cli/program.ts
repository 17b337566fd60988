import { AditError } from '#model';
import { Command, CommanderError } from 'commander';
import { addCaptureCommand, errorText } from './capture-command.ts';
import { addCrawlCommand } from './crawl-command.ts';
import { addDemoCommand } from './demo/demo-command.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';
import { addExpandCommand } from './expand-command.ts';
import { addExportCommand } from './export-command.ts';
import { addImportCommand } from './import-command.ts';
import { addJobsCommand } from './jobs-command.ts';
import { addKeyCommand } from './key-command.ts';
import { addPivotCommand } from './pivot-command.ts';
import { addProjectCommand } from './project-command.ts';
import { addServeCommand } from './serve-command.ts';
import { addShowCommand } from './show-command.ts';
import { addStatusCommand } from './status-command.ts';
import { openTerminal } from './terminal.ts';
import { version } from './version.ts';

/** In the order in which help lists them. */
const COMMANDS = [
  addCaptureCommand,
  addCrawlCommand,
  addImportCommand,
  addShowCommand,
  addPivotCommand,
  addExpandCommand,
  addProjectCommand,
  addExportCommand,
  addServeCommand,
  addJobsCommand,
  addKeyCommand,
  addStatusCommand,
  addDemoCommand,
];

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
  for (const add of COMMANDS) add(program, terminal, finish);
  prepare(program.commands);
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

/** Every command, at any depth, ends by throwing instead of leaving the process. */
function prepare(commands: readonly Command[]): void {
  for (const command of commands) {
    command.exitOverride().showHelpAfterError('(see --help)');
    prepare(command.commands);
  }
}
