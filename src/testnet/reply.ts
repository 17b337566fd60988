import type { Reply, Site } from './site.ts';

/** Fields of a reply besides its body. */
export type ReplyExtras = Omit<Reply, 'body'>;

function typed(contentType: string, body: string | Uint8Array, extras: ReplyExtras): Reply {
  return { ...extras, headers: { 'content-type': contentType, ...extras.headers }, body };
}

export function htmlReply(body: string, extras: ReplyExtras = {}): Reply {
  return typed('text/html; charset=utf-8', body, extras);
}

export function scriptReply(body: string, extras: ReplyExtras = {}): Reply {
  return typed('text/javascript; charset=utf-8', body, extras);
}

export function cssReply(body: string, extras: ReplyExtras = {}): Reply {
  return typed('text/css; charset=utf-8', body, extras);
}

export function textReply(body: string, extras: ReplyExtras = {}): Reply {
  return typed('text/plain; charset=utf-8', body, extras);
}

export function jsonReply(value: unknown, extras: ReplyExtras = {}): Reply {
  return typed('application/json', JSON.stringify(value), extras);
}

export function svgReply(body: string, extras: ReplyExtras = {}): Reply {
  return typed('image/svg+xml', body, extras);
}

export function pngReply(body: Uint8Array, extras: ReplyExtras = {}): Reply {
  return typed('image/png', body, extras);
}

/** Bytes of any type. */
export function fileReply(contentType: string, body: Uint8Array, extras: ReplyExtras = {}): Reply {
  return typed(contentType, body, extras);
}

/** A redirect whose answer has a body of its own, as real servers send. */
export function redirectReply(
  status: 301 | 302 | 303 | 307 | 308,
  location: string,
  extras: ReplyExtras = {},
): Reply {
  const headers = { location, ...extras.headers };
  return htmlReply(`<!doctype html><title>Moved</title><p>Moved to ${location}</p>`, {
    ...extras,
    status,
    headers,
  });
}

/** One site per host: routes of later ones join those of earlier ones, other fields replace them. */
export function mergeSites(sites: readonly Site[]): readonly Site[] {
  const merged = new Map<string, Site>();
  for (const site of sites) {
    const before = merged.get(site.host);
    merged.set(site.host, { ...before, ...site, routes: { ...before?.routes, ...site.routes } });
  }
  return [...merged.values()];
}
