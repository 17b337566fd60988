import { problemSchema, ROUTES, type Route, type RouteId } from '#api';
import { AditError } from '#model';
import type { z } from 'zod';
import { OWN_CONNECTION } from './running-server.ts';

/** Of a query string: numbers and truth values as they are, several values as a list. */
type Query<Schema extends z.ZodType> = {
  readonly [Name in keyof z.input<Schema>]?: string | number | boolean | readonly string[] | undefined;
};

/** What a route takes. */
export type Input<Id extends RouteId> = ((typeof ROUTES)[Id] extends { params: infer P extends z.ZodType }
  ? { readonly params: { readonly [Name in keyof z.input<P>]: string | number } }
  : unknown) &
  ((typeof ROUTES)[Id] extends { query: infer Q extends z.ZodType }
    ? { readonly query?: Query<Q> }
    : unknown) &
  ((typeof ROUTES)[Id] extends { body: infer B extends z.ZodType } ? { readonly body: z.input<B> } : unknown);

/** What a route answers: JSON by its schema, a file as text, or nothing. */
export type Reply<Id extends RouteId> = (typeof ROUTES)[Id] extends { reply: infer R extends z.ZodType }
  ? z.output<R>
  : (typeof ROUTES)[Id] extends { media: readonly string[] }
    ? string
    : undefined;

/** Asks one route. Rejects with the AditError that the answer names. */
export type Ask = <Id extends RouteId>(id: Id, input: Input<Id>) => Promise<Reply<Id>>;

/** Asks the server at `url`. */
export function askServer({ url, key }: { readonly url: string; readonly key: string }): Ask {
  return async <Id extends RouteId>(id: Id, input: Input<Id>) => {
    const route: Route = ROUTES[id];
    const { params, query, body } = input as Parts; // every input has this form
    const response = await reach(`${url}/api${pathOf(route, params)}${queryOf(query)}`, {
      method: route.method,
      headers: {
        ...OWN_CONNECTION,
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw toError(response.status, text);
    return answerOf(route, text) as Reply<Id>; // by the route's own schema
  };
}

/** An input as any route may have it. */
interface Parts {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly body?: unknown;
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    throw new AditError('server-gone', 'The running server no longer answers.', {
      advice: 'See whether it still runs (adit status), and try again.',
      cause: error,
    });
  }
}

function pathOf({ path }: Route, params: Parts['params'] = {}): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
}

function queryOf(query: Parts['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) for (const each of [value].flat()) search.append(name, String(each));
  return search.size === 0 ? '' : `?${search}`;
}

function answerOf(route: Route, text: string): unknown {
  if (route.media !== undefined) return text;
  if (route.reply === undefined) return undefined;
  const answer = route.reply.safeParse(parseJson(text));
  if (answer.success) return answer.data;
  throw new AditError(
    'server-differs',
    'The running server answers in a form that this version does not know.',
    {
      advice: 'Stop it and start the one of this version.',
      cause: answer.error,
    },
  );
}

function toError(status: number, text: string): AditError {
  const problem = problemSchema.safeParse(parseJson(text)).data;
  if (problem === undefined)
    return new AditError('server-differs', `The running server answered with status ${status}.`);
  const { code, detail = problem.title, advice, errors = [] } = problem;
  const places = errors
    .filter(({ message }) => message !== detail) // said already
    .map(({ path, message }) => `${path}: ${message}`)
    .join('; ');
  return new AditError(code, places === '' ? detail : `${detail} ${places}`, {
    ...(advice !== undefined && { advice }),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
