import type { ClassCode } from './class-code.ts';

/**
 * Finds labels whose class codes are at most two deletions away, without comparing with any: the index holds the hash of each
 * code with every one or two symbols left out, a query hashes its own code the same way, and equal hashes propose a pair
 * (the deletion neighbourhood of SymSpell). `paypal` p-a-y-p-a-l and `paypol` p-a-y-p-o-l meet in p-a-y-p-l.
 *
 * Hashes are polynomial, so that leaving out symbols costs two multiplications over prefix and suffix hashes, no copy.
 * A bitmap in front answers most probes from the cache: a name makes some 60, nearly all in vain.
 */

const P = 16_777_619;
/** Codes of queries are followed to one and two deletions from these lengths on. */
const ONE_DELETION_FROM = 4;
const TWO_DELETIONS_FROM = 8;
/** Longer codes are looked up with one deletion only: pairs grow with the square of the length. */
const TWO_DELETIONS_TO = 24;
const MAX_LENGTH = 64;

const powers = new Int32Array(MAX_LENGTH + 1);
powers[0] = 1;
for (let at = 1; at <= MAX_LENGTH; at++) powers[at] = Math.imul(powers[at - 1], P);
const prefixes = new Int32Array(MAX_LENGTH + 1);
const suffixes = new Int32Array(MAX_LENGTH + 1);
const keys = new Int32Array(1 + MAX_LENGTH + (TWO_DELETIONS_TO * (TWO_DELETIONS_TO - 1)) / 2);

/** Spreads a polynomial hash over all 32 bits, the length mixed in; never 0, which marks an empty slot. */
function finish(hash: number, length: number): number {
  let key = Math.imul(hash ^ (length << 24), 0x85ebca6b);
  key = Math.imul(key ^ (key >>> 15), 0xc2b2ae35);
  key ^= key >>> 16;
  return key === 0 ? 1 : key;
}

function fillHashes({ symbols, length }: ClassCode): void {
  for (let at = 0; at < length; at++) prefixes[at + 1] = Math.imul(prefixes[at], P) + symbols[at];
  suffixes[length] = 0;
  for (let at = length - 1; at >= 0; at--)
    suffixes[at] = Math.imul(symbols[at], powers[length - 1 - at]) + suffixes[at + 1];
}

/** How many symbols may be left out of a code of that length. */
function deletionsOf(length: number): number {
  if (length < ONE_DELETION_FROM) return 0;
  return length < TWO_DELETIONS_FROM || length > TWO_DELETIONS_TO ? 1 : 2;
}

/** Fills `keys` with the keys of a code (whole, each symbol left out, each two) and says how many there are. */
function fillKeys(code: ClassCode, deletions: number): number {
  const { length } = code;
  if (length === 0) return 0;
  fillHashes(code);
  let count = 0;
  keys[count++] = finish(prefixes[length], length);
  if (deletions === 0) return count;
  for (let i = 0; i < length; i++)
    keys[count++] = finish(Math.imul(prefixes[i], powers[length - 1 - i]) + suffixes[i + 1], length - 1);
  if (deletions === 1) return count;
  for (let i = 0; i + 1 < length; i++) {
    const head = Math.imul(prefixes[i], powers[length - 2 - i]);
    const skipped = prefixes[i + 1];
    for (let j = i + 1; j < length; j++) {
      const middle = prefixes[j] - Math.imul(skipped, powers[j - i - 1]);
      const hash = head + Math.imul(middle, powers[length - 1 - j]) + suffixes[j + 1];
      keys[count++] = finish(hash, length - 2);
    }
  }
  return count;
}

/** Two bits of the bitmap's word, from a key. */
const bitsOf = (key: number): number => (1 << (key & 31)) | (1 << ((key >>> 5) & 31));

/** Label number → its code's keys, and back from a key to the label numbers. */
export class DeletionIndex {
  /** Open addressing: key and label number side by side, so that a look-up touches one cache line. */
  readonly #slots: Int32Array;
  readonly #slotMask: number;
  readonly #bitmap: Int32Array;
  readonly #wordMask: number;
  readonly #found: Int32Array;
  readonly #foundIn: Int32Array;
  #query = 0;
  #foundCount = 0;

  /**
   * `codeOf` fills and gives the code of label number 0 to `count` − 1, `mostOf` says how many deletions are worth following
   * for it: nearly everything is close to a short label.
   */
  constructor(count: number, codeOf: (label: number) => ClassCode, mostOf: (label: number) => number) {
    const keysOf = (label: number): number => {
      const code = codeOf(label);
      return fillKeys(code, Math.min(mostOf(label), deletionsOf(code.length)));
    };
    let keyCount = 0;
    for (let label = 0; label < count; label++) keyCount += keysOf(label);
    const slots = powerOfTwo(keyCount * 2);
    this.#slots = new Int32Array(slots * 2);
    this.#slotMask = slots - 1;
    const words = powerOfTwo(keyCount / 2);
    this.#bitmap = new Int32Array(words);
    this.#wordMask = words - 1;
    this.#found = new Int32Array(count);
    this.#foundIn = new Int32Array(count);
    for (let label = 0; label < count; label++) {
      const keyed = keysOf(label);
      for (let at = 0; at < keyed; at++) this.#keep(keys[at], label);
    }
  }

  #keep(key: number, label: number): void {
    const slots = this.#slots;
    let slot = key & this.#slotMask;
    while (slots[slot * 2] !== 0) {
      if (slots[slot * 2] === key && slots[slot * 2 + 1] === label) return; // two deletions with one outcome
      slot = (slot + 1) & this.#slotMask;
    }
    slots[slot * 2] = key;
    slots[slot * 2 + 1] = label;
    this.#bitmap[(key >>> 10) & this.#wordMask] |= bitsOf(key);
  }

  #look(key: number): void {
    const slots = this.#slots;
    for (let slot = key & this.#slotMask; slots[slot * 2] !== 0; slot = (slot + 1) & this.#slotMask) {
      if (slots[slot * 2] !== key) continue;
      const label = slots[slot * 2 + 1];
      if (this.#foundIn[label] === this.#query) continue;
      this.#foundIn[label] = this.#query;
      this.#found[this.#foundCount++] = label;
    }
  }

  /** How many labels a code proposes; `found(0)` to before it give their numbers, until the next query. */
  query(code: ClassCode): number {
    this.#query = (this.#query + 1) | 0;
    this.#foundCount = 0;
    const count = fillKeys(code, deletionsOf(code.length));
    // All of the bitmap first, without a branch: its cache misses overlap (7 % of all matching against 50,000 brands).
    const bitmap = this.#bitmap;
    const mask = this.#wordMask;
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const key = keys[at];
      const word = bitmap[(key >>> 10) & mask];
      keys[kept] = key;
      kept += (word >>> (key & 31)) & (word >>> ((key >>> 5) & 31)) & 1;
    }
    for (let at = 0; at < kept; at++) this.#look(keys[at]);
    return this.#foundCount;
  }

  found(at: number): number {
    return this.#found[at];
  }
}

function powerOfTwo(least: number): number {
  let size = 1 << 10;
  while (size < least) size *= 2;
  return size;
}
