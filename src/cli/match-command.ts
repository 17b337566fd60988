import { compileBrands, match, type Brand, type Imitation, type Verdict } from '#lookalike';
import { AditError, toUnicodeHost, parseHost } from '#model';
import { Option, type Command } from 'commander';
import { allBrands } from './brand-command.ts';
import { readBrands, readList } from './brand-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { LineOutput } from './line-output.ts';
import { NameKeeper } from './name-keeper.ts';
import { linesOf, NameReader } from './name-list.ts';
import type { Ask } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

const LEVELS = ['HIGH', 'MEDIUM', 'LOW'] as const;

interface MatchOptions {
  readonly brands?: string;
  readonly store?: boolean;
  readonly popular?: string;
  readonly hosting?: string;
  readonly column?: string;
  readonly level: (typeof LEVELS)[number];
  readonly all?: boolean;
  readonly json?: boolean;
}

export function addMatchCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('match')
    .description('Read names, and say which imitate a brand, how, and how surely: a line for each that does.')
    .argument(
      '<file>',
      'names a line, CSV, JSON a line, certificate log entries, zone files, DNS logs; - is standard input',
    )
    .option(
      '-b, --brands <file>',
      'the brands: a domain a line (after it what it owns), or JSON; the protected ones by default',
    )
    .option('--store', 'keep the names: what imitates a protected brand becomes an observation, now or later')
    .option('--popular <file>', 'domains that many people use, one a line: they speak against a match')
    .option(
      '--hosting <file>',
      'domains below which anyone can have a name, one a line: dynamic DNS, hosting',
    )
    .option('--column <name>', 'CSV: the column of the names, by name or number')
    .addOption(new Option('--level <level>', 'least level that is told').choices(LEVELS).default('LOW'))
    .option('--all', 'a line for every name, whatever comes of it')
    .option('--json', 'a JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  adit match names.txt --brands brands.txt
  zcat zone.gz | adit match - --brands brands.json --json --level HIGH
  adit match ranks.csv --brands brands.txt --column domain --popular top.txt`,
    )
    .action(async (file: string, options: MatchOptions) => {
      finish(await matchNames(file, options, terminal));
    });
}

async function matchNames(file: string, options: MatchOptions, terminal: Terminal): Promise<ExitCode> {
  await using stores =
    options.brands === undefined || options.store === true
      ? await openStores({ progress: terminal.progress })
      : undefined;
  const keeper = options.store === true ? new NameKeeper(stores!) : undefined; // opened above
  const brands =
    options.brands === undefined
      ? await protectedBrands(stores!.ask, keeper !== undefined)
      : await readBrands(options.brands);
  const index = compileBrands(brands, {
    popular: options.popular === undefined ? undefined : await readList(options.popular),
    hosting: options.hosting === undefined ? undefined : await readList(options.hosting),
  });
  const { signal } = onInterrupt(terminal, 'stopping; press Ctrl-C again to leave at once');
  const output = new LineOutput(process.stdout);
  const reader = new NameReader(options.column);
  const least = LEVELS.indexOf(options.level);
  const report = (name: string): void => {
    keeper?.add(name);
    const verdicts = match(index, name);
    if (options.all !== true && !verdicts.some((verdict) => isTold(verdict, least))) return;
    output.add(
      options.json === true ? JSON.stringify(toRecord(name, verdicts)) : toText(name, verdicts, least),
    );
  };
  for await (const lines of linesOf(file, signal)) {
    for (const line of lines) {
      reader.read(line, report);
      if (output.isFull) await output.flush();
      if (keeper?.isFull === true) await keeper.flush();
    }
    await output.flush();
    if (signal.aborted || output.isClosed) break;
  }
  await output.flush();
  await keeper?.flush();
  if (keeper !== undefined) terminal.note(`${keeper.kept} names are kept`);
  return signal.aborted ? EXIT.interrupted : EXIT.ok;
}

/** The brands of the workspace, in the form that matching takes. Names that are kept may come before the first brand. */
async function protectedBrands(ask: Ask, mayBeNone: boolean): Promise<Brand[]> {
  const brands = await allBrands(ask);
  if (brands.length > 0 || mayBeNone) return brands;
  throw new AditError('bad-brands', 'No brand is protected yet.', {
    advice: 'adit brand add DOMAIN, or give --brands FILE.',
  });
}

function isTold(verdict: Verdict, least: number): boolean {
  return verdict.kind === 'imitation' && LEVELS.indexOf(verdict.level) <= least;
}

/** A line of `--json`. `level` is NONE for names that imitate nothing, INVALID for what is no name. */
function toRecord(name: string, verdicts: readonly Verdict[]): object {
  const [first] = verdicts;
  const empty = { brand: null, level: 'NONE', score: 0, techniques: [], letters: [] };
  if (first === undefined) return { host: name, display: displayed(name), ...empty };
  if (first.kind === 'malformed')
    return { host: name, display: name, ...empty, level: 'INVALID', fault: first.fault };
  if (first.kind === 'own')
    return { host: name, display: displayed(name), ...empty, brand: first.brand, owned: first.domain };
  const { kind: _, host, display, ...verdict } = first;
  return {
    host: name,
    display: display.text,
    ...verdict,
    ...(host !== name && { ascii: host }),
    ...(display.refused.length > 0 && { refused: display.refused }),
    ...(verdicts.length > 1 && { others: verdicts.slice(1).flatMap(toOther) }),
  };
}

function toOther(verdict: Verdict): object[] {
  if (verdict.kind !== 'imitation') return [];
  const { brand, level, score, techniques } = verdict;
  return [{ brand, level, score, techniques }];
}

function displayed(name: string): string {
  const host = parseHost(name);
  return host === undefined ? name : toUnicodeHost(host);
}

function toText(name: string, verdicts: readonly Verdict[], least: number): string {
  const [first] = verdicts;
  if (first === undefined) return printable(`NONE     ${name}`);
  if (first.kind === 'malformed') return printable(`INVALID  ${name}  ${first.fault}`);
  if (first.kind === 'own') return printable(`NONE     ${name}  owned by ${first.brand}`);
  return verdicts
    .filter((verdict) => verdict.kind === 'imitation')
    .filter((verdict, at) => at === 0 || isTold(verdict, least))
    .map((verdict) => printable(imitationText(verdict)))
    .join('\n');
}

function imitationText({ level, host, display, brand, score, techniques, reasons }: Imitation): string {
  const shown = display.text === host ? '' : ` (${display.text})`;
  return `${level.padEnd(7)}  ${score.toFixed(2)}  ${host}${shown} → ${brand}  ${techniques.join(', ')}: ${reasons.join('; ')}`;
}
