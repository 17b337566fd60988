import { brotliDecompressSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** Handshake message types (RFC 8446 §4, RFC 8879). */
export const HANDSHAKE = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  finished: 20,
  keyUpdate: 24,
  compressedCertificate: 25,
} as const;

const EXTENSION = {
  serverName: 0,
  alpn: 16,
  encryptThenMac: 22,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
} as const;

/** SHA-256 of "HelloRetryRequest": the random that makes a ServerHello one (RFC 8446 §4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** Larger messages, and more certificates, than any real server sends. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const MAX_CERTIFICATES = 32;

export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** Puts handshake messages together from the records that they are spread over. */
export class HandshakeAssembler {
  #pending: Uint8Array = new Uint8Array(0);

  /** The messages that are whole now; undefined where the bytes can't be a handshake. */
  push(data: Uint8Array): HandshakeMessage[] | undefined {
    let bytes = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data]);
    const messages: HandshakeMessage[] = [];
    while (bytes.length >= 4) {
      const length = (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!; // four bytes are there
      if (length > MAX_MESSAGE_BYTES) return undefined;
      if (bytes.length < 4 + length) break;
      messages.push({ type: bytes[0]!, body: bytes.subarray(4, 4 + length) });
      bytes = bytes.subarray(4 + length);
    }
    this.#pending = bytes;
    return messages;
  }
}

export interface ClientHello {
  readonly random: Buffer;
  readonly serverName?: string;
  /** It sends data before the server has answered (0-RTT). */
  readonly hasEarlyData: boolean;
}

export interface ServerHello {
  readonly random: Buffer;
  readonly cipherSuite: number;
  /** `0x0304` is TLS 1.3, `0x0303` TLS 1.2, … */
  readonly version: number;
  readonly isRetryRequest: boolean;
  /** TLS 1.3: a session is resumed. */
  readonly hasPreSharedKey: boolean;
  /** CBC suites: the MAC covers the ciphertext and follows it (RFC 7366). */
  readonly isEncryptThenMac: boolean;
  /** TLS 1.2 says here what TLS 1.3 says in EncryptedExtensions. */
  readonly alpn?: string;
}

/** RFC 8446 §4.1.2. Undefined where the message is malformed; so with all that follow. */
export function parseClientHello(body: Uint8Array): ClientHello | undefined {
  const cursor = new Cursor(body);
  cursor.skip(2);
  const random = cursor.bytes(32);
  cursor.vector(1);
  cursor.vector(2);
  cursor.vector(1);
  if (random === undefined || cursor.isBroken) return undefined;
  const extensions = parseExtensions(cursor.vector(2));
  const names = new Cursor(new Cursor(extensions.get(EXTENSION.serverName)).vector(2));
  const isHostName = names.number(1) === 0;
  const name = names.vector(2);
  const hasName = isHostName && name !== undefined && name.length > 0 && name.length <= 255;
  return {
    random: Buffer.from(random),
    ...(hasName ? { serverName: Buffer.from(name).toString('latin1') } : {}),
    hasEarlyData: extensions.has(EXTENSION.earlyData),
  };
}

/** RFC 8446 §4.1.3, RFC 5246 §7.4.1.3. */
export function parseServerHello(body: Uint8Array): ServerHello | undefined {
  const cursor = new Cursor(body);
  const legacyVersion = cursor.number(2);
  const random = cursor.bytes(32);
  cursor.vector(1);
  const cipherSuite = cursor.number(2);
  cursor.skip(1);
  if (cursor.isBroken || random === undefined || legacyVersion === undefined || cipherSuite === undefined)
    return undefined;
  const extensions = parseExtensions(cursor.vector(2));
  const alpn = parseAlpn(extensions);
  return {
    random: Buffer.from(random),
    cipherSuite,
    version: new Cursor(extensions.get(EXTENSION.supportedVersions)).number(2) ?? legacyVersion,
    isRetryRequest: Buffer.from(random).toString('hex') === RETRY_RANDOM,
    hasPreSharedKey: extensions.has(EXTENSION.preSharedKey),
    isEncryptThenMac: extensions.has(EXTENSION.encryptThenMac),
    ...(alpn === undefined ? {} : { alpn }),
  };
}

/** RFC 8446 §4.3.1. */
export function parseEncryptedExtensions(body: Uint8Array): { alpn?: string; acceptsEarlyData: boolean } {
  const extensions = parseExtensions(new Cursor(body).vector(2));
  const alpn = parseAlpn(extensions);
  return { ...(alpn === undefined ? {} : { alpn }), acceptsEarlyData: extensions.has(EXTENSION.earlyData) };
}

/** Certificates of a TLS 1.2 message, leaf first (RFC 5246 §7.4.2). */
export function parseCertificates12(body: Uint8Array): Uint8Array[] {
  const list = new Cursor(new Cursor(body).vector(3));
  return certificatesOf(list, () => {});
}

/** Certificates of a TLS 1.3 message, leaf first (RFC 8446 §4.4.2). */
export function parseCertificates13(body: Uint8Array): Uint8Array[] {
  const cursor = new Cursor(body);
  cursor.vector(1);
  const list = new Cursor(cursor.vector(3));
  return certificatesOf(list, () => list.vector(2));
}

/** The Certificate message inside a compressed one (RFC 8879); undefined where it can't be unpacked. */
export function decompressCertificate(body: Uint8Array): Uint8Array | undefined {
  const cursor = new Cursor(body);
  const algorithm = cursor.number(2);
  const length = cursor.number(3);
  const packed = cursor.vector(3);
  const decompress = [undefined, inflateSync, brotliDecompressSync, zstdDecompressSync][algorithm ?? 0];
  if (packed === undefined || length === undefined || length > MAX_MESSAGE_BYTES) return undefined;
  try {
    const unpacked = decompress?.(packed, { maxOutputLength: Math.max(length, 1) });
    return unpacked?.length === length ? unpacked : undefined;
  } catch {
    return undefined;
  }
}

function certificatesOf(list: Cursor, afterEach: () => void): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  while (certificates.length < MAX_CERTIFICATES) {
    const certificate = list.vector(3);
    if (certificate === undefined || certificate.length === 0) break;
    afterEach();
    // A copy of its own: the message is a window onto the stream.
    certificates.push(Uint8Array.from(certificate));
  }
  return certificates;
}

function parseExtensions(bytes: Uint8Array | undefined): Map<number, Uint8Array> {
  const cursor = new Cursor(bytes);
  const extensions = new Map<number, Uint8Array>();
  for (;;) {
    const type = cursor.number(2);
    const body = cursor.vector(2);
    if (type === undefined || body === undefined) return extensions;
    if (!extensions.has(type)) extensions.set(type, body);
  }
}

/** RFC 7301 §3.1: in an answer the list has one name. */
function parseAlpn(extensions: Map<number, Uint8Array>): string | undefined {
  const name = new Cursor(new Cursor(extensions.get(EXTENSION.alpn)).vector(2)).vector(1);
  return name === undefined || name.length === 0 ? undefined : Buffer.from(name).toString('latin1');
}

/** Reads TLS presentation language. After the first read beyond the end everything is undefined. */
class Cursor {
  readonly #bytes: Uint8Array;
  #offset = 0;
  isBroken = false;

  constructor(bytes: Uint8Array | undefined) {
    this.#bytes = bytes ?? new Uint8Array(0);
  }

  bytes(count: number): Uint8Array | undefined {
    if (this.isBroken || this.#offset + count > this.#bytes.length) {
      this.isBroken = true;
      return undefined;
    }
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }

  skip(count: number): void {
    this.bytes(count);
  }

  number(size: number): number | undefined {
    return this.bytes(size)?.reduce((value, byte) => value * 256 + byte, 0);
  }

  /** A vector with a length of `size` bytes before it. */
  vector(size: number): Uint8Array | undefined {
    const length = this.number(size);
    return length === undefined ? undefined : this.bytes(length);
  }
}
