import * as layout from './layout.ts';

/** Shortest literal that is filed by pieces of four letters: one of four neighbouring ones begins where four divides. */
const LONG = 7;
const GRAM_FACTOR = -1640531535;
/** Stands in a literal for any letter, digit, `_`, `+` or `-` before its first letter. */
export const AFTER_WORD = '\u{1}';

/** How often bytes stand in pages, roughly, in a thousand; what is not listed is rarer. */
const SHARES: ReadonlyMap<string, number> = new Map([
  ...Array.from('etaoinsrldc', (letter): [string, number] => [letter, 40]),
  ...Array.from('mpuhgbfvwy', (letter): [string, number] => [letter, 15]),
  ...Array.from('kxjqz', (letter): [string, number] => [letter, 5]),
  ...Array.from('0123456789', (letter): [string, number] => [letter, 8]),
  ...Array.from(' "=/', (letter): [string, number] => [letter, 30]),
  ...Array.from('-.<>:', (letter): [string, number] => [letter, 12]),
  ...Array.from("_,;&'", (letter): [string, number] => [letter, 5]),
  ...Array.from('(){}', (letter): [string, number] => [letter, 4]),
]);

const shareOf = (letter: string): number => SHARES.get(letter) ?? 1;

/** Pieces that are commoner than their letters tell. */
const COMMON_PIECES = new Set(
  'http ttps tps: ps:/ s:// ://w //ww /www www. .com com/ .js" href ref= ef=" src= rc=" clas lass ass= ss=" span div> type ype= name ame= data ata- cont onte nten tent scri crip ript pt.j styl tyle text ext/ java avas vasc asc= asci .css html function func unct ncti tion titl itle imag mage .jpg .png widt idth heig ight'.split(
    ' ',
  ),
);

/** Writes the tables by which `scan/literals.ts` finds all of these lower-case literals at once. */
export function writeLiterals(memory: Uint8Array, set: number, literals: readonly string[]): void {
  const writer = new SetWriter(memory, set);
  for (const [number, literal] of literals.entries()) writer.add(number, literal);
  writer.writeClasses();
}

class SetWriter {
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #set: number;
  readonly #pairs = new Set<number>();
  #entries = 1;
  #lettersEnd: number;

  constructor(memory: Uint8Array, set: number) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
    this.#set = set;
    this.#lettersEnd = set + layout.LETTERS;
  }

  add(number: number, literal: string): void {
    const isAfterWord = literal.startsWith(AFTER_WORD);
    const text = Buffer.from(isAfterWord ? literal.slice(1) : literal);
    const row = this.#set + layout.TEXTS + number * layout.TEXT_ROW;
    if (row >= this.#set + layout.LETTERS || this.#lettersEnd + text.length > this.#set + layout.LITERALS_END)
      throw new RangeError('the literals do not fit their tables');
    this.#view.setInt32(row, this.#lettersEnd, true);
    this.#view.setInt32(row + 4, text.length, true);
    this.#memory.set(text, this.#lettersEnd);
    this.#lettersEnd += text.length;
    if (isAfterWord)
      for (const before of 'abcdefghijklmnopqrstuvwxyz0123456789_+-')
        this.#addPair(number, Buffer.of(before.charCodeAt(0), text[0]!), -1);
    else if (text.length >= LONG) this.#addGrams(number, text);
    else this.#addShort(number, text);
  }

  #addGrams(number: number, text: Buffer): void {
    let best = 0;
    let least = Infinity;
    for (let from = 0; from + LONG <= text.length; from++) {
      let cost = 0;
      for (let at = from; at < from + 4; at++) cost += pieceCost(text.toString('latin1', at, at + 4));
      if (cost < least) [best, least] = [from, cost];
    }
    for (let at = best; at < best + 4; at++) {
      const hash = Math.imul(text.readInt32LE(at) | 0x20202020, GRAM_FACTOR);
      const bit = hash >>> (32 - layout.FILTER_BITS);
      const byte = this.#set + layout.FILTER + (bit >>> 3);
      this.#memory[byte] = this.#memory[byte]! | (1 << (bit & 7));
      this.#chain(layout.GRAM_SLOTS + (hash >>> (32 - layout.GRAM_SLOT_BITS)) * 2, number, at);
    }
  }

  #addShort(number: number, text: Buffer): void {
    let best = 0;
    let least = Infinity;
    for (let at = 0; at + 2 <= text.length; at++) {
      const cost = shareOf(String.fromCharCode(text[at]!)) * shareOf(String.fromCharCode(text[at + 1]!));
      if (cost < least) [best, least] = [at, cost];
    }
    this.#addPair(number, text.subarray(best, best + 2), best);
  }

  #addPair(number: number, pair: Uint8Array, back: number): void {
    this.#pairs.add(pair[0]! | (pair[1]! << 8));
    this.#chain(layout.LETTER_SLOTS + (pair[0]! | (pair[1]! << 8) | 0x2020) * 2, number, back);
  }

  /** Puts an entry at the head of a slot's chain. */
  #chain(slot: number, number: number, back: number): void {
    const entry = this.#entries++;
    const row = this.#set + layout.ENTRIES + entry * layout.ENTRY_ROW;
    if (row >= this.#set + layout.TEXTS || entry > 0xffff)
      throw new RangeError('the literals do not fit their tables');
    this.#view.setUint16(row, this.#view.getUint16(this.#set + slot, true), true);
    this.#view.setUint16(row + 2, number, true);
    this.#view.setUint16(row + 4, back + 1, true);
    this.#view.setUint16(this.#set + slot, entry, true);
  }

  /** Second letters are spread over eight bits; each bit's first letters, in both cases, are those of its pairs. */
  writeClasses(): void {
    const seconds = [...new Set(Array.from(this.#pairs, (pair) => pair >> 8))].sort((a, b) => a - b);
    for (const pair of this.#pairs) {
      const bit = 1 << Math.floor((seconds.indexOf(pair >> 8) * 8) / seconds.length);
      for (const first of bothCases(pair & 0xff)) this.#addClass(0, first, bit);
      for (const second of bothCases(pair >> 8)) this.#addClass(32, second, bit);
    }
  }

  #addClass(table: number, byte: number, bit: number): void {
    const base = this.#set + layout.PAIR_CLASSES + table;
    for (const at of [base + (byte & 15), base + 16 + (byte >> 4)])
      this.#memory[at] = this.#memory[at]! | bit;
  }
}

function bothCases(byte: number): number[] {
  return byte >= 97 && byte <= 122 ? [byte, byte - 32] : [byte];
}

function pieceCost(piece: string): number {
  let product = COMMON_PIECES.has(piece) ? 1e7 : 1;
  for (const letter of piece) product *= shareOf(letter);
  return product;
}
