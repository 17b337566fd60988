import { DATASETS, type DatasetId } from '#model';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { collect, parseDataset, parseMoment, wholeNumber } from './options.ts';
import { detailText, valueForReading } from './report.ts';
import type { Ask, Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { printable, spanForReading, table } from './text.ts';
import type { Terminal } from './terminal.ts';
import { printEvidence } from './evidence.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 2_000;
/** Narrower terminals show no details: what matters more needs the room. */
const ROOM_FOR_DETAIL = 110;

export interface PivotOptions {
  readonly dataset: DatasetId;
  readonly reverse?: boolean;
  readonly label?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly foreignTo?: readonly string[];
  readonly observed?: boolean;
  readonly contains?: string;
  /** `--exact`: without what lies below a domain. */
  readonly exact?: boolean;
  readonly sort?: string;
  readonly order?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly all?: boolean;
}

export type PivotEdge = Reply<'pivot'>['edges'][number];

export function addPivotCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('pivot')
    .description('Go one step from a value through a dataset, in either direction.')
    .argument('<value>', 'host, domain (with all below it), address, tracker id, hash, …')
    .addOption(
      new Option('-d, --dataset <name>', 'the dataset to go through')
        .argParser(parseDataset)
        .makeOptionMandatory(),
    )
    .option('-r, --reverse', 'from what was found to where: who leads here, who else has it')
    .option('-l, --label <label>', 'only edges of this label, e.g. img.src; repeatable', collect)
    .option('--from <date>', 'last seen then or later', parseMoment)
    .option('--to <date>', 'first seen then or earlier', parseMoment)
    .option('--foreign-to <domain>', 'leave out this domain and all below it; repeatable', collect)
    .option('--observed', 'only what the browser did, not what a page merely names')
    .option('--contains <text>', 'only values that contain this text')
    .option('--exact', 'this host alone, without what lies below it')
    .addOption(
      new Option('--sort <key>', 'order of the rows (default: value)').choices([
        'value',
        'firstSeen',
        'lastSeen',
        'count',
      ]),
    )
    .addOption(new Option('--order <way>', 'default: asc for value, else desc').choices(['asc', 'desc']))
    .option('--limit <n>', `rows of a page (default: ${DEFAULT_LIMIT})`, wholeNumber(1, MAX_LIMIT))
    .option('--cursor <text>', 'go on after an earlier page, with the same other options')
    .option('--all', 'every page')
    .option('-e, --evidence <n>', 'print the line or exchange behind row n', wholeNumber(1, 1e9))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Datasets: ${Object.keys(DATASETS).join(', ')}
The column “shared” says how many have the value found: 1 is nobody else; the fewer, the more it says.

Examples:
  adit pivot bitcoingold.org --dataset host-pairs --reverse --foreign-to bitcoingold.org
  adit pivot electrum.org --dataset mirror-stamps --reverse
  adit pivot UA-109733512 --dataset trackers --reverse --json
  adit pivot example.org --dataset resolutions --from 2017-11-01 --to 2017-11-30`,
    )
    .action(
      async (
        value: string,
        options: PivotOptions & { readonly evidence?: number; readonly json?: boolean },
      ) => {
        await using stores = await openStores({ progress: terminal.progress });
        const page = await readPivot(stores.ask, value, options, terminal);
        if (options.evidence !== undefined)
          await printEvidence(stores.ask, page.edges, options.evidence, options.json === true, terminal);
        else if (options.json === true) terminal.json(page);
        else printPivot(value, options, page, terminal);
        finish(EXIT.ok);
      },
    );
}

/** One page, or with `all` every one. */
export async function readPivot(
  ask: Ask,
  value: string,
  options: PivotOptions,
  terminal: Pick<Terminal, 'progress'>,
): Promise<Reply<'pivot'>> {
  const edges: PivotEdge[] = [];
  let { cursor } = options;
  for (;;) {
    const page = await ask('pivot', {
      query: {
        dataset: options.dataset,
        direction: options.reverse === true ? 'reverse' : 'forward',
        value,
        label: options.label,
        seenFrom: options.from,
        seenTo: options.to,
        foreignTo: options.foreignTo,
        isObserved: options.observed === true ? true : undefined,
        contains: options.contains,
        withSubdomains: options.exact === true ? false : undefined,
        sort: options.sort,
        order: options.order,
        limit: options.limit ?? (options.all === true ? MAX_LIMIT : DEFAULT_LIMIT),
        cursor,
      },
    });
    edges.push(...page.edges);
    cursor = page.cursor;
    if (options.all !== true || cursor === undefined)
      return { edges, ...(cursor !== undefined && { cursor }) };
    terminal.progress(`${edges.length} rows …`);
  }
}

/** Rows are numbered from `first`. */
export function printPivot(
  value: string,
  { dataset, reverse, limit }: Pick<PivotOptions, 'dataset' | 'reverse' | 'limit'>,
  { edges, cursor }: Reply<'pivot'>,
  terminal: Pick<Terminal, 'print' | 'columns'>,
  first = 1,
): void {
  const { title } = DATASETS[dataset];
  const way = reverse === true ? `… → ${value}` : `${value} → …`;
  terminal.print(printable(`${title}: ${way}`));
  if (edges.length === 0) {
    terminal.print('  nothing');
    return;
  }
  const [own, found] = reverse === true ? (['target', 'source'] as const) : (['source', 'target'] as const);
  const types = { source: DATASETS[dataset].sourceType, target: DATASETS[dataset].targetType };
  const isMixed = edges.some((edge) => edge[own] !== edges[0]![own]) || edges[0]![own] !== value;
  const hasDetail = terminal.columns === undefined || terminal.columns >= ROOM_FOR_DETAIL;
  const header = ['#', types[found], 'label', 'shared', 'times', 'seen'];
  const rows = edges.map((edge, index) => [
    String(index + first),
    valueForReading(edge[found], types[found]),
    edge.label,
    String(edge.shared),
    String(edge.count),
    spanForReading(edge.firstSeen, edge.lastSeen),
    ...(isMixed ? [valueForReading(edge[own], types[own])] : []),
    ...(hasDetail ? [detailText(dataset, edge.detail)] : []),
  ]);
  if (isMixed) header.push(reverse === true ? 'to' : 'from');
  if (hasDetail) header.push('detail');
  terminal.print(table(header, rows, terminal.columns));
  if (cursor !== undefined)
    terminal.print(`There is more: --all, or --limit above ${limit ?? DEFAULT_LIMIT}.`);
}
