import { parseHost, toUnicodeHost } from '#model';

/** Characters that would act on a terminal or hide from its reader: controls, bidirectional marks, zero-width and line separators. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Captured text made safe for a terminal: what would act or hide is shown as its code point. */
export function printable(text: string): string {
  return text.replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** A host for reading: `xn--bitcingold-hcb.org (bitcöingold.org)`. */
export function hostForReading(text: string): string {
  const host = parseHost(text);
  if (host === undefined) return printable(text);
  const unicode = toUnicodeHost(host);
  return unicode === host ? host : `${host} (${printable(unicode)})`;
}

/** 1234567 → `1.2 MB`. */
export function bytesForReading(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`;
  if (sizeBytes < 1e6) return `${(sizeBytes / 1e3).toFixed(1)} kB`;
  return sizeBytes < 1e9 ? `${(sizeBytes / 1e6).toFixed(1)} MB` : `${(sizeBytes / 1e9).toFixed(1)} GB`;
}

/** First and last instant as days: `2017-11-10`, or `2017-11-10 – 2017-11-17`. */
export function spanForReading(first: string, last: string): string {
  const [from, to] = [first.slice(0, 10), last.slice(0, 10)];
  return from === to ? from : `${from} – ${to}`;
}

/** `2017-11-17 03:27:29`, UTC. */
export function instantForReading(text: string): string {
  return text.slice(0, 19).replace('T', ' ');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** Columns that the text takes, counting wide East Asian letters and emoji twice. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

/** The text, or as much of its beginning as fits, with an ellipsis. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  let room = columns - 1;
  for (const { segment } of graphemes.segment(text)) {
    room -= width(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text, or as much of its end as fits: of a path, what tells it from its neighbours. */
function cutStart(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const kept: string[] = [];
  let room = columns - 1;
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    room -= width(segment);
    if (room < 0) break;
    kept.push(segment);
  }
  return `…${kept.reverse().join('')}`;
}

/** Narrowest that a column is made on a terminal; the last one, which says least, is cut before all others. */
const LEAST_WIDTH = 6;
const LEAST_LAST_WIDTH = 12;

/**
 * Rows as an aligned table, values made printable. On a terminal (`columns` given) columns are cut until it fits; elsewhere nothing is.
 * The column `path` is cut at its start.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
  path?: string,
): string {
  const cells = [header, ...rows.map((row) => row.map(printable))];
  const widths = header.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, width(row[column] ?? '')), 0),
  );
  if (columns !== undefined) fit(widths, columns);
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const cutCell = path !== undefined && header[column] === path ? cutStart : cut;
          const shown = columns === undefined ? cell : cutCell(cell, widths[column]!);
          const isLast = column === row.length - 1;
          return isLast ? shown : shown + ' '.repeat(Math.max(0, widths[column]! - width(shown)));
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Takes from the last column, then from the widest, again and again, until the row fits or nothing can be spared. */
function fit(widths: number[], columns: number): void {
  let spare = widths.reduce((sum, each) => sum + each + 2, -2) - columns;
  const last = widths.length - 1;
  const fromLast = Math.max(0, Math.min(spare, widths[last]! - LEAST_LAST_WIDTH));
  widths[last]! -= fromLast;
  spare -= fromLast;
  while (spare > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= LEAST_WIDTH) return;
    widths[widest]!--;
    spare--;
  }
}
