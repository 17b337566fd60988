import { open, stat } from 'node:fs/promises';
import { isListHead } from './archive-list.ts';
import { isArchiveName } from './archive-name.ts';

/** First bytes: gzip, Zstandard (with or without dictionary), LZ4, ZIP, WARC, ARC, HAR. */
const ARCHIVE_HEAD =
  /^(?:\x1f\x8b|\x28\xb5\x2f\xfd|.\x2a\x4d\x18|\x04\x22\x4d\x18|PK\x03\x04|WARC\/|filedesc:|(?:\xef\xbb\xbf)?\s*\{\s*"(?:log|entries)"\s*:)/s;
const HEAD_BYTES = 4096;

/** What a path names, of what can be imported; `absent` where it cannot be read. */
export type ImportKind = 'archive' | 'folder' | 'list' | 'other' | 'absent';

/** Tells what a path names: a folder, or a file by its name or else by its first bytes. */
export async function importKindOf(path: string): Promise<ImportKind> {
  try {
    const about = await stat(path);
    if (about.isDirectory()) return 'folder';
    if (isArchiveName(path)) return 'archive';
    if (!about.isFile()) return 'other'; // what is read of a pipe is gone
    const head = await headOf(path);
    if (isListHead(head)) return 'list';
    return ARCHIVE_HEAD.test(head.toString('latin1')) ? 'archive' : 'other';
  } catch {
    return 'absent';
  }
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
