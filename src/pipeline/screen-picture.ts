import { PNG } from 'pngjs';
import type { CaptureReader } from '#model';
import { pictureOf, type GrayImage, type Picture } from '#similar';

/** A screenshot of one screen has a tenth of this, on a dense one a third. Bundles may be forged. */
const MAX_PIXELS = 16_000_000;
const MAX_BYTES = 32 * 1024 * 1024;
const HEADER_BYTES = 24;
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Why a screenshot was not looked at. */
export type UnreadScreen = 'missing' | 'no PNG' | 'too large' | 'damaged';

/** What the first screen of a capture looks like, or why there is no telling; neither where none was taken. */
export interface Screen {
  readonly picture?: Picture;
  readonly unread?: UnreadScreen;
}

/** The first screen of a capture. Only supports what else is found: many pages look alike that are no copies. */
export function screenOf(reader: CaptureReader): Screen {
  const screenshot = reader.capture.screenshots.find(({ kind }) => kind === 'viewport');
  if (screenshot === undefined) return {};
  const bytes = reader.attachment(screenshot.path);
  if (bytes === undefined) return { unread: 'missing' };
  const image = readGray(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  if (typeof image === 'string') return { unread: image };
  const picture = pictureOf(image);
  return picture === undefined ? {} : { picture };
}

/** The size is read first, and only what is small enough is decoded (PNG, third edition, §11.2.1). */
function readGray(png: Buffer): GrayImage | UnreadScreen {
  if (!png.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return 'no PNG';
  if (png.length > MAX_BYTES) return 'too large';
  if (png.length < HEADER_BYTES) return 'damaged';
  const pixels = png.readUInt32BE(16) * png.readUInt32BE(20);
  if (pixels === 0) return 'damaged';
  if (pixels > MAX_PIXELS) return 'too large';
  try {
    const { width, height, data } = PNG.sync.read(png);
    return { width, height, pixels: toGray(data) };
  } catch {
    return 'damaged';
  }
}

/** Luma of RGBA (ITU-R BT.601). */
function toGray(rgba: Buffer): Uint8Array {
  const gray = new Uint8Array(rgba.length / 4);
  for (let pixel = 0, at = 0; pixel < gray.length; pixel++, at += 4)
    gray[pixel] = (299 * rgba[at]! + 587 * rgba[at + 1]! + 114 * rgba[at + 2]!) / 1_000;
  return gray;
}
