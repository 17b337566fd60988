/**
 * Copies of a page as imitators make them: each mutation of a page's HTML is a function of the text and a seed. They work
 * on the markup as it is written; what lies between changes stays byte for byte.
 */
import { tokenizeHtml } from '../src/extract/html/tokenizer.ts';

export type Mutation = (html: string, page: PageToMutate) => string;

export interface PageToMutate {
  readonly url: string;
  readonly seed: number;
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'HTTrack stamp and relative links': (html, { url }) => stampByHttrack(relativeLinks(html, url), url),
  'button, script and absolute links': (html, { url, seed }) => addButton(absoluteLinks(html, url), seed),
  'scripts and comments removed': (html) => removeScripts(html),
  'class names randomised': (html, { seed }) => renameClasses(html, seed),
  'junk elements around a quarter': (html, { seed }) => addJunk(html, random(seed)),
  'a tenth of the words replaced': (html, { seed }) => replaceWords(html, 0.1, random(seed)),
  'a third of the words replaced': (html, { seed }) => replaceWords(html, 0.3, random(seed)),
  translated: (html, { seed }) => translate(html, seed),
  'top 35 % kept': (html) => keepTop(html, 0.35),
  'Cyrillic letters': (html, { seed }) => disguiseLetters(html, 0.3, random(seed)),
  'translated, classes randomised': (html, { seed }) => translate(renameClasses(html, seed), seed),
  'classes randomised, junk, a third of the words': (html, { seed }) =>
    replaceWords(addJunk(renameClasses(html, seed), random(seed)), 0.3, random(seed + 1)),
};

/** Numbers from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A page cut into pieces that name what they are. */
interface Piece {
  readonly kind: 'tag' | 'end' | 'text' | 'comment' | 'script' | 'other';
  readonly name: string;
  readonly text: string;
}

const SCRIPTS = new Set(['script', 'noscript']);

function piecesOf(html: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const add = (start: number, end: number, kind: Piece['kind'], name = ''): void => {
    if (start > at) pieces.push({ kind: 'other', name: '', text: html.slice(at, start) });
    pieces.push({ kind, name, text: html.slice(start, end) });
    at = end;
  };
  tokenizeHtml(html, {
    startTag: (tag) => add(tag.start, tag.end, 'tag', tag.name),
    endTag: (tag) => add(tag.start, tag.end, 'end', tag.name),
    text: (start, end, kind) => add(start, end, kind === 'data' ? 'text' : 'script'),
    comment: (start, end) => add(start, end, 'comment'),
  });
  if (at < html.length) pieces.push({ kind: 'other', name: '', text: html.slice(at) });
  return pieces;
}

const mapPieces = (html: string, change: (piece: Piece) => string): string =>
  piecesOf(html).map(change).join('');

const WORD = /[\p{L}\p{N}]+/gu;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

function madeWord(next: () => number): string {
  let word = '';
  for (let left = 3 + Math.floor(next() * 7); left > 0; left--) word += LETTERS[Math.floor(next() * 26)]!;
  return word;
}

function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash;
}

/** In text, not in character references. */
function mapWords(html: string, change: (word: string) => string): string {
  return mapPieces(html, ({ kind, text }) =>
    kind === 'text'
      ? text.replace(/&(?:#\w+|\w+);|[\p{L}\p{N}]+/gu, (word) => (word.startsWith('&') ? word : change(word)))
      : text,
  );
}

function replaceWords(html: string, share: number, next: () => number): string {
  return mapWords(html, (word) => (next() < share ? madeWord(next) : word));
}

/** Each word has its own other word, as in a translation; now and then two or none. */
function translate(html: string, seed: number): string {
  const known = new Map<string, string>();
  return mapWords(html, (word) => {
    const key = word.toLowerCase();
    let other = known.get(key);
    if (other === undefined) {
      const next = random(hashOf(key, seed));
      const words = next();
      other = words < 0.1 ? '' : words > 0.85 ? `${madeWord(next)} ${madeWord(next)}` : madeWord(next);
      known.set(key, other);
    }
    return other;
  });
}

const CYRILLIC: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', A: 'А', E: 'Е', O: 'О' };

function disguiseLetters(html: string, share: number, next: () => number): string {
  return mapWords(html, (word) =>
    word.replace(/[aeo]/gi, (letter) => (next() < share ? CYRILLIC[letter]! : letter)),
  );
}

function removeScripts(html: string): string {
  let inside = '';
  return mapPieces(html, ({ kind, name, text }) => {
    if (inside !== '') {
      if (kind === 'end' && name === inside) inside = '';
      return '';
    }
    if (kind === 'comment') return '';
    if (kind === 'tag' && SCRIPTS.has(name)) {
      inside = name;
      return '';
    }
    return text;
  });
}

function renameClasses(html: string, seed: number): string {
  return mapPieces(html, ({ kind, text }) =>
    kind !== 'tag'
      ? text
      : text.replace(/(\sclass\s*=\s*)("[^"]*"|'[^']*')/i, (_, before: string, value: string) => {
          const names = value.slice(1, -1).split(/\s+/).filter(Boolean);
          return `${before}"${names.map((name) => `x${(hashOf(name, seed) >>> 0).toString(36)}`).join(' ')}"`;
        }),
  );
}

const HOLDERS = new Set(
  'div section article main ul ol li td p a span h1 h2 h3 h4 form nav header footer'.split(' '),
);

/** A quarter of the elements hold a junk element first, and some are wrapped. */
function addJunk(html: string, next: () => number): string {
  return mapPieces(html, ({ kind, name, text }) => {
    if (kind !== 'tag' || !HOLDERS.has(name) || next() >= 0.25 || text.endsWith('/>')) return text;
    return `${text}<div style="display:none"></div>`;
  });
}

function keepTop(html: string, share: number): string {
  const pieces = piecesOf(html);
  const body = Math.max(
    0,
    pieces.findIndex(({ kind, name }) => kind === 'tag' && name === 'body'),
  );
  const head = pieces.slice(0, body).map(({ text }) => text);
  const rest = pieces.slice(body);
  const elements = rest.filter(({ kind }) => kind === 'tag').length;
  let left = Math.max(1, Math.round(elements * share));
  const kept: string[] = [];
  for (const { kind, text } of rest) {
    if (kind === 'tag' && left-- === 0) break;
    kept.push(text);
  }
  return `${[...head, ...kept].join('')}</body></html>`;
}

const URL_ATTRIBUTE = /(\s(?:href|src|action)\s*=\s*)("[^"]*"|'[^']*')/gi;

function mapUrls(html: string, change: (url: string) => string): string {
  return mapPieces(html, ({ kind, text }) =>
    kind !== 'tag'
      ? text
      : text.replace(URL_ATTRIBUTE, (whole, before: string, value: string) =>
          /^.(?:#|data:|javascript:|mailto:)/i.test(value)
            ? whole
            : `${before}"${change(value.slice(1, -1))}"`,
        ),
  );
}

const absoluteLinks = (html: string, base: string): string =>
  mapUrls(html, (url) => URL.parse(url, base)?.href ?? url);

/** As a mirror on disk has them: other hosts are folders beside. */
function relativeLinks(html: string, base: string): string {
  const own = new URL(base).host;
  return mapUrls(html, (url) => {
    const target = URL.parse(url, base);
    if (target === null || !target.protocol.startsWith('http')) return url;
    const path = `${target.pathname.slice(1) || 'index.html'}${target.search}`;
    return target.host === own ? path : `../${target.host}/${path}`;
  });
}

function stampByHttrack(html: string, url: string): string {
  const { host, pathname, search } = new URL(url);
  const stamp = `\n<!-- Mirrored from ${host}${pathname}${search} by HTTrack Website Copier/3.x [XR&CO'2014], Fri, 10 Nov 2017 14:47:19 GMT -->\n<!-- Added by HTTrack --><meta http-equiv="content-type" content="text/html;charset=utf-8" /><!-- /Added by HTTrack -->\n`;
  return html.replace(/<head\b/i, (head) => `${stamp}${head}`);
}

function addButton(html: string, seed: number): string {
  const button = `<div id="dl${seed}"><a class="btn" onclick="getInstaller()">Download</a></div><script>function getInstaller(){location.href='/files/setup.exe';}</script>`;
  const added = html.replace(/<body\b[^>]*>/i, (body) => body + button);
  return added === html ? button + html : added;
}

/** The words of a page, for tests that make texts. */
export const wordsOf = (html: string): string[] =>
  piecesOf(html).flatMap(({ kind, text }) =>
    kind === 'text' ? [...text.matchAll(WORD)].map(([word]) => word) : [],
  );
