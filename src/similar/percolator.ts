import { EMPTY_BUCKET } from '#model';
import { BANDINGS, BANDING_OF, NO_KEY } from './bands.ts';
import type { Reference } from './evidence.ts';
import { judge, type CopyVerdict } from './judge.ts';
import { signPage, type PageSignature } from './page.ts';
import type { HostCount } from './sketch.ts';

/** A reference page that a page copies. */
export interface CopyHit<Item extends Reference = Reference> {
  readonly reference: Item;
  readonly verdict: CopyVerdict;
}

/** A key that pages of so many owners share is a template's, or an empty page's: it names nobody. */
const MAX_OWNERS = 24;
/** Pages of one owner in a row that are kept of one key: the others are found by what is their own. */
const MAX_OF_OWNER = 4;
/** Candidates of one page that are compared; those that share most keys come first. */
const MAX_CANDIDATES = 64;
/** One key of text is worth a look; of all others, which agree by chance now and then, two are asked for. */
const WEIGHTS = BANDINGS.map(({ kind }) => (kind === 'text' ? 2 : 1));
const NEEDED = 2;
const IS_PATHS = BANDINGS.map(({ kind }) => kind === 'paths');
/** Keys of paths that pages share whose markup is nearly the same, at least. */
const PATH_KEYS = 3;
/** Buckets of text that pages share where any of it is the same, at least. */
const TEXT_BUCKETS = 2;
const TEXT_SIZE = 128;
const MAX_FILTER_CELLS = 1 << 22;
/** Owners whose pages agree in markup alone: from here on it is a template. */
const TEMPLATE_OWNERS = 4;

/**
 * Reference pages, and for any page those that it copies, at stream speed. A bit map of all band keys turns away nearly
 * all keys of nearly all pages; the rest is looked up in a hash table of key → pages; what shares enough keys is compared.
 */
export class Percolator<Item extends Reference = Reference> {
  readonly #pages: Item[] = [];
  /** Two bits a key, in one word. */
  #filter: Int32Array = new Int32Array(1 << 15);
  /** Pairs of key and newest entry, 0 where there is none: side by side, so that a look-up touches one cache line. */
  #slots: Int32Array = new Int32Array(1 << 13);
  #slotOwners: Uint8Array = new Uint8Array(1 << 12);
  #slotsUsed = 0;
  /** Pairs of page and next entry. */
  #entries: Int32Array = new Int32Array(1 << 14);
  #entryCount = 0;
  /** Of each page: weights of the keys that the page at hand shares; and how many of them are of paths. */
  #hits: Uint16Array = new Uint16Array(64);
  #pathHits: Uint8Array = new Uint8Array(64);
  /** Text sketches in a row, for the first look. */
  #texts: Int32Array = new Int32Array(64 * TEXT_SIZE);
  readonly #owners = new Map<string, number>();
  #ownerOf: Int32Array = new Int32Array(64);
  readonly #touched: number[] = [];
  readonly #matched: Int32Array = new Int32Array(BANDING_OF.length);
  readonly #hosts: HostCount | undefined;

  constructor(options: { readonly hosts?: HostCount } = {}) {
    this.#hosts = options.hosts;
  }

  get size(): number {
    return this.#pages.length;
  }

  add(reference: Item): void {
    const signed = signPage(reference);
    const page = this.#pages.push(signed) - 1;
    if (page >= this.#hits.length) this.#growPages();
    const owner = String(reference.owned[0] ?? reference.host);
    const number = this.#owners.get(owner) ?? this.#owners.size;
    this.#owners.set(owner, number);
    this.#ownerOf[page] = number;
    this.#texts.set(signed.sketch.text, page * TEXT_SIZE);
    for (const key of signed.keys) if (key !== NO_KEY) this.#addKey(key, page);
  }

  /** The reference pages that a page copies, the surest first; its own owner's are left out. */
  query(page: PageSignature): CopyHit<Item>[] {
    const candidates = this.#candidates(page);
    if (candidates.length === 0) return [];
    const hits: CopyHit<Item>[] = [];
    for (const number of candidates) {
      const reference = this.#pages[number]!;
      const verdict = judge(page, reference, this.#hosts);
      if (verdict.isCopy && verdict.level !== 'NONE') hits.push({ reference, verdict });
    }
    return withoutTemplates(hits).sort(bySureness);
  }

  #candidates({ keys, sketch }: PageSignature): readonly number[] {
    const filter = this.#filter;
    const mask = filter.length - 1;
    const matched = this.#matched;
    let count = 0;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const word = filter[(key >>> 10) & mask]!;
      matched[count] = i;
      count += (word >>> (key & 31)) & (word >>> ((key >>> 5) & 31)) & 1;
    }
    if (count === 0) return [];
    this.#touched.length = 0;
    for (let i = 0; i < count; i++) {
      const band = matched[i]!;
      const key = keys[band]!;
      if (key !== NO_KEY) this.#touch(key, BANDING_OF[band]!);
    }
    return this.#worthComparing(sketch.text);
  }

  /** Notes a key at each page that has it. */
  #touch(key: number, banding: number): void {
    const slot = this.#slotOf(key);
    let entry = this.#slots[slot * 2 + 1]!;
    if (entry === 0 || this.#slotOwners[slot]! > MAX_OWNERS) return;
    const entries = this.#entries;
    const hits = this.#hits;
    const weight = WEIGHTS[banding]!;
    const isPaths = IS_PATHS[banding]!;
    while (entry !== 0) {
      const page = entries[entry * 2]!;
      if (hits[page] === 0) this.#touched.push(page);
      hits[page]! += weight;
      if (isPaths) this.#pathHits[page]!++;
      entry = entries[entry * 2 + 1]!;
    }
  }

  /** Of the pages that share keys, those whose text has anything in common or whose markup is nearly the same. */
  #worthComparing(text: Int32Array): number[] {
    const hits = this.#hits;
    const candidates: number[] = [];
    for (const page of this.#touched) {
      if (hits[page]! >= NEEDED && (this.#pathHits[page]! >= PATH_KEYS || this.#sharesText(text, page)))
        candidates.push(page);
    }
    if (candidates.length > MAX_CANDIDATES)
      candidates.sort((a, b) => hits[b]! - hits[a]!).length = MAX_CANDIDATES;
    for (const page of this.#touched) {
      hits[page] = 0;
      this.#pathHits[page] = 0;
    }
    return candidates;
  }

  #sharesText(text: Int32Array, page: number): boolean {
    const texts = this.#texts;
    const start = page * TEXT_SIZE;
    let equal = 0;
    for (let bucket = 0; bucket < TEXT_SIZE; bucket++) {
      const value = text[bucket]!;
      if (value === texts[start + bucket] && value !== EMPTY_BUCKET && ++equal === TEXT_BUCKETS) return true;
    }
    return false;
  }

  #slotOf(key: number): number {
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    const wanted = key | 0;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (slots[slot * 2 + 1] !== 0 && slots[slot * 2] !== wanted) slot = (slot + 1) & mask;
    return slot;
  }

  #addKey(key: number, page: number): void {
    if (this.#slotsUsed * 4 > this.#slots.length) this.#growSlots();
    const slot = this.#slotOf(key);
    const head = this.#slots[slot * 2 + 1]!;
    if (head === 0) {
      this.#slots[slot * 2] = key;
      this.#slotsUsed++;
      this.#setFilter(key);
    }
    const run = this.#ownerRun(head, this.#ownerOf[page]!);
    if (run === 0) this.#slotOwners[slot] = Math.min(255, this.#slotOwners[slot]! + 1);
    if (run >= MAX_OF_OWNER || this.#slotOwners[slot]! > MAX_OWNERS) return;
    const entry = ++this.#entryCount;
    if (entry * 2 + 1 >= this.#entries.length) this.#entries = grown(this.#entries);
    this.#entries[entry * 2] = page;
    this.#entries[entry * 2 + 1] = head;
    this.#slots[slot * 2 + 1] = entry;
  }

  /** How many of a key's newest entries are pages of that owner. */
  #ownerRun(head: number, owner: number): number {
    let run = 0;
    for (let entry = head; entry !== 0 && run < MAX_OF_OWNER; entry = this.#entries[entry * 2 + 1]!) {
      if (this.#ownerOf[this.#entries[entry * 2]!] !== owner) break;
      run++;
    }
    return run;
  }

  #setFilter(key: number): void {
    this.#filter[(key >>> 10) & (this.#filter.length - 1)]! |= (1 << (key & 31)) | (1 << ((key >>> 5) & 31));
  }

  #growPages(): void {
    const size = this.#hits.length * 2;
    this.#hits = new Uint16Array(size);
    this.#pathHits = new Uint8Array(size);
    this.#texts = grown(this.#texts);
    this.#ownerOf = grown(this.#ownerOf);
  }

  /** Twice the slots, and a word of filter for four. */
  #growSlots(): void {
    const [slots, owners] = [this.#slots, this.#slotOwners];
    this.#slots = new Int32Array(slots.length * 2);
    this.#slotOwners = new Uint8Array(slots.length);
    this.#filter = new Int32Array(Math.max(1 << 15, Math.min(slots.length / 4, MAX_FILTER_CELLS)));
    for (let old = 0; old * 2 < slots.length; old++) {
      if (slots[old * 2 + 1] === 0) continue;
      const key = slots[old * 2]! >>> 0;
      const slot = this.#slotOf(key);
      this.#slots[slot * 2] = key;
      this.#slots[slot * 2 + 1] = slots[old * 2 + 1]!;
      this.#slotOwners[slot] = owners[old]!;
      this.#setFilter(key);
    }
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

const bySureness = (a: CopyHit, b: CopyHit): number =>
  b.verdict.score - a.verdict.score ||
  b.verdict.likeness.text - a.verdict.likeness.text ||
  b.verdict.likeness.paths - a.verdict.likeness.paths;

/** What rests on markup alone and fits several owners is what they all were made from. */
function withoutTemplates<Item extends Reference>(hits: CopyHit<Item>[]): CopyHit<Item>[] {
  const byMarkup = hits.filter(({ verdict }) =>
    verdict.evidence.every(({ kind }) => kind === 'markup' || kind === 'favicon'),
  );
  const owners = new Set(byMarkup.map(({ reference }) => reference.owned[0] ?? reference.host));
  return owners.size < TEMPLATE_OWNERS ? hits : hits.filter((hit) => !byMarkup.includes(hit));
}
