import { decode } from 'jpeg-js';
import type { CaptureReader } from '#model';
import { pictureOf, type GrayImage, type Picture } from '#similar';

/** A screenshot of one screen has a tenth of this, on a dense one a third. Bundles may be forged. */
const MAX_MEGAPIXELS = 16;
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_MEMORY_MB = 512;
/** Each may go over the whole picture, in few bytes; encoders make up to a dozen. */
const MAX_SCANS = 64;
const SIGNATURE = Buffer.from('\xff\xd8\xff', 'latin1');
/** No data holds this: there, a zero follows 0xff. */
const SCAN_MARKER = Buffer.from('\xff\xda', 'latin1');

/** Why a screenshot was not looked at. */
export type UnreadScreen = 'missing' | 'no JPEG' | 'too large' | 'damaged';

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
  return typeof image === 'string' ? { unread: image } : { picture: pictureOf(image) };
}

/** JPEG, as the browser is asked for. */
function readGray(jpeg: Buffer): GrayImage | UnreadScreen {
  if (!jpeg.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return 'no JPEG';
  if (jpeg.length > MAX_BYTES || hasManyScans(jpeg)) return 'too large';
  try {
    const { width, height, data } = decode(jpeg, {
      maxResolutionInMP: MAX_MEGAPIXELS,
      maxMemoryUsageInMB: MAX_MEMORY_MB,
      tolerantDecoding: false,
    });
    return { width, height, pixels: toGray(data) };
  } catch (error) {
    return /^max\w+ limit exceeded/.test((error as Error).message) ? 'too large' : 'damaged';
  }
}

function hasManyScans(jpeg: Buffer): boolean {
  let scans = 0;
  for (let at = jpeg.indexOf(SCAN_MARKER); at !== -1; at = jpeg.indexOf(SCAN_MARKER, at + 2))
    if (++scans > MAX_SCANS) return true;
  return false;
}

/** Luma of RGBA (ITU-R BT.601). */
function toGray(rgba: Buffer): Uint8Array {
  const gray = new Uint8Array(rgba.length / 4);
  for (let pixel = 0, at = 0; pixel < gray.length; pixel++, at += 4)
    gray[pixel] = (299 * rgba[at]! + 587 * rgba[at + 1]! + 114 * rgba[at + 2]!) / 1_000;
  return gray;
}
