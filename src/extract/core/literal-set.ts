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
  [' ', 300], // in runs
  ...Array.from('"=/', (letter): [string, number] => [letter, 30]),
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
  memory.fill(0, set, set + layout.LITERALS_END);
  const writer = new SetWriter(memory, set);
  const pairs = choosePairs(literals.filter((literal) => isShort(literal)));
  for (const [number, literal] of literals.entries()) writer.add(number, literal, pairs);
  writer.writeClasses();
}

const isShort = (literal: string): boolean =>
  !literal.startsWith(AFTER_WORD) && Buffer.byteLength(literal) < LONG;

/**
 * For short literals the two letters in them that are looked for: of all choices that find each literal one whose pairs
 * stand in pages seldom. The pair that finds most for what it costs is taken first.
 */
function choosePairs(literals: readonly string[]): ReadonlySet<string> {
  const chosen = new Set<string>();
  let left = literals.map(pairsOf);
  while (left.length > 0) {
    const finds = new Map<string, number>();
    for (const pairs of left) for (const pair of new Set(pairs)) finds.set(pair, (finds.get(pair) ?? 0) + 1);
    let best = '';
    let least = Infinity;
    for (const [pair, count] of finds) {
      const cost = (shareOf(pair[0]!) * shareOf(pair[1]!)) / count;
      if (cost < least) [best, least] = [pair, cost];
    }
    chosen.add(best);
    left = left.filter((pairs) => !pairs.includes(best));
  }
  return chosen;
}

const pairsOf = (literal: string): string[] => {
  const text = Buffer.from(literal).toString('latin1');
  return Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2));
};

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

  add(number: number, literal: string, pairs: ReadonlySet<string>): void {
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
    else {
      const at = pairsOf(literal).findIndex((pair) => pairs.has(pair));
      this.#addPair(number, text.subarray(at, at + 2), at);
    }
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

  /** The pairs in eight groups, a bit each: of those with one second letter, groups are joined that let least else pass. */
  writeClasses(): void {
    const groups = [...Map.groupBy(this.#pairs, (pair) => pair >> 8).values()].map(
      (pairs) => new PairGroup(pairs),
    );
    while (groups.length > 8) {
      let best = { left: 0, right: 1, joined: groups[0]!, more: Infinity };
      for (const [left, one] of groups.entries()) {
        for (let right = left + 1; right < groups.length; right++) {
          const joined = new PairGroup([...one.pairs, ...groups[right]!.pairs]);
          const more = joined.share - one.share - groups[right]!.share;
          if (more < best.more) best = { left, right, joined, more };
        }
      }
      groups.splice(best.right, 1);
      groups[best.left] = best.joined;
    }
    for (const [number, { pairs }] of groups.entries()) {
      for (const pair of pairs) {
        for (const first of bothCases(pair & 0xff)) this.#addClass(0, first, 1 << number);
        for (const second of bothCases(pair >> 8)) this.#addClass(32, second, 1 << number);
      }
    }
  }

  #addClass(table: number, byte: number, bit: number): void {
    const base = this.#set + layout.PAIR_CLASSES + table;
    for (const at of [base + (byte & 15), base + 16 + (byte >> 4)])
      this.#memory[at] = this.#memory[at]! | bit;
  }
}

/** Pairs that share a bit: what passes for one of them is every pair of the halves of their bytes. */
class PairGroup {
  readonly pairs: readonly number[];
  /** How often other text passes, roughly. */
  readonly share: number;

  constructor(pairs: readonly number[]) {
    this.pairs = pairs;
    this.share = passing(pairs.map((pair) => pair & 0xff)) * passing(pairs.map((pair) => pair >> 8));
  }
}

/** The shares of all bytes whose halves are among those of the given ones. */
function passing(bytes: readonly number[]): number {
  let lows = 0;
  let highs = 0;
  for (const byte of bytes) {
    lows |= 1 << (byte & 15);
    highs |= 1 << (byte >> 4);
    if (byte >= 97 && byte <= 122) highs |= 1 << ((byte >> 4) - 2);
  }
  let share = 0;
  for (let byte = 32; byte < 127; byte++)
    if (((lows >> (byte & 15)) & (highs >> (byte >> 4)) & 1) !== 0) share += BYTE_SHARES[byte]!;
  return share;
}

const BYTE_SHARES: readonly number[] = Array.from({ length: 128 }, (_, byte) =>
  shareOf(String.fromCharCode(byte).toLowerCase()),
);

function bothCases(byte: number): number[] {
  return byte >= 97 && byte <= 122 ? [byte, byte - 32] : [byte];
}

function pieceCost(piece: string): number {
  let product = COMMON_PIECES.has(piece) ? 1e7 : 1;
  for (const letter of piece) product *= shareOf(letter);
  return product;
}
