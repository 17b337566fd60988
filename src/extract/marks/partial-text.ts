import type { Neighbour } from './pattern-neighbours.ts';

/** Stands for every unit above ASCII. */
export const BEYOND_ASCII = 128;

/** A text of which only parts become strings. Offsets are its own; lengths are UTF-16 units. */
export interface PartialText {
  /** As many units as there are, up to so many, before an offset. */
  before(offset: number, units: number): string;
  after(offset: number, units: number): string;
  between(from: number, to: number): string;
  /** `before`, `between` and `after` in one: the text around two offsets, and how much of it stands before the first. */
  around(
    first: number,
    last: number,
    before: number,
    after: number,
  ): { readonly text: string; readonly head: number };
  /** Whether what stands around a literal rules none of its rule's matches out, as far as that can be told. */
  mayHave(neighbours: readonly Neighbour[], start: number, end: number): boolean;
  /** Whether two offsets lie at most so many units apart; may be true of some that lie farther. */
  isNear(from: number, to: number, units: number): boolean;
  /** The offset behind a text that stands at an offset; before it, where `isBackward`. */
  move(offset: number, text: string, isBackward?: boolean): number;
}

/** A text that is there as a whole. */
export class WholeText implements PartialText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  before(offset: number, units: number): string {
    return this.#text.slice(Math.max(0, offset - units), offset);
  }

  after(offset: number, units: number): string {
    return this.#text.slice(offset, offset + units);
  }

  between(from: number, to: number): string {
    return this.#text.slice(from, to);
  }

  around(first: number, last: number, before: number, after: number): { text: string; head: number } {
    const start = Math.max(0, first - before);
    return { text: this.#text.slice(start, last + after), head: first - start };
  }

  mayHave(neighbours: readonly Neighbour[], start: number, end: number): boolean {
    for (let number = 0; number < neighbours.length; number++) {
      const { distance, isAllowed } = neighbours[number]!;
      const at = distance < 0 ? start + distance : end + distance - 1;
      if (at < 0 || at >= this.#text.length) continue;
      if (isAllowed[Math.min(this.#text.charCodeAt(at), BEYOND_ASCII)] === 0) return false;
    }
    return true;
  }

  isNear(from: number, to: number, units: number): boolean {
    return to - from <= units;
  }

  move(offset: number, text: string, isBackward = false): number {
    return isBackward ? offset - text.length : offset + text.length;
  }
}
