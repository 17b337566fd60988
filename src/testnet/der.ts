/**
 * The few DER types (ITU-T X.690) that an X.509 certificate needs. Each function returns one encoded value; sequences
 * take encoded values.
 */
export function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return tagged(0x30, ...items);
}

export function set(...items: readonly Uint8Array[]): Uint8Array {
  return tagged(0x31, ...items);
}

/** A non-negative INTEGER from big-endian bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  return (bytes[0] ?? 0) >= 0x80 ? tagged(0x02, Uint8Array.of(0), bytes) : tagged(0x02, bytes);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return tagged(0x04, bytes);
}

/** A BIT STRING; `unusedBits` are the low bits of the last byte that do not count. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return tagged(0x03, Uint8Array.of(unusedBits), bytes);
}

export const TRUE = Uint8Array.of(0x01, 0x01, 0xff);

export function utf8String(text: string): Uint8Array {
  return tagged(0x0c, Buffer.from(text, 'utf8'));
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Uint8Array.from([first! * 40 + second!, ...rest.flatMap(base128)]));
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return date.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(`${digits.slice(2)}Z`, 'latin1'))
    : tagged(0x18, Buffer.from(`${digits}Z`, 'latin1'));
}

/** Any tag with a definite length; context-specific tags are written with this. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(content.length)), content]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  return [0x80 | octets.length, ...octets];
}

function base128(value: number): number[] {
  const octets = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) octets.unshift((rest & 0x7f) | 0x80);
  return octets;
}
