import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import {
  BlockRoom,
  ForeignRevisits,
  formatOf,
  PageGrouper,
  readArchive,
  toArchivedPage,
  type ArchivedExchange,
  type ArchivedPage,
  type ArchiveFormat,
  type ArchiveProblem,
  type ExchangeGroup,
} from '#archive';
import { extractArchived, openCore, type ExtractionCore } from '#extract';
import type { Evidence, Observation } from '#model';
import { keepSignature, type PageProfile } from '#similar';
import type { SeenPage } from '#store';
import { isHostGraph, readHostGraph } from './host-graph.ts';
import { readCapture } from './keep-capture.ts';

/** What an archive held. */
export interface FileReport {
  readonly file: string;
  /** Undefined of a file that could not be read. */
  readonly format: ArchiveFormat | 'host-graph' | undefined;
  readonly sizeBytes: number;
  /** SHA-256 of the file. */
  readonly sha256: string;
  /** WARC and ARC records, HAR entries; of a bundle, exchanges. */
  readonly records: number;
  readonly pages: number;
  /** Host pairs, each once a page. */
  readonly pairs: number;
  readonly observations: number;
  /** Revisits whose originals do not stand in this file; `importRevisits` reads them. */
  readonly foreignRevisits: number;
  /** The first of them; all are counted. */
  readonly problems: readonly ArchiveProblem[];
  readonly problemCount: number;
}

/** Observations that belong together: the same archive gives the same batches under the same ids. */
export interface ImportBatch {
  readonly id: string;
  readonly observations: readonly Observation[];
  /** Signatures of the pages, by which copies are found. */
  readonly pages: readonly SeenPage[];
}

export type FileEvent =
  | { readonly kind: 'batch'; readonly batch: ImportBatch }
  | { readonly kind: 'progress'; readonly doneBytes: number; readonly pages: number; readonly pairs: number }
  | { readonly kind: 'file'; readonly report: FileReport };

type AddEvent = Exclude<FileEvent, { readonly kind: 'file' }>;

const BATCH_OBSERVATIONS = 20_000;
/** Pages that show little still have a signature each. */
const BATCH_PAGES = 2_000;
const PROGRESS_MS = 250;
const MAX_PROBLEMS = 1_000;
/** Twice what is read of a page: bodies that decode to more are told as they are stored. */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;
/** As much of a page as is worth reading in bulk; Common Crawl itself keeps 1 MiB of each. */
const TEXT_BYTES = 8 * 1024 * 1024;

export interface ImportFileOptions {
  readonly verify?: boolean;
  /** Reads the pages' scripts for what they would reach, too; default: it does not, since that takes several times as long as all else. */
  readonly readsScripts?: boolean;
}

/** One a thread. */
let core: ExtractionCore | undefined;
const room = new BlockRoom();

/**
 * Reads one archive and derives its observations, page by page. Batches end at places that depend on the archive alone; their ids
 * are its digest and the place of the first page in it, so what was stored before is known again. Throws where the file cannot be read.
 */
export async function* importFile(file: string, options: ImportFileOptions = {}): AsyncGenerator<FileEvent> {
  const { size: sizeBytes } = statSync(file);
  const sha256 = digestOf(file);
  const run = new FileRun(file, sizeBytes, sha256, options.readsScripts === true);
  if (isHostGraph(file)) {
    yield* run.addHostGraph();
    yield { kind: 'file', report: run.report('host-graph') };
    return;
  }
  const format = formatOf(file, room);
  if (format === 'bundle') yield* run.addBundle();
  else yield* run.addArchive(format, options.verify === true);
  yield { kind: 'file', report: run.report(format) };
}

/** What `importRevisits` found in one file. */
export type RevisitReport = Pick<
  FileReport,
  'file' | 'pages' | 'pairs' | 'observations' | 'problems' | 'problemCount'
>;

export type RevisitEvent =
  | Exclude<FileEvent, { readonly kind: 'file' }>
  | { readonly kind: 'revisits'; readonly report: RevisitReport };

/**
 * Reads the revisits that `importFile` put off, with their bodies from the other files of the set. Their batches have ids of
 * their own; an event a file of `pending`, in its order.
 */
export function* importRevisits(
  pending: readonly { readonly file: string; readonly sizeBytes: number; readonly sha256: string }[],
  set: readonly string[],
): Generator<RevisitEvent> {
  using revisits = new ForeignRevisits();
  for (const { file } of pending) revisits.want(file);
  for (const file of set) revisits.search(file);
  for (const { file, sizeBytes, sha256 } of pending) {
    const run = new FileRun(file, sizeBytes, `${sha256} revisits`, false);
    yield* run.addExchanges(revisits.read(file, (problem) => run.addProblem(problem)));
    const { pages, pairs, observations, problems, problemCount } = run.report('warc');
    yield { kind: 'revisits', report: { file, pages, pairs, observations, problems, problemCount } };
  }
}

class FileRun {
  readonly #file: string;
  readonly #sizeBytes: number;
  readonly #sha256: string;
  readonly #problems: ArchiveProblem[] = [];
  #problemCount = 0;
  #records = 0;
  #pages = 0;
  #pairs = 0;
  #observations = 0;
  #foreignRevisits = 0;
  #doneBytes = 0;
  #toldAt = performance.now();
  /** Of the batch at hand, page by page; joined when it ends. */
  #batch: (readonly Observation[])[] = [];
  #batchSize = 0;
  #signed: SeenPage[] = [];
  #batchPlace = '';

  readonly #readsScripts: boolean;

  constructor(file: string, sizeBytes: number, sha256: string, readsScripts: boolean) {
    this.#readsScripts = readsScripts;
    this.#file = file;
    this.#sizeBytes = sizeBytes;
    this.#sha256 = sha256;
  }

  addArchive(format: ArchiveFormat, verify: boolean): Generator<AddEvent> {
    const exchanges = readArchive(this.#file, {
      format,
      verify,
      room,
      onProblem: (problem) => this.addProblem(problem),
      findForeign: () => {
        this.#foreignRevisits++;
        return 'later';
      },
      onRecord: (at) => {
        this.#records++;
        this.#doneBytes = Math.min(this.#sizeBytes, Math.max(this.#doneBytes, at));
      },
    });
    return this.addExchanges(exchanges);
  }

  *addExchanges(exchanges: Iterable<ArchivedExchange>): Generator<AddEvent> {
    const grouper = new PageGrouper();
    for (const exchange of exchanges) yield* this.#addGroups(grouper.push(exchange));
    yield* this.#addGroups(grouper.end());
    yield* this.#endBatch();
  }

  /** A capture of our own, with all that DevTools told. */
  async *addBundle(): AsyncGenerator<AddEvent> {
    const { capture, observations, page } = await readCapture(this.#file);
    this.#records = capture.exchanges.length;
    this.#pages = 1;
    this.#add(observations);
    if (page !== undefined) this.#signed.push(seenPage(page, capture.startedAt));
    this.#batchPlace = '0';
    yield* this.#endBatch();
  }

  /** Coarse pairs of a web graph; its records are its edges. */
  async *addHostGraph(): AsyncGenerator<AddEvent> {
    const addProblem = (offset: number, what: string): void =>
      this.addProblem({ file: this.#file, offset, what });
    for await (const pairs of readHostGraph(this.#file, addProblem)) {
      this.#batchPlace = `edge ${this.#records}`;
      this.#add(pairs);
      yield* this.#endBatch();
      this.#records += pairs.length;
    }
  }

  report(format: FileReport['format']): FileReport {
    return {
      file: this.#file,
      format,
      sizeBytes: this.#sizeBytes,
      sha256: this.#sha256,
      records: this.#records,
      pages: this.#pages,
      pairs: this.#pairs,
      observations: this.#observations,
      foreignRevisits: this.#foreignRevisits,
      problems: this.#problems,
      problemCount: this.#problemCount,
    };
  }

  *#addGroups(groups: readonly ExchangeGroup[]): Generator<AddEvent> {
    for (const group of groups) {
      const page = toArchivedPage(group, MAX_DECODED_BYTES);
      if (page.isPage) this.#pages++;
      this.#addPage(page);
      for (const { response } of group.exchanges) if (response !== undefined) room.giveBack(response.body);
      if (this.#batchSize >= BATCH_OBSERVATIONS || this.#signed.length >= BATCH_PAGES)
        yield* this.#endBatch();
      if (performance.now() - this.#toldAt > PROGRESS_MS) {
        this.#toldAt = performance.now();
        yield { kind: 'progress', doneBytes: this.#doneBytes, pages: this.#pages, pairs: this.#pairs };
      }
    }
  }

  #addPage(page: ArchivedPage): void {
    if (core === undefined) {
      core = openCore();
      core.isSketching = true;
    }
    const { observations, limits, profile } = extractArchived(
      page.reader,
      { textBytes: TEXT_BYTES },
      { core, readsScripts: this.#readsScripts, placeOf: (evidence) => placeOf(evidence, page) },
    );
    const first = page.places[0]!; // a group has at least one exchange
    for (const { limit, detail } of limits) {
      this.addProblem({ file: first.file, offset: first.offset, what: `limit ${limit}: ${detail ?? ''}` });
    }
    if (this.#batchSize === 0 && this.#signed.length === 0)
      this.#batchPlace = `${first.file.slice(this.#file.length)} ${first.offset} ${first.innerOffset ?? 0}`;
    this.#add(observations);
    if (profile !== undefined) this.#signed.push(seenPage(profile, page.reader.capture.startedAt));
  }

  #add(observations: readonly Observation[]): void {
    if (observations.length > 0) this.#batch.push(observations);
    this.#batchSize += observations.length;
    this.#observations += observations.length;
    for (const { dataset } of observations) if (dataset === 'host-pairs') this.#pairs++;
  }

  *#endBatch(): Generator<AddEvent> {
    if (this.#batchSize === 0 && this.#signed.length === 0) return;
    const id = `archive ${this.#sha256} ${this.#batchPlace.trim()}`;
    const batch = { id, observations: ([] as Observation[]).concat(...this.#batch), pages: this.#signed };
    this.#batch = [];
    this.#batchSize = 0;
    this.#signed = [];
    yield { kind: 'batch', batch };
  }

  addProblem(problem: ArchiveProblem): void {
    this.#problemCount++;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
  }
}

const seenPage = (page: PageProfile, seenAt: string): SeenPage => ({
  ...keepSignature(page),
  url: page.url,
  seenAt,
});

/** The record that shows it: of a request its own, where it has one. */
function placeOf(evidence: Evidence, { places, requestPlaces }: ArchivedPage): Evidence['archive'] {
  return (evidence.isRequest === true ? requestPlaces : places)[evidence.exchange ?? 0];
}

/** One a thread: a buffer a file would have the collector clear a gigabyte after a thousand small files. */
const piece = Buffer.alloc(1024 * 1024);

/** SHA-256 of a file, read piece by piece into one buffer; at one go, since that buffer is everyone's. */
function digestOf(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const length = readSync(file, piece);
      if (length === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}
