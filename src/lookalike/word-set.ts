/**
 * A set of short words that is asked "which of you does this begin or end with" over bytes, without making a string: the hash
 * of each prefix follows from the one before.
 */
const P = 16_777_619;
const MAX_WORD = 22;

const powers = new Int32Array(MAX_WORD + 1);
powers[0] = 1;
for (let at = 1; at <= MAX_WORD; at++) powers[at] = Math.imul(powers[at - 1], P);

function mix(hash: number, length: number): number {
  const mixed = Math.imul(hash ^ (length << 24), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

export class WordSet {
  readonly #hashes: Int32Array;
  readonly #mask: number;

  /** Lower-case ASCII words; longer ones than 22 letters are left out. */
  constructor(words: readonly string[]) {
    let slots = 1 << 8;
    while (slots < words.length * 4) slots *= 2;
    this.#hashes = new Int32Array(slots);
    this.#mask = slots - 1;
    for (const word of words) {
      if (word.length > MAX_WORD) continue;
      let hash = 0;
      for (let at = 0; at < word.length; at++) hash = Math.imul(hash, P) + word.charCodeAt(at);
      const key = mix(hash, word.length) || 1;
      let slot = key & this.#mask;
      while (this.#hashes[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#hashes[slot] = key;
    }
  }

  #has(hash: number, length: number): boolean {
    const key = mix(hash, length) || 1;
    for (let slot = key & this.#mask; this.#hashes[slot] !== 0; slot = (slot + 1) & this.#mask)
      if (this.#hashes[slot] === key) return true;
    return false;
  }

  /** End of the longest word that `bytes[from..to)` begins with; `from` where there is none. */
  longestPrefix(bytes: Uint8Array, from: number, to: number): number {
    const last = Math.min(to, from + MAX_WORD);
    let longest = from;
    let hash = 0;
    for (let at = from; at < last; at++) {
      hash = Math.imul(hash, P) + bytes[at];
      if (at > from && this.#has(hash, at + 1 - from)) longest = at + 1;
    }
    return longest;
  }

  /** Start of the longest word that `bytes[from..to)` ends with; `to` where there is none. */
  longestSuffix(bytes: Uint8Array, from: number, to: number): number {
    const first = Math.max(from, to - MAX_WORD);
    let longest = to;
    let hash = 0;
    for (let at = to - 1; at >= first; at--) {
      hash += Math.imul(bytes[at], powers[to - 1 - at]);
      if (at < to - 1 && this.#has(hash, to - at)) longest = at;
    }
    return longest;
  }
}
