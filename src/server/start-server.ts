import { openApi, rightOf, ROUTES, type Route } from '#api';
import { AditError, type LiveEvent } from '#model';
import type { Workbench } from '#pipeline';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { captureOf, FileAnswer, SessionAnswer, StreamAnswer, type AnswerContext } from './answer.ts';
import { answersOf } from './answers.ts';
import { addAppFiles } from './app-files.ts';
import { OpenedCaptures } from './capture/opened-captures.ts';
import { admit, callerOf, refuseCrossSite, type Caller } from './caller.ts';
import { DemoReplay, type PlayDemo } from './demo-replay.ts';
import { EventStreams } from './event-stream.ts';
import { ImportFolders } from './import-folders.ts';
import { refuseMalformed, toProblem } from './problem-reply.ts';
import { ProjectAccess } from './project-access.ts';
import { cookieOf } from './session-cookie.ts';

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
  /** Where people reach it, as https://adit.example.org: behind a proxy on this machine that speaks TLS. */
  readonly publicUrl?: string | undefined;
  /** Folder of the built web app; without, only the API is served. */
  readonly appFolder?: string | undefined;
  /** Folders of this machine whose archives may be imported by the app and by API keys. Default none. */
  readonly importFolders?: readonly string[] | undefined;
  /** Replays the demonstration into the stores. */
  readonly playDemo?: PlayDemo | undefined;
  readonly onFault?: (error: unknown) => void;
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Starts to answer the API, and to serve the app. Closing it lets requests under way end. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    logger: false,
    // Only a proxy on this machine is believed about where a request comes from.
    trustProxy: options.publicUrl === undefined ? false : 'loopback',
    http: { maxHeaderSize: MAX_HEAD_BYTES },
    routerOptions: { maxParamLength: MAX_HEAD_BYTES },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, error, options),
  });
  app.removeContentTypeParser('text/plain'); // JSON is all that comes in
  const publicUrl = options.publicUrl === undefined ? undefined : new URL(options.publicUrl);
  const names = new Set([
    ...LOOPBACK_NAMES,
    ...(options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    ...(publicUrl === undefined ? [] : [publicUrl.hostname]),
  ]);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    reply
      .header('x-content-type-options', 'nosniff')
      .header('x-frame-options', 'DENY')
      .header('referrer-policy', 'no-referrer')
      .header('cross-origin-opener-policy', 'same-origin')
      .header('cross-origin-resource-policy', 'same-origin')
      .header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
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
  const context = contextOf(options);
  // Streams would keep the server from closing.
  app.addHook('preClose', async () => context.streams[Symbol.dispose]());
  addRoutes(app, options, context);
  if (options.appFolder !== undefined) await addAppFiles(app, options.appFolder);
  const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const patience = setTimeout(() => app.server.closeAllConnections(), CLOSE_LIMIT_MS);
      await app.close();
      clearTimeout(patience);
      await context.captures[Symbol.asyncDispose]();
    },
  };
}

function contextOf(options: ServerOptions): AnswerContext {
  const { workbench, version, playDemo, onFault = () => {} } = options;
  const access = new ProjectAccess(workbench.workspace);
  const maySee = async (caller: Caller, event: LiveEvent): Promise<boolean> => {
    if (event.kind === 'project-changed') return access.mayRead(caller, event.project);
    if (caller.isGuest) return false;
    if (event.kind !== 'alert') return true;
    return event.owner === caller.person.user;
  };
  const { sessions, keys } = workbench.workspace;
  const isValid = async ({ via, session, actor }: Caller): Promise<boolean> => {
    if (via === 'session') return sessions.holds(session!.id); // of a session
    if (via === 'local') return true;
    return (await keys.list()).some(
      ({ ownerName, name, isRevoked }) => !isRevoked && `${ownerName}/key ${name}` === actor,
    );
  };
  return {
    workbench,
    captures: new OpenedCaptures(),
    version,
    startedAt: new Date(),
    access,
    streams: new EventStreams(workbench.live, { maySee, isValid }),
    demo: new DemoReplay(workbench, playDemo, onFault),
    importFolders: new ImportFolders(options.importFolders ?? []),
  };
}

function addRoutes(app: FastifyInstance, options: ServerOptions, context: AnswerContext): void {
  const { access, workbench } = context;
  const answers = answersOf(context);
  const callers = new WeakMap<object, Caller>();
  app.get('/api/openapi.json', (request, reply) => {
    reply.send(openApi({ version: options.version, url: `${request.protocol}://${request.host}` }));
  });
  for (const [id, route] of Object.entries(ROUTES) as [keyof typeof ROUTES, Route][]) {
    const query = (route.query ?? z.object({})).strict();
    const right = rightOf(route);
    const isOfCapture = route.path.startsWith('/captures/{id}');
    app.route({
      method: route.method,
      url: `/api${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      // Before the body is read: who has no key sends none.
      onRequest: async (request) => {
        const caller = await callerOf(request, options);
        // A sign-in that another site makes would put its own account into this browser.
        if (caller === undefined && route.method !== 'GET' && route.scope === 'anyone')
          refuseCrossSite(request);
        admit(caller, route);
        if (caller !== undefined) callers.set(request, caller);
      },
      handler: async (request, reply) => {
        const params = route.params?.parse(request.params);
        const input = {
          query: query.parse(request.query),
          body: route.body?.parse(request.body === undefined ? {} : request.body),
        };
        const caller = callers.get(request);
        const named = (params ?? {}) as { readonly id?: string }; // where the path has {id}
        const project = right && caller && (await access.find(caller, named.id!, right));
        if (isOfCapture && caller?.isGuest === true)
          await access.checkCapture(caller, await captureOf(workbench, named.id!));
        // The schemas above make the input what this answer takes.
        const answer = await (answers[id] as (input: unknown) => Promise<unknown>)({
          ...input,
          params: project === undefined ? params : { ...params, id: project.id },
          project,
          caller,
          actor: caller?.actor ?? 'nobody',
          from: senderOf(request),
        });
        // The one place where a change of a project is told: every route that needs more than to read it.
        if (project !== undefined && right !== 'read' && route.method !== 'GET')
          workbench.live.publish({
            kind: 'project-changed',
            project: project.id,
            change: id,
            actor: caller!.actor, // it found the project
          });
        return send(request, reply, { route, answer, options });
      },
    });
  }
}

function senderOf(request: FastifyRequest): {
  address: string;
  agent: string;
  lastEventId: string | undefined;
} {
  const lastEventId = request.headers['last-event-id'];
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? '',
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
  };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { route, answer, options }: { route: Route; answer: unknown; options: ServerOptions },
): FastifyReply {
  if (answer instanceof StreamAnswer)
    return reply
      .header('content-type', 'text/event-stream')
      .header('x-accel-buffering', 'no') // nginx would hold events back
      .send(answer.stream);
  if (answer instanceof SessionAnswer) {
    reply.header('set-cookie', cookieOf(request, answer.session, isSecure(request, options)));
    return sendJson(reply, route, answer.reply);
  }
  if (answer instanceof FileAnswer) {
    const { content } = answer;
    if (typeof content !== 'string' && 'path' in content) reply.header('content-length', content.sizeBytes);
    if (answer.isImmutable) reply.header('cache-control', 'private, max-age=31536000, immutable');
    return reply
      .type(answer.mediaType)
      .header('content-disposition', `attachment; filename="${answer.name.replace(/[^\w.-]/g, '_')}"`)
      .header('content-security-policy', 'sandbox')
      .send(answer.stream());
  }
  return sendJson(reply, route, answer);
}

function sendJson(reply: FastifyReply, route: Route, answer: unknown): FastifyReply {
  if (route.reply === undefined) return reply.code(204).send();
  return reply.code(route.status ?? 200).send(answer);
}

/** Whether the browser came over https, as far as the server was told. */
function isSecure(request: FastifyRequest, { publicUrl }: ServerOptions): boolean {
  if (publicUrl === undefined) return false;
  const { protocol, host } = new URL(publicUrl);
  return protocol === 'https:' && request.headers.host?.toLowerCase() === host;
}

function sendProblem(reply: FastifyReply, error: unknown, { onFault }: ServerOptions): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500) onFault?.(error);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (error instanceof AditError && error.retryAfterSeconds !== undefined)
    reply.header('retry-after', String(error.retryAfterSeconds));
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json') // without the charset that `type` adds
    .send(Buffer.from(JSON.stringify(problem)));
}
