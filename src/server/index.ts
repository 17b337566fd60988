/**
 * The HTTP side: answers the routes of `api`, checks keys, speaks problem documents.
 *
 * Promises: bound to loopback unless told otherwise; no route without a key and its scope; a request for another host
 * name is refused, so no web page can reach it by rebinding; captured bytes leave only as attachments.
 * Leaves to others: the contract (`api`), the stores, the visits (`pipeline`'s workers).
 */
export type { PlayDemo } from './demo-replay.ts';
export { startServer, type RunningServer, type ServerOptions } from './start-server.ts';
export { markedFor } from './answers/search.ts';
