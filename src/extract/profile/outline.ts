import type { CaptureReader, OutlineItem, OutlinePlace, OutlineTarget } from '#model';
import { openContext } from '../context.ts';
import { decodeAttributeValue, decodeCharacterData } from '../html/characters.ts';
import { scanHtml } from '../html/scan.ts';
import type { Tag } from '../html/tag.ts';
import { tokenizeHtml } from '../html/tokenizer.ts';
import { scriptTargets } from '../script/index.ts';
import type { SourceText } from '../source-text.ts';
import { trackers } from '../trackers/index.ts';
import { mainText, profileIn, shownPage, type CapturedProfile } from './index.ts';

/** A page laid out for comparison. */
export interface PageOutline {
  readonly profile: CapturedProfile;
  /** The text that places lie in. */
  readonly source: string;
  readonly items: readonly OutlineItem[];
  readonly targets: readonly OutlineTarget[];
  /** Wallet addresses, proven by their checksums. */
  readonly wallets: readonly string[];
  /** Things beyond the limit were left out. */
  readonly isCut: boolean;
}

/** Elements and texts of one page that are compared. */
export const MAX_OUTLINE_ITEMS = 20_000;
const MAX_TEXT = 400;
const MAX_VALUE = 300;
const KEPT = new Set(
  'id name href src action method type value placeholder rel content property http-equiv alt download target formaction data poster style'.split(
    ' ',
  ),
);
const CONTROLS = new Set(['a', 'button', 'input', 'select', 'textarea', 'area']);
const RESOURCES = new Set([
  'link',
  'img',
  'iframe',
  'frame',
  'embed',
  'object',
  'video',
  'audio',
  'source',
  'image',
]);
const WALLET = /wallet|bitcoin|ethereum|litecoin|monero|tron|ripple|dogecoin/i;

/** The page that a capture ended on, laid out; undefined where it holds none. */
export function outlineOf(reader: CaptureReader): PageOutline | undefined {
  const context = openContext(reader);
  const page = shownPage(context);
  const text = page === undefined ? undefined : mainText(page);
  const profile = profileIn(context);
  if (page === undefined || text === undefined || profile === undefined) return undefined;
  const { source } = text.reading;
  const { baseHref } = scanHtml(source.text, { tags: 2_000 });
  const base = URL.parse(baseHref ?? '', page.url)?.href ?? page.url;
  const collector = new Collector(source, base);
  tokenizeHtml(source.text, collector);
  return {
    profile,
    source: source.text,
    items: collector.items,
    isCut: collector.isCut,
    targets: scriptTargets(context, [page]).map(({ url, steps }) => ({
      handler: steps[0]?.code ?? '',
      url,
      steps: steps.map(({ what, name, code }) => ({ what, name, code })),
    })),
    wallets: [
      ...new Set(
        trackers(context)
          .filter(({ source, label }) => source === (page.host as string) && WALLET.test(label))
          .map(({ target }) => target),
      ),
    ],
  };
}

type Draft = { -readonly [Key in keyof OutlineItem]: OutlineItem[Key] };

class Collector {
  readonly items: OutlineItem[] = [];
  isCut = false;
  readonly #source: SourceText;
  readonly #text: string;
  readonly #base: string;
  /** The element that was opened last, for texts; and a control whose label is being read. */
  #element = '';
  #control: Draft | undefined;
  #script: Draft | undefined;

  constructor(source: SourceText, base: string) {
    this.#source = source;
    this.#text = source.text;
    this.#base = base;
  }

  startTag(tag: Tag): boolean {
    const { name } = tag;
    this.#element = name;
    this.#script = undefined;
    if (this.items.length >= MAX_OUTLINE_ITEMS) {
      this.isCut = true;
      return false;
    }
    const attributes = this.#attributesOf(tag);
    const item: Draft = {
      kind: kindOf(name, attributes),
      tag: name,
      text:
        name === 'input'
          ? (attributes['value'] ?? attributes['placeholder'] ?? '')
          : (attributes['alt'] ?? ''),
      attributes,
      url: this.#urlOf(name, attributes),
      place: this.#place(tag.start, tag.end),
    };
    if (item.kind === 'control') this.#control = name === 'input' ? undefined : item;
    if (item.kind === 'script') this.#script = item;
    this.items.push(item);
    return true;
  }

  endTag(tag: Tag): void {
    if (this.#control?.tag === tag.name) this.#control = undefined;
    this.#element = '';
  }

  text(start: number, end: number, kind: string): void {
    const script = this.#script;
    this.#script = undefined;
    const raw = this.#text.slice(start, Math.min(end, start + MAX_TEXT * 4));
    if (kind === 'script' && script !== undefined) {
      script.text = fold(raw);
      return;
    }
    if (kind !== 'data' && kind !== 'rcdata') return;
    const text = fold(decodeCharacterData(raw));
    if (text === '' || this.items.length >= MAX_OUTLINE_ITEMS) return;
    if (this.#control !== undefined)
      this.#control.text = `${this.#control.text} ${text}`.trim().slice(0, MAX_TEXT);
    const isTitle = kind === 'rcdata' && this.#element === 'title';
    this.items.push({
      kind: isTitle ? 'title' : 'text',
      tag: this.#element,
      text,
      attributes: {},
      url: undefined,
      place: this.#place(start, end),
    });
  }

  comment(start: number, end: number, contentStart: number, contentEnd: number): void {
    if (this.items.length >= MAX_OUTLINE_ITEMS) return;
    const text = fold(this.#text.slice(contentStart, Math.min(contentEnd, contentStart + MAX_TEXT)));
    if (text === '') return;
    this.items.push({
      kind: 'comment',
      tag: '',
      text,
      attributes: {},
      url: undefined,
      place: this.#place(start, end),
    });
  }

  #attributesOf(tag: Tag): Record<string, string> {
    const kept: Record<string, string> = {};
    if (tag.attributeCount === 0) return kept;
    for (const [name, { valueStart, valueEnd }] of tag.attributes()) {
      if (!KEPT.has(name) && !name.startsWith('on')) continue;
      const raw = this.#text.slice(valueStart, Math.min(valueEnd, valueStart + 4_096));
      kept[name] = decodeAttributeValue(raw).trim().slice(0, MAX_VALUE);
    }
    return kept;
  }

  #urlOf(name: string, attributes: Readonly<Record<string, string>>): string | undefined {
    const value =
      name === 'form'
        ? attributes['action']
        : (attributes['href'] ?? attributes['src'] ?? attributes['data'] ?? attributes['formaction']);
    if (value === undefined || name === 'base') return undefined;
    const url = URL.parse(value, this.#base);
    return url !== null && /^https?:$/.test(url.protocol) ? url.href : undefined;
  }

  #place(start: number, end: number): OutlinePlace {
    return { ...this.#source.positionOf(start), offset: start, length: end - start };
  }
}

function kindOf(tag: string, attributes: Readonly<Record<string, string>>): OutlineItem['kind'] {
  if (tag === 'form') return 'form';
  if (tag === 'script') return attributes['src'] === undefined ? 'script' : 'resource';
  if (tag === 'meta') return 'meta';
  if (RESOURCES.has(tag)) return 'resource';
  const acts = Object.keys(attributes).some((name) => name.startsWith('on'));
  return CONTROLS.has(tag) || acts ? 'control' : 'element';
}

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
