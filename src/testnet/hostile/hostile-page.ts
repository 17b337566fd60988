import type { Outcome } from '#model';
import type { Reply, Route, Site } from '../site.ts';
import { htmlReply } from '../reply.ts';

/** A page that works against whoever captures it. */
export interface HostilePage {
  /** Kebab-case, unique; the page lives at `NAME.hostile.example`. */
  readonly name: string;
  readonly url: string;
  /** What it does, in one sentence. */
  readonly description: string;
  /** What has to end it: the name of a capture limit, or undefined where none needs to. */
  readonly limit: string | undefined;
  /** Outcomes that are right for it. */
  readonly outcomes: readonly Outcome['kind'][];
  readonly sites: readonly Site[];
}

export interface HostileTraits extends Omit<Site, 'host' | 'routes'> {
  readonly limit?: string;
  /** Default: the page is captured as any other. */
  readonly outcomes?: readonly Outcome['kind'][];
  /** Default https. */
  readonly start?: 'http' | 'https';
  /** Routes besides the page itself. */
  readonly routes?: Readonly<Record<string, Route>>;
}

const BASE_DOMAIN = 'hostile.example';

/** A page that answers at `/` as given; text is HTML. */
export function hostilePage(
  name: string,
  description: string,
  start: Route | string,
  { limit, outcomes = ['ok'], start: scheme = 'https', routes, ...site }: HostileTraits = {},
): HostilePage {
  const host = `${name}.${BASE_DOMAIN}`;
  const page: Route = typeof start === 'string' ? htmlReply(start) : start;
  return {
    name,
    url: `${scheme}://${host}/`,
    description,
    limit,
    outcomes,
    sites: [{ host, ...site, routes: { '/': page, ...routes } }],
  };
}

/** A page with some content that runs the code, by default once it has loaded. */
export function scripted(title: string, code: string, when: 'parsing' | 'loaded' = 'loaded'): string {
  const run = when === 'parsing' ? code : `addEventListener("load", () => {\n${code}\n});`;
  return `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>Some text that should be kept.</p>
<script>${run}</script></body></html>`;
}

/** The pieces again and again, as long as someone reads; readable any number of times. */
export function endlessly(piece: (index: number) => Uint8Array | string): Iterable<Uint8Array | string> {
  return {
    *[Symbol.iterator]() {
      for (let index = 0; ; index++) yield piece(index);
    },
  };
}

/** The same piece a number of times; readable any number of times. */
export function repeated(piece: Uint8Array, times: number): Iterable<Uint8Array> {
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < times; index++) yield piece;
    },
  };
}

/** A reply that is written piece by piece. */
export function streamed(contentType: string, chunks: NonNullable<Reply['chunks']>, more: Reply = {}): Reply {
  return { ...more, headers: { 'content-type': contentType, ...more.headers }, chunks };
}
