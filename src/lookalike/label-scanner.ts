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
    const starts = new Int32Array(count + 1);
    for (let label = 0; label < count; label++) starts[label + 1] = starts[label] + codeOf(label).length;
    const symbols = new Uint8Array(starts[count]);
    for (let label = 0; label < count; label++) {
      const code = codeOf(label);
      symbols.set(code.symbols.subarray(0, code.length), starts[label]);
    }
    // Room for codes that share no beginning; what is never written takes no memory.
    const states = starts[count] + 1;
    this.#next = new Int32Array(states * SYMBOLS);
    this.#depth = new Uint8Array(states);
    this.#label = new Int32Array(states);
    this.#shorter = new Int32Array(states);
    this.#sibling = new Int32Array(count).fill(-1);
    const used = this.#plant(symbols, starts);
    this.#fillTransitions(used);
  }

  /**
   * Makes the states of all codes, the shorter ones first: a name passes mostly through states of a few symbols, which so lie side by side.
   * Gives their number.
   */
  #plant(symbols: Uint8Array, starts: Int32Array): number {
    const count = starts.length - 1;
    const reached = new Int32Array(count);
    let used = 1;
    for (let depth = 0, isGrowing = true; isGrowing; depth++) {
      isGrowing = false;
      for (let label = 0; label < count; label++) {
        if (starts[label] + depth >= starts[label + 1]) continue;
        isGrowing = true;
        const slot = reached[label] * SYMBOLS + symbols[starts[label] + depth];
        if (this.#next[slot] === 0) {
          this.#next[slot] = used;
          this.#depth[used++] = depth + 1;
        }
        reached[label] = this.#next[slot];
      }
    }
    this.#label.fill(-1, 0, used);
    for (let label = 0; label < count; label++) {
      if (reached[label] === 0) continue;
      this.#sibling[label] = this.#label[reached[label]];
      this.#label[reached[label]] = label;
    }
    return used;
  }

  /** In the order of length: what a state lacks, its longest proper suffix has. */
  #fillTransitions(used: number): void {
    const next = this.#next;
    const label = this.#label;
    const shorter = this.#shorter;
    const suffix = new Int32Array(used);
    for (let state = 0; state < used; state++) {
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
        if (label[child] >= 0 || shorter[child] !== 0) next[slot] = child | ENDS;
      }
      // Symbol 0 matches nothing.
      next[state * SYMBOLS] = 0;
    }
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
