import { AditError } from '#model';
import type { Command } from 'commander';
import { addCaptureOptions } from './capture-command.ts';
import type { ExitCode } from './exit-code.ts';
import { importArchiveFiles, type ArchiveImportOptions } from './import-archives.ts';
import { importMails, type MailImportOptions } from './import-mails.ts';
import { collect, wholeNumber } from './options.ts';
import type { Terminal } from './terminal.ts';

type ImportOptions = MailImportOptions & ArchiveImportOptions;

export function addImportCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  const command = program
    .command('import')
    .description('Read mails (what they name, to capture if asked) or web archives (their observations).')
    .argument(
      '[file...]',
      '.eml files, - for a mail on standard input; or WARC, ARC, WACZ and HAR files, folders of them, and lists of them',
    )
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
    .option('--workers <n>', 'archives: files read at the same time; default: one a core', wholeNumber(1, 64))
    .addHelpText(
      'after',
      `
Examples:
  adit import phish.eml
  adit import phish.eml --json
  adit import phish.eml --capture --out captures --persona chrome-windows
  adit import crawl.warc.gz visit.har archives/
  adit import --list warc.paths.gz --base /mirror/commoncrawl --workers 8
  adit import crawl.warc.gz --dry-run --json --pairs-to pairs.tsv

Status: 0 all was read and nothing is wrong with it; 3 all else was; 2 there is nothing to read; 130 Ctrl-C`,
    );
  addCaptureOptions(command).action(async (files: string[], options: ImportOptions) => {
    const areArchives = await nameArchives(files, options);
    finish(
      areArchives
        ? await importArchiveFiles(files, options, terminal)
        : await importMails(files, options, terminal),
    );
  });
}

const ADVICE = 'Give .eml files, or WARC, ARC, WACZ and HAR files and folders of them.';

/** Whether archives are to be read rather than mails. Throws where it is some of both, or neither. */
async function nameArchives(files: readonly string[], options: ImportOptions): Promise<boolean> {
  const address = files.find((file) => /^[a-z][a-z0-9+.-]+:\/\//i.test(file));
  if (address !== undefined)
    throw new AditError('bad-import', `${address.slice(0, 200)} is an address, not a file.`, {
      advice: 'Download it first; pages are visited with: adit capture URL…',
    });
  const isListed = (options.list ?? []).length > 0;
  if (files.length === 0 && !isListed)
    throw new AditError('bad-import', 'There is nothing to import.', { advice: ADVICE });
  const { importKindOf } = await import('#pipeline');
  const others: string[] = [];
  for (const file of files) {
    const kind = file === '-' ? 'other' : await importKindOf(file);
    if (kind === 'absent')
      throw new AditError('missing-file', `${file} cannot be read.`, { advice: 'Check the path.' });
    if (kind === 'other') others.push(file);
  }
  if (others.length === files.length && !isListed) {
    refuse(options, ['takeIn', 'pairsTo', 'verify', 'workers'], 'archives');
    return false;
  }
  if (others.length > 0) {
    const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
    throw new AditError(
      'bad-import',
      `${others.slice(0, 3).join(', ')}${more}: no archive, and mails are imported apart.`,
      { advice: ADVICE },
    );
  }
  refuse(options, ['capture', 'out'], 'mails');
  return true;
}

const FLAGS = {
  capture: '--capture',
  out: '--out',
  takeIn: '--take-in',
  pairsTo: '--pairs-to',
  verify: '--verify',
  workers: '--workers',
} as const;

/** Throws where one of these options was given, which would do nothing. */
function refuse(options: ImportOptions, names: readonly (keyof typeof FLAGS)[], owner: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw new AditError('bad-option', `${FLAGS[given]} belongs to ${owner}.`, {
      advice: `Here are ${owner === 'mails' ? 'archives' : 'mails'}: adit import --help says which options each takes.`,
    });
}
