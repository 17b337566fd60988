import { createHmac } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.ts';

type HashName = CipherSuite['hash'];

/** HKDF-Expand-Label of RFC 8446 §7.1, with an empty context. */
function hkdfExpandLabel(hash: HashName, secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.concat([
    Buffer.from([length >> 8, length & 0xff, name.length]),
    name,
    Buffer.from([0]),
  ]);
  const blocks: Buffer[] = [];
  let block: Buffer = Buffer.alloc(0);
  for (let count = 1; Buffer.concat(blocks).length < length; count++) {
    block = createHmac(hash, secret).update(block).update(info).update(Uint8Array.of(count)).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** Key and static nonce of a TLS 1.3 traffic secret (RFC 8446 §7.3). */
export function trafficKeys(suite: CipherSuite, secret: Uint8Array): { key: Buffer; iv: Buffer } {
  return {
    key: hkdfExpandLabel(suite.hash, secret, 'key', suite.keyBytes),
    iv: hkdfExpandLabel(suite.hash, secret, 'iv', 12),
  };
}

/** The secret after a KeyUpdate (RFC 8446 §7.2). */
export function nextTrafficSecret(suite: CipherSuite, secret: Uint8Array): Buffer {
  return hkdfExpandLabel(suite.hash, secret, 'traffic upd', secret.length);
}

/** P_hash of RFC 5246 §5 with the suite's hash. */
function prf(hash: HashName, secret: Uint8Array, label: string, seed: Uint8Array, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  let output: Buffer = Buffer.alloc(0);
  let a: Buffer = labelled;
  while (output.length < length) {
    a = createHmac(hash, secret).update(a).digest();
    output = Buffer.concat([output, createHmac(hash, secret).update(a).update(labelled).digest()]);
  }
  return output.subarray(0, length);
}

export interface DirectionKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** Keys of both directions from the master secret (RFC 5246 §6.3). */
export function keyBlock(
  suite: CipherSuite,
  masterSecret: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): { client: DirectionKeys; server: DirectionKeys } {
  const { protection, keyBytes } = suite;
  const macBytes = protection.kind === 'cbc' ? protection.macBytes : 0;
  const ivBytes = protection.kind === 'cbc' ? 0 : protection.explicitNonceBytes === 8 ? 4 : 12;
  const seed = Buffer.concat([serverRandom, clientRandom]);
  const block = prf(suite.hash, masterSecret, 'key expansion', seed, 2 * (macBytes + keyBytes + ivBytes));
  const keysAt = 2 * macBytes;
  const ivsAt = keysAt + 2 * keyBytes;
  const side = (index: 0 | 1): DirectionKeys => ({
    key: block.subarray(keysAt + index * keyBytes, keysAt + (index + 1) * keyBytes),
    iv: block.subarray(ivsAt + index * ivBytes, ivsAt + (index + 1) * ivBytes),
  });
  return { client: side(0), server: side(1) };
}
