import { readFile, stat } from 'node:fs/promises';
import { readMail, type MailReading } from '#extract';
import { AditError, hostOfUrl, type Observation } from '#model';
import { capturePages, type CaptureOptions } from './capture-command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openStores } from './stores/open-stores.ts';
import { hostForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** Largest mail that is read, in bytes. */
const MAX_MAIL_BYTES = 50e6;

export interface MailImportOptions extends CaptureOptions {
  readonly capture?: boolean;
  readonly dryRun?: boolean;
}

/** Says what mails name and keeps it, and visits their URLs if asked; a file `-` is standard input. */
export async function importMails(
  files: readonly string[],
  options: MailImportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
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
  if (!willCapture) return readable.length === 0 ? EXIT.usage : ownCode;
  terminal.note(`capturing ${urls.length} URLs …`);
  const code = await capturePages(urls, options, terminal);
  return code === EXIT.ok ? ownCode : code;
}

async function readMailFile(file: string): Promise<Uint8Array> {
  if (file === '-') return readInput();
  try {
    const { size } = await stat(file);
    if (size > MAX_MAIL_BYTES) throw tooLarge(file);
    return await readFile(file);
  } catch (error) {
    if (error instanceof AditError) throw error;
    throw new AditError('missing-file', `${file} cannot be read.`, {
      advice: 'Check the path.',
      cause: error,
    });
  }
}

async function readInput(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  // no encoding is set
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_MAIL_BYTES) throw tooLarge('standard input');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const tooLarge = (what: string): AditError =>
  new AditError('bad-mail-size', `${what} is larger than ${MAX_MAIL_BYTES / 1e6} MB.`, {
    advice: 'Give the message alone, without its attachments; archives are read from files.',
  });

/** As captures: with `--out` alone nothing is. */
function isStored({ dryRun, out, store }: MailImportOptions): boolean {
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
    terminal.print(`  not a mail${file === '-' ? '' : ', nor an archive'}: ${printable(reading.reason)}`);
    if (file === '-') terminal.print('  Archives are read from files, where their evidence is opened again.');
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
