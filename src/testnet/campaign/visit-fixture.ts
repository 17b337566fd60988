import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { parseHost } from '#model';
import type { Reply } from '../site.ts';
import { campaign } from './index.ts';

const sites = new Map(campaign.sites.map((site) => [parseHost(site.host), site]));

/** What the story answers, redirects not followed; undefined where it has no such file. */
export async function replyTo(address: string): Promise<Reply | undefined> {
  const url = new URL(address);
  const site = sites.get(parseHost(url.hostname));
  const route = site?.routes[url.pathname] ?? site?.routes['*'];
  if (typeof route !== 'function') return route;
  const isTls = url.protocol === 'https:';
  return route({ method: 'GET', url, isTls, headers: {}, body: new Uint8Array(), now: new Date(0) });
}

export function fieldOf(reply: Reply, name: string): string {
  const found = Object.entries(reply.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  return String(found?.[1] ?? '');
}

/** One URL that a page names. */
export interface Reference {
  readonly element: string;
  readonly attribute: string;
  readonly url: string;
}

const URL_ATTRIBUTES = new Set(['href', 'src', 'action']);

/** Every web URL in the attributes of an HTML page, in document order, resolved against its address. */
export function referencesOf(html: string, address: string): Reference[] {
  return elementsOf(html).flatMap((element) =>
    element.attrs
      .filter(({ name, value }) => URL_ATTRIBUTES.has(name) && !value.startsWith('javascript:'))
      .map(({ name, value }) => {
        const url = new URL(value, address);
        url.hash = '';
        return { element: element.tagName, attribute: name, url: url.href };
      }),
  );
}

/** All elements in document order, those inside `noscript` as well. */
export function elementsOf(html: string): DefaultTreeAdapterTypes.Element[] {
  const found: DefaultTreeAdapterTypes.Element[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(html, { scriptingEnabled: false }));
  return found;
}

export function attributeOf(element: DefaultTreeAdapterTypes.Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

/** The HTML behind an address. */
export async function htmlOf(address: string): Promise<string> {
  return String((await replyTo(address))?.body);
}
