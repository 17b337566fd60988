import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AditError } from '#model';
import type { Workspace } from '#store';
import type { ImportMemory, KnownArchive } from './import-archives.ts';
import type { FileReport } from './import-file.ts';
import type { ImportSource } from './import-sources.ts';

type NotedFile = Parameters<Workspace['imports']['finishFiles']>[0][number];

/** Most files noted in one statement. */
const MAX_NOTED = 200;

/** The archives that the workspace knows; notes of several files that end together are one statement. */
export class StoredMemory implements ImportMemory {
  readonly #imports: Workspace['imports'];
  /** Where archives are taken in; undefined where they stay where they are. */
  readonly #directory: string | undefined;
  readonly #known = new Map<string, KnownArchive>();
  #waiting: {
    row: NotedFile;
    done: PromiseWithResolvers<void>;
  }[] = [];
  #isBusy = false;

  constructor(imports: Workspace['imports'], directory: string | undefined) {
    this.#imports = imports;
    this.#directory = directory;
  }

  async open(id: string, sources: readonly ImportSource[]): Promise<void> {
    for (const archive of await this.#imports.addFiles(id, sources)) {
      if (this.#directory !== undefined && archive.keptAt === undefined) continue; // to be taken in
      this.#known.set(archive.file, {
        isDone: archive.isDone,
        // as finish wrote it
        report: archive.report as FileReport | undefined,
      });
    }
  }

  known({ file }: ImportSource): KnownArchive | undefined {
    return this.#known.get(file);
  }

  async finish(source: ImportSource, report: FileReport, isDone: boolean): Promise<void> {
    const keptAt =
      this.#directory === undefined ? undefined : await takeIn(source.file, report.sha256, this.#directory);
    await this.#note({ ...source, sha256: report.sha256, keptAt, report, isDone });
  }

  async fail(source: ImportSource, report: FileReport): Promise<void> {
    await this.#note({ ...source, sha256: report.sha256 || undefined, report, isDone: false });
  }

  async #note(row: NotedFile): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ row, done });
    if (!this.#isBusy) void this.#work();
    await done.promise;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting.length > 0) {
      const going = this.#waiting.splice(0, MAX_NOTED);
      try {
        await this.#imports.finishFiles(going.map(({ row }) => row));
        for (const { done } of going) done.resolve();
      } catch (error) {
        for (const { done } of going) done.reject(error);
      }
    }
    this.#isBusy = false;
  }
}

/** Copies an archive into the data directory under the name of its digest; gives where it lies. What is there already stays. */
async function takeIn(file: string, sha256: string, directory: string): Promise<string> {
  const name = /\.(?:warc|arc|har)\.(?:gz|zst)$/i.exec(file)?.[0] ?? extname(file);
  const place = join(
    directory,
    'archives',
    sha256.slice(0, 2),
    `${sha256}${/^[\w.]{0,12}$/.test(name) ? name : ''}`,
  );
  if (await isFile(place)) return place;
  const folder = dirname(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${randomUUID()}.part`);
  try {
    const hash = createHash('sha256');
    const watched = async function* (pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
      }
    };
    await pipeline(createReadStream(file), watched, createWriteStream(draft, { mode: 0o600, flush: true }));
    if (hash.digest('hex') !== sha256)
      throw new AditError('archive-changed', `${file} was changed while it was read.`, {
        advice: 'Import it again when nothing writes to it.',
      });
    await rename(draft, place);
    await sync(folder);
  } finally {
    await rm(draft, { force: true });
  }
  return place;
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (about) => about.isFile(),
    () => false,
  );
}
