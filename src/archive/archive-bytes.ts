import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFully } from './byte-source.ts';

/** Random access to the bytes of an archive, wherever it lies: a file of its own or an entry of a ZIP. */
export interface WarcBytes {
  /** For messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly these bytes; they are asked for only inside the file. `room` is where they may be put. */
  read(offset: number, length: number, room?: Uint8Array): Uint8Array;
}

/** A file opened for reading; who opens it disposes of it. Throws what the file system throws. */
export function openBytes(path: string): WarcBytes & Disposable {
  const file = openSync(path, 'r');
  return {
    name: path,
    sizeBytes: fstatSync(file).size,
    read(offset, length, room) {
      const isRoomy = room !== undefined && room.length >= length;
      const bytes = isRoomy ? room.subarray(0, length) : Buffer.allocUnsafe(length);
      readFully(file, bytes, offset, path);
      return bytes;
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
