import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { AditError } from '#model';
import type { ObservationStore, StoredArchive, Workspace } from '#store';
import { z } from 'zod';
import { importArchives, type ImportProgress, type ImportSummary } from './import-archives.ts';
import { isFile, StoredMemory } from './import-memory.ts';
import { findSources, type ImportSource } from './import-sources.ts';
import type { LiveEvents } from './live-events.ts';
import type { PageWatch } from './page-watch.ts';

export const importRequestSchema = z.object({
  paths: z.array(z.string()),
  lists: z.array(z.string()).optional(),
  base: z.string().optional(),
  verify: z.boolean().optional(),
  /** Copies the archives into the data directory. */
  takeIn: z.boolean().optional(),
  workers: z.int().optional(),
});
export type ImportRequest = z.infer<typeof importRequestSchema>;

/** Sums over the files of an import that is over. */
type ImportTotals = Pick<ImportSummary, 'records' | 'pages' | 'pairs' | 'problemCount' | 'isPartial'> & {
  readonly files: number;
  /** Those of them that were stored before; the other sums are without them. */
  readonly skippedFiles: number;
};

export interface ImportJobsOptions {
  readonly store: ObservationStore;
  readonly workspace: Workspace;
  /** Looks at the pages of archives once they are stored. */
  readonly pages: PageWatch;
  readonly live: LiveEvents;
  /** The data directory. */
  readonly directory: string;
}

/** Whoever watches is told how far an import is at most this often; and when it begins and ends. */
const TOLD_EVERY_MS = 500;

/** Imports into the stores of one data directory: one after another, each remembered with what it found. */
export class ImportJobs implements AsyncDisposable {
  readonly #store: ObservationStore;
  readonly #imports: Workspace['imports'];
  readonly #pages: PageWatch;
  readonly #live: LiveEvents;
  readonly #directory: string;
  readonly #stops = new Map<string, AbortController>();
  readonly #progress = new Map<string, ImportProgress>();
  readonly #ending = new AbortController();
  #last: Promise<void> = Promise.resolve();

  constructor({ store, workspace, pages, live, directory }: ImportJobsOptions) {
    this.#store = store;
    this.#pages = pages;
    this.#imports = workspace.imports;
    this.#live = live;
    this.#directory = directory;
  }

  /** Begins an import as soon as those before it are over; gives its id. Throws as `findSources` does. */
  async start(request: ImportRequest): Promise<string> {
    const sources = await findSources(request);
    const id = await this.#imports.create(request);
    this.#enqueue(id, request, sources);
    return id;
  }

  /** Goes on with the imports that an earlier process left when it ended. */
  async resume(): Promise<void> {
    for (const { id, request } of await this.#imports.unfinished()) {
      if (this.#stops.has(id)) continue;
      try {
        const parsed = importRequestSchema.parse(request);
        this.#enqueue(id, parsed, await findSources(parsed));
      } catch (error) {
        await this.#imports.setState(id, 'failed', { error: errorJson(error) });
      }
    }
  }

  /** Ends an import where it is; it says so when it has ended. False where it is over. */
  stop(id: string): boolean {
    const stop = this.#stops.get(id);
    stop?.abort();
    return stop !== undefined;
  }

  /** How far an import is that runs in this process. */
  progress(id: string): ImportProgress | undefined {
    return this.#progress.get(id);
  }

  /** Where an archive's bytes are: where it was, if it still is as it was when it was read, else the copy that was taken in. */
  async placeOf(file: string): Promise<string> {
    const versions = await this.#imports.versionsOf(file);
    if (versions.length === 0)
      throw new AditError('archive-unknown', 'This archive was never imported.', {
        advice: 'Import it: adit import FILE',
      });
    const now = await stat(file).catch(() => undefined);
    if (versions.some((each) => each.sizeBytes === now?.size && each.modifiedMs === now.mtimeMs)) return file;
    for (const { keptAt } of versions) if (keptAt !== undefined && (await isFile(keptAt))) return keptAt;
    throw new AditError('archive-gone', whyGone(file, now, versions[0]!), {
      advice: 'Put it back as it was; or import it again, with --take-in, which keeps a copy.',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#last;
  }

  #enqueue(id: string, request: ImportRequest, sources: readonly ImportSource[]): void {
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const signal = AbortSignal.any([stop.signal, this.#ending.signal]);
    this.#last = this.#last
      .then(() => this.#run(id, request, sources, signal))
      .catch(async (error: unknown) => {
        await this.#imports.setState(id, 'failed', { error: errorJson(error) });
        this.#tell(id, 'failed');
      })
      .catch(() => {}) // the workspace is gone: the next start goes on with it
      .finally(() => {
        this.#stops.delete(id);
        this.#progress.delete(id);
      });
  }

  async #run(
    id: string,
    request: ImportRequest,
    sources: readonly ImportSource[],
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#ending.signal.aborted) return; // waits for the next start
    await this.#imports.setState(id, 'running');
    this.#tell(id, 'running');
    const memory = new StoredMemory(this.#imports, request.takeIn === true ? this.#directory : undefined);
    await memory.open(id, sources);
    const events = importArchives({
      sources,
      workers: request.workers ?? availableParallelism(),
      verify: request.verify === true,
      store: async (batches) => {
        await this.#store.addAll(batches);
        await this.#pages.lookAtStored(batches.flatMap((batch) => batch.pages));
      },
      memory,
      signal,
    });
    let toldMs = -Infinity;
    for await (const event of events) {
      if (event.kind === 'done') {
        await this.#end(id, event.summary);
        continue;
      }
      this.#progress.set(id, event.progress);
      if (performance.now() - toldMs < TOLD_EVERY_MS) continue;
      toldMs = performance.now();
      this.#tell(id, 'running');
    }
  }

  #tell(id: string, state: 'running' | 'done' | 'stopped' | 'failed'): void {
    const { doneBytes = 0, totalBytes = 0, doneFiles = 0, totalFiles = 0 } = this.#progress.get(id) ?? {};
    const how = { doneBytes, totalBytes, doneFiles, totalFiles };
    this.#live.publish({ kind: 'import-progress', import: id, state, ...how });
  }

  async #end(
    id: string,
    { files, records, pages, pairs, problemCount, isPartial }: ImportSummary,
  ): Promise<void> {
    const skippedFiles = files.filter(({ isSkipped }) => isSkipped).length;
    const sums = { records, pages, pairs, problemCount, isPartial };
    const totals: ImportTotals = { files: files.length, skippedFiles, ...sums };
    // one that only ends with its process goes on at the next start
    const isLeft = isPartial && this.#ending.signal.aborted && this.#stops.get(id)?.signal.aborted !== true;
    const state = isLeft ? 'running' : isPartial ? 'stopped' : 'done';
    await this.#imports.setState(id, state, { totals });
    this.#tell(id, state);
  }
}

function whyGone(file: string, now: Stats | undefined, { sizeBytes }: StoredArchive): string {
  if (now === undefined) return `The archive is no longer where it was imported from: ${file}`;
  const how =
    now.size === sizeBytes
      ? `it was written to at ${now.mtime.toISOString()}`
      : `it has ${now.size} bytes, and had ${sizeBytes}`;
  return `The archive was changed since it was imported: ${how}.`;
}

function errorJson(error: unknown): { code: string; message: string } {
  return error instanceof AditError
    ? { code: error.code, message: error.message }
    : { code: 'fault', message: error instanceof Error ? error.message : String(error) };
}
