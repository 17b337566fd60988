import type { Cause } from '#model';
import type { Tag } from './tag.ts';

/** How the browser comes to fetch what an attribute names. */
export type Pull =
  /** By itself, while it loads the page. */
  | 'loads'
  /** When a person follows it. */
  | 'follows'
  /** Only if a script does it: lazy-loading conventions such as `data-src`. */
  | 'scripted'
  /** Never: it says something about the page (canonical, licence). Kept to explain requests, not to predict them. */
  | 'names';

/** What an attribute means: the cause of a request for its URL. */
export interface AttributeMeaning {
  readonly cause: Cause;
  readonly pull: Pull;
  /** How URLs stand in the value. Default: the whole value is one. */
  readonly syntax?: 'srcset' | 'spaced' | 'css' | 'refresh';
}

const loads = (cause: Cause): AttributeMeaning => ({ cause, pull: 'loads' });
const follows = (cause: Cause): AttributeMeaning => ({ cause, pull: 'follows' });
const scripted = (cause: Cause): AttributeMeaning => ({ cause, pull: 'scripted' });

/** `element attribute` → meaning. `link` and `meta` depend on further attributes: see `meaningOf`. */
export const MEANINGS: ReadonlyMap<string, AttributeMeaning> = new Map([
  ['script src', loads('script.src')],
  ['script href', loads('script.src')],
  ['script xlink:href', loads('script.src')],
  ['img src', loads('img.src')],
  ['image href', loads('img.src')],
  ['image xlink:href', loads('img.src')],
  ['image src', loads('img.src')],
  ['feimage href', loads('img.src')],
  ['feimage xlink:href', loads('img.src')],
  ['use href', loads('img.src')],
  ['use xlink:href', loads('img.src')],
  ['input src', loads('img.src')],
  ['iframe src', loads('iframe.src')],
  ['frame src', loads('frame.src')],
  ['fencedframe src', loads('frame.src')],
  ['object data', loads('object.data')],
  ['applet archive', loads('object.data')],
  ['embed src', loads('embed.src')],
  ['video src', loads('media.src')],
  ['video poster', loads('media.src')],
  ['audio src', loads('media.src')],
  ['source src', loads('media.src')],
  ['track src', loads('media.src')],
  ['bgsound src', loads('media.src')],
  ['a href', follows('a.href')],
  ['a xlink:href', follows('a.href')],
  ['area href', follows('a.href')],
  ['a ping', { cause: 'beacon', pull: 'follows', syntax: 'spaced' }],
  ['area ping', { cause: 'beacon', pull: 'follows', syntax: 'spaced' }],
  ['form action', follows('form.action')],
  ['button formaction', follows('form.action')],
  ['input formaction', follows('form.action')],
  ['html manifest', loads('link.href')],
  ['img srcset', { cause: 'img.src', pull: 'loads', syntax: 'srcset' }],
  ['source srcset', { cause: 'img.src', pull: 'loads', syntax: 'srcset' }],
  ['link imagesrcset', { cause: 'link.href', pull: 'loads', syntax: 'srcset' }],
]);

export const BACKGROUND_ELEMENTS = new Set(['body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th']);

/** Attributes that scripts for lazy loading read, whatever the element. */
export const LAZY_ATTRIBUTES = new Set([
  'data-src',
  'data-original',
  'data-lazy',
  'data-lazy-src',
  'data-bg',
  'data-background',
  'data-background-image',
  'data-url',
  'data-href',
  'data-srcset',
  'data-lazy-srcset',
]);

export const LAZY_CAUSES: ReadonlyMap<string, Cause> = new Map([
  ['iframe', 'iframe.src'],
  ['script', 'script.src'],
  ['video', 'media.src'],
  ['audio', 'media.src'],
  ['source', 'media.src'],
  ['a', 'a.href'],
  ['embed', 'embed.src'],
  ['object', 'object.data'],
]);

/** Link types by which the browser fetches (WHATWG HTML §4.6.7 and manifest, icon conventions). */
export const FETCHED_RELS = new Set([
  'stylesheet',
  'icon',
  'apple-touch-icon',
  'apple-touch-icon-precomposed',
  'apple-touch-startup-image',
  'mask-icon',
  'manifest',
  'preload',
  'modulepreload',
  'prefetch',
  'prerender',
  'import',
]);
export const CONNECTED_RELS = new Set(['preconnect', 'dns-prefetch']);

const STYLE: AttributeMeaning = { cause: 'css.url', pull: 'loads', syntax: 'css' };
const REFRESH: AttributeMeaning = { cause: 'meta.refresh', pull: 'loads', syntax: 'refresh' };

/** What the attribute of this tag means; undefined where it names no URL. */
export function meaningOf(tag: Tag, attribute: string): AttributeMeaning | undefined {
  const element = tag.name;
  if (attribute === 'style') return STYLE;
  if (element === 'link' && attribute === 'href') return linkMeaning(tag.value('rel') ?? '');
  if (element === 'meta') {
    const isRefresh = attribute === 'content' && tag.value('http-equiv')?.trim().toLowerCase() === 'refresh';
    return isRefresh ? REFRESH : undefined;
  }
  if (attribute === 'background') return BACKGROUND_ELEMENTS.has(element) ? loads('img.src') : undefined;
  if (LAZY_ATTRIBUTES.has(attribute)) return lazyMeaning(element, attribute);
  return MEANINGS.get(`${element} ${attribute}`);
}

function linkMeaning(rel: string): AttributeMeaning {
  const types = rel.toLowerCase().split(/[\t\n\f\r ]+/);
  if (types.some((type) => FETCHED_RELS.has(type))) return loads('link.href');
  if (types.some((type) => CONNECTED_RELS.has(type))) return loads('preconnect');
  return { cause: 'link.href', pull: 'names' };
}

function lazyMeaning(element: string, attribute: string): AttributeMeaning {
  if (attribute.endsWith('srcset')) return { cause: 'img.src', pull: 'scripted', syntax: 'srcset' };
  return scripted(LAZY_CAUSES.get(element) ?? 'img.src');
}

/** The URLs in the decoded value of an attribute, trimmed, not resolved. */
export function urlsIn(value: string, syntax: AttributeMeaning['syntax']): string[] {
  switch (syntax) {
    case 'srcset':
      return parseSrcset(value);
    case 'spaced':
      return value.split(/[\t\n\f\r ]+/).filter((url) => url !== '');
    case 'refresh': {
      const url = parseRefresh(value);
      return url === undefined ? [] : [url];
    }
    default: {
      const url = value.trim();
      return url === '' ? [] : [url];
    }
  }
}

const MAX_CANDIDATES = 1_000;

/** Candidate URLs of a `srcset` (WHATWG HTML §4.8.4.2.1): a comma ends a candidate only after white space or a descriptor. */
export function parseSrcset(value: string): string[] {
  const urls: string[] = [];
  const candidate = /[\s,]*([^\s]+)/y;
  while (urls.length < MAX_CANDIDATES) {
    const match = candidate.exec(value);
    if (match === null) break;
    const url = match[1]!.replace(/,+$/, '');
    if (url !== '') urls.push(url);
    if (url.length === match[1]!.length) candidate.lastIndex = endOfDescriptors(value, candidate.lastIndex);
  }
  return urls;
}

function endOfDescriptors(value: string, from: number): number {
  let depth = 0;
  for (let at = from; at < value.length; at++) {
    const unit = value[at];
    if (unit === '(') depth++;
    else if (unit === ')') depth = Math.max(0, depth - 1);
    else if (unit === ',' && depth === 0) return at + 1;
  }
  return value.length;
}

const REFRESH_VALUE =
  /^[\t\n\f\r ]*(?:\d+(?:\.[\d.]*)?|\.[\d.]*)[\t\n\f\r ]*(?:[;,][\t\n\f\r ]*|[\t\n\f\r ])(?:url[\t\n\f\r ]*=[\t\n\f\r ]*)?([\s\S]*)$/i;

/** The URL of a meta refresh or a Refresh header (WHATWG HTML §4.2.5.3, "shared declarative refresh steps"); undefined where it reloads the page itself. */
export function parseRefresh(value: string): string | undefined {
  let url = REFRESH_VALUE.exec(value)?.[1]?.trim();
  if (url === undefined || url === '') return undefined;
  const quote = url[0];
  if (quote === '"' || quote === "'") {
    const close = url.indexOf(quote, 1);
    url = url.slice(1, close === -1 ? undefined : close);
  }
  return url === '' ? undefined : url;
}
