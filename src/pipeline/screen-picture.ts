import { PNG } from 'pngjs';
import type { CaptureReader } from '#model';
import { pictureOf, type GrayImage, type Picture } from '#similar';

/** A screenshot of one screen has a tenth of this, on a dense one a third. Bundles may be forged. */
const MAX_PIXELS = 16_000_000;
const MAX_BYTES = 32 * 1024 * 1024;
const HEADER_BYTES = 24;
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/**
 * What the first screen of a capture looks like; undefined where it has no screenshot, or one that is no PNG or too large.
 * Only supports what else is found: many pages look alike that are no copies.
 */
export function pictureOfScreen(reader: CaptureReader): Picture | undefined {
  const screenshot = reader.capture.screenshots.find(({ kind }) => kind === 'viewport');
  const bytes = screenshot === undefined ? undefined : reader.attachment(screenshot.path);
  const image =
    bytes === undefined ? undefined : readGray(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  return image === undefined ? undefined : pictureOf(image);
}

/** The size is read first, and only what is small enough is decoded (PNG, third edition, §11.2.1). */
function readGray(png: Buffer): GrayImage | undefined {
  if (
    png.length < HEADER_BYTES ||
    png.length > MAX_BYTES ||
    !png.subarray(0, SIGNATURE.length).equals(SIGNATURE)
  )
    return undefined;
  const pixels = png.readUInt32BE(16) * png.readUInt32BE(20);
  if (pixels === 0 || pixels > MAX_PIXELS) return undefined;
  try {
    const { width, height, data } = PNG.sync.read(png);
    return { width, height, pixels: toGray(data) };
  } catch {
    return undefined; // damaged
  }
}

/** Luma of RGBA (ITU-R BT.601). */
function toGray(rgba: Buffer): Uint8Array {
  const gray = new Uint8Array(rgba.length / 4);
  for (let pixel = 0, at = 0; pixel < gray.length; pixel++, at += 4)
    gray[pixel] = (299 * rgba[at]! + 587 * rgba[at + 1]! + 114 * rgba[at + 2]!) / 1_000;
  return gray;
}
