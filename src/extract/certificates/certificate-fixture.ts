import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** What a test wants in a certificate. */
export interface CertificateFields {
  readonly subject: Readonly<Record<string, string>>;
  readonly issuer?: Readonly<Record<string, string>>;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Hexadecimal, even count. */
  readonly serial: string;
  readonly dns?: readonly string[];
  readonly addresses?: readonly string[];
}

const OIDS: Readonly<Record<string, readonly number[]>> = {
  CN: [0x55, 4, 3],
  C: [0x55, 4, 6],
  O: [0x55, 4, 10],
};
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];

/** A DER-encoded X.509 certificate (RFC 5280) with a fresh key, signed by itself. */
export function makeCertificate(fields: CertificateFields): Uint8Array {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_SHA256));
  const body = sequence(
    tagged(0xa0, integer('02')),
    integer(fields.serial),
    algorithm,
    name(fields.issuer ?? fields.subject),
    sequence(time(fields.notBefore), time(fields.notAfter)),
    name(fields.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...extensions(fields),
  );
  return sequence(body, algorithm, bitString(signed(body, privateKey)));
}

function extensions({ dns = [], addresses = [] }: CertificateFields): Buffer[] {
  if (dns.length + addresses.length === 0) return [];
  const names = [
    ...dns.map((host) => tagged(0x82, Buffer.from(host, 'latin1'))),
    ...addresses.map((address) => tagged(0x87, Buffer.from(address.split('.').map(Number)))),
  ];
  const extension = sequence(oid(SUBJECT_ALT_NAME), tagged(0x04, sequence(...names)));
  return [tagged(0xa3, sequence(extension))];
}

const signed = (body: Buffer, key: KeyObject): Buffer => sign('sha256', body, key);

const name = (parts: Readonly<Record<string, string>>): Buffer =>
  sequence(
    ...Object.entries(parts).map(([type, value]) =>
      tagged(0x31, sequence(oid(OIDS[type]!), tagged(0x0c, Buffer.from(value)))),
    ),
  );

const time = (instant: string): Buffer =>
  tagged(0x18, Buffer.from(instant.replace(/[-:T]|\.\d+/g, ''), 'latin1'));
const oid = (bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));
const integer = (hex: string): Buffer => tagged(0x02, Buffer.from(hex, 'hex'));
const bitString = (bytes: Buffer): Buffer => tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]));
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
