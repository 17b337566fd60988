import { AditError } from '#model';
import type { PivotEdge } from './pivot-command.ts';
import type { Ask } from './stores/ask.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

/** What was seen where: the place, and the text that stands there. */
interface OpenedEvidence {
  readonly text: string;
  readonly url?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The place and the captured text, indented and made inert. */
export function evidenceText({ text, url = '', line, column }: OpenedEvidence): string {
  const place = [url, line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':');
  return [place, ...text.split(/\r\n|[\r\n]/).map((each) => `  ${each}`)].map(printable).join('\n');
}

/** Prints the line or exchange behind a row of those listed. */
export async function printEvidence(
  ask: Ask,
  edges: readonly PivotEdge[],
  number: number,
  asJson: boolean,
  terminal: Terminal,
): Promise<void> {
  const edge = edges[number - 1];
  if (edge === undefined)
    throw new AditError('unknown-row', `There is no row ${number}.`, {
      advice: edges.length === 0 ? 'There are none.' : `There are rows 1 to ${edges.length}.`,
    });
  const { dataset, source, label, target } = edge;
  const opened = await ask('getEdgeEvidence', { query: { dataset, source, label, target } });
  if (asJson) {
    terminal.json(opened);
    return;
  }
  const { captureId, archive, faults = [], head, kind, mail } = opened;
  terminal.print(printable(`${dataset} ${number}: ${source} —${label}→ ${target}`));
  terminal.print(evidenceText(opened));
  if (captureId !== undefined) terminal.print(`capture ${captureId}`);
  if (mail !== undefined) terminal.print(printable(`${mail.part} of the mail with SHA-256 ${mail.sha256}`));
  if (archive === undefined) return;
  if (head !== undefined && kind !== 'headers') terminal.print(`\n${evidenceText({ text: head })}`);
  const { file, offset, length, innerOffset } = archive;
  const inner = innerOffset === undefined ? '' : `, ${innerOffset} bytes into what is compressed there`;
  terminal.print(printable(`${file}, byte ${offset}, ${length} bytes${inner}`));
  for (const fault of faults) terminal.print(printable(`damaged: ${fault}`));
}
