import { timingSafeEqual } from 'node:crypto';
import { CSRF_HEADER, type Route } from '#api';
import { AditError, LOCAL_USER, SCOPES, SCOPES_OF_ROLE, type Person, type Scope } from '#model';
import type { Workbench } from '#pipeline';
import type { Session } from '#store';
import type { FastifyRequest } from 'fastify';
import { secretOfCookie } from './session-cookie.ts';

/** Who asks. */
export interface Caller {
  /** As histories name them: a user, or `user/key NAME`, which no user is called. */
  readonly actor: string;
  readonly person: Person;
  readonly scopes: readonly Scope[];
  readonly isGuest: boolean;
  /** Name of the account; undefined for who came by a guest link. */
  readonly userName: string | undefined;
  /** The owner's own commands, a session, or an API key. */
  readonly via: 'local' | 'session' | 'key';
  readonly session: Session | undefined;
}

interface Doors {
  readonly workbench: Workbench;
  readonly localKey: string;
}

/**
 * The caller behind a request: by its key, else by its session cookie; undefined where it has neither. Throws
 * `not-authenticated` where the key is wrong, and `cross-site-request` where another page may be behind it.
 */
export async function callerOf(request: FastifyRequest, doors: Doors): Promise<Caller | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return callerOfKey(authorization, doors);
  const secret = secretOfCookie(request);
  if (secret === undefined) return undefined;
  refuseCrossSite(request);
  const session = await doors.workbench.workspace.sessions.check(secret);
  return session === undefined ? undefined : callerOfSession(session);
}

/** Throws where the caller may not ask this route at all. */
export function admit(caller: Caller | undefined, route: Route): void {
  if (route.scope === 'anyone') return;
  if (caller === undefined) throw notAuthenticated();
  if (caller.isGuest && route.isForGuests !== true)
    throw new AditError('not-for-guests', 'Guests see the projects that are open to them, and no more.');
  if (route.scope === 'signed-in') {
    if (caller.via === 'key' || caller.person.user === undefined)
      throw new AditError('session-needed', 'This is for people who are signed in, not for API keys.');
  } else if (!caller.scopes.includes(route.scope))
    throw new AditError('scope-missing', `This needs scope ${route.scope}.`);
}

/**
 * Throws `cross-site-request` unless the request comes from this server's own pages: what browsers say of its origin, and
 * for changes a header that no form can send. Other ports of this host are other origins, though cookies go to them all.
 */
export function refuseCrossSite(request: FastifyRequest): void {
  const { headers, method } = request;
  const { origin, host = '' } = headers;
  const site = headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || (site === 'none' && method === 'GET');
  const isOwnOrigin = origin === undefined || hostOfOrigin(origin) === host.toLowerCase();
  const isSafe = method === 'GET' || method === 'HEAD';
  const isMarked = headers[CSRF_HEADER] !== undefined && (origin !== undefined || site !== undefined);
  if (isOwnSite && isOwnOrigin && (isSafe || isMarked)) return;
  throw new AditError('cross-site-request', 'This request may come from another site.', {
    advice: `Scripts send an API key. Changes by cookie need an Origin of this server and the header ${CSRF_HEADER}.`,
  });
}

function hostOfOrigin(origin: string): string | undefined {
  try {
    const { host, protocol } = new URL(origin);
    return protocol === 'http:' || protocol === 'https:' ? host : undefined;
  } catch {
    return undefined; // “null”, as of sandboxed pages
  }
}

async function callerOfKey(authorization: string, { workbench, localKey }: Doors): Promise<Caller> {
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (secret !== undefined && isSame(secret, localKey))
    return {
      actor: LOCAL_USER.name,
      person: { user: LOCAL_USER.id, role: 'admin', linkedProject: undefined },
      scopes: SCOPES,
      isGuest: false,
      userName: LOCAL_USER.name,
      via: 'local',
      session: undefined,
    };
  const key = secret === undefined ? undefined : await workbench.workspace.keys.check(secret);
  if (key === undefined) throw notAuthenticated();
  return {
    actor: `${key.ownerName}/key ${key.name}`,
    person: { user: key.owner, role: key.ownerRole, linkedProject: undefined },
    scopes: key.scopes,
    isGuest: key.ownerRole === 'guest',
    userName: key.ownerName,
    via: 'key',
    session: undefined,
  };
}

export function callerOfSession(session: Session): Caller {
  const { user, link } = session;
  const role = user?.role ?? 'guest';
  return {
    actor: user?.name ?? 'guest link',
    person: { user: user?.id, role, linkedProject: link?.project },
    scopes: SCOPES_OF_ROLE[role],
    isGuest: role === 'guest',
    userName: user?.name,
    via: 'session',
    session,
  };
}

function notAuthenticated(): AditError {
  return new AditError('not-authenticated', 'Sign in, or send a valid API key.', {
    advice: 'Send a key as: Authorization: Bearer KEY. `adit login-link` prints a link to sign in by.',
  });
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
