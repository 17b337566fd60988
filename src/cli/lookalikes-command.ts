import { generate } from '#lookalike';
import { hostOfUrl } from '#model';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { LineOutput } from './line-output.ts';
import { collect, wholeNumber } from './options.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

interface LookalikesOptions {
  readonly limit?: number;
  readonly suffix?: readonly string[];
  readonly unregistrable?: boolean;
  readonly json?: boolean;
}

/** Names between looks at Ctrl-C and at the reader. */
const ROUND = 1_000;

export function addLookalikesCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('lookalikes')
    .description('List the names that would imitate a brand, the most deceptive first.')
    .argument('<brand>', 'its domain, or an address below it')
    .option('-n, --limit <n>', 'most names; all by default', wholeNumber(1, 1e9))
    .option(
      '--suffix <name>',
      'try the name under this suffix, instead of the usual ones; repeatable',
      collect,
    )
    .option('--unregistrable', 'also names that their registry is known to refuse')
    .option('--json', 'a JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  adit lookalikes electrum.org --limit 50
  adit lookalikes https://www.paypal.com/signin --json`,
    )
    .action(async (brand: string, options: LookalikesOptions) => {
      finish(await listNames(brand, options, terminal));
    });
}

async function listNames(brand: string, options: LookalikesOptions, terminal: Terminal): Promise<ExitCode> {
  const { signal } = onInterrupt(terminal, 'stopping; press Ctrl-C again to leave at once');
  const output = new LineOutput(process.stdout);
  const names = generate(hostOfUrl(brand) ?? brand, {
    suffixes: options.suffix,
    withUnregistrable: options.unregistrable,
  });
  let count = 0;
  for (const { host, display, technique, score } of names) {
    output.add(
      options.json === true
        ? JSON.stringify({ host, display, technique, score })
        : printable(
            `${score.toFixed(2)}  ${technique.padEnd(16)}  ${host}${display === host ? '' : ` (${display})`}`,
          ),
    );
    if (++count === options.limit) break;
    if (count % ROUND !== 0) continue;
    await output.flush();
    await new Promise(setImmediate); // lets a signal in
    if (signal.aborted || output.isClosed) break;
  }
  await output.flush();
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}
