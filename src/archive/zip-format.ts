/** The parts of a ZIP file (PKWARE APPNOTE 6.3.10) that its reader and writer share. */

export const LOCAL_HEADER = 0x04034b50;
export const CENTRAL_HEADER = 0x02014b50;
export const END_OF_DIRECTORY = 0x06054b50;
export const ZIP64_END = 0x06064b50;
export const ZIP64_LOCATOR = 0x07064b50;

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_BYTES = 22;
export const ZIP64_END_BYTES = 56;
export const ZIP64_LOCATOR_BYTES = 20;

export const MAX_32 = 0xffffffff;
export const MAX_16 = 0xffff;
export const ZIP64_EXTRA = 1;

export const STORED = 0;
export const DEFLATED = 8;
/** General purpose bit 11: names are UTF-8. */
export const UTF8_FLAG = 0x800;
/** General purpose bit 0. */
export const ENCRYPTED_FLAG = 1;

/** What the headers say of one file inside. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  /** Size as it lies in the file. */
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** Whether a name is a plain relative path: what may be listed, and what nobody can break out of a folder with. */
export function isSafeEntryName(name: string): boolean {
  if (name === '' || name.length > 1024 || /[\0-\x1f\x7f\\:]|^\//.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
