import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFully } from './byte-source.ts';

/** Random access to the bytes of an archive, wherever it lies: a file of its own or an entry of a ZIP. */
export interface WarcBytes {
  /** For messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly these bytes; they are asked for only inside the file. */
  read(offset: number, length: number): Uint8Array;
}

/** A file opened for reading; who opens it disposes of it. Throws what the file system throws. */
export function openBytes(path: string): WarcBytes & Disposable {
  const file = openSync(path, 'r');
  return {
    name: path,
    sizeBytes: fstatSync(file).size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length);
      readFully(file, bytes, offset, path);
      return bytes;
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
