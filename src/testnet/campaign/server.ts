import type { Host } from '#model';
import type { Reply, Route, Site } from '../site.ts';

type Fields = NonNullable<Reply['headers']>;

/** What a web server makes of a reply: its own fields around it, in its own order. */
export interface Server {
  readonly protocols: NonNullable<Site['protocols']>;
  readonly first: Fields;
  readonly last: Fields;
}

/** A server that speaks HTTP/1.1 only, as many did. */
export function http1Server(first: Fields, last: Fields = {}): Server {
  return { protocols: ['http/1.1'], first, last };
}

/** A server that speaks HTTP/2 as well. */
export function http2Server(first: Fields, last: Fields = {}): Server {
  return { protocols: ['h2', 'http/1.1'], first, last };
}

export interface SiteOptions {
  /** Fields that pages get besides, such as cookies. */
  readonly pageFields?: Fields;
  readonly addresses?: readonly string[];
  readonly alternativeNames?: readonly Host[];
  /** Plain HTTP only redirects to HTTPS. */
  readonly redirectsToHttps?: boolean;
}

/** Path, or path with query, → reply. */
export type Files = Readonly<Record<string, Reply>>;

/** A site of files behind a server. */
export function serve(host: Host, server: Server, files: Files, options: SiteOptions = {}): Site {
  const replies = Object.entries(files).map(
    ([path, reply]) => [path, withFields(reply, server, options)] as const,
  );
  const routes = Object.entries(routesOf(replies)).map(
    ([path, route]) => [path, options.redirectsToHttps ? overHttps(route, server) : route] as const,
  );
  return {
    host,
    protocols: server.protocols,
    routes: Object.fromEntries(routes),
    ...(options.addresses !== undefined && { addresses: options.addresses }),
    ...(options.alternativeNames !== undefined && { alternativeNames: options.alternativeNames }),
  };
}

function withFields(reply: Reply, { first, last }: Server, { pageFields }: SiteOptions): Reply {
  const isPage =
    String(reply.headers?.['Content-Type']).startsWith('text/html') && reply.status === undefined;
  return { ...reply, headers: { ...first, ...reply.headers, ...(isPage && pageFields), ...last } };
}

/** One route for each path. Where several queries have files of their own, the query chooses, and an unknown one gets the first. */
function routesOf(replies: readonly (readonly [string, Reply])[]): Record<string, Route> {
  const byPath = Map.groupBy(replies, ([path]) => path.split('?')[0]!);
  return Object.fromEntries(
    Array.from(byPath, ([path, group]): [string, Route] => {
      const first = group[0]![1];
      const bySearch = new Map(group.map(([full, reply]) => [full.slice(path.length), reply]));
      return [path, bySearch.size === 1 ? first : ({ url }) => bySearch.get(url.search) ?? first];
    }),
  );
}

function overHttps(route: Route, { first, last }: Server): Route {
  return (request) => {
    if (request.isTls) return typeof route === 'function' ? route(request) : route;
    const location = `https://${request.url.hostname}${request.url.pathname}${request.url.search}`;
    return {
      status: 301,
      headers: { ...first, 'Content-Type': 'text/html', Location: location, ...last },
      body: '',
    };
  };
}
