import { BANDINGS, BANDING_OF, NO_KEY } from './bands.ts';
import type { Reference } from './evidence.ts';
import { FirstLook, grown } from './first-look.ts';
import { judge, type CopyVerdict } from './judge.ts';
import { signPage, type PageSignature } from './page.ts';
import { cardinality } from './sketch.ts';

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
const MAX_FILTER_CELLS = 1 << 22;
/** Share of slots that are used before there are more. */
const MOST_FULL = 0.6;
/** Owners whose pages agree in markup alone: from here on it is a template. */
const TEMPLATE_OWNERS = 4;

/** What a hit of a paths' key adds beside its weight: their count lies above the weights' sum. */
const ONE_PATH = 1 << 16;
/** Of each key, by its place. */
const KEY_WEIGHTS = Int32Array.from(
  BANDING_OF,
  (banding) => WEIGHTS[banding]! + (IS_PATHS[banding]! ? ONE_PATH : 0),
);
/** Instead of pages, where a key has too many owners. */
const TOO_MANY = -0x80000000;

/**
 * Reference pages, and for any page those that it copies, at stream speed. A bit map of all band keys turns away nearly
 * all keys of nearly all pages; the rest is looked up in a hash table of key → pages; what shares enough keys is compared.
 *
 * The table is much larger than any cache, so what counts is how often memory is waited for: a key of one page, as most are, has it in
 * its slot; and all slots of a page are asked for before any is followed.
 */
export class Percolator<Item extends Reference = Reference> {
  readonly #pages: Item[] = [];
  /** Two bits a key, in one word. */
  #filter: Int32Array = new Int32Array(1 << 15);
  /** Pairs of key and its pages: 0 for none, n + 1 for page n alone, −e for a list that begins at entry e, or TOO_MANY. */
  #slots: Int32Array = new Int32Array(1 << 13);
  #slotsUsed = 0;
  /** Lists, the newest page first: pairs of page and next entry, 0 at the end. */
  #entries: Int32Array = new Int32Array(1 << 12);
  #entryCount = 0;
  /** Of each page: weights of the keys that the page at hand shares, and how many of them are of paths, in ONE_PATH. */
  #hits: Int32Array = new Int32Array(64);
  readonly #firstLook = new FirstLook();
  readonly #owners = new Map<string, number>();
  #ownerOf: Int32Array = new Int32Array(64);
  /** Pages that share a key with the page at hand. */
  #touched: Int32Array = new Int32Array(64);
  #touchedCount = 0;
  readonly #matched: Int32Array = new Int32Array(BANDING_OF.length);
  readonly #matchedPages: Int32Array = new Int32Array(BANDING_OF.length);
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
    this.#firstLook.add(page, signed.sketch);
    for (const key of signed.keys) if (key !== NO_KEY) this.#addKey(key, page);
  }

  /** The reference pages that a page copies, the surest first; its own owner's are left out. */
  query(page: PageSignature): CopyHit<Item>[] {
    const candidates = this.#candidates(page);
    if (candidates.length === 0) return [];
    const hits: CopyHit<Item>[] = [];
    for (const number of candidates) {
      const reference = this.#pages[number]!;
      const verdict = judge(page, reference);
      if (verdict.isCopy && verdict.level !== 'NONE') hits.push({ reference, verdict });
    }
    return withoutTemplates(hits).sort(bySureness);
  }

  #candidates(asked: PageSignature): readonly number[] {
    const { keys } = asked;
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
    const slots = this.#slots;
    const matchedPages = this.#matchedPages;
    for (let i = 0; i < count; i++) {
      const key = keys[matched[i]!]!;
      matchedPages[i] = key === NO_KEY ? 0 : slots[this.#slotOf(key) * 2 + 1]!;
    }
    this.#touchedCount = 0;
    for (let i = 0; i < count; i++) {
      const pages = matchedPages[i]!;
      const weight = KEY_WEIGHTS[matched[i]!]!;
      if (pages > 0) this.#touch(pages - 1, weight);
      else if (pages !== TOO_MANY)
        for (let entry = -pages; entry !== 0; entry = this.#entries[entry * 2 + 1]!)
          this.#touch(this.#entries[entry * 2]!, weight);
    }
    return this.#worthComparing(asked);
  }

  /** Notes that a page has a key of the page at hand. */
  #touch(page: number, weight: number): void {
    const hits = this.#hits[page]!;
    if (hits === 0) this.#touched[this.#touchedCount++] = page;
    this.#hits[page] = hits + weight;
  }

  /** Of the pages that share enough keys, those that a first look does not turn away. */
  #worthComparing(asked: PageSignature): number[] {
    const hits = this.#hits;
    const weightOf = (page: number): number => hits[page]! % ONE_PATH;
    const candidates: number[] = [];
    const members = cardinality(asked.sketch.text);
    for (let i = 0; i < this.#touchedCount; i++) {
      const page = this.#touched[i]!;
      if (weightOf(page) < NEEDED) continue;
      const isMarkupNear = hits[page]! >= PATH_KEYS * ONE_PATH;
      if (this.#firstLook.mayBeCopy(asked, members, page, this.#pages[page]!, isMarkupNear))
        candidates.push(page);
    }
    if (candidates.length > MAX_CANDIDATES)
      candidates.sort((a, b) => weightOf(b) - weightOf(a)).length = MAX_CANDIDATES;
    for (let i = 0; i < this.#touchedCount; i++) hits[this.#touched[i]!] = 0;
    return candidates;
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
    if (this.#slotsUsed > (this.#slots.length / 2) * MOST_FULL) this.#growSlots();
    const slot = this.#slotOf(key);
    const pages = this.#slots[slot * 2 + 1]!;
    if (pages === TOO_MANY) return;
    if (pages === 0) {
      this.#slots[slot * 2] = key;
      this.#slots[slot * 2 + 1] = page + 1;
      this.#slotsUsed++;
      this.#setFilter(key);
      return;
    }
    const head = pages > 0 ? this.#addEntry(pages - 1, 0) : -pages;
    this.#slots[slot * 2 + 1] = this.#withPage(head, page);
  }

  /** What a key's slot holds when a page joins the list that begins at `head`. */
  #withPage(head: number, page: number): number {
    const owner = this.#ownerOf[page]!;
    let [runs, newest, before] = [0, 0, -1];
    for (let entry = head; entry !== 0; entry = this.#entries[entry * 2 + 1]!) {
      const other = this.#ownerOf[this.#entries[entry * 2]!]!;
      if (other !== before) runs++;
      if (runs === 1 && other === owner) newest++;
      before = other;
    }
    if (newest >= MAX_OF_OWNER) return -head;
    if (newest === 0 && runs >= MAX_OWNERS) return TOO_MANY;
    return -this.#addEntry(page, head);
  }

  #addEntry(page: number, next: number): number {
    const entry = ++this.#entryCount;
    if (entry * 2 + 1 >= this.#entries.length) this.#entries = grown(this.#entries);
    this.#entries[entry * 2] = page;
    this.#entries[entry * 2 + 1] = next;
    return entry;
  }

  #setFilter(key: number): void {
    this.#filter[(key >>> 10) & (this.#filter.length - 1)]! |= (1 << (key & 31)) | (1 << ((key >>> 5) & 31));
  }

  #growPages(): void {
    this.#hits = new Int32Array(this.#hits.length * 2);
    this.#touched = new Int32Array(this.#touched.length * 2);
    this.#ownerOf = grown(this.#ownerOf);
  }

  /** Twice the slots, and a word of filter for four. */
  #growSlots(): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(slots.length * 2);
    this.#filter = new Int32Array(Math.max(1 << 15, Math.min(slots.length / 4, MAX_FILTER_CELLS)));
    for (let old = 0; old < slots.length; old += 2) {
      if (slots[old + 1] === 0) continue;
      const key = slots[old]! >>> 0;
      const slot = this.#slotOf(key);
      this.#slots[slot * 2] = key;
      this.#slots[slot * 2 + 1] = slots[old + 1]!;
      this.#setFilter(key);
    }
  }
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
