import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { AditError } from '#model';
import { readList } from './archive-list.ts';
import { isArchiveName } from './archive-name.ts';

/** An archive to be read, or what was named and cannot be. */
export interface ImportSource {
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** Why it cannot be read, in a phrase for the report. */
  readonly fault?: string;
}

/** What is to be imported, as it was asked for. */
export interface SourceRequest {
  /** Archives, and folders of them; a list among them is no list, since who may name some files may not name all. */
  readonly paths: readonly string[];
  /** Files that list archives, one path or address a line; compressed by gzip or not, as Common Crawl publishes them. */
  readonly lists?: readonly string[] | undefined;
  /** Folder that the paths of lists are relative to: where a crawl was mirrored. Default: that of the list. */
  readonly base?: string | undefined;
}

const FAULTS = {
  absent: 'is listed, and not there',
  'no-archive': 'is listed, and no archive',
  'no-file': 'is listed, and no file here',
} as const;

/**
 * The archives that are named, each once and in order of their names inside a folder: files as they are, folders with all
 * below them that is an archive by its name. Links in a folder lead no further than the folder. What a list or folder has that
 * cannot be read is a source with a fault, so that it is missing from no report. Throws `missing-file` where a path does not exist or
 * a list has nothing that does, `bad-list` where one names something else than files, `no-archives` where nothing is left to read.
 */
export async function findSources({ paths, lists = [], base }: SourceRequest): Promise<ImportSource[]> {
  const sources = new Map<string, ImportSource>();
  const add = (source: ImportSource): void => void sources.set(source.file, source);
  for (const path of paths) for (const source of await sourcesAt(path)) add(source);
  for (const list of lists)
    for (const { file, fault } of await readList(list, base)) {
      if (fault !== undefined) add(unreadable(file, FAULTS[fault]));
      else for (const source of await sourcesAt(file)) add(source);
    }
  const found = [...sources.values()];
  if (found.some(({ fault }) => fault === undefined)) return found;
  const [first] = found;
  throw new AditError(
    'no-archives',
    first === undefined
      ? 'Nothing is named that could be imported.'
      : `There is nothing to import: ${first.file}: ${first.fault}.`,
    { advice: 'Name WARC, ARC, WACZ and HAR files, or folders that hold some by these names.' },
  );
}

async function sourcesAt(path: string): Promise<ImportSource[]> {
  const about = await stat(path).catch((cause: unknown) => {
    throw new AditError('missing-file', `${path} cannot be read.`, { advice: 'Check the path.', cause });
  });
  const file = resolve(path);
  if (about.isFile()) return [{ file, sizeBytes: about.size, modifiedMs: about.mtimeMs }];
  // whoever opens a pipe waits for its writer, in a thread that cannot be stopped then
  if (!about.isDirectory()) return [unreadable(file, 'neither a file nor a folder')];
  const sources = await sourcesBelow(file, await realpath(file));
  if (sources.length === 0) return [unreadable(file, 'no archive is in this folder')];
  return sources.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What is below a folder; `root` is where all of it lies that may be read. */
async function sourcesBelow(folder: string, root: string): Promise<ImportSource[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [unreadable(folder, 'this folder cannot be read')];
  const sources: ImportSource[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const source of await sourcesBelow(path, root)) sources.push(source);
    else if (entry.isSymbolicLink()) sources.push(...(await sourcesBehind(path, root)));
    else if (entry.isFile() && isArchiveName(path)) sources.push(await sourceOf(path));
  }
  return sources;
}

/** A link is no source: what it leads to inside the folder is one itself, and what lies elsewhere was not named. */
async function sourcesBehind(link: string, root: string): Promise<ImportSource[]> {
  const real = await realpath(link).catch(() => undefined);
  if (real?.startsWith(`${root}${sep}`) === true) return [];
  const about = await stat(link).catch(() => undefined);
  if (about?.isDirectory() !== true && !isArchiveName(link)) return [];
  return [
    unreadable(
      link,
      about === undefined ? 'this link leads nowhere' : 'a link out of the folder: name what it leads to',
    ),
  ];
}

async function sourceOf(file: string): Promise<ImportSource> {
  const about = await stat(file).catch(() => undefined);
  if (about === undefined) return unreadable(file, 'this file cannot be read');
  return { file, sizeBytes: about.size, modifiedMs: about.mtimeMs };
}

const unreadable = (file: string, fault: string): ImportSource => ({
  file,
  sizeBytes: 0,
  modifiedMs: 0,
  fault,
});
