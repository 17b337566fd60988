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

/** A key that so many reference pages share is a template's, or an empty page's: it names nobody. */
const MAX_SHARERS = 48;
/** Candidates of one page that are compared; those that share most keys come first. */
const MAX_CANDIDATES = 64;
/** Words alone agree by chance now and then: two of their keys are asked for. */
const NEEDED = BANDINGS.map(({ kind }) => (kind === 'words' ? 2 : 1));
/** Owners whose pages agree in markup alone: from here on it is a template. */
const TEMPLATE_OWNERS = 4;

/**
 * Reference pages, and for any page those that it copies, at stream speed. A bit map of all band keys turns away nearly
 * all keys of nearly all pages; the rest is looked up in a hash table of key → pages; what shares enough keys is compared.
 */
export class Percolator<Item extends Reference = Reference> {
  readonly #pages: Item[] = [];
  #filter: Uint32Array = new Uint32Array(1 << 15);
  #slotKeys: Uint32Array = new Uint32Array(1 << 12);
  /** Of each slot, its newest entry plus one. */
  #slotHeads: Int32Array = new Int32Array(1 << 12);
  #slotCounts: Uint8Array = new Uint8Array(1 << 12);
  #slotsUsed = 0;
  #entryPages: Int32Array = new Int32Array(1 << 13);
  #entryNext: Int32Array = new Int32Array(1 << 13);
  #entries = 0;
  #hits: Uint16Array = new Uint16Array(64);
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
    const page = this.#pages.push(reference) - 1;
    if (page >= this.#hits.length) this.#hits = new Uint16Array(this.#hits.length * 2);
    for (const key of signPage(reference).keys) if (key !== NO_KEY) this.#addKey(key, page);
  }

  /** The reference pages that a page copies, the surest first; its own owner's are left out. */
  query(page: PageSignature): CopyHit<Item>[] {
    const candidates = this.#candidates(page.keys);
    if (candidates.length === 0) return [];
    const hits: CopyHit<Item>[] = [];
    for (const number of candidates) {
      const reference = this.#pages[number]!;
      const verdict = judge(page, reference, this.#hosts);
      if (verdict.isCopy && verdict.level !== 'NONE') hits.push({ reference, verdict });
    }
    return withoutTemplates(hits).sort(bySureness);
  }

  #candidates(keys: Uint32Array): readonly number[] {
    const filter = this.#filter;
    const mask = filter.length * 32 - 1;
    const matched = this.#matched;
    let count = 0;
    for (let i = 0; i < keys.length; i++) {
      const bit = keys[i]! & mask;
      matched[count] = i;
      count += (filter[bit >>> 5]! >>> (bit & 31)) & 1;
    }
    if (count === 0) return [];
    const touched = this.#touched;
    touched.length = 0;
    for (let i = 0; i < count; i++) {
      const band = matched[i]!;
      const key = keys[band]!;
      if (key !== NO_KEY) this.#touch(key, BANDING_OF[band]!);
    }
    return this.#ranked();
  }

  /** Counts a key for each page that has it: keys of words once, of the others twice. */
  #touch(key: number, banding: number): void {
    const slot = this.#slotOf(key);
    if (this.#slotHeads[slot] === 0 || this.#slotCounts[slot]! > MAX_SHARERS) return;
    const weight = NEEDED[banding] === 1 ? 2 : 1;
    for (let entry = this.#slotHeads[slot]!; entry !== 0; entry = this.#entryNext[entry - 1]!) {
      const page = this.#entryPages[entry - 1]!;
      if (this.#hits[page] === 0) this.#touched.push(page);
      this.#hits[page]! += weight;
    }
  }

  #ranked(): number[] {
    const hits = this.#hits;
    const candidates = this.#touched.filter((page) => hits[page]! > 1);
    if (candidates.length > MAX_CANDIDATES) candidates.sort((a, b) => hits[b]! - hits[a]!).length = MAX_CANDIDATES;
    for (const page of this.#touched) hits[page] = 0;
    return candidates;
  }

  #slotOf(key: number): number {
    const mask = this.#slotKeys.length - 1;
    let slot = Math.imul(key, 0x9e3779b1) >>> 7 & mask;
    while (this.#slotHeads[slot] !== 0 && this.#slotKeys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #addKey(key: number, page: number): void {
    if (this.#slotsUsed * 2 > this.#slotKeys.length) this.#growSlots();
    const slot = this.#slotOf(key);
    if (this.#slotHeads[slot] === 0) {
      this.#slotKeys[slot] = key;
      this.#slotsUsed++;
      const bit = key & (this.#filter.length * 32 - 1);
      this.#filter[bit >>> 5]! |= 1 << (bit & 31);
    }
    if (this.#slotCounts[slot]! > MAX_SHARERS) return;
    this.#slotCounts[slot]!++;
    if (this.#entries === this.#entryPages.length) this.#growEntries();
    this.#entryPages[this.#entries] = page;
    this.#entryNext[this.#entries] = this.#slotHeads[slot]!;
    this.#slotHeads[slot] = ++this.#entries;
  }

  /** Twice the slots; sixteen bits of filter each. */
  #growSlots(): void {
    const [keys, heads, counts] = [this.#slotKeys, this.#slotHeads, this.#slotCounts];
    const size = keys.length * 2;
    this.#slotKeys = new Uint32Array(size);
    this.#slotHeads = new Int32Array(size);
    this.#slotCounts = new Uint8Array(size);
    this.#filter = new Uint32Array(Math.max(1 << 15, Math.min(size / 4, 1 << 22)));
    const mask = this.#filter.length * 32 - 1;
    for (const [old, head] of heads.entries()) {
      if (head === 0) continue;
      const key = keys[old]!;
      const slot = this.#slotOf(key);
      this.#slotKeys[slot] = key;
      this.#slotHeads[slot] = head;
      this.#slotCounts[slot] = counts[old]!;
      this.#filter[(key & mask) >>> 5]! |= 1 << (key & 31);
    }
  }

  #growEntries(): void {
    const [pages, next] = [this.#entryPages, this.#entryNext];
    this.#entryPages = new Int32Array(pages.length * 2);
    this.#entryNext = new Int32Array(next.length * 2);
    this.#entryPages.set(pages);
    this.#entryNext.set(next);
  }
}

const bySureness = (a: CopyHit, b: CopyHit): number =>
  b.verdict.score - a.verdict.score || b.verdict.likeness.text - a.verdict.likeness.text || b.verdict.likeness.paths - a.verdict.likeness.paths;

/** What rests on markup alone and fits several owners is what they all were made from. */
function withoutTemplates<Item extends Reference>(hits: CopyHit<Item>[]): CopyHit<Item>[] {
  const byMarkup = hits.filter(({ verdict }) => verdict.evidence.every(({ kind }) => kind === 'markup' || kind === 'favicon'));
  const owners = new Set(byMarkup.map(({ reference }) => reference.owned[0] ?? reference.host));
  return owners.size < TEMPLATE_OWNERS ? hits : hits.filter((hit) => !byMarkup.includes(hit));
}

