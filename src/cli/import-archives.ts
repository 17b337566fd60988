import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ImportEvent, ImportProgress, ImportSummary } from '#pipeline';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import { onInterrupt } from './interrupt.ts';
import { openOwnWorkbench } from './stores/open-stores.ts';
import { bytesForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

export interface ArchiveImportOptions {
  readonly list?: readonly string[];
  readonly dryRun?: boolean;
  readonly pairsTo?: string;
  readonly verify?: boolean;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Problems that are shown in text; `--json` has more. */
const SHOWN_PROBLEMS = 20;

/** Reads archives into the stores, or with `dryRun` only reads them, and says what was in them. */
export async function importArchiveFiles(
  paths: readonly string[],
  options: ArchiveImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { importArchives } = await import('#pipeline');
  const { signal } = onInterrupt(
    terminal,
    'stopping: what is stored stays, the same command goes on from there; press Ctrl-C again to leave at once',
  );
  const home = aditHome();
  await using workbench = options.dryRun === true ? undefined : await openOwnWorkbench(home);
  const events = importArchives({
    paths,
    lists: options.list ?? [],
    workers: options.workers ?? availableParallelism(),
    verify: options.verify === true,
    signal,
    ...(options.pairsTo === undefined ? {} : { pairsTo: options.pairsTo }),
    ...(workbench === undefined
      ? {}
      : { store: (batch) => workbench.store.add(batch), statePath: join(home, 'imports.jsonl') }),
  });
  let code: ExitCode = EXIT.ok;
  for await (const event of events) code = show(event, options.json === true, terminal) ?? code;
  return code;
}

function show(event: ImportEvent, asJson: boolean, terminal: Terminal): ExitCode | undefined {
  if (event.kind === 'progress') terminal.progress(progressLine(event.progress));
  if (event.kind !== 'done') return undefined;
  const { summary } = event;
  if (asJson) terminal.json(summary);
  else printSummary(summary, terminal);
  if (summary.isPartial) return EXIT.interrupted;
  return summary.problemCount === 0 ? EXIT.ok : EXIT.incomplete;
}

function progressLine(progress: ImportProgress): string {
  const { doneFiles, totalFiles, doneBytes, totalBytes, bytesPerSecond, pages, pairs, secondsLeft } =
    progress;
  const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  return (
    `${doneFiles}/${totalFiles} files, ${bytesForReading(doneBytes)} of ${bytesForReading(totalBytes)}, ` +
    `${(bytesPerSecond / 1e6).toFixed(1)} MB/s, ${pages} pages, ${pairs} pairs${left}`
  );
}

function printSummary(summary: ImportSummary, terminal: Terminal): void {
  const { files, problems, problemCount } = summary;
  const rows = files.map((file) => [
    printable(file.file),
    file.isSkipped ? 'stored before' : file.format,
    String(file.records),
    String(file.pages),
    String(file.pairs),
    String(file.problemCount),
  ]);
  terminal.print(table(['file', 'format', 'records', 'pages', 'pairs', 'problems'], rows, terminal.columns));
  terminal.print(`${summary.records} records, ${summary.pages} pages, ${summary.pairs} host pairs`);
  if (problemCount === 0) return;
  terminal.print('');
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  for (const { file, offset, what } of shown)
    terminal.print(`${printable(file)}, byte ${offset}: ${printable(what)}`);
  if (problemCount > shown.length) terminal.print(`and ${problemCount - shown.length} more problems`);
}
