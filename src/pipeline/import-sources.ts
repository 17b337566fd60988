import { open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gunzipSync } from 'node:zlib';
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

const URL_START = /^[a-z][a-z0-9+.-]+:\/\//i;
/** As much of a file as tells whether it is a list. */
const LIST_HEAD_BYTES = 4096;

/** Whether a path is a folder, an archive by its name or its first bytes, or a list of archives. False where it cannot be read. */
export async function isArchive(path: string): Promise<boolean> {
  if (isArchiveName(path)) return true;
  try {
    if ((await stat(path)).isDirectory()) return true;
    const head = await headOf(path);
    return ARCHIVE_HEAD.test(head.toString('latin1', 0, 16)) || isListHead(head);
  } catch {
    return false;
  }
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LIST_HEAD_BYTES), 0, LIST_HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

/** A list of archives: its first line is an address or the name of one. */
function isListHead(head: Buffer): boolean {
  try {
    const isPacked = head[0] === 0x1f && head[1] === 0x8b;
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_LIST_BYTES };
    const first = linesOf((isPacked ? gunzipSync(head, options) : head).toString('utf8'))[0] ?? '';
    return /^\S+$/.test(first) && (URL_START.test(first) || isArchiveName(first));
  } catch {
    return false;
  }
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

function isArchiveName(name: string): boolean {
  return ARCHIVE_NAME.test(name) || isHostGraph(name);
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

/** Whether a file is a list of archives, by how it begins. */
export async function isArchiveList(path: string): Promise<boolean> {
  if (isArchiveName(path)) return false;
  const isFile = await stat(path).then(
    (about) => about.isFile(),
    () => false,
  );
  return isFile && isListHead(await headOf(path));
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

async function readList(list: string, base: string | undefined): Promise<string[]> {
  const { size } = await stat(list).catch(() => ({ size: Infinity }));
  if (size > MAX_LIST_BYTES) {
    throw new AditError('missing-file', `${list} cannot be read as a list.`, {
      advice: 'Give a text file of one path a line.',
    });
  }
  const paths: string[] = [];
  for (const line of linesOf(textOf(await readFile(list)))) {
    const path = URL_START.test(line)
      ? await mirrorOf(line, list, base)
      : resolve(base ?? dirname(list), line);
    if (!(await isThere(path))) {
      throw new AditError('missing-file', `${path}, which ${list} names, cannot be read.`, {
        advice: 'Mirror it there, or name the folder of the mirror with --base.',
      });
    }
    paths.push(path);
  }
  return paths;
}

/** Where a mirrored archive lies: below the folder under the path of its address, or as `wget --recursive` has it under its host, too. */
async function mirrorOf(address: string, list: string, base: string | undefined): Promise<string> {
  const url = URL.parse(address);
  if (url === null || !isArchiveName(url.pathname)) {
    throw new AditError('bad-list', `${list} names ${address.slice(0, 200)}, which is not an archive.`, {
      advice: 'List WARC, ARC, WACZ and HAR files; pages are visited with: adit capture URL…',
    });
  }
  if (url.protocol === 'file:' && isLocal(url)) return fileURLToPath(url);
  if (base === undefined) {
    throw new AditError('bad-list', `${list} names ${address.slice(0, 200)}, which is not a file.`, {
      advice: 'Download the archives first, and name the folder that they are in with --base.',
    });
  }
  const underHost = resolve(base, url.host, `.${url.pathname}`);
  return (await isThere(underHost)) ? underHost : resolve(base, `.${url.pathname}`);
}

/** Whether it names a file of this machine: no other host, no escaped slash. */
const isLocal = ({ host, pathname }: URL): boolean => host === '' && !/%2f/i.test(pathname);

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

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
