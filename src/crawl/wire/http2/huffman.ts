/**
 * The Huffman code of HPACK (RFC 7541 Appendix B). It is canonical: codes of one length ascend with their symbols, and
 * the first code of a length follows the last of the length before. So the lengths alone define it.
 */
// prettier-ignore
const CODE_LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];

const END_OF_STRING = 256;
const MAX_LENGTH = 30;

/** For each length: the first code of it, and where its symbols start in SYMBOLS. */
const FIRST_CODE = new Uint32Array(MAX_LENGTH + 2);
const FIRST_INDEX = new Uint16Array(MAX_LENGTH + 2);
const SYMBOLS = Uint16Array.from(CODE_LENGTHS.keys()).toSorted(
  (a, b) => CODE_LENGTHS[a]! - CODE_LENGTHS[b]! || a - b,
);
for (let length = 1, code = 0, index = 0; length <= MAX_LENGTH + 1; length++) {
  FIRST_CODE[length] = code;
  FIRST_INDEX[length] = index;
  const count = CODE_LENGTHS.filter((other) => other === length).length;
  code = (code + count) << 1;
  index += count;
}

/** Huffman-coded bytes → the octets, or undefined where they are no valid code (RFC 7541 §5.2). */
export function decodeHuffman(bytes: Uint8Array): Buffer | undefined {
  // The shortest code has five bits.
  const output = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / 5));
  let size = 0;
  let code = 0;
  let length = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      if (length > MAX_LENGTH) return undefined;
      const offset = code - FIRST_CODE[length]!;
      const count = FIRST_INDEX[length + 1]! - FIRST_INDEX[length]!;
      if (offset < 0 || offset >= count) continue;
      const symbol = SYMBOLS[FIRST_INDEX[length]! + offset]!;
      if (symbol === END_OF_STRING) return undefined;
      output[size++] = symbol;
      code = 0;
      length = 0;
    }
  }
  // Padding is the beginning of the end-of-string code: ones, and less than a byte of them.
  const isPadded = length < 8 && code === (1 << length) - 1;
  return isPadded ? output.subarray(0, size) : undefined;
}
