import { openBytes, type WarcBytes } from './archive-bytes.ts';
import type { BlockRoom } from './block-room.ts';
import { CAPTURE_PATH } from './bundle-paths.ts';
import { ArchiveError } from './errors.ts';
import { isGzipMember } from './gzip-member.ts';
import { textOfHar } from './har-text.ts';
import { MemberCursor } from './member-cursor.ts';
import { startsRecord } from './record-header.ts';
import { isZstdFrame } from './zstd-dictionary.ts';
import { ZipReader } from './zip-reader.ts';

/** `bundle`: a WACZ that Adit wrote, with its own facts inside. */
export type ArchiveFormat = 'warc' | 'arc' | 'wacz' | 'bundle' | 'har';

const HEAD_BYTES = 1024;
/** White space that may stand before the text of a HAR. */
const MAX_BLANK_BYTES = 1024 * 1024;
const HAR_NAME = /\.har(?:\.gz|\.zst)?$/i;
const JSON_HEAD = /^\ufeff?\s*[{[]/;
const ZIP_MAGIC = 0x504b;

/**
 * What the file is, by its first bytes rather than its name. What cannot be told is read as WARC, whose reader looks for records,
 * unless it is called a HAR, which some writers put into a call or behind a comment.
 */
export function formatOf(path: string, room?: BlockRoom): ArchiveFormat {
  using bytes = openBytes(path);
  const head = headOf(bytes, room);
  if (head.length > 1 && head.readUInt16BE(0) === ZIP_MAGIC) return isBundle(path) ? 'bundle' : 'wacz';
  if (JSON_HEAD.test(textOfHar(head))) return 'har';
  if (startsRecord(head)) return head[0] === 0x57 /* W */ ? 'warc' : 'arc';
  return HAR_NAME.test(path) ? 'har' : 'warc';
}

function isBundle(path: string): boolean {
  try {
    using zip = new ZipReader(path);
    return zip.entry(CAPTURE_PATH) !== undefined;
  } catch (error) {
    if (error instanceof ArchiveError) return false;
    throw error;
  }
}

/** The first bytes of the file with its compression undone; of one that begins with white space more of them. */
function headOf(bytes: WarcBytes, room: BlockRoom | undefined): Buffer {
  using cursor = new MemberCursor(bytes, { checksCrc: false, room });
  const magic = bytes.read(0, Math.min(4, bytes.sizeBytes));
  const isPacked = isGzipMember(magic) || isZstdFrame(magic);
  const head = (size: number): Buffer =>
    Buffer.from(isPacked ? cursor.peek(0, size) : bytes.read(0, Math.min(size, bytes.sizeBytes)));
  const first = head(HEAD_BYTES);
  return /[^\s\0\xff\xfe\xef\xbb\xbf]/.test(first.toString('latin1')) ? first : head(MAX_BLANK_BYTES);
}
