import { createDecipheriv } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.ts';
import { trafficKeys, type DirectionKeys } from './key-schedule.ts';
import type { TlsRecord } from './record.ts';

const TAG_BYTES = 16;
const BLOCK_BYTES = 16;

/** Undoes the protection of one direction's records in their order; undefined where a record does not fit the keys. */
export interface RecordOpener {
  open(record: TlsRecord): { readonly type: number; readonly data: Uint8Array } | undefined;
}

/** TLS 1.3: RFC 8446 §5.2. */
export function openerFor13(suite: CipherSuite, secret: Uint8Array): RecordOpener {
  const { key, iv } = trafficKeys(suite, secret);
  let sequence = 0;
  return {
    open({ header, fragment }) {
      const inner = aeadOpen(suite, key, nonceFor(iv, sequence), header, fragment);
      if (inner === undefined) return undefined;
      sequence++;
      let end = inner.length - 1;
      while (end >= 0 && inner[end] === 0) end--;
      return end < 0 ? undefined : { type: inner[end]!, data: inner.subarray(0, end) };
    },
  };
}

/** TLS 1.2: RFC 5288 (GCM), RFC 7905 (ChaCha20-Poly1305), RFC 5246 §6.2.3.2 (CBC; its MAC is not checked). */
export function openerFor12(
  suite: CipherSuite,
  { key, iv }: DirectionKeys,
  isEncryptThenMac: boolean,
): RecordOpener {
  const { protection } = suite;
  let sequence = 0;
  return {
    open({ type, header, fragment }) {
      const data =
        protection.kind === 'cbc'
          ? cbcOpen(protection.algorithm, key, fragment, protection.macBytes, isEncryptThenMac)
          : openAead12(suite, key, iv, sequence, header, fragment, protection.explicitNonceBytes);
      sequence++;
      return data === undefined ? undefined : { type, data };
    },
  };
}

function openAead12(
  suite: CipherSuite,
  key: Buffer,
  iv: Buffer,
  sequence: number,
  header: Uint8Array,
  fragment: Uint8Array,
  explicitBytes: number,
): Uint8Array | undefined {
  const length = fragment.length - explicitBytes - TAG_BYTES;
  if (length < 0) return undefined;
  const nonce =
    explicitBytes === 0 ? nonceFor(iv, sequence) : Buffer.concat([iv, fragment.subarray(0, explicitBytes)]);
  const additional = Buffer.alloc(13);
  writeSequence(additional, 0, sequence);
  additional.set(header.subarray(0, 3), 8);
  additional.writeUInt16BE(length, 11);
  return aeadOpen(suite, key, nonce, additional, fragment.subarray(explicitBytes));
}

function aeadOpen(
  { protection }: CipherSuite,
  key: Buffer,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (protection.kind !== 'aead' || sealed.length < TAG_BYTES) return undefined;
  try {
    // Node's types tell CCM, GCM and ChaCha20 apart by name; to it they are one interface here.
    const decipher = createDecipheriv(protection.algorithm as 'aes-128-gcm', key, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additional);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const data = decipher.update(sealed.subarray(0, -TAG_BYTES));
    decipher.final();
    return data;
  } catch {
    return undefined;
  }
}

function cbcOpen(
  algorithm: string,
  key: Buffer,
  fragment: Uint8Array,
  macBytes: number,
  isEncryptThenMac: boolean,
): Uint8Array | undefined {
  const sealed = isEncryptThenMac ? fragment.subarray(0, -macBytes) : fragment;
  if (sealed.length < 2 * BLOCK_BYTES || sealed.length % BLOCK_BYTES !== 0) return undefined;
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, BLOCK_BYTES)).setAutoPadding(false);
    const padded = decipher.update(sealed.subarray(BLOCK_BYTES));
    const padding = padded.at(-1)! + 1; // there is at least one block
    const end = padded.length - padding - (isEncryptThenMac ? 0 : macBytes);
    const isPadded = padded.subarray(-padding).every((byte) => byte === padding - 1);
    return end < 0 || !isPadded ? undefined : padded.subarray(0, end);
  } catch {
    return undefined;
  }
}

function nonceFor(iv: Buffer, sequence: number): Buffer {
  const nonce = Buffer.alloc(12);
  writeSequence(nonce, 4, sequence);
  for (let index = 0; index < nonce.length; index++) nonce[index]! ^= iv[index]!;
  return nonce;
}

function writeSequence(target: Buffer, offset: number, sequence: number): void {
  target.writeUInt32BE(Math.floor(sequence / 2 ** 32), offset);
  target.writeUInt32BE(sequence % 2 ** 32, offset + 4);
}
