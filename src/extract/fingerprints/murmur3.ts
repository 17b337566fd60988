/** MurmurHash3, x86, 32 bits (Austin Appleby, public domain): signed, as Shodan and others print it. */
export function murmur3(bytes: Uint8Array, seed = 0): number {
  let hash = seed;
  const blocks = bytes.length & ~3;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < blocks; i += 4) {
    hash ^= scramble(view.getInt32(i, true));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= blocks; i--) tail = (tail << 8) | bytes[i]!;
  hash ^= scramble(tail) ^ bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

/**
 * The hash of an icon as Shodan computes it: MurmurHash3 of the Base64 text, with a line feed after every 76 letters
 * and at the end (what Python's `base64.encodebytes` writes). Signed decimal.
 */
export function iconHash(icon: Uint8Array): number {
  const base64 = Buffer.from(icon.buffer, icon.byteOffset, icon.length).toString('base64');
  return murmur3(Buffer.from(base64.replace(/.{1,76}/g, '$&\n'), 'latin1'));
}
