import { hostOfUrl, parseUrl, refang, type Host, type Url } from '#model';
import { decodeCharacterData } from '../html/characters.ts';
import { scanHtml, type HtmlReference } from '../html/scan.ts';
import type { Tag } from '../html/tag.ts';
import { tokenizeHtml, type HtmlSink, type TextKind } from '../html/tokenizer.ts';
import { findLinks, withoutInvisible, type FoundLink } from './find-links.ts';

/** A URL or host that the markup of a mail names. */
interface HtmlLink {
  readonly label: 'html.href' | 'html.src' | 'html.form';
  readonly url?: Url;
  readonly host: Host;
  readonly element: string;
  readonly attribute: string | undefined;
  readonly isDefanged: boolean;
  /** The markup around it. */
  readonly snippet: string;
  /** What the reader sees, where that names another host than the link goes to. */
  readonly shownText?: string;
}

/** The links of a mail's HTML, and its text as read. */
export interface HtmlLinks {
  readonly links: readonly HtmlLink[];
  /** Visible text, a line a block; character references decoded, invisible characters removed. */
  readonly text: string;
  /** Code of inline scripts. */
  readonly scripts: readonly string[];
}

const MAX_SHOWN_LENGTH = 200;
const MAX_SNIPPET_LENGTH = 300;

const BLOCKS = new Set(
  (
    'address article aside blockquote br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr li main nav ol option p pre section table tbody td tfoot th thead tr ul'
  ).split(' '),
);

/** Reads what an HTML part names. Relative URLs count only where the part says what they are relative to. Never throws. */
export function readHtmlLinks(html: string): HtmlLinks {
  const view = new VisibleText(html);
  tokenizeHtml(html, view);
  view.end();
  const { references, scripts, baseHref } = scanHtml(html);
  const base = baseHref === undefined ? undefined : parseUrl(baseHref);
  const links = references.flatMap((reference) => {
    const target = readTarget(reference.value, base);
    return target === undefined ? [] : [toLink(html, reference, target, view.shown.get(reference.start))];
  });
  return { links, text: view.visible, scripts: scripts.map(({ code }) => code) };
}

type Target = Pick<FoundLink, 'url' | 'host' | 'isDefanged'>;

function readTarget(value: string, base: Url | undefined): Target | undefined {
  const url = parseUrl(value, base);
  const host = url === undefined ? undefined : hostOfUrl(url);
  if (url !== undefined && host !== undefined) return { url, host, isDefanged: false };
  const address = /^mailto:([^?]*)/i.exec(value)?.[1];
  if (address !== undefined) return findLinks(refang(address.replaceAll('%40', '@')))[0];
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(value) && !/^h..ps?:/i.test(value)) return undefined;
  const [found] = findLinks(value);
  return found?.start === 0 && found.url !== undefined ? found : undefined;
}

function toLink(html: string, reference: HtmlReference, target: Target, shown: string | undefined): HtmlLink {
  const { element, attribute, cause, start, end } = reference;
  const text = shown?.replace(/\s+/g, ' ').trim() ?? '';
  const isMisleading = findLinks(text).some(({ host }) => bare(host) !== bare(target.host));
  return {
    label: cause === 'form.action' ? 'html.form' : isFollowed(reference) ? 'html.href' : 'html.src',
    ...(target.url !== undefined && { url: target.url }),
    host: target.host,
    element,
    attribute,
    isDefanged: target.isDefanged,
    snippet: html.slice(start, Math.min(end, start + MAX_SNIPPET_LENGTH)),
    ...(isMisleading && { shownText: text.slice(0, MAX_SHOWN_LENGTH) }),
  };
}

function isFollowed({ cause, attribute }: HtmlReference): boolean {
  return cause === 'a.href' || cause === 'meta.refresh' || attribute === 'href';
}

const bare = (host: string): string => host.replace(/^www\./, '');

/** Collects what a reader sees, and what he sees of each link. */
class VisibleText implements HtmlSink {
  readonly #html: string;
  readonly #parts: string[] = [];
  /** Offset of an `a` tag → the text inside it. */
  readonly shown = new Map<number, string>();
  visible = '';
  #anchor: { readonly start: number; readonly from: number } | undefined;

  constructor(html: string) {
    this.#html = html;
  }

  startTag(tag: Tag): void {
    if (tag.name === 'a') {
      this.#closeAnchor();
      this.#anchor = { start: tag.start, from: this.#parts.length };
    } else if (BLOCKS.has(tag.name)) this.#parts.push('\n');
  }

  endTag(tag: Tag): void {
    if (tag.name === 'a') this.#closeAnchor();
    else if (BLOCKS.has(tag.name)) this.#parts.push('\n');
  }

  text(start: number, end: number, kind: TextKind): void {
    if (kind !== 'data' && kind !== 'rcdata') return;
    this.#parts.push(withoutInvisible(decodeCharacterData(this.#html.slice(start, end))));
  }

  end(): void {
    this.#closeAnchor();
    this.visible = this.#parts.join('');
  }

  #closeAnchor(): void {
    if (this.#anchor === undefined) return;
    const { start, from } = this.#anchor;
    this.shown.set(start, this.#parts.slice(from).join(''));
    this.#anchor = undefined;
  }
}
