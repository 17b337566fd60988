import { randomUUID } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AditError } from '#model';
import {
  lockDirectory,
  openObservationStore,
  openWorkspace,
  toStoredCapture,
  type ObservationStore,
  type StoredCapture,
  type Workspace,
} from '#store';
import { keepSignature } from '#similar';
import { ImportJobs } from './import-jobs.ts';
import { bundlePath, type KeptCapture } from './keep-capture.ts';
import { LiveEvents } from './live-events.ts';
import { matchSeen, type MatchSeenOptions, type SeenMatches } from './match-seen.ts';
import { NameWatch } from './name-watch.ts';
import { PageWatch, type FoundCopy } from './page-watch.ts';

/** The stores of one data directory, opened by their owner. */
export interface Workbench extends AsyncDisposable {
  readonly directory: string;
  /** Where bundles are kept, by hash. */
  readonly captures: string;
  readonly store: ObservationStore;
  readonly workspace: Workspace;
  /** What happens in this process, as it happens. */
  readonly live: LiveEvents;
  /** Matches every name that is stored against the brands. */
  readonly watch: NameWatch;
  /** Keeps names of a list as seen now: look-alikes among them are stored, and brands protected later find them. Says how many are kept. */
  keepNames(names: readonly string[]): Promise<number>;
  /** Matches the names that were stored before a brand was protected. */
  matchSeen(options?: MatchSeenOptions): Promise<SeenMatches>;
  /** Finds copies of the pages of brands (ids; by default all) among the stored pages, and stores what it finds. */
  huntCopies(brands?: readonly string[]): Promise<FoundCopy[]>;
  readonly imports: ImportJobs;
  /** Stores what a kept capture shows; resolves when it is durable. The same capture again adds nothing. */
  take(kept: KeptCapture): Promise<void>;
  /** Where the bundle of a stored capture lies now; throws `bundle-missing` where it is gone. */
  bundleOf(capture: StoredCapture): Promise<string>;
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
  const workspace = opened.use(await openWorkspace({ url: options.databaseUrl, directory }));
  const watch = new NameWatch(workspace.brands);
  const store = opened.use(
    await openObservationStore({ url: options.clickhouseUrl, directory, through: watch.through }),
  );
  const pages = new PageWatch(store, workspace.brands);
  const captures = join(directory, 'captures');
  await mkdir(captures, { recursive: true });
  const live = new LiveEvents();
  const imports = opened.use(new ImportJobs({ store, workspace, pages, live, directory }));
  const held = opened.move();
  return {
    directory,
    captures,
    store,
    workspace,
    live,
    watch,
    async keepNames(names) {
      const batch = await watch.batchOf(`names ${randomUUID()}`, names, new Date().toISOString());
      await store.add(batch);
      return batch.hosts?.length ?? 0;
    },
    matchSeen: (options) => matchSeen({ store, brands: workspace.brands, watch }, options),
    imports,
    huntCopies: (ids) => pages.hunt(ids),
    async take({ capture, observations, bundle, sha256, page }) {
      const { id: captureId, startedAt: seenAt } = capture;
      const seen = { seenAt, captureId };
      await store.add({
        id: `capture ${captureId}`,
        observations,
        capture: toStoredCapture(capture, bundle, sha256),
        pages: page === undefined ? [] : [{ ...keepSignature(page), url: page.url, ...seen }],
      });
      if (page !== undefined) await pages.look(page, seen);
    },
    bundleOf: ({ bundle, sha256 }) => findBundle(captures, bundle, sha256),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** Where it was kept, or by its hash where the data directory was moved since. */
async function findBundle(captures: string, bundle: string, sha256: string): Promise<string> {
  const places = /^[0-9a-f]{64}$/.test(sha256) ? [bundle, bundlePath(captures, sha256)] : [bundle];
  for (const place of places)
    if (
      await stat(place).then(
        (file) => file.isFile(),
        () => false,
      )
    )
      return place;
  throw new AditError('bundle-missing', 'The bundle of this capture is no longer where it was kept.', {
    advice: 'Put it back, or visit the page again.',
  });
}
