import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  lockDirectory,
  openObservationStore,
  openWorkspace,
  toStoredCapture,
  type ObservationStore,
  type Workspace,
} from '#store';
import type { KeptCapture } from './keep-capture.ts';

/** The stores of one data directory, opened by their owner. */
export interface Workbench extends AsyncDisposable {
  readonly directory: string;
  /** Where bundles are kept, by hash. */
  readonly captures: string;
  readonly store: ObservationStore;
  readonly workspace: Workspace;
  /** Stores what a kept capture shows; resolves when it is durable. The same capture again adds nothing. */
  take(kept: KeptCapture): Promise<void>;
}

/**
 * Takes the data directory for this process and opens its stores: embedded ones, or the servers that `clickhouseUrl` and
 * `databaseUrl` name. Throws AditError `store-in-use` where another process has it.
 */
export async function openWorkbench(options: {
  readonly directory: string;
  readonly clickhouseUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
}): Promise<Workbench> {
  const { directory } = options;
  await using opened = new AsyncDisposableStack();
  opened.use(await lockDirectory(directory));
  const store = opened.use(await openObservationStore({ url: options.clickhouseUrl, directory }));
  const workspace = opened.use(await openWorkspace({ url: options.databaseUrl, directory }));
  const captures = join(directory, 'captures');
  await mkdir(captures, { recursive: true });
  const held = opened.move();
  return {
    directory,
    captures,
    store,
    workspace,
    take: ({ capture, observations, bundle, sha256 }) =>
      store.add({
        id: `capture ${capture.id}`,
        observations,
        capture: toStoredCapture(capture, bundle, sha256),
      }),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
