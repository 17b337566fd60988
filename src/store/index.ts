/**
 * Where observations are kept for good, and found from either side.
 *
 * Promises: what is acknowledged is on disk in both directions and counted once, whatever is killed when; a second
 * process on the same data directory is refused; one SQL for the embedded engines and for a cluster.
 * Leaves to others: what observations mean, which to follow (`investigate`), and the captures themselves (`archive`).
 */
export {
  MAX_BATCH,
  toStoredCapture,
  type ObservationBatch,
  type StoredCapture,
} from './observations/batch.ts';
export type { SeenPage, StoredPage } from './observations/pages.ts';
export type { LatestSeen } from './observations/latest.ts';
export type { LookalikePage, LookalikeQuery, StoredLookalike } from './observations/lookalikes.ts';
export {
  MAX_PIECES,
  type HostPage,
  type HostQuery,
  type SeenHost,
  type StoredHost,
} from './observations/hosts.ts';
export { MAX_PAGE, type Edge, type EdgePage, type EdgeQuery, type EdgeSort } from './observations/edges.ts';
export type { EdgeFilter } from './observations/edge-selection.ts';
export type { EdgeFacets, FacetField } from './observations/facets.ts';
export type { HeatmapCell } from './observations/heatmap.ts';
export type { DatasetCount, SideValue } from './observations/counts.ts';
export type { Side } from './observations/key.ts';
export { artifactOfKey, compareKeys, matchKeyOf, type MatchKey } from './observations/match-key.ts';
export type { KeySet } from './observations/key-set.ts';
export type { EdgeMatch, SeenScope, SeenSpan, Span } from './observations/matches.ts';
export type { FoundName, NamePattern } from './observations/names.ts';
export type { Neighbour } from './observations/neighbours.ts';
export type { Pattern } from './observations/pattern.ts';
export {
  openObservationStore,
  type Matches,
  type ObservationStatus,
  type ObservationStore,
  type Through,
} from './observations/store.ts';
export { lockDirectory } from './directory-lock.ts';
export type { ApiKey, ApiKeys } from './workspace/api-keys.ts';
export type { Crawls, StoredCrawl } from './workspace/crawls.ts';
export type { Brands, Candidate, FoundCandidate } from './workspace/brands.ts';
export type {
  ArchiveVersion,
  ImportedFile,
  Imports,
  ImportState,
  StoredArchive,
  StoredImport,
} from './workspace/imports.ts';
export { oneProject, type HistoryEntry, type Projects } from './workspace/projects.ts';
export type { Job, NewJob, Queue, TakeOptions } from './workspace/queue.ts';
export {
  CLASSIFICATIONS,
  type ArtifactMark,
  type ArtifactMarks,
  type Classification,
} from './workspace/artifact-marks.ts';
export type { Alert, SavedSearch, SavedSearches } from './workspace/saved-searches.ts';
export { GUEST_SESSION_MS, USER_SESSION_MS, type Session, type Sessions } from './workspace/sessions.ts';
export type { GuestLink, ProjectMember, Sharing } from './workspace/sharing.ts';
export type { SignInThrottle } from './workspace/sign-in-throttle.ts';
export type { Users } from './workspace/users.ts';
export { openWorkspace, type Workspace } from './workspace/workspace.ts';
