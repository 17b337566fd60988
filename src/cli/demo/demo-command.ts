import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { once } from 'node:events';
import type { Command } from 'commander';
import { LOCAL_USER } from '#model';
import type { Workbench } from '#pipeline';
import { startServer, type RunningServer, type ServerOptions } from '#server';
import { findApp } from '../app-folder.ts';
import { DEFAULT_PORT } from '../serve-command.ts';
import { askServer } from '../stores/ask.ts';
import { version } from '../version.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { runDemo } from './run-demo.ts';

interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly out: string;
  readonly parallel: number;
}

export function addDemoCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command('demo')
    .description(
      'Replay a phishing campaign on a test internet: mails → visits → datasets → pivots → expansion → project → exports; then serve the web app with it.',
    )
    .option('--once', 'end when the replay is done, without serving the web app')
    .option(
      '--json',
      'print one JSON summary on standard output, everything else on standard error; implies --once',
    )
    .option('-o, --out <dir>', 'where bundles, stores and exports are kept; emptied first', 'demo-output')
    .option('--parallel <n>', 'visits at a time', wholeNumber(1, 16), 3)
    .addHelpText('after', '\nExamples:\n  npm run demo\n  npm run demo -- --once --json')
    .action(async (options: DemoOptions) => {
      const interrupt = onInterrupt(terminal);
      const print = options.json === true ? terminal.note : terminal.print;
      const isOnce = options.once === true || options.json === true;
      const { summary, faults } = await runDemo({
        folder: resolve(options.out),
        parallel: options.parallel,
        signal: interrupt.signal,
        columns: terminal.columns,
        print,
        progress: terminal.progress,
        afterwards: isOnce
          ? undefined
          : (workbench, project) => show(workbench, project, terminal, interrupt),
      });
      if (options.json === true) terminal.json(summary);
      for (const fault of faults) terminal.note(`not as the story has it: ${fault}`);
      if (interrupt.signal.aborted && isOnce) return finish(EXIT.interrupted);
      finish(faults.length === 0 ? EXIT.ok : EXIT.fault);
    });
}

/** Serves the web app with what the demo left, until it is told to stop. */
async function show(
  workbench: Workbench,
  project: string,
  terminal: Terminal,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const appFolder = await findApp();
  if (signal.aborted || appFolder === undefined) return;
  const key = randomBytes(32).toString('base64url');
  const options = { workbench, version: version(), localKey: key, appFolder };
  await using server = await listenAnywhere(options);
  const { path } = await askServer({ url: server.url, key })('addSignInLink', {
    params: { id: LOCAL_USER.name },
  });
  const [page, secret] = path.split('#');
  terminal.print(`\nThe campaign’s project in the web app; the link signs in once within 15 minutes:`);
  terminal.print(`  ${server.url}${page}?next=${encodeURIComponent(`/projects/${project}`)}#${secret}`);
  terminal.print('Ctrl-C ends it; everything stays.');
  if (!signal.aborted) await once(signal, 'abort');
}

/** On the usual port, so that the address is the same every time; on any other where that is taken. */
async function listenAnywhere(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer({ ...options, port: DEFAULT_PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error; // of a failed listen
    return startServer(options);
  }
}
