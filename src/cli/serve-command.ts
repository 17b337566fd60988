import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { startMonitors } from '#investigate';
import { AditError, LOCAL_USER } from '#model';
import { startCaptureWorkers } from '#pipeline';
import { markedFor, startServer, type RunningServer, type ServerOptions } from '#server';
import { Option, type Command } from 'commander';
import { collect, httpUrl, wholeNumber } from './options.ts';
import { replayInto } from './demo/replay-into.ts';
import { errorText } from './error-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { aditHome } from './home.ts';
import { onInterrupt } from './interrupt.ts';
import { findApp } from './app-folder.ts';
import { askServer } from './stores/ask.ts';
import { openOwnWorkbench } from './stores/open-stores.ts';
import { findServer, writeServerFile } from './stores/running-server.ts';
import { hostForReading, printable } from './text.ts';
import type { Terminal } from './terminal.ts';
import { testnetOption, type TestnetName } from './testnet.ts';
import { version } from './version.ts';
import { openVisits } from './visits.ts';

export const DEFAULT_PORT = 4270;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHost?: readonly string[];
  readonly publicUrl?: string;
  readonly parallel: number;
  readonly mode: 'headless' | 'shell';
  readonly allowNet?: readonly string[];
  readonly testnet?: TestnetName;
  readonly imports?: readonly string[];
  readonly json?: boolean;
}

export function addServeCommand(
  program: Command,
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void {
  program
    .command('serve')
    .description('Run the server: stores, web app, HTTP API, and virtual users that work off the queue.')
    .option('--port <n>', 'port to listen on; 0 takes any free one', wholeNumber(0, 65_535), DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-host <name>', 'further name under which it may be asked for; repeatable', collect)
    .option(
      '--public-url <url>',
      'where people reach it, behind a proxy of this machine that speaks TLS: https://adit.example.org',
      httpUrl,
    )
    .option('--parallel <n>', 'visits at a time', wholeNumber(1, 16), Math.min(4, availableParallelism() + 1))
    .addOption(
      new Option('--mode <mode>', 'browser: new headless, or the cheaper headless shell')
        .choices(['headless', 'shell'])
        .default('headless'),
    )
    .option(
      '--imports <dir>',
      'folder whose archives the web app and API keys may import; repeatable; default imports in ADIT_HOME',
      collect,
    )
    .option('--allow-net <cidr>', 'private range that may be visited, e.g. 10.1.0.0/16; repeatable', collect)
    .addOption(testnetOption())
    .option('--json', 'print one JSON object when it is ready')
    .addHelpText(
      'after',
      `
While it runs, the other commands with the same ADIT_HOME use it. Ctrl-C ends it: visits under way end early and are
kept, jobs not yet begun wait for the next start.

Examples:
  adit serve
  adit serve --port 0 --testnet campaign
  adit serve --host 0.0.0.0 --allow-host adit.example.org   (then give out keys: adit key create NAME --scope read)

A new link to sign in by: adit login-link. Accounts for others: adit user add NAME. API description: GET /api/openapi.json`,
    )
    .action(async (options: ServeOptions) => finish(await serve(options, terminal)));
}

async function serve(options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const home = aditHome();
  const running = await findServer(home);
  if (running !== undefined)
    throw new AditError(
      'server-running',
      `A server for ${home} runs already: ${running.url} (process ${running.pid}).`,
      {
        advice: 'Use it, stop it first, or set ADIT_HOME to another directory.',
      },
    );
  const { signal } = onInterrupt(
    terminal,
    'stopping: visits under way end and are kept; press Ctrl-C again to leave at once',
  );
  const log = (line: string): void => terminal.note(printable(line));

  terminal.progress('opening the stores …');
  await using workbench = await openOwnWorkbench(home);
  await using visits = await openVisits({ ...options, allowNetworks: options.allowNet, log });
  const key = randomBytes(32).toString('base64url');
  let address = ''; // the server's own, once it listens
  const importFolders = options.imports ?? [join(home, 'imports')];
  for (const folder of importFolders) await mkdir(folder, { recursive: true, mode: 0o700 });
  await using server = await listen({
    workbench,
    importFolders,
    host: options.host,
    port: options.port,
    version: version(),
    localKey: key,
    allowedHosts: options.allowHost ?? [],
    publicUrl: options.publicUrl,
    appFolder: await findApp(),
    playDemo: replayInto(workbench, () => askServer({ url: address, key }), {
      parallel: options.parallel,
      signal,
    }),
    onFault: (error) =>
      log(`fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  address = server.url;
  await using _file = await writeServerFile(home, {
    url: server.url,
    key,
    pid: process.pid,
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
  });
  await using _workers = startCaptureWorkers({
    workbench,
    parallel: options.parallel,
    visit: (job, ending) => visits.visit(job, { signal: ending }),
    onCapture: ({ capture, observations }) =>
      log(`${time()}  ${capture.url}  ${capture.outcome.kind}, ${observations.length} observations`),
    onFailure: (error, { id, host }) =>
      log(`${time()}  job ${id} (${hostForReading(host ?? '')}) failed: ${errorText(error)}`),
  });
  await workbench.imports.resume();
  await using _monitors = startMonitors({
    store: workbench.store,
    searches: workbench.workspace.searches,
    marked: markedFor(workbench.workspace),
    onAlerts: ({ id, owner, name }, keys) => {
      workbench.live.publish({ kind: 'alert', search: id, owner, count: keys.length });
      log(`${time()}  monitor “${name}”: ${keys.length} new`);
    },
    onFault: (error) => log(`${time()}  monitors: ${errorText(error)}`),
  });
  // Brands that were protected when an earlier process was stopped, or by an older version.
  void workbench.matchSeen({ signal }).catch((error: unknown) => {
    if (!signal.aborted) log(`${time()}  look-alikes: ${errorText(error)}`);
  });
  await announce({ server, key, home, options, terminal });
  if (!signal.aborted) await once(signal, 'abort');
  return EXIT.ok; // being told to stop is how a server ends
}

async function announce({
  server,
  key,
  home,
  options,
  terminal,
}: {
  readonly server: RunningServer;
  readonly key: string;
  readonly home: string;
  readonly options: ServeOptions;
  readonly terminal: Terminal;
}): Promise<void> {
  const { url } = server;
  const { path } = await askServer({ url, key })('addSignInLink', { params: { id: LOCAL_USER.name } });
  const signInUrl = `${options.publicUrl ?? url}${path}`;
  if (options.json === true) terminal.json({ url, home, pid: process.pid, signInUrl });
  else {
    terminal.print(`Adit serves ${url} from ${printable(home)}`);
    terminal.print(`Sign in, once within 15 minutes: ${signInUrl}`);
    terminal.print(
      `${options.parallel} visits at a time${options.testnet === undefined ? '' : ` on the test internet “${options.testnet}”`}. Other commands use this server now. Ctrl-C stops it.`,
    );
  }
  if (!LOOPBACK.has(options.host))
    terminal.note(
      'It can be reached from other machines, without TLS of its own: see docs/accounts.md on keeping it safe.',
    );
}

async function listen(options: ServerOptions): Promise<RunningServer> {
  try {
    return await startServer(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of a failed listen
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    throw new AditError(
      'port-unavailable',
      `Port ${options.port} of ${options.host} cannot be had (${code}).`,
      {
        advice: 'Choose another: --port 0 takes any free one.',
        cause: error,
      },
    );
  }
}

const time = (): string => new Date().toISOString().slice(11, 19);
