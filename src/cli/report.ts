import {
  DATASETS,
  DATASET_IDS,
  type Artifact,
  type ArtifactType,
  type Capture,
  type DatasetId,
  type Observation,
  type PathStep,
} from '#model';
import { bytesForReading, hostForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** Rows of one dataset that a report prints before it says how many more there are. */
const ROWS_SHOWN = 40;

/** What a visit met, in a few lines. */
export function captureHead(capture: Capture, bundle: string): string {
  const { outcome } = capture;
  const reason = [outcome.detail, outcome.reason]
    .filter((text) => text !== undefined && text !== '')
    .join('; ');
  const bytes = capture.exchanges.reduce(
    (sum, { response }) => sum + (response?.body?.encodedSizeBytes ?? 0),
    0,
  );
  const seconds = (Date.parse(capture.finishedAt) - Date.parse(capture.startedAt)) / 1000;
  const lines = [
    printable(capture.url),
    `  outcome   ${outcome.kind}${reason === '' ? '' : ` (${printable(reason)})`}`,
    `  persona   ${capture.persona.id}, ${capture.lane === 'http' ? 'plain HTTP' : printable(capture.browser?.product ?? 'browser')}`,
  ];
  if (capture.finalUrl !== undefined && capture.finalUrl !== capture.url)
    lines.push(`  final     ${printable(capture.finalUrl)}`);
  if (capture.title) lines.push(`  title     ${printable(capture.title)}`);
  lines.push(
    `  kept      ${capture.exchanges.length} exchanges, ${bytesForReading(bytes)}, ${capture.documents.length} documents, ${capture.screenshots.length} screenshots in ${seconds.toFixed(1)} s`,
  );
  const limits = [...new Set(capture.limits.map(({ limit, allowed }) => `${limit} (${allowed})`))];
  if (limits.length > 0) lines.push(`  limits    ${printable(limits.join(', '))}`);
  if (capture.denied.length > 0) {
    const denied = capture.denied.slice(0, 5).map(({ host, port, reason }) => `${host}:${port} ${reason}`);
    lines.push(`  refused   ${capture.denied.length}: ${printable(denied.join('; '))}`);
  }
  lines.push(`  bundle    ${printable(bundle)}`);
  return lines.join('\n');
}

/** What the virtual user did and what each step caused. */
export function stepsTable(capture: Capture, columns: number | undefined): string {
  const rows = capture.steps.map((step) => {
    const { exchanges, downloads, popups, dialogs, navigatedTo } = step.caused;
    const caused = [
      exchanges.length > 0 && `${exchanges.length} requests`,
      downloads.length > 0 && `${downloads.length} downloads`,
      popups.length > 0 && `${popups.length} popups`,
      dialogs.length > 0 && `${dialogs.length} dialogs`,
      navigatedTo !== undefined && `→ ${navigatedTo}`,
    ];
    const control = step.control;
    const what =
      control === undefined ? (step.url ?? '') : `<${control.tag}> ${control.text || control.href || ''}`;
    return [
      String(step.id),
      step.kind,
      what.slice(0, 120),
      control?.onclick?.slice(0, 80) ?? '',
      caused.filter(Boolean).join(', '),
    ];
  });
  return rows.length === 0 ? '' : table(['step', 'did', 'control', 'onclick', 'caused'], rows, columns);
}

/** An observation with the number by which `adit show --evidence` opens it. */
export interface NumberedObservation {
  readonly number: number;
  readonly observation: Observation;
}

/** Observations in the order of the dataset registry, numbered from 1. The order is that of the extraction, so numbers hold. */
export function numbered(observations: readonly Observation[]): NumberedObservation[] {
  return DATASET_IDS.flatMap((id) => observations.filter(({ dataset }) => dataset === id)).map(
    (observation, index) => ({
      number: index + 1,
      observation,
    }),
  );
}

/** Prints one table a dataset. */
export function printObservations(
  terminal: Terminal,
  observations: readonly NumberedObservation[],
  options: { readonly datasets?: readonly DatasetId[]; readonly isWhole?: boolean } = {},
): void {
  for (const id of options.datasets ?? DATASET_IDS) {
    const rows = observations.filter(({ observation }) => observation.dataset === id);
    if (rows.length === 0) continue;
    const shown = options.isWhole ? rows : rows.slice(0, ROWS_SHOWN);
    terminal.print(`\n${DATASETS[id].title} (${rows.length})`);
    terminal.print(
      table(['#', 'source', 'label', 'target', 'detail'], shown.map(observationRow), terminal.columns),
    );
    if (shown.length < rows.length)
      terminal.print(`… and ${rows.length - shown.length} more: adit show BUNDLE --dataset ${id}`);
  }
}

function observationRow({ number, observation }: NumberedObservation): string[] {
  const { source, label, target, detail } = observation;
  const { sourceType, targetType } = DATASETS[observation.dataset];
  return [
    String(number),
    valueForReading(source, sourceType),
    label,
    valueForReading(target, targetType),
    detailText(observation.dataset, detail),
  ];
}

/** Only hosts have a second form; a number that stands for something else is no address. */
export function valueForReading(text: string, type: ArtifactType): string {
  return type === 'host' || type === 'domain' ? hostForReading(text) : text;
}

/** An artifact by its value; hosts in both forms. */
export function artifactForReading({ type, value }: Artifact): string {
  return printable(valueForReading(value, type));
}

/**
 * The pivots that led to an artifact, in one line: `a.example → UA-1 ← b.example`. An arrow points from the source of the
 * observation to its target. With `isOpen` the last artifact is left out, where it stands right above.
 */
export function pathForReading(path: readonly PathStep[], isOpen = false): string {
  const [first] = path;
  if (first === undefined) return '';
  return path.reduce((text, { direction, to }, index) => {
    const arrow = direction === 'forward' ? '→' : '←';
    const isLast = index === path.length - 1;
    return `${text} ${arrow} ${isOpen && isLast ? 'it' : nodeForReading(to)}`;
  }, nodeForReading(first.from));
}

/** Hosts in one form, long digests by their beginning: a path has to fit into a line. */
function nodeForReading({ value }: Artifact): string {
  return printable(/^[0-9a-f]{32,}$/.test(value) ? `${value.slice(0, 16)}…` : value);
}

export function detailText(dataset: DatasetId, detail: Observation['detail']): string {
  if (dataset === 'host-pairs')
    return detail['isObserved'] === false ? 'not observed' : String(detail['url'] ?? '');
  return Object.entries(detail)
    .filter(([, value]) => value !== '' && value !== false)
    .map(([key, value]) => (value === true ? key : `${key}=${value}`))
    .join(' ');
}
