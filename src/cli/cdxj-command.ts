import { stat } from 'node:fs/promises';
import { CDX_HEADER, indexArchive, toCdxjLine, toCdxLine, type ArchiveProblem } from '#archive';
import { AditError } from '#model';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import { LineOutput } from './line-output.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

interface CdxjOptions {
  readonly format: 'cdxj' | 'cdx';
  readonly rules: 'pywb' | 'warcio';
  readonly sort?: boolean;
  readonly json?: boolean;
}

/** Records between looks at Ctrl-C and at the reader. */
const ROUND = 200;
const SHOWN_PROBLEMS = 20;

export function addCdxjCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command('cdxj')
    .description('Print the index of web archives: what was captured when, and where in the file it lies.')
    .argument('<file...>', 'WARC, ARC and WACZ files')
    .addOption(
      new Option('--format <name>', 'CDXJ, or CDX of eleven columns')
        .choices(['cdxj', 'cdx'])
        .default('cdxj'),
    )
    .addOption(
      new Option(
        '--rules <name>',
        'whose rules to follow; warcio keeps escapes, slashes at the end and session ids in keys',
      )
        .choices(['pywb', 'warcio'])
        .default('pywb'),
    )
    .option('--sort', 'in order of its bytes, as readers of an index need it; else in that of the files')
    .option('--json', 'a JSON object a line, with key and timestamp')
    .addHelpText(
      'after',
      `
Problems of the archives go to standard error, with file and byte offset; the exit status is 3 then.

Examples:
  adit cdxj crawl.warc.gz
  adit cdxj --sort *.warc.gz > index.cdxj
  adit cdxj --format cdx old.arc.gz`,
    )
    .action(async (files: string[], options: CdxjOptions) => {
      finish(await printIndex(files, options, terminal));
    });
}

async function printIndex(
  files: readonly string[],
  options: CdxjOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { signal } = onInterrupt(terminal, 'stopping; press Ctrl-C again to leave at once');
  for (const file of files) await checkFile(file);
  const problems: ArchiveProblem[] = [];
  let problemCount = 0;
  const onProblem = (problem: ArchiveProblem): void => {
    if (++problemCount <= SHOWN_PROBLEMS) problems.push(problem);
  };
  const output = new LineOutput(process.stdout);
  const isCdx = options.format === 'cdx' && options.json !== true;
  if (isCdx) output.add(CDX_HEADER);
  const toLine = options.json === true ? JSON.stringify : isCdx ? toCdxLine : toCdxjLine;
  const held: string[] = [];
  let count = 0;
  read: for (const file of files)
    for (const record of indexArchive(file, { onProblem, rules: options.rules })) {
      if (options.sort === true) held.push(toLine(record));
      else output.add(toLine(record));
      if (++count % ROUND !== 0) continue;
      await output.flush();
      await new Promise(setImmediate); // lets a signal in
      if (signal.aborted || output.isClosed) break read;
    }
  if (!signal.aborted)
    for (const line of held.map((text) => Buffer.from(text)).sort(Buffer.compare)) {
      output.add(line.toString());
      if (output.isFull) await output.flush();
    }
  await output.flush();
  for (const { file, offset, what } of problems)
    terminal.note(`${printable(file)}, byte ${offset}: ${printable(what)}`);
  if (problemCount > problems.length) terminal.note(`and ${problemCount - problems.length} more problems`);
  if (signal.aborted) return EXIT.interrupted;
  return problemCount === 0 ? EXIT.ok : EXIT.incomplete;
}

async function checkFile(file: string): Promise<void> {
  const isFile = await stat(file).then(
    (about) => about.isFile(),
    () => false,
  );
  if (!isFile) throw new AditError('missing-file', `${file} is no file.`, { advice: 'Check the path.' });
}
