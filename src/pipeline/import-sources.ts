import { open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AditError } from '#model';
import { isHostGraph } from './host-graph.ts';

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
  return ARCHIVE_NAME.test(name) || isHostGraph(name);
}

/** What is to be imported, as it was asked for. */
export interface SourceRequest {
  /** Archives, and folders of them. */
  readonly paths: readonly string[];
  /** Files that list archives, one path a line; compressed by gzip or not, as Common Crawl publishes them. */
  readonly lists?: readonly string[] | undefined;
  /** Folder that the paths of lists are relative to: where a crawl was mirrored. Default: that of the list. */
  readonly base?: string | undefined;
}

/**
 * The archives that are named, each once and in order of their names inside a folder: files as they are, folders with all
 * below them that is an archive by its name. Throws `missing-file` where a path does not exist, `bad-list` where a list
 * names something else than files.
 */
export async function findSources({ paths, lists = [], base }: SourceRequest): Promise<ImportSource[]> {
  const named = [...paths];
  for (const list of lists) named.push(...(await readList(list, base)));
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
    .filter((entry) => entry.isFile() && isArchiveName(join(entry.parentPath, entry.name)))
    .map((entry) => resolve(join(entry.parentPath, entry.name)))
    .sort();
}

async function readList(list: string, base = dirname(list)): Promise<string[]> {
  const { size } = await stat(list).catch(() => ({ size: Infinity }));
  if (size > MAX_LIST_BYTES) {
    throw new AditError('missing-file', `${list} cannot be read as a list.`, {
      advice: 'Give a text file of one path a line.',
    });
  }
  const lines = textOf(await readFile(list))
    .split(/\r?\n/)
    .map((line) => line.trim());
  const remote = lines.find((line) => /^[a-z]+:\/\//i.test(line));
  if (remote !== undefined) {
    throw new AditError('bad-list', `${list} names ${remote.slice(0, 200)}, which is not a file.`, {
      advice: 'Mirror the archives first, list their paths, and name the folder with --base.',
    });
  }
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => resolve(base, line));
}

function textOf(list: Buffer): string {
  const isPacked = list[0] === 0x1f && list[1] === 0x8b;
  try {
    return (isPacked ? gunzipSync(list, { maxOutputLength: MAX_LIST_BYTES }) : list).toString('utf8');
  } catch (cause) {
    throw new AditError('bad-list', 'The list is damaged, or larger than 64 MB.', {
      advice: 'Give a text file of one path a line, gzipped or not.',
      cause,
    });
  }
}
