import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { dirname, basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account } from './account.ts';
import type { PrivateDir } from './private-dir.ts';
import { LOOPBACK_UP_SCRIPT, namespaceCommand, succeeds } from './walls.ts';

/** A browser's first process, with its DevTools pipes. */
export interface SpawnedBrowser {
  readonly child: ChildProcess;
  readonly input: Writable;
  readonly output: Readable;
  /** Listens inside the browser's own network, on every address of 127/8; undefined where it shares ours. */
  readonly gate: Server | undefined;
  /** What it said on standard error, cut at a few thousand characters. */
  said(): string;
}

const GATEKEEPER = fileURLToPath(new URL('gatekeeper.ts', import.meta.url));
const GATE_MS = 15_000;
const MAX_SAID = 8_000;

/**
 * Prepares the network, sends the gate out (`gatekeeper.ts`), makes a program visible that its account cannot reach,
 * lets go of the message channel, and becomes the browser.
 */
const ENTER_NAMESPACE = `
${LOOPBACK_UP_SCRIPT} || exit 97
"$ADIT_NODE" --no-warnings "$ADIT_GATEKEEPER" || exit 98
if [ -n "$ADIT_PROGRAM" ]; then mount --bind "$ADIT_PROGRAM" "$ADIT_PROGRAM_AT" || exit 99; fi
unset NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE ADIT_NODE ADIT_GATEKEEPER ADIT_PROGRAM ADIT_PROGRAM_AT
exec "$@" 5>&-`;

/** Starts the program as the account, inside a network namespace where asked. Rejects when it cannot be started. */
export async function spawnBrowser(options: {
  readonly executable: string;
  readonly flags: readonly string[];
  readonly dir: PrivateDir;
  readonly account: Account | undefined;
  readonly inNamespace: boolean;
}): Promise<SpawnedBrowser> {
  const { account, dir, inNamespace } = options;
  const isReachable = account === undefined || (await succeeds('test', ['-x', options.executable], account));
  const executable =
    isReachable || !inNamespace ? options.executable : join(dir.program, basename(options.executable));
  const program = [executable, ...options.flags];
  const environment = {
    HOME: dir.path,
    TMPDIR: dir.path,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
    ...passedOn(['CHROME_DEVEL_SANDBOX', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'FONTCONFIG_FILE']),
  };
  const child = inNamespace
    ? spawnInNamespace(program, account, {
        ...environment,
        ADIT_NODE: process.execPath,
        ADIT_GATEKEEPER: GATEKEEPER,
        ...(!isReachable && { ADIT_PROGRAM: dirname(options.executable), ADIT_PROGRAM_AT: dir.program }),
      })
    : spawn(program[0]!, program.slice(1), {
        ...STARTED_ALONE,
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
        env: environment,
        ...(account !== undefined && { uid: account.uid, gid: account.gid }),
      });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < MAX_SAID) said += chunk.toString('latin1');
  });
  if (child.pid === undefined) await once(child, 'spawn');
  child.on('error', () => {});
  const gate = inNamespace ? await receiveGate(child, () => said) : undefined;
  return {
    child,
    input: child.stdio[3] as Writable, // a pipe, by `stdio` above
    output: child.stdio[4] as Readable, // as above
    gate,
    said: () => said,
  };
}

/** A process group of its own, so that all of it can be ended at once. */
const STARTED_ALONE = { detached: true, cwd: '/' };

function spawnInNamespace(
  program: readonly string[],
  account: Account | undefined,
  environment: NodeJS.ProcessEnv,
): ChildProcess {
  const [command = '', ...args] = namespaceCommand();
  const drop =
    account === undefined
      ? ['--ambient-caps=-all', '--inh-caps=-all']
      : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', '--inh-caps=-all'];
  const whole = ['setpriv', ...drop, '--pdeathsig=KILL', '--', ...program];
  return spawn(command, [...args, 'sh', '-c', ENTER_NAMESPACE, 'sh', ...whole], {
    ...STARTED_ALONE,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
    env: environment,
  });
}

async function receiveGate(child: ChildProcess, said: () => string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('The gate into the network namespace did not open.')),
      GATE_MS,
    );
    child.once('message', (_message, handle) => {
      clearTimeout(timer);
      resolve(handle as Server); // the gatekeeper sends nothing else
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The network namespace could not be entered (${code}). ${said().slice(0, 300)}`));
    });
  });
}

function passedOn(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
