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

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that the text takes, counting wide East Asian letters and emoji twice. */
function width(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    columns +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        segment,
      )
        ? 2
        : 1;
  }
  return columns;
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (width(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/**
 * Rows as an aligned table, values made printable. On a terminal (`columns` given) the widest column is cut to fit;
 * elsewhere nothing is.
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns?: number,
): string {
  const cells = [header, ...rows.map((row) => row.map(printable))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  const spare = columns === undefined ? 0 : widths.reduce((sum, w) => sum + w + 2, 0) - columns;
  if (spare > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = Math.max(12, widths[widest]! - spare);
  }
  return cells
    .map((row) =>
      row
        .map((cell, column) => {
          const shown = columns === undefined ? cell : cut(cell, widths[column]!);
          return column === row.length - 1
            ? shown
            : shown + ' '.repeat(Math.max(0, widths[column]! - width(shown)));
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
