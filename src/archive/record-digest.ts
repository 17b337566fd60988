import { createHash } from 'node:crypto';
import type { WarcRecord } from './archive-record.ts';
import { dechunk } from './chunked.ts';
import { splitMessage } from './http-message.ts';

const ALGORITHMS: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  'sha-256': 'sha256',
  sha512: 'sha512',
  'sha-512': 'sha512',
};
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * What the record's own digests (WARC 1.1 §5.8, §5.9) say against it, one phrase each. Labels that are not known and
 * records that were cut are passed over; payload digests may be of the chunked or the dechunked body, as writers differ.
 */
export function digestFaults(record: WarcRecord): string[] {
  if (record.isCut) return [];
  const faults: string[] = [];
  const block = record.field('WARC-Block-Digest');
  if (block !== undefined && !matches(block, () => [record.block])) faults.push('block digest differs');
  const payload = record.field('WARC-Payload-Digest');
  if (payload !== undefined && record.type !== 'revisit' && !matches(payload, () => payloads(record))) {
    faults.push('payload digest differs');
  }
  return faults;
}

/** The SHA-1 of bytes as WARC writes it, without label. */
export function sha1Base32(bytes: Uint8Array): string {
  return toBase32(createHash('sha1').update(bytes).digest());
}

function payloads(record: WarcRecord): Uint8Array[] {
  if (!/^application\/http\b/i.test(record.field('Content-Type') ?? '')) return [record.block];
  const { body } = splitMessage(record.block);
  return [body, dechunk(body).bytes];
}

function matches(digest: string, candidates: () => readonly Uint8Array[]): boolean {
  const [, label, value] = /^\s*([\w-]+):\s*(\S+)\s*$/.exec(digest) ?? [];
  const algorithm = ALGORITHMS[(label ?? '').toLowerCase()];
  if (algorithm === undefined || value === undefined) return true;
  return candidates().some((bytes) => {
    const hash = createHash(algorithm).update(bytes).digest();
    const spellings = [toBase32(hash), hash.toString('hex'), hash.toString('base64')];
    return spellings.some(
      (text) => text.replace(/=+$/, '').toLowerCase() === value.replace(/=+$/, '').toLowerCase(),
    );
  });
}

/** RFC 4648 §6, padded. */
function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += BASE32[(held << (5 - bits)) & 31];
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}
