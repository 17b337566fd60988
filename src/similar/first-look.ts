import { EMPTY_BUCKET, type PageSketch } from '#model';
import { LEAST, mayBeTied, type Reference } from './evidence.ts';
import type { PageSignature } from './page.ts';
import { cardinality, containment } from './sketch.ts';

const SIZE = 128;
/** Buckets of text that pages share where any of it is the same, at least. */
const TEXT_BUCKETS = 2;

/**
 * Turns away most pages that share a few keys, before they are compared in full: of each reference page only what that takes, side by
 * side, since reading it from the memory is what costs. `judge` finds no copy where this finds none.
 */
export class FirstLook {
  #texts = new Int32Array(SIZE * 64);
  #paths = new Int32Array(SIZE * 64);
  /** Different members of its text, estimated. */
  #members = new Int32Array(64);

  /** Keeps what is needed of reference page number `page`. */
  add(page: number, { text, paths }: PageSketch): void {
    if (page >= this.#members.length) {
      this.#texts = grown(this.#texts);
      this.#paths = grown(this.#paths);
      this.#members = grown(this.#members);
    }
    this.#texts.set(text, page * SIZE);
    this.#paths.set(paths, page * SIZE);
    this.#members[page] = cardinality(text);
  }

  /**
   * Whether `asked`, whose text has `members` different members, may be a copy of the reference page with that number. Without
   * anything in common in the text it may only where the markup is near.
   */
  mayBeCopy(
    asked: PageSignature,
    members: number,
    page: number,
    reference: Reference,
    isMarkupNear: boolean,
  ): boolean {
    const { text, paths } = asked.sketch;
    const shared = sharedBuckets(text, this.#texts, page * SIZE);
    if (shared < TEXT_BUCKETS && !isMarkupNear) return false;
    const share = shared === 0 ? 0 : shared / usedBuckets(text, this.#texts, page * SIZE);
    if (share >= LEAST.text) return true;
    if (containment(share, members, this.#members[page]!) >= LEAST.textContained) return true;
    const equal = sharedBuckets(paths, this.#paths, page * SIZE);
    if (equal >= LEAST.paths * usedBuckets(paths, this.#paths, page * SIZE)) return true;
    return mayBeTied(asked, reference);
  }
}

/** How many filled buckets of a set and of the row that begins at `start` are equal. */
function sharedBuckets(set: Int32Array, rows: Int32Array, start: number): number {
  let shared = 0;
  for (let bucket = 0; bucket < SIZE; bucket++) {
    const value = set[bucket]!;
    if (value === rows[start + bucket] && value !== EMPTY_BUCKET) shared++;
  }
  return shared;
}

/** How many buckets are filled in the one or the other. */
function usedBuckets(set: Int32Array, rows: Int32Array, start: number): number {
  let used = 0;
  for (let bucket = 0; bucket < SIZE; bucket++)
    if (set[bucket] !== EMPTY_BUCKET || rows[start + bucket] !== EMPTY_BUCKET) used++;
  return used;
}

/** The same array with twice the room. */
export function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
