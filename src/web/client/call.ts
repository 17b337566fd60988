import { CSRF_HEADER, ROUTES, type Problem, type RouteId } from '#api';
import type { z } from 'zod';

type Routes = typeof ROUTES;
type Part<R, Name extends string, Io extends 'in' | 'out'> =
  R extends Readonly<Record<Name, infer Schema extends z.ZodType>>
    ? Io extends 'in'
      ? z.input<Schema>
      : z.output<Schema>
    : undefined;

/** What a route takes. A part that the route lacks, or of which nothing is required, may be left out. */
export type Input<Id extends RouteId> = Given<'params', Part<Routes[Id], 'params', 'in'>> &
  Given<'query', Part<Routes[Id], 'query', 'in'>> &
  Given<'body', Part<Routes[Id], 'body', 'in'>>;
type Given<Name extends string, Value> = Value extends undefined
  ? { readonly [N in Name]?: undefined }
  : Partial<Record<string, never>> extends Value
    ? { readonly [N in Name]?: Value }
    : { readonly [N in Name]: Value };

/** What a route answers; undefined where the answer is empty or a file. */
export type Reply<Id extends RouteId> = Part<Routes[Id], 'reply', 'out'>;

/** The server's no, or the lack of any answer. `problem.code` is stable. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** The address of a route with its parameters, for links and downloads. */
export function addressOf<Id extends RouteId>(id: Id, input: Input<Id>): string {
  const { params, query } = input as { params?: Record<string, unknown>; query?: Record<string, unknown> }; // one of the shapes above
  const path = ROUTES[id].path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(params?.[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === '') continue;
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, String(each));
  }
  return `/api${path}${search.size > 0 ? `?${search.toString()}` : ''}`;
}

/** Calls a route. Throws an ApiError for everything but success. */
export async function call<Id extends RouteId>(
  id: Id,
  input: Input<Id>,
  signal?: AbortSignal,
): Promise<Reply<Id>> {
  const { method } = ROUTES[id];
  const { body } = input as { body?: unknown };
  let response: Response;
  try {
    response = await fetch(addressOf(id, input), {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(method !== 'GET' && { [CSRF_HEADER]: '1' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError({
      type: 'about:blank',
      title: 'The server does not answer',
      status: 0,
      code: 'no-answer',
      detail: 'The server does not answer.',
      advice: 'Check that `adit serve` still runs and that you are connected, then try again.',
    });
  }
  if (!response.ok) throw new ApiError(await problemOf(response));
  // The schema of the route is what the server answered by; nothing is checked twice.
  return (response.status === 204 ? undefined : await response.json()) as Reply<Id>;
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    if (response.headers.get('content-type')?.startsWith('application/problem+json'))
      return (await response.json()) as Problem; // the server's own kind
  } catch {
    // cut off: told below
  }
  return {
    type: 'about:blank',
    title: `The server answered ${response.status}`,
    status: response.status,
    code: 'no-answer',
    detail: `Something between here and the server answered ${response.status} ${response.statusText}.`,
    advice: 'Try again; if it stays, look at the server’s own log.',
  };
}
