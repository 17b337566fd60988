import { crc32, deflateSync } from 'node:zlib';

/** Red, green and blue, 0–255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** An RGB image as PNG (W3C PNG 3rd edition), painted pixel by pixel; `x` and `y` run from 0 to 1. */
export function paintPng(width: number, height: number, paint: (x: number, y: number) => Colour): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3)); // each row starts with its filter type, 0 for none
  let at = 0;
  for (let row = 0; row < height; row++) {
    at++;
    for (let column = 0; column < width; column++) {
      for (const channel of paint(column / width, row / height)) rows[at++] = Math.round(channel);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8); // 8 bits a channel, RGB, deflate, no interlace
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(8 + body.length);
  out.writeUInt32BE(data.length, 0);
  out.set(body, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

/** A PNG as the one image of an icon file. */
export function iconOf(png: Uint8Array, size: number): Buffer {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2); // an icon
  head.writeUInt16LE(1, 4); // of one image
  head.set([size % 256, size % 256], 6);
  head.writeUInt16LE(1, 10); // colour planes
  head.writeUInt16LE(24, 12); // bits a pixel
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

/** From one colour to the other. */
export function mix(from: Colour, to: Colour, share: number): Colour {
  const at = (channel: 0 | 1 | 2) =>
    from[channel] + (to[channel] - from[channel]) * Math.min(1, Math.max(0, share));
  return [at(0), at(1), at(2)];
}
