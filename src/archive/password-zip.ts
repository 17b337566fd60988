import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { ArchiveError } from './errors.ts';
import * as zip from './zip-format.ts';

const VERSION = 20;
const MADE_ON_UNIX = 3 << 8;
const HEADER_BYTES = 12;
const FLAGS = zip.ENCRYPTED_FLAG | zip.UTF8_FLAG;

/**
 * A ZIP whose files open only with the password, by the traditional encryption (PKWARE APPNOTE 6.3.10, section 6.1): every unzip
 * reads it. It keeps nobody from reading who knows the password, and is not meant to: it keeps mail gateways, indexers and
 * hasty fingers from opening what is inside. Names are visible.
 */
export function passwordZip(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  password: string,
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const names = new Set<string>();
  let offset = 0;
  for (const { name, bytes } of files) {
    if (!zip.isSafeEntryName(name) || names.has(name))
      throw new ArchiveError('archive-bad-source', 'not a path of its own inside the ZIP', { file: name });
    names.add(name);
    const crc = crc32(bytes);
    const data = encrypt(deflateRawSync(bytes), password, crc);
    const nameBytes = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(FLAGS, 2);
    common.writeUInt16LE(zip.DEFLATED, 4);
    common.writeUInt32LE(0x00210000, 6); // 1980-01-01: says nothing
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.alloc(4);
    local.writeUInt32LE(zip.LOCAL_HEADER, 0);
    parts.push(local, common, nameBytes, data);
    const central = Buffer.alloc(zip.CENTRAL_HEADER_BYTES);
    central.writeUInt32LE(zip.CENTRAL_HEADER, 0);
    central.writeUInt16LE(MADE_ON_UNIX | VERSION, 4);
    common.copy(central, 6);
    central.writeUInt32LE(0o100644 * 0x10000, 38);
    central.writeUInt32LE(offset, 42);
    directory.push(central, nameBytes);
    offset += local.length + common.length + nameBytes.length + data.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(zip.END_BYTES);
  end.writeUInt32LE(zip.END_OF_DIRECTORY, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** The three keys of the cipher: the password sets them, each byte of the plain text moves them on. */
function encrypt(bytes: Uint8Array, password: string, crc: number): Buffer {
  let [k0, k1, k2] = [0x12345678, 0x23456789, 0x34567890];
  const move = (byte: number): void => {
    k0 = CRC[(k0 ^ byte) & 0xff]! ^ (k0 >>> 8);
    k1 = (Math.imul((k1 + (k0 & 0xff)) | 0, 134_775_813) + 1) | 0;
    k2 = CRC[(k2 ^ (k1 >>> 24)) & 0xff]! ^ (k2 >>> 8);
  };
  for (const byte of Buffer.from(password, 'utf8')) move(byte);
  const header = randomBytes(HEADER_BYTES);
  header[HEADER_BYTES - 1] = crc >>> 24; // by which readers see early that the password is wrong
  const out = Buffer.alloc(HEADER_BYTES + bytes.length);
  for (let at = 0; at < out.length; at++) {
    const byte = at < HEADER_BYTES ? header[at]! : bytes[at - HEADER_BYTES]!;
    const mask = (k2 & 0xffff) | 2;
    out[at] = byte ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 0xff);
    move(byte);
  }
  return out;
}
