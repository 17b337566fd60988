import { SYMBOLS, type ClassCode } from './class-code.ts';

/**
 * Finds every brand label that stands somewhere inside a longer one, by class code: an Aho–Corasick automaton with all its
 * transitions filled in, so that a name costs one table look-up a symbol, however many brands there are.
 */

/** Set in a transition whose state ends a label, or has a suffix that does. */
const ENDS = 1 << 30;
const STATE = ENDS - 1;

export class LabelScanner {
  /** State × symbol → state, with ENDS. */
  readonly #next: Int32Array;
  /** State → label that ends there, or −1. */
  readonly #label: Int32Array;
  /** State → the nearest shorter state that ends a label, or 0. */
  readonly #shorter: Int32Array;
  /** Label → next label of the same code, or −1. */
  readonly #sibling: Int32Array;
  readonly #depth: Uint8Array;

  readonly #found = new Int32Array(64);
  readonly #foundStart = new Int32Array(64);
  readonly #foundEnd = new Int32Array(64);

  /** `codeOf` fills and gives the code of label number 0 to `count` − 1; labels without a code are never found. */
  constructor(count: number, codeOf: (label: number) => ClassCode) {
    let states = 1;
    for (let label = 0; label < count; label++) states += codeOf(label).length;
    const next = new Int32Array(states * SYMBOLS);
    const depth = new Uint8Array(states);
    const ends = new Int32Array(states).fill(-1);
    this.#sibling = new Int32Array(count).fill(-1);
    let used = 1;
    for (let label = 0; label < count; label++) {
      const { symbols, length } = codeOf(label);
      let state = 0;
      for (let at = 0; at < length; at++) {
        const slot = state * SYMBOLS + symbols[at];
        if (next[slot] === 0) {
          next[slot] = used;
          depth[used++] = at + 1;
        }
        state = next[slot];
      }
      if (length === 0) continue;
      this.#sibling[label] = ends[state];
      ends[state] = label;
    }
    this.#next = next.slice(0, used * SYMBOLS);
    this.#depth = depth.slice(0, used);
    this.#label = ends.slice(0, used);
    this.#shorter = this.#fillTransitions(used);
  }

  /** Breadth first: what a state lacks, its longest proper suffix has. */
  #fillTransitions(states: number): Int32Array {
    const next = this.#next;
    const label = this.#label;
    const suffix = new Int32Array(states);
    const shorter = new Int32Array(states);
    const queue = new Int32Array(states);
    let tail = 1; // the root is queue[0]
    for (let head = 0; head < tail; head++) {
      const state = queue[head];
      for (let symbol = 0; symbol < SYMBOLS; symbol++) {
        const slot = state * SYMBOLS + symbol;
        const child = next[slot] & STATE;
        const fallback = state === 0 ? 0 : next[suffix[state] * SYMBOLS + symbol];
        if (child === 0) {
          next[slot] = fallback;
          continue;
        }
        const fallen = fallback & STATE;
        suffix[child] = fallen;
        shorter[child] = label[fallen] >= 0 ? fallen : shorter[fallen];
        queue[tail++] = child;
        if (label[child] >= 0 || shorter[child] !== 0) next[slot] = child | ENDS;
      }
      // Symbol 0 matches nothing.
      next[state * SYMBOLS] = 0;
    }
    return shorter;
  }

  /** How many labels stand in the code; `label`, `start` and `end` give them (symbol positions) until the next scan. At most 64. */
  scan({ symbols, length }: ClassCode): number {
    let count = 0;
    let state = 0;
    for (let at = 0; at < length; at++) {
      const entry = this.#next[state * SYMBOLS + symbols[at]];
      state = entry & STATE;
      if ((entry & ENDS) === 0) continue;
      for (
        let end = this.#label[state] >= 0 ? state : this.#shorter[state];
        end !== 0;
        end = this.#shorter[end]
      )
        for (let label = this.#label[end]; label >= 0 && count < 64; label = this.#sibling[label]) {
          this.#found[count] = label;
          this.#foundStart[count] = at + 1 - this.#depth[end];
          this.#foundEnd[count++] = at + 1;
        }
    }
    return count;
  }

  label(at: number): number {
    return this.#found[at];
  }
  start(at: number): number {
    return this.#foundStart[at];
  }
  end(at: number): number {
    return this.#foundEnd[at];
  }
}
