import { zstdDecompressSync } from 'node:zlib';
import type { WarcBytes } from './archive-bytes.ts';

/** Skippable frame that holds the dictionary of a .warc.zst (IIPC's "Zstandard for WARC", §3). */
const DICTIONARY_FRAME = 0x184d2a5d;
const MAX_DICTIONARY_BYTES = 16 * 1024 * 1024;
const FRAME_HEADER_BYTES = 8;

/** Whether a Zstandard frame with data begins here. */
export function isZstdFrame(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}

/** Bytes that a skippable frame (RFC 8878 §3.1.2) at the start of `bytes` takes; undefined where there is none. */
export function skippableFrameLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < FRAME_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES);
  const isSkippable = view.getUint32(0, true) >>> 4 === 0x184d2a5;
  return isSkippable ? FRAME_HEADER_BYTES + view.getUint32(4, true) : undefined;
}

/** The dictionary that stands at the start of the file, itself compressed or not; undefined where there is none. Never throws. */
export function readDictionary(bytes: WarcBytes): Uint8Array | undefined {
  if (bytes.sizeBytes < FRAME_HEADER_BYTES) return undefined;
  const head = bytes.read(0, FRAME_HEADER_BYTES);
  const length = skippableFrameLength(head);
  if (length === undefined || length > MAX_DICTIONARY_BYTES || length > bytes.sizeBytes) return undefined;
  if (new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true) !== DICTIONARY_FRAME) return undefined;
  const frame = bytes.read(FRAME_HEADER_BYTES, length - FRAME_HEADER_BYTES);
  if (!isZstdFrame(frame)) return frame;
  try {
    return zstdDecompressSync(frame, { maxOutputLength: MAX_DICTIONARY_BYTES });
  } catch {
    return undefined; // the frames that need it are damaged then, and reported one by one
  }
}
