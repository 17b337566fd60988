import type { FastifyRequest } from 'fastify';

/**
 * Cookies know no ports: the name holds the server's, so that two servers of one machine do not overwrite each other's.
 * Over https the `__Host-` prefix keeps other hosts of the domain from setting it.
 */
const nameOf = (port: number, isSecure: boolean): string => `${isSecure ? '__Host-' : ''}adit-${port}`;

/** The session secret that a request brings; of a name that is there twice none, as one may be planted. */
export function secretOfCookie(request: FastifyRequest): string | undefined {
  const port = request.socket.localPort ?? 0;
  for (const isSecure of [true, false]) {
    const name = `${nameOf(port, isSecure)}=`;
    const values = (request.headers.cookie ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(name))
      .map((part) => part.slice(name.length));
    if (values.length === 1 && values[0] !== '') return values[0];
  }
  return undefined;
}

/** The header that keeps a session in the browser, or with no secret takes it away. */
export function cookieOf(
  request: FastifyRequest,
  session: { readonly secret: string; readonly lifeMs: number } | undefined,
  isSecure: boolean,
): string {
  const name = nameOf(request.socket.localPort ?? 0, isSecure);
  const maxAge = session === undefined ? 0 : Math.floor(session.lifeMs / 1_000);
  return `${name}=${session?.secret ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${isSecure ? '; Secure' : ''}`;
}
