import { createCipheriv } from 'node:crypto';
import { ChunkList, type ChunkSource } from '../chunk-source.ts';
import { parseKeyLog, type KeyLog } from '../key-log.ts';
import { CIPHER_SUITES, type CipherSuite } from './cipher-suites.ts';
import { nextTrafficSecret, trafficKeys } from './key-schedule.ts';

/** The sender's side of TLS 1.3, written out record by record: for what no peer at hand can be made to send. */

const CLIENT_RANDOM = Buffer.alloc(32, 0xc1);
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

type SecretName = 'early' | 'clientHandshake' | 'serverHandshake' | 'client' | 'server';

const LABELS: Readonly<Record<SecretName, string>> = {
  early: 'CLIENT_EARLY_TRAFFIC_SECRET',
  clientHandshake: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  serverHandshake: 'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  client: 'CLIENT_TRAFFIC_SECRET_0',
  server: 'SERVER_TRAFFIC_SECRET_0',
};

const NAMES: readonly SecretName[] = ['early', 'clientHandshake', 'serverHandshake', 'client', 'server'];

const SUITE_ID = 0x1301;
// In the table by construction.
const SUITE: CipherSuite = CIPHER_SUITES.get(SUITE_ID)!;

/** A secret of its own for each name. */
function secretOf(name: SecretName): Buffer {
  return Buffer.alloc(32, NAMES.indexOf(name) + 1);
}

export function keyLogOf(names: readonly SecretName[] = NAMES): KeyLog {
  const random = CLIENT_RANDOM.toString('hex');
  const text = names.map((name) => `${LABELS[name]} ${random} ${secretOf(name).toString('hex')}\n`).join('');
  return parseKeyLog([text], new Set([random]));
}

export const vector = (size: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length.subarray(4 - size), body]);
};

const extension = (type: number, ...body: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([type >> 8, type & 0xff]), vector(2, ...body)]);

export const handshake = (type: number, ...body: readonly Uint8Array[]): Buffer =>
  Buffer.concat([Buffer.from([type]), vector(3, ...body)]);

export const plainRecord = (type: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([type, 3, 3]), vector(2, body)]);

export function clientHello(options: { hasEarlyData?: boolean } = {}): Buffer {
  const name = Buffer.concat([Buffer.from([0]), vector(2, Buffer.from('scripted.example'))]);
  const extensions = [
    extension(0, vector(2, name)),
    ...(options.hasEarlyData === true ? [extension(42)] : []),
  ];
  const suites = Buffer.from([SUITE_ID >> 8, SUITE_ID & 0xff]);
  const body = [
    Buffer.from([3, 3]),
    CLIENT_RANDOM,
    vector(1),
    vector(2, suites),
    vector(1, Buffer.from([0])),
  ];
  return handshake(1, ...body, vector(2, ...extensions));
}

export function serverHello(options: { isRetry?: boolean; isResumed?: boolean } = {}): Buffer {
  const random = options.isRetry === true ? RETRY_RANDOM : Buffer.alloc(32, 0x51);
  const extensions = [
    extension(43, Buffer.from([3, 4])),
    ...(options.isResumed === true ? [extension(41, Buffer.from([0, 0]))] : []),
  ];
  const body = [Buffer.from([3, 3]), random, vector(1), Buffer.from([SUITE_ID >> 8, SUITE_ID & 0xff, 0])];
  return handshake(2, ...body, vector(2, ...extensions));
}

export function encryptedExtensions(options: { alpn?: string; acceptsEarlyData?: boolean } = {}): Buffer {
  const { alpn, acceptsEarlyData = false } = options;
  const extensions = [
    ...(alpn === undefined ? [] : [extension(16, vector(2, vector(1, Buffer.from(alpn))))]),
    ...(acceptsEarlyData ? [extension(42)] : []),
  ];
  return handshake(8, vector(2, ...extensions));
}

export const certificateBody = (...certificates: readonly Uint8Array[]): Buffer =>
  Buffer.concat([
    vector(1),
    vector(3, ...certificates.map((each) => Buffer.concat([vector(3, each), vector(2)]))),
  ]);

export const finished = (): Buffer => handshake(20, Buffer.alloc(32, 0xf1));
export const keyUpdate = (): Buffer => handshake(24, Buffer.from([0]));

/** Seals records one after the other under a secret, which can be renewed. */
export class Sealer {
  #secret: Buffer;
  #sequence = 0;

  constructor(name: SecretName) {
    this.#secret = secretOf(name);
  }

  /** `type` is the inner content type; `padding` zeros hide the length. */
  seal(type: number, data: Uint8Array, padding = 0): Buffer {
    const { key, iv } = trafficKeys(SUITE, this.#secret);
    const nonce = Buffer.from(iv);
    nonce[11] = nonce[11]! ^ this.#sequence++; // fewer than 256 records
    const inner = Buffer.concat([data, Buffer.from([type]), Buffer.alloc(padding)]);
    const header = Buffer.from([23, 3, 3, (inner.length + 16) >> 8, (inner.length + 16) & 0xff]);
    const cipher = createCipheriv('aes-128-gcm', key, nonce, { authTagLength: 16 }).setAAD(header);
    return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  }

  renew(): void {
    this.#secret = nextTrafficSecret(SUITE, this.#secret);
    this.#sequence = 0;
  }
}

/** Bytes that arrive one `pieceBytes` at a time, a millisecond apart. */
export function arriving(bytes: Uint8Array, pieceBytes = 1_000): ChunkSource {
  const count = Math.ceil(bytes.length / pieceBytes);
  return new ChunkList(
    Array.from({ length: count }, (_, index) => ({
      bytes: bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
      at: index,
    })),
  );
}

export function drain(source: ChunkSource): string {
  const parts: Uint8Array[] = [];
  for (let chunk = source.next(); chunk !== undefined; chunk = source.next()) parts.push(chunk.bytes);
  return Buffer.concat(parts).toString('latin1');
}
