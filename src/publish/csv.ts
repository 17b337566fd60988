import { defang } from '#model';
import { leftOutText, pathText, select, unicodeForm, type Publication } from './publication.ts';

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

const OF_PROJECT = 'the project’s own description, notes and tags';

/**
 * RFC 4180, CRLF, every field quoted. A field that a spreadsheet would take for a formula gets an apostrophe before it.
 * The last row, of type `#`, says what was left out.
 */
export function toCsv(publication: Publication): string {
  const { published, omitted } = select(publication);
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
  const last = ['#', leftOutText([...omitted, OF_PROJECT]), ...HEADER.slice(2).map(() => '')];
  return [HEADER, ...rows, last].map(toCsvRow).join('');
}

/** One row with its end, for tables that are written as they are read. */
export function toCsvRow(fields: readonly string[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

/**
 * What begins a formula, after anything that is not seen: white space, control and format characters. Spreadsheets of some
 * languages take the full-width and other forms of the signs, too.
 */
const FORMULA = /^[\s\p{C}\p{Z}]*[=+\-@|%＝﹦⁼₌＋﬩﹢⁺₊－−﹣⁻₋‐‑–—＠﹫｜％﹪]/u;

function field(text: string): string {
  const isFormula = FORMULA.test(text) || /^[\t\r\n]/.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('\u0000', '').replaceAll('"', '""')}"`;
}
