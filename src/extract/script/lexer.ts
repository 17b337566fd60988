/** Kinds of token. Template literals are `templateOpen`, then text and `${` … `}` in turn, then `templateClose`. */
export const KIND = {
  name: 1,
  number: 2,
  string: 3,
  regex: 4,
  punctuator: 5,
  templateOpen: 6,
  templateText: 7,
  templateClose: 8,
} as const;

/** Tokens as columns: offsets into the text (UTF-16 code units), no objects. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Index of the bracket (or template mark) that closes or opens the pair; -1 for other tokens and unpaired ones. */
  readonly partners: Int32Array;
  /** Whether the token limit ended the reading. */
  readonly isCut: boolean;
}

/** Words after which `/` begins a regular expression. */
const OPERATOR_WORDS = new Set(
  'return typeof case do else in instanceof new void delete throw await yield of'.split(' '),
);
/** Words whose parenthesis is followed by a statement, so that `/` after it begins a regular expression. */
const STATEMENT_WORDS = new Set(['if', 'while', 'for', 'with']);

/** Attempts to read a regular expression in a line that does not close them, so that reading stays linear. */
const MAX_UNCLOSED = 8;

const NAME_START = /[\p{ID_Start}$_#@\\]/u;
const PUNCTUATOR =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[^]/y;

const OPENERS = '([{';
const CLOSERS = ')]}';

/**
 * Reads JavaScript into tokens (ECMA-262 §12), without a grammar: whether `/` divides or begins a regular expression
 * is told from the token before. Never throws, linear in time; broken code gives odd tokens, and reading goes on.
 */
export function lexScript(text: string, maxTokens = 2_000_000): Tokens {
  return new Lexer(text, maxTokens).run();
}

class Lexer {
  readonly #text: string;
  readonly #maxTokens: number;
  #count = 0;
  #at = 0;
  #kinds = new Uint8Array(1024);
  #starts = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  #partners = new Int32Array(1024);
  /** Tokens of open brackets and templates. */
  readonly #open: number[] = [];
  /** How often the line that ends at `unclosedUntil` failed to close a regular expression. */
  #unclosed = 0;
  #unclosedUntil = 0;
  /** Whether a `/` here begins a regular expression. */
  #regexMayFollow = true;

  constructor(text: string, maxTokens: number) {
    this.#text = text;
    this.#maxTokens = maxTokens;
  }

  run(): Tokens {
    const text = this.#text;
    if (text.startsWith('#!')) this.#at = this.#lineEnd(0);
    while (this.#skipBlank() && this.#count < this.#maxTokens) {
      const character = text[this.#at]!;
      if (character === '"' || character === "'") this.#readString(character);
      else if (character === '`') this.#openTemplate();
      else if (character === '/' && this.#regexMayFollow && this.#readRegex()) continue;
      else if (/[0-9]/.test(character) || (character === '.' && /[0-9]/.test(text[this.#at + 1] ?? '')))
        this.#readNumber();
      else if (!this.#readName()) this.#readPunctuator();
    }
    return {
      text,
      count: this.#count,
      kinds: this.#kinds.subarray(0, this.#count),
      starts: this.#starts.subarray(0, this.#count),
      ends: this.#ends.subarray(0, this.#count),
      partners: this.#partners.subarray(0, this.#count),
      isCut: this.#at < text.length,
    };
  }

  #add(kind: number, start: number, end: number): number {
    if (this.#count === this.#kinds.length) this.#grow();
    const token = this.#count++;
    this.#kinds[token] = kind;
    this.#starts[token] = start;
    this.#ends[token] = end;
    this.#partners[token] = -1;
    this.#at = end;
    this.#regexMayFollow = false;
    return token;
  }

  #grow(): void {
    const size = 2 * this.#kinds.length;
    const widen = <Column extends Uint8Array | Uint32Array | Int32Array>(
      column: Column,
      wider: Column,
    ): Column => {
      wider.set(column);
      return wider;
    };
    this.#kinds = widen(this.#kinds, new Uint8Array(size));
    this.#starts = widen(this.#starts, new Uint32Array(size));
    this.#ends = widen(this.#ends, new Uint32Array(size));
    this.#partners = widen(this.#partners, new Int32Array(size));
  }

  /** Skips white space and comments; false at the end. */
  #skipBlank(): boolean {
    const text = this.#text;
    for (;;) {
      const unit = text.charCodeAt(this.#at);
      if (unit <= 32 || unit === 0xa0 || unit === 0xfeff || unit === 0x2028 || unit === 0x2029) this.#at++;
      else if (text.startsWith('//', this.#at) || text.startsWith('<!--', this.#at))
        this.#at = this.#lineEnd(this.#at);
      else if (text.startsWith('/*', this.#at)) {
        const close = text.indexOf('*/', this.#at + 2);
        this.#at = close === -1 ? text.length : close + 2;
      } else return this.#at < text.length;
    }
  }

  #lineEnd(from: number): number {
    for (let at = from; at < this.#text.length; at++) {
      const unit = this.#text.charCodeAt(at);
      if (unit === 10 || unit === 13 || unit === 0x2028 || unit === 0x2029) return at;
    }
    return this.#text.length;
  }

  /** A string; one that its line does not close ends there. */
  #readString(quote: string): void {
    const text = this.#text;
    let at = this.#at + 1;
    for (; at < text.length; at++) {
      const character = text[at];
      if (character === quote) {
        at++;
        break;
      }
      if (character === '\n' || character === '\r') break;
      if (character === '\\') at += text[at + 1] === '\r' && text[at + 2] === '\n' ? 2 : 1;
    }
    this.#add(KIND.string, this.#at, Math.min(at, text.length));
  }

  #readNumber(): void {
    const text = this.#text;
    let at = this.#at + 1;
    while (
      at < text.length &&
      (/[0-9a-zA-Z_.]/.test(text[at]!) ||
        (/[+-]/.test(text[at]!) &&
          /e/i.test(text[at - 1]!) &&
          !/^0x/i.test(text.slice(this.#at, this.#at + 2))))
    )
      at++;
    this.#add(KIND.number, this.#at, at);
  }

  /** A regular expression literal; false where its line does not close it, so that `/` divides after all. */
  #readRegex(): boolean {
    const text = this.#text;
    let isInClass = false;
    let at = this.#at + 1;
    if (at < this.#unclosedUntil && this.#unclosed >= MAX_UNCLOSED) return false;
    for (; at < text.length; at++) {
      const character = text[at]!;
      if (character === '\n' || character === '\r') break;
      if (character === '\\') at++;
      else if (character === '[') isInClass = true;
      else if (character === ']') isInClass = false;
      else if (character === '/' && !isInClass) {
        let end = at + 1;
        while (/[a-z]/.test(text[end] ?? '')) end++;
        this.#add(KIND.regex, this.#at, end);
        return true;
      }
    }
    this.#unclosed = at <= this.#unclosedUntil ? this.#unclosed + 1 : 1;
    this.#unclosedUntil = at;
    return false;
  }

  #readName(): boolean {
    const text = this.#text;
    const first = text.charCodeAt(this.#at);
    if (!isNameUnit(first) && !(first > 127 && NAME_START.test(text.slice(this.#at, this.#at + 2))))
      return false;
    let at = this.#at + 1;
    while (
      at < text.length &&
      (isNameUnit(text.charCodeAt(at)) || text.charCodeAt(at) > 127) &&
      !isBlankUnit(text.charCodeAt(at))
    )
      at++;
    const start = this.#at;
    this.#add(KIND.name, start, at);
    this.#regexMayFollow = at - start <= 10 && OPERATOR_WORDS.has(text.slice(start, at));
    return true;
  }

  #readPunctuator(): void {
    PUNCTUATOR.lastIndex = this.#at;
    const mark = PUNCTUATOR.exec(this.#text)![0]; // its last alternative takes any character
    if (mark.length === 1 && OPENERS.includes(mark)) this.#openBracket(mark);
    else if (mark.length === 1 && CLOSERS.includes(mark)) this.#closeBracket(mark);
    else {
      this.#add(KIND.punctuator, this.#at, this.#at + mark.length);
      this.#regexMayFollow = mark !== '++' && mark !== '--';
    }
  }

  #openBracket(mark: string): void {
    this.#open.push(this.#add(KIND.punctuator, this.#at, this.#at + mark.length));
    this.#regexMayFollow = true;
  }

  /** Pairs the bracket with its opener; openers of another kind in between are given up. */
  #closeBracket(mark: string): void {
    const wanted = OPENERS[CLOSERS.indexOf(mark)]!;
    const token = this.#add(KIND.punctuator, this.#at, this.#at + 1);
    const depth = this.#openDepth(wanted);
    if (depth === -1) return;
    const opener = this.#open[depth]!;
    this.#open.length = depth;
    this.#partners[opener] = token;
    this.#partners[token] = opener;
    if (this.#startsWith(opener, '${')) this.#readTemplateText();
    else if (mark === ')') this.#regexMayFollow = opener > 0 && STATEMENT_WORDS.has(this.#wordAt(opener - 1));
    else if (mark === '}') this.#regexMayFollow = !this.#isExpressionBrace(opener);
  }

  /** Where in the stack the opener stands that this closer ends: the innermost few are looked at, so that broken code stays linear. */
  #openDepth(wanted: string): number {
    const lowest = Math.max(0, this.#open.length - 8);
    for (let depth = this.#open.length - 1; depth >= lowest; depth--) {
      const opener = this.#open[depth]!;
      if (this.#kinds[opener] === KIND.templateOpen) return -1;
      const end = this.#ends[opener]! - 1;
      if (this.#text[end] === wanted) return depth;
    }
    return -1;
  }

  /** Whether `{` begins an object rather than a block. */
  #isExpressionBrace(brace: number): boolean {
    if (brace === 0) return false;
    const before = brace - 1;
    if (this.#kinds[before] === KIND.name) return this.#wordAt(before) === 'return';
    const last = this.#text[this.#ends[before]! - 1]!;
    return this.#kinds[before] === KIND.punctuator && '=([,:?+|&!'.includes(last);
  }

  #wordAt(token: number): string {
    return this.#kinds[token] === KIND.name ? this.#text.slice(this.#starts[token], this.#ends[token]) : '';
  }

  #startsWith(token: number, mark: string): boolean {
    return this.#text.startsWith(mark, this.#starts[token]);
  }

  #openTemplate(): void {
    this.#open.push(this.#add(KIND.templateOpen, this.#at, this.#at + 1));
    this.#readTemplateText();
  }

  /** Template text up to `${` or the closing mark. */
  #readTemplateText(): void {
    const text = this.#text;
    let at = this.#at;
    while (at < text.length && text[at] !== '`' && !(text[at] === '$' && text[at + 1] === '{')) {
      at += text[at] === '\\' ? 2 : 1;
    }
    at = Math.min(at, text.length);
    if (at > this.#at) this.#add(KIND.templateText, this.#at, at);
    if (at >= text.length) return;
    if (text[at] === '$') {
      this.#open.push(this.#add(KIND.punctuator, at, at + 2));
      this.#regexMayFollow = true;
      return;
    }
    const token = this.#add(KIND.templateClose, at, at + 1);
    const opener = this.#open.pop();
    if (opener !== undefined) {
      this.#partners[opener] = token;
      this.#partners[token] = opener;
    }
  }
}

/** A–Z, a–z, 0–9, `$`, `_`, `#`, `@` and `\` (of an escape): what names are made of, as far as it matters here. */
function isNameUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 48 && unit <= 57) ||
    unit === 36 ||
    unit === 95 ||
    unit === 35 ||
    unit === 64 ||
    unit === 92
  );
}

function isBlankUnit(unit: number): boolean {
  return unit === 0xa0 || unit === 0xfeff || unit === 0x2028 || unit === 0x2029;
}

/** The value of a string literal or template text: escapes decoded (ECMA-262 §12.9.4). */
export function decodeEscapes(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})|(\r\n|[\n\r\u2028\u2029])|([^]))/g,
    (_, point?: string, unit?: string, byte?: string, octal?: string, lineEnd?: string, single?: string) => {
      if (lineEnd !== undefined) return '';
      const hex = point ?? unit ?? byte;
      if (hex !== undefined) return fromCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return fromCode(Number.parseInt(octal, 8));
      return SINGLE_ESCAPES[single!] ?? single!;
    },
  );
}

const SINGLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
};

function fromCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\u{fffd}';
}
