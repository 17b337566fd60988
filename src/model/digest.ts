import { createHash, hash } from 'node:crypto';

declare const sha256Brand: unique symbol;

/** SHA-256 as 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly [sha256Brand]: true };

/** The SHA-256 of bytes. */
export function sha256(bytes: Uint8Array | string): Sha256 {
  return hash('sha256', bytes, 'hex') as Sha256; // hex of 32 bytes
}

/** The text as a SHA-256, or undefined where it is none. */
export function parseSha256(text: string): Sha256 | undefined {
  const lower = text.toLowerCase();
  return /^[0-9a-f]{64}$/.test(lower) ? (lower as Sha256) : undefined; // shape checked
}

/** The digests kept of every file, each as lower-case hexadecimal. */
export interface FileDigests {
  readonly sha256: Sha256;
  readonly sha1: string;
  readonly md5: string;
}

/** SHA-256, SHA-1 and MD5 in one pass over the chunks. */
export function fileDigests(chunks: Iterable<Uint8Array>): FileDigests {
  const hashes = [createHash('sha256'), createHash('sha1'), createHash('md5')] as const;
  for (const chunk of chunks) for (const hash of hashes) hash.update(chunk);
  const [s256, s1, m5] = hashes;
  return { sha256: s256.digest('hex') as Sha256, sha1: s1.digest('hex'), md5: m5.digest('hex') }; // hex of 32 bytes
}
