import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse, Parser, type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, type Token } from 'parse5';
import { parseHost } from '#model';
import { scanHtml, type HtmlReference } from '../html/scan.ts';
import { openSimdEngine } from './engine.ts';
import { MEANINGS, type PageFacts } from './index.ts';

const folder = join(
  process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'pages',
);

/** Whether the WebAssembly form is here: the set-up builds it. */
export const hasSimd = openSimdEngine() !== undefined;

/** Whether the corpus of real pages is here. */
export const hasRealPages = existsSync(join(folder, 'real-pages.warc.gz'));

export const realPagesPath = join(folder, 'real-pages.warc.gz');

/** Every n-th page of the corpus. */
export function* realPages(stride: number): Generator<{ url: string; bytes: Buffer }> {
  const rows = readFileSync(join(folder, 'real-pages.tsv'), 'utf8').trim().split('\n').slice(1);
  const file = openSync(join(folder, 'real-pages.warc.gz'), 'r');
  try {
    for (let i = 0; i < rows.length; i += stride) {
      const [url, , , , offset, length] = rows[i]!.split('\t');
      const member = Buffer.alloc(Number(length));
      readSync(file, member, 0, member.length, Number(offset));
      const record = gunzipSync(member);
      const bytes = record.subarray(record.indexOf('\r\n\r\n', record.indexOf('\r\n\r\n') + 4) + 4, -4);
      yield { url: url!, bytes };
    }
  } finally {
    closeSync(file);
  }
}

/** Hosts and meanings as the core found them, as lines. */
export function hostsOf(facts: PageFacts): Set<string> {
  const { host, meaning } = facts.hosts();
  return new Set(
    host.map((name, i) => {
      const { cause, pull } = MEANINGS[meaning[i]!]!;
      return `${cause} ${pull} ${name}`;
    }),
  );
}

/** The same from parse5's tree: each element is written as a tag again, alone, and read by the exact reader. */
export function hostsByParse5(html: string, url: string): Set<string> {
  const references: HtmlReference[] = [];
  let baseHref: string | undefined;
  const document = parse(html, { scriptingEnabled: false });
  const nodes: DefaultTreeAdapterTypes.Node[] = [document];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if ('tagName' in node) {
      if (node.tagName === 'base') baseHref ??= node.attrs.find(({ name }) => name === 'href')?.value;
      if (node.attrs.length > 0 || node.tagName === 'style')
        for (const reference of scanHtml(elementAsMarkup(node)).references) references.push(reference);
    }
    if ('content' in node) nodes.push(node.content);
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) nodes.push(child);
  }
  return hostsOfReferences(references, baseHref, url);
}

/** The same from the start tags that parse5's parser reads, also those that its tree builder then drops. */
export function hostsByParse5Tags(html: string, url: string): Set<string> {
  const { references, baseHref } = new TagReader({ scriptingEnabled: false }).read(html);
  return hostsOfReferences(references, baseHref, url);
}

/** The tree builder at work tells the tokenizer where raw text and foreign content are, as in browsers. */
class TagReader extends Parser<DefaultTreeAdapterMap> {
  readonly references: HtmlReference[] = [];
  baseHref: string | undefined;
  #tag: Token.TagToken | undefined;
  #text = '';

  read(html: string): this {
    this.tokenizer.write(html, true);
    this.#finishTag();
    return this;
  }

  override onStartTag(token: Token.TagToken): void {
    this.#finishTag();
    this.#tag = { ...token };
    if (token.tagName === 'base') this.baseHref ??= token.attrs.find(({ name }) => name === 'href')?.value;
    super.onStartTag(token);
  }

  override onEndTag(token: Token.TagToken): void {
    this.#finishTag();
    super.onEndTag(token);
  }

  override onCharacter(token: Token.CharacterToken): void {
    this.#text += token.chars;
    super.onCharacter(token);
  }

  override onWhitespaceCharacter(token: Token.CharacterToken): void {
    this.#text += token.chars;
    super.onWhitespaceCharacter(token);
  }

  #finishTag(): void {
    const [tag, text] = [this.#tag, this.#text];
    this.#tag = undefined;
    this.#text = '';
    if (tag === undefined || (tag.attrs.length === 0 && tag.tagName !== 'style')) return;
    for (const reference of scanHtml(asMarkup(tag.tagName, tag.attrs, text)).references)
      this.references.push(reference);
  }
}

/** The same from the reader over strings. */
export function hostsByScan(html: string, url: string): Set<string> {
  const { references, baseHref } = scanHtml(html);
  return hostsOfReferences(references, baseHref, url);
}

function elementAsMarkup({ tagName, attrs, childNodes }: DefaultTreeAdapterTypes.Element): string {
  const text = childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  return asMarkup(tagName, attrs, text);
}

function asMarkup(tagName: string, attrs: readonly Token.Attribute[], text: string): string {
  const attributes = attrs.map(({ name, prefix, value }) => {
    const quoted = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    return ` ${prefix ? `${prefix}:` : ''}${name}="${quoted}"`;
  });
  const tag = `<${tagName}${attributes.join('')}>`;
  return tagName === 'style' || tagName === 'script' ? `${tag}${text}</${tagName}>` : tag;
}

function hostsOfReferences(
  references: readonly HtmlReference[],
  baseHref: string | undefined,
  url: string,
): Set<string> {
  const base = baseHref === undefined ? null : URL.parse(baseHref, url);
  const baseUrl = base !== null && /^https?:$/.test(base.protocol) ? base.href : url;
  const hosts = new Set<string>();
  for (const { value, cause, pull } of references) {
    const target = URL.parse(value, baseUrl);
    if (target === null || !/^(?:http|ws)s?:$/.test(target.protocol)) continue;
    const host = parseHost(target.hostname);
    if (host !== undefined) hosts.add(`${cause} ${pull} ${host}`);
  }
  return hosts;
}
