import { ForeignContent } from './foreign-content.ts';
import { endsTagName, findRawTextEnd, findScriptEnd } from './raw-text.ts';
import { Tag } from './tag.ts';

/** What stands between tags: character data, or the content of an element that holds no markup. */
export type TextKind = 'data' | 'rcdata' | 'rawtext' | 'script' | 'plaintext' | 'cdata';

/** Takes tokens as offsets into the text (UTF-16 code units), in order. */
export interface HtmlSink {
  /** The tag is valid until the call returns. Returning false ends the tokenizing. */
  startTag?(tag: Tag): boolean | void;
  endTag?(tag: Tag): void;
  text?(start: number, end: number, kind: TextKind): void;
  /** `contentStart` to `contentEnd` without the comment's marks; bogus comments (`<?…>`, `<!…>`) too. */
  comment?(start: number, end: number, contentStart: number, contentEnd: number): void;
  /** From `<!doctype` to after its `>`. */
  doctype?(start: number, end: number): void;
}

export interface TokenizerOptions {
  /** Begin inside an element: its kind of content and, where it can end, its name. */
  readonly begin?: { readonly kind: TextKind; readonly element?: string };
  /** Whether start tags switch to raw text and SVG to CDATA, as the tree builder would have it. Default true. */
  readonly followsElements?: boolean;
}

export const CONTENT_KIND: ReadonlyMap<string, TextKind> = new Map([
  ['script', 'script'],
  ['title', 'rcdata'],
  ['textarea', 'rcdata'],
  ['style', 'rawtext'],
  ['xmp', 'rawtext'],
  ['iframe', 'rawtext'],
  ['noembed', 'rawtext'],
  ['noframes', 'rawtext'],
  ['plaintext', 'plaintext'],
]);

const BANG = 33;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
const DASH = 45;
const SLASH = 47;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;

const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13 && unit !== 11);
const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122;

/**
 * Tokenizes HTML as browsers do (WHATWG HTML §13.2.5), with two reader's liberties: `noscript` is markup, and the tree
 * builder's part (raw text, SVG and MathML) is followed without a tree. Never throws, linear in time, constant in
 * memory; a tag that the text's end cuts off is dropped, as in the standard.
 */
export function tokenizeHtml(text: string, sink: HtmlSink, options: TokenizerOptions = {}): void {
  new Tokenizer(text, sink, options).run();
}

class Tokenizer {
  readonly #text: string;
  readonly #sink: HtmlSink;
  readonly #options: TokenizerOptions;
  readonly #tag: Tag;
  readonly #foreign = new ForeignContent();
  #at = 0;
  /** Start of character data not yet handed out. */
  #textStart = 0;

  constructor(text: string, sink: HtmlSink, options: TokenizerOptions) {
    this.#text = text;
    this.#sink = sink;
    this.#options = options;
    this.#tag = new Tag(text);
  }

  run(): void {
    const { begin } = this.#options;
    if (begin !== undefined && !this.#skipContent(begin.kind, begin.element ?? '')) return;
    const text = this.#text;
    for (let open = text.indexOf('<', this.#at); open !== -1; open = text.indexOf('<', this.#at)) {
      const next = text.charCodeAt(open + 1);
      if (isLetter(next)) {
        if (!this.#readStartTag(open)) return;
      } else if (next === SLASH) {
        if (!this.#readEndTag(open)) return;
      } else if (next === BANG) this.#readDeclaration(open);
      else if (next === QUESTION) this.#readBogusComment(open, open + 1);
      else this.#at = open + 1;
    }
    this.#flushText(text.length);
  }

  #flushText(end: number): void {
    if (end > this.#textStart) this.#sink.text?.(this.#textStart, end, 'data');
  }

  /** Everything before `start` has been handed out, everything before `end` read. */
  #advance(start: number, end: number): void {
    this.#flushText(start);
    this.#at = end;
    this.#textStart = end;
  }

  #readStartTag(open: number): boolean {
    this.#flushText(open);
    if (!this.#readTag(open, open + 1)) return false;
    const tag = this.#tag;
    this.#at = this.#textStart = tag.end;
    if (this.#sink.startTag?.(tag) === false) return false;
    if (this.#options.followsElements === false) return true;
    if (!this.#foreign.startTag(tag.name, tag.isSelfClosing)) return true;
    const kind = CONTENT_KIND.get(tag.name);
    return kind === undefined || this.#skipContent(kind, tag.name);
  }

  #readEndTag(open: number): boolean {
    const next = this.#text.charCodeAt(open + 2);
    if (isLetter(next)) {
      this.#flushText(open);
      if (!this.#readTag(open, open + 2)) return false;
      this.#at = this.#textStart = this.#tag.end;
      this.#foreign.endTag(this.#tag.name);
      this.#sink.endTag?.(this.#tag);
    } else if (next === GREATER) this.#advance(open, open + 3);
    else if (Number.isNaN(next)) this.#at = open + 2;
    else this.#readBogusComment(open, open + 2);
    return true;
  }

  /** Reads name and attributes up to `>`; false where the text ends before. */
  #readTag(open: number, nameStart: number): boolean {
    const text = this.#text;
    const tag = this.#tag;
    let at = nameStart;
    while (at < text.length && !endsTagName(text.charCodeAt(at))) at++;
    tag.begin(open, nameStart, at);
    let slash = -1;
    for (;;) {
      let unit = text.charCodeAt(at);
      while (isSpace(unit) || unit === SLASH) {
        if (unit === SLASH) slash = at;
        unit = text.charCodeAt(++at);
      }
      if (unit === GREATER) break;
      if (at >= text.length) return false;
      at = this.#readAttribute(at);
      if (at === -1) return false;
    }
    tag.end = at + 1;
    tag.isSelfClosing = slash === at - 1;
    return true;
  }

  /** Reads an attribute that starts here and returns where the next may start; -1 where the text ends in it. */
  #readAttribute(nameStart: number): number {
    const text = this.#text;
    let at = nameStart + 1; // a leading `=` belongs to the name
    while (at < text.length && !endsTagName(text.charCodeAt(at)) && text.charCodeAt(at) !== EQUALS) at++;
    const nameEnd = at;
    while (isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) return -1;
    if (text.charCodeAt(at) !== EQUALS) {
      this.#tag.add(nameStart, nameEnd, nameEnd, nameEnd);
      return at;
    }
    at++;
    while (isSpace(text.charCodeAt(at))) at++;
    const quote = text.charCodeAt(at);
    if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
      const close = text.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", at + 1);
      if (close === -1) return -1;
      this.#tag.add(nameStart, nameEnd, at + 1, close);
      return close + 1;
    }
    const valueStart = at;
    while (at < text.length && text.charCodeAt(at) !== GREATER && !isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) return -1;
    this.#tag.add(nameStart, nameEnd, valueStart, at);
    return at;
  }

  /** `<!--`, `<!doctype`, `<![CDATA[` in SVG and MathML, or a bogus comment. */
  #readDeclaration(open: number): void {
    const text = this.#text;
    if (text.startsWith('--', open + 2)) this.#readComment(open);
    else if (text.slice(open + 2, open + 9).toLowerCase() === 'doctype') {
      const close = text.indexOf('>', open + 9);
      const end = close === -1 ? text.length : close + 1;
      this.#advance(open, end);
      this.#sink.doctype?.(open, end);
    } else if (this.#foreign.isForeign && text.startsWith('[CDATA[', open + 2)) {
      this.#advance(open, open + 9);
      this.#skipContent('cdata', '');
    } else this.#readBogusComment(open, open + 2);
  }

  #readBogusComment(open: number, contentStart: number): void {
    const close = this.#text.indexOf('>', contentStart);
    const end = close === -1 ? this.#text.length : close + 1;
    this.#advance(open, end);
    this.#sink.comment?.(open, end, contentStart, close === -1 ? end : close);
  }

  #readComment(open: number): void {
    const [contentEnd, end] = findCommentEnd(this.#text, open + 4);
    this.#advance(open, end);
    this.#sink.comment?.(open, end, open + 4, contentEnd);
  }

  /** Hands out the content of an element without markup; false where nothing can follow it. */
  #skipContent(kind: TextKind, element: string): boolean {
    if (kind === 'data') return true;
    const text = this.#text;
    const start = this.#at;
    let end = text.length;
    let next = text.length;
    if (kind === 'cdata') {
      const close = text.indexOf(']]>', start);
      if (close !== -1) [end, next] = [close, close + 3];
    } else if (kind !== 'plaintext' && element !== '') {
      end = next =
        kind === 'script' ? findScriptEnd(text, start, element) : findRawTextEnd(text, start, element);
    }
    if (end > start) this.#sink.text?.(start, end, kind);
    this.#at = this.#textStart = next;
    return next < text.length || kind === 'cdata';
  }
}

/** The end of a comment's content and the offset after the comment; `from` is the offset after `<!--`. */
function findCommentEnd(text: string, from: number): [contentEnd: number, end: number] {
  if (text.charCodeAt(from) === GREATER) return [from, from + 1];
  if (text.startsWith('->', from)) return [from, from + 2];
  for (let close = text.indexOf('>', from); close !== -1; close = text.indexOf('>', close + 1)) {
    if (text.charCodeAt(close - 1) === DASH && text.charCodeAt(close - 2) === DASH && close - 2 >= from) {
      return [close - 2, close + 1];
    }
    if (text.startsWith('--!', close - 3) && close - 3 >= from) return [close - 3, close + 1];
  }
  const content = text.slice(Math.max(from, text.length - 3));
  const marks = content.endsWith('--!') ? 3 : content.endsWith('--') ? 2 : content.endsWith('-') ? 1 : 0;
  return [text.length - marks, text.length];
}
