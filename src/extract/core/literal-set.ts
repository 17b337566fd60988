import * as layout from './layout.ts';

/** Shortest literal that is filed by pieces of four letters: one of four neighbouring ones begins where four divides. */
const LONG = 7;
const GRAM_FACTOR = -1640531535;
/** Stands in a literal of one letter for any letter, digit, `_`, `+` or `-` before it, and any letter, digit or `-` behind it. */
export const INSIDE_WORD = '\u{1}';
const BEFORE = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789_+-');
const BEHIND = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789-');

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
  const triples = chooseTriples(literals.filter((literal) => isShort(literal)));
  for (const [number, literal] of literals.entries()) writer.add(number, literal, triples);
  writer.writeClasses();
}

const isShort = (literal: string): boolean =>
  !literal.startsWith(INSIDE_WORD) && Buffer.byteLength(literal) < LONG;

/**
 * For short literals the three letters in them that are looked for: of all choices that find each literal one whose letters
 * stand in pages seldom. The triple that finds most for what it costs is taken first.
 */
function chooseTriples(literals: readonly string[]): ReadonlySet<string> {
  const chosen = new Set<string>();
  let left = literals.map(triplesOf);
  while (left.length > 0) {
    const finds = new Map<string, number>();
    for (const triples of left)
      for (const triple of new Set(triples)) finds.set(triple, (finds.get(triple) ?? 0) + 1);
    let best = '';
    let least = Infinity;
    for (const [triple, count] of finds) {
      const cost = (shareOf(triple[0]!) * shareOf(triple[1]!) * shareOf(triple[2]!)) / count;
      if (cost < least) [best, least] = [triple, cost];
    }
    chosen.add(best);
    left = left.filter((triples) => !triples.includes(best));
  }
  return chosen;
}

const triplesOf = (literal: string): string[] => {
  const text = Buffer.from(literal).toString('latin1');
  return Array.from({ length: text.length - 2 }, (_, at) => text.slice(at, at + 3));
};

class SetWriter {
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #set: number;
  readonly #triples = new Set<number>();
  #entries = 1;
  #lettersEnd: number;

  constructor(memory: Uint8Array, set: number) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
    this.#set = set;
    this.#lettersEnd = set + layout.LETTERS;
  }

  add(number: number, literal: string, triples: ReadonlySet<string>): void {
    const isInside = literal.startsWith(INSIDE_WORD);
    const text = Buffer.from(isInside ? literal.slice(1) : literal);
    const row = this.#set + layout.TEXTS + number * layout.TEXT_ROW;
    if (row >= this.#set + layout.LETTERS || this.#lettersEnd + text.length > this.#set + layout.LITERALS_END)
      throw new RangeError('the literals do not fit their tables');
    this.#view.setInt32(row, this.#lettersEnd, true);
    this.#view.setInt32(row + 4, text.length, true);
    this.#memory.set(text, this.#lettersEnd);
    this.#lettersEnd += text.length;
    if (isInside) {
      for (const before of BEFORE)
        for (const behind of BEHIND) this.#addTriple(number, text, Buffer.of(before, text[0]!, behind), -1);
    } else if (text.length >= LONG) this.#addGrams(number, text);
    else {
      const at = triplesOf(literal).findIndex((triple) => triples.has(triple));
      this.#addTriple(number, text, text.subarray(at, at + 3), at);
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
      this.#chain(layout.GRAM_SLOTS + (hash >>> (32 - layout.GRAM_SLOT_BITS)) * 2, number, text, at);
    }
  }

  #addTriple(number: number, text: Buffer, triple: Uint8Array, back: number): void {
    const letters = triple[0]! | (triple[1]! << 8) | (triple[2]! << 16);
    this.#triples.add(letters);
    const hash = Math.imul(letters | 0x202020, GRAM_FACTOR);
    this.#chain(layout.TRIPLE_SLOTS + (hash >>> (32 - layout.TRIPLE_SLOT_BITS)) * 2, number, text, back);
  }

  /** Puts an entry at the head of a slot's chain. What is compared first stands as far from the piece as the literal has letters. */
  #chain(slot: number, number: number, text: Buffer, back: number): void {
    const entry = this.#entries++;
    const row = this.#set + layout.ENTRIES + entry * layout.ENTRY_ROW;
    if (row >= this.#set + layout.TEXTS || entry > 0xffff)
      throw new RangeError('the literals do not fit their tables');
    const probe = back * 2 + 4 > text.length ? 0 : Math.max(0, text.length - 4);
    const letters = Buffer.alloc(4);
    text.copy(letters, 0, probe);
    const mask = text.length >= 4 ? -1 : (1 << (8 * text.length)) - 1;
    this.#view.setUint16(row, this.#view.getUint16(this.#set + slot, true), true);
    this.#view.setUint16(row + 2, number, true);
    this.#view.setUint16(row + 4, back + 1, true);
    this.#view.setUint16(row + 6, probe, true);
    this.#view.setInt32(row + 8, (letters.readInt32LE() | 0x20202020) & mask, true);
    this.#view.setInt32(row + 12, mask, true);
    this.#view.setUint16(this.#set + slot, entry, true);
  }

  /** The triples in sixteen groups, a bit of one of two banks each: of those with the same two last letters, groups are joined that let least else pass. */
  writeClasses(): void {
    const groups = [...Map.groupBy(this.#triples, (triple) => groupKey(triple)).values()].map(
      (triples) => new TripleGroup(triples),
    );
    while (groups.length > 16) {
      let best = { left: 0, right: 1, joined: groups[0]!, more: Infinity };
      for (const [left, one] of groups.entries()) {
        for (let right = left + 1; right < groups.length; right++) {
          const joined = new TripleGroup([...one.triples, ...groups[right]!.triples]);
          const more = joined.share - one.share - groups[right]!.share;
          if (more < best.more) best = { left, right, joined, more };
        }
      }
      groups.splice(best.right, 1);
      groups[best.left] = best.joined;
    }
    for (const [number, { triples }] of groups.entries())
      for (const triple of triples)
        for (let letter = 0; letter < 3; letter++)
          for (const byte of bothCases((triple >> (8 * letter)) & 0xff))
            this.#addClass((number >> 3) * layout.TRIPLE_BANK + 32 * letter, byte, 1 << (number & 7));
  }

  #addClass(table: number, byte: number, bit: number): void {
    const base = this.#set + layout.TRIPLE_CLASSES + table;
    for (const at of [base + (byte & 15), base + 16 + (byte >> 4)])
      this.#memory[at] = this.#memory[at]! | bit;
  }
}

/** `@` alone has more triples than all else. */
const groupKey = (triple: number): number => (((triple >> 8) & 0xff) === 0x40 ? 0x40 : triple >> 8);

/** Triples that share a bit: what passes for one of them is every triple of the halves of their bytes. */
class TripleGroup {
  readonly triples: readonly number[];
  /** How often other text passes, roughly. */
  readonly share: number;

  constructor(triples: readonly number[]) {
    this.triples = triples;
    this.share = [0, 8, 16].reduce(
      (share, shift) => share * passing(triples.map((triple) => (triple >> shift) & 0xff)),
      1,
    );
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
