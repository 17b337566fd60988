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

/**
 * Five letters that stand often in pages, of those that literals have, commonest first: measured over 113 MB of them. The first
 * stands 3,400 times in a million letters, the last 30 times, and those between as Zipf's law has it.
 */
const COMMON_FIVES: ReadonlyMap<string, number> = new Map(
  String.raw`class|lass=| clas|ass="|href=| href|"http|ref="|https|ttps:|="htt|tps:/|ps://|conte|onten|ntent|data-|scrip|cript| data|a hre|<a hr|.com/|/www.|//www|ation|ction|f="ht|ef="h|://ww|quot;|&quot|title|-cont|style|image|<span| id="|http:|ttp:/|tp://|s://w|span |n cla|butto|utton|media|an cl|pan c|splay|ispla|displ|nctio|uncti|funct|tion |ript>|ption|enter|p://w|label| the |ectio|cente|tion-|&amp;|name=|conta|tent/|idget|widge|/scri|trans|<scri|ntain|ame="|text/| <a h|ontai|ainer|taine|ent="|ascri|javas|avasc|vascr|ript |earch|searc|ss="a| and |tent=|<!-- |porta|inter|mobil|share|s.com| <spa|indow|windo|googl|oogle|uot;:|'http|get="|tions|click|obile|bject|index|objec|theme|.html|ratio|ass='|optio|.cont|\u002|video|mages|press|cooki|catio|.org/|ookie|event|='htt|ment.|fault|defau|efaul|itter|table|count|witte|e.com|twitt|ss="n|archi|track|ndow.|slide|list-|roper|prope|ename|ata-t|opert|sourc|ource|rchiv|true"|query|"true|forma|n.com|stati|id="m|perty|ata-s|chive|ref='|n-wid|ject-|="tru|ages/|ebook|light|elect|ormat|acebo|faceb|ceboo|_link|ss="e|tid="|tatic|start|com/w|main-|email|servi|</a> |ion="|tps:\|frame|ervic|compo|selec| prop|sizes|rvice|-page|com/s|this.|graph|asset|-comm|_cont|ata-c|ef='h|f='ht|(func|activ|erty=|:\/\/|r.com|ata-v|ata-r|produ|creat|icati|rty="|ormal|norma|ponen|onent|gener| tran|ps:\/|s:\/\|ompon|mpone|react|ta-re|avata|vatar|ntern|espon|jquer|respo|com/a|edium|mediu|page-|-main|under|contr|type |enera|.net/|plugi|lugin|-tran|defin|ssets|t.com|white|group| id='|space|-form|eacti|-widg|entry|tion.|ta-v-|co.uk|ata-a|.co.u|/styl|/stat|-id="|figur|"page|links|roduc|confi|templ|globa|g.com|lobal| with|sites|-trac|o.uk/|/asse|eport|error|versi|-reac|serve|this |ingle|singl|iner"|er.co|reate|efine|login|a-rea|oduct|ontro|form-|unter|insta|cking|nerat|="og:|y-con|matio|ntrol|photo|itle |lider|ata-i|www.s|page |.com\|erate|.push|ion">|with |ctid=|licat|onfig|phone|www.t|async|com/c|y.com|setti|actid|overf|.min.|push(|submi|ender|rflow|_imag|atic.|rated|erflo|views|verfl|com/p|appli|ntry-|plica|ubmit|racki|ackin|panel|r</a>|point|/site|tting|oglet|gleta|ty="o|y="og|letag|ransl|local|ansla|="dis|nslat|popup|dget_|print|body |embed|sets/|hadow|cloud|shado|ss="v|compa|pplic|marke|dpres|ordpr|wordp|rdpre|gradi|croll|scrol|ember|board|state|ettin|ntext|tings|pport|ata-p|suppo|site-|.goog|ata-z|uery.|ssion|about|com/i|in.js|erver|profi|uppor|anner|{&quo|/a> <|banne|smart|pages|manag|www.m|/css/|edia.|from |www.g|min.j|slate|anage|ontex|cture|ites/| flex|-cent|com/t|horiz| from|rsion|abel |es.co|ersio|rofil|priva|ector|tter-|com\/|rizon|com/n|ident|secur|cache|www.i|o.com|er</a|lides|ent.c|"java|short|witch|rende|ne.co|in de|="jav|k.com|uot;t|strea|-view|files|.medi|id="p`
    .split('|')
    .map((piece, rank) => [piece, 16_000 / (rank + 5)]),
);
/** What is not listed stands less often. */
const RARE = 30;

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

/** How often in a million the five letters at an offset stand in pages, roughly; or four, where there are no more. */
function pieceCost(text: Buffer, at: number): number {
  const piece = text.subarray(at, at + 5);
  const chance = piece.reduce((product, byte) => (product * (BYTE_SHARES[byte] ?? 1)) / 1000, 1e6);
  return COMMON_FIVES.get(piece.toString('latin1')) ?? (piece.length < 5 ? chance : Math.min(RARE, chance));
}
