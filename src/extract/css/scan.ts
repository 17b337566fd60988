/** A URL that a stylesheet or style attribute names. */
export interface CssReference {
  /** As written, escapes decoded, trimmed; not yet resolved. */
  readonly value: string;
  readonly kind: 'import' | 'url' | 'font';
  /** UTF-16 offsets of the URL's text, without quotes. */
  readonly start: number;
  readonly end: number;
}

const BACKSLASH = 92;

/** Where something interesting begins: comment, string, escape, url(, image-set(, an at-rule, a block or its end. */
const INTERESTING = /\/\*|["'\\(){};]|@[a-z-]+|(?:-webkit-)?image-set\(|\b(?:url|src)\(/gi;

/**
 * Finds the URLs of a stylesheet or style attribute: `url()`, `src()`, `@import` and the strings of `image-set()`
 * (CSS Syntax 3 §4.3.6, CSS Values 4 §4.5). Comments and `@namespace` name nothing. Never throws, linear in time;
 * stops after `maxReferences`.
 */
export function scanCss(text: string, maxReferences = 20_000): CssReference[] {
  const found: CssReference[] = [];
  const pattern = new RegExp(INTERESTING);
  /** The at-rule whose prelude or block we are in, as far as it matters. */
  let rule: 'import' | 'namespace' | 'font' | undefined;
  /** Depth of parentheses inside image-set( ; 0 outside. */
  let imageSet = 0;
  const add = (start: number, end: number, kind: CssReference['kind']): void => {
    const value = decodeCssEscapes(text.slice(start, end)).trim();
    if (value !== '' && rule !== 'namespace') found.push({ value, kind, start, end });
  };
  for (
    let match = pattern.exec(text);
    match !== null && found.length < maxReferences;
    match = pattern.exec(text)
  ) {
    const mark = match[0].toLowerCase();
    const after = pattern.lastIndex;
    if (mark === '/*') pattern.lastIndex = endOfComment(text, after);
    else if (mark === '\\') pattern.lastIndex = after + 1;
    else if (mark === '"' || mark === "'") {
      const end = endOfString(text, after, mark);
      if (rule === 'import') {
        add(after, end, 'import');
        rule = undefined;
      } else if (imageSet === 1) add(after, end, 'url');
      pattern.lastIndex = end + 1;
    } else if (mark === 'url(' || mark === 'src(') {
      const range = urlArgument(text, after, mark === 'url(');
      if (range.isGood) add(range.start, range.end, rule === 'import' || rule === 'font' ? rule : 'url');
      if (rule === 'import') rule = undefined;
      pattern.lastIndex = range.next;
    } else if (mark.endsWith('image-set(')) imageSet = 1;
    else if (mark === '(') imageSet += imageSet > 0 ? 1 : 0;
    else if (mark === ')') imageSet -= imageSet > 0 ? 1 : 0;
    else if (mark === '}') rule = undefined;
    else if (mark === ';') rule = rule === 'font' ? rule : undefined;
    else if (mark === '@import') rule = 'import';
    else if (mark === '@namespace') rule = 'namespace';
    else if (mark === '@font-face') rule = 'font';
    if (mark === '{' || mark === '}' || mark === ';') imageSet = 0;
  }
  return found;
}

function endOfComment(text: string, from: number): number {
  const close = text.indexOf('*/', from);
  return close === -1 ? text.length : close + 2;
}

/** Offset of the closing quote; a string also ends, broken, at a line end. */
function endOfString(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    const unit = text[at];
    if (unit === quote || unit === '\n' || unit === '\r' || unit === '\f') return at;
    if (unit === '\\') at += text[at + 1] === '\r' && text[at + 2] === '\n' ? 2 : 1;
  }
  return text.length;
}

interface UrlArgument {
  readonly start: number;
  readonly end: number;
  /** Offset after the argument. */
  readonly next: number;
  readonly isGood: boolean;
}

const isSpace = (unit: string | undefined): boolean =>
  unit === ' ' || unit === '\t' || unit === '\n' || unit === '\r' || unit === '\f';

/** The argument of `url(` that starts at `from`: a string, or bare text to `)`. */
function urlArgument(text: string, from: number, mayBeBare: boolean): UrlArgument {
  let start = from;
  while (isSpace(text[start])) start++;
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const end = endOfString(text, start + 1, quote);
    return { start: start + 1, end, next: end + 1, isGood: text[end] === quote || end === text.length };
  }
  if (!mayBeBare) return { start, end: start, next: start, isGood: false };
  let isGood = true;
  let at = start;
  for (; at < text.length && text[at] !== ')'; at++) {
    if (text.charCodeAt(at) === BACKSLASH) at++;
    else if (text[at] === '"' || text[at] === "'" || text[at] === '(') isGood = false;
  }
  const end = Math.min(at, text.length);
  const bare = text.slice(start, end).replace(/\\[\s\S]/g, 'x');
  if (/\S[ \t\r\n\f]+\S/.test(bare)) isGood = false; // white space may stand at its ends only
  return { start, end, next: end + 1, isGood };
}

/** Decodes CSS escapes: `\26 ` by code point, `\(` literally, an escaped line end to nothing. */
function decodeCssEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\r\n\f])|([\s\S])|$)/g,
    (_, hex: string | undefined, lineEnd: string | undefined, literal: string | undefined) => {
      if (lineEnd !== undefined) return '';
      if (hex === undefined) return literal ?? '\u{fffd}';
      const code = Number.parseInt(hex, 16);
      const isScalar = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return String.fromCodePoint(isScalar ? code : 0xfffd);
    },
  );
}
