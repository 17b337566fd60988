/** A place in a text: 1-based line, 1-based column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LF = 10;
const CR = 13;

/**
 * A text with its line starts, so that offsets (UTF-16 code units from the start) and positions turn into each other.
 * Lines end at LF, CR LF or a lone CR, as the HTML and JavaScript parsers count them.
 */
export class SourceText {
  readonly text: string;
  #lineStarts: Uint32Array | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get lineCount(): number {
    return this.#starts().length;
  }

  /** The place of an offset; offsets outside are clamped. */
  positionOf(offset: number): Position {
    const starts = this.#starts();
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: clamped - starts[low]! + 1 };
  }

  /** The offset of a place, clamped to the line it names; undefined where there is no such line. */
  offsetOf({ line, column }: Position): number | undefined {
    const start = this.#starts()[line - 1];
    if (start === undefined) return undefined;
    const end = this.#starts()[line] ?? this.text.length;
    return Math.max(start, Math.min(start + column - 1, end));
  }

  /** The text of a line (1-based) without its terminator; empty where there is no such line. */
  line(line: number): string {
    const start = this.#starts()[line - 1];
    if (start === undefined) return '';
    const end = this.#starts()[line] ?? this.text.length;
    return this.text.slice(start, end).replace(/[\r\n]+$/, '');
  }

  #starts(): Uint32Array {
    this.#lineStarts ??= findLineStarts(this.text);
    return this.#lineStarts;
  }
}

function findLineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === LF || (unit === CR && text.charCodeAt(i + 1) !== LF)) starts.push(i + 1);
  }
  return Uint32Array.from(starts);
}
