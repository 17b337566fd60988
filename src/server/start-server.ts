import { timingSafeEqual } from 'node:crypto';
import { AditError } from '#model';
import { openApi, ROUTES, type Route, type Scope } from '#api';
import type { Workbench } from '#pipeline';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { answersOf, FileAnswer } from './answers.ts';
import { toProblem } from './problem-reply.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

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

/** Who asks, as far as their key says. */
interface Caller {
  readonly actor: string;
  readonly scopes: readonly Scope[];
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Starts to answer the API. Closing it lets requests under way end. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: 'idle',
    logger: false,
    routerOptions: { maxParamLength: 400 },
  });
  const names = new Set([...LOOPBACK_NAMES, ...(options.allowedHosts ?? [])]);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store');
    if (!names.has((request.headers.host ?? '').replace(/:\d+$/, '')))
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
  addRoutes(app, options);
  const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}

function addRoutes(app: FastifyInstance, options: ServerOptions): void {
  const answers = answersOf(options.workbench, { version: options.version, startedAt: new Date() });
  app.get('/api/openapi.json', async (request) =>
    openApi({ version: options.version, url: `${request.protocol}://${request.host}` }),
  );
  for (const [id, route] of Object.entries(ROUTES) as [keyof typeof ROUTES, Route][]) {
    app.route({
      method: route.method,
      url: `/api${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      handler: async (request, reply) => {
        const caller = await callerOf(request, options);
        if (!caller.scopes.includes(route.scope))
          throw new AditError('scope-missing', `This needs a key with scope ${route.scope}.`);
        const input = {
          params: route.params?.parse(request.params),
          query: route.query?.strict().parse(request.query),
          body: route.body?.parse(request.body ?? {}),
          actor: caller.actor,
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
    if (typeof answer.content !== 'string') reply.header('content-length', answer.content.sizeBytes);
    return reply
      .type(answer.mediaType)
      .header('content-disposition', `attachment; filename="${answer.name.replace(/[^\w.-]/g, '_')}"`)
      .header('content-security-policy', 'sandbox')
      .send(answer.stream());
  }
  if (route.reply === undefined) return reply.code(204).send();
  return reply.code(route.status ?? 200).send(answer);
}

async function callerOf(request: FastifyRequest, { workbench, localKey }: ServerOptions): Promise<Caller> {
  const secret = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (secret !== undefined && isSame(secret, localKey))
    return { actor: 'local', scopes: ['read', 'write', 'capture', 'admin'] };
  const key = secret === undefined ? undefined : await workbench.workspace.keys.check(secret);
  if (key === undefined)
    throw new AditError('not-authenticated', 'A valid API key is needed.', {
      advice: 'Send it as: Authorization: Bearer KEY',
    });
  return { actor: key.name, scopes: key.scopes };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function sendProblem(reply: FastifyReply, error: unknown, { onFault }: ServerOptions): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) onFault?.(error);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
