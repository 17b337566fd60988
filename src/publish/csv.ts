import { defang } from '#model';
import { pathText, select, unicodeForm, type Publication } from './publication.ts';

const HEADER = [
  'type',
  'value',
  'defanged',
  'unicode',
  'status',
  'reason',
  'path',
  'tags',
  'first_seen',
  'last_seen',
  'notes',
];

/**
 * RFC 4180, CRLF, every field quoted. A field that a spreadsheet would take for a formula gets an apostrophe before it.
 * The last row, of type `#`, says what was left out.
 */
export function toCsv(publication: Publication): string {
  const { published, leftOut } = select(publication);
  const rows = published.map(({ type, value, status, reason, path, tags, firstSeen, lastSeen, notes }) => [
    type,
    value,
    defang(value),
    unicodeForm(value) ?? '',
    status,
    reason,
    pathText(path),
    tags.join(' '),
    firstSeen ?? '',
    lastSeen ?? '',
    notes,
  ]);
  const last = ['#', leftOut, ...HEADER.slice(2).map(() => '')];
  return [HEADER, ...rows, last].map(toCsvRow).join('');
}

/** One row with its end, for tables that are written as they are read. */
export function toCsvRow(fields: readonly string[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

/** Leading white space and control characters do not hide a formula either. */
function field(text: string): string {
  const isFormula = /^[\s\u0000-\u001f]*[=+\-@|%]/.test(text) || /^[\t\r\n]/.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('\u0000', '').replaceAll('"', '""')}"`;
}
