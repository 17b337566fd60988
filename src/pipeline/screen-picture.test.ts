import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import type { CaptureReader } from '#model';
import { pictureLikeness } from '#similar';
import { screenOf, type UnreadScreen } from './screen-picture.ts';

/** A capture with one screenshot, or none; nothing else of it is asked for. */
function readerOf(png: Uint8Array | undefined): CaptureReader {
  const screenshots =
    png === undefined
      ? []
      : [{ kind: 'viewport', path: 'shot.png', width: 1, height: 1, at: '2017-11-17T03:27:29.123Z' }];
  return {
    capture: { screenshots },
    attachment: (path: string) => (path === 'shot.png' ? png : undefined),
  } as unknown as CaptureReader;
}

/** Stripes and blocks by a formula; `shade` makes another page of it. */
function screen(shade: number, width = 640, height = 360): Buffer {
  const png = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const value = (Math.floor(x / (40 + shade)) * 37 + Math.floor(y / (30 + shade)) * 91 * (shade + 1)) % 256;
    png.data.set([value, (value * 3) % 256, 255 - value, 255], at * 4);
  }
  return PNG.sync.write(png);
}

test('a screen looks like itself, and unlike another', () => {
  const [one, same, other] = [screen(0), screen(0), screen(23)].map((png) => screenOf(readerOf(png)).picture);
  assert.equal(pictureLikeness(one!, same!), 1);
  assert.ok(pictureLikeness(one!, other!) < 0.6);
});

test('a screenshot that is no PNG, damaged or huge gives no picture, and the reason', () => {
  const png = screen(0);
  const huge = Buffer.from(png);
  huge.writeUInt32BE(0x7fffffff, 16);
  const flat = Buffer.from(png);
  flat.writeUInt32BE(0, 16);
  const garbled = Buffer.from(png);
  garbled.fill(0xff, 60, 400);
  const cases: readonly (readonly [Uint8Array, UnreadScreen])[] = [
    [Buffer.alloc(0), 'no PNG'],
    [Buffer.from('GIF89a'), 'no PNG'],
    [png.subarray(0, 20), 'damaged'],
    [huge, 'too large'],
    [Buffer.concat([png, Buffer.alloc(32 * 1024 * 1024)]), 'too large'],
    [flat, 'damaged'],
    [png.subarray(0, png.length >> 1), 'damaged'],
    [garbled, 'damaged'],
  ];
  for (const [bytes, unread] of cases) assert.deepEqual(screenOf(readerOf(bytes)), { unread });
  assert.deepEqual(screenOf(readerOf(undefined)), {}, 'none was taken');
  const lost = { ...readerOf(png), attachment: () => undefined } as unknown as CaptureReader;
  assert.deepEqual(screenOf(lost), { unread: 'missing' });
});
