import assert from 'node:assert/strict';
import { existsSync, openSync, readFileSync, readSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { decodeText } from '../decode-text.ts';
import { decodeAttributeValue } from './characters.ts';
import { tokenizeHtml } from './tokenizer.ts';

const folder = join(
  process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'pages',
);
const SAMPLE = 100;
const LINK_ATTRIBUTES = new Set([
  'href',
  'src',
  'srcset',
  'action',
  'data',
  'poster',
  'style',
  'content',
  'onclick',
]);

test(
  'links of real pages are those that parse5 finds',
  { skip: !existsSync(folder) && 'ADIT_DATA is absent' },
  (t) => {
    let links = 0;
    const differing: string[] = [];
    for (const { url, html } of samplePages()) {
      const ours = linksByTokenizer(html);
      const theirs = linksByParse5(html);
      links += theirs.size;
      const missed = [...theirs].filter((link) => !ours.has(link));
      const extra = [...ours].filter((link) => !theirs.has(link));
      if (missed.length + extra.length > 0)
        differing.push(`${url}: missed ${missed.join(' ')}; extra ${extra.join(' ')}`);
    }
    t.diagnostic(`${links} distinct links in ${SAMPLE} pages`);
    assert.deepEqual(differing, []);
    assert.ok(links > 10_000);
  },
);

function* samplePages(): Generator<{ url: string; html: string }> {
  const rows = readFileSync(join(folder, 'real-pages.tsv'), 'utf8').trim().split('\n').slice(1);
  const file = openSync(join(folder, 'real-pages.warc.gz'), 'r');
  try {
    const stride = Math.floor(rows.length / SAMPLE);
    for (let i = 0; i < SAMPLE; i++) {
      const [url, , , , offset, length] = rows[i * stride]!.split('\t');
      const member = Buffer.alloc(Number(length));
      readSync(file, member, 0, member.length, Number(offset));
      const record = gunzipSync(member);
      const body = record.subarray(record.indexOf('\r\n\r\n', record.indexOf('\r\n\r\n') + 4) + 4, -4);
      yield { url: url!, html: decodeText(body, undefined, 'html').text };
    }
  } finally {
    closeSync(file);
  }
}

function linksByTokenizer(html: string): Set<string> {
  const links = new Set<string>();
  tokenizeHtml(html, {
    startTag: (tag) => {
      const element = tag.name === 'image' ? 'img' : tag.name; // the tree builder renames it
      for (const [name, { valueStart, valueEnd }] of tag.attributes()) {
        if (LINK_ATTRIBUTES.has(name))
          links.add(`${element}.${name}=${decodeAttributeValue(html.slice(valueStart, valueEnd))}`);
      }
    },
  });
  return links;
}

function linksByParse5(html: string): Set<string> {
  const links = new Set<string>();
  const nodes: DefaultTreeAdapterTypes.Node[] = [parse(html, { scriptingEnabled: false })];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if ('tagName' in node) {
      const element = node.tagName === 'image' ? 'img' : node.tagName.toLowerCase();
      for (const { name, prefix, value } of node.attrs) {
        if (LINK_ATTRIBUTES.has(name) && !prefix) links.add(`${element}.${name}=${value}`);
      }
    }
    if ('content' in node) nodes.push(node.content);
    if ('childNodes' in node) nodes.push(...node.childNodes);
  }
  return links;
}
