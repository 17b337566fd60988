import type { Cause, Host } from '#model';
import { z } from 'zod';
import { scanCss } from '../css/scan.ts';
import { asciiLower, decodeAttributeValue } from './characters.ts';
import { meaningOf, urlsIn, type AttributeMeaning, type Pull } from './references.ts';
import type { AttributeRange, Tag } from './tag.ts';
import { tokenizeHtml } from './tokenizer.ts';

/** A URL that an HTML text names. Offsets are UTF-16 code units from the start of the text. */
export interface HtmlReference {
  readonly element: string;
  readonly attribute: string | undefined;
  /** `rel` of a link, lower case. */
  readonly rel?: string;
  /** Decoded and trimmed, not yet resolved against `HtmlScan.baseHref`. */
  readonly value: string;
  /** The host that it leads to, where the reader knows it without resolving. */
  readonly host?: Host | undefined;
  readonly cause: Cause;
  readonly pull: Pull;
  /** It stands in `noscript`: a browser that runs scripts does not see it. */
  readonly isNoscript: boolean;
  /** Of the tag; of the URL itself where it stands in a style element. */
  readonly start: number;
  readonly end: number;
}

/** Script code that stands in the page: a script element's text, an event handler, or a `javascript:` link. */
export interface InlineScript {
  readonly kind: 'script' | 'handler' | 'link';
  readonly element: string;
  /** `onclick`, `href`, …; undefined for a script element. */
  readonly attribute?: string;
  /** The code, character references decoded in attributes. */
  readonly code: string;
  /** Where the code begins; in attributes with character references later offsets are approximate. */
  readonly start: number;
  /** Of the tag that holds it. */
  readonly tagStart: number;
  readonly tagEnd: number;
}

export interface HtmlScan {
  /** `href` of the first `<base>` that has one, decoded. It holds for links before it, too. */
  readonly baseHref: string | undefined;
  readonly references: readonly HtmlReference[];
  readonly scripts: readonly InlineScript[];
  /** Whether the tag limit ended the scan. */
  readonly isCut: boolean;
}

export interface HtmlScanLimits {
  readonly tags: number;
  readonly references: number;
}

const DEFAULT_LIMITS: HtmlScanLimits = { tags: 1_000_000, references: 200_000 };

/** How deep srcdoc frames inside srcdoc frames are read. */
const MAX_SRCDOC_DEPTH = 2;

/** Script types that hold JavaScript; others are data blocks. */
const SCRIPT_TYPE = /^(?:module|(?:text|application)\/(?:x-)?(?:java|ecma|live|j)script(?:1\.\d)?)?$/;

/** Finds what an HTML text names: URLs in attributes and styles, inline scripts and handlers. Never throws, linear in time. */
export function scanHtml(text: string, limits: Partial<HtmlScanLimits> = {}): HtmlScan {
  const scanner = new Scanner(text, { ...DEFAULT_LIMITS, ...limits });
  tokenizeHtml(text, scanner);
  return scanner;
}

/** The elements and attributes of one tag that starts at the offset; undefined where no whole start tag stands there. */
export function readTagAt(text: string, start: number, maxLength = 65_536): Tag | undefined {
  let found: Tag | undefined;
  const excerpt = text.slice(start, start + maxLength);
  tokenizeHtml(excerpt, {
    startTag: (tag) => {
      if (tag.start === 0) found = tag;
      return false;
    },
    text: () => undefined,
  });
  return found;
}

/** The references of one tag. */
export function referencesOf(tag: Tag): HtmlReference[] {
  const references: HtmlReference[] = [];
  for (const [attribute, range] of tag.attributes()) {
    const meaning = meaningOf(tag, attribute);
    if (meaning !== undefined) addReferences(references, tag, attribute, range, meaning);
  }
  return references;
}

function addReferences(
  references: HtmlReference[],
  tag: Tag,
  attribute: string,
  range: AttributeRange,
  { cause, pull, syntax }: AttributeMeaning,
): void {
  const value = decodeAttributeValue(tag.text.slice(range.valueStart, range.valueEnd));
  const rel = tag.name === 'link' ? tag.value('rel')?.trim().toLowerCase() : undefined;
  const place = {
    element: tag.name,
    attribute,
    ...(rel !== undefined && { rel }),
    pull,
    isNoscript: false,
    start: tag.start,
    end: tag.end,
  };
  if (syntax === 'css') {
    for (const { value: url, kind } of scanCss(value))
      references.push({ ...place, value: url, cause: cssCause(kind) });
  } else for (const url of urlsIn(value, syntax)) references.push({ ...place, value: url, cause });
}

/** The cause of a request that CSS makes; fonts have no name of their own in the vocabulary. */
export function cssCause(kind: 'import' | 'url' | 'font'): Cause {
  return kind === 'import' ? 'css.import' : 'css.url';
}

class Scanner implements HtmlScan {
  readonly references: HtmlReference[] = [];
  readonly scripts: InlineScript[] = [];
  baseHref: string | undefined;
  isCut = false;
  readonly #text: string;
  readonly #limits: HtmlScanLimits;
  readonly #depth: number;
  #tags = 0;
  /** `noscript` elements that are open. */
  #noscripts = 0;
  /** The script or style element whose text comes next. */
  #open: { readonly content: ElementContent; readonly start: number; readonly end: number } | undefined;

  constructor(text: string, limits: HtmlScanLimits, depth = 0) {
    this.#text = text;
    this.#limits = limits;
    this.#depth = depth;
  }

  startTag(tag: Tag): boolean {
    this.#tags++;
    if (this.#tags > this.#limits.tags || this.references.length > this.#limits.references) {
      this.isCut = true;
      return false;
    }
    this.#open = undefined;
    const { name } = tag;
    if (name === 'noscript') this.#noscripts++;
    if (name === 'script' || name === 'style') {
      this.#open = {
        content: name === 'style' ? 'style' : scriptContent(tag),
        start: tag.start,
        end: tag.end,
      };
    }
    if (tag.attributeCount === 0) return true;
    if (name === 'base') this.baseHref ??= tag.value('href')?.trim();
    for (const [attribute, range] of tag.attributes()) {
      const meaning = meaningOf(tag, attribute);
      if (meaning !== undefined) this.#addReferences(tag, attribute, range, meaning);
      if (attribute === 'srcdoc') this.#addSrcdoc(tag, range);
      if (attribute.startsWith('on') && attribute.length > 4) this.#addCode(tag, attribute, range, 'handler');
      else if (
        attribute === 'href' ||
        attribute === 'action' ||
        attribute === 'src' ||
        attribute === 'formaction'
      ) {
        this.#addCode(tag, attribute, range, 'link');
      }
    }
    return true;
  }

  endTag(tag: Tag): void {
    if (this.#noscripts > 0 && tag.name === 'noscript') this.#noscripts--;
  }

  #addReferences(tag: Tag, attribute: string, range: AttributeRange, meaning: AttributeMeaning): void {
    const from = this.references.length;
    addReferences(this.references, tag, attribute, range, meaning);
    if (this.#noscripts === 0) return;
    for (let i = from; i < this.references.length; i++) {
      this.references[i] = { ...this.references[i]!, isNoscript: true };
    }
  }

  text(start: number, end: number, kind: string): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    if (open.content === 'style') this.#addStyle(start, end);
    else if (open.content === 'speculationrules') this.#addSpeculationRules(start, end);
    else if (open.content === 'code' && kind === 'script') {
      const code = this.#text.slice(start, end);
      this.scripts.push({
        kind: 'script',
        element: 'script',
        code,
        start,
        tagStart: open.start,
        tagEnd: open.end,
      });
    }
  }

  /** The document inside a srcdoc frame: what it names stands in the frame's tag. */
  #addSrcdoc(tag: Tag, range: AttributeRange): void {
    if (this.#depth === MAX_SRCDOC_DEPTH) return;
    const html = decodeAttributeValue(this.#text.slice(range.valueStart, range.valueEnd));
    const inner = new Scanner(
      html,
      { ...this.#limits, tags: this.#limits.tags - this.#tags },
      this.#depth + 1,
    );
    tokenizeHtml(html, inner);
    this.#tags += inner.#tags;
    for (const reference of inner.references)
      this.references.push({ ...reference, start: tag.start, end: tag.end });
  }

  /** Pages that the browser may fetch ahead (Speculation Rules, `source: list`). */
  #addSpeculationRules(start: number, end: number): void {
    const json = this.#text.slice(start, end);
    for (const url of speculatedUrls(json)) {
      const at = start + Math.max(0, json.indexOf(url));
      this.references.push({
        element: 'script',
        attribute: undefined,
        rel: 'speculationrules',
        value: url,
        cause: 'link.href',
        pull: 'loads',
        isNoscript: this.#noscripts > 0,
        start: at,
        end: Math.min(at + url.length, end),
      });
    }
  }

  #addStyle(start: number, end: number): void {
    for (const reference of scanCss(this.#text.slice(start, end))) {
      this.references.push({
        element: 'style',
        attribute: undefined,
        value: reference.value,
        cause: cssCause(reference.kind),
        pull: 'loads',
        isNoscript: this.#noscripts > 0,
        start: start + reference.start,
        end: start + reference.end,
      });
    }
  }

  #addCode(tag: Tag, attribute: string, range: AttributeRange, kind: 'handler' | 'link'): void {
    const raw = this.#text.slice(range.valueStart, range.valueEnd);
    let code = decodeAttributeValue(raw);
    let start = range.valueStart;
    if (kind === 'link') {
      const scheme = /^[\u0000- ]*javascript:/i.exec(asciiLower(code))?.[0];
      if (scheme === undefined) return;
      code = percentDecoded(code.slice(scheme.length));
      start += scheme.length;
    }
    if (code.trim() === '') return;
    const { start: tagStart, end: tagEnd } = tag;
    this.scripts.push({ kind, element: tag.name, attribute, code, start, tagStart, tagEnd });
  }
}

/** What the text of a script or style element is. */
type ElementContent = 'style' | 'code' | 'speculationrules' | 'data';

function scriptContent(tag: Tag): ElementContent {
  const type = tag.value('type')?.trim().toLowerCase() ?? '';
  if (SCRIPT_TYPE.test(type)) return 'code';
  return type === 'speculationrules' ? 'speculationrules' : 'data';
}

const MAX_SPECULATION_RULES = 64 * 1024;
const SPECULATION_RULES = z.record(
  z.string(),
  z.array(z.looseObject({ urls: z.array(z.string()).max(1_000).optional() })).max(100),
);

function speculatedUrls(json: string): string[] {
  if (json.length > MAX_SPECULATION_RULES) return [];
  try {
    const rules = SPECULATION_RULES.parse(JSON.parse(json));
    return Object.values(rules).flatMap((list) => list.flatMap(({ urls }) => urls ?? []));
  } catch {
    return []; // no rules that a browser would take
  }
}

function percentDecoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code; // no valid percent-encoding: browsers take it as it is
  }
}
