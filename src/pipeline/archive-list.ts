import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gunzipSync } from 'node:zlib';
import { AditError } from '#model';
import { isArchiveName } from './archive-name.ts';

const MAX_LIST_BYTES = 64 * 1024 * 1024;
/** Longest path of a file that there may be. */
const MAX_LINE = 4096;
/** What archives and other files begin with that are given as lists by mistake. */
const NO_PATH = /^WARC\/\d|[\0-\x08\x0e-\x1f\ufffd]/;
const URL_START = /^[a-z][a-z0-9+.-]+:\/\//i;
/** Common Crawl's metadata and plain text: listed as its WARC files are, but without the exchanges. */
const DERIVED = /\.warc\.(?:wat|wet)(?:\.gz)?$/i;

/** A line of a list: a file, or why there is none to be read. */
export type ListEntry =
  | { readonly file: string; readonly fault?: undefined }
  | { readonly file: string; readonly fault: 'absent' | 'no-archive' | 'no-file' };

/** Whether a file is a list of archives, by its first bytes: its first line is an address or the name of an archive. */
export function isListHead(head: Buffer): boolean {
  try {
    const first = linesOf(unpacked(head, constants.Z_SYNC_FLUSH).toString('utf8'))[0] ?? '';
    return /^\S+$/.test(first) && (URL_START.test(first) || isArchiveName(first) || DERIVED.test(first));
  } catch {
    return false;
  }
}

/**
 * The files that a list names, one path or address a line, gzipped or not; empty lines and those that begin with `#` name none.
 * Paths are relative to `base`, else to the list's folder. Of an address the file is meant that was downloaded from it to below
 * `base`. What is not there is said of its line; throws `bad-list` or `missing-file` where that is so of all lines.
 */
export async function readList(list: string, base: string | undefined): Promise<ListEntry[]> {
  const entries: ListEntry[] = [];
  for (const line of linesOf(await textOf(list))) {
    if (line.length > MAX_LINE || NO_PATH.test(line)) throw unreadable(list);
    entries.push(await entryOf(line, list, base));
  }
  const [first] = entries;
  if (first?.fault === undefined || entries.some(({ fault }) => fault === undefined)) return entries;
  throw refusal(list, first.file, first.fault);
}

/** Why none of a list can be imported, by its first line. */
function refusal(list: string, file: string, fault: 'absent' | 'no-archive' | 'no-file'): AditError {
  const named = `${list} names ${file.slice(0, 200)}, which is`;
  switch (fault) {
    case 'absent':
      return new AditError('missing-file', `${named} not there, and nor is any other.`, {
        advice: 'Mirror the archives there, or name the folder of the mirror with --base.',
      });
    case 'no-archive':
      return new AditError('bad-list', `${named} not an archive.`, {
        advice: DERIVED.test(file)
          ? 'WAT and WET files hold no pages: list the WARC files that they were made of.'
          : 'List WARC, ARC, WACZ and HAR files; pages are visited with: adit capture URL…',
      });
    case 'no-file':
      return new AditError('bad-list', `${named} not a file.`, {
        advice: 'Download the archives first, and name the folder that they are in with --base.',
      });
  }
}

async function entryOf(line: string, list: string, base: string | undefined): Promise<ListEntry> {
  if (DERIVED.test(line)) return { file: line, fault: 'no-archive' };
  const file = URL_START.test(line) ? await mirrorOf(line, base) : resolve(base ?? dirname(list), line);
  if (typeof file !== 'string') return file;
  return (await isThere(file)) ? { file } : { file, fault: 'absent' };
}

/** Where a mirrored archive lies: below the folder under the path of its address, or as `wget --recursive` has it under its host, too. */
async function mirrorOf(address: string, base: string | undefined): Promise<string | ListEntry> {
  const url = URL.parse(address);
  if (url === null || !isArchiveName(url.pathname)) return { file: address, fault: 'no-archive' };
  if (url.protocol === 'file:' && isLocal(url)) return fileURLToPath(url);
  if (base === undefined) return { file: address, fault: 'no-file' };
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

async function textOf(list: string): Promise<string> {
  const { size } = await stat(list).catch(() => ({ size: Infinity }));
  if (size === Infinity)
    throw new AditError('missing-file', `${list} cannot be read.`, { advice: 'Check the path.' });
  if (size > MAX_LIST_BYTES) throw unreadable(list);
  try {
    return unpacked(await readFile(list)).toString('utf8');
  } catch (cause) {
    throw unreadable(list, cause);
  }
}

function unreadable(list: string, cause?: unknown): AditError {
  return new AditError('bad-list', `${list} is no list, damaged, or larger than 64 MB.`, {
    advice: 'Give a text file of one path or address a line, gzipped or not.',
    cause,
  });
}

function unpacked(bytes: Buffer, finishFlush: number = constants.Z_FINISH): Buffer {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isPacked ? gunzipSync(bytes, { finishFlush, maxOutputLength: MAX_LIST_BYTES }) : bytes;
}

const linesOf = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
