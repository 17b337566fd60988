/* oxlint-disable unicorn/require-post-message-target-origin -- threads have no origins */
import type { Worker } from 'node:worker_threads';
import type { ArchiveProblem } from '#archive';
import { BatchCollector } from './batch-collector.ts';
import type { FileReport, ImportBatch, RevisitReport } from './import-file.ts';
import { PairTable } from './import-pairs.ts';
import type { ImportSource } from './import-sources.ts';
import { messagesOf, startWorker, WorkerDeath } from './import-thread.ts';
import type { FromWorker, ToWorker, Wants } from './import-worker.ts';

export interface ImportOptions {
  readonly sources: readonly ImportSource[];
  /** Where batches go; resolves when they are durable. A batch with an id that it had before adds nothing. Absent: a dry run. */
  readonly store?: (batches: readonly ImportBatch[]) => Promise<void>;
  /** What earlier imports stored; without `store` it is neither asked nor told. */
  readonly memory?: ImportMemory;
  /** Writes all host pairs there. Archives that are stored already are read again for it. */
  readonly pairsTo?: string;
  /** Worker threads; each has one file at a time. */
  readonly workers?: number;
  readonly verify?: boolean;
  /** Ends the import where it is; it can be resumed. */
  readonly signal?: AbortSignal;
}

/** What is remembered of archives over imports. */
export interface ImportMemory {
  /** What is known of an archive as it is now; undefined where it was never read to its end. */
  known(source: ImportSource): KnownArchive | undefined;
  /** Notes that all of an archive is stored, or all but its revisits. */
  finish(source: ImportSource, report: FileReport, isDone: boolean): Promise<void>;
  /** Notes what kept an archive from being read to its end; it stays unknown, and is read again another time. */
  fail(source: ImportSource, report: FileReport): Promise<void>;
}

export interface KnownArchive {
  /** False: its revisits are still to be read. */
  readonly isDone: boolean;
  readonly report: FileReport | undefined;
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
  /** In the order in which they were named. `isSkipped`: stored before, and not counted here. */
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
  | { readonly kind: 'done'; readonly summary: ImportSummary };

/** Problems that are kept of all files together; beyond them the first of each file is. */
const MAX_PROBLEMS = 100_000;
/** Files that are read and wait for the store. */
const MAX_ENDING = 200;

/**
 * Reads archives into observations: one file a worker thread, batches stored as they come, a file noted as done when all of it
 * is stored. An import that was killed reads its unfinished files again; batches keep their ids, so nothing counts twice.
 * Revisits of other files' records come last, when all files are known. What is wrong with an archive is in the report,
 * and never ends the import; a fault of `store` does.
 */
export function importArchives(options: ImportOptions): AsyncGenerator<ImportEvent> {
  return new ImportRun(options).events();
}

interface FileState {
  readonly source: ImportSource;
  readonly report: FileReport;
  readonly isSkipped: boolean;
}

class ImportRun {
  readonly #options: ImportOptions;
  readonly #pairs = new PairTable();
  readonly #collector: BatchCollector | undefined;
  readonly #files = new Map<string, FileState>();
  /** Files that wait for the store. */
  readonly #ending = new Set<Promise<void>>();
  #fault: { readonly error: unknown } | undefined;
  readonly #startedMs = performance.now();
  readonly #totalBytes: number;
  #doneBytes = 0;
  #skippedBytes = 0;
  #keptProblems = 0;
  #pages = 0;
  #pairCount = 0;
  /** Bytes, pages and pairs of what is under way, by worker. */
  readonly #underWay = new Map<number, { doneBytes: number; pages: number; pairs: number }>();

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#totalBytes = options.sources.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    if (options.store !== undefined) this.#collector = new BatchCollector(options.store);
  }

  async *events(): AsyncGenerator<ImportEvent> {
    const { sources, signal, workers = 1, pairsTo } = this.#options;
    const queue = sources.filter((source) => !this.#isKnown(source));
    const threads = Math.max(1, Math.min(workers, queue.length));
    const streams = Array.from({ length: queue.length === 0 ? 0 : threads }, (_, id) =>
      this.#work(id, queue),
    );
    yield* merge(streams);
    await this.#settle();
    if (signal?.aborted !== true) yield* this.#readRevisits();
    await this.#settle();
    const isOver = sources.every(({ file }) => this.#isOver(file));
    const isPartial = signal?.aborted === true && !isOver;
    if (pairsTo !== undefined && !isPartial) await this.#pairs.write(pairsTo);
    yield { kind: 'progress', progress: this.#progress() };
    yield { kind: 'done', summary: this.#summary(isPartial) };
  }

  /** Read to its end, with its revisits. */
  #isOver(file: string): boolean {
    const state = this.#files.get(file);
    return state !== undefined && state.report.foreignRevisits === 0;
  }

  /** Whether there are records in it that revisits of others may refer to; false of what could not be read. */
  #holdsRecords(file: string): boolean {
    const format = this.#files.get(file)?.report.format;
    return format !== undefined && format !== 'har' && format !== 'host-graph';
  }

  #isKnown(source: ImportSource): boolean {
    const { memory, store, pairsTo } = this.#options;
    if (source.fault !== undefined || pairsTo !== undefined || store === undefined) return false;
    const known = memory?.known(source);
    if (known === undefined) return false;
    this.#skippedBytes += source.sizeBytes;
    const report = known.report ?? emptyReport(source.file, source.sizeBytes);
    const kept = known.isDone ? { ...report, foreignRevisits: 0 } : report;
    this.#end(source, kept, known.isDone);
    return true;
  }

  /** One worker thread, file after file; a thread that dies costs the file that killed it. */
  async *#work(id: number, queue: ImportSource[]): AsyncGenerator<ImportEvent> {
    let worker: Worker | undefined;
    const { verify = false, signal } = this.#options;
    try {
      for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
        if (signal?.aborted === true) return;
        if (source.fault !== undefined) {
          await this.#fail(source, source.fault);
          continue;
        }
        worker ??= startWorker();
        const ask: ToWorker = { kind: 'file', file: source.file, verify, wants: this.#wants() };
        const failure = yield* this.#run(id, worker, ask, [source]);
        if (failure !== undefined) await this.#fail(source, failure.what);
        if (failure?.isDead === true) worker = undefined;
        yield { kind: 'progress', progress: this.#progress() };
      }
    } finally {
      await worker?.terminate();
    }
  }

  /** The revisits whose originals stand in other files of the set. */
  async *#readRevisits(): AsyncGenerator<ImportEvent> {
    const waiting = this.#options.sources.filter(({ file }) => !this.#isOver(file));
    const pending = waiting.flatMap((source) => {
      const report = this.#files.get(source.file)?.report;
      return report === undefined ? [] : [{ source, sha256: report.sha256 }];
    });
    if (pending.length === 0) return;
    const worker = startWorker();
    const sources = pending.map(({ source }) => source);
    const ask: ToWorker = {
      kind: 'revisits',
      pending: pending.map(({ source: { file, sizeBytes }, sha256 }) => ({ file, sizeBytes, sha256 })),
      set: this.#options.sources.flatMap(({ file }) => (this.#holdsRecords(file) ? [file] : [])),
      wants: this.#wants(),
    };
    try {
      const failure = yield* this.#run(0, worker, ask, sources);
      if (failure !== undefined)
        for (const source of sources) if (!this.#isOver(source.file)) await this.#fail(source, failure.what);
    } finally {
      await worker.terminate();
    }
  }

  /** Lets a worker do one thing. Gives why it did not. */
  async *#run(
    id: number,
    worker: Worker,
    ask: ToWorker,
    sources: readonly ImportSource[],
  ): AsyncGenerator<ImportEvent, { what: string; isDead: boolean } | undefined> {
    const { signal } = this.#options;
    const messages = messagesOf(worker, signal);
    const batches: Promise<void>[] = [];
    worker.postMessage(ask);
    try {
      for await (const message of messages) {
        if (message.kind === 'end') return undefined;
        if (message.kind === 'failed') return { what: message.what, isDead: false };
        const event = await this.#take(id, worker, message, sources, batches);
        if (event !== undefined) yield event;
      }
    } catch (error) {
      if (signal?.aborted === true) return undefined;
      if (!(error instanceof WorkerDeath)) throw error;
      return { what: `its reader ended: ${error.message}`, isDead: true };
    } finally {
      this.#underWay.delete(id);
    }
    return undefined;
  }

  async #take(
    id: number,
    worker: Worker,
    message: Exclude<FromWorker, { kind: 'end' | 'failed' }>,
    sources: readonly ImportSource[],
    batches: Promise<void>[],
  ): Promise<ImportEvent | undefined> {
    if (this.#fault !== undefined) throw this.#fault.error;
    const go: ToWorker = { kind: 'go' };
    switch (message.kind) {
      case 'batch': {
        const stored = this.#collector?.add(message.batch);
        if (stored !== undefined) {
          stored.catch(() => {}); // told where the file ends
          batches.push(stored);
          if (this.#collector?.isFull === true) await stored;
        }
        worker.postMessage(go);
        return undefined;
      }
      case 'pairs':
        this.#pairs.addRows(message.rows);
        worker.postMessage(go);
        return undefined;
      case 'progress':
        this.#underWay.set(id, message);
        return { kind: 'progress', progress: this.#progress() };
      case 'file':
        await this.#finish(sources[0]!, this.#withFewer(message.report), batches.splice(0)); // asked for one file
        return undefined;
      case 'revisits': {
        const source = sources.find(({ file }) => file === message.report.file)!; // as asked
        await this.#finish(source, this.#withRevisits(message.report), batches.splice(0));
        return undefined;
      }
    }
  }

  /** Ten thousand files of a thousand problems each would fill the memory. */
  #withFewer<Report extends Pick<FileReport, 'problems'>>(report: Report): Report {
    const problems = report.problems.slice(0, Math.max(1, MAX_PROBLEMS - this.#keptProblems));
    this.#keptProblems += problems.length;
    return { ...report, problems };
  }

  #withRevisits(found: RevisitReport): FileReport {
    const more = this.#withFewer(found);
    const { report } = this.#files.get(more.file)!; // it was read before its revisits
    return {
      ...report,
      foreignRevisits: 0,
      pages: report.pages + more.pages,
      pairs: report.pairs + more.pairs,
      observations: report.observations + more.observations,
      problems: [...report.problems, ...more.problems],
      problemCount: report.problemCount + more.problemCount,
    };
  }

  /** Once its batches are stored, the file is; the next one is read meanwhile. */
  async #finish(source: ImportSource, report: FileReport, batches: readonly Promise<void>[]): Promise<void> {
    const { memory, store } = this.#options;
    const end = async (): Promise<void> => {
      await Promise.all(batches);
      if (store !== undefined) await memory?.finish(source, report, report.foreignRevisits === 0);
      this.#end(source, report, false);
    };
    const ending = end()
      .catch((error: unknown) => {
        this.#fault ??= { error };
      })
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    if (this.#ending.size >= MAX_ENDING) await Promise.race(this.#ending);
  }

  async #settle(): Promise<void> {
    await this.#collector?.idle();
    await Promise.all(this.#ending);
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  #wants(): Wants {
    const { store, pairsTo } = this.#options;
    if (store !== undefined) return pairsTo === undefined ? 'batches' : 'both';
    return pairsTo === undefined ? 'nothing' : 'pairs';
  }

  #end(source: ImportSource, report: FileReport, isSkipped: boolean): void {
    const before = this.#files.get(source.file);
    if (before === undefined) this.#doneBytes += source.sizeBytes;
    this.#files.set(source.file, { source, report, isSkipped });
    if (isSkipped) return;
    this.#pages += report.pages - (before?.report.pages ?? 0);
    this.#pairCount += report.pairs - (before?.report.pairs ?? 0);
  }

  async #fail(source: ImportSource, what: string): Promise<void> {
    const { file, sizeBytes } = source;
    const { memory, store } = this.#options;
    const before = this.#files.get(file)?.report ?? emptyReport(file, sizeBytes);
    const problems = [...before.problems, { file, offset: 0, what }];
    const report = { ...before, problems, problemCount: before.problemCount + 1 };
    if (store !== undefined) await memory?.fail(source, report);
    this.#end(source, report, false);
  }

  #progress(): ImportProgress {
    const under = { doneBytes: 0, pages: 0, pairs: 0 };
    for (const each of this.#underWay.values()) {
      under.doneBytes += each.doneBytes;
      under.pages += each.pages;
      under.pairs += each.pairs;
    }
    const doneBytes = Math.min(this.#totalBytes, this.#doneBytes + under.doneBytes);
    const seconds = (performance.now() - this.#startedMs) / 1000;
    const bytesPerSecond = (doneBytes - this.#skippedBytes) / Math.max(seconds, 0.001);
    return {
      doneBytes,
      totalBytes: this.#totalBytes,
      doneFiles: this.#files.size,
      totalFiles: this.#options.sources.length,
      pages: this.#pages + under.pages,
      pairs: this.#pairCount + under.pairs,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? (this.#totalBytes - doneBytes) / bytesPerSecond : undefined,
    };
  }

  #summary(isPartial: boolean): ImportSummary {
    const states = this.#options.sources.flatMap(({ file }) => this.#files.get(file) ?? []);
    return toSummary(
      states.map(({ report, isSkipped }) => ({ ...report, isSkipped })),
      isPartial,
    );
  }
}

/** Sums of the files that were read now. */
function toSummary(
  files: readonly (FileReport & { readonly isSkipped: boolean })[],
  isPartial: boolean,
): ImportSummary {
  const read = files.filter(({ isSkipped }) => !isSkipped);
  const sum = (of: (file: FileReport) => number): number => read.reduce((total, file) => total + of(file), 0);
  return {
    files: files.map(({ problems: _problems, ...file }) => file),
    records: sum((file) => file.records),
    pages: sum((file) => file.pages),
    pairs: sum((file) => file.pairs),
    problems: read.flatMap(({ problems }) => problems).slice(0, MAX_PROBLEMS),
    problemCount: sum((file) => file.problemCount),
    isPartial,
  };
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

/** Of a file that was not read, or nothing is known of what it held. */
function emptyReport(file: string, sizeBytes: number): FileReport {
  return {
    file,
    format: undefined,
    sizeBytes,
    sha256: '',
    records: 0,
    pages: 0,
    pairs: 0,
    observations: 0,
    foreignRevisits: 0,
    problems: [],
    problemCount: 0,
  };
}
