import type { DatasetId } from '#model';
import { printEvidence } from './evidence.ts';
import { printPivot, readPivot, type PivotEdge } from './pivot-command.ts';
import type { Ask, Reply } from './stores/ask.ts';
import { printable } from './text.ts';
import type { Terminal } from './terminal.ts';

/** Rows of a dataset and direction; whoever wants more of them pivots. */
const MAX_ROWS = 2_000;

type Count = Reply<'getArtifact'>['counts'][number];

/** What stands in one dataset about the artifact, on one side. */
interface Group extends Pick<Count, 'dataset' | 'direction'> {
  /** Number of the first row. */
  readonly first: number;
  readonly edges: PivotEdge[];
  readonly hasMore: boolean;
}

/**
 * The rows of an artifact, of all datasets or of those asked for, numbered through; or the evidence behind one of them.
 * The same artifact and datasets have the same numbers, as long as nothing is added.
 */
export async function showRows(
  ask: Ask,
  { artifact: { value }, counts }: Reply<'getArtifact'>,
  options: { readonly dataset?: readonly DatasetId[]; readonly evidence?: number; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const { dataset: datasets, evidence, json = false } = options;
  const wanted = counts.filter(({ dataset }) => datasets?.includes(dataset) ?? true);
  const groups: Group[] = [];
  let next = 1;
  for (const { dataset, direction } of wanted) {
    const query = { dataset, reverse: direction === 'reverse', limit: MAX_ROWS };
    const { edges, cursor } = await readPivot(ask, value, query, terminal);
    groups.push({ dataset, direction, first: next, edges, hasMore: cursor !== undefined });
    next += edges.length;
    if (evidence !== undefined && next > evidence) break;
  }
  const rows = groups.flatMap(({ edges }) => edges);
  if (evidence !== undefined) await printEvidence(ask, rows, evidence, json, terminal);
  else if (json) terminal.json(toJson(groups));
  else if (groups.length === 0) terminal.print('  nothing');
  else for (const group of groups) printGroup(value, group, terminal);
}

function printGroup(value: string, { dataset, direction, first, edges, hasMore }: Group, terminal: Terminal) {
  const reverse = direction === 'reverse';
  printPivot(value, { dataset, reverse }, { edges }, terminal, first);
  if (hasMore)
    terminal.print(
      printable(
        `There is more: adit pivot ${value} --dataset ${dataset}${reverse ? ' --reverse' : ''} --all`,
      ),
    );
}

function toJson(groups: readonly Group[]) {
  return {
    rows: groups.flatMap(({ direction, first, edges }) =>
      edges.map((edge, index) => ({ number: first + index, direction, ...edge })),
    ),
    isPartial: groups.some(({ hasMore }) => hasMore),
  };
}
