import { AditError, ARTIFACT_STATUSES, parseArtifact, type ArtifactStatus, type ArtifactType } from '#model';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { EXIT, type ExitCode } from './exit-code.ts';
import { collect, wholeNumber } from './options.ts';
import { artifactForReading, pathForReading } from './report.ts';
import type { Ask, Input, Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { instantForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

interface ArtifactOptions {
  readonly status?: ArtifactStatus;
  readonly reason?: string;
  readonly tag?: readonly string[];
  readonly note?: string;
  readonly json?: boolean;
}

type Finish = (code: ExitCode) => void;
type Project = Reply<'getProject'>;

export function addProjectCommand(program: Command, terminal: Terminal, finish: Finish): void {
  const project = program
    .command('project')
    .description(
      'Investigations: artifacts that are confirmed, suspected or dismissed, and the path to each.',
    )
    .addHelpText(
      'after',
      `
A project is named by its name, or by its id where several have that name.

Examples:
  adit project create 'Fake wallets' --description 'Bitcoin Gold and Electrum, November 2017'
  adit project add 'Fake wallets' bitcoingöld.org --status confirmed --reason 'mail of 10 November'
  adit expand 'Fake wallets' --owned bitcoingold.org --add 3
  adit project set 'Fake wallets' electrüm.org --status confirmed
  adit project show 'Fake wallets'
  adit export 'Fake wallets' --format stix -o fake-wallets.json`,
    );
  /** Runs a subcommand's work with the stores at hand. */
  const run = async (work: (ask: Ask) => Promise<void>): Promise<void> => {
    await using stores = await openStores({ progress: terminal.progress });
    await work(stores.ask);
    finish(EXIT.ok);
  };
  addOverviewCommands(project, terminal, run);
  addArtifactCommands(project, terminal, run);
}

type Run = (work: (ask: Ask) => Promise<void>) => Promise<void>;

function addOverviewCommands(project: Command, terminal: Terminal, run: Run): void {
  project
    .command('list')
    .description('List the projects, last changed first.')
    .option('--json', 'print one JSON object')
    .action((options: { json?: boolean }) =>
      run(async (ask) => {
        const answer = await ask('listProjects', {});
        if (options.json === true) return terminal.json(answer);
        const rows = answer.projects.map(({ name, id, updatedAt }) => [
          name,
          id,
          instantForReading(updatedAt),
        ]);
        terminal.print(
          rows.length === 0 ? 'no projects' : table(['project', 'id', 'changed'], rows, terminal.columns),
        );
      }),
    );
  project
    .command('create')
    .description('Begin a project.')
    .argument('<name>')
    .option('--description <text>', 'what it is about')
    .option('--json', 'print one JSON object')
    .action((name: string, { description, json }: { description?: string; json?: boolean }) =>
      run(async (ask) => {
        const made = await ask('createProject', {
          body: { name, ...(description !== undefined && { description }) },
        });
        if (json === true) terminal.json(made);
        else terminal.print(printable(`${made.name}  ${made.id}`));
      }),
    );
  project
    .command('show')
    .description('Show a project: its artifacts by status, with the path to each.')
    .argument('<project>')
    .option('--json', 'print one JSON object')
    .action((id: string, options: { json?: boolean }) =>
      run(async (ask) => {
        const found = await ask('getProject', { params: { id } });
        if (options.json === true) terminal.json(found);
        else printProject(found, terminal);
      }),
    );
  project
    .command('history')
    .description('List every change of a project, newest first.')
    .argument('<project>')
    .option('--limit <n>', 'changes shown', wholeNumber(1, 2_000), 100)
    .option('--json', 'print one JSON object')
    .action((id: string, { limit, json }: { limit: number; json?: boolean }) =>
      run(async (ask) => {
        const answer = await ask('getHistory', { params: { id }, query: { limit } });
        if (json === true) terminal.json(answer);
        else printHistory(answer, terminal);
      }),
    );
  project
    .command('delete')
    .description('Delete a project and all that it holds; captures and observations stay.')
    .argument('<project>')
    .option('--json', 'print one JSON object')
    .action((id: string, { json }: { json?: boolean }) =>
      run(async (ask) => {
        const { name, id: found } = await ask('getProject', { params: { id } });
        await ask('deleteProject', { params: { id: found } });
        if (json === true) terminal.json({ deleted: found });
        else terminal.print(printable(`deleted ${name}`));
      }),
    );
}

function addArtifactCommands(project: Command, terminal: Terminal, run: Run): void {
  const withDetails = (command: Command): Command =>
    command
      .addOption(new Option('-s, --status <status>', 'what is thought of them').choices(ARTIFACT_STATUSES))
      .option('--reason <text>', 'why')
      .option('-t, --tag <tag>', 'repeatable; replaces the tags there were', collect)
      .option('--note <markdown>', 'replaces the note there was')
      .option('--json', 'print one JSON object');
  withDetails(
    project
      .command('add')
      .description('Add artifacts to a project, as suspected unless told otherwise.')
      .argument('<project>')
      .argument('<value...>', 'hosts, addresses, URLs, hashes, …; defanged ones are fine'),
  ).action((id: string, values: string[], options: ArtifactOptions) =>
    run((ask) => {
      const { status = 'suspected' } = options;
      return putAll(
        ask,
        id,
        values.map((value) => ({ value, status })),
        options,
        terminal,
      );
    }),
  );
  withDetails(
    project
      .command('set')
      .description('Change artifacts of a project: status, reason, tags, note.')
      .argument('<project>')
      .argument('<value...>'),
  ).action((id: string, values: string[], options: ArtifactOptions) =>
    run(async (ask) => {
      const { artifacts } = await ask('getProject', { params: { id } });
      const held = values.map((value) => {
        const named = parseArtifact(value)?.value;
        const found =
          artifacts.find((artifact) => artifact.value === value) ??
          artifacts.find((artifact) => artifact.value === named);
        if (found === undefined)
          throw new AditError('unknown-artifact', `The project holds no ${printable(value)}.`, {
            advice: 'adit project add puts it in.',
          });
        return { type: found.type, value: found.value, status: options.status ?? found.status };
      });
      await putAll(ask, id, held, options, terminal);
    }),
  );
  project
    .command('remove')
    .description('Take artifacts out of a project; its history still names them.')
    .argument('<project>')
    .argument('<value...>')
    .option('--json', 'print one JSON object')
    .action((id: string, values: string[], { json }: { json?: boolean }) =>
      run(async (ask) => {
        for (const value of values) await ask('removeArtifact', { params: { id }, query: { value } });
        if (json === true) terminal.json({ removed: values });
        else terminal.print(`removed ${values.map(printable).join(', ')}`);
      }),
    );
}

async function putAll(
  ask: Ask,
  id: string,
  wanted: readonly {
    readonly type?: ArtifactType;
    readonly value: string;
    readonly status: ArtifactStatus;
  }[],
  { reason, tag, note, json }: ArtifactOptions,
  terminal: Terminal,
): Promise<void> {
  const details: Omit<Input<'putArtifact'>['body'], 'value' | 'status'> = {
    ...(reason !== undefined && { reason }),
    ...(tag !== undefined && { tags: [...tag] }),
    ...(note !== undefined && { notes: note }),
  };
  const artifacts = [];
  for (const artifact of wanted)
    artifacts.push(await ask('putArtifact', { params: { id }, body: { ...artifact, ...details } }));
  if (json === true) terminal.json({ artifacts });
  else
    for (const artifact of artifacts) terminal.print(`${artifactForReading(artifact)}  ${artifact.status}`);
}

/** A project with its artifacts by status, and why each is in it. */
export function printProject(
  { name, id, description, artifacts }: Project,
  terminal: Pick<Terminal, 'print' | 'columns'>,
): void {
  terminal.print(printable(`${name}  ${id}`));
  if (description !== '') terminal.print(printable(description));
  for (const status of ARTIFACT_STATUSES) {
    const those = artifacts.filter((artifact) => artifact.status === status);
    if (those.length === 0) continue;
    terminal.print(`\n${status[0]!.toUpperCase()}${status.slice(1)} (${those.length})`);
    for (const artifact of those) {
      const tags = artifact.tags.map((tag) => `  #${tag}`).join('');
      terminal.print(`  ${artifactForReading(artifact)}${printable(tags)}`);
      if (artifact.reason !== '') terminal.print(`      ${printable(artifact.reason)}`);
      if (artifact.path.length > 0) terminal.print(`      ${pathForReading(artifact.path)}`);
    }
  }
  if (artifacts.length === 0) terminal.print('\nIt holds nothing yet: adit project add NAME VALUE…');
}

/** What the workspace records of a change. */
const changeSchema = z
  .object({
    kind: z.string(),
    name: z.string(),
    member: z.string(),
    fields: z.record(z.string(), z.unknown()),
    value: z.string(),
    status: z.string(),
    before: z.string(),
    reason: z.string(),
  })
  .partial();

function printHistory({ history }: Reply<'getHistory'>, terminal: Terminal): void {
  const rows = history.map(({ at, actor, change }) => {
    const parsed = changeSchema.safeParse(change).data ?? {};
    const { kind = '', name, member, fields = {}, value, status, before, reason } = parsed;
    const isMoved = before !== undefined && before !== status;
    const subject = value ?? name ?? member ?? Object.keys(fields).join(', ');
    const what = [subject, isMoved ? `${before} → ${status}` : status, reason];
    return [instantForReading(at), actor ?? '', kind, what.filter((part) => part !== undefined).join('  ')];
  });
  terminal.print(table(['at', 'by', 'did', 'what'], rows, terminal.columns));
}
