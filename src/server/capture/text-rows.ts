/** Longest row, in UTF-16 code units: a minified page of ten megabytes is one line. */
const ROW_LENGTH = 400;

const MAX_TAG = 2_000;
/** A start tag, with quoted values that may hold `>`. */
const TAG = /^<[a-z](?:[^>"']|"[^"]*"|'[^']*')*>/i;

/** A place found in a text. */
export interface FoundPlace {
  /** 0-based. */
  readonly row: number;
  /** 1-based, in the text as a whole. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A line of a text, or a part of a long one. */
export interface TextRow {
  /** 1-based. */
  readonly line: number;
  /** 1-based column of the row's first character; above 1 the row continues a line. */
  readonly column: number;
  readonly text: string;
}

/**
 * A text in rows that a screen can show: its lines, long ones in parts. Rows are cut from the text when they are asked
 * for, so that a page of ten megabytes costs two numbers a row. Lines end as the HTML parser counts them: LF, CR LF or CR.
 */
export class TextRows {
  readonly text: string;
  readonly #starts: Uint32Array;
  readonly #lines: Uint32Array;
  readonly lineCount: number;

  constructor(text: string) {
    this.text = text;
    const starts: number[] = [];
    const lines: number[] = [];
    let line = 0;
    const addLine = (start: number, end: number): void => {
      line++;
      let from = start;
      do {
        starts.push(from);
        lines.push(line);
        from = nextCut(text, from, end);
      } while (from < end);
    };
    let at = 0;
    for (const { index, 0: terminator } of text.matchAll(/\r\n?|\n/g)) {
      addLine(at, index);
      at = index + terminator.length;
    }
    addLine(at, text.length);
    this.#starts = Uint32Array.from(starts);
    this.#lines = Uint32Array.from(lines);
    this.lineCount = line;
  }

  get rowCount(): number {
    return this.#starts.length;
  }

  /** Rows from a 0-based one on; fewer at the end. */
  rows(from: number, count: number): TextRow[] {
    const rows: TextRow[] = [];
    for (let row = from; row < Math.min(from + count, this.rowCount); row++) rows.push(this.#row(row));
    return rows;
  }

  /** The row that holds a place, clamped to the text. */
  rowOf({ line, column }: { readonly line: number; readonly column: number }): number {
    const first = lastAtMost(this.#lines, line - 1) + 1; // the first row of the line
    if (first >= this.rowCount) return this.rowCount - 1;
    let row = first;
    while (this.#lines[row + 1] === line && this.#starts[row + 1]! <= this.#starts[first]! + column - 1)
      row++;
    return row;
  }

  /** Characters of the tag that begins at a place; 0 where none does, or none that ends soon. */
  tagLength({ line, column }: { readonly line: number; readonly column: number }): number {
    const first = lastAtMost(this.#lines, line - 1) + 1;
    const start = (this.#starts[first] ?? this.text.length) + column - 1;
    return TAG.exec(this.text.slice(start, start + MAX_TAG))?.[0].length ?? 0;
  }

  /** Where a text stands, ignoring case, in order; at most `limit` places. */
  find(wanted: string, limit: number): FoundPlace[] {
    const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi');
    const found: FoundPlace[] = [];
    for (const match of this.text.matchAll(pattern)) {
      if (found.length === limit) break;
      const row = lastAtMost(this.#starts, match.index);
      const line = this.#lines[row]!;
      const lineStart = this.#starts[lastAtMost(this.#lines, line - 1) + 1]!;
      found.push({ row, line, column: match.index - lineStart + 1, length: match[0].length });
    }
    return found;
  }

  #row(row: number): TextRow {
    const line = this.#lines[row]!;
    const start = this.#starts[row]!;
    const lineStart = this.#starts[lastAtMost(this.#lines, line - 1) + 1]!;
    const end = this.#starts[row + 1] ?? this.text.length;
    return { line, column: start - lineStart + 1, text: this.text.slice(start, end).replace(/[\r\n]+$/, '') };
  }
}

/** Where the row that begins at `from` ends; never between the halves of a character. */
function nextCut(text: string, from: number, end: number): number {
  const cut = from + ROW_LENGTH;
  if (cut >= end) return end;
  return (text.charCodeAt(cut) & 0xfc00) === 0xdc00 ? cut + 1 : cut;
}

/** Index of the last item that is at most `value` in an ascending list; -1 where none is. */
function lastAtMost(items: Uint32Array, value: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
