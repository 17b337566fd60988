import { readFile, stat } from 'node:fs/promises';
import { readMail, type MailReading } from '#extract';
import { AditError, hostOfUrl, type Observation } from '#model';
import type { Command } from 'commander';
import { addCaptureOptions, capturePages, type CaptureOptions } from './capture-command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { importArchiveFiles, type ArchiveImportOptions } from './import-archives.ts';
import { collect, wholeNumber } from './options.ts';
import { openStores } from './stores/open-stores.ts';
import { hostForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** Largest mail that is read, in bytes. */
const MAX_MAIL_BYTES = 50e6;

interface ImportOptions extends CaptureOptions, ArchiveImportOptions {
  readonly capture?: boolean;
}

export function addImportCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  const command = program
    .command('import')
    .description('Read mails (what they name, to capture if asked) or web archives (their observations).')
    .argument('[file...]', '.eml files; or WARC, ARC, WACZ and HAR files, folders of them, and lists of them')
    .option('--capture', 'mails: capture every URL found')
    .option(
      '--list <file>',
      'archives: a file that lists them, one path or address a line, gzipped or not; repeatable',
      collect,
    )
    .option(
      '--base <dir>',
      'archives: folder that the paths of lists are relative to, and where those of addresses were downloaded; default: that of the list',
    )
    .option('--take-in', 'archives: copy them into the data directory, so that evidence stays when they go')
    .option('--dry-run', 'only read, store nothing')
    .option('--pairs-to <file>', 'archives: write parent, child, cause, count of all host pairs as TSV')
    .option('--verify', 'archives: check CRCs and digests')
    .option('--workers <n>', 'archives: files read at the same time', wholeNumber(1, 64))
    .addHelpText(
      'after',
      `
Examples:
  adit import phish.eml
  adit import phish.eml --json
  adit import phish.eml --capture --out captures --persona chrome-windows
  adit import crawl.warc.gz visit.har archives/
  adit import --list warc.paths.gz --base /mirror/commoncrawl --workers 8
  adit import crawl.warc.gz --dry-run --json --pairs-to pairs.tsv`,
    );
  addCaptureOptions(command).action(async (files: string[], options: ImportOptions) => {
    if (await areArchives(files, options)) return finish(await importArchiveFiles(files, options, terminal));
    const mails = [];
    const readAt = new Date().toISOString();
    for (const file of files)
      mails.push({ file, reading: await readMail(await readMailFile(file), { readAt }) });
    const readable = mails.flatMap(({ reading }) => (reading.kind === 'mail' ? [{ reading }] : []));
    const urls = [...new Set(readable.flatMap(({ reading }) => reading.urls.map(({ url }) => url)))];
    const willCapture = options.capture === true && urls.length > 0;
    if (options.json !== true) for (const { file, reading } of mails) printMail(file, reading, terminal);
    const kept = isStored(options)
      ? await keepMentions(
          readable.flatMap(({ reading }) => reading.observations),
          terminal,
        )
      : 0;
    if (!willCapture && options.json === true)
      terminal.json({ mails: mails.map(({ file, reading }) => ({ file, ...reading })), urls, kept });
    const ownCode = readable.length === mails.length ? EXIT.ok : EXIT.incomplete;
    if (!willCapture) return finish(readable.length === 0 ? EXIT.usage : ownCode);
    terminal.note(`capturing ${urls.length} URLs …`);
    const code = await capturePages(urls, options, terminal);
    finish(code === EXIT.ok ? ownCode : code);
  });
}

/** Whether archives are to be read; not together with mails. */
async function areArchives(files: readonly string[], { list = [] }: ImportOptions): Promise<boolean> {
  const address = files.find((file) => /^[a-z][a-z0-9+.-]+:\/\//i.test(file));
  if (address !== undefined) {
    throw new AditError('bad-import', `${address.slice(0, 200)} is an address, not a file.`, {
      advice: 'Download it first; pages are visited with: adit capture URL…',
    });
  }
  const { isArchive } = await import('#pipeline');
  const found = await Promise.all(files.map(isArchive));
  const isAny = list.length > 0 || found.includes(true);
  if ((isAny && !found.includes(false)) || (!isAny && files.length > 0)) return isAny;
  throw new AditError('bad-import', 'Mails and archives are imported apart, and one of them at least.', {
    advice: 'Give .eml files, or WARC, ARC, WACZ and HAR files and folders of them.',
  });
}

async function readMailFile(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MAX_MAIL_BYTES)
      throw new AditError('bad-mail-size', `${file} is larger than ${MAX_MAIL_BYTES / 1e6} MB.`, {
        advice: 'Export the message alone, without its attachments.',
      });
    return await readFile(file);
  } catch (error) {
    if (error instanceof AditError) throw error;
    throw new AditError('missing-file', `${file} cannot be read.`, {
      advice: 'Check the path.',
      cause: error,
    });
  }
}

/** As captures: with `--out` alone nothing is. */
function isStored({ dryRun, out, store }: ImportOptions): boolean {
  return dryRun !== true && (out === undefined || store === true);
}

/** Mentions of one request: that many fit, however long they are. */
const MENTIONS = 50;

/** Stores what mails name, which brands then find their look-alikes among. Says how many there are. */
async function keepMentions(observations: readonly Observation[], terminal: Terminal): Promise<number> {
  if (observations.length === 0) return 0;
  await using stores = await openStores({ progress: terminal.progress });
  let kept = 0;
  for (const [source, all] of Map.groupBy(observations, (each) => each.source))
    for (let from = 0; from < all.length; from += MENTIONS) {
      const mentions = all
        .slice(from, from + MENTIONS)
        .map(({ dataset: _mentions, source: _source, ...rest }) => rest);
      kept += (await stores.ask('keepMentions', { body: { source, mentions } as never })).kept; // the schema is that of the dataset
      terminal.progress(`${kept} mentions kept …`);
    }
  return kept;
}

function printMail(file: string, reading: MailReading, terminal: Terminal): void {
  terminal.print(printable(file));
  if (reading.kind !== 'mail') {
    terminal.print(`  not a mail: ${printable(reading.reason)}`);
    return;
  }
  const { message, urls } = reading;
  for (const [name, value] of Object.entries({
    from: message.from,
    subject: message.subject,
    date: message.date,
  }))
    if (value !== undefined) terminal.print(`  ${name.padEnd(8)} ${printable(value)}`);
  if (urls.length === 0) terminal.print('  no URLs found');
  else {
    const rows = urls.map(({ url, where, shownText }) => [
      where,
      url,
      hostForReading(hostOfUrl(url) ?? ''),
      shownText === undefined ? '' : `shown as “${shownText}”`,
    ]);
    terminal.print(table(['where', 'url', 'host', ''], rows, terminal.columns));
  }
  terminal.print('');
}
