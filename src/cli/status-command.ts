import { readdir } from 'node:fs/promises';
import { checkWalls, findBrowser } from '#crawl';
import { AditError } from '#model';
import type { Command } from 'commander';
import { errorText } from './error-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import type { Reply } from './stores/ask.ts';
import { openStores } from './stores/open-stores.ts';
import { bytesForReading, instantForReading, printable, table } from './text.ts';
import type { Terminal } from './terminal.ts';

/** The running server, and what the stores hold; or why that cannot be said. */
interface StoresStatus {
  readonly server?: { readonly url: string; readonly startedAt: string };
  readonly stores?: Omit<Reply<'status'>, 'version' | 'startedAt'>;
  readonly problem?: string;
}

export function addStatusCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('status')
    .description(
      'Say what this machine has: browser, walls around it, data directory, stores, running server.',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Exit status: 3 where there is no browser or the stores cannot be opened.

Example:
  adit status`,
    )
    .action(async (options: { readonly json?: boolean }) => {
      const status = {
        node: process.version,
        home: aditHome(),
        browser: findBrowser('headless'),
        headlessShell: findBrowser('shell'),
        walls: await checkWalls(),
        ...(await storesStatus(terminal)),
      };
      if (options.json === true) terminal.json(status);
      else printStatus(status, terminal);
      finish(status.browser === undefined || status.problem !== undefined ? EXIT.incomplete : EXIT.ok);
    });
}

/** Looks into stores that are there; asking for a status makes none. */
async function storesStatus(terminal: Terminal): Promise<StoresStatus> {
  const isRemote = Boolean(process.env['CLICKHOUSE_URL'] || process.env['DATABASE_URL']);
  if (!isRemote && !(await isUsed(aditHome()))) return {};
  try {
    await using stores = await openStores({ progress: terminal.progress });
    const { version: _version, startedAt, ...held } = await stores.ask('status', {});
    return {
      ...(stores.server !== undefined && { server: { url: stores.server, startedAt } }),
      stores: held,
    };
  } catch (error) {
    if (error instanceof AditError) return { problem: errorText(error) };
    throw error;
  }
}

async function isUsed(home: string): Promise<boolean> {
  const names = await readdir(home).catch((): string[] => []);
  return names.includes('workspace') || names.includes('clickhouse');
}

function printStatus(
  status: StoresStatus & {
    readonly node: string;
    readonly home: string;
    readonly browser: string | undefined;
    readonly headlessShell: string | undefined;
    readonly walls: Awaited<ReturnType<typeof checkWalls>>;
  },
  terminal: Terminal,
): void {
  const { node, home, browser, headlessShell, walls, server, stores, problem } = status;
  const lines: (readonly [string, string])[] = [
    ['node', node],
    ['browser', browser ?? 'none: set ADIT_BROWSER or install Chromium'],
    ['headless shell', headlessShell ?? 'none (optional)'],
    ['data', home],
    [
      'server',
      server === undefined ? 'none runs' : `${server.url}, since ${instantForReading(server.startedAt)}`,
    ],
  ];
  if (problem !== undefined) lines.push(['stores', problem]);
  else if (stores === undefined) lines.push(['stores', 'none yet: the first capture makes them']);
  else lines.push(...storeLines(stores));
  for (const [name, text] of lines) terminal.print(`${name.padEnd(15)}${printable(text)}`);
  const rows = walls.map(({ name, isPresent, detail }) => [name, isPresent ? 'yes' : 'NO', detail]);
  terminal.print(`\n${table(['wall', 'present', 'detail'], rows, terminal.columns)}`);
}

function storeLines({
  observations,
  workspace,
  jobs,
}: NonNullable<StoresStatus['stores']>): [string, string][] {
  const { kind, version, edges, captures, diskBytes, restarts, pending } = observations;
  const faults = [
    restarts > 0 && `restarted ${restarts} times`,
    pending > 0 && `${pending} batches not yet taken`,
  ].filter((text) => text !== false);
  return [
    ['observations', `${edges} edges of ${captures} captures, ${bytesForReading(diskBytes)}`],
    ['', [`ClickHouse ${version}, ${kind === 'embedded' ? 'embedded' : 'a server'}`, ...faults].join(', ')],
    ['workspace', workspace === 'pglite' ? 'PGlite, embedded' : 'PostgreSQL'],
    ['jobs', `${jobs.queued} queued, ${jobs.running} running, ${jobs.done} done, ${jobs.dead} dead`],
  ];
}
