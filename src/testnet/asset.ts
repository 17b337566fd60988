import { crc32, deflateSync } from 'node:zlib';

/** Numbers in [0, 2³²) that depend on the seed alone (Mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Bytes that do not compress. */
export function noise(sizeBytes: number, seed: number): Uint8Array {
  const next = seededNumbers(seed);
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at++) bytes[at] = next();
  return bytes;
}

/** A valid square PNG of coloured noise, about `sizeBytes` long (at least 70). */
export function png(seed: number, sizeBytes = 200): Uint8Array {
  const width = Math.max(1, Math.round(Math.sqrt((sizeBytes - 70) / 3)));
  const rowBytes = 1 + width * 3; // filter type, then RGB
  const pixels = noise(rowBytes * width, seed);
  for (let row = 0; row < width; row++) pixels[row * rowBytes] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB, deflate, no interlace
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(pixels, { level: 1 })),
    pngChunk('IEND', new Uint8Array()),
  ]);
}

function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** An SVG of one coloured square; `content` is put inside. */
export function svg(seed: number, content = ''): string {
  const hue = seededNumbers(seed)() % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect id="a" width="10" height="10" fill="hsl(${hue} 60% 50%)"/>${content}</svg>`;
}

/** A valid mono 16-bit WAV of a quiet saw tone with `dataBytes` of samples. */
export function wav(dataBytes: number): Uint8Array {
  const file = Buffer.alloc(44 + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // mono
  file.writeUInt32LE(44_100, 24);
  file.writeUInt32LE(88_200, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  for (let i = 44; i + 1 < file.length; i += 2) file.writeInt16LE(((i * 7) % 2000) - 1000, i);
  return file;
}

/** Starts as a WOFF2 font does and goes on with noise: browsers fetch it and then refuse it. */
export function brokenFont(seed: number, sizeBytes: number): Uint8Array {
  return Buffer.concat([Buffer.from('wOF2\u0000\u0001\u0000\u0000', 'latin1'), noise(sizeBytes - 8, seed)]);
}

/** Looks like a Windows program to whoever reads its first bytes, holds noise, and runs nowhere. */
export function inertExecutable(seed: number, sizeBytes: number): Uint8Array {
  const file = Buffer.concat([Buffer.alloc(256), noise(Math.max(0, sizeBytes - 256), seed)]);
  file.write('MZ', 0, 'latin1');
  file.writeUInt32LE(0x80, 0x3c); // where the PE header starts
  file.write('This file is inert: it has no code.', 0x40, 'latin1');
  file.write('PE\u0000\u0000', 0x80, 'latin1'); // followed by zeros: no machine, no sections
  return file;
}

/** A one-page PDF with a line of text. */
export function pdf(text: string): Uint8Array {
  const stream = `BT /F1 12 Tf 20 100 Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/MediaBox[0 0 300 200]/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj${object}endobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${entries}`;
  return Buffer.from(
    `${file}${table}trailer<</Size ${size}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  );
}
