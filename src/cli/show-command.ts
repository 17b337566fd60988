import { stat } from 'node:fs/promises';
import { AditError, DATASET_IDS, type DatasetId } from '#model';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { parseDataset, wholeNumber } from './options.ts';
import type { Ask } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import type { ShowBundleOptions } from './show-bundle.ts';
import { printSummary } from './summary-report.ts';
import type { Terminal } from './terminal.ts';

export function addShowCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command('show')
    .description(
      'Say what is known of an artifact, or open a capture again: its datasets, and the evidence behind each row, from the capture or from where it stands in an imported archive.',
    )
    .argument('<what>', 'a host, address, hash, tracker id, …; a .wacz file; or the id of a capture')
    .addOption(
      new Option('-d, --dataset <name>', 'only this dataset, all its rows; repeatable').argParser(
        (value: string, before?: readonly DatasetId[]) => [...(before ?? []), parseDataset(value)],
      ),
    )
    .option(
      '-e, --evidence <n>',
      'print the line of HTML or script, or the exchange, behind row n',
      wholeNumber(1, 1e9),
    )
    .option('-x, --exchanges', 'list every exchange')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Datasets: ${DATASET_IDS.join(', ')}

Examples:
  adit show bitcoingold.org
  adit show bitcoingold.org --dataset host-pairs
  adit show bitcoingold.org --dataset host-pairs --evidence 2
  adit show visit.wacz
  adit show visit.wacz --dataset host-pairs
  adit show visit.wacz --evidence 3`,
    )
    .action(async (what: string, options: ShowBundleOptions) => {
      if (await isBundle(what)) await showBundle(what, options, terminal);
      else {
        await using stores = await openStores({ progress: terminal.progress });
        if (CAPTURE_ID.test(what)) {
          const { bundle } = await stores.ask('getCapture', { params: { id: what } });
          await showBundle(bundle, options, terminal);
        } else await showArtifact(stores.ask, what, options, terminal);
      }
      finish(EXIT.ok);
    });
}

/** Only who opens a bundle waits for what reads it. */
async function showBundle(path: string, options: ShowBundleOptions, terminal: Terminal): Promise<void> {
  const { showBundle: show } = await import('./show-bundle.ts');
  await show(path, options, terminal);
}

const CAPTURE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function isBundle(what: string): Promise<boolean> {
  const isFile = await stat(what).then(
    (file) => file.isFile(),
    () => false,
  );
  if (!isFile && what.endsWith('.wacz'))
    throw new AditError('missing-file', `${what} is no file.`, { advice: 'Check the path.' });
  return isFile;
}

async function showArtifact(
  ask: Ask,
  value: string,
  options: ShowBundleOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.exchanges === true)
    throw new AditError('bad-option', '--exchanges belongs to captures.', {
      advice: `For an artifact there is: adit show ${value} --dataset …`,
    });
  const summary = await ask('getArtifact', { query: { value } });
  if (options.dataset === undefined && options.evidence === undefined) {
    if (options.json === true) terminal.json(summary);
    else printSummary(summary, terminal);
    return;
  }
  const { showRows } = await import('./artifact-rows.ts');
  await showRows(ask, summary, options, terminal);
}
