import { access, constants, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AditError } from '#model';
import type { findSources, ImportSummary } from '#pipeline';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onInterrupt } from './interrupt.ts';
import type { Ask, Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { bytesForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

export interface ArchiveImportOptions {
  readonly list?: readonly string[];
  readonly base?: string;
  readonly takeIn?: boolean;
  readonly dryRun?: boolean;
  readonly pairsTo?: string;
  readonly verify?: boolean;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Problems that are shown in text; `--json` has more. */
const SHOWN_PROBLEMS = 20;
const SHOWN_FILES = 100;

/** Between looks at an import that runs elsewhere. */
const LOOK_MS = 300;
const PAGE = 200;

/** Reads archives into the stores, or with `dryRun` only reads them, and says what was in them. */
export async function importArchiveFiles(
  paths: readonly string[],
  options: ArchiveImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { signal } = onInterrupt(
    terminal,
    options.dryRun === true
      ? 'stopping: nothing is stored; press Ctrl-C again to leave at once'
      : 'stopping: what is stored stays, the same command goes on from there; press Ctrl-C again to leave at once',
  );
  const { importKindOf } = await import('#pipeline');
  const lists = (options.list ?? []).map((list) => resolve(list === '-' ? '/dev/stdin' : list));
  const archives: string[] = [];
  for (const path of paths) ((await importKindOf(path)) === 'list' ? lists : archives).push(resolve(path));
  const request = {
    paths: archives,
    lists,
    ...(options.base !== undefined && { base: resolve(options.base) }),
    ...(options.workers !== undefined && { workers: options.workers }),
    verify: options.verify === true,
    takeIn: options.takeIn === true,
  };
  if (options.pairsTo !== undefined) await checkWritable(options.pairsTo);
  if (options.dryRun !== true) for (const list of lists) await checkLasting(list);
  const isRead = options.dryRun === true || options.pairsTo !== undefined;
  // the table of pairs is of all that the archives hold, also of what is stored already
  const read = isRead ? await readOnly(request, options, signal, terminal) : undefined;
  if (options.dryRun === true || signal.aborted) return report(read!, options, terminal);
  return report(await store(request, signal, terminal), options, terminal);
}

/** The list is read by whoever owns the stores, and again where the import goes on another time. */
async function checkLasting(list: string): Promise<void> {
  const about = await stat(list).catch(() => undefined);
  if (about === undefined || about.isFile()) return; // an absent one is told by its reader
  throw new AditError('bad-list', `${list} is no file that stays.`, {
    advice: 'Save the list to a file first; with --dry-run it may come by a pipe.',
  });
}

/** Before hours of reading rather than behind them. */
async function checkWritable(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (about) => about.isDirectory(),
    () => false,
  );
  const isWritable = await access(dirname(resolve(path)), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (isWritable && !isFolder) return;
  throw new AditError('bad-pairs-file', `${path} cannot be written.`, {
    advice: 'Name a file in a folder that exists and may be written to.',
  });
}

type Request = Parameters<typeof findSources>[0] & {
  readonly paths: string[];
  readonly lists: string[];
  readonly verify: boolean;
  readonly workers?: number;
  readonly takeIn: boolean;
};

/** Reads them in this process, without stores. */
async function readOnly(
  request: Request,
  { pairsTo }: ArchiveImportOptions,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<Summary> {
  const { importArchives, findSources } = await import('#pipeline');
  const events = importArchives({
    sources: await findSources(request),
    workers: request.workers ?? availableParallelism(),
    verify: request.verify,
    signal,
    ...(pairsTo === undefined ? {} : { pairsTo }),
  });
  for await (const event of events) {
    if (event.kind === 'done') return event.summary;
    terminal.progress(progressLine(event.progress));
  }
  throw new Error('an import without end');
}

/** Has them read by whoever owns the stores, and looks on. */
async function store(request: Request, signal: AbortSignal, terminal: Terminal): Promise<Summary> {
  await using stores = await openStores({ progress: terminal.progress });
  const { id } = await stores.ask('startImport', { body: request });
  const params = { id };
  const stop = (): void => void stores.ask('stopImport', { params }).catch(() => {}); // told by the next look
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  for (;;) {
    const { state, progress, error } = await stores.ask('getImport', { params });
    if (state === 'failed')
      throw new AditError(error?.code ?? 'fault', error?.message ?? 'The import failed.', {
        advice: 'What is stored stays; the same command goes on from there.',
      });
    if (state === 'done' || state === 'stopped') return await summaryOf(stores.ask, id, state === 'stopped');
    if (progress !== undefined) terminal.progress(progressLine(progress));
    else terminal.progress(state === 'waiting' ? 'waiting for another import …' : 'reading …');
    await sleep(LOOK_MS);
  }
}

async function summaryOf(ask: Ask, id: string, isPartial: boolean): Promise<Summary> {
  const files: Reply<'listImportFiles'>['files'] = [];
  for (;;) {
    const skip = files.length === 0 ? undefined : files.length;
    const page = await ask('listImportFiles', { params: { id }, query: { limit: PAGE, skip } });
    files.push(...page.files);
    if (page.files.length < PAGE) break;
  }
  const read = files.filter((file) => file.records !== undefined && !file.isSkipped);
  const sum = (of: (file: (typeof files)[number]) => number | undefined): number =>
    read.reduce((total, file) => total + (of(file) ?? 0), 0);
  return {
    files: files.map(({ problems: _problems, seq: _seq, ...file }) => file),
    records: sum((file) => file.records),
    pages: sum((file) => file.pages),
    pairs: sum((file) => file.pairs),
    problems: read.flatMap(({ problems = [] }) => problems),
    problemCount: sum((file) => file.problemCount),
    isPartial,
  };
}

/** What is said of an import, wherever it ran. */
type Summary = Omit<ImportSummary, 'files'> & {
  readonly files: readonly Pick<
    Partial<Reply<'listImportFiles'>['files'][number]>,
    'file' | 'isSkipped' | 'isDone' | 'format' | 'records' | 'pages' | 'pairs' | 'problemCount'
  >[];
};

function report(summary: Summary, { json }: ArchiveImportOptions, terminal: Terminal): ExitCode {
  if (json === true) terminal.json(summary);
  else printSummary(summary, terminal);
  if (summary.isPartial) return EXIT.interrupted;
  return summary.problemCount === 0 ? EXIT.ok : EXIT.incomplete;
}

/** What matters most comes first: a narrow terminal cuts the end. */
function progressLine(progress: Reply<'getImport'>['progress'] & {}): string {
  const { doneFiles, totalFiles, doneBytes, totalBytes, bytesPerSecond, pages, pairs, secondsLeft } =
    progress;
  const share = totalBytes === 0 ? 1 : doneBytes / totalBytes;
  const left = secondsLeft === undefined ? '' : `, ${durationForReading(secondsLeft)} left`;
  return (
    `${Math.floor(share * 100)} % of ${bytesForReading(totalBytes)}, ${(bytesPerSecond / 1e6).toFixed(1)} MB/s${left}, ` +
    `${pages} pages, ${pairs} pairs, ${doneFiles}/${totalFiles} files`
  );
}

function printSummary(summary: Summary, terminal: Terminal): void {
  const { files, problems, problemCount } = summary;
  const rows = files
    .slice(0, SHOWN_FILES)
    .map((file) => [
      file.isSkipped === true
        ? 'stored before'
        : file.records === undefined
          ? 'not yet read'
          : (file.format ?? 'not read'),
      String(file.records ?? ''),
      String(file.pages ?? ''),
      String(file.pairs ?? ''),
      String(file.problemCount ?? ''),
      pathForReading(file.file ?? ''),
    ]);
  const header = ['format', 'records', 'pages', 'pairs', 'problems', 'file'];
  if (rows.length > 0) terminal.print(table(header, rows, terminal.columns, 'file'));
  if (files.length > rows.length) terminal.print(`and ${files.length - rows.length} more files`);
  const before = files.filter(({ isSkipped }) => isSkipped === true).length;
  const more = before === 0 ? '' : `; not counted: ${before} of ${files.length} files, stored before`;
  terminal.print(`${summary.records} records, ${summary.pages} pages, ${summary.pairs} host pairs${more}`);
  if (summary.isPartial) terminal.print('stopped before all was read; archives under way are not counted');
  if (problemCount === 0) return;
  terminal.print('');
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  for (const { file, offset, what } of shown)
    terminal.print(`${printable(file)}, byte ${offset}: ${printable(what)}`);
  if (problemCount > shown.length) terminal.print(`and ${problemCount - shown.length} more problems`);
}

/** As it may be typed here: without the folder that we are in. */
function pathForReading(path: string): string {
  const folder = join(process.cwd(), sep);
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

function durationForReading(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  return seconds < 6_000 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
