import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AditError } from '#model';
import type { Workbench } from '#pipeline';
import { aditHome } from '../home.ts';
import { version } from '../version.ts';
import { askServer, type Ask } from './ask.ts';
import { findServer } from './running-server.ts';

/** How long a command waits for another one, or for a server that is just starting. */
const PATIENCE_MS = 15_000;

/** The stores of the data directory, whoever owns them. */
export interface Stores extends AsyncDisposable {
  /** Address of the running server; undefined where this process owns the stores. */
  readonly server: string | undefined;
  /** The stores themselves, where this process owns them. */
  readonly workbench: Workbench | undefined;
  readonly ask: Ask;
}

/** Uses the running server, else owns the stores until closed. Waits a little where another command has them. */
export async function openStores(options: {
  readonly home?: string;
  readonly progress?: (text: string) => void;
}): Promise<Stores> {
  const { home = aditHome(), progress = () => {} } = options;
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const server = await findServer(home);
    if (server !== undefined)
      return {
        server: server.url,
        workbench: undefined,
        ask: askServer(server),
        async [Symbol.asyncDispose]() {},
      };
    try {
      progress('opening the stores …');
      return ownStores(await openOwnWorkbench(home));
    } catch (error) {
      const isBusy = error instanceof AditError && error.code === 'store-in-use';
      if (!isBusy || Date.now() > deadline) throw error;
      progress('waiting for another command to be done with the stores …');
      await sleep(200);
    }
  }
}

/** The stores of a data directory: embedded ones, or those that the environment names. */
export async function openOwnWorkbench(home: string): Promise<Workbench> {
  // Commands that find a server running never load the stores.
  const { openWorkbench } = await import('#pipeline');
  return openWorkbench({
    directory: home,
    clickhouseUrl: process.env['CLICKHOUSE_URL'] || undefined,
    databaseUrl: process.env['DATABASE_URL'] || undefined,
  });
}

/**
 * Stores of this process. Questions go through a server of its own on loopback, begun with the first one, under a key that
 * nobody else knows: the answers are those of `adit serve` because they are given by the same code.
 */
export function ownStores(workbench: Workbench): Stores {
  const closing = new AsyncDisposableStack();
  closing.use(workbench);
  let asking: Promise<Ask> | undefined;
  const start = async (): Promise<Ask> => {
    const { startServer } = await import('#server');
    const key = randomBytes(32).toString('base64url');
    const { url } = closing.use(await startServer({ workbench, version: version(), localKey: key }));
    return askServer({ url, key });
  };
  return {
    server: undefined,
    workbench,
    ask: async (id, input) => (await (asking ??= start()))(id, input),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
