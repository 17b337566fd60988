import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from 'jpeg-js';
import type { CaptureReader } from '#model';
import { pictureLikeness } from '#similar';
import { screenOf, type UnreadScreen } from './screen-picture.ts';

/** A capture with one screenshot, or none; nothing else of it is asked for. */
function readerOf(jpeg: Uint8Array | undefined): CaptureReader {
  const screenshots =
    jpeg === undefined
      ? []
      : [{ kind: 'viewport', path: 'shot.jpg', width: 1, height: 1, at: '2017-11-17T03:27:29.123Z' }];
  return {
    capture: { screenshots },
    attachment: (path: string) => (path === 'shot.jpg' ? jpeg : undefined),
  } as unknown as CaptureReader;
}

/** Stripes and blocks by a formula; `shade` makes another page of it. */
function screen(shade: number, width = 640, height = 360): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const value = (Math.floor(x / (40 + shade)) * 37 + Math.floor(y / (30 + shade)) * 91 * (shade + 1)) % 256;
    data.set([value, (value * 3) % 256, 255 - value, 255], at * 4);
  }
  return encode({ width, height, data }, 75).data;
}

test('a screen looks like itself, and unlike another', () => {
  const [one, same, other] = [screen(0), screen(0), screen(23)].map(
    (jpeg) => screenOf(readerOf(jpeg)).picture,
  );
  assert.equal(pictureLikeness(one!, same!), 1);
  assert.ok(pictureLikeness(one!, other!) < 0.6);
});

test('a screenshot that is no JPEG, damaged or huge gives no picture, and the reason', () => {
  const jpeg = screen(0);
  const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0)); // its marker, length, precision, then height and width
  const scan = jpeg.indexOf(Buffer.of(0xff, 0xda));
  const withSize = (height: number, width: number): Buffer => {
    const changed = Buffer.from(jpeg);
    changed.writeUInt16BE(height, frame + 5);
    changed.writeUInt16BE(width, frame + 7);
    return changed;
  };
  const scans = Buffer.concat([
    jpeg.subarray(0, scan),
    ...Array.from({ length: 65 }, () => jpeg.subarray(scan, -2)),
    jpeg.subarray(-2),
  ]);
  const cases: readonly (readonly [Uint8Array, UnreadScreen])[] = [
    [Buffer.alloc(0), 'no JPEG'],
    [Buffer.from('GIF89a'), 'no JPEG'],
    [jpeg.subarray(0, 20), 'damaged'],
    [withSize(60_000, 60_000), 'too large'],
    [withSize(0, 0), 'damaged'],
    [scans, 'too large'],
    [Buffer.concat([jpeg, Buffer.alloc(8 * 1024 * 1024)]), 'too large'],
    [jpeg.subarray(0, scan), 'damaged'],
  ];
  for (const [index, [bytes, unread]] of cases.entries())
    assert.deepEqual(screenOf(readerOf(bytes)), { unread }, `case ${index}`);
  assert.deepEqual(screenOf(readerOf(undefined)), {}, 'none was taken');
  const lost = { ...readerOf(jpeg), attachment: () => undefined } as unknown as CaptureReader;
  assert.deepEqual(screenOf(lost), { unread: 'missing' });
});
