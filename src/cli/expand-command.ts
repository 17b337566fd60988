import { AditError } from '#model';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from './exit-code.ts';
import { collect, wholeNumber } from './options.ts';
import { artifactForReading, pathForReading } from './report.ts';
import type { Ask, Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

type Expansion = Reply<'expand'>;
export type Suspect = Expansion['suspects'][number];

interface ExpandOptions {
  readonly confirmed?: readonly string[];
  readonly dismissed?: readonly string[];
  readonly owned?: readonly string[];
  readonly commonAbove?: number;
  readonly limit: number;
  readonly add?: number;
  readonly json?: boolean;
}

const LEADS_SHOWN = 4;

export function addExpandCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('expand')
    .description('Rank hosts by the rare values that they share with confirmed ones, with the path to each.')
    .argument('[project]', 'a project, by name or id: its confirmed and dismissed hosts are used')
    .option('-c, --confirmed <host>', 'without a project: a host known to belong to it; repeatable', collect)
    .option('--dismissed <host>', 'without a project: a host ruled out; repeatable', collect)
    .option(
      '--owned <domain>',
      'a genuine domain: it is no suspect, what leads to it is; repeatable',
      collect,
    )
    .option(
      '--common-above <n>',
      'values that more hosts share are too common (default: by the size of the store)',
      wholeNumber(1, 1e6),
    )
    .option('--limit <n>', 'suspects shown', wholeNumber(1, 2_000), 20)
    .option(
      '--add <n>',
      'put the first n into the project as suspected, with the path',
      wholeNumber(1, 2_000),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A value that two hosts alone have counts fully, one that many have hardly at all. What more have than --common-above says,
and hosts of services that sites of all kinds use, are named at the end and not followed.

Examples:
  adit expand --confirmed bitcoingöld.org --owned bitcoingold.org
  adit expand 'Fake wallets' --owned bitcoingold.org --owned electrum.org --add 3`,
    )
    .action(async (project: string | undefined, options: ExpandOptions) => {
      checkOptions(project, options);
      await using stores = await openStores({ progress: terminal.progress });
      terminal.progress('expanding …');
      const expansion = await expand(stores.ask, project, options);
      const added = project === undefined ? [] : expansion.suspects.slice(0, options.add ?? 0);
      for (const suspect of added) await addSuspect(stores.ask, project!, suspect); // there are some only with a project
      if (options.json === true) terminal.json(expansion);
      else {
        printExpansion(expansion, terminal);
        if (added.length > 0)
          terminal.print(`\n${added.length} added to ${printable(project!)} as suspected.`);
      }
      finish(EXIT.ok);
    });
}

function checkOptions(project: string | undefined, { confirmed, dismissed, add }: ExpandOptions): void {
  if (project === undefined && confirmed === undefined)
    throw new AditError('missing-argument', 'There is nothing to start from.', {
      advice: 'Name a project, or give --confirmed HOST.',
    });
  if (project !== undefined && (confirmed !== undefined || dismissed !== undefined))
    throw new AditError('bad-option', 'With a project its own confirmed and dismissed hosts are used.', {
      advice: 'Change them with adit project set.',
    });
  if (project === undefined && add !== undefined)
    throw new AditError('bad-option', '--add needs a project.', {
      advice: 'adit project create NAME makes one.',
    });
}

function expand(ask: Ask, project: string | undefined, options: ExpandOptions): Promise<Expansion> {
  const { owned, commonAbove, limit, confirmed, dismissed } = options;
  const common = {
    limit,
    ...(owned !== undefined && { owned: [...owned] }),
    ...(commonAbove !== undefined && { commonAbove }),
  };
  if (project !== undefined) return ask('expandProject', { params: { id: project }, body: common });
  return ask('expand', {
    body: {
      ...common,
      confirmed: [...(confirmed ?? [])],
      ...(dismissed !== undefined && { dismissed: [...dismissed] }),
    },
  });
}

/** Puts a suspect into a project, with its strongest lead as the path. */
export async function addSuspect(ask: Ask, project: string, { artifact, leads }: Suspect): Promise<void> {
  const [strongest] = leads;
  await ask('putArtifact', {
    params: { id: project },
    body: {
      ...artifact,
      status: 'suspected',
      reason: strongest === undefined ? '' : reasonOf(strongest, leads.length),
      path: strongest?.path ?? [],
    },
  });
}

function reasonOf({ dataset, label, shared }: Suspect['leads'][number], leads: number): string {
  const more = leads > 1 ? `, and ${leads - 1} more` : '';
  return `${dataset} ${label}, shared by ${shared}${more}`;
}

/** Suspects in order, why each is there, and what was too common to say anything. */
export function printExpansion(
  { suspects, tooCommon }: Expansion,
  terminal: Pick<Terminal, 'print' | 'columns'>,
): void {
  if (suspects.length === 0) terminal.print('No host shares anything rare with the confirmed ones.');
  for (const [index, { artifact, score, leads }] of suspects.entries()) {
    terminal.print(
      `${String(index + 1).padStart(3)}  ${artifactForReading(artifact)}  score ${score.toFixed(2)}`,
    );
    const rows = leads
      .slice(0, LEADS_SHOWN)
      .map(({ dataset, label, shared, path }) => [
        String(shared),
        pathForReading(path, true),
        `${dataset} ${label}`,
      ]);
    const room = terminal.columns === undefined ? undefined : terminal.columns - 5;
    const lines = table(['shared', 'path', 'by'], rows, room).split('\n');
    for (const line of index === 0 ? lines : lines.slice(1)) terminal.print(`     ${line}`);
    if (leads.length > LEADS_SHOWN) terminal.print(`     … and ${leads.length - LEADS_SHOWN} more`);
  }
  if (tooCommon.length === 0) return;
  terminal.print('\nToo common to follow');
  const rows = tooCommon.map(({ artifact, dataset, shared, reason }) => [
    String(shared),
    dataset,
    artifact.value,
    reason,
  ]);
  terminal.print(table(['shared', 'dataset', 'value', 'because'], rows, terminal.columns));
}
