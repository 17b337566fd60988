import { openApi, ROUTES, type Route } from '#api';
import { AditError } from '#model';
import type { Workbench } from '#pipeline';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import { FileAnswer } from './answer.ts';
import { answersOf } from './answers.ts';
import { OpenedCaptures } from './capture/opened-captures.ts';
import { callerOf, type Caller } from './caller.ts';
import { refuseMalformed, toProblem } from './problem-reply.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** A request line with the longest cursor and every filter. */
const MAX_HEAD_BYTES = 64 * 1024;
/** A request that has not arrived by then is dropped. */
const REQUEST_LIMIT_MS = 60_000;
/** Answers under way may take this long when the server is closed. */
const CLOSE_LIMIT_MS = 10_000;

export interface ServerOptions {
  readonly workbench: Workbench;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default any free one. */
  readonly port?: number;
  readonly version: string;
  /** A key with every scope for the commands of the same user, known to this process only; never stored. */
  readonly localKey: string;
  /** Further names under which this server may be asked for; loopback names always are. */
  readonly allowedHosts?: readonly string[];
  readonly onFault?: (error: unknown) => void;
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Starts to answer the API. Closing it lets requests under way end. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    logger: false,
    http: { maxHeaderSize: MAX_HEAD_BYTES },
    routerOptions: { maxParamLength: MAX_HEAD_BYTES },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, error, options),
  });
  app.removeContentTypeParser('text/plain'); // JSON is all that comes in
  const names = new Set([...LOOPBACK_NAMES, ...(options.allowedHosts ?? [])]);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store');
    if (!names.has((request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()))
      throw new AditError('bad-host-header', 'This server is not known by that name.', {
        advice: 'Ask for it at its own address, or allow the name.',
      });
  });
  app.setErrorHandler((error, _request, reply) => void sendProblem(reply, error, options));
  app.setNotFoundHandler(
    (_request, reply) =>
      void sendProblem(
        reply,
        new AditError('not-found', 'There is no such route.', {
          advice: 'GET /api/openapi.json lists them.',
        }),
        options,
      ),
  );
  const captures = new OpenedCaptures();
  addRoutes(app, options, captures);
  const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const patience = setTimeout(() => app.server.closeAllConnections(), CLOSE_LIMIT_MS);
      await app.close();
      clearTimeout(patience);
      await captures[Symbol.asyncDispose]();
    },
  };
}

function addRoutes(app: FastifyInstance, options: ServerOptions, captures: OpenedCaptures): void {
  const answers = answersOf({
    captures,
    workbench: options.workbench,
    version: options.version,
    startedAt: new Date(),
  });
  const callers = new WeakMap<object, Caller>();
  app.get('/api/openapi.json', (request, reply) => {
    reply.send(openApi({ version: options.version, url: `${request.protocol}://${request.host}` }));
  });
  for (const [id, route] of Object.entries(ROUTES) as [keyof typeof ROUTES, Route][]) {
    const query = (route.query ?? z.object({})).strict();
    app.route({
      method: route.method,
      url: `/api${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      // Before the body is read: who has no key sends none.
      onRequest: async (request) => {
        const caller = await callerOf(request.headers.authorization, options);
        if (!caller.scopes.includes(route.scope))
          throw new AditError('scope-missing', `This needs a key with scope ${route.scope}.`);
        callers.set(request, caller);
      },
      handler: async (request, reply) => {
        const input = {
          params: route.params?.parse(request.params),
          query: query.parse(request.query),
          body: route.body?.parse(request.body === undefined ? {} : request.body),
          actor: callers.get(request)?.actor,
        };
        // The schemas above make the input what this answer takes.
        const answer = await (answers[id] as (input: unknown) => Promise<unknown>)(input);
        return send(reply, route, answer);
      },
    });
  }
}

function send(reply: FastifyReply, route: Route, answer: unknown): FastifyReply {
  if (answer instanceof FileAnswer) {
    const { content } = answer;
    if (typeof content !== 'string' && !(content instanceof Uint8Array))
      reply.header('content-length', content.sizeBytes);
    if (answer.isImmutable) reply.header('cache-control', 'private, max-age=31536000, immutable');
    return reply
      .type(answer.mediaType)
      .header('content-disposition', `attachment; filename="${answer.name.replace(/[^\w.-]/g, '_')}"`)
      .header('content-security-policy', 'sandbox')
      .send(answer.stream());
  }
  if (route.reply === undefined) return reply.code(204).send();
  return reply.code(route.status ?? 200).send(answer);
}

function sendProblem(reply: FastifyReply, error: unknown, { onFault }: ServerOptions): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) onFault?.(error);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json') // without the charset that `type` adds
    .send(Buffer.from(JSON.stringify(problem)));
}
