import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
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
        for (const reference of scanHtml(asMarkup(node)).references) references.push(reference);
    }
    if ('content' in node) nodes.push(node.content);
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) nodes.push(child);
  }
  return hostsOfReferences(references, baseHref, url);
}

/** The same from the reader over strings. */
export function hostsByScan(html: string, url: string): Set<string> {
  const { references, baseHref } = scanHtml(html);
  return hostsOfReferences(references, baseHref, url);
}

function asMarkup(element: DefaultTreeAdapterTypes.Element): string {
  const attributes = element.attrs.map(({ name, prefix, value }) => {
    const quoted = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    return ` ${prefix ? `${prefix}:` : ''}${name}="${quoted}"`;
  });
  const tag = `<${element.tagName}${attributes.join('')}>`;
  if (element.tagName !== 'style' && element.tagName !== 'script') return tag;
  const text = element.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
  return `${tag}${text}</${element.tagName}>`;
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
