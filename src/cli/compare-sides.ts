import { readFile, stat } from 'node:fs/promises';
import { openBundle } from '#archive';
import { readerOfPage } from '#extract';
import { AditError, hostOfUrl, type CaptureReader } from '#model';
import { versionBefore } from '#pipeline';
import type { Ask } from './stores/ask.ts';

/** A page to compare, opened. */
export type OpenedSide = CaptureReader & AsyncDisposable;

const MAX_FILE_BYTES = 64 * 1024 * 1024;
const CAPTURE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VERSIONS = 1_000;

/** Whether it lies in the file system, so that no store need be opened. */
export async function isFile(what: string): Promise<boolean> {
  return stat(what).then(
    (file) => file.isFile(),
    () => false,
  );
}

/** What can only be meant as a file: opening the stores to look for a capture of that name would be for nothing. */
const FILE_NAME = /^(?:\.{0,2}\/|[a-z]:\\)|^(?!https?:\/\/).*\.(?:x?html?|wacz|mhtml|txt|pdf|png)$/i;

/** Throws `missing-file` for a folder, and for what is named like a file and is none. */
export async function refuseNoFile(what: string): Promise<void> {
  const found = await stat(what).catch(() => undefined);
  if (found?.isDirectory() !== true && !FILE_NAME.test(what)) return;
  throw new AditError('missing-file', `${what} ${found === undefined ? 'does not exist' : 'is no file'}.`, {
    advice: 'Name an HTML or .wacz file, a capture, or a URL or host that was captured.',
  });
}

/** Opens a bundle, or takes any other file for a page of HTML; `url` says where that page lies. */
export async function openFile(path: string, url: string | undefined): Promise<OpenedSide> {
  if (path.endsWith('.wacz')) return openBundle(path);
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES)
    throw new AditError('file-too-large', `${path} has more than ${MAX_FILE_BYTES >> 20} MiB.`, {
      advice: 'Give a page, or a capture of it.',
    });
  return { ...readerOfPage(await readFile(path), { url }), [Symbol.asyncDispose]: async () => {} };
}

/** Opens a stored capture: by its id, or of a URL or host the one that stood before `at`, the newest where none is given. */
export async function openStored(ask: Ask, what: string, at: string | undefined): Promise<OpenedSide> {
  if (CAPTURE_ID.test(what)) return openBundle((await ask('getCapture', { params: { id: what } })).bundle);
  const url = /^https?:\/\//i.test(what) ? what : undefined;
  const host = url === undefined ? what : (hostOfUrl(url) ?? what);
  const { captures } = await ask('listCaptures', { query: { host, limit: VERSIONS } });
  const ofPage = captures.filter(
    (capture) =>
      capture.outcome === 'ok' && (url === undefined || capture.url === url || capture.finalUrl === url),
  );
  const chosen = at === undefined ? ofPage[0] : versionBefore(ofPage, at);
  if (chosen === undefined)
    throw new AditError('unknown-capture', `Nothing was captured of ${what}.`, {
      advice: 'Capture it first: adit capture URL. Files must exist as they are named.',
    });
  return openBundle(chosen.bundle);
}
