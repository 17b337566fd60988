import { openBundle } from '#archive';
import { downloadChains, extractObservations, openEvidence, type ChainLink } from '#extract';
import { stat } from 'node:fs/promises';
import { AditError, DATASET_IDS, type CaptureReader, type DatasetId } from '#model';
import { Option, type Command } from 'commander';
import { evidenceText } from './evidence.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { parseDataset, wholeNumber } from './options.ts';
import { captureHead, numbered, printObservations, stepsTable, type NumberedObservation } from './report.ts';
import { bytesForReading, printable, table } from './text.ts';
import type { Ask } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { printSummary } from './summary-report.ts';
import type { Terminal } from './terminal.ts';

interface ShowOptions {
  readonly dataset?: readonly DatasetId[];
  readonly evidence?: number;
  readonly exchanges?: boolean;
  readonly json?: boolean;
}

export function addShowCommand(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  program
    .command('show')
    .description(
      'Say what is known of an artifact, or open a capture again: its datasets, and the evidence behind each row.',
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
  adit show visit.wacz
  adit show visit.wacz --dataset host-pairs
  adit show visit.wacz --evidence 3`,
    )
    .action(async (what: string, options: ShowOptions) => {
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

const CAPTURE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A file that exists, or what can only mean one: then opening it says what is wrong. */
async function isBundle(what: string): Promise<boolean> {
  const isFile = await stat(what).then(
    (file) => file.isFile(),
    () => false,
  );
  return isFile || what.endsWith('.wacz');
}

async function showBundle(path: string, options: ShowOptions, terminal: Terminal): Promise<void> {
  await using bundle = await openBundle(path);
  const { observations, limits } = extractObservations(bundle);
  const rows = numbered(observations);
  if (options.evidence !== undefined)
    showEvidence(bundle, rows, options.evidence, options.json === true, terminal);
  else if (options.json === true) showJson(bundle, rows, options, terminal);
  else showText(bundle, path, rows, options, terminal);
  if (limits.length > 0 && options.json !== true)
    terminal.note(`left out: ${limits.map(({ limit, allowed }) => `beyond ${limit} ${allowed}`).join(', ')}`);
}

async function showArtifact(
  ask: Ask,
  value: string,
  options: ShowOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.dataset !== undefined || options.evidence !== undefined || options.exchanges === true)
    throw new AditError('bad-option', '--dataset, --evidence and --exchanges belong to captures.', {
      advice: `For an artifact there is: adit pivot ${value} --dataset …`,
    });
  const summary = await ask('getArtifact', { query: { value } });
  if (options.json === true) terminal.json(summary);
  else printSummary(summary, terminal);
}

function showText(
  reader: CaptureReader,
  path: string,
  rows: readonly NumberedObservation[],
  options: ShowOptions,
  terminal: Terminal,
): void {
  if (options.dataset !== undefined) {
    printObservations(terminal, rows, { datasets: options.dataset, isWhole: true });
    return;
  }
  terminal.print(captureHead(reader.capture, path));
  const steps = stepsTable(reader.capture, terminal.columns);
  if (steps !== '') terminal.print(`\nSteps\n${steps}`);
  for (const { download, links } of downloadChains(reader)) {
    terminal.print(`\nDownload ${printable(download.suggestedName)} (${download.state})`);
    for (const link of links) terminal.print(`  ${printable(linkText(link))}`);
  }
  if (options.exchanges === true) terminal.print(`\nExchanges\n${exchangesTable(reader, terminal.columns)}`);
  printObservations(terminal, rows);
}

/** A link of a download chain in one line. */
export function linkText(link: ChainLink): string {
  switch (link.kind) {
    case 'control':
      return `pressed   <${link.tag}> “${link.text}”${link.onclick === undefined ? '' : ` onclick="${link.onclick}"`} on ${link.page}`;
    case 'function':
      return `ran       ${link.name}() ${link.script}:${link.line}:${link.column}${link.code === undefined ? '' : `  ${link.code}`}`;
    case 'redirect':
      return `redirect  ${link.status} ${link.url} → ${link.location}`;
    case 'download':
      return `got       ${link.name} from ${link.url}${link.sha256 === undefined ? '' : `  SHA-256 ${link.sha256}`}`;
  }
}

function exchangesTable(reader: CaptureReader, columns: number | undefined): string {
  const rows = reader.capture.exchanges.map((exchange) => [
    String(exchange.id),
    exchange.method,
    String(exchange.response?.status ?? exchange.failure?.kind ?? ''),
    exchange.resourceType ?? '',
    exchange.response?.body === undefined
      ? (exchange.response?.bodyAbsence ?? '')
      : bytesForReading(exchange.response.body.sizeBytes),
    exchange.url,
  ]);
  return table(['#', 'method', 'status', 'type', 'body', 'url'], rows, columns);
}

function showEvidence(
  reader: CaptureReader,
  rows: readonly NumberedObservation[],
  number: number,
  asJson: boolean,
  terminal: Terminal,
): void {
  const row = rows[number - 1];
  if (row === undefined)
    throw new AditError('unknown-row', `There is no row ${number}.`, {
      advice: `This bundle has rows 1 to ${rows.length}.`,
    });
  const { observation } = row;
  const opened = openEvidence(reader, observation);
  if (asJson) {
    terminal.json({ number, observation, evidence: opened });
    return;
  }
  const { source, label, target, dataset } = observation;
  terminal.print(printable(`${dataset} ${number}: ${source} —${label}→ ${target}`));
  terminal.print(evidenceText(opened));
}

function showJson(
  reader: CaptureReader,
  rows: readonly NumberedObservation[],
  options: ShowOptions,
  terminal: Terminal,
): void {
  const chosen =
    options.dataset === undefined
      ? rows
      : rows.filter(({ observation }) => options.dataset!.includes(observation.dataset));
  terminal.json({
    capture: options.dataset === undefined ? reader.capture : undefined,
    downloadChains: options.dataset === undefined ? downloadChains(reader) : undefined,
    observations: chosen.map(({ number, observation }) => ({ number, ...observation })),
  });
}
