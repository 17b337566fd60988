import { inflateRawSync } from 'node:zlib';

export interface Member {
  readonly deflated: Uint8Array;
  /** Uncompressed. */
  readonly size: number;
  /** Where in the file the next one begins. */
  readonly end: number;
}

/** The members of a file whose gzip headers have no optional fields. */
export function readMembers(file: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; at < file.length;) {
    const { engine } = inflateRawSync(file.subarray(at + 10), { info: true }) as unknown as {
      engine: { bytesWritten: number };
    }; // what `info` gives
    const end = at + 10 + engine.bytesWritten;
    members.push({ deflated: file.subarray(at + 10, end), size: file.readUInt32LE(end + 4), end: end + 8 });
    at = end + 8;
  }
  return members;
}
