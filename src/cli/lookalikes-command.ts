import { generate, type Candidate } from '#lookalike';
import { AditError, hostOfUrl } from '#model';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { LineOutput } from './line-output.ts';
import type { FoundLookalike } from './lookalike-search.ts';
import { collect, wholeNumber } from './options.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';
import { testnetOption, type TestnetName } from './testnet.ts';

export interface LookalikesOptions {
  readonly limit?: number;
  readonly suffix?: readonly string[];
  readonly unregistrable?: boolean;
  readonly seen?: boolean;
  readonly resolve?: boolean;
  readonly capture?: boolean;
  readonly again?: boolean;
  readonly level: 'HIGH' | 'MEDIUM' | 'LOW';
  readonly concurrency: number;
  readonly dns?: readonly string[];
  readonly allowNet?: readonly string[];
  readonly testnet?: TestnetName;
  readonly json?: boolean;
}

/** Names between looks at Ctrl-C and at the reader. */
const ROUND = 1_000;
const LEVELS = ['HIGH', 'MEDIUM', 'LOW'];

export function addLookalikesCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('lookalikes')
    .description('List the names that would imitate a brand; find those that were seen, or that exist.')
    .argument('<brand>', 'its domain, or an address below it; to find any, a protected one (adit brand add)')
    .option('--seen', 'those among all names that were ever seen: in captures, archives, mails, lists')
    .option('--resolve', 'those that resolve now: asks DNS for the names that would imitate it')
    .option('--capture', 'visit what is found')
    .option('--again', 'tell also what an earlier search has told')
    .addOption(
      new Option('--level <level>', '--seen: least level that is told').choices(LEVELS).default('LOW'),
    )
    .option(
      '-n, --limit <n>',
      'most names: listed, asked for (3000 by default), or told; the most deceptive first',
      wholeNumber(1, 1e9),
    )
    .option(
      '--suffix <name>',
      'try the name under this suffix, instead of the usual ones; repeatable',
      collect,
    )
    .option('--unregistrable', 'also names that their registry is known to refuse')
    .option('--concurrency <n>', '--resolve: questions at a time', wholeNumber(1, 500), 25)
    .option(
      '--dns <server>',
      '--resolve: ask this DNS server, e.g. 192.0.2.53 or 127.0.0.1:5353; repeatable',
      collect,
    )
    .option('--allow-net <cidr>', 'private range that counts and may be visited; repeatable', collect)
    .addOption(testnetOption())
    .option('--json', 'a JSON object a line')
    .addHelpText(
      'after',
      `
The list is the same every time. What is found (--seen, --resolve) is told once: a repeated search tells what is new.

Examples:
  adit lookalikes electrum.org --limit 50
  adit lookalikes https://www.paypal.com/signin --json
  adit lookalikes electrum.org --seen --level MEDIUM
  adit lookalikes electrum.org --resolve --capture`,
    )
    .action(async (brand: string, options: LookalikesOptions) => {
      finish(await run(brand, options, terminal));
    });
}

async function run(brand: string, options: LookalikesOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.seen !== true && options.resolve !== true) {
    if (options.capture === true || options.again === true)
      throw new AditError('bad-option', '--capture and --again go with --seen or --resolve.', {
        advice: 'Say which names are to be found: those seen, or those that resolve.',
      });
    return listNames(brand, options, terminal);
  }
  const { searchLookalikes } = await import('./lookalike-search.ts');
  const output = new LineOutput(process.stdout);
  const code = await searchLookalikes(brand, options, terminal, async (found) => {
    output.add(options.json === true ? JSON.stringify(found) : printable(foundText(found)));
    await output.flush();
  });
  await output.flush();
  return code;
}

function foundText({
  host,
  display,
  level,
  score,
  technique,
  addresses,
  isWildcard,
  characters,
}: FoundLookalike): string {
  const shown = display === host ? '' : ` (${display})`;
  const letters = characters === undefined ? '' : `  ${characters}`;
  const at =
    addresses === undefined
      ? ''
      : `  ${addresses.join(', ')}${isWildcard === true ? ' as all names there' : ''}`;
  return `${(level ?? '').padEnd(6)}  ${score.toFixed(2)}  ${technique.padEnd(16)}  ${host}${shown}${letters}${at}`;
}

/** The names that would imitate it, the most deceptive first. */
export function candidatesOf(
  brand: string,
  { suffix, unregistrable }: LookalikesOptions,
): Generator<Candidate> {
  return generate(hostOfUrl(brand) ?? brand, { suffixes: suffix, withUnregistrable: unregistrable });
}

async function listNames(brand: string, options: LookalikesOptions, terminal: Terminal): Promise<ExitCode> {
  const { signal } = onInterrupt(terminal, 'stopping; press Ctrl-C again to leave at once');
  const output = new LineOutput(process.stdout);
  let count = 0;
  for (const { host, display, technique, score } of candidatesOf(brand, options)) {
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
