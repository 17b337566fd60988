/* oxlint-disable unicorn/require-post-message-target-origin -- threads have no origins */
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ArchiveProblem } from '#archive';
import type { FileReport, ImportBatch } from './import-file.ts';
import { PairTable } from './import-pairs.ts';
import { findSources, type ImportSource } from './import-sources.ts';
import { openImportState, type ImportState } from './import-state.ts';
import type { FromWorker, ToWorker } from './import-worker.ts';

export interface ImportOptions {
  /** Archives, and folders of them. */
  readonly paths: readonly string[];
  /** Files that list archives, one path a line. */
  readonly lists?: readonly string[];
  /** Where batches go; resolves when one is durable. A batch with an id that it had before adds nothing. Absent: a dry run. */
  readonly store?: (batch: ImportBatch) => Promise<void>;
  /** File that remembers which archives are stored; without `store` it is neither read nor written. */
  readonly statePath?: string;
  /** Writes all host pairs there. Archives that are stored already are read again for it. */
  readonly pairsTo?: string;
  /** Worker threads; each has one file at a time. */
  readonly workers?: number;
  readonly verify?: boolean;
  /** Ends the import where it is; it can be resumed. */
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly doneFiles: number;
  readonly totalFiles: number;
  readonly pages: number;
  readonly pairs: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | undefined;
}

export interface ImportSummary {
  readonly files: readonly (Omit<FileReport, 'problems'> & { readonly isSkipped: boolean })[];
  readonly records: number;
  readonly pages: number;
  readonly pairs: number;
  /** The first of each file, and what kept a file from being read. */
  readonly problems: readonly ArchiveProblem[];
  readonly problemCount: number;
  /** The signal fired before all was read. */
  readonly isPartial: boolean;
}

export type ImportEvent =
  | { readonly kind: 'progress'; readonly progress: ImportProgress }
  | { readonly kind: 'file'; readonly report: FileReport }
  | { readonly kind: 'done'; readonly summary: ImportSummary };

const MAX_PROBLEMS = 100_000;
const WORKER_HEAP_MB = 400;

/**
 * Reads archives into observations: one file a worker thread, batches stored one after another as they come, a file noted as done when
 * all of it is stored. An import that was killed reads its unfinished files again; batches keep their ids, so nothing
 * counts twice. What is wrong with an archive is in the report, and never ends the import; a fault of `store` does.
 */
export async function* importArchives(options: ImportOptions): AsyncGenerator<ImportEvent> {
  const sources = await findSources(options.paths, options.lists);
  const isStored = options.store !== undefined && options.statePath !== undefined;
  const state = isStored ? await openImportState(options.statePath!) : undefined;
  const run = new ImportRun(options, sources, state);
  yield* run.events();
}

class ImportRun {
  readonly #options: ImportOptions;
  readonly #sources: readonly ImportSource[];
  readonly #state: ImportState | undefined;
  readonly #pairs = new PairTable();
  readonly #files: ImportSummary['files'][number][] = [];
  readonly #problems: ArchiveProblem[] = [];
  #problemCount = 0;
  readonly #startedMs = performance.now();
  /** Bytes, pages and pairs of files that are done, and of those under way by worker. */
  #doneBytes = 0;
  #skippedBytes = 0;
  #doneFiles = 0;
  readonly #underWay = new Map<number, { doneBytes: number; pages: number; pairs: number }>();

  constructor(options: ImportOptions, sources: readonly ImportSource[], state: ImportState | undefined) {
    this.#options = options;
    this.#sources = sources;
    this.#state = state;
  }

  async *events(): AsyncGenerator<ImportEvent> {
    const { signal, workers = 1, pairsTo } = this.#options;
    const queue = this.#sources.filter((source) => !this.#isDone(source));
    const threads = Math.max(1, Math.min(workers, queue.length));
    const streams = Array.from({ length: queue.length === 0 ? 0 : threads }, (_, id) =>
      this.#work(id, queue),
    );
    for await (const event of merge(streams)) yield event;
    const isPartial = signal?.aborted === true && this.#doneFiles < this.#sources.length;
    if (pairsTo !== undefined && !isPartial) await this.#pairs.write(pairsTo);
    yield { kind: 'done', summary: this.#summary(isPartial) };
  }

  #isDone({ file, sizeBytes, modifiedMs }: ImportSource): boolean {
    if (this.#options.pairsTo !== undefined) return false;
    if (this.#state?.has(file, sizeBytes, modifiedMs) !== true) return false;
    this.#doneBytes += sizeBytes;
    this.#skippedBytes += sizeBytes;
    this.#doneFiles++;
    this.#files.push({ ...emptyReport(file, sizeBytes), isSkipped: true });
    return true;
  }

  /** One worker thread, file after file; a thread that dies costs the file that killed it. */
  async *#work(id: number, queue: ImportSource[]): AsyncGenerator<ImportEvent> {
    let worker: Worker | undefined;
    try {
      for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
        if (this.#options.signal?.aborted === true) return;
        worker ??= startWorker();
        const isAlive = yield* this.#readFile(id, worker, source);
        if (!isAlive) worker = undefined;
        yield { kind: 'progress', progress: this.#progress() };
      }
    } finally {
      await worker?.terminate();
    }
  }

  async *#readFile(id: number, worker: Worker, source: ImportSource): AsyncGenerator<ImportEvent, boolean> {
    const { verify = false, signal } = this.#options;
    const ask: ToWorker = { kind: 'file', file: source.file, verify, wants: this.#wants() };
    const messages = messagesOf(worker, signal);
    worker.postMessage(ask);
    try {
      for await (const message of messages) {
        const event = await this.#take(id, worker, source, message);
        if (event !== undefined) yield event;
        if (message.kind === 'file' || message.kind === 'failed') return true;
      }
    } catch (error) {
      if (signal?.aborted === true) return true;
      if (error instanceof WorkerDeath) this.#fail(source, `its reader ended: ${error.message}`);
      else throw error;
    } finally {
      this.#underWay.delete(id);
    }
    return false;
  }

  async #take(
    id: number,
    worker: Worker,
    source: ImportSource,
    message: FromWorker,
  ): Promise<ImportEvent | undefined> {
    const go: ToWorker = { kind: 'go' };
    switch (message.kind) {
      case 'batch':
        await this.#options.store?.(message.batch);
        worker.postMessage(go);
        return undefined;
      case 'pairs':
        this.#pairs.addRows(message.rows);
        worker.postMessage(go);
        return undefined;
      case 'progress':
        this.#underWay.set(id, message);
        return { kind: 'progress', progress: this.#progress() };
      case 'failed':
        this.#fail(source, message.what);
        return undefined;
      case 'file': {
        const { report } = message;
        await this.#state?.add(source.file, source.sizeBytes, source.modifiedMs);
        this.#end(report);
        return { kind: 'file', report };
      }
    }
  }

  #wants(): Extract<ToWorker, { kind: 'file' }>['wants'] {
    const { store, pairsTo } = this.#options;
    if (store !== undefined) return pairsTo === undefined ? 'batches' : 'both';
    return pairsTo === undefined ? 'nothing' : 'pairs';
  }

  #end({ problems, ...report }: FileReport): void {
    this.#files.push({ ...report, isSkipped: false });
    this.#doneBytes += report.sizeBytes;
    this.#doneFiles++;
    this.#problemCount += report.problemCount;
    this.#problems.push(...problems.slice(0, MAX_PROBLEMS - this.#problems.length));
  }

  #fail({ file, sizeBytes }: ImportSource, what: string): void {
    this.#end({ ...emptyReport(file, sizeBytes), problems: [{ file, offset: 0, what }], problemCount: 1 });
  }

  #progress(): ImportProgress {
    const under = [...this.#underWay.values()];
    const sum = (of: (each: { doneBytes: number; pages: number; pairs: number }) => number): number =>
      under.reduce((total, each) => total + of(each), 0);
    const done = this.#files.reduce(
      (total, { pages, pairs }) => ({ pages: total.pages + pages, pairs: total.pairs + pairs }),
      { pages: 0, pairs: 0 },
    );
    const totalBytes = this.#sources.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    const doneBytes = this.#doneBytes + sum((each) => each.doneBytes);
    const seconds = (performance.now() - this.#startedMs) / 1000;
    const bytesPerSecond = (doneBytes - this.#skippedBytes) / Math.max(seconds, 0.001);
    return {
      doneBytes,
      totalBytes,
      doneFiles: this.#doneFiles,
      totalFiles: this.#sources.length,
      pages: done.pages + sum((each) => each.pages),
      pairs: done.pairs + sum((each) => each.pairs),
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? (totalBytes - doneBytes) / bytesPerSecond : undefined,
    };
  }

  #summary(isPartial: boolean): ImportSummary {
    const files = this.#files.sort((a, b) => (a.file < b.file ? -1 : 1));
    const sum = (of: (file: ImportSummary['files'][number]) => number): number =>
      files.reduce((total, file) => total + of(file), 0);
    return {
      files,
      records: sum((file) => file.records),
      pages: sum((file) => file.pages),
      pairs: sum((file) => file.pairs),
      problems: this.#problems,
      problemCount: this.#problemCount,
      isPartial,
    };
  }
}

class WorkerDeath extends Error {}

function startWorker(): Worker {
  return new Worker(new URL('import-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
  });
}

/** The messages of a worker until it dies, which throws `WorkerDeath`, or the signal fires, which throws its reason. */
async function* messagesOf(worker: Worker, signal: AbortSignal | undefined): AsyncGenerator<FromWorker> {
  const ended = new AbortController();
  const watched = AbortSignal.any([ended.signal, ...(signal === undefined ? [] : [signal])]);
  let death: string | undefined;
  const onExit = (): void => {
    death ??= 'it stopped';
    ended.abort();
  };
  const onError = (error: Error): void => {
    death = error.message;
  };
  worker.once('exit', onExit).once('error', onError);
  try {
    for await (const [message] of on(worker, 'message', { signal: watched })) yield message as FromWorker; // sent by import-worker
  } catch (error) {
    throw death === undefined ? error : new WorkerDeath(death);
  } finally {
    worker.off('exit', onExit).off('error', onError);
  }
}

/** Events of several sources as they come. */
async function* merge<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = async (index: number): Promise<{ index: number; result: IteratorResult<T> }> => ({
    index,
    result: await sources[index]!.next(), // an index of this list
  });
  const pending = new Map(sources.map((_, index) => [index, next(index)]));
  try {
    while (pending.size > 0) {
      const { index, result } = await Promise.race(pending.values());
      if (result.done === true) pending.delete(index);
      else {
        pending.set(index, next(index));
        yield result.value;
      }
    }
  } finally {
    await Promise.allSettled(sources.map((source) => source.return(undefined)));
  }
}

function emptyReport(file: string, sizeBytes: number): FileReport {
  return {
    file,
    format: 'warc',
    sizeBytes,
    sha256: '',
    records: 0,
    pages: 0,
    pairs: 0,
    observations: 0,
    problems: [],
    problemCount: 0,
  };
}
