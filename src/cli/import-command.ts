import { readFile, stat } from 'node:fs/promises';
import { readMail, type MailReading } from '#extract';
import { AditError, hostOfUrl } from '#model';
import type { Command } from 'commander';
import { addCaptureOptions, capturePages, type CaptureOptions } from './capture-command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { hostForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** Largest mail that is read, in bytes. */
const MAX_MAIL_BYTES = 50e6;

interface ImportOptions extends CaptureOptions {
  readonly capture?: boolean;
}

export function addImportCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  const command = program
    .command('import')
    .description('Read mails: list the URLs in them, and capture them if asked.')
    .argument('<file...>', '.eml files')
    .option('--capture', 'capture every URL found')
    .addHelpText(
      'after',
      `
Examples:
  adit import phish.eml
  adit import phish.eml --json
  adit import phish.eml --capture --out captures --persona chrome-windows`,
    );
  addCaptureOptions(command).action(async (files: string[], options: ImportOptions) => {
    const mails = [];
    for (const file of files) mails.push({ file, reading: await readMail(await readMailFile(file)) });
    const readable = mails.filter(({ reading }) => reading.kind === 'mail');
    const urls = [...new Set(readable.flatMap(({ reading }) => urlsOf(reading)))];
    const willCapture = options.capture === true && urls.length > 0;
    if (!willCapture && options.json === true)
      terminal.json({ mails: mails.map(({ file, reading }) => ({ file, ...reading })), urls });
    else if (options.json !== true) for (const { file, reading } of mails) printMail(file, reading, terminal);
    const ownCode = readable.length === mails.length ? EXIT.ok : EXIT.incomplete;
    if (!willCapture) return finish(readable.length === 0 ? EXIT.usage : ownCode);
    terminal.note(`capturing ${urls.length} URLs …`);
    const code = await capturePages(urls, options, terminal);
    finish(code === EXIT.ok ? ownCode : code);
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

function urlsOf(reading: MailReading): string[] {
  return reading.kind === 'mail' ? reading.urls.map(({ url }) => url) : [];
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
