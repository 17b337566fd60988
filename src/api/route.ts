import type { ProjectRight, Scope } from '#model';
import type { z } from 'zod';

/** One route. `reply` is the schema of the JSON answer; `media` names the types of an answer that is a file or a stream. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  /**
   * What a caller must have: a scope; or `signed-in`: an account, whose own matters these are (an API key is not enough);
   * or `anyone`.
   */
  readonly scope: Scope | 'signed-in' | 'anyone';
  /** The right in the project that `/projects/{id}` names; default `read` for GET, else `write`. */
  readonly right?: ProjectRight;
  /**
   * Guests may ask, too: of projects that are open to them, and of captures of artifacts in those. Other answers leave
   * out by themselves what is not for guests.
   */
  readonly isForGuests?: true;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly media?: readonly string[];
  /** Status of success; default 200, or 204 where there is no reply. */
  readonly status?: number;
}

/** The right that a route needs in the project it is about; undefined where it is about none. */
export function rightOf({ path, method, right }: Route): ProjectRight | undefined {
  if (!path.startsWith('/projects/{id}')) return undefined;
  return right ?? (method === 'GET' ? 'read' : 'write');
}
