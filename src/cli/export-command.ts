import { rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AditError, ARTIFACT_STATUSES, type ArtifactStatus } from '#model';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openStores } from './stores/open-stores.ts';
import { bytesForReading, printable } from './text.ts';
import type { Terminal } from './terminal.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'stix', 'markdown'] as const;

interface ExportOptions {
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly status?: readonly ArtifactStatus[];
  readonly output?: string;
  readonly json?: boolean;
}

export function addExportCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('export')
    .description('Publish a project as CSV, JSON, STIX 2.1 or Markdown; each says what was left out.')
    .argument('<project>', 'by name or id')
    .addOption(
      new Option('-f, --format <format>', 'what to write').choices(EXPORT_FORMATS).makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '-s, --status <status>',
        `artifacts of this status; repeatable (default: confirmed)`,
      ).argParser(collectStatus),
    )
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .option('--json', 'print one JSON object that names the file, or holds the text')
    .addHelpText(
      'after',
      `
Examples:
  adit export 'Fake wallets' --format csv
  adit export 'Fake wallets' --format stix -o fake-wallets.json
  adit export 'Fake wallets' --format markdown --status confirmed --status suspected -o report.md`,
    )
    .action(async (project: string, { format, status, output, json }: ExportOptions) => {
      await using stores = await openStores({ progress: terminal.progress });
      const content = await stores.ask('exportProject', {
        params: { id: project },
        query: { format, status },
      });
      const sizeBytes = Buffer.byteLength(content);
      if (output === undefined) {
        if (json === true) terminal.json({ format, sizeBytes, content });
        else terminal.raw(content);
      } else {
        const file = resolve(output);
        await writeWhole(file, content);
        if (json === true) terminal.json({ format, sizeBytes, file });
        else terminal.note(`${printable(file)}: ${bytesForReading(sizeBytes)}`);
      }
      finish(EXIT.ok);
    });
}

/** The file appears whole, or stays as it was. */
export async function writeWhole(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  try {
    await writeFile(draft, content);
    await rename(draft, file);
  } catch (error) {
    throw new AditError('not-writable', `${file} cannot be written.`, {
      advice: 'Check that the folder exists and may be written to.',
      cause: error,
    });
  }
}

function collectStatus(text: string, before?: readonly ArtifactStatus[]): readonly ArtifactStatus[] {
  const status = ARTIFACT_STATUSES.find((each) => each === text);
  if (status === undefined) throw new InvalidArgumentError(`There are ${ARTIFACT_STATUSES.join(', ')}.`);
  return [...(before ?? []), status];
}
