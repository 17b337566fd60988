/**
 * Virtual users: who visit pages, in a real browser or over plain HTTP, and keep each visit whole.
 *
 * Promises: a visit ends within its limits whatever the page does, and what there was until then is kept; every byte
 * leaves through an egress guard that vets where it goes; bytes come from the wire, meaning from DevTools; what
 * became of the page is an outcome, never an exception; no process and no file of a browser outlives it.
 * Leaves to others: keeping captures (`archive`), reading facts out of them (`extract`), what to visit next beyond
 * one crawl (`pipeline`).
 */
export { DEFAULT_LIMITS, type CaptureLimits } from './browser/limits.ts';
export { PERSONAS } from './browser/persona/personas.ts';
export { findBrowser } from './browser/process/find-browser.ts';
export type { BrowserMode } from './browser/process/flags.ts';
export { checkWalls, type Wall } from './browser/process/walls.ts';
export {
  openVirtualUsers,
  type PersonVisit,
  type VirtualUsers,
  type VirtualUsersOptions,
} from './browser/virtual-users.ts';
export {
  networkAsking,
  resolveNames,
  systemNetwork,
  type NameResolution,
  type Network,
} from './egress/index.ts';
export {
  comparePersonas,
  type Aspect,
  type CloakingReport,
  type PersonaDifference,
  type PersonaGroup,
  type PersonaTrait,
} from './frontier/compare.ts';
export {
  MAX_DEPTH,
  runCrawl,
  type CrawlEvent,
  type CrawlOptions,
  type CrawlProgress,
  type CrawlVisit,
  type SkipReason,
} from './frontier/crawl.ts';
export { canonicalUrl } from './frontier/canonical-url.ts';
export type { FrontierState } from './frontier/frontier.ts';
export { robotsPolicy, type RobotsPolicy } from './frontier/robots.ts';
export { CRAWL_SCOPES, scopeAround, type CrawlScope } from './frontier/scope.ts';
export { parseSeed, type Seed } from './frontier/seed.ts';
export { DEFAULT_TRAP_LIMITS, TrapCounts } from './frontier/traps.ts';
export { captureHttp, type HttpCaptureRequest } from './http/capture-http.ts';
export type { HttpLimits } from './http/limits.ts';
