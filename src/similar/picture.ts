import type { Picture } from './page.ts';

/** Brightness, 0 to 255, row by row. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const STRIP_WIDTH = 256;
const STRIP_HEIGHT = 32;
const MAX_STRIPS = 64;
const SAME_BITS = 4;
/** A strip whose gradients are all alike is blank, and says nothing. */
const BLANK = 0n;

/**
 * What a screenshot looks like: dHash (which neighbour is brighter) and pHash (the lowest frequencies) of the whole, and
 * dHash of strips from the top at a common width. The whole changes with one banner; strips below it do not, wherever they
 * have moved to.
 */
export function pictureOf(image: GrayImage): Picture {
  const whole = shrink(image, 0, image.height, 9, 8);
  return {
    gradient: gradients(whole, 9, 8),
    spectrum: spectrum(shrink(image, 0, image.height, 32, 32)),
    strips: stripsOf(image),
  };
}

/** How much two screenshots look alike, 0 to 1: the better of the whole and of the strips that occur in both. */
export function pictureLikeness(left: Picture, right: Picture): number {
  const bits = Math.min(distance(left.gradient, right.gradient), distance(left.spectrum, right.spectrum));
  const whole = bits <= 8 ? 1 - bits / 32 : 0;
  const theirs = right.strips.filter((strip) => strip !== BLANK);
  const ours = left.strips.filter((strip) => strip !== BLANK);
  const fewer = Math.min(ours.length, theirs.length);
  if (fewer < 4) return whole;
  const shared = ours.filter((strip) => theirs.some((other) => distance(strip, other) <= SAME_BITS)).length;
  return Math.max(whole, Math.min(1, shared / fewer));
}

function stripsOf(image: GrayImage): bigint[] {
  const scale = image.width / STRIP_WIDTH;
  const strips: bigint[] = [];
  for (let strip = 0; strip < MAX_STRIPS; strip++) {
    const top = Math.round(strip * STRIP_HEIGHT * scale);
    const bottom = Math.round((strip + 1) * STRIP_HEIGHT * scale);
    if (bottom > image.height) break;
    strips.push(gradients(shrink(image, top, bottom, 17, 4), 17, 4));
  }
  return strips;
}

/** Mean brightness of each cell of a grid laid over rows `top` to `bottom`. */
function shrink(image: GrayImage, top: number, bottom: number, columns: number, rows: number): Float64Array {
  const cells = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const y0 = top + Math.floor(((bottom - top) * row) / rows);
    const y1 = Math.max(y0 + 1, top + Math.floor(((bottom - top) * (row + 1)) / rows));
    for (let column = 0; column < columns; column++) {
      const x0 = Math.floor((image.width * column) / columns);
      const x1 = Math.max(x0 + 1, Math.floor((image.width * (column + 1)) / columns));
      let sum = 0;
      let count = 0;
      for (let y = y0; y < Math.min(y1, image.height); y++)
        for (let x = x0; x < Math.min(x1, image.width); x++) {
          sum += image.pixels[y * image.width + x]!;
          count++;
        }
      cells[row * columns + column] = count === 0 ? 0 : sum / count;
    }
  }
  return cells;
}

/** One bit a pair of neighbours in a row: the right one is brighter, by more than noise. */
function gradients(cells: Float64Array, columns: number, rows: number): bigint {
  let bits = 0n;
  for (let row = 0; row < rows; row++)
    for (let column = 1; column < columns; column++) {
      const at = row * columns + column;
      bits = (bits << 1n) | (cells[at]! > cells[at - 1]! + 1 ? 1n : 0n);
    }
  return bits;
}

/** The 8 × 8 lowest frequencies of a 32 × 32 image (discrete cosine transform), each above the median or not. */
function spectrum(cells: Float64Array): bigint {
  const values: number[] = [];
  for (let v = 0; v < 8; v++)
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let y = 0; y < 32; y++)
        for (let x = 0; x < 32; x++)
          sum +=
            cells[y * 32 + x]! *
            Math.cos(((2 * x + 1) * u * Math.PI) / 64) *
            Math.cos(((2 * y + 1) * v * Math.PI) / 64);
      values.push(sum);
    }
  const median = values.slice(1).sort((a, b) => a - b)[31]!;
  return values.reduce((bits, value) => (bits << 1n) | (value > median ? 1n : 0n), 0n);
}

function distance(left: bigint, right: bigint): number {
  let different = left ^ right;
  let count = 0;
  for (; different !== 0n; different &= different - 1n) count++;
  return count;
}
