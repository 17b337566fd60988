import { openBundle } from '#archive';
import { downloadChains, extractObservations, openEvidence, type ChainLink } from '#extract';
import { AditError, type CaptureReader, type DatasetId } from '#model';
import { evidenceText } from './evidence.ts';
import { captureHead, numbered, printObservations, stepsTable, type NumberedObservation } from './report.ts';
import { bytesForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

export interface ShowBundleOptions {
  readonly dataset?: readonly DatasetId[];
  readonly evidence?: number;
  readonly exchanges?: boolean;
  readonly json?: boolean;
}

/** A capture again: head, steps, downloads and datasets; or one dataset, or the evidence behind one row. */
export async function showBundle(
  path: string,
  options: ShowBundleOptions,
  terminal: Terminal,
): Promise<void> {
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

function showText(
  reader: CaptureReader,
  path: string,
  rows: readonly NumberedObservation[],
  options: ShowBundleOptions,
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
  options: ShowBundleOptions,
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
