import { tokenizeHtml } from '../html/tokenizer.ts';
import type { Tag } from '../html/tag.ts';
import { urlsIn, meaningOf } from '../html/references.ts';
import { decodeAttributeValue, decodeCharacterData } from '../html/characters.ts';
import type { SourceText } from '../source-text.ts';

/** A place in a page's text: UTF-16 units, and the element and attribute it lies in. */
export interface MarkupPlace {
  readonly offset: number;
  readonly length: number;
  readonly element?: string;
  readonly attribute?: string;
}

interface MetaElement extends MarkupPlace {
  /** Of `name`, `property` or `http-equiv`; lower case. */
  readonly name: string;
  readonly content: string;
}

interface LoadedUrl extends MarkupPlace {
  /** Resolved against the base where there is one, else as written. */
  readonly url: string;
  readonly rel: string | undefined;
}

export interface Comment extends MarkupPlace {
  /** Without its marks. */
  readonly text: string;
}

/** What detectors ask of a page's markup, collected in one pass of the tokenizer. */
export interface PageFacts {
  readonly metas: readonly MetaElement[];
  /** What the page makes the browser load: scripts, styles, images, frames. */
  readonly loads: readonly LoadedUrl[];
  readonly comments: readonly Comment[];
  readonly title: (MarkupPlace & { readonly text: string }) | undefined;
  /** Attributes that copying tools leave: `tppabs`, `data-scrapbook-*`, `data-savepage-*`. */
  readonly toolAttributes: readonly (MarkupPlace & { readonly value: string })[];
  /** `href` of the first `<base>`. */
  readonly base: (MarkupPlace & { readonly href: string }) | undefined;
  /** Links and other references that are not loaded, in order: value as written. */
  readonly links: readonly (MarkupPlace & { readonly value: string; readonly rel?: string })[];
  /** The element names of start tags in order, closings as `/`. See `domShape`. */
  readonly structure: readonly string[];
  /** Start offsets of tags and their names, in order: which element an offset lies in. */
  elementAt(offset: number): { readonly element: string; readonly isInTag: boolean } | undefined;
}

/** As much of it as stamps are read from. */
export type StampFacts = Omit<PageFacts, 'title' | 'structure' | 'elementAt'>;

/** Comments, links and so on that are kept, each. */
export const MAX_COLLECTED = 20_000;
const MAX_COMMENT = 8_192;
const MAX_STRUCTURE = 50_000;
const TOOL_ATTRIBUTE = /^(?:tppabs|data-scrapbook-[a-z-]{1,30}|data-savepage-[a-z-]{1,30})$/;

const known = new WeakMap<SourceText, Map<string, PageFacts>>();

/** The facts of a page's text; read once for each text and address. */
export function pageFacts(source: SourceText, url: string): PageFacts {
  const byUrl = known.get(source) ?? new Map<string, PageFacts>();
  known.set(source, byUrl);
  const facts = byUrl.get(url) ?? readPageFacts(source.text, url);
  byUrl.set(url, facts);
  return facts;
}

/** The same without keeping them. */
export function readPageFacts(text: string, url: string): PageFacts {
  const collector = new Collector(text, url);
  tokenizeHtml(text, collector);
  return collector;
}

class Collector implements PageFacts {
  readonly metas: MetaElement[] = [];
  readonly loads: LoadedUrl[] = [];
  readonly comments: Comment[] = [];
  readonly toolAttributes: (MarkupPlace & { value: string })[] = [];
  readonly links: (MarkupPlace & { value: string; rel?: string })[] = [];
  readonly structure: string[] = [];
  title: (MarkupPlace & { text: string }) | undefined;
  base: (MarkupPlace & { href: string }) | undefined;
  readonly #text: string;
  readonly #url: string;
  readonly #tagStarts: number[] = [];
  readonly #tagEnds: number[] = [];
  readonly #tagNames: string[] = [];
  #isInTitle = false;

  constructor(text: string, url: string) {
    this.#text = text;
    this.#url = url;
  }

  startTag(tag: Tag): void {
    const { name } = tag;
    this.#tagStarts.push(tag.start);
    this.#tagEnds.push(tag.end);
    this.#tagNames.push(name);
    if (this.structure.length < MAX_STRUCTURE) this.structure.push(name);
    this.#isInTitle = name === 'title' && this.title === undefined;
    if (tag.attributeCount === 0) return;
    const place = { offset: tag.start, length: tag.end - tag.start, element: name };
    if (name === 'meta') this.#addMeta(tag, place);
    if (name === 'base' && this.base === undefined) {
      const href = tag.value('href')?.trim();
      if (href !== undefined) this.base = { ...place, attribute: 'href', href };
    }
    for (const [attribute, range] of tag.attributes()) {
      const meaning = meaningOf(tag, attribute);
      const isTool = TOOL_ATTRIBUTE.test(attribute);
      if (meaning === undefined && !isTool) continue;
      const value = decodeAttributeValue(this.#text.slice(range.valueStart, range.valueEnd));
      const at = { ...place, attribute };
      if (isTool && this.toolAttributes.length < MAX_COLLECTED) this.toolAttributes.push({ ...at, value });
      if (meaning === undefined) continue;
      if (meaning.pull !== 'loads') this.#addLink(at, value, tag);
      else if (meaning.syntax !== 'css') this.#addLoads(tag, at, urlsIn(value, meaning.syntax));
    }
  }

  endTag(tag: Tag): void {
    if (this.structure.length < MAX_STRUCTURE) this.structure.push('/');
    this.#tagStarts.push(tag.start);
    this.#tagEnds.push(tag.end);
    this.#tagNames.push('');
  }

  text(start: number, end: number, kind: string): void {
    if (!this.#isInTitle || kind !== 'rcdata') return;
    this.#isInTitle = false;
    const raw = this.#text.slice(start, Math.min(end, start + MAX_COMMENT));
    const text = decodeCharacterData(raw).replace(/\s+/g, ' ').trim();
    this.title = { offset: start, length: end - start, element: 'title', text };
  }

  comment(start: number, end: number, contentStart: number, contentEnd: number): void {
    if (this.comments.length >= MAX_COLLECTED) return;
    const text = this.#text.slice(contentStart, Math.min(contentEnd, contentStart + MAX_COMMENT));
    this.comments.push({ offset: start, length: end - start, text });
  }

  elementAt(offset: number): { element: string; isInTag: boolean } | undefined {
    let low = 0;
    let high = this.#tagStarts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#tagStarts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    const element = this.#tagNames[low - 1];
    if (element === undefined || element === '') return undefined;
    return { element, isInTag: offset < this.#tagEnds[low - 1]! };
  }

  #addMeta(tag: Tag, place: MarkupPlace): void {
    const name = tag.value('name') ?? tag.value('property') ?? tag.value('http-equiv');
    const content = tag.value('content');
    if (name === undefined || content === undefined || this.metas.length >= MAX_COLLECTED) return;
    this.metas.push({
      ...place,
      attribute: 'content',
      name: name.trim().toLowerCase(),
      content: content.trim(),
    });
  }

  #addLink(place: MarkupPlace, value: string, tag: Tag): void {
    if (this.links.length >= MAX_COLLECTED) return;
    const rel = tag.name === 'link' ? tag.value('rel')?.trim().toLowerCase() : undefined;
    this.links.push({ ...place, value: value.trim(), ...(rel !== undefined && { rel }) });
  }

  #addLoads(tag: Tag, place: MarkupPlace, urls: readonly string[]): void {
    const rel = tag.name === 'link' ? tag.value('rel')?.trim().toLowerCase() : undefined;
    for (const url of urls) {
      if (this.loads.length >= MAX_COLLECTED || /^(?:data|blob|javascript|about):/i.test(url)) continue;
      const base = URL.parse(this.base?.href ?? '', this.#url)?.href ?? this.#url;
      this.loads.push({ ...place, url: URL.parse(url, base)?.href ?? url, rel });
      if (this.links.length < MAX_COLLECTED) this.links.push({ ...place, value: url });
    }
  }
}
