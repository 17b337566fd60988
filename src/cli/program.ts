import { AditError } from '#model';
import { Command, CommanderError } from 'commander';
import { errorJson, errorText } from './error-text.ts';
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { printable } from './text.ts';
import { version } from './version.ts';

type Finish = (code: ExitCode) => void;
type AddCommand = (program: Command, terminal: Terminal, finish: Finish) => void;

/** In the order in which help lists them. Each is loaded when it is asked for: starting all of Adit takes a second. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  capture: async () => (await import('./capture-command.ts')).addCaptureCommand,
  crawl: async () => (await import('./crawl-command.ts')).addCrawlCommand,
  import: async () => (await import('./import-command.ts')).addImportCommand,
  cdxj: async () => (await import('./cdxj-command.ts')).addCdxjCommand,
  show: async () => (await import('./show-command.ts')).addShowCommand,
  search: async () => (await import('./search-command.ts')).addSearchCommand,
  pivot: async () => (await import('./pivot-command.ts')).addPivotCommand,
  expand: async () => (await import('./expand-command.ts')).addExpandCommand,
  brand: async () => (await import('./brand-command.ts')).addBrandCommand,
  match: async () => (await import('./match-command.ts')).addMatchCommand,
  lookalikes: async () => (await import('./lookalikes-command.ts')).addLookalikesCommand,
  copies: async () => (await import('./copies-command.ts')).addCopiesCommand,
  compare: async () => (await import('./compare-command.ts')).addCompareCommand,
  project: async () => (await import('./project-command.ts')).addProjectCommand,
  export: async () => (await import('./export-command.ts')).addExportCommand,
  serve: async () => (await import('./serve-command.ts')).addServeCommand,
  jobs: async () => (await import('./jobs-command.ts')).addJobsCommand,
  'login-link': async () => (await import('./login-link-command.ts')).addLoginLinkCommand,
  user: async () => (await import('./user-command.ts')).addUserCommand,
  key: async () => (await import('./key-command.ts')).addKeyCommand,
  status: async () => (await import('./status-command.ts')).addStatusCommand,
  demo: async () => (await import('./demo/demo-command.ts')).addDemoCommand,
};

/**
 * The commands, ready to parse; `finish` is told how the one that ran ended. With `only` just that one, where there is it,
 * and none to tell the version.
 */
export async function buildProgram(terminal: Terminal, finish: Finish, only?: string): Promise<Command> {
  const program = new Command('adit')
    .description(
      'Internet infrastructure analysis: visit pages as a virtual user, keep the whole visit, read what follows from it.',
    )
    .version(version())
    .showHelpAfterError('(adit --help or adit COMMAND --help shows how it is used)')
    .exitOverride();
  for (const load of commandsFor(only)) (await load())(program, terminal, finish);
  prepare(program.commands);
  return program;
}

function commandsFor(only: string | undefined): readonly (() => Promise<AddCommand>)[] {
  if (only === '--version' || only === '-V') return [];
  const load = only !== undefined && Object.hasOwn(COMMANDS, only) ? COMMANDS[only] : undefined;
  return load === undefined ? Object.values(COMMANDS) : [load];
}

/** Runs one command line (without `node` and the script's path) and says how it ended. Never rejects. */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  const terminal = openTerminal();
  let code: ExitCode = EXIT.ok;
  try {
    const program = await buildProgram(terminal, (result) => (code = result), args[0]);
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    if (asksForJson(args) && !isHelp && !terminal.hasPrinted)
      terminal.print(JSON.stringify({ error: errorJson(error) })); // one line, after lines too
    if (error instanceof CommanderError) return isHelp ? EXIT.ok : EXIT.usage;
    terminal.note(`adit: ${errorText(error)}`);
    if (!(error instanceof AditError) && error instanceof Error) terminal.note(printable(error.stack ?? ''));
    return exitCodeOf(error);
  }
}

const asksForJson = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).includes('--json');
};

/** Every command, at any depth, ends by throwing instead of leaving the process. */
function prepare(commands: readonly Command[]): void {
  for (const command of commands) {
    command.exitOverride().showHelpAfterError('(see --help)');
    prepare(command.commands);
  }
}
