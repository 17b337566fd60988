import { hostOfUrl, parseHost, parseUrl, type Cause, type Host, type PageSketch } from '#model';
import { scanCss } from '../css/scan.ts';
import { decodeText } from '../decode-text.ts';
import { decodeAttributeValue } from '../html/characters.ts';
import { meaningOf, urlsIn, type Pull } from '../html/references.ts';
import { cssCause, readTagAt, scanHtml, type HtmlReference } from '../html/scan.ts';
import type { Engine } from './engine.ts';
import * as layout from './layout.ts';
import { readSketch } from './page-sketch.ts';
import { ATTRIBUTES, ELEMENTS, meaningNumber, MEANINGS, type Meaning } from './vocabulary.ts';

/** A link as an object, made when asked for. Offsets are bytes of the page. */
export interface PageLink {
  readonly element: string;
  readonly attribute: string | undefined;
  readonly cause: Cause;
  readonly pull: Pull;
  /** It stands in `noscript`: a browser that runs scripts does not see it. */
  readonly isNoscript: boolean;
  /** As written, decoded, not resolved. */
  readonly value: string;
  /** Of the tag. */
  readonly start: number;
  readonly end: number;
}

/** A range of the page that other readers want. */
export interface PageSpan {
  /** `tellingMeta`: a meta element whose name rules may ask for. */
  readonly kind: 'comment' | 'script' | 'style' | 'title' | 'meta' | 'tellingMeta';
  readonly start: number;
  readonly end: number;
}

/** What a tag of the page loads. */
export interface PageLoad {
  /** As written, decoded. */
  readonly url: string;
  /** Of the tag, in the memory. */
  readonly offset: number;
  readonly end: number;
  readonly element: string;
  readonly attribute: string | undefined;
}

/** The hosts that a page names, in columns: row i of each belongs together. Hosts may repeat with other meanings. */
export interface HostColumns {
  readonly host: readonly Host[];
  /** Index into `MEANINGS`: cause and pull. */
  readonly meaning: readonly number[];
  /** How many links of the page have this host and meaning. */
  readonly count: readonly number[];
  /** Byte offset of the first tag that does. */
  readonly offset: readonly number[];
}

const CELLS_A_LINK = layout.LINK_ROW / 4;
const CELLS_A_PAIR = layout.PAIR_ROW / 4;
const CELLS_A_SPAN = layout.SPAN_ROW / 4;
const SPAN_KINDS = [undefined, 'comment', 'script', 'style', 'title', 'meta', 'tellingMeta'] as const;
/** Of pages that are UTF-8, whatever they say themselves. */
export const UTF8_TYPE = 'text/html; charset=utf-8';
/** How far into a page the encoding is declared, at the latest. */
const PRESCAN_BYTES = 1024;

/** One reference, however it was written. */
interface Reference {
  readonly value: string;
  readonly cause: Cause;
  readonly pull: Pull;
  readonly element: string;
  readonly attribute: string | undefined;
}

/**
 * What one page says. A view of the scanner's memory: valid until the core reads the next page. Numbers are there at
 * once; strings and objects are made when asked for.
 */
export class PageFacts {
  readonly url: string;
  /** Tags, start and end. */
  readonly tags: number;
  /** Words of its text outside scripts, styles and titles; 0 where the core was not told to sketch. */
  readonly words: number;
  /** Whether a limit (links, or bytes) ended the reading. */
  readonly isCut: boolean;
  readonly linkCount: number;
  readonly spanCount: number;
  /** The scanner's memory. */
  readonly memory: Buffer;
  /** The same in cells. */
  readonly cells: Int32Array;
  readonly #engine: Engine;
  readonly #start: number;
  readonly #end: number;
  readonly #contentType: string | undefined;
  #encoding: string | undefined;
  #base: string | undefined;
  #names: Host[] | undefined;
  readonly #markup = new Map<number, readonly HtmlReference[]>();

  constructor(engine: Engine, start: number, end: number, url: string, contentType?: string, wasCut = false) {
    this.#engine = engine;
    this.memory = engine.buffer;
    this.cells = engine.cells;
    this.#start = start;
    this.#end = end;
    this.#contentType = contentType;
    this.url = url;
    this.tags = this.#cell(layout.TAG_COUNT);
    this.words = this.isSketched ? this.#cell(layout.WORDS_SKETCHED) : 0;
    this.linkCount = this.#cell(layout.LINK_COUNT);
    this.spanCount = this.#cell(layout.SPAN_COUNT);
    this.isCut = wasCut || this.#cell(layout.IS_CUT) !== 0;
  }

  /** What relative URLs are relative to: the first `<base href>`, also for links before it, else the page's own URL. */
  get base(): string {
    this.#base ??= this.#findBase();
    return this.#base;
  }

  /**
   * The web hosts that the page names, the page's own included, by meaning. The scanner counted the plain ones; the
   * rest (the hard cases, and relative links where `<base>` leads elsewhere) goes through the WHATWG parsers here.
   * Of some meanings, if only these are asked for.
   */
  hosts(isAsked: (meaning: Meaning) => boolean = () => true): HostColumns {
    const columns = new HostTable();
    const names = this.#hostNames();
    for (let row = 0; row < names.length; row++) {
      const at = layout.PAIRS / 4 + row * CELLS_A_PAIR;
      if (!isAsked(MEANINGS[this.cells[at + 2]!]!)) continue;
      columns.add(names[row]!, this.cells[at + 2]!, this.cells[at + 3]!, this.cells[at + 4]! - this.#start);
    }
    /** Relative links by meaning, and where the first of each stands: far fewer than links. */
    const relative = new Map<number, { count: number; readonly offset: number }>();
    for (let link = 0; link < this.linkCount; link++) {
      const row = this.#linkCell(link, 5);
      if (row >= 0 || row === layout.NO_HOST) continue;
      const what = this.#linkCell(link, 0);
      const meaning = what & 0xff;
      const isOfOneMeaning = ((what >>> 8) & 0x7f) <= layout.PLAIN_URL;
      if (isOfOneMeaning && !isAsked(MEANINGS[meaning]!)) continue;
      const offset = this.#linkCell(link, 3) - this.#start;
      if (row === layout.HARD) this.#addHardHosts(columns, link, offset, isAsked);
      else {
        const before = relative.get(meaning);
        if (before === undefined) relative.set(meaning, { count: 1, offset });
        else before.count++;
      }
    }
    const baseHost = relative.size === 0 ? undefined : hostOfUrl(this.base);
    if (baseHost !== undefined)
      for (const [meaning, { count, offset }] of relative) columns.add(baseHost, meaning, count, offset);
    return columns;
  }

  /** The names in `PAIRS`. The scanner takes none but such as parseHost would return as they are. */
  #hostNames(): readonly Host[] {
    if (this.#names === undefined) {
      this.#names = [];
      const end = layout.PAIRS / 4 + this.#cell(layout.PAIR_COUNT) * CELLS_A_PAIR;
      for (let at = layout.PAIRS / 4; at < end; at += CELLS_A_PAIR)
        this.#names.push(
          this.memory.toString('latin1', this.cells[at], this.cells[at + 1]).toLowerCase() as Host,
        );
    }
    return this.#names;
  }

  /** All links in the order of the page. */
  *links(): Generator<PageLink> {
    for (let link = 0; link < this.linkCount; link++) {
      const start = this.#linkCell(link, 3) - this.#start;
      const end = this.#linkCell(link, 4) - this.#start;
      const isNoscript = (this.#linkCell(link, 0) & 0x8000) !== 0;
      for (const reference of this.#references(link)) yield { ...reference, isNoscript, start, end };
    }
  }

  /** Comments, scripts, styles, titles (their content) and meta tags (whole) in the order of the page; of one kind if asked. */
  *spans(wanted?: PageSpan['kind']): Generator<PageSpan> {
    const number = wanted === undefined ? undefined : SPAN_KINDS.indexOf(wanted);
    for (let span = 0; span < this.spanCount; span++) {
      const at = layout.SPANS / 4 + span * CELLS_A_SPAN;
      if (number !== undefined && this.cells[at] !== number) continue;
      const kind = SPAN_KINDS[this.cells[at]!]!;
      yield { kind, start: this.cells[at + 1]! - this.#start, end: this.cells[at + 2]! - this.#start };
    }
  }

  /** Text of a range of the page (byte offsets), decoded. */
  text(start: number, end: number): string {
    return this.#decode(this.#start + start, this.#start + end);
  }

  get isSketched(): boolean {
    return this.#cell(layout.IS_SKETCHING) !== 0;
  }

  /** By what copies of the page are found, valid as long as the facts; undefined where the core was not told to sketch. */
  sketch(): PageSketch | undefined {
    return this.isSketched ? readSketch(this.#engine, this.cells) : undefined;
  }

  #cell(at: number): number {
    return this.cells[at / 4]!;
  }

  #linkCell(link: number, cell: number): number {
    return this.cells[layout.LINKS / 4 + link * CELLS_A_LINK + cell]!;
  }

  #findBase(): string {
    const start = this.#cell(layout.BASE_START);
    if (start === 0) return this.url;
    const href = decodeAttributeValue(this.#decode(start, this.#cell(layout.BASE_END)));
    const base = URL.parse(href, this.url);
    return base !== null && /^https?:$/.test(base.protocol) ? base.href : this.url;
  }

  #addHardHosts(
    columns: HostTable,
    link: number,
    offset: number,
    isAsked: (meaning: Meaning) => boolean,
  ): void {
    for (const reference of this.#references(link)) {
      if (!isAsked(reference)) continue;
      const { value, cause, pull } = reference;
      const url = URL.parse(value, this.base);
      if (url === null || !/^(?:http|ws)s?:$/.test(url.protocol)) continue;
      const host = parseHost(url.hostname);
      if (host !== undefined) columns.add(host, meaningNumber(cause, pull), 1, offset);
    }
  }

  /** `href` of the first `<base>` that has one, decoded and trimmed. */
  get baseHref(): string | undefined {
    const start = this.#cell(layout.BASE_START);
    if (start === 0) return undefined;
    return decodeAttributeValue(this.#decode(start, this.#cell(layout.BASE_END))).trim();
  }

  /** What URLs at an offset (of the memory) are relative to, as far as a base element before it tells. */
  baseBefore(offset: number): string | undefined {
    const start = this.#cell(layout.BASE_START);
    return start === 0 || start > offset ? undefined : URL.parse(this.baseHref!, this.url)?.href;
  }

  /**
   * References in order, with offsets of the memory: one for each other host and cause, all that the scanner could not
   * judge, and all that lead to certain addresses.
   */
  references(ownHost: Host, urls: ReadonlySet<string>): HtmlReference[] {
    const found: HtmlReference[] = [];
    const relative = new Set<number>();
    const isBaseOwn = this.#cell(layout.BASE_START) === 0 || hostOfUrl(this.base) === ownHost;
    for (let link = 0; link < this.linkCount; link++) {
      const row = this.#linkCell(link, 5);
      const meaning = this.#linkCell(link, 0) & 0xff;
      const isAsked =
        row >= 0
          ? this.#isFirstOfPair(link, row) &&
            MEANINGS[meaning]!.pull !== 'names' &&
            this.#hostNames()[row] !== ownHost
          : row === layout.HARD || (row === layout.RELATIVE && !isBaseOwn && !relative.has(meaning));
      if (row === layout.RELATIVE) relative.add(meaning);
      if (isAsked || (urls.size > 0 && row !== layout.NO_HOST && this.#leadsTo(link, urls)))
        this.#addReferences(found, link);
    }
    return found;
  }

  #isFirstOfPair(link: number, row: number): boolean {
    return this.cells[layout.PAIRS / 4 + row * CELLS_A_PAIR + 6] === link;
  }

  #leadsTo(link: number, urls: ReadonlySet<string>): boolean {
    return this.#references(link).some(({ value }) => urls.has(parseUrl(value, this.base) ?? ''));
  }

  #addReferences(found: HtmlReference[], link: number): void {
    const what = this.#linkCell(link, 0);
    const isNoscript = (what & 0x8000) !== 0;
    const kind = (what >>> 8) & 0x7f;
    const from = this.#linkCell(link, 1);
    const to = this.#linkCell(link, 2);
    if (kind === layout.MARKUP) return this.#addOfMarkup(found, link, isNoscript);
    const attribute = attributeOf(what);
    if (kind === layout.CSS_TEXT && attribute === undefined)
      return this.#addOfStyle(found, from, to, isNoscript);
    const tagStart = this.#linkCell(link, 3);
    const element = ELEMENTS[what >>> 24]! || this.#elementAt(tagStart);
    const start = attribute === undefined ? this.#stringStart(from) : tagStart;
    const end = attribute === undefined ? to : this.#linkCell(link, 4);
    if (kind === layout.CSS_TEXT) {
      const place = { element, attribute, pull: 'loads' as const, isNoscript, start, end };
      for (const { value, kind: cssKind } of scanCss(this.#decode(from, to)))
        found.push({ ...place, value: value.trim(), cause: cssCause(cssKind) });
      return;
    }
    const { cause, pull } = MEANINGS[what & 0xff]!;
    const row = this.#linkCell(link, 5);
    const host = row < 0 ? undefined : this.#hostNames()[row];
    const value = this.#urlOf(link).trim();
    found.push({ element, attribute, value, host, cause, pull, isNoscript, start, end });
  }

  #addOfMarkup(found: HtmlReference[], link: number, isNoscript: boolean): void {
    const from = this.#linkCell(link, 1);
    const text = this.#decode(from, this.#linkCell(link, 2));
    for (const reference of this.#ofMarkup(link)) {
      const start = from + Buffer.byteLength(text.slice(0, reference.start));
      const end = from + Buffer.byteLength(text.slice(0, reference.end));
      found.push({ ...reference, isNoscript: isNoscript || reference.isNoscript, start, end });
    }
  }

  #addOfStyle(found: HtmlReference[], from: number, to: number, isNoscript: boolean): void {
    const text = this.#decode(from, to);
    for (const { value, kind, start, end } of scanCss(text)) {
      found.push({
        element: 'style',
        attribute: undefined,
        value,
        cause: cssCause(kind),
        pull: 'loads',
        isNoscript,
        start: from + Buffer.byteLength(text.slice(0, start)),
        end: from + Buffer.byteLength(text.slice(0, end)),
      });
    }
  }

  /** A URL in CSS begins behind its quote, white space and all. */
  #stringStart(from: number): number {
    let at = from;
    while (this.memory[at - 1]! <= 32) at--;
    return this.memory[at - 1] === 34 || this.memory[at - 1] === 39 ? at : from;
  }

  #elementAt(tagStart: number): string {
    let end = tagStart + 1;
    while (!/[\s/>]/.test(String.fromCharCode(this.memory[end]!))) end++;
    return this.#decode(tagStart + 1, end).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  /** The row of `PAIRS` with the host that a link leads to; or `RELATIVE`, `HARD` or `NO_HOST`. */
  hostRowOf(link: number): number {
    return this.#linkCell(link, 5);
  }

  /** The URLs that an attribute of a link loads, as written, with the offsets of its tag in the memory. */
  loadsOf(link: number): readonly PageLoad[] {
    const offset = this.#linkCell(link, 3);
    const end = this.#linkCell(link, 4);
    const what = this.#linkCell(link, 0);
    if (((what >>> 8) & 0x7f) !== layout.MARKUP) {
      const value = this.#decode(this.#linkCell(link, 1), this.#linkCell(link, 2));
      const url = decodeAttributeValue(value).trim();
      const element = ELEMENTS[what >>> 24]! || this.#elementAt(offset);
      return [{ url, offset, end, element, attribute: ATTRIBUTES[(what >>> 16) & 0xff]! }];
    }
    const text = this.#decode(offset, end);
    const tag = readTagAt(text, 0, text.length);
    const loads: PageLoad[] = [];
    if (tag === undefined) return loads;
    for (const [attribute, range] of tag.attributes()) {
      const meaning = meaningOf(tag, attribute);
      if (meaning?.pull !== 'loads' || meaning.syntax === 'css') continue;
      const value = decodeAttributeValue(text.slice(range.valueStart, range.valueEnd));
      for (const url of urlsIn(value, meaning.syntax))
        loads.push({ url, offset, end, element: tag.name, attribute });
    }
    return loads;
  }

  /** The values of the link that an offset of the memory lies in, as written, and whether the browser loads them. */
  linkAt(offset: number): { readonly values: readonly string[]; readonly isLoaded: boolean } | undefined {
    let low = 0;
    let high = this.linkCount;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#linkCell(middle, 3) <= offset) low = middle + 1;
      else high = middle;
    }
    const tagStart = low === 0 ? -1 : this.#linkCell(low - 1, 3);
    for (let link = low - 1; link >= 0 && this.#linkCell(link, 3) === tagStart; link--) {
      const isInside = this.#linkCell(link, 1) <= offset && offset < this.#linkCell(link, 2);
      if (!isInside) continue;
      const what = this.#linkCell(link, 0);
      const kind = (what >>> 8) & 0x7f;
      if (kind === layout.MARKUP) return { values: this.#valuesInTag(link), isLoaded: true };
      if (kind === layout.CSS_TEXT) return undefined;
      const value = decodeAttributeValue(this.#decode(this.#linkCell(link, 1), this.#linkCell(link, 2)));
      return { values: [value.trim()], isLoaded: MEANINGS[what & 0xff]!.pull === 'loads' };
    }
    return undefined;
  }

  #valuesInTag(link: number): string[] {
    const text = this.#decode(this.#linkCell(link, 3), this.#linkCell(link, 4));
    const tag = readTagAt(text, 0, text.length);
    return [...(tag?.attributes() ?? [])].flatMap(([attribute, { valueStart, valueEnd }]) => {
      const meaning = meaningOf(tag!, attribute); // it has attributes
      if (meaning === undefined || meaning.syntax === 'css') return [];
      const value = decodeAttributeValue(text.slice(valueStart, valueEnd));
      return meaning.pull === 'loads' ? urlsIn(value, meaning.syntax) : [value.trim()];
    });
  }

  /** What a link names: one reference, or as many as a hard case holds. */
  #references(link: number): readonly Reference[] {
    const what = this.#linkCell(link, 0);
    const kind = (what >>> 8) & 0x7f;
    const element = ELEMENTS[what >>> 24]!;
    const attribute = attributeOf(what);
    if (kind !== layout.MARKUP && kind !== layout.CSS_TEXT)
      return [{ value: this.#urlOf(link), ...MEANINGS[what & 0xff]!, element, attribute }];
    if (kind === layout.MARKUP) return this.#ofMarkup(link);
    const text = this.#decode(this.#linkCell(link, 1), this.#linkCell(link, 2));
    return scanCss(text).map(({ value, kind: cssKind }) => ({
      value,
      cause: cssCause(cssKind),
      pull: 'loads',
      element,
      attribute,
    }));
  }

  /** Of a link that is a whole tag: read once, for references and for hosts. */
  #ofMarkup(link: number): readonly HtmlReference[] {
    let references = this.#markup.get(link);
    if (references === undefined) {
      references = scanHtml(this.#decode(this.#linkCell(link, 1), this.#linkCell(link, 2))).references;
      this.#markup.set(link, references);
    }
    return references;
  }

  /** Of a link whose range is one URL. */
  #urlOf(link: number): string {
    const text = this.#decode(this.#linkCell(link, 1), this.#linkCell(link, 2));
    const kind = (this.#linkCell(link, 0) >>> 8) & 0x7f;
    return kind === layout.ONE_URL ? decodeAttributeValue(text) : text;
  }

  /** Text of a range of the memory; of ASCII without asking for the page's encoding. */
  #decode(start: number, end: number): string {
    const latin1 = this.memory.toString('latin1', start, end);
    if (!/[\u0080-\u00ff]/.test(latin1)) return latin1;
    this.#encoding ??= this.#findEncoding();
    if (this.#encoding === 'utf-8') return this.memory.toString('utf8', start, end);
    return new TextDecoder(this.#encoding, { ignoreBOM: true }).decode(this.memory.subarray(start, end));
  }

  /** A declaration stands in the head; without one, all bytes tell. */
  #findEncoding(): string {
    const page = this.memory.subarray(this.#start, this.#end);
    const type = this.#contentType;
    if (type === UTF8_TYPE) return 'utf-8';
    const head = page.subarray(0, PRESCAN_BYTES).map((byte) => (byte < 128 ? byte : 0x3f));
    const declared = decodeText(Buffer.concat([page.subarray(0, 3), head]), type, 'html').encoding;
    return declared === 'utf-8' ? decodeText(page, type, 'html').encoding : declared;
  }
}

/** Of a link's first cell. */
const attributeOf = (what: number): string | undefined => ATTRIBUTES[(what >>> 16) & 0xff] || undefined;

class HostTable implements HostColumns {
  readonly host: Host[] = [];
  readonly meaning: number[] = [];
  readonly count: number[] = [];
  readonly offset: number[] = [];
  /** Host → its first row; row → the next of the same host, 0 where there is none. */
  readonly #first = new Map<Host, number>();
  readonly #next: number[] = [];

  add(host: Host, meaning: number, count: number, offset: number): void {
    let row = this.#first.get(host);
    if (row === undefined) {
      this.#first.set(host, this.host.length);
      return this.#append(host, meaning, count, offset);
    }
    while (this.meaning[row] !== meaning && this.#next[row] !== 0) row = this.#next[row]!;
    if (this.meaning[row] !== meaning) {
      this.#next[row] = this.host.length;
      return this.#append(host, meaning, count, offset);
    }
    this.count[row] = this.count[row]! + count;
    this.offset[row] = Math.min(this.offset[row]!, offset);
  }

  #append(host: Host, meaning: number, count: number, offset: number): void {
    this.host.push(host);
    this.meaning.push(meaning);
    this.count.push(count);
    this.offset.push(offset);
    this.#next.push(0);
  }
}
