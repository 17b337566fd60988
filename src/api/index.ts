/**
 * The HTTP contract: every route as data, with schemas of what goes in and out. The server answers by it, clients are
 * typed by it, and the OpenAPI description is made from it.
 *
 * Promises: pure; a route that is not here does not exist; every error is a problem document with a stable code.
 * Leaves to others: answering (`server`), the work behind the answers.
 */
export { problemSchema, PROBLEM_STATUS, type Problem } from './problem.ts';
export { openApi } from './open-api.ts';
export { CSRF_HEADER } from './csrf-header.ts';
export { rightOf, type Route } from './route.ts';
export type { ExchangeRow } from './routes/capture-contents.ts';
export { ROUTES, type RouteId } from './routes.ts';
