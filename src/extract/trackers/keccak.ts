/**
 * Keccak-256 as Ethereum and Monero use it: the original padding (0x01), not that of SHA-3 (FIPS 202, 0x06), which is
 * what `node:crypto` offers. Inputs here are addresses of a few dozen bytes, so BigInt lanes are quick enough.
 */
const MASK = (1n << 64n) - 1n;
const RATE_BYTES = 136;

const ROUND_CONSTANTS: readonly bigint[] = makeRoundConstants();
const ROTATIONS: readonly number[] = [
  0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14,
];

export function keccak256(input: Uint8Array): Uint8Array {
  const state = Array.from({ length: 25 }, () => 0n);
  const padded = new Uint8Array(Math.ceil((input.length + 1) / RATE_BYTES) * RATE_BYTES);
  padded.set(input);
  padded[input.length] = 0x01;
  padded[padded.length - 1]! |= 0x80;
  const view = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE_BYTES) {
    for (let lane = 0; lane < RATE_BYTES / 8; lane++) {
      state[lane]! ^= view.getBigUint64(block + 8 * lane, true);
    }
    permute(state);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let lane = 0; lane < 4; lane++) digest.setBigUint64(8 * lane, state[lane]!, true);
  return new Uint8Array(digest.buffer);
}

const rotate = (lane: bigint, by: number): bigint =>
  ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK;

/** Keccak-f[1600]: 24 rounds of theta, rho, pi, chi, iota over a 5 × 5 state of 64-bit lanes. */
function permute(a: bigint[]): void {
  for (const constant of ROUND_CONSTANTS) {
    const c = [0, 1, 2, 3, 4].map((x) => a[x]! ^ a[x + 5]! ^ a[x + 10]! ^ a[x + 15]! ^ a[x + 20]!);
    for (let i = 0; i < 25; i++) a[i]! ^= c[(i + 4) % 5]! ^ rotate(c[(i + 1) % 5]!, 1);
    const b: bigint[] = [];
    for (let x = 0; x < 5; x++) {
      for (let y = 0; y < 5; y++)
        b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[x + 5 * y]!, ROTATIONS[x + 5 * y]!);
    }
    for (let i = 0; i < 25; i++) {
      const row = 5 * Math.floor(i / 5);
      a[i] = b[i]! ^ (~b[row + ((i + 1) % 5)]! & MASK & b[row + ((i + 2) % 5)]!);
    }
    a[0]! ^= constant;
  }
}

/** The constants come from a linear feedback shift register (Keccak reference, §1.2). */
function makeRoundConstants(): bigint[] {
  let register = 1;
  const nextBit = (): bigint => {
    const bit = BigInt(register & 1);
    register = register & 0x80 ? ((register << 1) ^ 0x71) & 0xff : register << 1;
    return bit;
  };
  // The register here runs most significant bit first: seed and feedback as in the reference code.
  register = 1;
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let j = 0; j < 7; j++) constant |= nextBit() << BigInt((1 << j) - 1);
    return constant;
  });
}
