import { z } from 'zod';
import { CSRF_HEADER } from './csrf-header.ts';
import { problemSchema } from './problem.ts';
import { rightOf, type Route } from './route.ts';
import { ROUTES } from './routes.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description of the API, made from the routes. */
export function openApi(options: { readonly version: string; readonly url: string }): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of Object.entries(ROUTES) as [string, Route][]) {
    const path = (paths[`/api${route.path}`] ??= {});
    path[route.method.toLowerCase()] = operation(operationId, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Adit',
      version: options.version,
      description:
        'Internet infrastructure analysis. Every error is a problem document (RFC 9457) with a stable code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.url }],
    security: [{ key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'adit-PORT',
          description: `Set by POST /session, named by the port of the server. All but GET need the header ${CSRF_HEADER}: 1 with it, and an Origin that is the server's own.`,
        },
      },
      schemas: { Problem: toSchema(problemSchema, 'output') },
    },
  };
}

function operation(operationId: string, route: Route): Json {
  const status = String(route.status ?? (route.reply === undefined && route.media === undefined ? 204 : 200));
  const content =
    route.reply !== undefined
      ? { 'application/json': { schema: toSchema(route.reply, 'output') } }
      : route.media !== undefined
        ? Object.fromEntries(route.media.map((type) => [type, {}]))
        : undefined;
  return {
    operationId,
    summary: route.summary,
    description: needsOf(route),
    ...(route.scope === 'anyone' && { security: [] }),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body !== undefined && {
      requestBody: {
        required: !route.body.safeParse({}).success,
        content: { 'application/json': { schema: toSchema(route.body, 'input') } },
      },
    }),
    responses: {
      [status]: { description: 'Done', ...(content !== undefined && { content }) },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function needsOf(route: Route): string {
  const right = rightOf(route);
  const needs = {
    anyone: 'Needs no key.',
    'signed-in': 'Needs a session: an API key is not enough.',
  };
  const sentence =
    route.scope === 'anyone' || route.scope === 'signed-in'
      ? needs[route.scope]
      : `Needs scope \`${route.scope}\`.`;
  return [
    sentence,
    ...(right === undefined ? [] : [`In the project: \`${right}\`.`]),
    ...(route.isForGuests === true ? ['For guests, too.'] : []),
  ].join(' ');
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const json = toSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }; // an object schema
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (json.required ?? []).includes(name),
    schema: property,
  }));
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
