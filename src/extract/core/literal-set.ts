import * as layout from './layout.ts';

/** Shortest literal that is filed by pieces of four letters and a fifth: one of four neighbouring ones begins where four divides. */
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

/** All pairs of bits that are one or three apart. */
const FILTER_MASKS = Uint8Array.from({ length: 16 }, (_, number) => {
  const bit = number & 7;
  return (1 << bit) | (1 << ((bit + (number < 8 ? 1 : 3)) & 7));
});

const shareOf = (letter: string): number => SHARES.get(letter) ?? 1;

/** The four letters that stand most often in pages, commonest first: measured over 113 MB of them. */
const COMMON_PIECES: ReadonlyMap<number, number> = new Map(
  `lass clas ass= ss=" tion http type item href "htt mage imag ref= ttps tps: ef=" nter cont div> /div <div s:// ps:/ </di </a> ="ht ente cent onte .com nten tent menu data ter; span name scri crip ript www. com/ /www ment ://w f="h //ww </li /li> atio widt idth ata- text -web link ctio lign ight tyle medi u002 002f play styl le=" ame" spla disp ispl -con line me": id=" /a>< er;- ":"i flex titl itle -ali pan> ":{" a></ s="m itio dth: eigh rgin marg argi size "id" arti /spa rtic ion" -wid <spa </sp head ages "></ heig ype= enam ion: .jpg edia icle ype" ticl icon ="me ener post arge tems load lock meta font src= bloc pe": der- ttp: p:// tp:/ leme f="/ id": ont- form elem pe=" rend el=" ader diti ecti ipt> d":" "><a max- endi s="c port rc=" eade t-bo abel auth labe true olor thor utho news amp; &amp navi site tle= yle= s="s ager valu nder alue rel= func et=" _typ li>< ncti box- unct gere time ent= nt=" stat ent/ {"ty ;dis auto tter ed": jpg" gene arch pres rati page comm <li> erat unde prop list stro <met rget targ /scr main ions s.co alse rate ted" butt omme over tton utto nera <scr ame= erli quot null "tex s="t onta thum humb dium me=" trac tati ediu ion- .png info able <!-- uot; rack`
    .split(' ')
    .map((piece, rank) => [Buffer.from(piece).readInt32LE(), 2e9 / (rank + 1) ** 0.6]),
);

/** Writes the tables by which `scan/literals.ts` finds all of these lower-case literals at once. */
export function writeLiterals(memory: Uint8Array, set: number, literals: readonly string[]): void {
  memory.fill(0, set, set + layout.LITERALS_END);
  memory.set(FILTER_MASKS, set + layout.FILTER_MASKS);
  const writer = new SetWriter(memory, set);
  const triples = chooseTriples(literals.filter((literal) => isShort(literal)));
  for (const [number, literal] of literals.entries()) writer.add(number, literal, triples);
  writer.writeEntries();
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
  /** The literals that are still to be found, by each triple that would find them. */
  const finds = new Map<string, Set<string>>();
  for (const literal of literals)
    for (const triple of triplesOf(literal)) finds.set(triple, (finds.get(triple) ?? new Set()).add(literal));
  for (let left = new Set(literals).size; left > 0;) {
    let best = '';
    let least = Infinity;
    for (const [triple, { size }] of finds) {
      const cost = (shareOf(triple[0]!) * shareOf(triple[1]!) * shareOf(triple[2]!)) / size;
      if (cost < least) [best, least] = [triple, cost];
    }
    chosen.add(best);
    for (const literal of finds.get(best)!) {
      left--;
      for (const triple of triplesOf(literal)) finds.get(triple)!.delete(literal);
    }
  }
  return chosen;
}

const triplesOf = (literal: string): string[] => {
  const text = Buffer.from(literal).toString('latin1');
  return Array.from({ length: text.length - 2 }, (_, at) => text.slice(at, at + 3));
};

/** A literal, and where in it a piece of it stands. */
interface Entry {
  readonly number: number;
  readonly text: Buffer;
  readonly back: number;
}

class SetWriter {
  readonly #memory: Uint8Array;
  readonly #view: DataView;
  readonly #set: number;
  readonly #triples = new Set<number>();
  /** By the offset of their slot. */
  readonly #entries = new Map<number, Entry[]>();
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
    if (row >= this.#set + layout.LETTERS || this.#lettersEnd + text.length > this.#set + layout.LETTERS_END)
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

  /**
   * Four pieces that begin one after another. Of the fifth letter of a piece five bits count: so the last one of a literal of
   * seven letters, which ends with its fourth, is filed under all there are.
   */
  #addGrams(number: number, text: Buffer): void {
    const costs = Array.from({ length: text.length - 3 }, (_, at) => pieceCost(text, at));
    let best = 0;
    let least = Infinity;
    for (let from = 0; from + Math.min(LONG + 1, text.length) <= text.length; from++) {
      const cost = costs[from]! + costs[from + 1]! + costs[from + 2]! + costs[from + 3]!;
      if (cost < least) [best, least] = [from, cost];
    }
    for (let at = best; at < best + 4; at++)
      if (at + 4 < text.length) this.#addGram(number, text, at, text[at + 4]!);
      else for (let fifth = 0; fifth < 32; fifth++) this.#addGram(number, text, at, fifth);
  }

  #addGram(number: number, text: Buffer, at: number, fifth: number): void {
    const hash = Math.imul(text.readInt32LE(at) | 0x20202020, GRAM_FACTOR) ^ (fifth << 27);
    const byte = this.#set + layout.FILTER + (hash >>> layout.FILTER_SHIFT);
    this.#memory[byte] = this.#memory[byte]! | FILTER_MASKS[(hash >>> (layout.FILTER_SHIFT - 4)) & 15]!;
    this.#file(layout.GRAM_SLOTS, hash, { number, text, back: at });
  }

  #addTriple(number: number, text: Buffer, triple: Uint8Array, back: number): void {
    const letters = triple[0]! | (triple[1]! << 8) | (triple[2]! << 16);
    this.#triples.add(letters);
    const hash = Math.imul(letters | 0x202020, GRAM_FACTOR);
    this.#file(layout.TRIPLE_SLOTS, hash, { number, text, back });
  }

  /** Triples of one literal may share a slot; once is enough. */
  #file(slots: number, hash: number, entry: Entry): void {
    const slot = slots + (hash >>> (32 - layout.SLOT_BITS)) * 2;
    const others = this.#entries.get(slot);
    if (others === undefined) this.#entries.set(slot, [entry]);
    else if (!others.some(({ number, back }) => number === entry.number && back === entry.back))
      others.push(entry);
  }

  /** Those of a slot lie behind one another. What is compared first stands as far from the piece as the literal has letters. */
  writeEntries(): void {
    let row = this.#set + layout.ENTRIES;
    for (const [slot, entries] of this.#entries) {
      row += layout.ENTRY_ROW;
      const first = (row - this.#set - layout.ENTRIES) / layout.ENTRY_ROW;
      this.#view.setUint16(this.#set + slot, first, true);
      for (const [index, { number, text, back }] of entries.entries()) {
        if (index > 0) row += layout.ENTRY_ROW;
        if (row >= this.#set + layout.TEXTS) throw new RangeError('the literals do not fit their tables');
        const probe = back * 2 + 4 > text.length ? 0 : Math.max(0, text.length - 4);
        const letters = Buffer.alloc(4);
        text.copy(letters, 0, probe);
        const mask = text.length >= 4 ? -1 : (1 << (8 * text.length)) - 1;
        this.#view.setUint16(row, index < entries.length - 1 ? 1 : 0, true);
        this.#view.setUint16(row + 2, number, true);
        this.#view.setUint16(row + 4, back + 1, true);
        this.#view.setUint16(row + 6, probe, true);
        this.#view.setInt32(row + 8, (letters.readInt32LE() | 0x20202020) & mask, true);
        this.#view.setInt32(row + 12, mask, true);
      }
    }
  }

  /** The triples in sixteen groups, a bit of one of two banks each: of those with the same two last letters, groups are joined that let least else pass. */
  writeClasses(): void {
    const groups = joinGroups(
      [...Map.groupBy(this.#triples, (triple) => groupKey(triple)).values()].map(groupOf),
      16,
    );
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
interface TripleGroup {
  readonly triples: readonly number[];
  /** By letter: bits of the low halves of their bytes, and of the high halves above them. */
  readonly halves: readonly number[];
  /** How often other text passes, roughly. */
  readonly share: number;
}

function groupOf(triples: readonly number[]): TripleGroup {
  const halves = [0, 8, 16].map((shift) =>
    triples
      .flatMap((triple) => bothCases((triple >> shift) & 0xff))
      .reduce((bits, byte) => bits | (1 << (byte & 15)) | (0x10000 << (byte >> 4)), 0),
  );
  return { triples, halves, share: passing(halves) };
}

/** Joins the two groups whose union lets least else pass, until so many are left. */
function joinGroups(given: readonly TripleGroup[], wanted: number): readonly TripleGroup[] {
  const groups = [...given];
  const halvesOf = (left: TripleGroup, right: TripleGroup): number[] =>
    left.halves.map((bits, letter) => bits | right.halves[letter]!);
  const costOf = (left: TripleGroup, right: TripleGroup): number =>
    passing(halvesOf(left, right)) - left.share - right.share;
  /** By group, the costs of joining it with each one behind it. */
  const costs = groups.map((left, number) => groups.slice(number + 1).map((right) => costOf(left, right)));
  while (groups.length > wanted) {
    let best = { left: 0, right: 1, cost: Infinity };
    for (const [left, ofLeft] of costs.entries())
      for (const [behind, cost] of ofLeft.entries())
        if (cost < best.cost) best = { left, right: left + 1 + behind, cost };
    const { left, right } = best;
    const [one, other] = [groups[left]!, groups[right]!];
    const halves = halvesOf(one, other);
    groups[left] = { triples: [...one.triples, ...other.triples], halves, share: passing(halves) };
    groups.splice(right, 1);
    costs.splice(right, 1);
    for (const [number, own] of costs.entries()) {
      if (number < right) own.splice(right - number - 1, 1);
      if (number < left) own[left - number - 1] = costOf(groups[number]!, groups[left]);
    }
    costs[left] = groups.slice(left + 1).map((group) => costOf(groups[left]!, group));
  }
  return groups;
}

/** The product of the shares of all bytes, letter by letter, whose halves are among these. */
function passing(halves: readonly number[]): number {
  return halves.reduce((product, bits) => {
    let share = shares.get(bits);
    if (share === undefined) shares.set(bits, (share = shareOfHalves(bits)));
    return product * share;
  }, 1);
}

const shares = new Map<number, number>();

function shareOfHalves(bits: number): number {
  let share = 0;
  for (let byte = 32; byte < 127; byte++)
    if (((bits >> (byte & 15)) & (bits >>> (16 + (byte >> 4))) & 1) !== 0) share += BYTE_SHARES[byte]!;
  return share;
}

const BYTE_SHARES: readonly number[] = Array.from({ length: 128 }, (_, byte) =>
  shareOf(String.fromCharCode(byte).toLowerCase()),
);

function bothCases(byte: number): number[] {
  return byte >= 97 && byte <= 122 ? [byte, byte - 32] : [byte];
}

/** How often the five letters at an offset stand in pages, roughly; or four, where there are no more. */
function pieceCost(text: Buffer, at: number): number {
  const share = fourShare(text, at);
  return at + 4 < text.length ? Math.min(share, fourShare(text, at + 1)) : share;
}

function fourShare(text: Buffer, at: number): number {
  let product = 1;
  for (let letter = at; letter < at + 4; letter++) product *= BYTE_SHARES[text[letter]!] ?? 1;
  return COMMON_PIECES.get(text.readInt32LE(at)) ?? product;
}
