import type { Scope } from '#model';
import type { z } from 'zod';

/** One route. `reply` is the schema of the JSON answer; `media` names the types of an answer that is a file. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  /** What a key must have. */
  readonly scope: Scope;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly media?: readonly string[];
  /** Status of success; default 200, or 204 where there is no reply. */
  readonly status?: number;
}
