/**
 * Makes letter-table.ts and allowed-table.ts of this folder from Unicode's data files and shapes.ts:
 *
 *   node src/lookalike/tables/generate.ts FOLDER
 *
 * FOLDER holds confusables.txt, IdentifierStatus.txt (UTS #39) and IdnaMappingTable.txt (UTS #46) of one
 * Unicode version.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHAPES } from './shapes.ts';

/** How a letter comes to be read as another. */
type Kind = 'identical' | 'diacritic' | 'near' | 'digit';
interface Reading {
  readonly text: string;
  readonly kind: Kind;
}

/** How the table writes a kind; letters.ts reads it. */
const KIND_SIGNS: Readonly<Record<Kind, string>> = { identical: '=', diacritic: '^', near: '~', digit: '#' };
const MAX_READINGS = 4;
const MARKS = /[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/gu;
const ASCII = /^[a-z0-9]+$/;

/** Names that the data files do not give: letters inside their ranges. */
const UNNAMED = `
a9f GUJARATI LETTER TTA
d27 MALAYALAM LETTER DHA
e2b THAI CHARACTER HO HIP
1001 MYANMAR LETTER KHA
1220 ETHIOPIC SYLLABLE SZA
255 LATIN SMALL LETTER C WITH CURL
258 LATIN SMALL LETTER REVERSED E
25f LATIN SMALL LETTER DOTLESS J WITH STROKE
267 LATIN SMALL LETTER HENG WITH HOOK
279 LATIN SMALL LETTER TURNED R
27e LATIN SMALL LETTER R WITH FISHHOOK
284 LATIN SMALL LETTER DOTLESS J WITH STROKE AND HOOK
291 LATIN SMALL LETTER Z WITH CURL
29b LATIN LETTER SMALL CAPITAL G WITH HOOK
37c GREEK SMALL DOTTED LUNATE SIGMA SYMBOL
3b0 GREEK SMALL LETTER UPSILON WITH DIALYTIKA AND TONOS
5d7 HEBREW LETTER HET
a68 GURMUKHI DIGIT TWO
aa1 GUJARATI LETTER DDA
b1e ORIYA LETTER NYA
c2c TELUGU LETTER BA
c69 TELUGU DIGIT THREE
e07 THAI CHARACTER NGO NGU
e16 THAI CHARACTER THO THUNG
e18 THAI CHARACTER THO THONG
e19 THAI CHARACTER NO NU
e23 THAI CHARACTER RO RUA
e2c THAI CHARACTER LO CHULA
e2d THAI CHARACTER O ANG
1350 ETHIOPIC SYLLABLE PA
1e96 LATIN SMALL LETTER H WITH LINE BELOW
1e97 LATIN SMALL LETTER T WITH DIAERESIS
1e98 LATIN SMALL LETTER W WITH RING ABOVE
1f52 GREEK SMALL LETTER UPSILON WITH PSILI AND VARIA
1f54 GREEK SMALL LETTER UPSILON WITH PSILI AND OXIA
1f56 GREEK SMALL LETTER UPSILON WITH PSILI AND PERISPOMENI
1fe6 GREEK SMALL LETTER UPSILON WITH PERISPOMENI
a730 LATIN LETTER SMALL CAPITAL F
`;

/** The rows of a Unicode data file: fields, and the comment after `#`. */
function* rows(folder: string, file: string): Generator<{ fields: string[]; comment: string }> {
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    const hash = line.indexOf('#');
    const data = hash < 0 ? line : line.slice(0, hash);
    if (/^\s*[0-9A-F]/.test(data))
      yield {
        fields: data.split(';').map((field) => field.trim()),
        comment: hash < 0 ? '' : line.slice(hash + 1).trim(),
      };
  }
}

const text = (hex: string): string =>
  String.fromCodePoint(...hex.split(/\s+/).map((each) => Number.parseInt(each, 16)));
const range = (field: string): [number, number] => {
  const [first, last] = field.split('..');
  return [Number.parseInt(first!, 16), Number.parseInt(last ?? first!, 16)];
};

interface UnicodeData {
  readonly version: string;
  readonly confusables: ReadonlyMap<string, string>;
  readonly valid: readonly (readonly [number, number])[];
  readonly allowed: readonly (readonly [number, number])[];
  readonly names: ReadonlyMap<number, string>;
}

function readUnicodeData(folder: string): UnicodeData {
  const confusables = new Map<string, string>();
  const names = new Map<number, string>();
  for (const { fields, comment } of rows(folder, 'confusables.txt')) {
    const source = text(fields[0]!);
    confusables.set(source, text(fields[1]!));
    const named = /\)\s*(.+?)\s→\s([^#]+)/.exec(comment);
    if (named === null) continue;
    names.set(source.codePointAt(0)!, named[1]!);
    if (!fields[1]!.includes(' ')) names.set(text(fields[1]!).codePointAt(0)!, named[2]!.trim());
  }
  const valid: [number, number][] = [];
  for (const { fields, comment } of rows(folder, 'IdnaMappingTable.txt')) {
    const [first, last] = range(fields[0]!);
    const isIdna2008 = fields[3] === undefined || fields[3] === '';
    if (/^(valid|deviation)$/.test(fields[1]!) && isIdna2008) valid.push([first, last]);
    nameFromIdnaRow(names, fields, comment, first, last);
  }
  const allowed: [number, number][] = [];
  for (const { fields } of rows(folder, 'IdentifierStatus.txt'))
    if (fields[1] === 'Allowed') allowed.push(range(fields[0]!));
  for (const line of UNNAMED.trim().split('\n')) {
    const [point, ...name] = line.split(' ');
    names.set(Number.parseInt(point!, 16), name.join(' '));
  }
  const head = readFileSync(join(folder, 'confusables.txt'), 'utf8').slice(0, 1_000);
  return {
    version: /Version: (\S+)/.exec(head)?.[1] ?? 'unknown',
    confusables,
    valid,
    allowed,
    names,
  };
}

/** Comments name the ends of a range; a capital's name gives that of the small letter it is mapped to. */
function nameFromIdnaRow(
  names: Map<number, string>,
  fields: readonly string[],
  comment: string,
  first: number,
  last: number,
): void {
  const ends = comment.replace(/^\S+\s+/, '').split('..');
  const known = (point: number, name: string | undefined): void => {
    if (name !== undefined && !name.startsWith('<') && !names.has(point)) names.set(point, name);
  };
  known(first, ends[0]);
  known(last, ends[1] ?? (first === last ? ends[0] : undefined));
  const isCapital = fields[1] === 'mapped' && first === last && /\bCAPITAL LETTER\b/.test(ends[0]!);
  if (isCapital && !fields[2]!.includes(' '))
    known(
      Number.parseInt(fields[2]!, 16),
      ends[0]!.replace('CAPITAL LETTER', 'SMALL LETTER').replace('MTAVRULI SMALL ', ''),
    );
}

/** Letter → its readings, from all sources. */
class Reader {
  readonly #data: UnicodeData;
  readonly #shapes = new Map<string, string[]>();
  readonly #siblings = new Map<string, string[]>();
  readonly #known = new Map<string, readonly Reading[]>();

  constructor(data: UnicodeData) {
    this.#data = data;
    for (const [ascii, letters] of Object.entries(SHAPES))
      for (const letter of letters) this.#shapes.set(letter, [...(this.#shapes.get(letter) ?? []), ascii]);
    for (const [source, prototype] of data.confusables)
      this.#siblings.set(prototype, [...(this.#siblings.get(prototype) ?? []), source]);
  }

  /** At most MAX_READINGS, the likeliest first; empty where the letter reads as nothing in ASCII. */
  read(letter: string): readonly Reading[] {
    const known = this.#known.get(letter);
    if (known !== undefined) return known;
    this.#known.set(letter, []); // cuts cycles between letters that are each other's prototype
    const byText = new Map<string, Reading>();
    for (const reading of [
      ...this.#fromUnicode(letter),
      ...this.#fromName(letter),
      ...this.#fromShapes(letter),
    ])
      if (ASCII.test(reading.text) && !byText.has(reading.text)) byText.set(reading.text, reading);
    const readings = [...byText.values()].slice(0, MAX_READINGS);
    this.#known.set(letter, readings);
    return readings;
  }

  /** Hooks, strokes and tails that do not decompose: LATIN SMALL LETTER K WITH DESCENDER. */
  #fromName(letter: string): Reading[] {
    const name = this.#data.names.get(letter.codePointAt(0)!);
    const base = /^LATIN SMALL LETTER ([A-Z]) WITH /.exec(name ?? '')?.[1];
    return base === undefined ? [] : [{ text: base.toLowerCase(), kind: 'diacritic' }];
  }

  #fromShapes(letter: string): Reading[] {
    return (this.#shapes.get(letter) ?? []).map((text) => ({ text, kind: 'near' }));
  }

  #fromUnicode(letter: string): readonly Reading[] {
    const lower = letter.toLowerCase();
    if (ASCII.test(lower)) return [{ text: lower, kind: 'identical' }];
    const base = lower.normalize('NFKD').toLowerCase().replace(MARKS, '');
    if (base !== letter)
      return this.#readAll(base, base === lower.normalize('NFKD') ? undefined : 'diacritic');
    const prototype = this.#data.confusables.get(letter) ?? letter;
    const bare = prototype.normalize('NFKD').toLowerCase().replace(MARKS, '');
    const kind = bare === prototype.toLowerCase() ? undefined : 'diacritic';
    const fromPrototype = bare === letter ? [] : this.#readAll(bare, kind);
    if (fromPrototype.length > 0) {
      const isDigit = /\p{Nd}/u.test(letter);
      return fromPrototype.map((each) => (isDigit ? { ...each, kind: 'digit' } : each));
    }
    // The prototype of a group need not be its ASCII member, nor one that shapes.ts lists.
    return (this.#siblings.get(prototype) ?? [])
      .filter((sibling) => sibling !== letter)
      .flatMap((sibling) => this.read(sibling));
  }

  /** Readings of a short text: the product of its letters'. */
  #readAll(letters: string, kind: Kind | undefined): readonly Reading[] {
    let products: Reading[] = [{ text: '', kind: kind ?? 'identical' }];
    for (const letter of letters) {
      const next = this.read(letter);
      products = products.flatMap((before) =>
        next.map((each) => ({
          text: before.text + each.text,
          kind: each.kind === 'identical' ? before.kind : each.kind,
        })),
      );
      if (products.length > 16) return [];
    }
    return products.filter(({ text }) => text !== '' && text.length <= 3);
  }
}

const hex = (point: number): string => point.toString(16);

const LICENCE = (version: string): string =>
  `/* oxlint-disable max-lines */
// Generated by generate.ts from Unicode ${version} data files (UTS #39, UTS #46) and shapes.ts; do not edit.
// The Unicode data is © 1991-2025 Unicode, Inc., used under the Unicode License v3: see UNICODE-LICENSE.txt here.
`;

/** The text of letter-table.ts. */
export function letterTable(folder: string): string {
  const data = readUnicodeData(folder);
  const reader = new Reader(data);
  const isAllowed = (point: number): boolean =>
    data.allowed.some(([first, last]) => point >= first && point <= last);
  const lines: string[] = [];
  for (const [first, last] of data.valid)
    for (let point = Math.max(first, 0x80); point <= last; point++) {
      const letter = String.fromCodePoint(point);
      if (!/[\p{L}\p{N}]/u.test(letter)) continue;
      const readings = reader.read(letter);
      if (readings.length === 0) continue;
      const flag = KIND_SIGNS[readings[0]!.kind] + (isAllowed(point) ? '' : '!');
      lines.push(
        `${hex(point)} ${flag} ${readings.map(({ text }) => text).join('|')} ${data.names.get(point) ?? ''}`.trimEnd(),
      );
    }
  return `${LICENCE(data.version)}
/** Version of the Unicode data behind the tables; stored with every key that is derived from them. */
export const UNICODE_VERSION = '${data.version}';

/**
 * A line for each letter that may stand in a host name (valid in IDNA 2008) and reads as ASCII: code point; kind (= identical,
 * ^ diacritic, ~ near, # digit; with ! where UTS #39 restricts it); readings, the likeliest first; name where known.
 */
export const LETTER_TABLE = \`
${lines.join('\n')}
\`;
`;
}

/** The text of allowed-table.ts. */
export function allowedTable(folder: string): string {
  const data = readUnicodeData(folder);
  const parts: string[] = [];
  let end = 0;
  for (const [first, last] of data.allowed) {
    parts.push(`${(first - end).toString(36)}${first === last ? '' : `+${(last - first).toString(36)}`}`);
    end = last;
  }
  const lines: string[] = [''];
  for (const part of parts)
    if (lines.at(-1)!.length + part.length > 110) lines.push(part);
    else lines[lines.length - 1] += lines.at(-1) === '' ? part : ` ${part}`;
  return `${LICENCE(data.version)}
/**
 * Code points of Identifier_Status Allowed (UTS #39), as ranges: distance from the end of the range before, and length
 * less one after \`+\`, in base 36.
 */
export const ALLOWED_TABLE = \`
${lines.join('\n')}
\`;
`;
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('usage: node src/lookalike/tables/generate.ts FOLDER');
  writeFileSync(join(import.meta.dirname, 'letter-table.ts'), letterTable(folder));
  writeFileSync(join(import.meta.dirname, 'allowed-table.ts'), allowedTable(folder));
}
