import { parseHost, type Host } from '#model';
import { findLinks, withoutInvisible, type FoundLink } from './find-links.ts';
import { readHtmlLinks } from './html-links.ts';
import type { MailLimits, Mention, MentionLabel } from './mail-reading.ts';

/** Where a text stands in the mail. */
export interface Place {
  readonly label: MentionLabel;
  readonly part: string;
  /** In an attachment: every label there is `attachment`. */
  readonly isInside: boolean;
  readonly header?: string;
}

const SNIPPET_MARGIN = 60;

/** Gathers mentions, each target and label once, up to the limit. */
export class MentionCollector {
  readonly #limits: MailLimits;
  readonly #mentions = new Map<string, Mention>();
  readonly limitsMet = new Set<keyof MailLimits>();

  constructor(limits: MailLimits) {
    this.#limits = limits;
  }

  get mentions(): readonly Mention[] {
    return [...this.#mentions.values()];
  }

  /** Notes that a limit was met. */
  meet(limit: keyof MailLimits): void {
    this.limitsMet.add(limit);
  }

  /** Everything that a plain text names. */
  text(text: string, place: Place): void {
    const visible = withUnbrokenUrls(withoutInvisible(this.#cut(text)));
    for (const link of findLinks(visible)) this.#addFound(visible, link, place);
  }

  /** The URLs alone, for texts that are full of host names that say nothing. */
  urlsOfText(text: string, place: Place): void {
    const visible = this.#cut(text);
    for (const link of findLinks(visible)) if (link.url !== undefined) this.#addFound(visible, link, place);
  }

  /** Links, forms, sources and the visible text of an HTML part. */
  html(html: string, place: Place): void {
    const { links, text, scripts } = readHtmlLinks(this.#cut(html));
    for (const { label, host, snippet, ...rest } of links) {
      const { url, isDefanged, shownText, element, attribute } = rest;
      this.#add({
        ...(url !== undefined && { url }),
        host,
        where: place.isInside ? 'attachment' : label,
        part: place.part,
        snippet,
        isDefanged,
        ...(shownText !== undefined && { shownText }),
        element,
        ...(attribute !== undefined && { attribute }),
      });
    }
    for (const link of findLinks(text)) this.#addFound(text, link, place);
    for (const code of scripts) this.urlsOfText(code, place);
  }

  /** The domain of a mail address. */
  address(address: string, place: Place): void {
    const host: Host | undefined = parseHost(address.slice(address.lastIndexOf('@') + 1));
    if (host === undefined || !address.includes('@')) return;
    this.#add({
      host,
      where: place.label,
      part: place.part,
      snippet: address.slice(0, 200),
      isDefanged: false,
    });
  }

  #addFound(text: string, { url, host, isDefanged, start, end }: FoundLink, place: Place): void {
    const snippet = text.slice(
      Math.max(0, start - SNIPPET_MARGIN),
      Math.min(end, start + 200) + SNIPPET_MARGIN,
    );
    this.#add({
      ...(url !== undefined && { url }),
      host,
      where: place.label,
      part: place.part,
      snippet: snippet.replace(/\s+/g, ' ').trim(),
      isDefanged,
    });
  }

  #add(mention: Mention): void {
    const key = `${mention.where} ${mention.url ?? mention.host}`;
    const known = this.#mentions.get(key);
    if (known !== undefined) {
      // of several links to one place the one that misleads says most
      if (known.shownText === undefined && mention.shownText !== undefined) this.#mentions.set(key, mention);
    } else if (this.#mentions.size >= this.#limits.mentions) this.meet('mentions');
    else this.#mentions.set(key, mention);
  }

  #cut(text: string): string {
    if (text.length <= this.#limits.textLength) return text;
    this.meet('textLength');
    return text.slice(0, this.#limits.textLength);
  }
}

/** URLs in angle brackets go on behind the breaks that mailers put into them (RFC 3986, appendix C). */
const BROKEN_URL = /<h(?:tt|xx)ps?:\/\/[^\s<>"]{1,1000}(?:[ \t]?\r?\n[^\s<>"]{1,1000}){1,8}>/gi;

const withUnbrokenUrls = (text: string): string => text.replace(BROKEN_URL, (url) => url.replace(/\s+/g, ''));
