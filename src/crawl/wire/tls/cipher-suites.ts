/** How records are protected: one AEAD call, or CBC with a MAC inside (RFC 5246 §6.2.3.2). */
type Protection =
  | { readonly kind: 'aead'; readonly algorithm: AeadAlgorithm; readonly explicitNonceBytes: 0 | 8 }
  | {
      readonly kind: 'cbc';
      readonly algorithm: 'aes-128-cbc' | 'aes-256-cbc';
      readonly macBytes: 20 | 32 | 48;
    };

type AeadAlgorithm = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

export interface CipherSuite {
  /** IANA name. */
  readonly name: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  /** Hash of the key schedule: HKDF in TLS 1.3, PRF in TLS 1.2. */
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: 16 | 32;
  readonly protection: Protection;
}

const AES_128_GCM = { kind: 'aead', algorithm: 'aes-128-gcm', explicitNonceBytes: 8 } as const;
const AES_256_GCM = { kind: 'aead', algorithm: 'aes-256-gcm', explicitNonceBytes: 8 } as const;
const CHACHA20 = { kind: 'aead', algorithm: 'chacha20-poly1305', explicitNonceBytes: 0 } as const;
const AES_128_CBC_SHA = { kind: 'cbc', algorithm: 'aes-128-cbc', macBytes: 20 } as const;
const AES_256_CBC_SHA = { kind: 'cbc', algorithm: 'aes-256-cbc', macBytes: 20 } as const;
const AES_128_CBC_SHA256 = { kind: 'cbc', algorithm: 'aes-128-cbc', macBytes: 32 } as const;
const AES_256_CBC_SHA384 = { kind: 'cbc', algorithm: 'aes-256-cbc', macBytes: 48 } as const;

/** Every suite that today's browsers offer, and their near kin (IANA TLS Cipher Suites registry). */
export const CIPHER_SUITES: ReadonlyMap<number, CipherSuite> = new Map([
  [0x1301, tls13('TLS_AES_128_GCM_SHA256', 'sha256', 16, { ...AES_128_GCM, explicitNonceBytes: 0 })],
  [0x1302, tls13('TLS_AES_256_GCM_SHA384', 'sha384', 32, { ...AES_256_GCM, explicitNonceBytes: 0 })],
  [0x1303, tls13('TLS_CHACHA20_POLY1305_SHA256', 'sha256', 32, CHACHA20)],
  [0xc02b, tls12('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'sha256', 16, AES_128_GCM)],
  [0xc02c, tls12('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'sha384', 32, AES_256_GCM)],
  [0xc02f, tls12('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'sha256', 16, AES_128_GCM)],
  [0xc030, tls12('TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'sha384', 32, AES_256_GCM)],
  [0xcca8, tls12('TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'sha256', 32, CHACHA20)],
  [0xcca9, tls12('TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'sha256', 32, CHACHA20)],
  [0x009c, tls12('TLS_RSA_WITH_AES_128_GCM_SHA256', 'sha256', 16, AES_128_GCM)],
  [0x009d, tls12('TLS_RSA_WITH_AES_256_GCM_SHA384', 'sha384', 32, AES_256_GCM)],
  [0x009e, tls12('TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'sha256', 16, AES_128_GCM)],
  [0x009f, tls12('TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'sha384', 32, AES_256_GCM)],
  [0xc009, tls12('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'sha256', 16, AES_128_CBC_SHA)],
  [0xc00a, tls12('TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'sha256', 32, AES_256_CBC_SHA)],
  [0xc013, tls12('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'sha256', 16, AES_128_CBC_SHA)],
  [0xc014, tls12('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'sha256', 32, AES_256_CBC_SHA)],
  [0xc023, tls12('TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'sha256', 16, AES_128_CBC_SHA256)],
  [0xc024, tls12('TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384', 'sha384', 32, AES_256_CBC_SHA384)],
  [0xc027, tls12('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'sha256', 16, AES_128_CBC_SHA256)],
  [0xc028, tls12('TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'sha384', 32, AES_256_CBC_SHA384)],
  [0x002f, tls12('TLS_RSA_WITH_AES_128_CBC_SHA', 'sha256', 16, AES_128_CBC_SHA)],
  [0x0035, tls12('TLS_RSA_WITH_AES_256_CBC_SHA', 'sha256', 32, AES_256_CBC_SHA)],
]);

/** The name of a suite, or its number where it is not one that we decrypt. */
export function cipherSuiteName(id: number): string {
  return CIPHER_SUITES.get(id)?.name ?? `0x${id.toString(16).padStart(4, '0')}`;
}

function tls13(
  name: string,
  hash: CipherSuite['hash'],
  keyBytes: 16 | 32,
  protection: Protection,
): CipherSuite {
  return { name, version: 'TLSv1.3', hash, keyBytes, protection };
}

function tls12(
  name: string,
  hash: CipherSuite['hash'],
  keyBytes: 16 | 32,
  protection: Protection,
): CipherSuite {
  return { name, version: 'TLSv1.2', hash, keyBytes, protection };
}
