import { resolve } from 'node:path';
import type { Command } from 'commander';
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
      'Replay a phishing campaign on a test internet: mails → visits → datasets → pivots → expansion → project → exports.',
    )
    .option('--once', 'end when the replay is done (it does so anyway)')
    .option('--json', 'print one JSON summary on standard output, everything else on standard error')
    .option('-o, --out <dir>', 'where bundles, stores and exports are kept; emptied first', 'demo-output')
    .option('--parallel <n>', 'visits at a time', wholeNumber(1, 16), 3)
    .addHelpText('after', '\nExamples:\n  npm run demo\n  npm run demo -- --once --json')
    .action(async (options: DemoOptions) => {
      const interrupt = onInterrupt(terminal);
      const print = options.json === true ? terminal.note : terminal.print;
      const { summary, faults } = await runDemo({
        folder: resolve(options.out),
        parallel: options.parallel,
        signal: interrupt.signal,
        columns: terminal.columns,
        print,
        progress: terminal.progress,
      });
      if (options.json === true) terminal.json(summary);
      for (const fault of faults) terminal.note(`not as the story has it: ${fault}`);
      if (interrupt.signal.aborted) return finish(EXIT.interrupted);
      finish(faults.length === 0 ? EXIT.ok : EXIT.fault);
    });
}
