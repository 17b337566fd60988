import { isIP } from 'node:net';
import { QueryError } from './query-error.ts';

/** Longest query, in UTF-16 code units. */
const MAX_QUERY_LENGTH = 8_192;

/** A value as it was written. `compare` stood before it. */
export interface WrittenValue {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly compare?: '>' | '>=' | '<' | '<=';
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A piece of a query, with its place in it. */
export type Token = Place &
  (
    | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' }
    /** `field(` or `field:(`. */
    | { readonly kind: 'group'; readonly field: string; readonly hasColon: boolean }
    | {
        readonly kind: 'term';
        readonly field?: string;
        readonly fieldEnd?: number;
        readonly value: WrittenValue;
      }
  );

const WORDS = new Map<string, 'and' | 'or' | 'not'>([
  ['and', 'and'],
  ['or', 'or'],
  ['not', 'not'],
]);
const SIGNS = new Map<string, 'and' | 'or'>([
  ['&&', 'and'],
  ['||', 'or'],
  ['|', 'or'],
]);
const BLANK = /[\s\u{feff}]/u;
/** Brackets that only hide a dot, an @ or a colon: `example(.)org`. */
const DEFANGED = /\((?:\.|dot|@|at|:)\)/iy;
const FIELD = /^([a-z][a-z0-9.-]{0,60}):(?!\/\/)/i;
/** `hxxp:`, `https:` and the like begin a URL, not a field, even defanged. */
const SCHEME = /^h(?:tt|xx|tx|xt)ps?$|^(?:ftp|wss?)$/i;
const NAME = /^[a-z][a-z0-9.-]{0,60}$/i;

/** Cuts a query into pieces. Linear in its length; throws QueryError. */
export function tokenize(text: string): Token[] {
  if (text.length > MAX_QUERY_LENGTH)
    throw new QueryError(
      `The query has more than ${MAX_QUERY_LENGTH} characters.`,
      { start: MAX_QUERY_LENGTH, end: text.length },
      'Ask for less at a time, or paste lists where artifacts are recognised.',
    );
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (BLANK.test(text[at]!)) at++;
    else {
      const token = readToken(text, at);
      tokens.push(token);
      at = token.end;
    }
  }
  return tokens;
}

function readToken(text: string, start: number): Token {
  const char = text[start]!;
  const next = text[start + 1];
  if (char === '(') return { kind: 'open', start, end: start + 1 };
  if (char === ')') return { kind: 'close', start, end: start + 1 };
  for (const sign of [text.slice(start, start + 2), char]) {
    const kind = SIGNS.get(sign);
    if (kind !== undefined) return { kind, start, end: start + sign.length };
  }
  if ((char === '-' || char === '!') && next !== undefined && !BLANK.test(next))
    return { kind: 'not', start, end: start + 1 };
  if (char === '"') {
    const { value, end } = readQuoted(text, start);
    return { kind: 'term', value, start, end };
  }
  return readWord(text, start);
}

function readWord(text: string, start: number): Token {
  let end = wordEnd(text, start);
  const word = text.slice(start, end);
  const operator = WORDS.get(word.toLowerCase());
  if (operator !== undefined) return { kind: operator, start, end };
  if (text[end] === '(' && NAME.test(word))
    return { kind: 'group', field: word, hasColon: false, start, end: end + 1 };
  const field = FIELD.exec(word)?.[1];
  if (field === undefined || SCHEME.test(field) || isIP(word) !== 0)
    return term(text.slice(start, end), start, end);
  const fieldEnd = start + field.length + 1;
  if (fieldEnd < end) {
    const written = text.slice(fieldEnd, end);
    const compare = /^(?:[<>]=?)/.exec(written)?.[0] as WrittenValue['compare']; // what the pattern takes
    const rest = compare === undefined ? written : written.slice(compare.length);
    if (rest === '' && text[end] === '"') {
      const quoted = readQuoted(text, end);
      return {
        kind: 'term',
        field,
        fieldEnd,
        value: { ...quoted.value, ...(compare !== undefined && { compare }) },
        start,
        end: quoted.end,
      };
    }
    const value = { text: rest, isQuoted: false, ...(compare !== undefined && { compare }) };
    return { kind: 'term', field, fieldEnd, value, start, end };
  }
  if (text[end] === '(') return { kind: 'group', field, hasColon: true, start, end: end + 1 };
  if (text[end] === '"') {
    const quoted = readQuoted(text, end);
    return { kind: 'term', field, fieldEnd, value: quoted.value, start, end: quoted.end };
  }
  end = fieldEnd;
  return { kind: 'term', field, fieldEnd, value: { text: '', isQuoted: false }, start, end };
}

const term = (text: string, start: number, end: number): Token => ({
  kind: 'term',
  value: { text, isQuoted: false },
  start,
  end,
});

/** A word ends at a blank, a quotation mark or a bracket, unless the bracket only hides a dot. */
function wordEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const char = text[at]!;
    if (BLANK.test(char) || char === '"' || char === ')') break;
    if (char !== '(') at++;
    else {
      DEFANGED.lastIndex = at;
      const hidden = DEFANGED.exec(text)?.[0];
      if (hidden === undefined || at === start) break;
      at += hidden.length;
    }
  }
  return Math.max(at, start + 1);
}

/** Between quotation marks; `\"` and `\\` stand for the sign behind the backslash. */
function readQuoted(text: string, start: number): { readonly value: WrittenValue; readonly end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') return { value: { text: value, isQuoted: true }, end: at + 1 };
    if (char === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at++;
    value += text[at]!;
  }
  throw new QueryError(
    'The quotation mark is never closed.',
    { start, end: text.length },
    'Write a second one where the value ends; \\" stands for a mark inside it.',
  );
}
