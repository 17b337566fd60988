const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32 = 1;
const BECH32M = 0x2bc830a3;

function checksum(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, bit) => {
      if ((top >> bit) & 1) sum ^= generator;
    });
  }
  return sum >>> 0;
}

const expandPrefix = (prefix: string): number[] => [
  ...[...prefix].map((letter) => letter.charCodeAt(0) >> 5),
  0,
  ...[...prefix].map((letter) => letter.charCodeAt(0) & 31),
];

/**
 * Whether the text is a segregated-witness address (BIP 173; BIP 350 for witness versions above 0) with one of the
 * prefixes. Mixed case is wrong by the standard.
 */
export function isSegwitAddress(text: string, prefixes: readonly string[]): boolean {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return false;
  const separator = lower.lastIndexOf('1');
  const prefix = lower.slice(0, separator);
  if (separator < 1 || !prefixes.includes(prefix) || lower.length > 90) return false;
  const values = Array.from(lower.slice(separator + 1), (letter) => ALPHABET.indexOf(letter));
  if (values.length < 8 || values.includes(-1)) return false;
  const version = values[0]!;
  if (version > 16) return false;
  if (checksum([...expandPrefix(prefix), ...values]) !== (version === 0 ? BECH32 : BECH32M)) return false;
  const programBits = (values.length - 7) * 5;
  const programBytes = Math.floor(programBits / 8);
  if (programBits - 8 * programBytes > 4 || programBytes < 2 || programBytes > 40) return false;
  return version !== 0 || programBytes === 20 || programBytes === 32;
}

/** The address of a witness program, for checks. */
export function encodeSegwitAddress(prefix: string, version: number, program: Uint8Array): string {
  const values = [version];
  let bits = 0;
  let accumulator = 0;
  for (const byte of program) {
    accumulator = (accumulator << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) values.push((accumulator >> (bits - 5)) & 31);
    accumulator &= (1 << bits) - 1;
  }
  if (bits > 0) values.push((accumulator << (5 - bits)) & 31);
  const sum =
    checksum([...expandPrefix(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ (version === 0 ? BECH32 : BECH32M);
  for (let i = 5; i >= 0; i--) values.push((sum >>> (5 * i)) & 31);
  return `${prefix}1${values.map((value) => ALPHABET[value]).join('')}`;
}
