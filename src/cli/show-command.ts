import { openBundle } from '#archive';
import { downloadChains, extractObservations, openEvidence, type ChainLink } from '#extract';
import { AditError, DATASET_IDS, type CaptureReader, type DatasetId } from '#model';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { wholeNumber } from './options.ts';
import { captureHead, numbered, printObservations, stepsTable, type NumberedObservation } from './report.ts';
import { bytesForReading, printable, table } from './text.ts';
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
    .description('Open a bundle again: its datasets, and the evidence behind each row.')
    .argument('<bundle>', 'a .wacz file that Adit made')
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
  adit show visit.wacz
  adit show visit.wacz --dataset host-pairs
  adit show visit.wacz --evidence 3`,
    )
    .action(async (path: string, options: ShowOptions) => {
      await using bundle = await openBundle(path);
      const { observations, limits } = extractObservations(bundle);
      const rows = numbered(observations);
      if (options.evidence !== undefined)
        showEvidence(bundle, rows, options.evidence, options.json === true, terminal);
      else if (options.json === true) showJson(bundle, rows, options, terminal);
      else showText(bundle, path, rows, options, terminal);
      if (limits.length > 0 && options.json !== true)
        terminal.note(
          `left out: ${limits.map(({ limit, allowed }) => `beyond ${limit} ${allowed}`).join(', ')}`,
        );
      finish(EXIT.ok);
    });
}

function parseDataset(text: string): DatasetId {
  const id = DATASET_IDS.find((each) => each === text);
  if (id === undefined)
    throw new AditError('unknown-dataset', `There is no dataset “${text}”.`, {
      advice: `There are ${DATASET_IDS.join(', ')}.`,
    });
  return id;
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
  const place =
    opened.line === undefined
      ? ''
      : `:${opened.line}${opened.column === undefined ? '' : `:${opened.column}`}`;
  terminal.print(printable(`${opened.url ?? ''}${place}`));
  for (const line of opened.text.split(/\r\n|[\r\n]/)) terminal.print(`  ${printable(line)}`);
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
