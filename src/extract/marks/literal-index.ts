import { MIN_LITERAL } from './pattern-literals.ts';

const CHUNK = 64 * 1024;
const BUCKET_BITS = 18;

/** Byte → the same in lower case (ASCII). */
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

const bucketOf = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> (32 - BUCKET_BITS);

/**
 * Finds many literals in one walk over a text, whatever their number, without regard to the case of ASCII letters.
 * Each literal is filed under one of its four-letter pieces; the walk keeps the last four letters in one integer and
 * asks a table whether any literal could end there. Only then is a literal compared. A three-letter literal is filed
 * with every letter that may stand before it.
 */
export class LiteralIndex {
  readonly #literals: readonly string[];
  /** 1 where some literal has a piece in the bucket: the whole inner loop in nearly every step. */
  readonly #filter = new Uint8Array(1 << BUCKET_BITS);
  /** Bucket → literals filed there, as [literal, offset of the piece's end within it] pairs. */
  readonly #filed = new Map<number, number[]>();
  readonly #chunk = Buffer.alloc(CHUNK);

  /** `literals` in lower case, each of at least three units below U+0100. */
  constructor(literals: readonly string[]) {
    this.#literals = literals;
    literals.forEach((literal, id) => this.#file(literal, id));
  }

  #file(literal: string, id: number): void {
    if (literal.length < MIN_LITERAL) throw new RangeError(`too short to look for: ${literal}`);
    if (literal.length === 3) {
      const [a, b, c] = [...literal].map((letter) => letter.charCodeAt(0));
      const tail = (a! << 16) | (b! << 8) | c!;
      const before = new Set(FOLD);
      for (const byte of before) this.#put((byte << 24) | tail, id, 3);
      return;
    }
    let bestEnd = 4;
    let bestCost = Infinity;
    for (let end = 4; end <= literal.length; end++) {
      const cost = commonness(literal.slice(end - 4, end));
      if (cost < bestCost) [bestCost, bestEnd] = [cost, end];
    }
    let gram = 0;
    for (let i = bestEnd - 4; i < bestEnd; i++) gram = (gram << 8) | literal.charCodeAt(i);
    this.#put(gram, id, bestEnd);
  }

  #put(gram: number, id: number, end: number): void {
    const bucket = bucketOf(gram);
    this.#filter[bucket] = 1;
    const filed = this.#filed.get(bucket);
    if (filed === undefined) this.#filed.set(bucket, [id, end]);
    else filed.push(id, end);
  }

  /** Calls `found` with each literal's index and the offset where it starts, in order of where its piece ends. */
  scan(text: string, found: (literal: number, offset: number) => void): void {
    const chunk = this.#chunk;
    const filter = this.#filter;
    let gram = 0;
    for (let base = 0; base < text.length; base += CHUNK) {
      // Latin-1 keeps one byte a unit, so offsets stay those of the text; what it garbles is compared again below.
      const size = chunk.write(text.slice(base, base + CHUNK), 0, 'latin1');
      for (let i = 0; i < size; i++) {
        gram = (gram << 8) | FOLD[chunk[i]!]!;
        if (filter[Math.imul(gram, 0x9e3779b1) >>> (32 - BUCKET_BITS)] === 1)
          this.#compare(gram, text, base + i + 1, found);
      }
    }
  }

  #compare(gram: number, text: string, end: number, found: (literal: number, offset: number) => void): void {
    const filed = this.#filed.get(bucketOf(gram))!;
    for (let i = 0; i < filed.length; i += 2) {
      const id = filed[i]!;
      const start = end - filed[i + 1]!;
      if (start >= 0 && standsAt(this.#literals[id]!, text, start)) found(id, start);
    }
  }
}

function standsAt(literal: string, text: string, start: number): boolean {
  if (start + literal.length > text.length) return false;
  for (let i = 0; i < literal.length; i++) {
    const unit = text.charCodeAt(start + i);
    const folded = unit >= 65 && unit <= 90 ? unit + 32 : unit;
    if (folded !== literal.charCodeAt(i)) return false;
  }
  return true;
}

const COMMON_LETTERS = ' etaoinsrldcumphg';
const COMMON_PIECES = new Set(
  'http ttps tps: ps:/ s:// ://w //ww /www www. .com com/ .js" href ref= ef=" src= rc=" clas lass ass= ss=" span div> type ype= name ame= data ata- cont onte nten tent scri crip ript pt.j styl tyle text ext/ java avas vasc asc= asci .css html function func unct ncti tion titl itle imag mage .jpg .png widt idth heig ight'.split(
    ' ',
  ),
);

/** How often a four-letter piece will stand in a page, roughly: higher is commoner. */
function commonness(piece: string): number {
  let cost = COMMON_PIECES.has(piece) ? 20 : 0;
  for (const letter of piece) {
    const rank = COMMON_LETTERS.indexOf(letter);
    if (rank !== -1) cost += 4 - rank / 8;
    else if (letter >= 'a' && letter <= 'z') cost += 1;
    else cost += 1.5;
  }
  return cost;
}
