import { open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AditError } from '#model';

const ARCHIVE_NAME = /\.(?:w?arc(?:\.gz|\.zst|\.open)?|wacz|har(?:\.gz|\.zst)?)$/i;
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/** An archive to be read. */
export interface ImportSource {
  readonly file: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** First bytes: gzip, Zstandard (with or without dictionary), ZIP, WARC, ARC. */
const ARCHIVE_HEAD = /^(?:\x1f\x8b|\x28\xb5\x2f\xfd|.\x2a\x4d\x18|PK\x03\x04|WARC\/|filedesc:)/s;

/** Whether a path is a folder, or an archive by its name or its first bytes. False where it cannot be read. */
export async function isArchive(path: string): Promise<boolean> {
  if (isArchiveName(path)) return true;
  try {
    if ((await stat(path)).isDirectory()) return true;
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return ARCHIVE_HEAD.test(buffer.toString('latin1', 0, bytesRead));
  } catch {
    return false;
  }
}

function isArchiveName(name: string): boolean {
  return ARCHIVE_NAME.test(name);
}

/**
 * The archives that the paths name, each once and in order of their names inside a folder: files as they are, folders with all
 * below them that is an archive by its name. `lists` are files of one path a line, relative to the list. Throws
 * `missing-file` where a path does not exist.
 */
export async function findSources(
  paths: readonly string[],
  lists: readonly string[] = [],
): Promise<ImportSource[]> {
  const named = [...paths];
  for (const list of lists) named.push(...(await readList(list)));
  const sources = new Map<string, ImportSource>();
  for (const path of named) {
    for (const file of await filesAt(path)) {
      const { size, mtimeMs } = await stat(file);
      sources.set(file, { file, sizeBytes: size, modifiedMs: mtimeMs });
    }
  }
  return [...sources.values()];
}

async function filesAt(path: string): Promise<string[]> {
  const about = await stat(path).catch((cause: unknown) => {
    throw new AditError('missing-file', `${path} cannot be read.`, { advice: 'Check the path.', cause });
  });
  if (!about.isDirectory()) return [resolve(path)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && isArchiveName(entry.name))
    .map((entry) => resolve(join(entry.parentPath, entry.name)))
    .sort();
}

async function readList(list: string): Promise<string[]> {
  const { size } = await stat(list).catch(() => ({ size: Infinity }));
  if (size > MAX_LIST_BYTES) {
    throw new AditError('missing-file', `${list} cannot be read as a list.`, {
      advice: 'Give a text file of one path a line.',
    });
  }
  const lines = (await readFile(list, 'utf8')).split(/\r?\n/).map((line) => line.trim());
  const remote = lines.find((line) => /^[a-z]+:\/\//i.test(line));
  if (remote !== undefined) {
    throw new AditError('bad-list', `${list} names ${remote.slice(0, 200)}, which is not a file.`, {
      advice: 'Download the archives first and list their paths.',
    });
  }
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => resolve(dirname(list), line));
}
